//! The evaluation of an organisation: always of today, and midnight needs no job.
//!
//! Serves 鲁信用办〔2019〕8号 art. 七. The demonstration model speaks of synthetic organisations only; of a real one no grade,
//! no points and no class are ever said.

use super::MarkView;
use crate::evaluation::{Facts, National, compute, national, tell};
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::evaluation::{Change, Evaluation, Line, Model, ModelVersion, NotEvaluated, Scored};
use credence_domain::record::value::day_number;
use credence_domain::rulebook::Rulebook;
use credence_store::body::Unpacker;
use credence_store::connection::Connection;
use credence_store::evaluation as store;
use credence_store::mark;
use credence_store::record;
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
    /// Model, `national` for the national result; null where nothing is evaluated.
    pub model: Option<String>,
    /// What everyone must know before reading it.
    pub notice: Option<String>,
    /// What the rule says of whose grade this is, where two could be shown.
    pub disclosure: Option<String>,
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
    /// What stands beside records of the lines today; left out where nothing does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<LineMark>,
    /// What single date or record would change the grade.
    pub would_change: Vec<Change>,
    /// The national result, where the rules show it; then base and points are null, for it has none.
    pub national: Option<National>,
    /// Why nothing is evaluated.
    pub reason: Option<&'static str>,
}

/// A mark beside the record of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineMark {
    /// The record's id.
    pub record: String,
    /// The mark.
    #[serde(flatten)]
    pub mark: MarkView,
}

impl Service {
    /// The evaluation of an organisation as of the view's day, from what was public then and is public today. What is kept
    /// is told as long as it is fresh; else it is computed anew, so that midnight needs no job.
    ///
    /// # Errors
    /// `not_found` for a code without a file; or a fault.
    pub fn evaluation(&self, view: &View, uscc: &str) -> Result<EvaluationView> {
        self.read_by_key(|connection, unpacker| {
            let Some(found) = subject::find(connection, view, uscc)? else { return Ok(None) };
            let rulebook = self.rulebook();
            let registered = found.registered;
            let mut facts = Now { connection, unpacker, view, found: &found, rulebook };
            let mut told = tell(rulebook, uscc, registered, view.as_of, &mut facts)?;
            if !told.lines.is_empty() {
                let marks = mark::of_public(connection, view, uscc)?.into_iter();
                let marks = marks.map(|(reference, mark)| LineMark { record: hex(&reference), mark: mark.into() });
                told.marks = marks.filter(|one| told.lines.iter().any(|line| line.record == one.record)).collect();
            }
            Ok(Some(told))
        })?
        .ok_or(AppError::NotFound)
    }
}

/// The facts as they stand.
struct Now<'a> {
    connection: &'a mut Connection,
    unpacker: &'a mut Unpacker,
    view: &'a View,
    found: &'a Organisation,
    rulebook: &'a Rulebook,
}

impl Facts for Now<'_> {
    fn national(&mut self) -> credence_store::Result<Option<National>> {
        for stored in record::of_item(self.connection, self.view, &self.found.uscc, national::ITEM)? {
            let Some(body) = stored.body(self.unpacker)? else { continue };
            let day = self.view.as_of.max(self.view.today);
            let found = National::read(self.rulebook, &stored.reference, &stored.source, &body, day);
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn score(&mut self, version: &ModelVersion) -> credence_store::Result<Scored> {
        let (view, uscc) = (self.view, self.found.uscc.as_str());
        if view.as_of >= view.today {
            let rules = self.rulebook.evaluation_digest();
            let kept = store::find(self.connection, view, uscc)?;
            let kept = kept.filter(|kept| kept.is_fresh(self.found.seq, &rules, day_number(view.as_of)));
            if let Some(kept) = kept {
                return Ok(kept.scored);
            }
        }
        // Of a day gone by, what has ended since counts no more: only a computation tells what is left.
        compute(self.connection, view, uscc, version)
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
            disclosure: None,
            rulebook: hex(rulebook),
            grade: Some(evaluated.grade.letter()),
            word: Some(evaluated.grade.word()),
            base: Some(evaluated.base),
            points: Some(evaluated.points),
            lines: evaluated.lines,
            marks: Vec::new(),
            would_change: evaluated.would_change,
            national: None,
            reason: None,
        }
    }

    /// The national result, as it was imported: a grade without points.
    pub(crate) fn national(day: Date, uscc: &str, rulebook: &[u8; 32], national: National) -> Self {
        Self {
            uscc: uscc.to_owned(),
            as_of: day,
            model: Some("national".to_owned()),
            notice: Some(national.notice()),
            disclosure: None,
            rulebook: hex(rulebook),
            grade: Some(national.grade.letter()),
            word: Some(national.grade.word()),
            base: None,
            points: None,
            lines: vec![national.line()],
            marks: Vec::new(),
            would_change: Vec::new(),
            national: Some(national),
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
            disclosure: None,
            rulebook: hex(rulebook),
            grade: None,
            word: None,
            base: None,
            points: None,
            lines: Vec::new(),
            marks: Vec::new(),
            would_change: Vec::new(),
            national: None,
            reason: Some(reason.code()),
        }
    }
}
