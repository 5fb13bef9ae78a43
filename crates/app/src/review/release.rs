//! Release of single records that wait. A penalty that may be of simple procedure is released only with the statement that
//! the ordinary procedure was applied; one that shows a personal number only after its redaction; one without a secrecy
//! review only with the name of who answers for it. Publicity counts from the day of release.

use super::rules::{Next, Rules, batch_of, hold_of_batch, named, text};
use super::{Decision, draft};
use crate::collect::hold::{FIRST_HTTP_BATCH, NO_SECRECY_REVIEW, UNUSUAL_VOLUME};
use crate::evaluation::keep_all;
use crate::{AppError, Result, Writer};
use credence_domain::canonical::hex;
use credence_domain::record::State;
use credence_domain::record::review::{
    MAYBE_SIMPLE_PROCEDURE, PERSONAL_NUMBER, personal_fields, remaining_hold, states_ordinary_procedure,
};
use credence_domain::record::value::date_of;
use credence_domain::rulebook::Rulebook;
use credence_store::change::CHUNK_ROWS;
use credence_store::record::Stored;
use credence_store::revision::{RecordKey, lock};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What became of a record.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// Public reference.
    pub id: String,
    /// The organisation.
    pub uscc: String,
    /// State now.
    pub state: String,
    /// What still keeps it back; empty when nothing does.
    pub hold: String,
    /// First public day; `null` when it is not public.
    pub public_from_on: Option<Date>,
}

/// What a review did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Released {
    /// Records released.
    pub released: u64,
    /// Records that wait for something else now.
    pub still_held: u64,
    /// Each of them.
    pub records: Vec<Outcome>,
}

/// Releases records by their public references: all of them, or none where one is refused.
///
/// # Errors
/// `not_found`, `not_held`, `procedure_not_stated`, `redaction_needed`, `secrecy_review_needed`, `batch_waits`, or a fault.
pub fn release(writer: &mut Writer, rulebook: &Rulebook, ids: &[String], decision: Decision<'_>) -> Result<Released> {
    decision.is_founded()?;
    let today = writer.clock().today();
    let keyring = writer.keyring();
    let mut rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
    let mut groups: BTreeMap<Option<[u8; 16]>, Vec<RecordKey>> = BTreeMap::new();
    for id in ids {
        let stored = named(writer.connection(), &rules.view(), id)?.ok_or(AppError::NotFound)?;
        if stored.state != State::Held.code() {
            return Err(AppError::refused("not_held", "record", format!("{id} 并未暂缓公示，无须复核")));
        }
        check(&mut rules, &stored, id, decision)?;
        let batch = batch_of(writer.connection(), &stored)?.map(|batch| batch.id);
        let keys = groups.entry(batch).or_default();
        let key = (stored.uscc.clone(), stored.identity);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let mut done = Released::default();
    for (batch, mut keys) in groups {
        keys.sort();
        for chunk in keys.chunks(CHUNK_ROWS) {
            let draft = draft("review", decision, rulebook, today, batch);
            let (outcomes, _) = writer.change(&draft, |change| {
                let mut outcomes = Vec::with_capacity(chunk.len());
                let mut touched = BTreeSet::new();
                for key in chunk {
                    let view = rules.view();
                    let Some(stored) = lock(change, &view, key)?.filter(|stored| stored.state == "held") else {
                        continue;
                    };
                    let waits_with = hold_of_batch(batch_of(change.connection, &stored)?.as_ref());
                    let content = rules.content(&stored)?;
                    let version = rules.version(&stored.item)?;
                    let value = |code: &str| text(&content.all, code);
                    let own = remaining_hold(version, value, |code| text(&content.public, code), &stored.hold);
                    let hold = match own {
                        // What the batch waits for was looked at just now.
                        "" if stored.hold == waits_with => "",
                        "" => waits_with,
                        own => own,
                    };
                    let state = if hold.is_empty() { State::Accepted } else { State::Held };
                    let next = Next {
                        state,
                        hold,
                        source: &stored.source,
                        content: &content,
                        packed: stored.packed.as_deref(),
                    };
                    let from_on = rules.settle(change, &stored, next)?;
                    touched.insert(stored.uscc.clone());
                    outcomes.push(Outcome {
                        id: hex(&stored.reference),
                        uscc: stored.uscc.clone(),
                        state: state.code().to_owned(),
                        hold: hold.to_owned(),
                        public_from_on: from_on.and_then(date_of),
                    });
                }
                keep_all(change, rulebook, &touched, today)?;
                Ok(outcomes)
            })?;
            done.records.extend(outcomes);
        }
    }
    writer.sequence()?;
    if done.records.is_empty() {
        return Err(AppError::refused("not_held", "record", "他人已先办理，记录不再暂缓公示"));
    }
    done.still_held = done.records.iter().filter(|one| one.state == "held").count() as u64;
    done.released = done.records.len() as u64 - done.still_held;
    Ok(done)
}

/// Whether this decision may let this record go.
fn check(rules: &mut Rules<'_>, stored: &Stored, id: &str, decision: Decision<'_>) -> Result<()> {
    let own = id.rsplit('/').next().unwrap_or(id);
    let refuse = |code, detail: String| Err(AppError::refused(code, "record", format!("{own}：{detail}")));
    match stored.hold.as_str() {
        MAYBE_SIMPLE_PROCEDURE if !states_ordinary_procedure(decision.reason) => refuse(
            "procedure_not_stated",
            "该处罚可能适用简易程序，理由中须写明经核实适用普通程序；适用简易程序的不得公示".to_owned(),
        ),
        PERSONAL_NUMBER => {
            let content = rules.content(stored)?;
            let fields = personal_fields(rules.version(&stored.item)?, |code| text(&content.public, code));
            match fields.as_slice() {
                [] => Ok(()),
                fields => refuse(
                    "redaction_needed",
                    format!("公示内容含有身份证号或电话号码，请先遮蔽字段 {}", fields.join("、")),
                ),
            }
        }
        NO_SECRECY_REVIEW if crate::account::is_blank(decision.secrecy_review) => {
            refuse("secrecy_review_needed", "未经保密审查，须写明审查人".to_owned())
        }
        FIRST_HTTP_BATCH | UNUSUAL_VOLUME => refuse("batch_waits", "整批暂缓公示，请核对后放行整批".to_owned()),
        _ => Ok(()),
    }
}
