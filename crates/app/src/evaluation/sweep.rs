//! Evaluates whoever is due, a few thousand organisations a transaction: killed at any moment it leaves whole ones, and
//! started again it goes on with whoever is still marked.

use super::draft;
use super::sheet::Sheet;
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::record::value::day_number;
use credence_domain::rulebook::Rulebook;
use credence_store::clock::Clock;
use credence_store::evaluation;
use credence_store::scope::View;
use credence_store::{Writer, open};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// Organisations of one transaction.
const AT_ONCE: usize = 4096;
/// The rule room of the last sweep, as a mark of the deployment.
const RULES_MARK: &str = "evaluation_rules";

/// What is asked of a sweep.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sweep {
    /// Everyone, due or not.
    pub everyone: bool,
    /// Only whom this model evaluates; the others stay due.
    pub model: Option<String>,
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
    let total = mark(writer, rulebook, asked, today)?;
    let (mut after, mut done, mut evaluated, mut left) = (String::new(), 0, 0, 0);
    loop {
        progress(Progress { done, total, elapsed: watch.elapsed() });
        let view = View::public(today);
        let seen = evaluation::due(writer.connection(), &view, &after, AT_ONCE)?;
        let Some(last) = seen.last().map(|due| due.uscc.clone()) else { break };
        let mut sheet = Sheet::new(rulebook, today, asked.model.as_deref());
        sheet.fill(writer.connection(), &view, seen, &after, &last)?;
        let Sheet { seen, kept, .. } = sheet;
        writer.change(&draft(rulebook, today), |change| {
            evaluation::put(change, &kept)?;
            evaluation::settle(change, &seen, &kept)
        })?;
        evaluated += kept.len() as u64;
        left += (seen.len() - kept.len()) as u64;
        done += seen.len() as u64;
        after = last;
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

/// Marks whom the day or other rules have made due, and counts.
fn mark(writer: &mut Writer, rulebook: &Rulebook, asked: &Sweep, today: Date) -> Result<u64> {
    let rules = hex(&rulebook.evaluation_digest());
    let known = open::mark(writer.connection(), RULES_MARK)?;
    let everyone = asked.everyone || known.as_deref() != Some(&rules);
    writer.change(&draft(rulebook, today), |change| {
        if everyone {
            open::set_mark(change.connection, RULES_MARK, &rules)?;
            evaluation::mark_all_due(change)
        } else {
            evaluation::mark_due(change, day_number(today))
        }
    })?;
    Ok(evaluation::due_count(writer.connection())?)
}
