//! Another platform as the rulebook describes it: which items it is given, and the forms in which the two write to each other. What
//! could not be verified stands in its adapter, marked so, and is changed there and not in the program.

use super::standing::Verb;
use crate::provision::{Basis, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A platform, in dated versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<PlatformVersion>,
}

/// A platform in a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlatformVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// True where its forms or times could not be verified.
    #[serde(default)]
    pub unverified: bool,
    /// Codes of the items that it is given.
    pub items: Vec<String>,
    /// First digits of the codes of the organisations whose records it is given; those of all where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub code_prefixes: Vec<String>,
    /// The most rows of one package.
    pub package_rows: u32,
    /// Working days after which a package without an answer counts as lost.
    pub answer_days: u32,
    /// The columns before those of the item's form.
    pub sent: SentColumns,
    /// How operations are written.
    pub operations: OperationWords,
    /// Its answer to a package.
    pub receipt: ReceiptForm,
    /// Its daily counts.
    pub count: CountForm,
    /// What it holds, row by row.
    pub holding: HoldingForm,
    /// Its copies, where it tells of their publicity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<CopyForm>,
    /// Cases of repair that began at its window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseForm>,
    /// Codes for which it refuses rows, in words.
    #[serde(rename = "answer_code", default, skip_serializing_if = "Vec::is_empty")]
    pub answer_codes: Vec<AnswerCode>,
}

/// The columns before those of the item's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentColumns {
    /// Number of the row in its package.
    pub line: String,
    /// Operation.
    pub operation: String,
    /// The record's public reference.
    pub id: String,
    /// The record's version.
    pub version: String,
}

/// How operations are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationWords {
    /// New.
    pub insert: String,
    /// Another version.
    pub update: String,
    /// Public no longer.
    pub delete: String,
}

/// The answer to a package: headers of its columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptForm {
    /// The record.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What was asked.
    pub operation: String,
    /// What became of it.
    pub result: String,
    /// Why it was refused.
    pub code: String,
    /// The field for which it was.
    pub field: String,
    /// Words of the result for a row that was taken.
    pub accepted: Vec<String>,
    /// Words of the result for a row that was refused.
    pub refused: Vec<String>,
}

/// How many records it holds: headers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountForm {
    /// Code of the item.
    pub item: String,
    /// The day of the count.
    pub day: String,
    /// How many.
    pub count: String,
}

/// What it holds: headers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldingForm {
    /// The record.
    pub id: String,
    /// The version.
    pub version: String,
}

/// Publicity of its copies: headers and words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopyForm {
    /// The record.
    pub id: String,
    /// Whether it is public there.
    pub state: String,
    /// Its last public day there.
    pub through: String,
    /// Words for what is public.
    pub public: Vec<String>,
    /// Words for what is public no longer.
    pub ended: Vec<String>,
}

/// Cases of repair from its window: headers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseForm {
    /// Number at the window.
    pub reference: String,
    /// Day at the window.
    pub window_on: String,
    /// The record.
    pub id: String,
    /// How the wrong was put right.
    pub rectified: String,
    /// Codes of the clauses of the letter that was signed, between semicolons.
    pub clauses: String,
    /// The day of its signature.
    pub signed_on: String,
    /// Papers, between semicolons: kind, number, digest, each between bars.
    pub papers: String,
}

/// A code for which a row is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerCode {
    /// As the platform writes it.
    pub code: String,
    /// In words.
    pub name: String,
    /// Whether the row is sent again by itself.
    #[serde(default)]
    pub again: bool,
}

impl OperationWords {
    /// How an operation is written.
    #[must_use]
    pub fn word(&self, verb: Verb) -> &str {
        match verb {
            Verb::Insert => &self.insert,
            Verb::Update => &self.update,
            Verb::Delete => &self.delete,
        }
    }
}

impl Platform {
    /// Its version on a day.
    #[must_use]
    pub fn version_on(&self, day: Date) -> Option<&PlatformVersion> {
        self.versions.iter().find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }
}

impl PlatformVersion {
    /// Whether it is given the records of an organisation.
    #[must_use]
    pub fn is_given(&self, uscc: &str) -> bool {
        self.code_prefixes.is_empty() || self.code_prefixes.iter().any(|prefix| uscc.starts_with(prefix.as_str()))
    }

    /// A code in words; the code itself where the adapter does not know it.
    #[must_use]
    pub fn answer_name<'p>(&'p self, code: &'p str) -> &'p str {
        self.answer_codes.iter().find(|known| known.code == code).map_or(code, |known| known.name.as_str())
    }

    /// Whether a row that was refused for a code is sent again by itself.
    #[must_use]
    pub fn sends_again(&self, code: &str) -> bool {
        self.answer_codes.iter().any(|known| known.code == code && known.again)
    }
}
