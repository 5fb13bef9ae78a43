//! A sweep of much of the register: records are read in the order in which they lie, on two threads, a slice of
//! organisations at a time; one thread scores while the writer writes.
//!
//! By keys each record is a page of its own, for records lie in order of arrival. What is held is bounded by the slice.

use super::draft;
use super::gather::{Gathered, Slice};
use super::sheet::Sheet;
use super::sweep::{Sweep, Tally};
use crate::Result;
use credence_domain::rulebook::Rulebook;
use credence_store::evaluation::{self, Due};
use credence_store::scope::View;
use credence_store::{Reader, Writer};
use std::sync::mpsc::{SyncSender, sync_channel};

/// Readers, each a thread.
const READERS: usize = 2;
/// Records among which a slice is looked for: at most 72 bytes are held for each, and most weigh nothing.
const SLICE_RECORDS: u64 = 24_000_000;
/// Organisations of one transaction.
const AT_ONCE: usize = 16_384;
/// Transactions after which what SQLite wrote is moved into the file, so that its log stays small.
const CHECKPOINT_EVERY: usize = 16;
/// Behind every code.
pub(super) const LAST: &str = "~";

/// Evaluates everyone, or everyone who is due.
pub(super) fn run(
    writer: &mut Writer,
    rulebook: &Rulebook,
    asked: &Sweep,
    everyone: bool,
    tally: &mut Tally<'_>,
) -> Result<()> {
    let view = View::public(writer.clock().today());
    let mut readers = (0..READERS).map(|_| writer.reader()).collect::<credence_store::Result<Vec<_>>>()?;
    evaluation::hold(&mut readers)?;
    let items = items(rulebook, &view);
    let bounds = bounds(&mut readers, &view, asked.slice_records.unwrap_or(SLICE_RECORDS))?;
    let mut after = String::new();
    for through in bounds {
        let extent = match readers.first_mut() {
            Some(reader) => evaluation::extent(reader.connection())?,
            None => 0,
        };
        let slice = Slice { extent, after: &after, through: &through, items: &items };
        let gathered = Gathered::read(&mut readers, &view, slice)?;
        std::thread::scope(|scope| {
            let (to_writer, sheets) = sync_channel(2);
            let (readers, view, gathered) = (&mut readers, &view, &gathered);
            let (after, through) = (&after, &through);
            let wanted = Wanted { rulebook, only: asked.model.as_deref(), everyone };
            scope.spawn(move || {
                if let Some(reader) = readers.first_mut() {
                    wanted.score(reader, view, (after, through), gathered, &to_writer);
                }
            });
            for (number, sheet) in sheets.into_iter().enumerate() {
                let Sheet { seen, kept, .. } = sheet?;
                tally.write(writer, &draft(rulebook, view.today), &seen, &kept)?;
                if number % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1 {
                    writer.checkpoint(false)?;
                }
            }
            Ok::<(), crate::AppError>(())
        })?;
        after = through;
    }
    Ok(())
}

/// Codes at which slices end; the last is behind every code.
fn bounds(readers: &mut [Reader], view: &View, slice_records: u64) -> Result<Vec<String>> {
    let mut bounds = Vec::new();
    if let Some(reader) = readers.first_mut() {
        let connection = reader.connection();
        let extent = evaluation::extent(connection)?;
        let slices = evaluation::estimate(connection, extent).div_ceil(slice_records.max(1)).max(1);
        let subjects = evaluation::subject_count(connection)?;
        for slice in 1..slices {
            bounds.extend(evaluation::code_at(connection, view, subjects * slice / slices)?);
        }
    }
    bounds.push(LAST.to_owned());
    Ok(bounds)
}

/// Items that weigh something in any model on the day.
fn items<'r>(rulebook: &'r Rulebook, view: &View) -> Vec<&'r str> {
    let versions = rulebook.models.values().filter_map(|model| model.version_on(view.today));
    let mut items: Vec<&str> = versions.flat_map(|version| version.weights.iter().map(|w| w.item.as_str())).collect();
    items.sort_unstable();
    items.dedup();
    items
}

/// Whom to score, and under what.
#[derive(Clone, Copy)]
struct Wanted<'r> {
    rulebook: &'r Rulebook,
    only: Option<&'r str>,
    everyone: bool,
}

impl<'r> Wanted<'r> {
    /// Scores the organisations of a slice and hands sheets on; ends early when nobody takes them any more.
    fn score(
        self,
        reader: &mut Reader,
        view: &View,
        (after, through): (&str, &str),
        gathered: &Gathered,
        to_writer: &SyncSender<credence_store::Result<Sheet<'r>>>,
    ) {
        let mut after = after.to_owned();
        loop {
            let due = match self.page(reader, view, &after, through) {
                Ok(due) => due,
                Err(error) => {
                    // A writer that has ended needs no reason.
                    let _ = to_writer.send(Err(error));
                    return;
                }
            };
            let Some(last) = due.last().map(|due| due.uscc.clone()) else { return };
            let mut sheet = Sheet::new(self.rulebook, view.today, self.only);
            sheet.fill_from(due, gathered);
            if to_writer.send(Ok(sheet)).is_err() {
                return;
            }
            after = last;
        }
    }

    fn page(self, reader: &mut Reader, view: &View, after: &str, through: &str) -> credence_store::Result<Vec<Due>> {
        if self.everyone {
            evaluation::everyone(reader.connection(), view, after, through, AT_ONCE)
        } else {
            evaluation::due(reader.connection(), view, after, through, AT_ONCE)
        }
    }
}
