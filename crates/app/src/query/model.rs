//! The method of an evaluation model as a page or a program shows it: every parameter with its basis.
//!
//! Serves 鲁信用办〔2019〕8号 art. 七. A model that only demonstrates is labelled so by its own notice. No grade of anybody is
//! here.

use crate::service::Service;
use credence_domain::evaluation::{Grade, Model, ModelVersion};
use credence_domain::provision::Basis;
use credence_domain::rulebook::Rulebook;
use jiff::civil::Date;
use serde::Serialize;

/// A model with the version that evaluates on the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModelView {
    /// Stable id.
    pub id: String,
    /// Name as pages show it.
    pub name: String,
    /// What everyone must know before reading a grade by it.
    pub notice: String,
    /// Only organisations registered in these regions (positions 3–8 of the code) are evaluated.
    pub regions: Vec<String>,
    /// Day for which this answer was made.
    pub as_of: Date,
    /// Digest of the rulebook.
    pub rulebook: String,
    /// Days from which each version evaluates, ascending.
    pub versions: Vec<Date>,
    /// The version in force on the day; null before the first and after the last.
    pub version: Option<VersionView>,
}

/// One version of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VersionView {
    /// First day on which it evaluates.
    pub effective_from: Date,
    /// Last day, inclusive; null while it is open.
    pub effective_to: Option<Date>,
    /// The law behind evaluating.
    pub basis: Vec<Basis>,
    /// Points before any record.
    pub base_points: i64,
    /// What points each grade takes, best first.
    pub grades: Vec<GradeView>,
    /// What records weigh; the first that fits a record counts.
    pub weights: Vec<WeightView>,
}

/// What points a grade takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GradeView {
    /// `A` … `D`.
    pub grade: Grade,
    /// 优 良 中 差.
    pub word: &'static str,
    /// Lowest points; null for D.
    pub points_min: Option<i64>,
    /// Highest points; null for A.
    pub points_max: Option<i64>,
}

/// What a record of an item (and class) weighs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WeightView {
    /// Item code.
    pub item: String,
    /// Its Chinese name.
    pub item_name: String,
    /// Class of misconduct; null where any other fits.
    pub class: Option<String>,
    /// Points added (negative: deducted) for each record.
    pub points: i64,
    /// Bound of the sum over all records of this weight; null when there is none.
    pub bound: Option<i64>,
    /// Why, with its article.
    pub article: String,
}

impl Service {
    /// Every evaluation model of the rulebook, in order of ids.
    #[must_use]
    pub fn models(&self, day: Date) -> Vec<ModelView> {
        self.rulebook().models.values().map(|model| view(self.rulebook(), model, day)).collect()
    }
}

fn view(rulebook: &Rulebook, model: &Model, day: Date) -> ModelView {
    ModelView {
        id: model.id.clone(),
        name: model.name.clone(),
        notice: model.notice.clone(),
        regions: model.regions.clone(),
        as_of: day,
        rulebook: credence_domain::canonical::hex(&rulebook.digest),
        versions: model.versions.iter().map(|version| version.effective_from).collect(),
        version: model.version_on(day).map(|version| version_view(rulebook, version)),
    }
}

fn version_view(rulebook: &Rulebook, version: &ModelVersion) -> VersionView {
    let lowest = version.threshold_points;
    let grade = |grade: Grade, points_min: Option<i64>, above: Option<i64>| GradeView {
        grade,
        word: grade.word(),
        points_min,
        points_max: above.map(|above| above - 1),
    };
    let name = |item: &str| rulebook.items.get(item).map_or_else(|| item.to_owned(), |item| item.name.clone());
    let weights = version.weights.iter().map(|weight| WeightView {
        item: weight.item.clone(),
        item_name: name(&weight.item),
        class: weight.class.clone(),
        points: weight.points,
        bound: weight.bound,
        article: weight.article.clone(),
    });
    VersionView {
        effective_from: version.effective_from,
        effective_to: version.effective_to,
        basis: version.basis.clone(),
        base_points: version.base_points,
        grades: vec![
            grade(Grade::A, Some(lowest.a), None),
            grade(Grade::B, Some(lowest.b), Some(lowest.a)),
            grade(Grade::C, Some(lowest.c), Some(lowest.b)),
            grade(Grade::D, None, Some(lowest.c)),
        ],
        weights: weights.collect(),
    }
}
