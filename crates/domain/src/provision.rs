//! Provisions (规定): the law behind a rule, with its rank and how sure the text is. Every rule carries at least one.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Whether a dated rule holds on a day: from its first day to its last, both inclusive; for good where it has no last day.
#[must_use]
pub fn holds_on(day: Date, (from, to): (Date, Option<Date>)) -> bool {
    from <= day && to.is_none_or(|last| day <= last)
}

/// Rank of a text in law. Order matters: a higher rank may carry what a lower may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// A setting of this project, for legal confirmation.
    Setting,
    /// National, industry or local standard (标准).
    Standard,
    /// Normative document (规范性文件): never a basis for a burden.
    NormativeDocument,
    /// Rule of a local government (地方政府规章).
    LocalRule,
    /// Department rule (部门规章).
    DepartmentRule,
    /// Judicial interpretation (司法解释).
    JudicialInterpretation,
    /// Local regulation (地方性法规).
    LocalRegulation,
    /// Document of the State Council or the Central Committee (党中央、国务院文件).
    CentralDocument,
    /// Administrative regulation (行政法规).
    AdministrativeRegulation,
    /// Law (法律).
    Law,
}

/// One reference into the law: title or number, article, rank.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Exact title or document number.
    pub title: String,
    /// Article numeral without 第 and 条, `-` for the whole text.
    pub article: String,
    /// Rank of the text.
    pub level: Level,
    /// True where the rulebook's authors could not read the text itself; it is shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

impl Basis {
    /// In words: title and article.
    #[must_use]
    pub fn told(&self) -> String {
        match self.article.as_str() {
            "-" => format!("《{}》", self.title),
            article => format!("《{}》第{article}条", self.title),
        }
    }
}
