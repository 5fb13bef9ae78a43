//! Memoranda (备忘录) as data: agreements between departments to act together. They are kept because old letters and lists name
//! them, and because each of their sentences must be traced to a law: a memorandum is never itself a basis (国办发〔2020〕49号).

use crate::provision::holds_on;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A memorandum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memorandum {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Its title.
    pub name: String,
    /// Its number.
    pub number: String,
    /// Who signed it, in short.
    pub signed_by: String,
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// Whom it is about.
    pub targets: String,
    /// Behaviour items that it is about.
    #[serde(default)]
    pub behaviours: Vec<String>,
    /// Its sentences, each traced to measures of the list or to none.
    #[serde(rename = "sentence", default)]
    pub sentences: Vec<Sentence>,
    /// True where the authors could not read the text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

/// What a memorandum says is to be done, and what carries it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    /// In short.
    pub text: String,
    /// Measures of the list that carry it.
    #[serde(default)]
    pub measures: Vec<String>,
    /// Why nothing carries it; empty where something does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub no_basis: String,
}

impl Memorandum {
    /// Whether it was in force on a day.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        holds_on(day, (self.effective_from, self.effective_to))
    }
}
