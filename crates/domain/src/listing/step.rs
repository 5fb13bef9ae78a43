//! The steps of a case as they are kept: who, on which day, what. A step carries everything that was computed from the
//! rulebook of its day, so that folding it needs none.

use super::{Base, Cause, Filed, Findings, MeasureTaken, Outcome, Refusal, Service, WayOut, rule};
use crate::objection::Evidence;
use crate::objection::rule::EVIDENCE_INVALID;
use crate::rulebook::listing::Nature;
use jiff::civil::{Date, Time};
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
    /// Documents that came with it: copies of what it rests on, what proves a service, what the party handed in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<Evidence>,
}

impl Step {
    /// The same step with the documents that came with it.
    ///
    /// # Errors
    /// When such a step takes none, or one has no name or digest.
    pub fn citing(self, papers: &[Evidence]) -> Result<Self, Refusal> {
        let step = Self { papers: papers.to_vec(), ..self };
        step.check_papers()?;
        Ok(step)
    }

    /// What holds of the documents of every step.
    pub(super) fn check_papers(&self) -> Result<(), Refusal> {
        if !self.papers.is_empty() && !self.event.takes_papers() {
            return Err(rule::STATE_WRONG.because("papers"));
        }
        EVIDENCE_INVALID.demand(self.papers.iter().all(Evidence::is_sound))
    }
}

/// A talk before or during a listing (山东省社会信用条例 art. 四十一).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TalkKind {
    /// 提示约谈
    Reminder,
    /// 警示约谈
    Warning,
}

impl TalkKind {
    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::Warning => "warning",
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reminder => "提示约谈",
            Self::Warning => "警示约谈",
        }
    }
}

/// What happens to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// A person proposes the listing.
    Proposed {
        /// Code of the list.
        list: String,
        /// Its name.
        list_name: String,
        /// Whether it burdens or honours.
        nature: Nature,
        /// The organisation.
        uscc: String,
        /// The unit that acts.
        unit: String,
        /// Article and text of the ground.
        criterion: String,
        /// The facts.
        facts: String,
        /// The documents it rests on.
        bases: Vec<Base>,
        /// Number of the remedy that orders the act made anew; empty otherwise.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        ordered: String,
    },
    /// The prior notice reached the party.
    NoticeServed {
        /// How.
        service: Service,
        /// Working days to answer.
        answer_days: u32,
        /// Last day to answer.
        answer_due_on: Date,
        /// Last day to ask for a hearing; none where the list knows none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hearing_due_on: Option<Date>,
        /// The calendar ended before those days: neither is known yet.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        provisional: bool,
    },
    /// A statement or defence arrived.
    Stated {
        /// The day on which it arrived.
        on: Date,
        /// What it says.
        text: String,
    },
    /// A statement was looked into and answered.
    Answered {
        /// Which one, counted from 1.
        statement: u32,
        /// Whether it was accepted.
        accepted: bool,
        /// Why.
        reason: String,
    },
    /// The party says expressly that it gives up its statement.
    Waived {
        /// The day.
        on: Date,
        /// What proves it.
        proof: String,
        /// The party's own account says so, not staff on its behalf.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_party: bool,
    },
    /// The party asks for a hearing.
    HearingAsked {
        /// The day.
        on: Date,
    },
    /// The hearing is called; the last call counts.
    HearingNotified {
        /// Number of the notice.
        letter: String,
        /// Day of the hearing.
        hearing_on: Date,
        /// Its time.
        time: Time,
        /// Where.
        place: String,
        /// Who presides.
        presided_by: String,
    },
    /// The notice of the hearing reached the party.
    HearingServed {
        /// How.
        service: Service,
    },
    /// The hearing took place, or the party stayed away from it.
    HearingHeld {
        /// The day on which the party was told of it.
        notified_on: Date,
        /// Its day.
        on: Date,
        /// Who presided.
        presided_by: String,
        /// The minutes.
        minutes: String,
        /// Whether the party came.
        attended: bool,
    },
    /// The listing is decided, and public from this day.
    Listed {
        /// Number of the decision.
        letter: String,
        /// The three findings.
        findings: Findings,
        /// The measures.
        measures: Vec<MeasureTaken>,
        /// The ways out.
        exits: Vec<WayOut>,
        /// How to object.
        objection: String,
        /// The remedies, in words with their periods.
        remedies: Vec<String>,
        /// Last day of the time to answer, as known on the day of the decision.
        window_ended_on: Date,
        /// Last public day.
        through_on: Date,
        /// The pack that says so.
        pack: String,
        /// Number of the consent of the level above; empty where none is needed.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        consent: String,
    },
    /// It is decided not to list.
    NotListed {
        /// Number of the decision.
        letter: String,
        /// Why.
        reason: String,
        /// Last day of the time to answer, as known on the day of the decision.
        window_ended_on: Date,
    },
    /// The proposal is taken back.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// The decision, whichever, or the removal reached the party.
    DecisionServed {
        /// How.
        service: Service,
    },
    /// A base document fell before there was a decision.
    BaseRevoked {
        /// Identity of its record, in hex.
        record: String,
        /// What revoked it.
        document: String,
    },
    /// A remedy was filed.
    RemedyFiled {
        /// The filing.
        filed: Filed,
    },
    /// The body that has a remedy stays the decision.
    Stayed {
        /// Number of the remedy's case.
        number: String,
        /// Day of the order.
        on: Date,
    },
    /// The stay ends.
    StayLifted {
        /// Number of the remedy's case.
        number: String,
        /// Day of the order.
        on: Date,
    },
    /// A remedy ends.
    RemedyDecided {
        /// Number of its case.
        number: String,
        /// Day of the ruling.
        on: Date,
        /// How.
        outcome: Outcome,
        /// Number of the letter of removal, where the listing is revoked.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        letter: String,
    },
    /// The party is asked to a talk.
    TalkNotified {
        /// Which.
        kind: TalkKind,
        /// Number of the notice.
        letter: String,
        /// Its day, which may lie ahead.
        talk_on: Date,
        /// Where.
        place: String,
        /// What about.
        matter: String,
    },
    /// The talk took place, or the party stayed away.
    TalkHeld {
        /// Number of the notice.
        letter: String,
        /// Its day.
        on: Date,
        /// The minutes.
        minutes: String,
        /// Whether the party came.
        attended: bool,
        /// What the party undertakes; empty where nothing.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        undertaking: String,
    },
    /// The entry ends.
    Removed {
        /// Why.
        cause: Cause,
        /// Number of the letter.
        letter: String,
    },
    /// The entry stands again, for the repair by which it left the list was revoked.
    Restored {
        /// Number of the decision that revokes the repair.
        document: String,
        /// Last public day.
        through_on: Date,
        /// The ways out from now on.
        exits: Vec<WayOut>,
    },
}

