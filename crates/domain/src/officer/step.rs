//! The steps as they are kept: who, on which day, what. A step carries everything that was computed from the rulebook of its
//! day. No name and no number of a paper stands in any of them.

use super::case::{Ending, Outcome};
use super::duty::Because;
use super::term::Role;
use crate::listing::{Filed, Service};
use crate::objection::Evidence;
use crate::rulebook::procedure::Above;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One step of a term of office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermStep {
    /// Who took it.
    pub by: String,
    /// The day on which it was entered.
    pub on: Date,
    /// What happened.
    pub event: TermEvent,
}

/// What happens to a term of office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum TermEvent {
    /// It is entered.
    Entered {
        /// The organisation.
        uscc: String,
        /// The unit that enters it.
        unit: String,
        /// The office.
        role: Role,
        /// Digest over the person with a salt that lies beside the name, in hex.
        person: String,
        /// First day in office.
        from_on: Date,
        /// Last day in office.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        through_on: Option<Date>,
        /// What proves it.
        evidence: String,
    },
    /// The person has left the office.
    Left {
        /// The last day.
        through_on: Date,
        /// What proves it.
        evidence: String,
    },
    /// It was entered wrongly.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// Who it was is erased.
    Erased {
        /// Code of the clause.
        clause: String,
    },
}

impl TermEvent {
    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Entered { .. } => "entered",
            Self::Left { .. } => "left",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Erased { .. } => "erased",
        }
    }
}

/// One step of a person's case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseStep {
    /// Who took it.
    pub by: String,
    /// The day on which it was entered.
    pub on: Date,
    /// What happened.
    pub event: CaseEvent,
}

/// A proposal: the listing, the term, the conduct, the ground as it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposed {
    /// Number of the listing.
    pub listing: String,
    /// Code of the list.
    pub list: String,
    /// Its name.
    pub list_name: String,
    /// Number of the decision to list.
    pub document: String,
    /// The organisation.
    pub uscc: String,
    /// The unit that acts.
    pub unit: String,
    /// Number of the term of office.
    pub term: String,
    /// The office.
    pub role: Role,
    /// First day of the conduct.
    pub conduct_from_on: Date,
    /// Last day of the conduct.
    pub conduct_through_on: Date,
    /// What the person did or left undone.
    pub facts: String,
    /// Code of the ground.
    pub ground: String,
    /// First day of its edition.
    pub edition: Date,
    /// The law in words.
    pub basis: String,
    /// What follows.
    pub consequence: String,
    /// The authority that keeps the person's own record.
    pub keeper: String,
    /// Kinds of penalty of the documents of the listing, as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// The last day that the ground and the listing allow, as known on the day of the proposal.
    pub latest_on: Date,
}

