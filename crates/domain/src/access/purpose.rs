//! Purposes (查询目的): a read of what is not public says for what, and in approvals for which case.

use crate::provision::{Basis, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// Stable code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// A case number must be given (办件编号).
    #[serde(default)]
    pub case_required: bool,
    /// Opens what is not settled too: what waits for a person, or is not public yet. Else only what stands is opened.
    #[serde(default)]
    pub unsettled: bool,
    /// Shown to the organisation only where an investigation is recorded as over (查处期间不告知).
    #[serde(default)]
    pub confidential: bool,
}

/// The purposes, in dated versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purposes {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<PurposesVersion>,
}

/// The purposes of a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurposesVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// Each purpose.
    #[serde(rename = "purpose", default)]
    pub purposes: Vec<Purpose>,
}

impl Purposes {
    /// The purposes on a day.
    #[must_use]
    pub fn on(&self, day: Date) -> &[Purpose] {
        let version = self.versions.iter().find(|v| holds_on(day, (v.effective_from, v.effective_to)));
        version.map_or(&[], |version| &version.purposes)
    }

    /// The purpose with a code on a day.
    #[must_use]
    pub fn find(&self, code: &str, day: Date) -> Option<&Purpose> {
        self.on(day).iter().find(|purpose| purpose.code == code)
    }
}
