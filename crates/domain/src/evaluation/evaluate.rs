//! An evaluation in the words of people: references, items, articles and dates instead of positions and day numbers.

use super::score::{Input, Scored, Scorer};
use super::{Grade, Model, ModelVersion};
use crate::canonical::hex;
use crate::record::value::date_of;
use jiff::civil::Date;
use serde::Serialize;

/// What one record adds or takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The record.
    pub record: String,
    /// Its item.
    pub item: String,
    /// Its owner.
    pub source: String,
    /// Why, with its article.
    pub article: String,
    /// Points.
    pub points: i64,
}

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

/// A grade with everything that it rests on: points = base + sum of the lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evaluation {
    /// Grade.
    pub grade: Grade,
    /// Points before any record.
    pub base: i64,
    /// Points.
    pub points: i64,
    /// A line a record, in order of identities.
    pub lines: Vec<Line>,
    /// Every day to come on which the standing records give another grade, then every record whose end alone would.
    pub would_change: Vec<Change>,
    /// The first later day on which the same records give another answer; none when they never do.
    pub next_change_on: Option<Date>,
}

/// Evaluates the records on a day; `None` when the model has no version then.
#[must_use]
pub fn evaluate(model: &Model, records: &[Input<'_>], day: Date) -> Option<Evaluation> {
    let version = model.version_on(day)?;
    Some(score(version, records, day).tell(version))
}

/// Scores the records under a version on a day.
#[must_use]
pub fn score(version: &ModelVersion, records: &[Input<'_>], day: Date) -> Scored {
    let mut scorer = Scorer::new(version, day);
    for record in records {
        scorer.take(record);
    }
    scorer.finish()
}

impl Scored {
    /// The same in the words of people. `version` is the one that scored.
    #[must_use]
    pub fn tell(&self, version: &ModelVersion) -> Evaluation {
        let line = |line: &super::ScoredLine| {
            let weight = version.weights.get(line.weight)?;
            Some(Line {
                record: hex(&line.reference),
                item: weight.item.clone(),
                source: line.source.to_string(),
                article: weight.article.clone(),
                points: line.points,
            })
        };
        let change = |change: &super::ScoredChange| Change {
            kind: if change.on.is_some() { ChangeKind::Date } else { ChangeKind::Record },
            on: change.on.and_then(date_of),
            record: change.reference.map(|reference| hex(&reference)),
            grade: change.grade,
            points: change.points,
        };
        Evaluation {
            grade: self.grade,
            base: version.base_points,
            points: self.points,
            lines: self.lines.iter().filter_map(line).collect(),
            would_change: self.changes.iter().map(change).collect(),
            next_change_on: self.next_change_on.and_then(date_of),
        }
    }
}
