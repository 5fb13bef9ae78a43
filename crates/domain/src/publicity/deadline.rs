//! Deadlines of publication (公示期限): the shape of `rulebook/repair/deadlines.toml`.

use super::{Regulator, Sure};
use crate::calendar::{Calendar, Due};
use crate::provision::{Basis, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct DeadlinesFile {
    /// The lines.
    #[serde(rename = "deadline")]
    pub deadlines: Vec<Deadline>,
}

/// Whether missing a deadline breaks the law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineKind {
    /// Legal deadline (国家期限).
    Legal,
    /// Working target (工作目标): stricter, and never called unlawful when missed.
    Target,
}

/// One deadline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// Code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Legal or target.
    pub kind: DeadlineKind,
    /// Kinds of act.
    pub acts: Vec<String>,
    /// Whose acts.
    pub regulators: Vec<Regulator>,
    /// Where the fact must appear.
    pub channel: String,
    /// Event, for people; it is the record's day of decision, creation or end of check.
    pub start: String,
    /// Working days after that day.
    pub working_days: u32,
    /// First day of decisions to which it applies: older ones are never late by it.
    pub effective_from: Date,
    /// Last such day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// A fact that the line needs and rows do not carry: it is listed, not computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The law.
    pub basis: Vec<Basis>,
    /// Certainty.
    pub sure: Sure,
}

impl Deadline {
    /// The last day in time for an act of that day.
    #[must_use]
    pub fn due(&self, calendar: &Calendar, decided_on: Date) -> Due {
        calendar.due(decided_on, self.working_days)
    }

    /// Whether the line applies to a decision of that day.
    fn applies(&self, decided_on: Date) -> bool {
        self.needs.is_none() && holds_on(decided_on, (self.effective_from, self.effective_to))
    }
}

/// The earliest of all deadlines that apply, and the earliest legal one.
pub(super) fn earliest<'r>(
    lines: impl Iterator<Item = &'r Deadline>,
    calendar: &Calendar,
    decided_on: Date,
) -> (Option<Due>, Option<Due>) {
    let (mut any, mut legal) = (None, None);
    for line in lines.filter(|l| l.applies(decided_on)) {
        // Fewer working days never end later, so the day counts are compared before any date is computed.
        let sooner = |best: Option<u32>| best.is_none_or(|n| line.working_days < n);
        if sooner(any) {
            any = Some(line.working_days);
        }
        if line.kind == DeadlineKind::Legal && sooner(legal) {
            legal = Some(line.working_days);
        }
    }
    let due = |n: Option<u32>| n.map(|n| calendar.due(decided_on, n));
    (due(any), if any == legal { due(any) } else { due(legal) })
}
