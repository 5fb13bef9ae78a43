//! What a person asks to be done with a case, as a request carries it.

use credence_domain::listing::{Delivery, Filed, Ruled};
use credence_domain::objection::{Evidence, Found, Outcome};
use jiff::civil::Date;
use serde::Deserialize;

/// A field with its right value; what it said is read from the record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Code of the field.
    pub field: String,
    /// The value; empty where the field says nothing any more.
    pub value: String,
}

/// A decision as it is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deciding {
    /// What is decided.
    pub outcome: Outcome,
    /// Fields that are corrected.
    #[serde(default)]
    pub corrections: Vec<Correction>,
    /// The record is withdrawn: by which document, or why.
    #[serde(default)]
    pub withdraw: Option<String>,
    /// What else is done, in words.
    #[serde(default)]
    pub note: Option<String>,
    /// Why.
    pub reason: String,
}

/// One step as it is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", tag = "act", deny_unknown_fields)]
pub enum Doing {
    /// The handling unit sends it to the owner.
    Push {},
    /// The owner takes it on.
    Accept {},
    /// The party is told in advance that the check takes longer.
    Extend {
        /// The new last day.
        until_on: Date,
        /// Why.
        reason: String,
    },
    /// The owner says what it found.
    Check {
        /// What.
        found: Found,
        /// In words.
        text: String,
        /// Documents.
        #[serde(default)]
        evidence: Vec<Evidence>,
        /// The day on which the document behind the record was revoked, where it was.
        #[serde(default)]
        revoked_on: Option<Date>,
    },
    /// The handling unit decides.
    Decide(Deciding),
    /// The party does not accept the answer.
    Appeal {
        /// Why not.
        ground: String,
    },
    /// The handling unit names who decides the appeal.
    Refer {
        /// Code of a unit that had no part in the case.
        unit: String,
    },
    /// That unit decides the appeal.
    DecideAppeal(Deciding),
    /// The letter of a decision has reached the party.
    Serve {
        /// Number of the letter; the last one where it is left out.
        #[serde(default)]
        letter: Option<String>,
        /// How.
        delivery: Delivery,
    },
    /// The party has gone to a reviewing body or to court over a decision.
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
    /// The body has ruled on that, or the party took it back.
    RuleRemedy {
        /// What came of it.
        ruled: Ruled,
    },
    /// The party takes it back.
    Withdraw {
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// A reply is printed beside the record.
    Print {},
    /// A reply is not printed.
    Refuse {
        /// Why.
        reason: String,
    },
}

impl Doing {
    /// Whether it decides: for those alone who may.
    #[must_use]
    pub const fn decides(&self) -> bool {
        matches!(self, Self::Decide(_) | Self::DecideAppeal(_) | Self::Print {} | Self::Refuse { .. })
    }

    /// Whether it is the party's own; a unit may enter it where the case came on paper, and a remedy that it was told of.
    #[must_use]
    pub const fn is_of_the_party(&self) -> bool {
        matches!(self, Self::Appeal { .. } | Self::Withdraw { .. } | Self::FileRemedy { .. })
    }

    /// Kind of the act.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Push {} => "objection_pushed",
            Self::Accept {} => "objection_accepted",
            Self::Extend { .. } => "objection_extended",
            Self::Check { .. } => "objection_checked",
            Self::Decide(_) => "objection_decided",
            Self::Appeal { .. } => "objection_appealed",
            Self::Refer { .. } => "objection_referred",
            Self::DecideAppeal(_) => "objection_appeal_decided",
            Self::Serve { .. } => "objection_decision_served",
            Self::FileRemedy { .. } => "objection_remedy_filed",
            Self::RuleRemedy { .. } => "objection_remedy_ruled",
            Self::Withdraw { .. } => "objection_withdrawn",
            Self::Print {} => "reply_printed",
            Self::Refuse { .. } => "reply_refused",
        }
    }

    /// The decision in it.
    pub(super) const fn deciding(&self) -> Option<&Deciding> {
        match self {
            Self::Decide(deciding) | Self::DecideAppeal(deciding) => Some(deciding),
            _ => None,
        }
    }
}
