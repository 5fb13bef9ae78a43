//! The organisations of one transaction of a sweep: their records come in order of codes, one scorer a model takes them.

use super::gather::Gathered;
use super::version_for;
use credence_domain::evaluation::{Model, Scorer};
use credence_domain::record::value::day_number;
use credence_domain::rulebook::Rulebook;
use credence_store::Result;
use credence_store::connection::Connection;
use credence_store::evaluation::{self, Due, InputRow, Packed, Seat};
use credence_store::scope::View;
use jiff::civil::Date;

/// What a transaction will write.
#[derive(Debug)]
pub(super) struct Sheet<'r> {
    /// Whom was looked at, in order of codes.
    pub(super) seen: Vec<Due>,
    /// Their evaluations, in order of codes.
    pub(super) kept: Vec<Packed<'r>>,
    /// Whom another model evaluates, or nobody, where only one model is asked for; in order of codes.
    pub(super) skipped: Vec<String>,
    rulebook: &'r Rulebook,
    today: Date,
    /// Only whom this model evaluates.
    only: Option<&'r str>,
    scorers: Vec<(&'r Model, Scorer<'r>)>,
    under: Option<(Due, Option<usize>)>,
}

impl<'r> Sheet<'r> {
    /// An empty sheet for a day.
    pub(super) fn new(rulebook: &'r Rulebook, today: Date, only: Option<&'r str>) -> Self {
        Self {
            seen: Vec::new(),
            kept: Vec::new(),
            skipped: Vec::new(),
            rulebook,
            today,
            only,
            scorers: Vec::new(),
            under: None,
        }
    }

    /// Evaluates these organisations, which are those due behind `after` and up to `last`.
    pub(super) fn fill(
        &mut self,
        connection: &mut Connection,
        view: &View,
        due: Vec<Due>,
        after: &str,
        last: &str,
    ) -> Result<()> {
        let mut waiting = due.into_iter().peekable();
        evaluation::each_due(connection, view, after, last, |row| {
            while let Some(due) = waiting.next_if(|due| due.uscc.as_str() <= row.uscc) {
                self.begin(due);
            }
            self.take(row);
            Ok(())
        })?;
        for due in waiting {
            self.begin(due);
        }
        self.end();
        Ok(())
    }

    /// The same from records that were gathered.
    pub(super) fn fill_from(&mut self, seats: &[Seat], gathered: &Gathered) {
        let mut cursor = seats.first().map(|first| gathered.cursor(first.uscc()));
        for seat in seats {
            self.begin(seat.due());
            if let (Some(cursor), Some((_, Some(scorer)))) = (&mut cursor, &self.under)
                && let Some((_, scorer)) = self.scorers.get_mut(*scorer)
            {
                cursor.each(seat.uscc(), |input| scorer.take(input));
            }
        }
        self.end();
    }

    fn begin(&mut self, due: Due) {
        self.end();
        let scorer = match version_for(self.rulebook, &due.uscc, due.registered, self.today) {
            Ok((model, version)) if self.only.is_none_or(|only| only == model.id) => {
                let known = self.scorers.iter().position(|(other, _)| other.id == model.id);
                Some(known.unwrap_or_else(|| {
                    self.scorers.push((model, Scorer::new(version, self.today)));
                    self.scorers.len() - 1
                }))
            }
            _ => None,
        };
        self.under = Some((due, scorer));
    }

    fn take(&mut self, row: &InputRow<'_>) {
        if let Some((due, Some(scorer))) = &self.under
            && due.uscc == row.uscc
            && let Some((_, scorer)) = self.scorers.get_mut(*scorer)
        {
            scorer.take(&row.input());
        }
    }

    fn end(&mut self) {
        let Some((due, scorer)) = self.under.take() else { return };
        let scorer = scorer.and_then(|at| self.scorers.get_mut(at));
        if let Some((model, scorer)) = scorer {
            let scored = scorer.finish();
            self.kept.push(Packed {
                uscc: due.uscc.clone(),
                seq: due.seq,
                rules: self.rulebook.evaluation_digest(),
                rulebook: self.rulebook.digest,
                model: &model.id,
                as_of: day_number(self.today),
                next_change_on: scored.next_change_on,
                grade: scored.grade,
                points: scored.points,
                body: scored.to_bytes(),
            });
        } else if self.only.is_some() {
            self.skipped.push(due.uscc);
            return;
        }
        self.seen.push(due);
    }
}
