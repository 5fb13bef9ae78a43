//! Erasure (删除): by which clause the content of a record goes, and how long raw rows are kept.
//!
//! Serves 个人信息保护法 arts. 十九 and 四十七. Clauses and periods are dated rules of the rulebook; which rows are touched is not
//! decided here.

use crate::provision::{Basis, Level, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Everything that the rulebook says of erasure; editions from before there was such a rule say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Clauses.
    pub clauses: Option<Clauses>,
    /// Periods.
    pub retention: Option<Retention>,
}

/// The clauses, in dated versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clauses {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<ClausesVersion>,
}

/// The clauses of a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClausesVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The clauses.
    #[serde(rename = "clause", default)]
    pub clauses: Vec<Clause>,
}

/// A clause by which a record is erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Stable code.
    pub code: String,
    /// What it says, in short.
    pub name: String,
    /// Exact title of the text.
    pub title: String,
    /// Article numeral without 第 and 条.
    pub article: String,
    /// Rank of the text.
    pub level: Level,
    /// The cases in which it applies.
    pub cases: String,
    /// True where the rulebook's authors could not read the text itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

impl Clause {
    /// Title and article, as the head of an act names its basis.
    #[must_use]
    pub fn basis(&self) -> String {
        format!("{} {}", self.title, self.article)
    }

    /// The law that it stands in.
    #[must_use]
    pub fn provision(&self) -> Basis {
        let (title, article) = (self.title.clone(), self.article.clone());
        Basis { title, article, level: self.level, unverified: self.unverified }
    }
}

/// The periods, in dated versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<RetentionVersion>,
}

/// The periods of a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// True where a number is a setting of ours, for confirmation.
    #[serde(default)]
    pub unverified: bool,
    /// How many days after its batch has ended a rejected row is kept as it came.
    pub rejected_days: u32,
}

impl Rules {
    /// The clause with a code that is in force on a day.
    #[must_use]
    pub fn clause(&self, code: &str, day: Date) -> Option<&Clause> {
        self.clauses_on(day).iter().find(|clause| clause.code == code)
    }

    /// The clauses in force on a day, in the order of the file.
    #[must_use]
    pub fn clauses_on(&self, day: Date) -> &[Clause] {
        let mut versions = self.clauses.iter().flat_map(|clauses| &clauses.versions);
        let in_force = versions.find(|v| holds_on(day, (v.effective_from, v.effective_to)));
        in_force.map_or(&[], |version| &version.clauses)
    }

    /// The clause with a code, of whatever version: to tell what was done under it.
    #[must_use]
    pub fn any_clause(&self, code: &str) -> Option<&Clause> {
        let versions = self.clauses.iter().flat_map(|clauses| &clauses.versions).rev();
        versions.flat_map(|version| &version.clauses).find(|clause| clause.code == code)
    }

    /// The periods in force on a day.
    #[must_use]
    pub fn retention_on(&self, day: Date) -> Option<&RetentionVersion> {
        let mut versions = self.retention.iter().flat_map(|retention| &retention.versions);
        versions.find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }
}

/// A change that an erasing act lists: its commitment and its number in the organisation's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Number.
    pub number: i64,
    /// Commitment.
    pub commitment: [u8; 32],
}

impl Listed {
    /// As an act's header says it.
    #[must_use]
    pub fn told(&self) -> Value {
        json!({ "commitment": crate::canonical::hex(&self.commitment), "number": self.number })
    }

    /// Reads what a header says.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let commitment = crate::canonical::unhex(value.get("commitment")?.as_str()?)?.try_into().ok()?;
        Some(Self { number: value.get("number")?.as_i64()?, commitment })
    }
}

/// The bytes that the commitment of an erasure opens: nothing of what was erased, and no identity.
#[must_use]
pub fn statement(uscc: &str, reference: &str, clause: &str) -> Vec<u8> {
    crate::canonical::to_vec(&json!({ "clause": clause, "erased": reference, "uscc": uscc }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn clause(code: &str) -> Clause {
        Clause {
            code: code.into(),
            name: "示例".into(),
            title: "个人信息保护法".into(),
            article: "四十七".into(),
            level: Level::Law,
            cases: "示例".into(),
            unverified: false,
        }
    }

    #[test]
    fn a_clause_is_applied_on_its_days_only_and_told_for_ever() {
        let version = |from: &str, to: Option<&str>, code: &str| ClausesVersion {
            effective_from: day(from),
            effective_to: to.map(day),
            clauses: vec![clause(code)],
        };
        let versions = vec![version("2021-11-01", Some("2025-12-31"), "old"), version("2026-01-01", None, "new")];
        let clauses = Some(Clauses { code: "clauses".into(), name: "示例".into(), versions });
        let rules = Rules { clauses, retention: None };
        assert!(rules.clause("old", day("2025-12-31")).is_some() && rules.clause("old", day("2026-01-01")).is_none());
        assert!(rules.clause("new", day("2021-10-31")).is_none());
        assert_eq!(rules.any_clause("old").map(Clause::basis).as_deref(), Some("个人信息保护法 四十七"));
        assert!(rules.retention_on(day("2026-01-01")).is_none());
    }

    #[test]
    fn what_is_listed_is_read_as_it_was_told() {
        let listed = Listed { number: 7, commitment: [9; 32] };
        assert_eq!(Listed::read(&listed.told()), Some(listed));
        assert_eq!(Listed::read(&json!({ "number": 7, "commitment": "09" })), None);
        assert_eq!(
            String::from_utf8(statement("913799000000000000", "ab", "court_order")).unwrap(),
            r#"{"clause":"court_order","erased":"ab","uscc":"913799000000000000"}"#
        );
    }
}
