//! What a person asks to be done with a repair, as a request carries it.

use credence_domain::listing::{Delivery, Filed, Ruled};
use credence_domain::objection::Evidence;
use credence_domain::repair::{Fault, Paper, Ruling};
use credence_domain::rulebook::letter::LetterKind;
use jiff::civil::Date;
use serde::Deserialize;

/// One step as it is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", tag = "act", deny_unknown_fields)]
pub enum Doing {
    /// The window passes the application to the authority.
    Push {
        /// What the window found.
        opinion: String,
    },
    /// The authority says, once, what is missing.
    AskPapers {
        /// What.
        missing: Vec<String>,
    },
    /// What was missing has come.
    Supplement {
        /// The papers.
        papers: Vec<Paper>,
    },
    /// The authority accepts the application.
    Accept {},
    /// The time to decide is lengthened.
    Extend {
        /// Why.
        reason: String,
    },
    /// The record is shielded while a plan of a court is carried out.
    Shield {
        /// What was looked at, and why no less would do.
        findings: String,
        /// Numbers of the measures on it that do not stand in the way of the plan and go on.
        #[serde(default)]
        kept: Vec<String>,
    },
    /// The plan was not carried out: record and measures stand again.
    PlanFailed {
        /// The ruling that says so.
        ruling: Ruling,
    },
    /// The plan is carried out: the shield ends.
    PlanCompleted {
        /// The ruling that says so.
        ruling: Ruling,
    },
    /// The repair is granted.
    Grant {
        /// What was looked at, and how it stands.
        findings: String,
        /// Codes of the conditions that were found met, each of those that the order asks for.
        #[serde(default)]
        conditions: Vec<String>,
    },
    /// The application is not accepted, or the repair is refused.
    Refuse {
        /// Why.
        reason: String,
    },
    /// The organisation takes its application back.
    Withdraw {
        /// Why; may be left out.
        #[serde(default)]
        reason: String,
    },
    /// The letter of a decision has reached the organisation.
    Serve {
        /// Number of the letter; the last one where it is left out.
        #[serde(default)]
        letter: Option<String>,
        /// How.
        delivery: Delivery,
    },
    /// The organisation has gone to a reviewing body or to court over a decision.
    FileRemedy {
        /// Number of the decision's letter; the last one where it is left out.
        #[serde(default)]
        letter: Option<String>,
        /// What was filed.
        filed: Filed,
        /// Its papers.
        #[serde(default)]
        papers: Vec<Evidence>,
    },
    /// The body has ruled on that, or the organisation took it back.
    RuleRemedy {
        /// What came of it.
        ruled: Ruled,
    },
    /// Somebody proposes to revoke for false papers or a broken promise; the notice is written.
    ProposeRevocation {
        /// What it is held to be.
        fault: Fault,
        /// The facts.
        facts: String,
    },
    /// That notice has reached the organisation.
    ServeRevocation {
        /// How.
        delivery: Delivery,
    },
    /// The organisation states its case.
    State {
        /// The day on which it came, where it came on paper; today where it is left out.
        #[serde(default)]
        on: Option<Date>,
        /// What it says.
        text: String,
        /// Number of the paper, for what staff enter.
        #[serde(default)]
        reference: String,
        /// Papers.
        #[serde(default)]
        papers: Vec<Paper>,
    },
    /// The organisation gives up what is left of its days for a statement.
    Waive {
        /// The day on which it said so, where it came on paper; today where it is left out.
        #[serde(default)]
        on: Option<Date>,
        /// Number of its paper, for what staff enter.
        #[serde(default)]
        reference: String,
        /// Its paper.
        #[serde(default)]
        papers: Vec<Paper>,
    },
    /// It is revoked, for what was proposed.
    Revoke {
        /// Why, with what is said to the statements.
        reason: String,
    },
    /// It is not revoked.
    DropRevocation {
        /// Why.
        reason: String,
    },
}

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// The window of the credit office.
    Window,
    /// The unit that decided.
    Authority,
    /// The organisation, or whoever enters its paper.
    Party,
    /// The organisation by its own account, or the unit that decided for what came to it on paper.
    Heard,
}

