//! What an import says of itself: while it runs, and when it is done.

use super::file::ColumnView;
use super::told::RejectedRow;
use credence_store::batch::Counts;
use serde::Serialize;
use std::time::Duration;

/// How far an import has come, for whoever watches.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Bytes of text read.
    pub bytes: u64,
    /// Bytes of the file.
    pub total: u64,
    /// Rows done.
    pub rows: i64,
    /// Time spent.
    pub elapsed: Duration,
}

/// What an import did (CONTRACT: `{"batch","item","read",…}`).
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Number of the batch; empty for a dry run.
    pub batch: String,
    /// Item.
    pub item: String,
    /// Counts over the whole file.
    #[serde(flatten)]
    pub counts: Counts,
    /// Time spent, over all runs.
    pub seconds: f64,
    /// File name.
    pub file: String,
    /// Encoding in which it was read.
    pub encoding: String,
    /// `csv`, `tsv`, `xlsx`, `jsonl`.
    pub format: String,
    /// The sheet that was read; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Sheets that were not read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_sheets: Vec<String>,
    /// How the columns were mapped.
    pub columns: Vec<ColumnView>,
    /// Columns of the item that the file lacks and that a row must have.
    pub missing: Vec<String>,
    /// It went on where a kill had left it.
    pub resumed: bool,
    /// Nothing was written.
    pub dry_run: bool,
    /// The first hundred rows that a dry run would reject; those of an import are kept with its batch.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rejected_rows: Vec<RejectedRow>,
}
