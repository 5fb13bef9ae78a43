//! The evaluation of an organisation, computed when it is asked: it is always of today, and midnight needs no job.
//!
//! Serves 鲁信用办〔2019〕8号 art. 七. The demonstration model speaks of synthetic organisations only; of a real one no grade,
//! no points and no class are ever said.

use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::evaluation::{self, Change, Input, Line, Model};
use credence_domain::record::value::date_of;
use credence_domain::subject::{SubjectClass, Uscc};
use credence_store::record::{self, Stored};
use credence_store::scope::View;
use credence_store::subject::{self, Organisation};
use jiff::civil::Date;
use serde::Serialize;

/// An evaluation with everything that it rests on; grade, base and points are null where nothing is evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EvaluationView {
    /// The organisation.
    pub uscc: String,
    /// Day for which it was evaluated.
    pub as_of: Date,
    /// Model; null where nothing is evaluated.
    pub model: Option<String>,
    /// What everyone must know before reading it.
    pub notice: Option<String>,
    /// Digest of the rulebook.
    pub rulebook: String,
    /// `A` … `D`.
    pub grade: Option<&'static str>,
    /// 优 良 中 差.
    pub word: Option<&'static str>,
    /// Points before any record.
    pub base: Option<i64>,
    /// base + the lines.
    pub points: Option<i64>,
    /// A line a record.
    pub lines: Vec<Line>,
    /// What single date or record would change the grade.
    pub would_change: Vec<Change>,
    /// Why nothing is evaluated.
    pub reason: Option<&'static str>,
}

impl Service {
    /// The evaluation of an organisation as of the view's day, from what was public then and is public today.
    ///
    /// # Errors
    /// `not_found` for a code without a file; or a fault.
    pub fn evaluation(&self, view: &View, uscc: &str) -> Result<EvaluationView> {
        let found = self.read(|connection| subject::find(connection, view, uscc))?.ok_or(AppError::NotFound)?;
        let (model, reason) = self.model_for(&found);
        let Some(model) = model else { return Ok(self.not_evaluated(view, uscc, reason)) };
        let records = self.read(|connection| record::public_dates(connection, view, uscc))?;
        Ok(self.evaluate_records(view, uscc, model, &records))
    }

    fn evaluate_records(&self, view: &View, uscc: &str, model: &Model, records: &[Stored]) -> EvaluationView {
        let references: Vec<String> = records.iter().map(|record| hex(&record.reference)).collect();
        let inputs: Vec<Input<'_>> = records
            .iter()
            .zip(&references)
            .filter_map(|(stored, reference)| {
                Some(Input {
                    record: reference,
                    identity: &stored.identity.0,
                    item: &stored.item,
                    class: &stored.class,
                    source: &stored.source,
                    public_from_on: date_of(stored.from_on?)?,
                    public_through_on: stored.through_on.and_then(date_of),
                })
            })
            .collect();
        let Some(evaluated) = evaluation::evaluate(model, &inputs, view.as_of) else {
            return self.not_evaluated(view, uscc, "model_not_in_force");
        };
        EvaluationView {
            uscc: uscc.to_owned(),
            as_of: view.as_of,
            model: Some(model.id.clone()),
            notice: Some(model.notice.clone()),
            rulebook: hex(&self.rulebook().digest),
            grade: Some(evaluated.grade.letter()),
            word: Some(evaluated.grade.word()),
            base: Some(evaluated.base),
            points: Some(evaluated.points),
            lines: evaluated.lines,
            would_change: evaluation::explain(model, &inputs, view.as_of),
            reason: None,
        }
    }

    /// The model that speaks of an organisation, or why none does.
    fn model_for(&self, organisation: &Organisation) -> (Option<&Model>, &'static str) {
        let Ok(uscc) = Uscc::parse(&organisation.uscc) else { return (None, "not_evaluated") };
        if !organisation.registered {
            return (None, "unregistered");
        }
        if !SubjectClass::of(&uscc).may_be_evaluated() {
            return (None, "class_not_evaluated");
        }
        let region = uscc.region();
        let model = self.rulebook().models.values().find(|model| model.regions.iter().any(|r| r == region));
        (model, "no_model_for_region")
    }

    fn not_evaluated(&self, view: &View, uscc: &str, reason: &'static str) -> EvaluationView {
        EvaluationView {
            uscc: uscc.to_owned(),
            as_of: view.as_of,
            model: None,
            notice: None,
            rulebook: hex(&self.rulebook().digest),
            grade: None,
            word: None,
            base: None,
            points: None,
            lines: Vec::new(),
            would_change: Vec::new(),
            reason: Some(reason),
        }
    }
}
