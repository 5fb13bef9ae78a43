//! The evaluation of an organisation: always of today, and midnight needs no job.
//!
//! Serves 鲁信用办〔2019〕8号 art. 七. The demonstration model speaks of synthetic organisations only; of a real one no grade,
//! no points and no class are ever said.

use crate::evaluation::{compute, version_for};
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::evaluation::{Change, Evaluation, Line, Model, ModelVersion, NotEvaluated, Scored};
use credence_domain::record::value::day_number;
use credence_store::evaluation as store;
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
    /// The evaluation of an organisation as of the view's day, from what was public then and is public today. What is kept
    /// is told as long as it is fresh; else it is computed anew, so that midnight needs no job.
    ///
    /// # Errors
    /// `not_found` for a code without a file; or a fault.
    pub fn evaluation(&self, view: &View, uscc: &str) -> Result<EvaluationView> {
        let found = self.read(|connection| subject::find(connection, view, uscc))?.ok_or(AppError::NotFound)?;
        let rulebook = self.rulebook();
        let none = |reason: NotEvaluated| EvaluationView::none(view.as_of, uscc, &rulebook.digest, reason);
        Ok(match version_for(rulebook, uscc, found.registered, view.as_of) {
            Err(reason) => none(reason),
            Ok((model, version)) => {
                let scored = self.scored(view, &found, version)?;
                EvaluationView::of(view.as_of, uscc, &rulebook.digest, model, scored.tell(version))
            }
        })
    }

    fn scored(&self, view: &View, found: &Organisation, version: &ModelVersion) -> Result<Scored> {
        let rules = self.rulebook().evaluation_digest();
        let kept = if view.as_of < view.today {
            // What has ended since counts no more: only a computation tells what is left.
            None
        } else {
            self.read(|connection| store::find(connection, view, &found.uscc))?
        };
        match kept.filter(|kept| kept.is_fresh(found.seq, &rules, day_number(view.as_of))) {
            Some(kept) => Ok(kept.scored),
            None => self.read(|connection| compute(connection, view, &found.uscc, version)),
        }
    }
}

impl EvaluationView {
    /// An evaluation by a model.
    pub(crate) fn of(day: Date, uscc: &str, rulebook: &[u8; 32], model: &Model, evaluated: Evaluation) -> Self {
        Self {
            uscc: uscc.to_owned(),
            as_of: day,
            model: Some(model.id.clone()),
            notice: Some(model.notice.clone()),
            rulebook: hex(rulebook),
            grade: Some(evaluated.grade.letter()),
            word: Some(evaluated.grade.word()),
            base: Some(evaluated.base),
            points: Some(evaluated.points),
            lines: evaluated.lines,
            would_change: evaluated.would_change,
            reason: None,
        }
    }

    /// Nothing is evaluated.
    pub(crate) fn none(day: Date, uscc: &str, rulebook: &[u8; 32], reason: NotEvaluated) -> Self {
        Self {
            uscc: uscc.to_owned(),
            as_of: day,
            model: None,
            notice: None,
            rulebook: hex(rulebook),
            grade: None,
            word: None,
            base: None,
            points: None,
            lines: Vec::new(),
            would_change: Vec::new(),
            reason: Some(reason.code()),
        }
    }
}
