//! The plan of a court on which a shield rests (重整计划、和解协议), and the rulings that speak of it.

use crate::listing::letter::told_day;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A ruling of a court (裁定书).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruling {
    /// The court.
    pub court: String,
    /// Its number (案号).
    pub number: String,
    /// The day on which it was made.
    pub made_on: Date,
}

impl Ruling {
    /// In words.
    #[must_use]
    pub fn told(&self) -> String {
        format!("{}{}{}裁定书", self.court, told_day(self.made_on), self.number)
    }
}

/// What a court approved so that an enterprise may go on (信用修复管理办法 art. 二十).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanKind {
    /// 重整计划
    Reorganisation,
    /// 和解协议
    Settlement,
}

impl PlanKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Reorganisation, Self::Settlement];

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reorganisation => "reorganisation",
            Self::Settlement => "settlement",
        }
    }

    /// In words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reorganisation => "重整计划",
            Self::Settlement => "和解协议",
        }
    }
}

/// Who applies while a plan is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Applicant {
    /// 企业
    Enterprise,
    /// 管理人
    Administrator,
}

impl Applicant {
    /// In words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enterprise => "企业",
            Self::Administrator => "管理人",
        }
    }
}

/// The plan on which an application for a shield rests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Which kind.
    pub kind: PlanKind,
    /// The ruling that approved it.
    pub approved: Ruling,
    /// Who applies.
    pub applicant: Applicant,
}

/// The shield from which an ordinary application goes on, once the plan is carried out: the record stays shielded until it is decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Followed {
    /// Number of the case that shielded the record.
    pub number: String,
    /// The ruling that confirmed that the plan is carried out.
    pub completed: Ruling,
    /// Numbers of the measures that were not lifted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
}
