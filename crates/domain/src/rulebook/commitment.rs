//! Letters of commitment (信用承诺书) as data: a fixed form, clause by clause, in dated editions.
//!
//! Serves 鲁信用办〔2019〕8号 arts. 三 and 四 and 信用修复管理办法 art. 十四. Who signs one and what follows is [`crate::repair`].

use crate::provision::{Basis, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A letter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommitmentLetter {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<LetterVersion>,
}

/// One edition of a letter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// Title.
    pub title: String,
    /// What it begins with; `{organisation}`, `{uscc}`, `{unit}` and `{date}` are filled in.
    pub opening: String,
    /// Every clause; none may be left out.
    #[serde(rename = "clause", default)]
    pub clauses: Vec<Clause>,
    /// What the signer takes upon himself where he breaks it.
    pub liability: String,
}

/// A clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Stable code.
    pub code: String,
    /// Its words.
    pub text: String,
}

/// What a letter for a repair has to promise: code of the clause, a word without which it does not say so, the law.
pub const REPAIR_CLAUSES: [(&str, &str, &str); 5] = [
    ("lawful", "诚信经营", "鲁信用办〔2019〕8号 四"),
    ("supervision", "社会监督", "鲁信用办〔2019〕8号 四"),
    ("punishment", "联合惩戒", "鲁信用办〔2019〕8号 四"),
    ("truth", "真实", "信用修复管理办法 十四"),
    ("performed", "履行", "信用修复管理办法 十四"),
];

impl CommitmentLetter {
    /// The edition in force on a day.
    #[must_use]
    pub fn version_on(&self, day: Date) -> Option<&LetterVersion> {
        self.versions.iter().find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }
}

impl LetterVersion {
    /// A clause by its code.
    #[must_use]
    pub fn clause(&self, code: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.code == code)
    }

    /// The letter word for word, a paragraph a line. It names the unit and not the record: what was repaired leaves no trace in it.
    #[must_use]
    pub fn text(&self, organisation: &str, uscc: &str, unit: &str, signed_on: Date) -> String {
        let date = format!("{}年{}月{}日", signed_on.year(), signed_on.month(), signed_on.day());
        let opening = self.opening.replace("{organisation}", organisation).replace("{uscc}", uscc);
        let opening = opening.replace("{unit}", unit);
        let mut text = format!("{}\n{opening}", self.title);
        for (place, clause) in self.clauses.iter().enumerate() {
            text.push_str(&format!("\n{}．{}", place + 1, clause.text));
        }
        text.push_str(&format!("\n{}\n{organisation}　{date}", self.liability));
        text
    }
}
