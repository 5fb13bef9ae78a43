//! A case and its state: each state has only what there is then.

use super::{Base, Cause, Findings, Hearing, MeasureTaken, Outcome, Refusal, Remedy, Service, TalkKind, WayOut, rule};
use crate::rulebook::listing::Nature;
use jiff::civil::Date;

/// A case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Code of the list.
    pub list: String,
    /// Its name.
    pub list_name: String,
    /// Whether it burdens or honours.
    pub nature: Nature,
    /// The organisation.
    pub uscc: String,
    /// The unit that acts.
    pub unit: String,
    /// Article and text of the ground.
    pub criterion: String,
    /// The facts.
    pub facts: String,
    /// The documents it rests on.
    pub bases: Vec<Base>,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_on: Date,
    /// Day of the last step.
    pub last_on: Date,
    /// Talks, in order.
    pub talks: Vec<Talk>,
    /// Where it stands.
    pub state: State,
}

/// Where a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Named, not told to the party.
    Proposed,
    /// The party was told and has time to answer.
    Notified(Notified),
    /// On the list.
    Listed(Box<Listed>),
    /// Decided not to list.
    NotListed(Box<Dismissed>),
    /// Taken back, or its base document fell.
    Withdrawn {
        /// Why.
        reason: String,
        /// When.
        on: Date,
    },
    /// Removed.
    Delisted(Box<Ended>),
}

/// The time to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notified {
    /// Service of the prior notice.
    pub service: Service,
    /// Working days to answer.
    pub answer_days: u32,
    /// Last day to answer.
    pub answer_due_on: Date,
    /// Last day to ask for a hearing.
    pub hearing_due_on: Option<Date>,
    /// Those days are not known yet.
    pub provisional: bool,
    /// The party gave up its statement expressly.
    pub waived: bool,
    /// Statements in order of arrival.
    pub statements: Vec<Statement>,
    /// The hearing, where one was asked for.
    pub hearing: Option<Hearing>,
}

/// A statement or defence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Day of arrival.
    pub on: Date,
    /// What it says.
    pub text: String,
    /// Whether it was accepted, and why; none while nobody has answered.
    pub answer: Option<(bool, String)>,
}

/// A decision to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Number of the letter.
    pub letter: String,
    /// Who decided.
    pub by: String,
    /// The day: of the decision, of listing, of publication.
    pub on: Date,
    /// The three findings.
    pub findings: Findings,
    /// The measures that stand.
    pub measures: Vec<MeasureTaken>,
    /// The ways out.
    pub exits: Vec<WayOut>,
    /// How to object.
    pub objection: String,
    /// The remedies in words.
    pub remedies: Vec<String>,
    /// Last public day.
    pub through_on: Date,
    /// The pack that says so.
    pub pack: String,
    /// Number of the consent of the level above; empty where none was needed.
    pub consent: String,
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What went before.
    pub notified: Notified,
    /// The decision.
    pub decided: Decided,
    /// Service of the decision.
    pub served: Option<Service>,
    /// Remedies in order of filing.
    pub remedies: Vec<Remedy>,
    /// The last day on which it came back after a repair that was revoked; none while it never left.
    pub restored_on: Option<Date>,
}

/// A decision not to list.
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

/// An entry that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// What it was.
    pub listed: Listed,
    /// Why it ended.
    pub cause: Cause,
    /// When: nothing is public from this day on.
    pub on: Date,
    /// Number of the letter.
    pub letter: String,
    /// Service of the letter.
    pub served: Option<Service>,
}

/// A talk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Talk {
    /// Which.
    pub kind: TalkKind,
    /// Number of the notice.
    pub letter: String,
    /// The day for which it was called.
    pub talk_on: Date,
    /// Where.
    pub place: String,
    /// What about.
    pub matter: String,
    /// Its day, minutes, whether the party came, and what it undertakes; none while it was not held.
    pub held: Option<(Date, String, bool, String)>,
}

impl State {
    /// Every code, in the order of a case's life.
    pub const CODES: [&'static str; 6] = ["proposed", "notified", "listed", "not_listed", "withdrawn", "delisted"];

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Notified(_) => "notified",
            Self::Listed(_) => "listed",
            Self::NotListed(_) => "not_listed",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Delisted(_) => "delisted",
        }
    }

    /// Whether something may still follow that decides.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Proposed | Self::Notified(_))
    }
}

impl Listed {
    /// Whether a body that has a remedy has stayed the decision.
    #[must_use]
    pub fn is_stayed(&self) -> bool {
        self.remedies.iter().any(|remedy| remedy.stayed_on.is_some())
    }

    /// Whether a remedy is pending, which is marked beside the record.
    #[must_use]
    pub fn is_contested(&self) -> bool {
        self.remedies.iter().any(|remedy| remedy.outcome.is_none())
    }
}

impl Case {
    /// The entry, whether it stands or has ended.
    #[must_use]
    pub const fn listed(&self) -> Option<&Listed> {
        match &self.state {
            State::Listed(listed) => Some(listed),
            State::Delisted(ended) => Some(&ended.listed),
            _ => None,
        }
    }

    /// The notice that was served, in whatever state it is now.
    #[must_use]
    pub const fn notified(&self) -> Option<&Notified> {
        match &self.state {
            State::Notified(notified) => Some(notified),
            State::Listed(listed) => Some(&listed.notified),
            State::NotListed(dismissed) => Some(&dismissed.notified),
            State::Delisted(ended) => Some(&ended.listed.notified),
            State::Proposed | State::Withdrawn { .. } => None,
        }
    }

    /// Whether the entry left by a repair and by nothing else, so that it comes back where that is revoked: what a ruling, an objection or
    /// a fallen document ended stays ended.
    #[must_use]
    pub fn may_return(&self) -> bool {
        let State::Delisted(ended) = &self.state else { return false };
        let revoked = |remedy: &Remedy| matches!(remedy.outcome, Some((Outcome::Revoked, _)));
        matches!(ended.cause, Cause::Repair { .. }) && !ended.listed.remedies.iter().any(revoked)
    }

    /// Whether the entry is public on a day.
    #[must_use]
    pub fn is_public_on(&self, day: Date) -> bool {
        self.measures_on(day).is_ok()
    }

    /// The measures that may be taken on a day.
    ///
    /// # Errors
    /// When there is no entry, it has ended, or it is stayed.
    pub fn measures_on(&self, day: Date) -> Result<&[MeasureTaken], Refusal> {
        match &self.state {
            State::Listed(listed) => {
                rule::STAY_IGNORED.demand(!listed.is_stayed())?;
                rule::STATE_WRONG.demand(listed.decided.on <= day)?;
                rule::ENDED.demand(day <= listed.decided.through_on)?;
                Ok(&listed.decided.measures)
            }
            State::Delisted(_) => Err(rule::DELISTED.refuse()),
            state => Err(rule::STATE_WRONG.because(state.code())),
        }
    }
}
