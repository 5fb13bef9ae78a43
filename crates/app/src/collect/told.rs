//! The rows that a dry run would reject: nothing of it stays in the register, so they are told in the answer and written into the rejects
//! file from here.

use super::file::Incoming;
use super::rejects::RejectsFile;
use crate::Result;
use credence_store::batch::Rejected;
use serde::Serialize;
use std::path::Path;

/// Rows that are kept to be told: some 20 MB. More are counted.
const KEPT_MOST: usize = 100_000;
/// Rows that stand in the answer.
const ANSWERED_MOST: usize = 100;

/// A row that would be rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RejectedRow {
    /// Its line in the file.
    pub line: u32,
    /// The sender's header of the field at fault; empty where the row as a whole is.
    pub field: String,
    /// The code.
    pub code: String,
    /// Why, and what to do.
    pub reason: String,
}

/// The rejected rows of a dry run so far.
#[derive(Debug, Default)]
pub(super) struct Told(Vec<Rejected>);

impl Told {
    /// Takes those of a window, without how they stand in the file.
    pub(super) fn take(&mut self, rejected: Vec<Rejected>) {
        let room = KEPT_MOST - self.0.len();
        self.0.extend(rejected.into_iter().take(room).map(|one| Rejected { raw: Vec::new(), ..one }));
    }

    /// The first of them in the order of the file.
    pub(super) fn answered(&mut self) -> Vec<RejectedRow> {
        self.0.sort_by_key(|one| one.line);
        let row = |one: &Rejected| {
            let Rejected { line, field, code, reason, .. } = one.clone();
            RejectedRow { line, field, code, reason }
        };
        self.0.iter().take(ANSWERED_MOST).map(row).collect()
    }

    /// Writes them as the import would: as they stand in the file, then why.
    ///
    /// # Errors
    /// When the file cannot be read or the other not be written.
    pub(super) fn write(mut self, path: &Path, file: &Incoming) -> Result<()> {
        self.0.sort_by_key(|one| one.line);
        let mut rejects = RejectsFile::begin(path, file)?;
        let mut rows = file.rows()?;
        let mut wanted = self.0.into_iter().peekable();
        while wanted.peek().is_some()
            && let Some(row) = rows.next_row()?
        {
            let raw = rows.original_bytes(&row, file.probe.encoding);
            while let Some(one) = wanted.next_if(|one| one.line <= row.line) {
                let raw = if one.line == row.line { raw.clone() } else { Vec::new() };
                rejects.row(&Rejected { raw, ..one })?;
            }
        }
        rejects.finish()?;
        Ok(())
    }
}
