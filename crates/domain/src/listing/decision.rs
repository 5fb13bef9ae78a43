//! What a decision to list says: three findings, measures, the ways out.

use super::{Refusal, rule};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The three findings (鲁信用办〔2019〕8号 art. 十二: 性质恶劣、情节严重、社会危害较大), each with its reasons.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Findings {
    /// 性质
    #[serde(default)]
    pub nature: String,
    /// 情节
    #[serde(default)]
    pub circumstances: String,
    /// 危害
    #[serde(default)]
    pub harm: String,
}

impl Findings {
    /// All three are there, each in words of its own.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let [nature, circumstances, harm] = [&self.nature, &self.circumstances, &self.harm].map(|text| text.trim());
        rule::NATURE_MISSING.demand(!nature.is_empty())?;
        rule::CIRCUMSTANCES_MISSING.demand(!circumstances.is_empty())?;
        rule::HARM_MISSING.demand(!harm.is_empty())?;
        rule::FINDING_REPEATED.demand(nature != circumstances && circumstances != harm && nature != harm)
    }
}

/// A measure that a decision names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureTaken {
    /// Its code in the list of measures.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The body that carries it out.
    pub body: String,
}

/// A way out that a decision names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WayOut {
    /// What it is called.
    pub name: String,
    /// Its conditions.
    pub conditions: Vec<String>,
    /// First day on which it opens.
    pub from_on: Date,
}
