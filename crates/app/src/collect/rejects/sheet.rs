//! Rejects of a workbook: one sheet with the sender's header and our columns, every cell a text. Rows go to a temporary
//! file while they are written, so that a million of them take no memory.

use super::{REJECT_COLUMNS, reasons};
use credence_domain::record::text::is_dangerous;
use credence_store::batch::Rejected;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

/// The most characters (UTF-16 units) of a cell.
const CELL_MAX: usize = 32_767;

/// Writes a rejects workbook.
pub struct SheetRejects {
    book: Workbook,
    path: PathBuf,
    columns: usize,
    next: u32,
    /// Keeps a spreadsheet from taking a text for a formula when someone edits the cell.
    quoted: Format,
}

impl SheetRejects {
    /// Begins the workbook with the sender's header and our columns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(path: &Path, sheet: &str, header: &[String]) -> io::Result<Self> {
        let mut book = Workbook::new();
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        book.set_tempdir(folder).map_err(failed)?;
        book.add_worksheet_with_low_memory().map_err(failed)?.set_name(sheet).map_err(failed)?;
        let quoted = Format::new().set_quote_prefix();
        let mut file = Self { book, path: path.to_owned(), columns: header.len(), next: 0, quoted };
        let names = header.iter().map(String::as_str).chain(REJECT_COLUMNS);
        file.write(names)?;
        Ok(file)
    }

    /// Writes one rejected row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn row(&mut self, rejected: &Rejected) -> io::Result<()> {
        let mut cells: Vec<String> = serde_json::from_slice(&rejected.raw).unwrap_or_default();
        cells.resize(self.columns, String::new());
        cells.extend(reasons(rejected));
        self.write(cells.iter().map(String::as_str))
    }

    fn write<'c>(&mut self, cells: impl Iterator<Item = &'c str>) -> io::Result<()> {
        let sheet = self.book.worksheet_from_index(0).map_err(failed)?;
        for (column, cell) in (0..).zip(cells) {
            let cell = fitting(cell);
            if is_dangerous(&cell) {
                sheet.write_string_with_format(self.next, column, cell, &self.quoted).map_err(failed)?;
            } else if !cell.is_empty() {
                sheet.write_string(self.next, column, cell).map_err(failed)?;
            }
        }
        self.next += 1;
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.book.save(&self.path).map_err(failed)
    }
}

/// What a cell can hold of a text.
fn fitting(text: &str) -> Cow<'_, str> {
    if text.len() <= CELL_MAX || text.encode_utf16().count() <= CELL_MAX {
        return Cow::Borrowed(text);
    }
    let mut units = 0;
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units <= CELL_MAX
    });
    Cow::Owned(kept.collect())
}

fn failed(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        error => io::Error::other(error),
    }
}
