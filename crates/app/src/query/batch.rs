//! Batches as the sender and the office see them.

use super::page::{Page, decode_cursor, encode_cursor};
use crate::batch::Arrival;
use crate::consent::Behalf;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::access::KeyScope;
use credence_store::batch::{self, Batch, Counts};
use credence_store::clock::instant_text;
use credence_store::conflict;
use credence_store::scope::View;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// Batches looked at in one step where not all of them are seen.
const LOOKED_AT_ONCE: u32 = 500;

/// A batch (CONTRACT: the object of `import` with its state).
#[derive(Clone, Debug, Serialize)]
pub struct BatchView {
    /// Number.
    pub batch: String,
    /// Item.
    pub item: String,
    /// Who sent it.
    pub source: String,
    /// File name.
    pub file: String,
    /// `cli`, `demo`, or the way of exchange: `http`, `file`, `database`.
    pub channel: String,
    /// Number among the unit's packages of the item; `null` without one.
    pub sequence: Option<i64>,
    /// queued, running, done, failed, held or withdrawn.
    pub state: String,
    /// Instant of receipt.
    pub received_at: String,
    /// Who answers for the secrecy review.
    pub secrecy_review: String,
    /// Why the whole batch waits; `null` when it does not.
    pub hold: Option<String>,
    /// Why it failed as a whole; `null` when it did not.
    pub problem: Option<BatchProblem>,
    /// Who corrected in the source's name, with whose consent; not there where the source itself sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behalf: Option<Behalf>,
    /// Counts.
    #[serde(flatten)]
    pub counts: Counts,
    /// Time spent.
    pub seconds: f64,
    /// Instant of receipt in microseconds: the order of lists.
    #[serde(skip)]
    pub received_micros: i64,
    /// Number of the key, or name of the account, with which it was sent.
    #[serde(skip)]
    pub sent_with: String,
}

/// Why a batch failed as a whole.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BatchProblem {
    /// Stable code.
    pub code: String,
    /// What of the file; empty for the whole.
    pub field: String,
    /// What is wrong and what to do.
    pub detail: String,
}

/// A rejected row.
#[derive(Clone, Debug, Serialize)]
pub struct RejectView {
    /// Line in the file.
    pub line: u32,
    /// The sender's header.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// What is wrong and what to do.
    pub reason: String,
}

/// A batch with everything about it.
#[derive(Clone, Debug, Serialize)]
pub struct BatchDetail {
    /// The batch.
    #[serde(flatten)]
    pub summary: BatchView,
    /// How columns were mapped.
    pub columns: serde_json::Value,
    /// Rejected rows by line, without their content.
    pub rejects: Vec<RejectView>,
}

/// A name that was sent for a known code and differs from the one on file.
#[derive(Clone, Debug, Serialize)]
pub struct NameConflictView {
    /// The organisation.
    pub uscc: String,
    /// Name on file.
    pub standing: String,
    /// Name as sent.
    pub sent: String,
    /// Who sent it.
    pub source: String,
}

impl From<Batch> for BatchView {
    fn from(batch: Batch) -> Self {
        Self {
            batch: batch.number,
            item: batch.item,
            source: batch.source,
            file: batch.file,
            channel: batch.channel,
            sequence: Some(batch.sequence).filter(|sequence| *sequence > 0),
            state: batch.state,
            received_at: instant_text(batch.received_at),
            secrecy_review: batch.secrecy_review,
            hold: Some(batch.hold).filter(|hold| !hold.is_empty()),
            problem: serde_json::from_str(&batch.problem).ok(),
            behalf: serde_json::from_str(&batch.behalf).ok(),
            counts: batch.counts,
            seconds: batch.micros as f64 / 1e6,
            received_micros: batch.received_at,
            sent_with: batch.key,
        }
    }
}

impl BatchView {
    /// Whether a key of the unit that is narrowed to these items sees it: its item is one of them, or it is not known what it holds
    /// and this key sent it.
    #[must_use]
    pub fn is_within(&self, scope: &KeyScope, key: &str) -> bool {
        match self.item.as_str() {
            "" => scope.items.is_empty() || self.sent_with == key,
            item => scope.sends(item),
        }
    }

    /// A batch that was acknowledged and has not begun.
    #[must_use]
    pub fn queued(arrival: &Arrival) -> Self {
        Self {
            batch: arrival.number.clone(),
            item: arrival.item.clone().unwrap_or_default(),
            source: arrival.source.clone(),
            file: arrival.file.clone(),
            channel: arrival.channel.code().to_owned(),
            sequence: Some(arrival.sequence).filter(|sequence| *sequence > 0),
            state: "queued".to_owned(),
            received_at: instant_text(arrival.received_at),
            secrecy_review: arrival.secrecy_review.clone(),
            hold: None,
            problem: None,
            behalf: None,
            counts: Counts::default(),
            seconds: 0.0,
            received_micros: arrival.received_at,
            sent_with: arrival.key.clone(),
        }
    }
}

/// The refusal of a batch of an item for which a key was not issued.
#[must_use]
pub fn out_of_scope(scope: &KeyScope) -> AppError {
    let text = format!("这把密钥只可查看{}的批次；需要的，请向信用管理部门申请另一把", scope.items.join("、"));
    AppError::refused("key_scope", "", text)
}

