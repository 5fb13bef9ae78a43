//! A sweep of much of the register: records are read in the order in which they lie, on two threads, a slice of
//! organisations at a time; one thread scores while the writer writes.
//!
//! By keys each record is a page of its own, for records lie in order of arrival. What is held is bounded by the slice.
//! Marks are taken when a slice is written, again in the order in which organisations lie: whoever is interrupted before
//! evaluates the slice again, to the same result.

use super::draft;
use super::gather::{Gathered, Slice};
use super::sheet::Sheet;
use super::sweep::{Sweep, Tally};
use crate::Result;
use credence_domain::rulebook::Rulebook;
use credence_store::Writer;
use credence_store::act::Draft;
use credence_store::connection::Connection;
use credence_store::evaluation;
use credence_store::scope::View;
use std::sync::mpsc::{Receiver, sync_channel};

/// Readers, each a thread.
const READERS: usize = 2;
/// Records among which a slice is looked for: at most 72 bytes are held for each, and most weigh nothing.
const SLICE_RECORDS: u64 = 24_000_000;
/// The most organisations of a slice, where few have records: 40 bytes are held for each.
const SLICE_ORGANISATIONS: u64 = 2_000_000;
/// Organisations that are handed on at once.
const AT_ONCE: usize = 8192;
/// Sheets of one transaction: days of change come in no order, so each transaction writes the whole index of them.
const SHEETS: usize = 16;
/// Marks that are taken in one transaction.
const MARKS: usize = 262_144;
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
    let slice_records = asked.slice_records.unwrap_or(SLICE_RECORDS);
    let bounds = match readers.first_mut() {
        Some(reader) => bounds(reader.connection(), &view, slice_records)?,
        None => Vec::new(),
    };
    let mut after = String::new();
    for through in bounds {
        let Some(reader) = readers.first_mut() else { continue };
        let extent = evaluation::extent(reader.connection())?;
        let mut seats = evaluation::seats(reader.connection(), &view, &after, &through, everyone)?;
        let slice = Slice { extent, after: &after, through: &through, items: Some(&items) };
        let gathered = Gathered::read(&mut readers, &view, slice)?;
        let skipped = std::thread::scope(|scope| {
            let (to_writer, sheets) = sync_channel(4);
            let (view, gathered, seats) = (&view, &gathered, &seats);
            scope.spawn(move || {
                for page in seats.chunks(AT_ONCE) {
                    let mut sheet = Sheet::new(rulebook, view.today, asked.model.as_deref());
                    sheet.fill_from(page, gathered);
                    // A writer that has ended needs no reason.
                    if to_writer.send(sheet).is_err() {
                        return;
                    }
                }
            });
            write(writer, &draft(rulebook, view.today), &sheets, tally)
        })?;
        // Whoever another model evaluates stays due.
        seats.retain(|seat| seat.marked && skipped.binary_search_by(|code| code.as_str().cmp(seat.uscc())).is_err());
        seats.sort_unstable_by(|one, other| one.place().cmp(&other.place()));
        for marks in seats.chunks(MARKS) {
            writer.change(&draft(rulebook, view.today), |change| evaluation::unmark(change, marks))?;
        }
        writer.checkpoint(false)?;
        after = through;
    }
    Ok(())
}

/// Writes sheets, some a transaction, as they come; gives the codes of those that were not looked at, in order.
fn write(
    writer: &mut Writer,
    draft: &Draft,
    sheets: &Receiver<Sheet<'_>>,
    tally: &mut Tally<'_>,
) -> Result<Vec<String>> {
    let mut skipped = Vec::new();
    loop {
        let some: Vec<Sheet<'_>> = sheets.iter().take(SHEETS).collect();
        if some.is_empty() {
            return Ok(skipped);
        }
        writer.change(draft, |change| {
            some.iter().try_for_each(|sheet| {
                evaluation::put(change, &sheet.kept)?;
                evaluation::forget(change, &sheet.seen, &sheet.kept)
            })
        })?;
        for sheet in some {
            tally.tell(sheet.seen.len(), sheet.kept.len());
            skipped.extend(sheet.skipped);
        }
    }
}

/// Codes at which slices end that hold about so many records and no more organisations than memory allows; the last is
/// behind every code.
pub(super) fn bounds(
    connection: &mut Connection,
    view: &View,
    slice_records: u64,
) -> credence_store::Result<Vec<String>> {
    let mut bounds = Vec::new();
    let extent = evaluation::extent(connection)?;
    let subjects = evaluation::subject_count(connection)?;
    let by_records = evaluation::estimate(connection, extent).div_ceil(slice_records.max(1));
    let slices = by_records.max(subjects.div_ceil(SLICE_ORGANISATIONS)).max(1);
    for slice in 1..slices {
        bounds.extend(evaluation::code_at(connection, view, subjects * slice / slices)?);
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
