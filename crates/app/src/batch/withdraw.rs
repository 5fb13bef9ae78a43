//! Withdrawal of a batch (批次撤回): every record gets back what stood before, by a new version; what only this batch had made is
//! withdrawn and may be sent again; what was corrected since is kept and listed; a record that it only sent as well has the
//! sender as a source no longer. Nothing is deleted.
//!
//! Two persons decide. Each step looks at the record as it stands, so a withdrawal that was killed is repeated and ends the
//! same. A restored version names the batch from which its content comes, so withdrawing that one later finds it.

use super::release::ended;
use crate::account::{is_blank, is_same_name};
use crate::consent::{self, Acting};
use crate::evaluation::keep_all;
use crate::review::rules::{Next, Rules, content_origin, hold_of_batch, leaves_content};
use crate::review::{Decision, draft};
use crate::rulebook::PLATFORM_UNIT;
use crate::{AppError, Result, Writer};
use credence_domain::canonical::hex;
use credence_domain::record::State;
use credence_domain::record::meeting::WITHDRAWN_WITH_BATCH;
use credence_domain::rulebook::Rulebook;
use credence_store::act::Draft;
use credence_store::batch::{self, Batch};
use credence_store::change::Change;
use credence_store::connection::Connection;
use credence_store::kept_back::NATIONAL_ENDED;
use credence_store::listing;
use credence_store::record::{self, Stored};
use credence_store::revision::{Earlier, RecordKey, chunks_of, earlier, lock, origin, records_of};
use credence_store::{StoreError, source, subject};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Records of one act, which holds 4,096 changes: a listing that falls with its document takes two changes more, and one for each
/// of its measures.
const KEYS_AT_ONCE: usize = 256;

/// A record that was corrected since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Public reference.
    pub id: String,
    /// The organisation.
    pub uscc: String,
    /// Item.
    pub item: String,
    /// State.
    pub state: String,
    /// The batch from which its content comes now.
    pub batch: Option<String>,
}

/// What a withdrawal did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BatchWithdrawn {
    /// Number of the batch.
    pub batch: String,
    /// Its state now.
    pub state: String,
    /// Records that have again what stood before.
    pub restored: u64,
    /// Records that only this batch had made.
    pub withdrawn: u64,
    /// Records corrected or ended since: left as they are.
    pub kept: u64,
    /// Records of which the batch only made the sender one more source: it is one no longer.
    pub sources: u64,
    /// Each of them.
    pub kept_records: Vec<Kept>,
}

/// What is to be done with one record.
enum Step {
    /// It stands on other content, is withdrawn already, or has ended for another reason.
    Leave,
    /// Only this batch had made it.
    Withdraw,
    /// An earlier version stands again.
    Restore(Box<Earlier>),
}