/// What happens to a person's case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum CaseEvent {
    /// It is proposed.
    Proposed(Box<Proposed>),
    /// The notice reached the person.
    NoticeServed {
        /// How.
        service: Service,
        /// Working days to answer.
        answer_days: u32,
        /// Last day to answer.
        answer_due_on: Date,
        /// The calendar ended before that day.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        provisional: bool,
    },
    /// A statement or defence arrived.
    Stated {
        /// The day.
        on: Date,
        /// What it says.
        text: String,
    },
    /// It was looked into.
    Answered {
        /// Which, from 1.
        statement: u32,
        /// Whether it was accepted.
        accepted: bool,
        /// Why.
        reason: String,
    },
    /// The person gives it up expressly.
    Waived {
        /// The day.
        on: Date,
        /// What proves it.
        proof: String,
        /// The statement itself, by name and digest: nothing of it is kept here. Earlier programs did not ask for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paper: Option<Evidence>,
    },
    /// The person is held to account.
    Decided {
        /// Number of the decision.
        letter: String,
        /// Why he answers in person.
        reason: String,
        /// Last day of the time to answer.
        window_ended_on: Date,
        /// Last day of the consequence.
        through_on: Date,
        /// The remedies, in words with their periods.
        remedies: Vec<String>,
        /// Last day to hand it over to whoever keeps the person's record.
        hand_over_due_on: Date,
    },
    /// Nothing follows.
    Dismissed {
        /// Number of the decision.
        letter: String,
        /// Why.
        reason: String,
        /// Last day of the time to answer.
        window_ended_on: Date,
    },
    /// The proposal is taken back, or its listing fell.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// The decision reached the person.
    DecisionServed {
        /// How.
        service: Service,
    },
    /// The keeper of the person's record has received the decision, or that it has ended.
    HandedOver {
        /// Number of the receipt.
        number: String,
        /// Its day.
        on: Date,
    },
    /// A remedy of the person's own was filed.
    RemedyFiled {
        /// The filing.
        filed: Filed,
    },
    /// The decision is stayed.
    Stayed {
        /// Number of the remedy's case.
        number: String,
        /// Day of the order.
        on: Date,
        /// The paper of the body that ruled; none in cases of before it was asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paper: Option<Evidence>,
    },
    /// The stay ends.
    StayLifted {
        /// Number of the remedy's case.
        number: String,
        /// Day of the order.
        on: Date,
        /// The paper of the body that ruled; none in cases of before it was asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paper: Option<Evidence>,
    },
    /// A remedy ends.
    RemedyDecided {
        /// Number of its case.
        number: String,
        /// Day of the ruling.
        on: Date,
        /// How.
        outcome: Outcome,
        /// Last day to tell the keeper, where it revokes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recall_due_on: Option<Date>,
        /// The paper of the body that ruled; none in cases of before it was asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paper: Option<Evidence>,
    },
    /// The listing is stayed, and this rests with it.
    Rested {
        /// Why.
        reason: String,
    },
    /// The stay of the listing is over.
    Resumed {
        /// Why.
        reason: String,
    },
    /// The listing ends earlier, and this with it.
    Shortened {
        /// The new last day.
        through_on: Date,
    },
    /// It ends.
    Ended {
        /// Why.
        cause: Ending,
        /// Last day to tell the keeper; none where nothing was handed over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recall_due_on: Option<Date>,
    },
}

impl CaseEvent {
    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Proposed(_) => "proposed",
            Self::NoticeServed { .. } => "notice_served",
            Self::Stated { .. } => "stated",
            Self::Answered { .. } => "answered",
            Self::Waived { .. } => "waived",
            Self::Decided { .. } => "decided",
            Self::Dismissed { .. } => "dismissed",
            Self::Withdrawn { .. } => "withdrawn",
            Self::DecisionServed { .. } => "decision_served",
            Self::HandedOver { .. } => "handed_over",
            Self::RemedyFiled { .. } => "remedy_filed",
            Self::Stayed { .. } => "stayed",
            Self::StayLifted { .. } => "stay_lifted",
            Self::RemedyDecided { .. } => "remedy_decided",
            Self::Rested { .. } => "rested",
            Self::Resumed { .. } => "resumed",
            Self::Shortened { .. } => "shortened",
            Self::Ended { .. } => "ended",
        }
    }
}

/// One step of informing those above.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyStep {
    /// Who took it.
    pub by: String,
    /// The day on which it was entered.
    pub on: Date,
    /// What happened.
    pub event: DutyEvent,
}

/// What happens to the duty to inform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum DutyEvent {
    /// It arises.
    Arose {
        /// Number of the listing.
        listing: String,
        /// Number of the decision to list.
        document: String,
        /// The organisation.
        uscc: String,
        /// The unit that has to inform.
        unit: String,
        /// Why those above are informed.
        because: Because,
        /// Whom.
        to: Vec<Above>,
        /// By when.
        due_on: Date,
    },
    /// One of them has been informed.
    Informed {
        /// Whom.
        to: Above,
        /// Name of the body that received it.
        addressee: String,
        /// Number of the letter or receipt.
        number: String,
        /// Its day.
        on: Date,
    },
}

impl DutyEvent {
    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Arose { .. } => "arose",
            Self::Informed { .. } => "informed",
        }
    }
}
