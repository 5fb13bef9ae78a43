//! Rates of spot checks by credit class (抽查比例), `rulebook/inspection/rates.toml`.
//!
//! Serves 鲁信用办〔2019〕8号 art. 九: better credit lowers the rate, never to nothing.

use crate::provision::Basis;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The tables of one rulebook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// One table a field of regulation.
    #[serde(rename = "table", default)]
    pub tables: Vec<RateTable>,
}

/// Rates of one field of regulation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateTable {
    /// Stable code.
    pub code: String,
    /// Chinese name of the field.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<RateVersion>,
}

/// One edition of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateVersion {
    /// First day of a plan under it.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// Share of organisations drawn in a year, in thousandths, by class.
    pub permille_a_year: ByClass,
    /// True where the numbers are a setting for legal confirmation.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

/// A number for each class, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByClass {
    /// Low risk.
    #[serde(rename = "A")]
    pub a: u32,
    /// General risk.
    #[serde(rename = "B")]
    pub b: u32,
    /// Higher risk.
    #[serde(rename = "C")]
    pub c: u32,
    /// High risk.
    #[serde(rename = "D")]
    pub d: u32,
}
