//! What a person asks to be done with a case, as a request carries it. Nothing of the law is typed: no term, no way out, no
//! remedy, no name of a measure.

use credence_domain::listing::{Cause, Delivery, Filed, Findings, Outcome, TalkKind};
use jiff::civil::{Date, Time};
use serde::Deserialize;

/// One step as it is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", tag = "act", deny_unknown_fields)]
pub enum Doing {
    /// A letter reached the party: the prior notice, then the decision, then the removal.
    Serve {
        /// Number of the letter; the one that is due where it is left out.
        #[serde(default)]
        letter: Option<String>,
        /// How.
        delivery: Delivery,
    },
    /// A statement or defence arrived.
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
    /// The party gives its statement up.
    Waive {
        /// The day.
        on: Date,
        /// What proves it.
        proof: String,
    },
    /// The party asks for a hearing.
    AskHearing {
        /// The day.
        on: Date,
    },
    /// The hearing is called; its notice is written.
    NotifyHearing {
        /// Its day.
        hearing_on: Date,
        /// Its time.
        time: Time,
        /// Where.
        place: String,
        /// Who presides.
        presided_by: String,
    },
    /// The hearing took place as it was called, or the party stayed away.
    HoldHearing {
        /// The minutes.
        minutes: String,
        /// Whether the party came.
        attended: bool,
    },
    /// The listing is decided.
    List {
        /// The three findings.
        findings: Findings,
        /// Codes of measures.
        #[serde(default)]
        measures: Vec<String>,
        /// Number of the consent of the level above.
        #[serde(default)]
        consent: String,
    },
    /// It is decided not to list.
    Dismiss {
        /// Why.
        reason: String,
    },
    /// The proposal is taken back.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// A remedy was filed.
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
    },
    /// The stay ends.
    LiftStay {
        /// Number of the remedy's case.
        number: String,
        /// Day of the order.
        on: Date,
    },
    /// A remedy ends.
    DecideRemedy {
        /// Number of its case.
        number: String,
        /// Day of the ruling.
        on: Date,
        /// How.
        outcome: Outcome,
    },
    /// The party is asked to a talk.
    NotifyTalk {
        /// Which.
        kind: TalkKind,
        /// Its day.
        talk_on: Date,
        /// Where.
        place: String,
        /// What about.
        matter: String,
    },
    /// The talk took place.
    HoldTalk {
        /// Number of the notice.
        letter: String,
        /// Its day.
        on: Date,
        /// The minutes.
        minutes: String,
        /// Whether the party came.
        attended: bool,
        /// What it undertakes.
        #[serde(default)]
        undertaking: String,
    },
    /// The entry ends.
    Remove {
        /// Why.
        cause: Cause,
    },
}

impl Doing {
    /// Whether it decides on the entry, or says that another body did: for a list decider alone.
    #[must_use]
    pub const fn decides(&self) -> bool {
        matches!(
            self,
            Self::List { .. }
                | Self::Dismiss { .. }
                | Self::Remove { .. }
                | Self::Stay { .. }
                | Self::LiftStay { .. }
                | Self::DecideRemedy { .. }
        )
    }

    /// Whether whoever proposed has no part in it: the decision, and the decisions on repair and objection.
    #[must_use]
    pub const fn is_anothers(&self) -> bool {
        let cause = matches!(self, Self::Remove { cause: Cause::Repair { .. } | Cause::Objection { .. } });
        cause || matches!(self, Self::List { .. } | Self::Dismiss { .. })
    }

    /// Whether the organisation itself may do it: its statement, its waiver, its request for a hearing, its remedy.
    #[must_use]
    pub const fn is_of_the_party(&self) -> bool {
        matches!(self, Self::State { .. } | Self::Waive { .. } | Self::AskHearing { .. } | Self::FileRemedy { .. })
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

    /// Whether documents may come with it: a service, what the party says, a remedy, what a body ruled, a removal that the unit itself
    /// decides.
    #[must_use]
    pub const fn takes_papers(&self) -> bool {
        let said =
            matches!(self, Self::Serve { .. } | Self::State { .. } | Self::Waive { .. } | Self::FileRemedy { .. });
        said || self.ruled_on().is_some() || matches!(self, Self::Remove { cause: Cause::Repair { .. } })
    }

    /// Kind of the act.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Serve { .. } => "listing_served",
            Self::State { .. } => "listing_stated",
            Self::Answer { .. } => "listing_answered",
            Self::Waive { .. } => "listing_waived",
            Self::AskHearing { .. } => "listing_hearing_asked",
            Self::NotifyHearing { .. } => "listing_hearing_notified",
            Self::HoldHearing { .. } => "listing_hearing_held",
            Self::List { .. } => "listing_decided",
            Self::Dismiss { .. } => "listing_dismissed",
            Self::Withdraw { .. } => "listing_withdrawn",
            Self::FileRemedy { .. } => "listing_remedy_filed",
            Self::Stay { .. } => "listing_stayed",
            Self::LiftStay { .. } => "listing_stay_lifted",
            Self::DecideRemedy { .. } => "listing_remedy_decided",
            Self::NotifyTalk { .. } => "listing_talk_notified",
            Self::HoldTalk { .. } => "listing_talk_held",
            Self::Remove { .. } => "listing_removed",
        }
    }
}
