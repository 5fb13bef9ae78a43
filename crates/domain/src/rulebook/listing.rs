//! Definitions of serious-dishonesty lists (严重失信主体名单) as data: who lists whom, for what, how long, and the way out.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十二, 国办发〔2020〕49号 and 信用修复管理办法 art. 四. The procedure that applies them is
//! not here.

use crate::provision::Basis;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<DefinitionVersion>,
}

/// One edition of a list's definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefinitionVersion {
    /// First day on which a listing may be proposed under it.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The department that answers for the list.
    pub department: String,
    /// The field of regulation.
    pub field: String,
    /// What sets the list up: law, regulation or central document (信用修复管理办法 art. 四).
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// What lays down its criteria: the same, or a department rule.
    #[serde(default)]
    pub criteria_basis: Vec<Basis>,
    /// Grounds for listing.
    #[serde(default)]
    pub criteria: Vec<Criterion>,
    /// Documents that a listing must rest on.
    #[serde(default)]
    pub base_documents: Vec<BaseDocument>,
    /// What is told beforehand, and how long there is to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// The organ that decides.
    #[serde(default)]
    pub deciding_organ: String,
    /// Consent that lower levels need, as text; empty where none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub consent: String,
    /// Longest time on the list in months; absent where the law ties it to performance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_months: Option<u32>,
    /// Ways out.
    #[serde(default)]
    pub exits: Vec<Exit>,
    /// How to object.
    #[serde(default)]
    pub objection: String,
    /// Remedies at law.
    #[serde(default)]
    pub remedies: Vec<String>,
    /// The pack of rulebook/repair that computes its days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pack: Option<String>,
    /// True where the authors could not read the text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

/// A ground for listing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Article of the criteria's basis.
    pub article: String,
    /// The ground in short.
    pub text: String,
}

/// A document that a listing rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseDocument {
    /// The item of the data list that holds it.
    pub item: String,
    /// What it must be.
    pub text: String,
}

/// Prior notice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// What is told.
    pub content: String,
    /// Working days to answer; absent where the law leaves it to the penalty's procedure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_working_days: Option<u32>,
    /// Where it is laid down.
    pub basis: Basis,
}

/// A way out of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exit {
    /// What it is called.
    pub name: String,
    /// Months on the list before it opens; 0 = at once.
    #[serde(default)]
    pub after_months: u32,
    /// Its conditions.
    pub conditions: Vec<String>,
    /// Where it is laid down.
    pub basis: Basis,
}
