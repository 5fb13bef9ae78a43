//! Behaviour items (行为事项) as data: the acts that measures may follow, each with its law, who establishes it and by which
//! documents.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十三 (惩戒事项). A behaviour item lists nobody and counts nothing: a measure that follows a
//! single decision names the item of the decision, and the item says which measures may follow at all.

use crate::provision::{Basis, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A behaviour item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Behaviour {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<BehaviourVersion>,
}

/// One edition of a behaviour item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BehaviourVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The field of regulation.
    pub field: String,
    /// What the act is.
    pub content: String,
    /// The law that forbids it or names its consequence.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// Who establishes it.
    pub established_by: String,
    /// Items of the data list whose records establish it.
    #[serde(default)]
    pub items: Vec<String>,
    /// Kinds of penalty of which the decision must have one, as `repair/kinds.toml` codes them; empty where the law names none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// Lists of `listing/` that it may lead to; empty where no list names it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<String>,
    /// Codes of the measures that may follow.
    #[serde(default)]
    pub measures: Vec<String>,
    /// True where the authors could not read the text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

impl Behaviour {
    /// The edition in force on a day.
    #[must_use]
    pub fn version_on(&self, day: Date) -> Option<&BehaviourVersion> {
        self.versions.iter().find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }
}
