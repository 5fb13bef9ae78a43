//! What is told of an organisation's grade: whose it is by the rules, then that grade with its lines. One way for today
//! and for a replay; they differ in where the facts come from.

use super::National;
use crate::query::EvaluationView;
use credence_domain::evaluation::{GradeSource, ModelVersion, NotEvaluated, Scored, choose, may_have_grade};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::Result;
use jiff::civil::Date;

/// Where the facts of one organisation come from.
pub(crate) trait Facts {
    /// The national result that is public.
    fn national(&mut self) -> Result<Option<National>>;

    /// The score under a version of a model.
    fn score(&mut self, version: &ModelVersion) -> Result<Scored>;
}

/// Tells the grade of an organisation on a day.
pub(crate) fn tell(
    rulebook: &Rulebook,
    uscc: &str,
    registered: bool,
    day: Date,
    facts: &mut impl Facts,
) -> Result<EvaluationView> {
    let none = |reason| EvaluationView::none(day, uscc, &rulebook.digest, reason);
    let Ok(code) = Uscc::parse(uscc) else { return Ok(none(NotEvaluated::NoModelForRegion)) };
    if let Err(reason) = may_have_grade(&code, registered) {
        return Ok(none(reason));
    }
    let disclosure = || rulebook.grade_note(&code, day).map(str::to_owned);
    let mut reason = NotEvaluated::NoModelForRegion;
    for source in rulebook.grade_sources(&code, day) {
        match source {
            GradeSource::National => {
                if let Some(national) = facts.national()? {
                    let told = EvaluationView::national(day, uscc, &rulebook.digest, national);
                    return Ok(EvaluationView { disclosure: disclosure(), ..told });
                }
            }
            GradeSource::Model => match choose(rulebook.models.values(), &code, registered, day) {
                Ok((model, version)) => {
                    let told = facts.score(version)?.tell(version);
                    let told = EvaluationView::of(day, uscc, &rulebook.digest, model, told);
                    return Ok(EvaluationView { disclosure: disclosure(), ..told });
                }
                Err(found) => reason = found,
            },
        }
    }
    Ok(none(reason))
}
