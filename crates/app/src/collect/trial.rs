//! A dry run (试运行): what would become of a window's rows, with nothing left behind.
//!
//! Rows are compared with what stands. A row that ends a record, replaced or taken back, depends on what is done before it, so it is done, with
//! the rows of the file so far that concern the same organisations, and all of it is taken back. Which organisations these
//! are is read from the file before the first window; their rows are kept from window to window, [`KEPT_MOST`] at most:
//! beyond that a record made early in the file and replaced late in it is told as unknown.

use super::file::Incoming as IncomingFile;
use super::lane::{Work, count, draft, draft_of, end_record, refused, sending};
use super::replace::named;
use super::window::Window;
use crate::Result;
use crate::review::rules::Rules;
use credence_domain::catalog::Role;
use credence_domain::record::{Judge, Operation};
use credence_domain::subject::{Uscc, uscc};
use credence_store::Writer;
use credence_store::arrival::{self, Incoming, Outcome, Redate};
use credence_store::batch::{Counts, Rejected};
use credence_store::change::CHUNK_ROWS;
use std::collections::HashSet;

/// Rows of earlier windows that are kept: some 40 MB.
const KEPT_MOST: usize = 20_000;
/// Organisations that are remembered: some 4 MB.
const ORGANISATIONS_MOST: usize = 100_000;

/// A dry run under way.
#[derive(Debug, Default)]
pub struct Trial {
    /// Organisations that rows of the file concern which replace a record.
    concerned: HashSet<Uscc>,
    /// Their rows in the windows so far: first those that replace nothing, then those that do.
    earlier: Vec<(Vec<Incoming>, Vec<Incoming>)>,
    kept: usize,
}

/// The rows of one window.
#[derive(Clone, Copy)]
struct Rows<'w> {
    plain: &'w [Incoming],
    replacing: &'w [Incoming],
}

impl Trial {
    /// Looks through a file for rows that end a record; reads nothing where it has no such column.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn of(file: &IncomingFile, judge: &Judge<'_>) -> Result<Self> {
        let column = |role| judge.version().field_of(role).and_then(|(at, _)| judge.column_of(at));
        let asks = |at: Option<usize>| at.is_some();
        let (Some(subject), replaces) = (column(Role::SubjectUscc), column(Role::Replaces)) else {
            return Ok(Self::default());
        };
        if !asks(replaces) && !asks(file.asks.0) {
            return Ok(Self::default());
        }
        let mut trial = Self::default();
        let mut rows = file.rows()?;
        while let Some(row) = rows.next_row()?
            && trial.concerned.len() < ORGANISATIONS_MOST
        {
            let cell = replaces.map_or("", |at| row.cell(at).trim());
            let takes_back = file.asks.0.is_some_and(|at| Operation::parse(row.cell(at)) == Some(Operation::Withdraw));
            if !cell.is_empty() || takes_back {
                trial.concerned.extend(Uscc::parse(&uscc::fold(row.cell(subject))).ok());
                trial.concerned.extend(named(cell).0);
            }
        }
        Ok(trial)
    }

    /// What a window would add to the counts, and which of its rows would be rejected.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn preview(
        &mut self,
        writer: &mut Writer,
        work: Work<'_>,
        window: &Window,
        redate: &mut Redate<'_>,
    ) -> Result<(Counts, Vec<Rejected>)> {
        let mut counts = window.counts;
        let mut rejected = window.rejected.clone();
        let codes = &work.rulebook.codes;
        let mut compare = |writer: &mut Writer, rows: &[&Incoming]| -> Result<()> {
            let keyring = writer.keyring();
            for chunk in rows.chunks(CHUNK_ROWS) {
                let outcomes = arrival::preview(writer.connection(), &keyring, sending(work), chunk)?;
                count(&mut counts, chunk.iter().copied(), &outcomes);
                rejected.extend(refused(codes, chunk.iter().copied(), &outcomes));
            }
            Ok(())
        };
        let (plain, all) = (window.facts.plain(), window.facts.count());
        let replacing = window.facts.rows(plain..all)?;
        let replaced_before = self.earlier.iter().any(|(_, replacing)| !replacing.is_empty());
        // Where nothing was or is replaced, comparing is enough.
        let tried = replaced_before || !replacing.is_empty();
        let mut concerned = Vec::new();
        for chunk in window.facts.chunks(CHUNK_ROWS) {
            let rows = window.facts.rows(chunk)?;
            if !tried {
                compare(writer, &rows.iter().collect::<Vec<_>>())?;
            }
            let (apart, others): (Vec<_>, Vec<_>) =
                rows.into_iter().partition(|row| self.concerned.contains(&row.uscc));
            if tried {
                compare(writer, &others.iter().collect::<Vec<_>>())?;
            }
            concerned.extend(apart);
        }
        if tried {
            let rows = Rows { plain: &concerned, replacing: &replacing };
            let outcomes = self.try_out(writer, work, rows, redate)?;
            let (before, behind) = outcomes.split_at_checked(concerned.len()).unwrap_or_default();
            for (rows, outcomes) in [(&concerned, before), (&replacing, behind)] {
                count(&mut counts, rows, outcomes);
                rejected.extend(refused(codes, rows, outcomes));
            }
        }
        self.keep(concerned, replacing);
        Ok((counts, rejected))
    }

    fn keep(&mut self, mut plain: Vec<Incoming>, mut replacing: Vec<Incoming>) {
        plain.truncate(KEPT_MOST - self.kept);
        self.kept += plain.len();
        replacing.truncate(KEPT_MOST - self.kept);
        self.kept += replacing.len();
        if !plain.is_empty() || !replacing.is_empty() {
            self.earlier.push((plain, replacing));
        }
    }

    /// Does what came before and then these rows, and takes all of it back; gives what became of these rows.
    fn try_out(
        &self,
        writer: &mut Writer,
        work: Work<'_>,
        rows: Rows<'_>,
        redate: &mut Redate<'_>,
    ) -> Result<Vec<Outcome>> {
        let (sending, draft) = (sending(work), draft(work, None));
        let keyring = writer.keyring();
        let mut rules = Rules::load(writer.connection(), keyring, work.rulebook, work.batch.received_on)?;
        let before = self.earlier.iter().map(|(plain, replacing)| Rows { plain, replacing });
        let outcomes = writer.try_out(|writer| {
            let mut outcomes = Vec::new();
            for rows in before.chain([rows]) {
                outcomes.clear();
                for chunk in rows.plain.chunks(CHUNK_ROWS) {
                    let (done, _) = writer.change(&draft, |change| arrival::arrive(change, sending, chunk, redate))?;
                    outcomes.extend(done);
                }
                for row in rows.replacing {
                    let own = draft_of(&draft, row);
                    let (done, _) =
                        writer.change(&own, |change| end_record(change, &mut rules, sending, row, redate))?;
                    outcomes.push(done);
                }
            }
            Ok(outcomes)
        })?;
        Ok(outcomes)
    }
}
