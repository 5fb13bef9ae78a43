//! What a person asks to be done with a measure, as a request carries it.

use credence_domain::measure::{Done, Event};
use jiff::civil::Date;
use serde::Deserialize;

/// One step as it is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", tag = "act", deny_unknown_fields)]
pub enum Doing {
    /// The unit takes note of its task.
    Acknowledge {},
    /// The unit reports what it did.
    Report {
        /// The day on which it was done.
        done_on: Date,
        /// What it did.
        done: Done,
        /// With what effect.
        effect: String,
    },
    /// The unit has stopped.
    Lift {
        /// What it did to stop.
        note: String,
    },
    /// The unit whose decision it is ends it before its term.
    End {
        /// Why.
        reason: String,
    },
    /// The organisation complains.
    Complain {
        /// What about.
        text: String,
    },
    /// The unit whose decision it is answers a complaint.
    AnswerComplaint {
        /// Which, from 1.
        complaint: u32,
        /// Whether it is right.
        upheld: bool,
        /// Why.
        reason: String,
    },
}

impl Doing {
    /// Whether it is for the unit whose decision the measure is.
    #[must_use]
    pub const fn is_of_the_decider(&self) -> bool {
        matches!(self, Self::End { .. } | Self::AnswerComplaint { .. })
    }

    /// Whether it is for the organisation.
    #[must_use]
    pub const fn is_of_the_party(&self) -> bool {
        matches!(self, Self::Complain { .. })
    }

    /// Kind of the act.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Acknowledge {} => "measure_acknowledged",
            Self::Report { .. } => "measure_reported",
            Self::Lift { .. } => "measure_lifted",
            Self::End { .. } => "measure_ended",
            Self::Complain { .. } => "measure_complained",
            Self::AnswerComplaint { .. } => "measure_complaint_answered",
        }
    }

    /// The step that a unit takes, but for the end, which the rulebook dates.
    pub(super) fn event(&self, unit: &str) -> Option<Event> {
        let unit = unit.to_owned();
        Some(match self {
            Self::Acknowledge {} => Event::Acknowledged { unit },
            Self::Report { done_on, done, effect } => {
                Event::Reported { unit, done_on: *done_on, done: *done, effect: effect.trim().to_owned() }
            }
            Self::Lift { note } => Event::Lifted { unit, note: note.trim().to_owned() },
            Self::Complain { text } => Event::Complained { text: text.trim().to_owned() },
            Self::AnswerComplaint { complaint, upheld, reason } => {
                Event::ComplaintAnswered { complaint: *complaint, upheld: *upheld, reason: reason.trim().to_owned() }
            }
            Self::End { .. } => return None,
        })
    }
}
