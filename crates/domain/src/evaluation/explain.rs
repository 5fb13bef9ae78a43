//! What single date or record would change the grade.

use super::evaluate::with_version;
use super::{Grade, Input, Model};
use jiff::civil::Date;
use serde::Serialize;

/// What would change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Nothing but time: a record ends.
    Date,
    /// One record alone would end today (repair, revocation).
    Record,
}

/// A change of grade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What would change.
    pub kind: ChangeKind,
    /// The day on which it comes by itself.
    pub on: Option<Date>,
    /// The record, where one alone does it.
    pub record: Option<String>,
    /// Grade then.
    pub grade: Grade,
    /// Points then.
    pub points: i64,
}

/// Every day to come on which the standing records give another grade, then every record whose end alone would.
#[must_use]
pub fn explain(model: &Model, records: &[Input<'_>], day: Date) -> Vec<Change> {
    let Some(version) = model.version_on(day) else { return Vec::new() };
    let now = with_version(version, records, day);
    let mut changes = Vec::new();
    let mut ends: Vec<Date> = records
        .iter()
        .filter_map(|record| record.public_through_on?.tomorrow().ok())
        .filter(|on| *on > day && version.effective_to.is_none_or(|to| *on <= to))
        .collect();
    ends.sort_unstable();
    ends.dedup();
    let mut grade = now.grade;
    for on in ends {
        let then = with_version(version, records, on);
        if then.grade != grade {
            grade = then.grade;
            let ended: Vec<&Input<'_>> = records
                .iter()
                .filter(|r| r.public_through_on.and_then(|last| last.tomorrow().ok()) == Some(on))
                .collect();
            let record = match ended.as_slice() {
                [one] => Some(one.record.to_owned()),
                _ => None,
            };
            changes.push(Change { kind: ChangeKind::Date, on: Some(on), record, grade, points: then.points });
        }
    }
    for line in &now.lines {
        let without: Vec<Input<'_>> = records.iter().filter(|record| record.record != line.record).copied().collect();
        let then = with_version(version, &without, day);
        if then.grade != now.grade {
            changes.push(Change {
                kind: ChangeKind::Record,
                on: None,
                record: Some(line.record.clone()),
                grade: then.grade,
                points: then.points,
            });
        }
    }
    changes
}
