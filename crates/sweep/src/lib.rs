//! What evaluation sees of a register on one day, as a columnar copy that any tool reads, and a sweep over it.
//!
//! Serves 鲁信用办〔2019〕8号 art. 七. A snapshot is two Parquet files in a folder: `organisations.parquet` and
//! `records.parquet`, both in order of codes, the records of an organisation in order of identities. It holds what is public on
//! its day and no content: item, class, owner, dates and reference. It is asked about that day only, for afterwards it would
//! speak of records that have ended (docs/design/0030-snapshots.md).
//!
//! A row group of records ends where an organisation ends, and the same group of the other file holds just the
//! organisations up to there: groups are swept side by side and no organisation is counted twice.

mod explain;
mod layout;
mod results;
mod run;
mod scan;
mod write;

pub use explain::{Held, held};
pub use layout::{Head, head};
pub use results::{Outcome, each_outcome};
pub use run::{Swept, sweep};
pub use write::Writer;

/// Why a snapshot could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// A file cannot be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A file is no Parquet file, or a damaged one.
    #[error(transparent)]
    Parquet(#[from] parquet::errors::ParquetError),
    /// Columns do not fit together.
    #[error(transparent)]
    Arrow(#[from] arrow_schema::ArrowError),
    /// The two files are no snapshot, or not one and the same.
    #[error("{0}")]
    NoSnapshot(String),
    /// A snapshot was asked about another day than its own.
    #[error("the snapshot is of {of}, not of {asked}")]
    OtherDay {
        /// Its day.
        of: jiff::civil::Date,
        /// The day asked for.
        asked: jiff::civil::Date,
    },
}

/// What goes well here, or why it does not.
pub type Result<T> = std::result::Result<T, SweepError>;
