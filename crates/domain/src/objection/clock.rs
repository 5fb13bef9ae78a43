//! The clocks of a case: each began on a day, is due on another, and ends in exactly one way.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a clock waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// The case is pushed to the unit that must check (推送).
    Push,
    /// The case is answered (处理).
    Handle,
    /// The unit has checked (核查).
    Check,
    /// A revoked base document is reported (文书撤销报告).
    Report,
    /// An appeal is answered (复核).
    Appeal,
    /// A reply is looked through before it is printed (申辩审核).
    Review,
}

/// A clock as it was started: by which rule, since when, until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Code of the rule.
    pub code: String,
    /// What it waits for.
    pub duty: Duty,
    /// The law in words.
    pub basis: String,
    /// The day that starts it, which is not counted.
    pub from_on: Date,
    /// The last day in time.
    pub due_on: Date,
    /// The calendar of that year is not published: shown as 待定, never late.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
}

/// How a clock ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// In time.
    Met,
    /// After its last day.
    Late,
    /// Overtaken: nothing was due any more.
    Stopped,
}

/// A clock of a case and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// As it was started.
    pub clock: Clock,
    /// The last day in time as it stands: an extension moves it.
    pub due_on: Date,
    /// How and when it ended; none while it runs.
    pub ended: Option<(Ended, Date)>,
}

impl Running {
    /// A clock that starts.
    #[must_use]
    pub fn start(clock: &Clock) -> Self {
        Self { clock: clock.clone(), due_on: clock.due_on, ended: None }
    }

    /// Whether its last day is over and it still runs.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.ended.is_none() && !self.clock.provisional && self.due_on < today
    }

    /// `running`, `overdue`, `met`, `late` or `stopped` on a day.
    #[must_use]
    pub fn code_on(&self, today: Date) -> &'static str {
        match self.ended {
            Some((Ended::Met, _)) => "met",
            Some((Ended::Late, _)) => "late",
            Some((Ended::Stopped, _)) => "stopped",
            None if self.is_overdue(today) => "overdue",
            None => "running",
        }
    }

    /// What was due has been done.
    pub(super) fn done(&mut self, on: Date) {
        let late = !self.clock.provisional && self.due_on < on;
        self.ended = Some((if late { Ended::Late } else { Ended::Met }, on));
    }
}
