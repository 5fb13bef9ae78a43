//! An evaluation model as it stands in `rulebook/evaluation/<id>.toml`: dated versions of base, weights and thresholds.

use super::Grade;
use crate::provision::{Basis, holds_on};
use crate::subject::Uscc;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Stable id, the same as the file name.
    pub id: String,
    /// Name as pages show it.
    pub name: String,
    /// What everyone must know before he reads a grade by it: shown on every page.
    pub notice: String,
    /// Only organisations registered in these regions (positions 3–8 of the code) are evaluated.
    pub regions: Vec<String>,
    /// Dated versions, ascending.
    #[serde(rename = "version")]
    pub versions: Vec<ModelVersion>,
}

/// A version of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelVersion {
    /// First day on which it evaluates.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law behind evaluating.
    pub basis: Vec<Basis>,
    /// Points before any record.
    pub base_points: i64,
    /// Lowest points of A, B and C; what is below is D.
    pub threshold_points: Thresholds,
    /// What records weigh.
    #[serde(rename = "weight")]
    pub weights: Vec<Weight>,
}

/// Lowest points of each grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// A (优).
    pub a: i64,
    /// B (良).
    pub b: i64,
    /// C (中).
    pub c: i64,
}

impl Thresholds {
    /// The grade of a number of points.
    #[must_use]
    pub fn grade(&self, points: i64) -> Grade {
        match points {
            points if points >= self.a => Grade::A,
            points if points >= self.b => Grade::B,
            points if points >= self.c => Grade::C,
            _ => Grade::D,
        }
    }
}

/// What a record of an item (and class) weighs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// Item code.
    pub item: String,
    /// Class of misconduct; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Points added (negative: deducted) for each record.
    pub points: i64,
    /// Bound of the sum over all records of this weight; none when absent. A record beyond it stands with 0 points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<i64>,
    /// Why, with its article.
    pub article: String,
}

impl ModelVersion {
    /// The position of the weight of an item and class of misconduct: the first that fits; none where it weighs nothing.
    #[must_use]
    pub fn weight_of(&self, item: &str, class: &str) -> Option<usize> {
        self.weights.iter().position(|weight| {
            weight.item == item && weight.class.as_deref().is_none_or(|of_weight| of_weight == class)
        })
    }
}

impl Model {
    /// Whether the model speaks of an organisation: its region is named. Who is never evaluated is not decided here.
    #[must_use]
    pub fn speaks_of(&self, uscc: &Uscc) -> bool {
        self.regions.iter().any(|region| region == uscc.region())
    }

    /// The version in force on a day.
    #[must_use]
    pub fn version_on(&self, day: Date) -> Option<&ModelVersion> {
        self.versions.iter().find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }

    /// What is wrong with the model, one sentence a finding.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for version in &self.versions {
            let Thresholds { a, b, c } = version.threshold_points;
            if !(a > b && b > c) {
                problems.push(format!("thresholds of {} do not fall from A to C", version.effective_from));
            }
            if version.threshold_points.grade(version.base_points) != Grade::A {
                problems.push(format!("without any record the grade of {} is not A", version.effective_from));
            }
            if version.basis.is_empty() {
                problems.push(format!("version {} has no basis", version.effective_from));
            }
            for weight in &version.weights {
                if weight.bound.is_some_and(|bound| bound.signum() != weight.points.signum()) || weight.points == 0 {
                    problems.push(format!("weight of {} has no points or a bound of another sign", weight.item));
                }
            }
        }
        for pair in self.versions.windows(2) {
            if let [old, new] = pair
                && old.effective_to.is_none_or(|to| to >= new.effective_from)
            {
                problems.push(format!("versions {} and {} overlap", old.effective_from, new.effective_from));
            }
        }
        problems
    }
}
