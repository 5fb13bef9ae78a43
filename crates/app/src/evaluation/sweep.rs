//! Evaluates whoever is due, some thousand organisations a transaction: killed at any moment it leaves whole ones, and
//! started again it goes on with whoever is still marked. Few of many are read by their keys, many as [`whole`] says.

use super::sheet::Sheet;
use super::{draft, whole};
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::record::value::day_number;
use credence_domain::rulebook::Rulebook;
use credence_store::act::Draft;
use credence_store::clock::{Clock, Stopwatch};
use credence_store::evaluation::{self, Due, Packed};
use credence_store::scope::View;
use credence_store::{Writer, open};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// Organisations of one transaction.
const AT_ONCE: usize = 4096;
/// From one organisation in so many on, the register is read as a whole.
const WHOLE_FROM: u64 = 8;
/// The rule room of the last sweep, as a mark of the deployment.
const RULES_MARK: &str = "evaluation_rules";

/// What is asked of a sweep.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sweep {
    /// Everyone, due or not.
    pub everyone: bool,
    /// Only whom this model evaluates; the others stay due.
    pub model: Option<String>,
    /// Records among which a slice of the register is looked for at once (see [`whole`]); as many as memory allows
    /// when absent.
    pub slice_records: Option<u64>,
}

/// How far a sweep is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Organisations looked at.
    pub done: u64,
    /// Organisations that were due at the beginning.
    pub total: u64,
    /// Time since the beginning.
    pub elapsed: Duration,
}

/// What a sweep did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Swept {
    /// Day for which was evaluated.
    pub as_of: Date,
    /// Digest of the rulebook.
    pub rulebook: String,
    /// Organisations that were due.
    pub due: u64,
    /// Organisations that were evaluated.
    pub evaluated: u64,
    /// Organisations that were due and are not evaluated: unregistered, of a kind or region without a model.
    pub not_evaluated: u64,
    /// Organisations by kept grade after the sweep.
    pub grades: BTreeMap<String, u64>,
    /// How long it took.
    pub seconds: f64,
}

/// Evaluates whoever is due.
///
/// # Errors
/// `model_unknown`; or a fault of the store, which leaves what was kept before it.
pub fn sweep(
    writer: &mut Writer,
    rulebook: &Rulebook,
    asked: &Sweep,
    progress: &mut dyn FnMut(Progress),
) -> Result<Swept> {
    if let Some(model) = asked.model.as_ref().filter(|model| !rulebook.models.contains_key(*model)) {
        return Err(AppError::refused("model_unknown", "model", format!("规则手册中没有评价模型 {model}")));
    }
    let watch = Clock::stopwatch();
    let today = writer.clock().today();
    let rules = hex(&rulebook.evaluation_digest());
    let known = open::mark(writer.connection(), RULES_MARK)?;
    let everyone = asked.everyone || known.as_deref() != Some(&rules);
    let subjects = evaluation::subject_count(writer.connection())?;
    let total = if everyone { subjects } else { mark(writer, rulebook, today)? };
    let mut tally = Tally { done: 0, total, evaluated: 0, left: 0, watch: &watch, progress };
    if everyone || total.saturating_mul(WHOLE_FROM) >= subjects {
        whole::run(writer, rulebook, asked, everyone, &mut tally)?;
    } else {
        narrow(writer, rulebook, asked, &mut tally)?;
    }
    let Tally { evaluated, left, .. } = tally;
    // Only now: who begins again after a kill begins with everyone again.
    if known.as_deref() != Some(&rules) && asked.model.is_none() {
        writer.change(&draft(rulebook, today), |change| open::set_mark(change.connection, RULES_MARK, &rules))?;
    }
    writer.checkpoint(false)?;
    let grades = evaluation::count_by_grade(writer.connection())?.into_iter().collect();
    Ok(Swept {
        as_of: today,
        rulebook: hex(&rulebook.digest),
        due: total,
        evaluated,
        not_evaluated: left,
        grades,
        seconds: watch.elapsed().as_secs_f64(),
    })
}

/// Evaluates whoever is marked, by keys: the way when few of many are.
fn narrow(writer: &mut Writer, rulebook: &Rulebook, asked: &Sweep, tally: &mut Tally<'_>) -> Result<()> {
    let view = View::public(writer.clock().today());
    let mut after = String::new();
    loop {
        let seen = evaluation::due(writer.connection(), &view, &after, whole::LAST, AT_ONCE)?;
        let Some(last) = seen.last().map(|due| due.uscc.clone()) else { return Ok(()) };
        let mut sheet = Sheet::new(rulebook, view.today, asked.model.as_deref());
        sheet.fill(writer.connection(), &view, seen, &after, &last)?;
        let Sheet { seen, kept, .. } = sheet;
        tally.write(writer, &draft(rulebook, view.today), &seen, &kept)?;
        after = last;
    }
}

/// Marks whom the day has made due, and counts.
fn mark(writer: &mut Writer, rulebook: &Rulebook, today: Date) -> Result<u64> {
    writer.change(&draft(rulebook, today), |change| evaluation::mark_due(change, day_number(today)))?;
    Ok(evaluation::due_count(writer.connection())?)
}

/// What a sweep has done so far.
pub(super) struct Tally<'p> {
    done: u64,
    total: u64,
    evaluated: u64,
    left: u64,
    watch: &'p Stopwatch,
    progress: &'p mut dyn FnMut(Progress),
}

impl Tally<'_> {
    /// Writes the evaluations of one transaction and takes the marks.
    fn write(&mut self, writer: &mut Writer, draft: &Draft, seen: &[Due], kept: &[Packed<'_>]) -> Result<()> {
        writer.change(draft, |change| {
            evaluation::put(change, kept)?;
            evaluation::settle(change, seen, kept)
        })?;
        self.tell(seen.len(), kept.len());
        Ok(())
    }

    /// So many more were looked at, so many of them evaluated.
    pub(super) fn tell(&mut self, seen: usize, kept: usize) {
        self.evaluated += kept as u64;
        self.left += (seen - kept) as u64;
        self.done += seen as u64;
        (self.progress)(Progress { done: self.done, total: self.total, elapsed: self.watch.elapsed() });
    }
}
