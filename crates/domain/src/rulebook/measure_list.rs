//! The editions of the measures list (失信惩戒措施清单) by name: which official edition there was when, and what is shipped in its
//! place. The measures themselves carry their own days.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Every edition that is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureList {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Editions, in order of their days.
    #[serde(rename = "edition", default)]
    pub editions: Vec<NamedEdition>,
}

/// Whose edition it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Published by the competent authorities.
    Official,
    /// A table of the law's own clauses, until the official table is loaded.
    DraftBasis,
}

/// One edition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedEdition {
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub standing: Standing,
    /// First day.
    pub effective_from: Date,
    /// Who issued it.
    pub issuer: String,
    /// Whether the measures of the rulebook hold its table.
    pub loaded: bool,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// True where the authors could not read it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}
