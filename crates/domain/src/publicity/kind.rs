//! Kinds of penalty (处罚种类) and the classes that orders give them: the shape of `rulebook/repair/kinds.toml`.

use crate::provision::Basis;
use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct KindsFile {
    /// How a stated class may be written.
    pub stated: Vec<Stated>,
    /// The kinds and how they are written.
    #[serde(rename = "kind")]
    pub kinds: Vec<Kind>,
    /// One table per order.
    #[serde(rename = "table")]
    pub tables: Vec<Table>,
}

impl KindsFile {
    /// Whether one of the kinds as they are written is one of those that are wanted; true where none is wanted.
    #[must_use]
    pub fn has_one(&self, written: &[String], wanted: &[String]) -> bool {
        let code_of = |name: &String| self.kinds.iter().find(|kind| kind.names.contains(name)).map(|kind| &kind.code);
        wanted.is_empty() || written.iter().filter_map(code_of).any(|code| wanted.contains(code))
    }
}

/// Written forms of a stated class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stated {
    /// Class or row code.
    pub code: String,
    /// How it is written.
    pub names: Vec<String>,
}

/// A kind of penalty (行政处罚法 art. 九) with the forms that circulate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Code.
    pub code: String,
    /// How it is written, the official form first. `其他-` before a form means the same kind; every other text after
    /// 其他, and every unknown text, is the kind `other`.
    pub names: Vec<String>,
    /// Falls on persons only: a row that names it is never public.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub person_only: bool,
    /// Why a form was mapped here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One order's table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Code that a pack names.
    pub code: String,
    /// The order.
    pub name: String,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Lines; for each kind the first that fits counts.
    #[serde(rename = "map")]
    pub maps: Vec<Mapping>,
}

/// Who says that a record has its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The order names the kind or the list.
    Text,
    /// A default of this project, shown as 待认定.
    Default,
    /// The authority states it.
    Stated,
}

/// One line of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Kinds; `*` fits every kind.
    pub kinds: Vec<String>,
    /// Fits only records with the authority's sector flag.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sector: bool,
    /// Fits only a known fine up to this many yuan, inclusive (以下包括本数).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fine_yuan_max: Option<u64>,
    /// Fits only these tiers of discretion, by their beginning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<String>,
    /// The row of the pack.
    pub row: String,
    /// Whether the order names the kind.
    pub by: By,
    /// Where.
    pub basis: Vec<Basis>,
}

impl Mapping {
    /// Whether the line fits a kind with its circumstances.
    pub(super) fn fits(&self, kind: &str, facts: &super::Facts<'_>) -> bool {
        self.kinds.iter().any(|k| k == "*" || k == kind)
            && (!self.sector || facts.sector_flag)
            && self.fine_yuan_max.is_none_or(|yuan| facts.fine_cents.is_some_and(|c| c <= yuan.saturating_mul(100)))
            && (self.tiers.is_empty()
                || facts.discretion_tier.is_some_and(|t| self.tiers.iter().any(|tier| t.starts_with(tier.as_str()))))
    }
}