/// Withdraws a batch; `watch` is told after each act how many records were looked at, and may end it there.
///
/// # Errors
/// What `watch` says,
/// `four_eyes` when the two persons are one, `not_found`, `batch_not_finished`, or a fault.
pub fn withdraw(
    writer: &mut Writer,
    rulebook: &Rulebook,
    number: &str,
    decision: Decision<'_>,
    second: &str,
    watch: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<BatchWithdrawn> {
    withdraw_for(writer, rulebook, number, decision, (second, None), watch)
}

/// The same by a unit that may not be the batch's source: then with the source's consent.
///
/// # Errors
/// As [`withdraw`], and `consent_needed`.
pub fn withdraw_for(
    writer: &mut Writer,
    rulebook: &Rulebook,
    number: &str,
    decision: Decision<'_>,
    (second, unit): (&str, Option<&str>),
    watch: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<BatchWithdrawn> {
    decision.is_founded()?;
    if is_blank(second) || is_same_name(decision.actor, second) {
        return Err(AppError::refused("four_eyes", "second", "撤回批次须由两人办理，且不得为同一人"));
    }
    let batch = ended(writer, number)?;
    let today = writer.clock().today();
    let behalf = match unit {
        None => None,
        Some(unit) => {
            let (acting, by) = (Acting { unit, second }, (decision.actor, decision.reason));
            consent::on_item(writer.connection(), (&batch.source, &batch.item), acting, by, today)?
        }
    };
    let sign = |draft: &mut Draft| {
        draft.second = Some(second.to_owned());
        if let Some(behalf) = &behalf {
            behalf.write_into(draft);
        }
    };
    let keyring = writer.keyring();
    let mut rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
    let mut touched: BTreeSet<RecordKey> = BTreeSet::new();
    let (mut looked_at, mut sources) = (0, 0);
    let published = listing::published(writer.connection())?;
    for chunk in chunks_of(writer.connection(), &batch.id)? {
        let mut keys = records_of(writer.connection(), chunk)?;
        // What publishes a listing follows its case, and no batch made it.
        keys.retain(|key| !published.contains(key));
        let mut groups: BTreeMap<Option<[u8; 16]>, Vec<&RecordKey>> = BTreeMap::new();
        for key in &keys {
            let Some(stored) = record::find(writer.connection(), &rules.view(), &key.0, &key.1)? else { continue };
            match plan(writer.connection(), &rules, &batch, &stored)? {
                Step::Leave => {}
                Step::Withdraw => groups.entry(Some(batch.id)).or_default().push(key),
                Step::Restore(earlier) => {
                    let from = origin(writer.connection(), earlier.at)?.batch;
                    groups.entry(from).or_default().push(key);
                }
            }
        }
        let parts = groups.iter().flat_map(|(from, keys)| keys.chunks(KEYS_AT_ONCE).map(move |part| (*from, part)));
        for (from, keys) in parts {
            let mut draft = draft("withdrawal", decision, rulebook, today, from);
            sign(&mut draft);
            draft.details.insert("withdraws".to_owned(), hex(&batch.id).into());
            let touched = keys.iter().map(|key| key.0.clone()).collect();
            writer.change(&draft, |change| {
                keys.iter().try_for_each(|key| undo(change, &mut rules, &batch, from, key))?;
                keep_all(change, rulebook, &touched, today)
            })?;
            looked_at += keys.len() as u64;
            watch(looked_at)?;
        }
        touched.extend(keys);
        let added = source::added_in(writer.connection(), &rules.view(), chunk)?;
        if !added.is_empty() {
            let mut draft = draft("withdrawal", decision, rulebook, today, None);
            sign(&mut draft);
            draft.details.insert("withdraws".to_owned(), hex(&batch.id).into());
            let touched = added.iter().map(|added| added.key.0.clone()).collect();
            writer.change(&draft, |change| {
                added.iter().try_for_each(|added| source::withdraw(change, added).map(drop))?;
                keep_all(change, rulebook, &touched, today)
            })?;
            looked_at += added.len() as u64;
            watch(looked_at)?;
        }
        sources += source::withdrawn_in(writer.connection(), &rules.view(), chunk)?;
    }
    let done = BatchWithdrawn { sources, ..count(writer.connection(), &rules, &batch, &touched)? };
    if batch.state != "withdrawn" {
        let mut end = draft("batch_withdrawal", decision, rulebook, today, Some(batch.id));
        sign(&mut end);
        let counts = [
            ("restored", done.restored),
            ("withdrawn", done.withdrawn),
            ("kept", done.kept),
            ("sources", done.sources),
        ];
        for (name, value) in counts {
            end.details.insert(name.to_owned(), value.into());
        }
        end.details.insert("number".to_owned(), number.into());
        writer.change(&end, |change| {
            batch::withdraw(change, &batch.id)?;
            change.number_under_unit(PLATFORM_UNIT)
        })?;
    }
    writer.sequence()?;
    Ok(done)
}

fn plan(
    connection: &mut Connection,
    rules: &Rules<'_>,
    batch: &Batch,
    stored: &Stored,
) -> credence_store::Result<Step> {
    let settled = stored.state == State::Withdrawn.code() && stored.hold == NATIONAL_ENDED;
    let ended = settled || matches!(stored.state.as_str(), "repaired" | "erased");
    let withdrawn = stored.state == State::Withdrawn.code() && stored.hold == WITHDRAWN_WITH_BATCH;
    if ended || withdrawn || content_origin(connection, &rules.view(), stored)?.batch != Some(batch.id) {
        return Ok(Step::Leave);
    }
    let key = (stored.uscc.clone(), stored.identity);
    for version in earlier(connection, &rules.view(), &key)? {
        let from = origin(connection, version.at)?;
        // What a withdrawn batch had said does not come back by withdrawing a later one.
        if leaves_content(&from) {
            continue;
        }
        if version.packed.is_some() && from.batch != Some(batch.id) && from.batch_state != "withdrawn" {
            return Ok(Step::Restore(Box::new(version)));
        }
    }
    Ok(Step::Withdraw)
}

fn undo(
    change: &mut Change<'_>,
    rules: &mut Rules<'_>,
    batch: &Batch,
    from: Option<[u8; 16]>,
    key: &RecordKey,
) -> credence_store::Result<()> {
    let view = rules.view();
    let Some(stored) = lock(change, &view, key)? else { return Ok(()) };
    match plan(change.connection, rules, batch, &stored)? {
        Step::Leave => Ok(()),
        Step::Withdraw if from == Some(batch.id) => rules.withdraw(change, &stored, WITHDRAWN_WITH_BATCH),
        Step::Restore(earlier) => restore(change, rules, from, &stored, &earlier),
        // Another act has come between plan and lock: the next repetition finds it.
        Step::Withdraw => Ok(()),
    }
}

fn restore(
    change: &mut Change<'_>,
    rules: &mut Rules<'_>,
    from: Option<[u8; 16]>,
    stored: &Stored,
    earlier: &Earlier,
) -> credence_store::Result<()> {
    if origin(change.connection, earlier.at)?.batch != from {
        return Ok(());
    }
    let content = rules.content_of(stored.owner(), earlier.packed.as_deref().unwrap_or_default())?;
    let its_batch = from.map(|id| batch::by_id(change.connection, &id)).transpose()?.flatten();
    let state = State::from_code(&earlier.state)
        .ok_or_else(|| StoreError::Inconsistent(format!("version in state {:?}", earlier.state)))?;
    // It waited with its batch, which may have been released since.
    let with_batch = !crate::collect::hold::of_batch(&earlier.hold).is_empty();
    let (state, hold) = match (state, with_batch) {
        (State::Held, true) => match hold_of_batch(its_batch.as_ref()) {
            "" => (State::Accepted, ""),
            hold => (State::Held, hold),
        },
        // What hid it then may be over: what still keeps it back is asked anew.
        (State::Hidden, _) => (State::Accepted, ""),
        _ => (state, earlier.hold.as_str()),
    };
    let next = Next { state, hold, source: &earlier.source, content: &content, packed: earlier.packed.as_deref() };
    rules.settle(change, stored, next)?;
    match rules.registration(rules.version(&stored.item)?, &content) {
        Some((name, registration)) if state == State::Accepted => {
            subject::restore_registration(change, &stored.uscc, Some((&name, &registration)))
        }
        Some(_) => subject::restore_registration(change, &stored.uscc, None),
        None => Ok(()),
    }
}

fn count(
    connection: &mut Connection,
    rules: &Rules<'_>,
    batch: &Batch,
    touched: &BTreeSet<RecordKey>,
) -> Result<BatchWithdrawn> {
    let mut done = BatchWithdrawn {
        batch: batch.number.clone(),
        state: "withdrawn".to_owned(),
        restored: 0,
        withdrawn: 0,
        kept: 0,
        sources: 0,
        kept_records: Vec::new(),
    };
    let mine = hex(&batch.id);
    for key in touched {
        let Some(stored) = record::find(connection, &rules.view(), &key.0, &key.1)? else { continue };
        let from = origin(connection, stored.at)?;
        let header: serde_json::Value = serde_json::from_str(&from.header).unwrap_or_default();
        let withdraws = header.pointer("/details/withdraws").and_then(serde_json::Value::as_str);
        if from.kind == "withdrawal" && withdraws == Some(&mine) {
            if from.batch == Some(batch.id) {
                done.withdrawn += 1
            } else {
                done.restored += 1
            }
            continue;
        }
        done.kept += 1;
        let its_batch = from.batch.map(|id| batch::by_id(connection, &id)).transpose()?.flatten();
        done.kept_records.push(Kept {
            id: hex(&stored.reference),
            uscc: stored.uscc,
            item: stored.item,
            state: stored.state,
            batch: its_batch.map(|batch| batch.number),
        });
    }
    Ok(done)
}
