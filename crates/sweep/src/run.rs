//! Everyone's points from a snapshot: groups side by side on every core, results in order of codes.

use crate::layout::{self, Opened};
use crate::results::{self, Outcomes};
use crate::scan::{self, Rules};
use crate::{Result, SweepError};
use credence_domain::evaluation::Model;
use jiff::civil::Date;
use parquet::arrow::ArrowWriter;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};

/// What a sweep found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Organisations in the snapshot.
    pub organisations: u64,
    /// Records in the snapshot.
    pub records: u64,
    /// Organisations by grade; who is not evaluated stands nowhere.
    pub grades: BTreeMap<&'static str, u64>,
}

/// Evaluates everyone in a snapshot on its day and writes a file of results ([`crate::each_outcome`]).
///
/// # Errors
/// `OtherDay` where `day` is not the snapshot's; `NoSnapshot`; or whatever reading and writing say. There is then no file.
pub fn sweep<'m>(folder: &Path, models: impl IntoIterator<Item = &'m Model>, day: Date, out: &Path) -> Result<Swept> {
    let opened = Opened::open(folder)?;
    if opened.head.as_of != day {
        return Err(SweepError::OtherDay { of: opened.head.as_of, asked: day });
    }
    let rules = Rules { models: models.into_iter().collect(), day };
    let rows = |file: &layout::Footed| file.meta.metadata().file_metadata().num_rows().unsigned_abs();
    let (next, groups) = (AtomicUsize::new(0), opened.organisations.groups());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let grades = std::thread::scope(|scope| {
        let (to_writer, done) = sync_channel(threads);
        for _ in 0..threads {
            let (opened, rules, next, to_writer) = (&opened, &rules, &next, to_writer.clone());
            scope.spawn(move || {
                loop {
                    let group = next.fetch_add(1, Ordering::Relaxed);
                    // A writer that has ended needs no more.
                    if group >= groups || to_writer.send((group, scan::group(opened, group, rules))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(to_writer);
        write(out, groups, &done)
    })?;
    Ok(Swept { organisations: rows(&opened.organisations), records: rows(&opened.records), grades })
}

/// Writes the results of groups in their order, beside their place first.
fn write(out: &Path, groups: usize, done: &Receiver<(usize, Result<Outcomes>)>) -> Result<BTreeMap<&'static str, u64>> {
    let beside = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::Builder::new().prefix(".results-").tempfile_in(beside)?;
    let mut writer = ArrowWriter::try_new(file, results::schema(), Some(layout::properties().build()))?;
    let (mut waiting, mut next, mut grades) = (BTreeMap::new(), 0, BTreeMap::new());
    for (group, outcomes) in done {
        waiting.insert(group, outcomes?);
        while let Some(mut outcomes) = waiting.remove(&next) {
            writer.write(&outcomes.batch()?)?;
            for (grade, count) in outcomes.grades {
                *grades.entry(grade).or_default() += count;
            }
            next += 1;
        }
    }
    if next != groups {
        return Err(SweepError::NoSnapshot("a group was lost".to_owned()));
    }
    let file = writer.into_inner()?;
    file.as_file().sync_all()?;
    file.persist(out).map_err(|error| error.error)?;
    Ok(grades)
}