impl Event {
    /// Whether documents may come with it: the proposal, a service, what the party says or files, what a body ruled, a removal.
    #[must_use]
    pub const fn takes_papers(&self) -> bool {
        matches!(
            self,
            Self::Proposed { .. }
                | Self::NoticeServed { .. }
                | Self::HearingServed { .. }
                | Self::DecisionServed { .. }
                | Self::Stated { .. }
                | Self::Waived { .. }
                | Self::RemedyFiled { .. }
                | Self::Stayed { .. }
                | Self::StayLifted { .. }
                | Self::RemedyDecided { .. }
                | Self::Removed { .. }
        )
    }

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Proposed { .. } => "proposed",
            Self::NoticeServed { .. } => "notice_served",
            Self::Stated { .. } => "stated",
            Self::Answered { .. } => "answered",
            Self::Waived { .. } => "waived",
            Self::HearingAsked { .. } => "hearing_asked",
            Self::HearingNotified { .. } => "hearing_notified",
            Self::HearingServed { .. } => "hearing_served",
            Self::HearingHeld { .. } => "hearing_held",
            Self::Listed { .. } => "listed",
            Self::NotListed { .. } => "not_listed",
            Self::Withdrawn { .. } => "withdrawn",
            Self::DecisionServed { .. } => "decision_served",
            Self::BaseRevoked { .. } => "base_revoked",
            Self::RemedyFiled { .. } => "remedy_filed",
            Self::Stayed { .. } => "stayed",
            Self::StayLifted { .. } => "stay_lifted",
            Self::RemedyDecided { .. } => "remedy_decided",
            Self::TalkNotified { .. } => "talk_notified",
            Self::TalkHeld { .. } => "talk_held",
            Self::Removed { .. } => "removed",
            Self::Restored { .. } => "restored",
        }
    }
}
