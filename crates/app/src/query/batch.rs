//! Batches as the sender and the office see them.

use crate::service::Service;
use crate::{AppError, Result};
use credence_store::batch::{self, Batch, Counts};
use credence_store::clock::instant_text;
use credence_store::scope::View;
use credence_store::subject;
use serde::Serialize;

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
    /// queued, running, done, failed, held or withdrawn.
    pub state: String,
    /// Instant of receipt.
    pub received_at: String,
    /// Who answers for the secrecy review.
    pub secrecy_review: String,
    /// Counts.
    #[serde(flatten)]
    pub counts: Counts,
    /// Time spent.
    pub seconds: f64,
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

fn view(batch: Batch) -> BatchView {
    BatchView {
        batch: batch.number,
        item: batch.item,
        source: batch.source,
        file: batch.file,
        state: batch.state,
        received_at: instant_text(batch.received_at),
        secrecy_review: batch.secrecy_review,
        counts: batch.counts,
        seconds: batch.micros as f64 / 1e6,
    }
}

impl Service {
    /// The latest batches.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn batches(&self, limit: u32) -> Result<Vec<BatchView>> {
        Ok(self.read(|connection| batch::list(connection, limit))?.into_iter().map(view).collect())
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
        Ok(BatchDetail { summary: view(found), columns, rejects })
    }

    /// Open name conflicts, for the office.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn name_conflicts(&self, view: &View) -> Result<Vec<NameConflictView>> {
        let found = self.read(|connection| subject::name_conflicts(connection, view, 1000))?;
        let conflict = |found: subject::NameConflict| NameConflictView {
            uscc: found.uscc,
            standing: found.standing,
            sent: found.sent,
            source: found.source,
        };
        Ok(found.into_iter().map(conflict).collect())
    }
}
