//! Points and grade without lines: what a sweep over a columnar copy of the register computes. The same answer as
//! [`super::Scorer`], which explains it, at the cost of one addition a record.

use super::{Grade, ModelVersion};
use crate::record::value::day_number;
use jiff::civil::Date;

/// The result of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summed {
    /// Grade.
    pub grade: Grade,
    /// Points.
    pub points: i64,
    /// The first later day on which the same records give another answer; none when they never do.
    pub next_change_on: Option<i32>,
}

/// Counts the records of one organisation after another under one version on one day.
#[derive(Debug)]
pub struct Summer<'m> {
    version: &'m ModelVersion,
    day: i32,
    version_ends: i32,
    counts: Vec<i64>,
    next: i32,
}

/// No day.
const NEVER: i32 = i32::MAX;

impl<'m> Summer<'m> {
    /// A summer for a version of a model on a day on which it is in force.
    #[must_use]
    pub fn new(version: &'m ModelVersion, day: Date) -> Self {
        let version_ends = version.effective_to.map_or(NEVER, |last| day_number(last).saturating_add(1));
        let counts = vec![0; version.weights.len()];
        Self { version, day: day_number(day), version_ends, counts, next: version_ends }
    }

    /// Counts a record of the organisation under way by the position of its weight ([`ModelVersion::weight_of`]), its
    /// first and its last public day (day numbers); one that has ended is left.
    pub fn count(&mut self, weight: usize, from_on: i32, through_on: Option<i32>) {
        let last = through_on.unwrap_or(NEVER);
        let Some(count) = self.counts.get_mut(weight).filter(|_| last >= self.day) else { return };
        if from_on > self.day {
            self.next = self.next.min(from_on);
        } else {
            *count += 1;
        }
        self.next = self.next.min(last.saturating_add(1));
    }

    /// The result of the organisation whose records were counted; the summer is ready for the next.
    pub fn finish(&mut self) -> Summed {
        let mut points = self.version.base_points;
        for (weight, count) in self.version.weights.iter().zip(&mut self.counts) {
            points += weight.sum_points(std::mem::take(count));
        }
        let next = std::mem::replace(&mut self.next, self.version_ends);
        Summed {
            grade: self.version.threshold_points.grade(points),
            points,
            next_change_on: (next != NEVER).then_some(next),
        }
    }
}
