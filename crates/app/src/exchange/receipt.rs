//! The receipt (回执) of a package: what became of it, as JSON. The same package gets the same receipt, so it holds nothing of the
//! moment at which it is written.

use super::manifest::Manifest;
use crate::Result;
use crate::query::BatchView;
use credence_store::batch::Counts;
use serde::Serialize;

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// Form of this document.
    pub format: u8,
    /// The unit whose folder it is.
    pub unit: String,
    /// Item; `null` where the manifest could not be read.
    pub item: Option<String>,
    /// Number of the package; `null` where the manifest could not be read.
    pub sequence: Option<i64>,
    /// The data file.
    pub file: Option<String>,
    /// Its digest as the manifest says it.
    pub sha256: Option<String>,
    /// `done`, `held`, `withdrawn` or `failed` as its batch is; `waiting` for an earlier number; `refused`.
    pub state: String,
    /// The batch.
    pub batch: Option<String>,
    /// Instant of receipt.
    pub received_at: Option<String>,
    /// Rows by what became of them.
    pub counts: Option<Counts>,
    /// Why the batch waits for a person.
    pub hold: Option<String>,
    /// The file with the rejected rows, beside this one.
    pub rejects: Option<String>,
    /// Why it waits, failed or was refused.
    pub problem: Option<Problem>,
    /// The number that is expected.
    pub expected: Option<i64>,
}

/// What is wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable code.
    pub code: String,
    /// What of the package; empty for the whole.
    pub field: String,
    /// In Chinese.
    pub detail: String,
}

impl Receipt {
    /// The receipt of a package whose manifest could be read, as far as that goes.
    #[must_use]
    pub fn of(unit: &str, manifest: Option<&Manifest>, state: &str) -> Self {
        Self {
            format: 1,
            unit: unit.to_owned(),
            item: manifest.map(|manifest| manifest.item.clone()),
            sequence: manifest.map(|manifest| manifest.sequence),
            file: manifest.map(|manifest| manifest.file.clone()),
            sha256: manifest.map(|manifest| manifest.sha256.to_ascii_lowercase()),
            state: state.to_owned(),
            batch: None,
            received_at: None,
            counts: None,
            hold: None,
            rejects: None,
            problem: None,
            expected: None,
        }
    }

    /// The receipt of a package that was imported, or failed as a whole.
    #[must_use]
    pub fn of_batch(unit: &str, manifest: &Manifest, batch: BatchView, rejects: Option<String>) -> Self {
        let problem =
            batch.problem.map(|problem| Problem { code: problem.code, field: problem.field, detail: problem.detail });
        Self {
            batch: Some(batch.batch),
            received_at: Some(batch.received_at),
            counts: Some(batch.counts),
            hold: batch.hold,
            rejects,
            problem,
            ..Self::of(unit, Some(manifest), &batch.state)
        }
    }

    /// As it is written.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self).map_err(std::io::Error::other)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}
