//! Who is evaluated, and by which version of which model; nobody else has a grade, points or a class anywhere.
//!
//! 个体工商户 (92) and public bodies (11) are never evaluated, an unregistered organisation waits for its registration, and
//! no shipped model speaks of a real organisation.

use super::{Model, ModelVersion};
use crate::subject::{SubjectClass, Uscc};
use jiff::civil::Date;

/// Why an organisation is not evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotEvaluated {
    /// Its registration has not arrived.
    Unregistered,
    /// Its kind is never evaluated.
    ClassNotEvaluated,
    /// No model speaks of its region.
    NoModelForRegion,
    /// The model has no version on the day.
    ModelNotInForce,
}

impl NotEvaluated {
    /// Every reason.
    pub const ALL: [NotEvaluated; 4] = [
        NotEvaluated::Unregistered,
        NotEvaluated::ClassNotEvaluated,
        NotEvaluated::NoModelForRegion,
        NotEvaluated::ModelNotInForce,
    ];

    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            NotEvaluated::Unregistered => "unregistered",
            NotEvaluated::ClassNotEvaluated => "class_not_evaluated",
            NotEvaluated::NoModelForRegion => "no_model_for_region",
            NotEvaluated::ModelNotInForce => "model_not_in_force",
        }
    }
}

/// Whether an organisation may have a grade at all, by whomever.
///
/// # Errors
/// Why it may not.
pub fn may_have_grade(uscc: &Uscc, registered: bool) -> Result<(), NotEvaluated> {
    if !SubjectClass::of(uscc).may_be_evaluated() {
        return Err(NotEvaluated::ClassNotEvaluated);
    }
    if registered { Ok(()) } else { Err(NotEvaluated::Unregistered) }
}

/// The version of a model that evaluates an organisation on a day.
///
/// # Errors
/// Why there is none.
pub fn choose<'m>(
    models: impl IntoIterator<Item = &'m Model>,
    uscc: &Uscc,
    registered: bool,
    day: Date,
) -> Result<(&'m Model, &'m ModelVersion), NotEvaluated> {
    may_have_grade(uscc, registered)?;
    let model = models.into_iter().find(|model| model.speaks_of(uscc)).ok_or(NotEvaluated::NoModelForRegion)?;
    let version = model.version_on(day).ok_or(NotEvaluated::ModelNotInForce)?;
    Ok((model, version))
}
