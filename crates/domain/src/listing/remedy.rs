//! Remedies at law (复议, 诉讼) against a listing. Filing suspends nothing and is marked beside the record; a stay suspends
//! publicity and measures from the same day; an outcome upholds, changes for the better, or revokes. What a body ruled is entered with its
//! paper, by another person than whoever entered the filing.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Which remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemedyKind {
    /// 行政复议
    Reconsideration,
    /// 行政诉讼
    Litigation,
}

impl RemedyKind {
    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reconsideration => "reconsideration",
            Self::Litigation => "litigation",
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reconsideration => "行政复议",
            Self::Litigation => "行政诉讼",
        }
    }
}

/// A filing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filed {
    /// Which remedy.
    pub kind: RemedyKind,
    /// The case's number.
    pub number: String,
    /// The body that has it.
    pub body: String,
    /// Day of filing.
    pub on: Date,
}

/// How a remedy ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// 维持
    Upheld,
    /// 变更: fewer measures, an earlier end, or both.
    Changed {
        /// Codes of the measures that stay.
        measures: Vec<String>,
        /// The last public day, where it is earlier.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        through_on: Option<Date>,
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
            Self::Changed { .. } => "changed",
            Self::Revoked => "revoked",
        }
    }
}

/// A remedy with what became of it.
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
