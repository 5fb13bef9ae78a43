//! What article 13 of the founding document gives as examples of measures, each resolved to the law that carries it today or shown
//! as having no basis for organisations.

use super::measure::Kind;
use crate::provision::Basis;
use serde::{Deserialize, Serialize};

/// The examples of 鲁信用办〔2019〕8号 art. 十三.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// The examples, in the document's order.
    #[serde(rename = "example", default)]
    pub examples: Vec<Example>,
}

/// What became of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolved {
    /// Measures of the list carry it.
    InList,
    /// A condition that another law sets and another body checks; nothing is imposed.
    Condition,
    /// Information for the free decision of others.
    Informs,
    /// No law carries it for organisations: it is not in the list.
    NoBasis,
}

/// One example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// As the document words it.
    pub text: String,
    /// Under which kind the document names it.
    pub kind: Kind,
    /// What became of it.
    pub resolved: Resolved,
    /// The measures that carry it.
    #[serde(default)]
    pub measures: Vec<String>,
    /// The law that was looked at.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// In words, for whoever asks why.
    pub explanation: String,
}
