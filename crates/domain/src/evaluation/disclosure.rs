//! Whose grade is shown: an item of the rulebook (`rulebook/disclosure/grade.toml`), not of the program.
//!
//! Serves 国办发〔2026〕8号: the national result is mirrored and never computed. Where the rules show it, it prevails, and no
//! model is asked.

use crate::provision::{Basis, holds_on};
use crate::subject::Uscc;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Who made a grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GradeSource {
    /// The national result, as it was imported (`evaluation_national`).
    National,
    /// The model of the rulebook that speaks of the organisation.
    Model,
}

/// The rule, in dated versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<DisclosureVersion>,
}

/// One version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisclosureVersion {
    /// First day on which it decides.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law behind showing a grade.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// The first that names the organisation's region decides.
    #[serde(rename = "rule", default)]
    pub rules: Vec<DisclosureRule>,
}

/// Whose grade is shown of the organisations of some regions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisclosureRule {
    /// Regions (positions 3–8 of the code); every one when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// The first of these that has a result is shown.
    pub show: Vec<GradeSource>,
    /// What readers must be told of this choice, in Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Disclosure {
    /// The rule that decides whose grade is shown of an organisation on a day; none where nobody's is.
    #[must_use]
    pub fn rule(&self, uscc: &Uscc, day: Date) -> Option<&DisclosureRule> {
        let in_force = self.versions.iter().find(|v| holds_on(day, (v.effective_from, v.effective_to)));
        let fits = |rule: &&DisclosureRule| rule.regions.is_empty() || rule.regions.iter().any(|r| r == uscc.region());
        in_force.and_then(|version| version.rules.iter().find(fits))
    }
}