/// The refusal of another unit's batch.
#[must_use]
pub fn forbidden() -> AppError {
    AppError::refused("forbidden", "", "这是其他单位的批次，只有报送单位可以查看")
}

impl Service {
    /// The latest batches.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn batches(&self, limit: u32) -> Result<Vec<BatchView>> {
        Ok(self.read(|connection| batch::list(connection, limit))?.into_iter().map(BatchView::from).collect())
    }

    /// The batches of a unit, or of every unit, latest first, in pages; `queued` are those that have not begun.
    ///
    /// # Errors
    /// `bad_cursor`, or a fault of the store.
    pub fn batches_of(
        &self,
        source: Option<&str>,
        queued: Vec<BatchView>,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<BatchView>> {
        self.batches_seen((source, |_: &BatchView| true), queued, cursor, limit)
    }

    /// The same, of those alone that somebody sees.
    ///
    /// # Errors
    /// As [`Service::batches_of`].
    pub fn batches_seen(
        &self,
        (source, sees): (Option<&str>, impl Fn(&BatchView) -> bool),
        queued: Vec<BatchView>,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<BatchView>> {
        let behind = match cursor.filter(|cursor| !cursor.is_empty()) {
            None => (i64::MAX, String::new()),
            Some(cursor) => {
                let parts = decode_cursor(cursor, 2)?;
                let (at, number) = (parts.first(), parts.get(1));
                let at = at
                    .and_then(|at| at.parse().ok())
                    .ok_or_else(|| AppError::refused("bad_cursor", "cursor", "请使用上一页返回的 next"))?;
                (at, number.cloned().unwrap_or_default())
            }
        };
        let place = |view: &BatchView| (Reverse(view.received_micros), view.batch.clone());
        let after = |view: &BatchView| place(view) > (Reverse(behind.0), behind.1.clone());
        let mut found = self.stored_of(source, &sees, behind.clone(), limit as usize + 1)?;
        // What has begun stands in the register, even while it is still in the spool.
        let waiting = queued.into_iter().filter(|one| after(one) && sees(one));
        let waiting: Vec<BatchView> =
            waiting.filter(|one| found.iter().all(|known| known.batch != one.batch)).collect();
        found.extend(waiting);
        found.sort_by_key(place);
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let last = found.last().filter(|_| more);
        let next = last.map(|last| encode_cursor(&[&last.received_micros.to_string(), &last.batch]));
        Ok(Page { items: found, next })
    }

    /// So many stored batches behind a place as somebody sees, or fewer where there are no more.
    fn stored_of(
        &self,
        source: Option<&str>,
        sees: &impl Fn(&BatchView) -> bool,
        mut behind: (i64, String),
        wanted: usize,
    ) -> Result<Vec<BatchView>> {
        let (mut found, mut at_once) = (Vec::new(), wanted as u32);
        loop {
            let stored = self.read(|c| batch::of_source(c, source, Some((behind.0, &behind.1)), at_once))?;
            let last = stored.last().map(|last| (last.received_at, last.number.clone()));
            let ended = stored.len() < at_once as usize;
            found.extend(stored.into_iter().map(BatchView::from).filter(sees).take(wanted - found.len()));
            let Some(last) = last.filter(|_| !ended && found.len() < wanted) else { return Ok(found) };
            (behind, at_once) = (last, LOOKED_AT_ONCE.max(at_once));
        }
    }

    /// One batch for the unit that sent it, or for whoever sees those of every unit.
    ///
    /// # Errors
    /// `not_found`, `forbidden` for another unit's, or a fault.
    pub fn batch_of(&self, source: Option<&str>, number: &str) -> Result<BatchView> {
        let found = self.read(|connection| batch::find(connection, number))?.ok_or(AppError::NotFound)?;
        if source.is_none_or(|source| found.source == source) { Ok(found.into()) } else { Err(forbidden()) }
    }

    /// One batch.
    ///
    /// # Errors
    /// `not_found`, or a fault.
    pub fn batch(&self, number: &str) -> Result<BatchDetail> {
        let found = self.read(|connection| batch::find(connection, number))?.ok_or(AppError::NotFound)?;
        let mut rejects = Vec::new();
        self.read(|connection| {
            batch::each_rejected(connection, &found.id, |rejected| {
                let batch::Rejected { line, field, code, reason, .. } = rejected;
                rejects.push(RejectView { line, field, code, reason });
                Ok(())
            })
        })?;
        let columns = serde_json::from_str(&found.mapping).unwrap_or_default();
        Ok(BatchDetail { summary: found.into(), columns, rejects })
    }

    /// Open name conflicts, for the office.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn name_conflicts(&self, view: &View) -> Result<Vec<NameConflictView>> {
        let found = self.read(|connection| conflict::open(connection, view, 1000))?;
        let conflict = |found: conflict::NameConflict| NameConflictView {
            uscc: found.uscc,
            standing: found.standing,
            sent: found.sent,
            source: found.source,
        };
        Ok(found.into_iter().map(conflict).collect())
    }
}
