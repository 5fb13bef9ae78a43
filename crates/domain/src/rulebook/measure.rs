//! Measures (惩戒措施) as data: what may follow, for whom, by which body, under which clause, how long.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十三 and 国办发〔2020〕49号: what stands in no law stands in no list. Applying a measure to a
//! case is not here. Measures that bind persons only are not kept for organisations.

use crate::provision::{Basis, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<MeasureVersion>,
}

/// What a measure does to its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Reduces rights or adds duties: needs law, regulation or central document.
    ReducesRights,
    /// Management by public bodies that reduces no right.
    Manages,
    /// Information for the free decision of others.
    Informs,
}

/// How far the implementing body is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Force {
    /// Must apply it when the case is decided.
    Binds,
    /// May apply it.
    May,
    /// Files and publishes.
    Record,
    /// Is informed and decides freely; never an order.
    Informs,
}

/// Which kind of body carries a measure out (鲁信用办〔2019〕8号 art. 十三).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 行政性
    Administrative,
    /// 市场性
    Market,
    /// 行业性
    Industry,
}

/// One edition of a measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureVersion {
    /// First day on which it may be applied.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// Heading of the national list (`[list.measure_heading]`).
    pub heading: String,
    /// Administrative, market or industry.
    pub kind: Kind,
    /// What it does to its target.
    pub effect: Effect,
    /// How far its body is bound.
    pub force: Force,
    /// What is done.
    pub content: String,
    /// To whom.
    pub applies_to: String,
    /// Lists of `listing/` whose entries it may follow; empty where it follows a single decision.
    #[serde(default)]
    pub lists: Vec<String>,
    /// The law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// The clause, word for word.
    #[serde(default)]
    pub clause: String,
    /// The body that carries it out.
    #[serde(default)]
    pub body: String,
    /// Longest term: an ISO period or range (`P1Y..P3Y`), `until …`, `none`, `per charter`, `by contract`, or `open` where
    /// the law sets none; an open measure ends with the decision or entry under it.
    #[serde(default)]
    pub maximum_term: String,
    /// True where the authors could not read the text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

impl Measure {
    /// The edition in force on a day.
    #[must_use]
    pub fn version_on(&self, day: Date) -> Option<&MeasureVersion> {
        self.versions.iter().find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }
}
