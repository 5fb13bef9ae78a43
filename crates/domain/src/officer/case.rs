//! A person's case and its state: each state has only what there is then.

use super::step::Proposed;
use crate::listing::{Filed, Service, Statement};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One person held to account for one listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What was proposed.
    pub proposed: Proposed,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_on: Date,
    /// Day of the last step.
    pub last_on: Date,
    /// Where it stands.
    pub state: State,
}

/// Where a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Named, not told to the person.
    Proposed,
    /// The person was told and has time to answer.
    Notified(Notified),
    /// Held to account.
    Decided(Box<Decided>),
    /// Nothing follows.
    Dismissed(Box<Dismissed>),
    /// Taken back, or its listing fell before there was a decision.
    Withdrawn {
        /// Why.
        reason: String,
        /// When.
        on: Date,
    },
    /// It has ended by a step; its own last day ends it besides.
    Ended(Box<End>),
}

/// The time to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notified {
    /// Service of the notice.
    pub service: Service,
    /// Working days to answer.
    pub answer_days: u32,
    /// Last day to answer.
    pub answer_due_on: Date,
    /// That day is not known yet.
    pub provisional: bool,
    /// The person gave up the statement expressly.
    pub waived: bool,
    /// Statements in order of arrival.
    pub statements: Vec<Statement>,
}

/// A decision that holds a person to account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// What went before.
    pub notified: Notified,
    /// Number of the letter.
    pub letter: String,
    /// Who decided.
    pub by: String,
    /// The day.
    pub on: Date,
    /// Why the person answers.
    pub reason: String,
    /// Last day.
    pub through_on: Date,
    /// The remedies in words.
    pub told: Vec<String>,
    /// Service of the decision.
    pub served: Option<Service>,
    /// Remedies in order of filing.
    pub remedies: Vec<Remedy>,
    /// It rests with its listing.
    pub rests: bool,
    /// Handing over to the keeper of the person's own record.
    pub hand_over: HandOver,
}

/// What is handed over, with its receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// By when.
    pub due_on: Date,
    /// Number and day of the receipt; none while it is owed.
    pub receipt: Option<(String, Date)>,
}

/// A decision by which nothing follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dismissed {
    /// What went before.
    pub notified: Notified,
    /// Number of the letter.
    pub letter: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub on: Date,
    /// Why.
    pub reason: String,
    /// Service of the decision.
    pub served: Option<Service>,
}

/// A case that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// What it was.
    pub decided: Decided,
    /// Why it ended.
    pub cause: Ending,
    /// When.
    pub on: Date,
    /// Telling the keeper that it has ended; none where nothing had been handed over.
    pub recall: Option<HandOver>,
}

/// Why it ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "cause")]
pub enum Ending {
    /// With the listing.
    Listing {
        /// Why that ended, in words.
        told: String,
    },
    /// A remedy of the person's own revoked it.
    Remedy {
        /// Number of its case.
        number: String,
    },
    /// The unit ends it earlier.
    Own {
        /// The decision on it.
        document: String,
    },
}

impl Ending {
    /// In words.
    #[must_use]
    pub fn told(&self) -> String {
        match self {
            Self::Listing { told } => format!("随名单终止：{told}"),
            Self::Remedy { number } => format!("对个人的决定已被撤销（{number}）"),
            Self::Own { document } => format!("提前终止（{document}）"),
        }
    }
}

/// How a remedy of the person's own ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// 维持
    Upheld,
    /// 变更: an earlier end.
    Shortened {
        /// The last day.
        through_on: Date,
    },
    /// 撤销
    Revoked,
}

impl Outcome {
    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Shortened { .. } => "shortened",
            Self::Revoked => "revoked",
        }
    }
}

/// A remedy of the person's own with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The filing.
    pub filed: Filed,
    /// Who entered it.
    pub filed_by: String,
    /// Since when the decision is stayed; none where it is not.
    pub stayed_on: Option<Date>,
    /// How and when it ended.
    pub outcome: Option<(Outcome, Date)>,
}

impl Decided {
    /// Whether it is at rest: with its listing, or by a remedy of the person's own.
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        self.rests || self.remedies.iter().any(|remedy| remedy.stayed_on.is_some())
    }
}

impl State {
    /// Every code, in the order of a case's life.
    pub const CODES: [&'static str; 7] =
        ["proposed", "notified", "decided", "suspended", "dismissed", "withdrawn", "ended"];

    /// Its code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Notified(_) => "notified",
            Self::Decided(decided) if decided.is_suspended() => "suspended",
            Self::Decided(_) => "decided",
            Self::Dismissed(_) => "dismissed",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Ended(_) => "ended",
        }
    }
}

impl Case {
    /// The notice that was served, in whatever state it is now.
    #[must_use]
    pub fn notified(&self) -> Option<&Notified> {
        match &self.state {
            State::Notified(notified) => Some(notified),
            State::Dismissed(dismissed) => Some(&dismissed.notified),
            _ => self.decided().map(|decided| &decided.notified),
        }
    }

    /// The decision, whether it stands or has ended.
    #[must_use]
    pub const fn decided(&self) -> Option<&Decided> {
        match &self.state {
            State::Decided(decided) => Some(decided),
            State::Ended(end) => Some(&end.decided),
            _ => None,
        }
    }

    /// Its code on a day: what has passed its last day has ended.
    #[must_use]
    pub fn code_on(&self, day: Date) -> &'static str {
        match &self.state {
            State::Decided(decided) if decided.through_on < day => "ended",
            state => state.code(),
        }
    }

    /// Whether a person is held to account on a day.
    #[must_use]
    pub fn is_in_force_on(&self, day: Date) -> bool {
        self.code_on(day) == "decided" && self.decided().is_some_and(|decided| decided.on <= day)
    }

    /// Whether nothing more can follow from it: nobody was held to account, or no longer.
    #[must_use]
    pub fn is_over_on(&self, day: Date) -> bool {
        matches!(self.code_on(day), "dismissed" | "withdrawn" | "ended")
    }

    /// What is still to be handed over, or told to the keeper, and by when.
    #[must_use]
    pub fn owed_on(&self, day: Date) -> Option<Date> {
        match &self.state {
            State::Decided(decided) if day <= decided.through_on => {
                decided.hand_over.receipt.is_none().then_some(decided.hand_over.due_on)
            }
            State::Ended(end) => end.recall.as_ref().filter(|one| one.receipt.is_none()).map(|one| one.due_on),
            _ => None,
        }
    }

    /// Whether what is owed should have been done by a day before.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.owed_on(today).is_some_and(|due| due < today)
    }
}
