//! What a person asks to be done with a term, a case or a duty, as a request carries it. Nothing of the law is typed.

use credence_domain::listing::{Delivery, Filed};
use credence_domain::objection::Evidence;
use credence_domain::officer::Outcome;
use credence_domain::rulebook::procedure::Above;
use credence_store::officer::Kind;
use jiff::civil::Date;
use serde::Deserialize;

/// One step as it is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", tag = "act", deny_unknown_fields)]
pub enum Doing {
    /// The person has left the office.
    Leave {
        /// The last day in office.
        through_on: Date,
        /// What proves it.
        evidence: String,
    },
    /// A term was entered wrongly, or a proposal is taken back.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// A letter reached the person: the notice, then the decision.
    Serve {
        /// Number of the letter; the one that is due where it is left out.
        #[serde(default)]
        letter: Option<String>,
        /// How.
        delivery: Delivery,
    },
    /// A statement or defence of the person arrived.
    State {
        /// The day.
        on: Date,
        /// What it says.
        text: String,
    },
    /// A statement was looked into.
    Answer {
        /// Which, from 1.
        statement: u32,
        /// Whether it is accepted.
        accepted: bool,
        /// Why.
        reason: String,
    },
    /// The person gives the statement up.
    Waive {
        /// The day.
        on: Date,
        /// What proves it.
        proof: String,
        /// The statement itself: its name and the digest of its file, which is not kept here.
        #[serde(default)]
        paper: Option<Evidence>,
    },
    /// The person is held to account.
    Decide {
        /// Why he answers in person.
        reason: String,
    },
    /// Nothing follows for the person.
    Dismiss {
        /// Why.
        reason: String,
    },
    /// The keeper of the person's own record has received the decision, or that it has ended.
    HandOver {
        /// Number of the receipt.
        number: String,
        /// Its day.
        on: Date,
    },
    /// A remedy of the person's own was filed.
    FileRemedy {
        /// The filing.
        filed: Filed,
    },
    /// The decision is stayed.
    Stay {
        /// Number of the remedy's case.
        number: String,
        /// Day of the order.
        on: Date,
        /// The paper of the body that ruled, by its digest.
        #[serde(default)]
        paper: Option<Evidence>,
    },
    /// The stay ends.
    LiftStay {
        /// Number of the remedy's case.
        number: String,
        /// Day of the order.
        on: Date,
        /// The paper of the body that ruled, by its digest.
        #[serde(default)]
        paper: Option<Evidence>,
    },
    /// A remedy ends.
    DecideRemedy {
        /// Number of its case.
        number: String,
        /// Day of the ruling.
        on: Date,
        /// How.
        outcome: Outcome,
        /// The paper of the body that ruled, by its digest.
        #[serde(default)]
        paper: Option<Evidence>,
    },
    /// The unit ends the consequence before its term.
    End {
        /// The decision on it.
        document: String,
    },
    /// One of those above has been informed.
    Inform {
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

impl Doing {
    /// Whether it decides on a person, or says that another body did: for a list decider alone.
    #[must_use]
    pub const fn decides(&self) -> bool {
        let own = matches!(self, Self::Decide { .. } | Self::Dismiss { .. } | Self::End { .. });
        own || self.ruled_on().is_some()
    }

    /// Number of the remedy of which it says what a body ruled.
    #[must_use]
    pub const fn ruled_on(&self) -> Option<&String> {
        match self {
            Self::Stay { number, .. } | Self::LiftStay { number, .. } | Self::DecideRemedy { number, .. } => {
                Some(number)
            }
            _ => None,
        }
    }

    /// Whether a file of a kind knows it.
    #[must_use]
    pub const fn is_of(&self, kind: Kind) -> bool {
        match self {
            Self::Leave { .. } => matches!(kind, Kind::Term),
            Self::Withdraw { .. } => matches!(kind, Kind::Term | Kind::Case),
            Self::Inform { .. } => matches!(kind, Kind::Duty),
            _ => matches!(kind, Kind::Case),
        }
    }

    /// The texts of it.
    pub(super) fn texts(&self) -> Vec<&str> {
        match self {
            Self::Leave { evidence, .. } => vec![evidence],
            Self::Withdraw { reason } | Self::Decide { reason } | Self::Dismiss { reason } => vec![reason],
            Self::Answer { reason, .. } => vec![reason],
            Self::Serve { delivery, .. } => vec![&delivery.proof, &delivery.consent],
            Self::State { text, .. } => vec![text],
            Self::Waive { proof, paper, .. } => {
                let named = paper.as_ref().map(|paper| paper.name.as_str());
                [proof.as_str()].into_iter().chain(named).collect()
            }
            Self::HandOver { number, .. } => vec![number],
            Self::Stay { number, paper, .. }
            | Self::LiftStay { number, paper, .. }
            | Self::DecideRemedy { number, paper, .. } => {
                let named = paper.as_ref().map(|paper| paper.name.as_str());
                [number.as_str()].into_iter().chain(named).collect()
            }
            Self::FileRemedy { filed } => vec![&filed.number, &filed.body],
            Self::End { document } => vec![document],
            Self::Inform { addressee, number, .. } => vec![addressee, number],
        }
    }

    /// Kind of the act.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Leave { .. } => "officer_left",
            Self::Withdraw { .. } => "officer_withdrawn",
            Self::Serve { .. } => "officer_served",
            Self::State { .. } => "officer_stated",
            Self::Answer { .. } => "officer_answered",
            Self::Waive { .. } => "officer_waived",
            Self::Decide { .. } => "officer_decided",
            Self::Dismiss { .. } => "officer_dismissed",
            Self::HandOver { .. } => "officer_handed_over",
            Self::FileRemedy { .. } => "officer_remedy_filed",
            Self::Stay { .. } => "officer_stayed",
            Self::LiftStay { .. } => "officer_stay_lifted",
            Self::DecideRemedy { .. } => "officer_remedy_decided",
            Self::End { .. } => "officer_ended",
            Self::Inform { .. } => "officer_informed",
        }
    }
}
