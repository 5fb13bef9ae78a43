//! Evaluations: computed from the file, kept beside it, computed again when anything that they rest on has moved.
//!
//! Serves 鲁信用办〔2019〕8号 art. 七. A kept evaluation is derived and no act (docs/design/0002-kept-evaluations.md). Single
//! acts call [`keep`] in their own transaction, imports leave a mark, [`sweep`] evaluates whoever is marked. Reading is
//! [`crate::query::evaluation`].

mod gather;
pub(crate) mod national;
mod replay;
mod sheet;
pub mod snapshot;
mod sweep;
mod tell;
mod whole;

pub use national::National;
pub(crate) use replay::again;
pub use replay::{Moment, Replayed};
pub use sweep::{Progress, Sweep, Swept, sweep};

pub(crate) use tell::{Facts, tell};

use crate::Result;
use credence_domain::evaluation::{Model, ModelVersion, NotEvaluated, Scored, Scorer, choose};
use credence_domain::record::value::day_number;
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::act::Draft;
use credence_store::change::Change;
use credence_store::connection::Connection;
use credence_store::evaluation::{self, Due, Kept};
use credence_store::scope::View;
use credence_store::subject::{self, Organisation};
use credence_store::{StoreError, Writer};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The version of a model that evaluates an organisation on a day, or why there is none.
pub(crate) fn version_for<'r>(
    rulebook: &'r Rulebook,
    uscc: &str,
    registered: bool,
    day: Date,
) -> std::result::Result<(&'r Model, &'r ModelVersion), NotEvaluated> {
    let uscc = Uscc::parse(uscc).map_err(|_| NotEvaluated::NoModelForRegion)?;
    choose(rulebook.models.values(), &uscc, registered, day)
}

/// Scores an organisation from its records as they stand.
pub(crate) fn compute(
    connection: &mut Connection,
    view: &View,
    uscc: &str,
    version: &ModelVersion,
) -> credence_store::Result<Scored> {
    let mut scorer = Scorer::new(version, view.as_of);
    evaluation::of_organisation(connection, view, uscc, |row| scorer.take(&row.input()))?;
    Ok(scorer.finish())
}

/// Evaluates an organisation inside the transaction of the act that changed its file, and keeps the result: call it last,
/// when the new number stands in `subject`. Whoever is not evaluated keeps nothing.
///
/// # Errors
/// Whatever the database says; the act is then lost as a whole.
pub fn keep(change: &mut Change<'_>, rulebook: &Rulebook, uscc: &str, today: Date) -> credence_store::Result<()> {
    let view = View::public(today);
    let Some(found) = subject::find(change.connection, &view, uscc)? else {
        return Err(StoreError::Inconsistent(format!("{uscc} has no file")));
    };
    let mut kept = Vec::new();
    if let Ok((model, version)) = version_for(rulebook, uscc, found.registered, today) {
        let scored = compute(change.connection, &view, uscc, version)?;
        kept.push(kept_of(rulebook, model, &found, today, change.now, scored));
    }
    let kept: Vec<_> = kept.iter().map(Kept::packed).collect();
    evaluation::put(change, &kept)?;
    let due = Due { uscc: found.uscc, registered: found.registered, seq: found.seq, marked: true };
    evaluation::settle(change, &[due], &kept)
}

/// The same for every organisation that an act touched, in order of codes.
///
/// # Errors
/// As [`keep`].
pub(crate) fn keep_all(
    change: &mut Change<'_>,
    rulebook: &Rulebook,
    usccs: &BTreeSet<String>,
    today: Date,
) -> credence_store::Result<()> {
    usccs.iter().try_for_each(|uscc| keep(change, rulebook, uscc, today))
}

/// Evaluates one organisation now, whether it is due or not.
///
/// # Errors
/// `not_found` for a code without a file; or a fault.
pub fn evaluate_one(writer: &mut Writer, rulebook: &Rulebook, uscc: &str) -> Result<()> {
    let today = writer.clock().today();
    if subject::find(writer.connection(), &View::public(today), uscc)?.is_none() {
        return Err(crate::AppError::NotFound);
    }
    writer.change(&draft(rulebook, today), |change| keep(change, rulebook, uscc, today))?;
    Ok(())
}

fn kept_of(
    rulebook: &Rulebook,
    model: &Model,
    found: &Organisation,
    day: Date,
    decided_at: i64,
    scored: Scored,
) -> Kept {
    Kept {
        uscc: found.uscc.clone(),
        seq: found.seq,
        rules: rulebook.evaluation_digest(),
        rulebook: rulebook.digest,
        model: model.id.clone(),
        as_of: day_number(day),
        decided_at,
        scored,
    }
}

/// The head under which derived rows are written. It never becomes an act, for nothing is sealed.
fn draft(rulebook: &Rulebook, today: Date) -> Draft {
    Draft {
        kind: "evaluation",
        actor: crate::rulebook::PLATFORM_UNIT.to_owned(),
        second: None,
        purpose: "evaluation",
        basis: "鲁信用办〔2019〕8号 七".to_owned(),
        reason: String::new(),
        rulebook: rulebook.digest,
        as_of: today,
        batch: None,
        details: serde_json::Map::new(),
    }
}
