//! The clocks of a case: each begins once, and ends in exactly one way.

use super::Due;
use jiff::civil::Date;

/// A clock with how it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// `push`, `accept`, `decide`, `shield`, `revoke` or `answer`.
    pub code: &'static str,
    /// The day from which it counts, itself not counted.
    pub from_on: Date,
    /// The last day.
    pub due: Due,
    /// How long it usually takes: nobody is late by it whose time was lengthened.
    pub usual: bool,
    /// When and how it ended: true where what it asked for was done, false where it fell away.
    pub ended: Option<(Date, bool)>,
}

/// How a clock stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It runs.
    Running,
    /// It runs and its last day is over.
    Overdue,
    /// What it asked for was done in time.
    Met,
    /// What it asked for was done too late.
    Late,
    /// It fell away.
    Stopped,
}

impl Standing {
    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Overdue => "overdue",
            Self::Met => "met",
            Self::Late => "late",
            Self::Stopped => "stopped",
        }
    }
}

impl Clock {
    pub(super) const fn new(code: &'static str, from_on: Date, due: Due) -> Self {
        Self { code, from_on, due, usual: false, ended: None }
    }

    /// How it stands on a day. Nobody is late by a day that the calendar has not confirmed.
    #[must_use]
    pub fn on(&self, day: Date) -> Standing {
        let late = |day: Date| !self.due.provisional && self.due.on < day;
        match self.ended {
            Some((_, false)) => Standing::Stopped,
            Some((on, true)) if late(on) => Standing::Late,
            Some((_, true)) => Standing::Met,
            None if late(day) => Standing::Overdue,
            None => Standing::Running,
        }
    }
}
