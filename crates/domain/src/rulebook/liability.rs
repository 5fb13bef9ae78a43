//! Legal grounds of personal consequence (责任人员的法律依据) as data: which law holds a responsible person to account for the
//! listing of his organisation, in which role, how long, and which authority keeps the person's own record.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十四 (惩戒到人) and 山东省社会信用条例 art. 三十一: 依照法律、行政法规和国家有关规定. What is no law
//! reaches nobody. Whom a ground reaches in a case is [`crate::officer`].

use super::measure::{Force, Term};
use crate::officer::Role;
use crate::provision::{Basis, Level, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A ground.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Liability {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<LiabilityVersion>,
}

/// One edition of a ground.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiabilityVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// How far whoever carries it out is bound: `binds`, `may`, or `record` where the law only has the person named.
    pub force: Force,
    /// What follows for the person.
    pub content: String,
    /// The law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// The clause, word for word.
    #[serde(default)]
    pub clause: String,
    /// The roles that it reaches.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Lists of `listing/` whose entries it goes with.
    #[serde(default)]
    pub lists: Vec<String>,
    /// Kinds of penalty of which a document of the listing must have one, as `repair/kinds.toml` codes them; empty where the law names
    /// none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// Longest term, written as for measures.
    #[serde(default)]
    pub maximum_term: String,
    /// The keeper (保管机关): the authority that keeps the person's own record, to which it is handed over.
    #[serde(default)]
    pub keeper: String,
    /// True where the authors could not read the text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

impl Liability {
    /// The edition in force on a day.
    #[must_use]
    pub fn version_on(&self, day: Date) -> Option<&LiabilityVersion> {
        self.versions.iter().find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }
}

impl LiabilityVersion {
    /// How long it may last; none where the text has no such form.
    #[must_use]
    pub fn term(&self) -> Option<Term> {
        Term::parse(&self.maximum_term)
    }

    /// The law in words.
    #[must_use]
    pub fn told(&self) -> String {
        self.basis.iter().map(Basis::told).collect::<Vec<_>>().join("、")
    }
}

/// Whether a text may hold a person to account: a law, an administrative regulation, or a document of the Central Committee or
/// the State Council. A local regulation is not enough (山东省社会信用条例 art. 三十一 itself refers upwards).
#[must_use]
pub fn carries(basis: &Basis) -> bool {
    matches!(basis.level, Level::CentralDocument | Level::AdministrativeRegulation | Level::Law)
}
