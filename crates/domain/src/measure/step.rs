//! The steps of a measure as they are kept: who, on which day, what. A step carries everything that was computed from the
//! rulebook of its day.

use crate::rulebook::measure::Force;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Who took it.
    pub by: String,
    /// The day on which it was entered.
    pub on: Date,
    /// What happened.
    pub event: Event,
}

/// What a measure rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "cause")]
pub enum Cause {
    /// A listing.
    Listing {
        /// Number of the case.
        number: String,
        /// Code of the list.
        list: String,
        /// Number of the decision.
        document: String,
    },
    /// A single decision.
    Decision {
        /// Identity of its record, in hex.
        record: String,
        /// Item of the data list.
        item: String,
        /// Code of the behaviour item that it establishes.
        behaviour: String,
        /// Number of the decision.
        document: String,
        /// Kinds of penalty, as written.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        kinds: Vec<String>,
    },
}

/// A unit that is to carry a measure out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assigned {
    /// Its code.
    pub unit: String,
    /// Its name on that day.
    pub name: String,
    /// As which body of the list.
    pub body: String,
    /// Last day to acknowledge; none where the edition sets none.
    pub acknowledge_due_on: Option<Date>,
    /// Last day to report what was done; none where the edition sets none.
    pub report_due_on: Option<Date>,
}

/// The beginning of a measure: the item of the list as it stood, the cause, the units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begun {
    /// Code of the measure.
    pub measure: String,
    /// Its name.
    pub name: String,
    /// First day of the version of the list's item.
    pub edition: Date,
    /// What is done.
    pub content: String,
    /// The law in words.
    pub basis: String,
    /// How far its body is bound.
    pub force: Force,
    /// The body in words.
    pub body: String,
    /// The organisation.
    pub uscc: String,
    /// The unit whose decision it is.
    pub unit: String,
    /// What it rests on.
    pub cause: Cause,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub through_on: Date,
    /// The units that are to carry it out; none for what is information.
    pub assigned: Vec<Assigned>,
    /// Bodies of the list for which the directory has no unit there.
    pub unassigned: Vec<String>,
}

/// What a body did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// 已实施
    CarriedOut,
    /// 目前没有可以实施的事项: nothing came before it to which the measure applies.
    NothingToDo,
}

/// What happens to a measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// It begins and is dispatched.
    Begun(Box<Begun>),
    /// A unit has taken note.
    Acknowledged {
        /// The unit.
        unit: String,
    },
    /// A unit says what it did and what came of it.
    Reported {
        /// The unit.
        unit: String,
        /// The day on which it was done.
        done_on: Date,
        /// What it did.
        done: Done,
        /// With what effect.
        effect: String,
    },
    /// Its cause is stayed.
    Suspended {
        /// Why.
        reason: String,
    },
    /// The stay is over.
    Resumed {
        /// Why.
        reason: String,
    },
    /// Its end is brought forward.
    Shortened {
        /// The new last day.
        through_on: Date,
    },
    /// It ends, and every unit is told.
    Ended {
        /// Why.
        reason: String,
        /// Last day for the units to say that they have stopped; none where the edition sets none.
        lift_due_on: Option<Date>,
    },
    /// A unit has stopped.
    Lifted {
        /// The unit.
        unit: String,
        /// What it did to stop.
        note: String,
    },
    /// Somebody whom it concerns complains.
    Complained {
        /// What about.
        text: String,
    },
    /// The complaint was looked into.
    ComplaintAnswered {
        /// Which, from 1.
        complaint: u32,
        /// Whether it is right.
        upheld: bool,
        /// Why.
        reason: String,
    },
}

impl Event {
    /// Whether it changes what the units have to do.
    #[must_use]
    pub const fn moves_tasks(&self) -> bool {
        matches!(
            self,
            Self::Begun(_)
                | Self::Suspended { .. }
                | Self::Resumed { .. }
                | Self::Shortened { .. }
                | Self::Ended { .. }
        )
    }

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Begun(_) => "begun",
            Self::Acknowledged { .. } => "acknowledged",
            Self::Reported { .. } => "reported",
            Self::Suspended { .. } => "suspended",
            Self::Resumed { .. } => "resumed",
            Self::Shortened { .. } => "shortened",
            Self::Ended { .. } => "ended",
            Self::Lifted { .. } => "lifted",
            Self::Complained { .. } => "complained",
            Self::ComplaintAnswered { .. } => "complaint_answered",
        }
    }
}
