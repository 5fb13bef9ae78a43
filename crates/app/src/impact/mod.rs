//! Who would move if an edition of the rulebook were enacted (影响测算): asked before two persons enact it. Read-only.
//!
//! Serves 鲁信用办〔2019〕8号 arts. 七 and 十七. A record moves where the edition in force and the new one, each asked for the
//! record's day of receipt, say different things of it; so the new one is not blamed for what an older edition had decided.
//! *Before* is what is stored, *after* what the new edition would store. An enactment itself dates no record again: whoever
//! moves by its model or by whose grade is shown moves at once, whoever moves by a record's dates when the record is judged
//! again. What has ended never comes back, so ended records do not move.

mod edition;
mod organisation;
mod record;

use crate::verify::case::Reading;
use crate::{Address, AppError, Clock, Result};
use credence_domain::canonical::hex;
use credence_domain::rulebook::Rulebook;
use credence_store::audit;
use jiff::civil::Date;
use organisation::{File, Grades};
use record::Judging;
use serde::Serialize;
use std::collections::BTreeMap;

/// What is asked of a measurement.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The day on which everyone is looked at; today when absent, never a day gone by.
    pub as_of: Option<Date>,
    /// Examples kept of records and of organisations, the first in order of codes.
    pub examples: usize,
}

/// Who would move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Impact {
    /// Digest of the edition in force.
    pub enacted: String,
    /// Digest of the new one.
    pub new: String,
    /// The day on which everyone was looked at.
    pub as_of: Date,
    /// Records.
    pub records: RecordImpact,
    /// Organisations.
    pub organisations: OrganisationImpact,
}

/// What would become of records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RecordImpact {
    /// Records that have not ended and whose content is held.
    pub examined: u64,
    /// Records that would move.
    pub moved: u64,
    /// How many by what changes: `public_from_on`, `public_through_on`, `repair_from_on`, `class`, `hold`. A record may
    /// stand under several.
    pub by_change: BTreeMap<&'static str, u64>,
    /// How many by item.
    pub by_item: BTreeMap<String, u64>,
    /// How many by rule pack and row, as they are stored; `-` where none rules.
    pub by_pack: BTreeMap<String, u64>,
    /// The first of them in order of code and identity.
    pub examples: Vec<RecordMove>,
}

/// A record that would move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordMove {
    /// Public reference.
    pub id: String,
    /// The organisation.
    pub uscc: String,
    /// Item.
    pub item: String,
    /// As it is stored.
    pub before: Standing,
    /// As the new edition would have it.
    pub after: Standing,
}

/// What the rules say of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Rule pack and row; empty where none rules.
    pub pack: String,
    /// Class of misconduct; empty where the item has none.
    pub class: String,
    /// Why it waits; empty where it does not.
    pub hold: String,
    /// First public day.
    pub public_from_on: Option<Date>,
    /// Last public day.
    pub public_through_on: Option<Date>,
    /// First day on which repair may be applied for.
    pub repair_from_on: Option<Date>,
}

/// What would become of organisations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OrganisationImpact {
    /// Organisations with records that have not ended.
    pub examined: u64,
    /// Organisations of which another grade, other points or another model would be told.
    pub moved: u64,
    /// Those of them that move on enactment, before any record is judged again.
    pub at_once: u64,
    /// How many from which grade to which, in order; `null` where none is told.
    pub transitions: Vec<Transition>,
    /// The first of them in order of code.
    pub examples: Vec<OrganisationMove>,
}

/// From one grade to another; the same one where only points or the model change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Transition {
    /// Grade before.
    pub from: Option<&'static str>,
    /// Grade after.
    pub to: Option<&'static str>,
    /// How many organisations.
    pub organisations: u64,
}

/// An organisation that would move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrganisationMove {
    /// Its code.
    pub uscc: String,
    /// As it is told.
    pub before: Told,
    /// As it would be told once its records are judged again.
    pub after: Told,
    /// As it would be told on enactment.
    pub at_once: Told,
}

/// What is told of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Model, `national` for the national result; null where nothing is told.
    pub model: Option<String>,
    /// `A` … `D`.
    pub grade: Option<&'static str>,
    /// Points; null for the national result.
    pub points: Option<i64>,
}

/// Measures who would move if `new` were enacted.
///
/// # Errors
/// `bad_parameter` for a day gone by; `rulebook_not_enacted`; or a fault of the store.
pub fn impact(address: &Address, clock: &Clock, new: &Rulebook, asked: Asked) -> Result<Impact> {
    let today = clock.today();
    let day = asked.as_of.unwrap_or(today);
    if day < today {
        let detail = format!("影响只能按今天（{today}）或以后的日期测算");
        return Err(AppError::refused("bad_parameter", "as_of", detail));
    }
    let mut reader = address.reader()?;
    let enacted = crate::rulebook::in_force(reader.connection())?;
    let (records, organisations) = audit::snapshot(reader.connection(), |connection| {
        let reading = Reading::load(connection)?;
        let mut judging = Judging::new(&enacted, new, reading.units.clone(), day, asked.examples);
        let mut grades = Grades::new(&enacted, new, day, asked.examples);
        let mut file = File::default();
        reading.each_case(connection, None, |case| {
            if file.uscc != case.stored.uscc {
                grades.look(&std::mem::replace(&mut file, File::of(&case.stored.uscc)));
            }
            if let Some(judged) = judging.judge(case) {
                file.take(case, judged);
            }
        })?;
        grades.look(&file);
        Ok((judging.done, grades.finish()?))
    })?;
    Ok(Impact { enacted: hex(&enacted.digest), new: hex(&new.digest), as_of: day, records, organisations })
}
