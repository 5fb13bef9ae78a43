//! The rejects file: the sender's own format, columns and order, with four columns added that are ignored when the mended
//! file is sent again. Cells that a spreadsheet would run are made harmless, and taken back when the file returns. What would pass if it
//! came back untouched is written so that it does not: cells that were not there bear [`LACKING`], a date or a damaged number
//! in a sheet stays one.

pub mod lines;
pub mod sheet;
pub mod text;

use super::file::{Incoming, Layout};
use credence_domain::catalog::mapping::REJECT_COLUMNS;
use credence_store::batch::Rejected;
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

/// Stands in a cell that the sender has to fill: a row that still bears it is refused again.
pub const LACKING: &str = "（此格须补齐）";

/// Whether only the beginning of a row, or nothing that falls into cells, is there: it stands as one text in the first cell.
fn is_in_pieces(rejected: &Rejected) -> bool {
    matches!(rejected.code.as_str(), "unbalanced_quote" | "row_too_long")
}

/// A header that bears all our columns: the file went out from here.
#[must_use]
pub fn is_returned(header: &[String]) -> bool {
    REJECT_COLUMNS.iter().all(|ours| header.iter().any(|name| name == ours))
}

/// A rejects file while it is written.
pub enum RejectsFile {
    /// Of a delimited text.
    Text(text::TextRejects<BufWriter<File>>),
    /// Of JSON lines.
    Lines(lines::LineRejects<BufWriter<File>>),
    /// Of a sheet.
    Sheet(Box<sheet::SheetRejects>),
}

impl RejectsFile {
    /// Begins the file in the format of the one that came in.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(path: &Path, file: &Incoming) -> io::Result<Self> {
        let out = || Ok::<_, io::Error>(BufWriter::new(File::create(path)?));
        Ok(match &file.layout {
            Layout::Text { delimiter, header_line } => {
                Self::Text(text::TextRejects::begin(out()?, &file.probe, *delimiter, header_line, &file.header)?)
            }
            Layout::Lines => Self::Lines(lines::LineRejects::begin(out()?, &file.probe)?),
            Layout::Sheet { name, .. } => Self::Sheet(Box::new(sheet::SheetRejects::begin(path, name, &file.header)?)),
        })
    }

    /// Writes one rejected row: as it came, then why.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn row(&mut self, rejected: &Rejected) -> io::Result<()> {
        match self {
            Self::Text(out) => out.row(rejected),
            Self::Lines(out) => out.row(rejected),
            Self::Sheet(out) => out.row(rejected),
        }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Text(out) => out.finish().map(drop),
            Self::Lines(out) => out.finish().map(drop),
            Self::Sheet(out) => out.finish(),
        }
    }
}

/// What our columns say of a row, in their order.
fn reasons(rejected: &Rejected) -> [String; 4] {
    [rejected.line.to_string(), rejected.field.clone(), rejected.code.clone(), rejected.reason.clone()]
}