impl Doing {
    pub(super) const fn whose(&self) -> Whose {
        match self {
            Self::Push { .. } => Whose::Window,
            Self::Supplement { .. } | Self::Withdraw { .. } => Whose::Party,
            Self::State { .. } | Self::Waive { .. } | Self::FileRemedy { .. } => Whose::Heard,
            Self::AskPapers { .. }
            | Self::Accept {}
            | Self::Extend { .. }
            | Self::Shield { .. }
            | Self::PlanFailed { .. }
            | Self::PlanCompleted { .. }
            | Self::Grant { .. }
            | Self::Refuse { .. }
            | Self::Serve { .. }
            | Self::RuleRemedy { .. }
            | Self::ProposeRevocation { .. }
            | Self::ServeRevocation { .. }
            | Self::Revoke { .. }
            | Self::DropRevocation { .. } => Whose::Authority,
        }
    }

    /// Whether it decides: for an approving officer alone.
    #[must_use]
    pub const fn decides(&self) -> bool {
        matches!(
            self,
            Self::Shield { .. }
                | Self::PlanFailed { .. }
                | Self::PlanCompleted { .. }
                | Self::Grant { .. }
                | Self::Refuse { .. }
                | Self::Revoke { .. }
                | Self::DropRevocation { .. }
        )
    }

    /// Whether the organisation itself may do it.
    #[must_use]
    pub const fn is_of_the_party(&self) -> bool {
        matches!(
            self,
            Self::Supplement { .. }
                | Self::Withdraw { .. }
                | Self::State { .. }
                | Self::Waive { .. }
                | Self::FileRemedy { .. }
        )
    }

    /// Whether it is for the window.
    #[must_use]
    pub const fn is_of_the_window(&self) -> bool {
        matches!(self, Self::Push { .. })
    }

    /// Kind of the act.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Push { .. } => "repair_pushed",
            Self::AskPapers { .. } => "repair_papers_asked",
            Self::Supplement { .. } => "repair_supplemented",
            Self::Accept {} => "repair_accepted",
            Self::Extend { .. } => "repair_extended",
            Self::Shield { .. } => "repair_shielded",
            Self::PlanFailed { .. } => "repair_plan_failed",
            Self::PlanCompleted { .. } => "repair_plan_completed",
            Self::Grant { .. } => "repair_granted",
            Self::Refuse { .. } => "repair_refused",
            Self::Withdraw { .. } => "repair_withdrawn",
            Self::Serve { .. } => "repair_decision_served",
            Self::FileRemedy { .. } => "repair_remedy_filed",
            Self::RuleRemedy { .. } => "repair_remedy_ruled",
            Self::ProposeRevocation { .. } => "repair_revocation_proposed",
            Self::ServeRevocation { .. } => "repair_revocation_served",
            Self::State { .. } => "repair_revocation_stated",
            Self::Waive { .. } => "repair_revocation_waived",
            Self::Revoke { .. } => "repair_revoked",
            Self::DropRevocation { .. } => "repair_revocation_dropped",
        }
    }

    pub(super) const fn letter(&self) -> Option<LetterKind> {
        match self {
            Self::Shield { .. } => Some(LetterKind::RepairShield),
            Self::PlanFailed { .. } => Some(LetterKind::RepairRestoration),
            Self::Grant { .. } => Some(LetterKind::RepairGrant),
            Self::Refuse { .. } => Some(LetterKind::RepairRefusal),
            Self::ProposeRevocation { .. } => Some(LetterKind::RepairRevocationNotice),
            Self::Revoke { .. } => Some(LetterKind::RepairRevocation),
            Self::DropRevocation { .. } => Some(LetterKind::RepairRevocationDropped),
            _ => None,
        }
    }
}
