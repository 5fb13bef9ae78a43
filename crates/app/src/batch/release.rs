//! Release (解除暂缓) of a whole batch that waits: its records become public from the day of release on. Rows that wait for a reason
//! of their own keep waiting for a review. Repeated after a kill it goes on where it stopped.

use crate::account::is_blank;
use crate::evaluation::keep_all;
use crate::review::rules::{Rules, hold_of_batch};
use crate::review::{Decision, draft};
use crate::rulebook::PLATFORM_UNIT;
use crate::{AppError, Result, Writer};
use credence_domain::record::State;
use credence_domain::rulebook::Rulebook;
use credence_store::batch::{self, Batch};
use credence_store::revision::{RecordKey, chunks_of, lock, origin, records_of};
use serde::Serialize;
use std::collections::BTreeSet;

/// What a release did.
#[derive(Clone, Debug, Serialize)]
pub struct BatchReleased {
    /// Number of the batch.
    pub batch: String,
    /// Its state now.
    pub state: String,
    /// Records that are public, or would be if their time were not over.
    pub released: u64,
    /// Rows that wait for a reason of their own.
    pub still_held: u64,
}

/// A batch by its number, once it has ended.
pub(super) fn ended(writer: &mut Writer, number: &str) -> Result<Batch> {
    let batch = batch::find(writer.connection(), number)?.ok_or(AppError::NotFound)?;
    if batch.state == "running" {
        let text = "批次尚未处理完，请待其结束或重新执行导入后再办理";
        return Err(AppError::refused("batch_not_finished", "batch", text));
    }
    Ok(batch)
}

/// Releases a batch that waits.
///
/// # Errors
/// `not_found`, `batch_not_finished`, `not_held`, `secrecy_review_needed`, or a fault.
pub fn release(
    writer: &mut Writer,
    rulebook: &Rulebook,
    number: &str,
    decision: Decision<'_>,
) -> Result<BatchReleased> {
    let batch = ended(writer, number)?;
    let waits_for = hold_of_batch(Some(&batch));
    if waits_for.is_empty() {
        return Err(AppError::refused("not_held", "batch", format!("批次{number}并未暂缓公示")));
    }
    decision.has_actor()?;
    if batch.secrecy_review.is_empty() && is_blank(decision.secrecy_review) {
        let text = "该批次没有保密审查记录，须写明审查人";
        return Err(AppError::refused("secrecy_review_needed", "secrecy_review", text));
    }
    let today = writer.clock().today();
    let keyring = writer.keyring();
    let mut rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
    let mut touched: BTreeSet<RecordKey> = BTreeSet::new();
    for chunk in chunks_of(writer.connection(), &batch.id)? {
        let keys = records_of(writer.connection(), chunk)?;
        let draft = draft("release", decision, rulebook, today, Some(batch.id));
        writer.change(&draft, |change| {
            let mut released = BTreeSet::new();
            for key in &keys {
                let view = rules.view();
                let Some(stored) = lock(change, &view, key)? else { continue };
                let mine = stored.state == "held"
                    && stored.hold == waits_for
                    && origin(change.connection, stored.at)?.batch == Some(batch.id);
                if !mine {
                    continue;
                }
                rules.restate(change, &stored, State::Accepted, "")?;
                released.insert(stored.uscc);
            }
            keep_all(change, rulebook, &released, today)
        })?;
        touched.extend(keys);
    }
    let (mut released, mut still_held) = (0, 0);
    for key in &touched {
        let view = rules.view();
        let Some(stored) = credence_store::record::find(writer.connection(), &view, &key.0, &key.1)? else { continue };
        if origin(writer.connection(), stored.at)?.batch == Some(batch.id) {
            match stored.state.as_str() {
                "held" => still_held += 1,
                "accepted" => released += 1,
                _ => {}
            }
        }
    }
    let review = if batch.secrecy_review.is_empty() { decision.secrecy_review } else { &batch.secrecy_review };
    let mut end = draft("batch_release", decision, rulebook, today, Some(batch.id));
    end.details.insert("number".to_owned(), number.into());
    end.details.insert("released".to_owned(), released.into());
    end.details.insert("still_held".to_owned(), still_held.into());
    writer.change(&end, |change| {
        batch::release(change, &batch.id, review)?;
        change.number_under_unit(PLATFORM_UNIT)
    })?;
    writer.sequence()?;
    Ok(BatchReleased { batch: number.to_owned(), state: "done".to_owned(), released, still_held })
}
