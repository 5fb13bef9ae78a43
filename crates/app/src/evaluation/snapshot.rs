//! A columnar copy of what evaluation sees of the register today, and everyone's points from it: for a look at other
//! weights over a whole province, and for whoever computes elsewhere. The register is only read.
//!
//! Serves 鲁信用办〔2019〕8号 art. 七. A snapshot holds what is public today and no content, and speaks of today alone: the
//! day after it would tell of records that have ended (docs/design/0030-snapshots.md). What is public of an evaluation is
//! told by [`crate::query::evaluation`]; a sweep over a snapshot changes nothing of it.

use super::gather::{Gathered, Slice};
use super::{version_for, whole};
use crate::query::EvaluationView;
use crate::{Address, AppError, Clock, Result};
use credence_domain::evaluation::Scorer;
use credence_domain::rulebook::Rulebook;
use credence_store::clock::instant_text;
use credence_store::connection::Connection;
use credence_store::scope::View;
use credence_store::{StoreError, audit, evaluation, sequencer};
use credence_sweep::{Head, SweepError, Writer};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

pub use credence_sweep::{Outcome, each_outcome};

/// Records among which a slice is looked for at once: nearly all of them are held, 72 bytes each.
const SLICE_RECORDS: u64 = 3_000_000;

/// What was made.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Made {
    /// What it is of.
    #[serde(flatten)]
    pub head: Head,
    /// Organisations.
    pub organisations: u64,
    /// Records.
    pub records: u64,
    /// How long it took.
    pub seconds: f64,
}

/// What a sweep over a snapshot found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// The day of the snapshot.
    pub as_of: Date,
    /// Digest of the rulebook.
    pub rulebook: String,
    /// Organisations in the snapshot.
    pub organisations: u64,
    /// Records in the snapshot.
    pub records: u64,
    /// Organisations by grade.
    pub grades: BTreeMap<&'static str, u64>,
    /// How long it took.
    pub seconds: f64,
}

/// Makes a snapshot of today in a folder that is not there yet; what is in it was public at one moment.
///
/// # Errors
/// `foreign_folder` where something stands in its place; or a fault.
pub fn make(address: &Address, clock: &Clock, place: &Path) -> Result<Made> {
    let watch = Clock::stopwatch();
    let mut reader = address.reader()?;
    let view = View::public(clock.today());
    let made_at = instant_text(clock.now_micros());
    // What the files say stays beside what the database says.
    let mut written: Result<Made> = Err(AppError::NotFound);
    audit::snapshot(reader.connection(), |connection| {
        let head = Head::new(view.today, made_at, sequencer::size(connection)?);
        written = write(connection, &view, head, place);
        Ok(())
    })?;
    Ok(Made { seconds: watch.elapsed().as_secs_f64(), ..written? })
}

fn write(connection: &mut Connection, view: &View, head: Head, place: &Path) -> Result<Made> {
    let mut writer = Writer::create(place, &head).map_err(told)?;
    let (mut organisations, mut records) = (0, 0);
    let mut after = String::new();
    for through in whole::bounds(connection, view, SLICE_RECORDS)? {
        let extent = evaluation::extent(connection)?;
        let seats = evaluation::seats(connection, view, &after, &through, true)?;
        let slice = Slice { extent, after: &after, through: &through, items: None };
        let gathered = Gathered::read_by(connection, view, slice)?;
        let mut cursor = gathered.cursor("");
        for seat in &seats {
            writer.organisation(seat.uscc(), seat.registered).map_err(told)?;
            let mut done = Ok(());
            cursor.each(seat.uscc(), |input| {
                records += 1;
                if done.is_ok() {
                    done = writer.record(seat.uscc(), input);
                }
            });
            done.map_err(told)?;
        }
        organisations += seats.len() as u64;
        after = through;
    }
    writer.finish().map_err(told)?;
    Ok(Made { head, organisations, records, seconds: 0.0 })
}

/// What a snapshot is of.
///
/// # Errors
/// `snapshot_damaged` where there is none.
pub fn head(snapshot: &Path) -> Result<Head> {
    credence_sweep::head(snapshot).map_err(told)
}

/// Evaluates everyone in a snapshot of today by the models of an edition and writes a Parquet file: code, model, grade,
/// points and the day on which they change by themselves.
///
/// # Errors
/// `snapshot_other_day`, `snapshot_damaged`; or a fault. There is then no file.
pub fn sweep(snapshot: &Path, rulebook: &Rulebook, today: Date, out: &Path) -> Result<Found> {
    let watch = Clock::stopwatch();
    let swept = credence_sweep::sweep(snapshot, rulebook.models.values(), today, out).map_err(told)?;
    Ok(Found {
        as_of: today,
        rulebook: credence_domain::canonical::hex(&rulebook.digest),
        organisations: swept.organisations,
        records: swept.records,
        grades: swept.grades,
        seconds: watch.elapsed().as_secs_f64(),
    })
}

/// The points of one organisation of a snapshot of today, to the record, by the models of an edition.
///
/// # Errors
/// `not_found` where it is not in it, `snapshot_other_day`, `snapshot_damaged`; or a fault.
pub fn explain(snapshot: &Path, rulebook: &Rulebook, today: Date, uscc: &str) -> Result<EvaluationView> {
    let of = head(snapshot)?.as_of;
    if of != today {
        return Err(told(SweepError::OtherDay { of, asked: today }));
    }
    let held = credence_sweep::held(snapshot, uscc).map_err(told)?.ok_or(AppError::NotFound)?;
    Ok(match version_for(rulebook, uscc, held.registered, today) {
        Err(reason) => EvaluationView::none(today, uscc, &rulebook.digest, reason),
        Ok((model, version)) => {
            let mut scorer = Scorer::new(version, today);
            held.inputs().for_each(|input| scorer.take(&input));
            EvaluationView::of(today, uscc, &rulebook.digest, model, scorer.finish().tell(version))
        }
    })
}

fn told(error: SweepError) -> AppError {
    match error {
        SweepError::Io(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            AppError::refused("foreign_folder", "dir", "该位置已有内容，请另选")
        }
        SweepError::Io(error) if error.kind() == std::io::ErrorKind::NotFound => {
            AppError::refused("snapshot_damaged", "dir", "没有找到快照文件，请先生成快照")
        }
        SweepError::Io(error) => AppError::Io(error),
        SweepError::OtherDay { of, asked } => {
            let text = format!("快照只反映 {of} 当日公示情况，不能用于 {asked}；请重新生成");
            AppError::refused("snapshot_other_day", "dir", text)
        }
        SweepError::NoSnapshot(what) => AppError::refused("snapshot_damaged", "dir", format!("快照不完整：{what}")),
        SweepError::Parquet(error) => {
            AppError::refused("snapshot_damaged", "dir", format!("快照文件无法读取：{error}；请重新生成"))
        }
        SweepError::Arrow(error) => AppError::Store(StoreError::Inconsistent(error.to_string())),
    }
}
