//! The function itself, in the form that a sweep over a million organisations can afford: records are taken one by one,
//! nothing is kept of a record that does not count, and what would change the grade falls out of the same counts.
//!
//! Points are whole numbers and nothing is rounded. The sum of a weight depends only on how many records count under it,
//! `n × points` up to its bound, so the order of records decides nothing but on which line a bound is reached: lines
//! stand in the order of the records' identities.

use super::Grade;
use super::model::{ModelVersion, Weight};
use crate::record::value::day_number;
use jiff::civil::Date;

/// A record as evaluation sees it. Dates are day numbers (days since 1970-01-01), as they are stored.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The record's public reference.
    pub reference: &'a [u8; 16],
    /// Its identity: what orders records, so that their order in the store does not matter.
    pub identity: &'a [u8; 16],
    /// Item code.
    pub item: &'a str,
    /// Class of misconduct; empty where the item has none.
    pub class: &'a str,
    /// Owner.
    pub source: &'a str,
    /// First public day.
    pub public_from_on: i32,
    /// Last public day.
    pub public_through_on: Option<i32>,
}

/// What one record adds or takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoredLine {
    /// The record's public reference.
    pub reference: [u8; 16],
    /// Position of its weight in the model's version.
    pub weight: usize,
    /// Owner.
    pub source: Box<str>,
    /// Points.
    pub points: i64,
}

/// What alone would change the grade: a day that comes by itself, else the end of one record today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoredChange {
    /// The day; none for the end of a record today.
    pub on: Option<i32>,
    /// The record, where one alone does it.
    pub reference: Option<[u8; 16]>,
    /// Grade then.
    pub grade: Grade,
    /// Points then.
    pub points: i64,
}

/// An evaluation under one version of a model: points = base of the version + the sum of the lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scored {
    /// Grade.
    pub grade: Grade,
    /// Points.
    pub points: i64,
    /// The first later day on which the same records give another answer; none when they never do.
    pub next_change_on: Option<i32>,
    /// A line a record, in order of identities.
    pub lines: Vec<ScoredLine>,
    /// Days to come on which the grade changes, then records whose end alone would change it.
    pub changes: Vec<ScoredChange>,
}

/// Evaluates one organisation after another under one version on one day.
#[derive(Debug)]
pub struct Scorer<'m> {
    version: &'m ModelVersion,
    day: i32,
    last_day: Option<i32>,
    weighed: Vec<Weighed>,
    counts: Vec<i64>,
    events: Vec<Event>,
}

#[derive(Debug)]
struct Weighed {
    identity: [u8; 16],
    reference: [u8; 16],
    weight: usize,
    source: Box<str>,
    counts_today: bool,
}

/// On a day one record begins (+1) or ceases (−1) to count.
#[derive(Debug)]
struct Event {
    on: i32,
    weight: usize,
    by: i64,
    reference: [u8; 16],
}

impl<'m> Scorer<'m> {
    /// A scorer for a version of a model on a day on which it is in force.
    #[must_use]
    pub fn new(version: &'m ModelVersion, day: Date) -> Self {
        Self {
            version,
            day: day_number(day),
            last_day: version.effective_to.map(day_number),
            weighed: Vec::new(),
            counts: vec![0; version.weights.len()],
            events: Vec::new(),
        }
    }

    /// Takes a record of the organisation under way; one that has ended or has no weight is left.
    pub fn take(&mut self, record: &Input<'_>) {
        if record.public_through_on.is_some_and(|last| last < self.day) {
            return;
        }
        let Some(weight) = self.version.weight_of(record.item, record.class) else { return };
        let counts_today = record.public_from_on <= self.day;
        let mut event = |on, by| self.events.push(Event { on, weight, by, reference: *record.reference });
        if !counts_today {
            event(record.public_from_on, 1);
        }
        if let Some(last) = record.public_through_on {
            event(last.saturating_add(1), -1);
        }
        self.weighed.push(Weighed {
            identity: *record.identity,
            reference: *record.reference,
            weight,
            source: record.source.into(),
            counts_today,
        });
    }

    /// The evaluation of the organisation whose records were taken; the scorer is ready for the next.
    pub fn finish(&mut self) -> Scored {
        self.weighed.sort_unstable_by_key(|record| record.identity);
        self.counts.fill(0);
        let mut points = self.version.base_points;
        let mut lines = Vec::new();
        for record in self.weighed.drain(..).filter(|record| record.counts_today) {
            let Some(count) = self.counts.get_mut(record.weight) else { continue };
            let Some(weight) = self.version.weights.get(record.weight) else { continue };
            let line = weight.sum_points(*count + 1) - weight.sum_points(*count);
            *count += 1;
            points += line;
            lines.push(ScoredLine {
                reference: record.reference,
                weight: record.weight,
                source: record.source,
                points: line,
            });
        }
        let grade = self.version.threshold_points.grade(points);
        let mut changes = Vec::new();
        for line in &lines {
            let (Some(weight), Some(count)) = (self.version.weights.get(line.weight), self.counts.get(line.weight))
            else {
                continue;
            };
            let without = points - weight.sum_points(*count) + weight.sum_points(*count - 1);
            let then = self.version.threshold_points.grade(without);
            if then != grade {
                let reference = Some(line.reference);
                changes.push(ScoredChange { on: None, reference, grade: then, points: without });
            }
        }
        let (next_event, by_date) = self.follow_days(points, grade);
        changes.splice(0..0, by_date);
        let version_ends = self.last_day.map(|last| last.saturating_add(1));
        let next_change_on = [next_event, version_ends].into_iter().flatten().min();
        Scored { grade, points, next_change_on, lines, changes }
    }

    /// The first day on which anything changes, and the days on which the grade does, while the version is in force.
    fn follow_days(&mut self, mut points: i64, mut grade: Grade) -> (Option<i32>, Vec<ScoredChange>) {
        self.events.sort_unstable_by_key(|event| (event.on, event.reference));
        let mut changes = Vec::new();
        for same_day in self.events.chunk_by(|one, other| one.on == other.on) {
            let Some(first) = same_day.first() else { continue };
            if self.last_day.is_some_and(|last| first.on > last) {
                break;
            }
            for event in same_day {
                let Some(count) = self.counts.get_mut(event.weight) else { continue };
                let Some(weight) = self.version.weights.get(event.weight) else { continue };
                points += weight.sum_points(*count + event.by) - weight.sum_points(*count);
                *count += event.by;
            }
            let then = self.version.threshold_points.grade(points);
            if then != grade {
                grade = then;
                let reference = (same_day.len() == 1).then_some(first.reference);
                changes.push(ScoredChange { on: Some(first.on), reference, grade, points });
            }
        }
        let next = self.events.first().map(|event| event.on);
        self.events.clear();
        (next, changes)
    }
}

impl Weight {
    /// Points of a number of records under this weight, never beyond its bound.
    #[must_use]
    pub fn sum_points(&self, records: i64) -> i64 {
        let sum = records.saturating_mul(self.points);
        match self.bound {
            Some(bound) if self.points < 0 => sum.max(bound),
            Some(bound) => sum.min(bound),
            None => sum,
        }
    }
}
