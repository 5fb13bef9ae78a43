//! Definitions of lists as data: who lists whom, for what, how long, and the way out. Most are lists of serious dishonesty
//! (严重失信主体名单); an incentive list (守信激励) is defined by the same care.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十二, 国办发〔2020〕49号 and 信用修复管理办法 art. 四. The procedure that applies them is
//! [`crate::listing`].

use crate::provision::{Basis, holds_on};
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
    /// Whether a place on it burdens or honours.
    #[serde(default, skip_serializing_if = "Nature::is_adverse")]
    pub nature: Nature,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<DefinitionVersion>,
}

/// Stands among sectors for every one of them.
pub const ANY_SECTOR: &str = "*";

/// Whether a place on a list burdens or honours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// 严重失信主体名单
    #[default]
    Adverse,
    /// 守信激励: made public beforehand so that anyone may object.
    Incentive,
}

impl Nature {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Adverse, Self::Incentive];

    /// The item of the data list whose records publish entries.
    #[must_use]
    pub const fn item(self) -> &'static str {
        match self {
            Self::Adverse => "serious_dishonesty",
            Self::Incentive => "honour",
        }
    }

    const fn is_adverse(&self) -> bool {
        matches!(self, Self::Adverse)
    }
}

impl Definition {
    /// The edition in force on a day.
    #[must_use]
    pub fn version_on(&self, day: Date) -> Option<&DefinitionVersion> {
        self.versions.iter().find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }
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
    /// The document that lays down the method (名单管理办法), and how it was put to the public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// Steps of the procedure, in order, as the public reads them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub procedure: Vec<String>,
    /// Why no listing is decided here: the list belongs to an authority that this platform only mirrors. Empty where it is
    /// decided here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mirrored: String,
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
    /// Sectors of units (领域) that decide, as the directory writes them; [`ANY_SECTOR`] where the law leaves it to every
    /// department. None: nobody decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sectors: Vec<String>,
    /// Levels of units that decide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<String>,
    /// The law leaves the decision to the very unit that made the document (作出行政处罚决定的部门).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub maker_decides: bool,
    /// Consent that lower levels need, as text; empty where none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub consent: String,
    /// Levels of units (`city`, `county`) that may not decide without that consent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consent_levels: Vec<String>,
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
    /// Kinds of penalty of which it must have one, as `repair/kinds.toml` codes them; empty where the law names none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// Tiers of discretion (裁量档次) that suffice in place of such a kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<String>,
}

/// The document that lays down a list's method, and the public comment on it (国办发〔2020〕49号 item 7: 30 days at least).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// Who issued it.
    pub issuer: String,
    /// Its number.
    pub number: String,
    /// First day of the public comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_from: Option<Date>,
    /// Last day of it, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_through: Option<Date>,
    /// What was said, and what was answered, in short.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answers: String,
    /// True where the authors could not see when the public was asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
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
