//! Rejects of a workbook: one sheet with the sender's header and our columns, every cell a text but those whose form was refused. Rows
//! go to a temporary file while they are written, so that a million of them take no memory.

use super::{LACKING, REJECT_COLUMNS, is_in_pieces, reasons};
use crate::collect::source::sheet::Refused;
use credence_domain::record::text::is_dangerous;
use credence_store::batch::Rejected;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::Value;
use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

/// The most characters (UTF-16 units) of a cell.
const CELL_MAX: usize = 32_767;
/// Cells of a row that is too long may have been shortened from so many bytes on.
const SHORTENED_FROM: usize = 4000;

/// Writes a rejects workbook.
pub struct SheetRejects {
    book: Workbook,
    path: PathBuf,
    columns: usize,
    next: u32,
    /// Keeps a spreadsheet from taking a text for a formula when someone edits the cell.
    quoted: Format,
    /// How a date is shown.
    dated: Format,
}

/// A cell as it is written.
enum Cell<'c> {
    Text(Cow<'c, str>),
    Number(f64),
    Date(f64),
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
        let dated = Format::new().set_num_format("yyyy-mm-dd");
        let mut file = Self { book, path: path.to_owned(), columns: header.len(), next: 0, quoted, dated };
        let names = header.iter().map(String::as_str).chain(REJECT_COLUMNS);
        file.write(names.map(|name| Cell::Text(name.into())))?;
        Ok(file)
    }

    /// Writes one rejected row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn row(&mut self, rejected: &Rejected) -> io::Result<()> {
        let values: Vec<Value> = serde_json::from_slice(&rejected.raw).unwrap_or_default();
        let mut cells: Vec<Cell<'_>> = values.iter().map(Cell::of).collect();
        if is_in_pieces(rejected) {
            let is_whole = |cell: &Cell<'_>| !matches!(cell, Cell::Text(text) if text.len() > SHORTENED_FROM);
            cells.iter_mut().filter(|cell| !is_whole(cell)).for_each(|cell| *cell = Cell::Text(LACKING.into()));
        }
        cells.resize_with(self.columns, || Cell::Text("".into()));
        cells.extend(reasons(rejected).into_iter().map(|text| Cell::Text(text.into())));
        self.write(cells.into_iter())
    }

    fn write<'c>(&mut self, cells: impl Iterator<Item = Cell<'c>>) -> io::Result<()> {
        let sheet = self.book.worksheet_from_index(0).map_err(failed)?;
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text(text) => {
                    let text = fitting(&text);
                    if is_dangerous(&text) {
                        sheet.write_string_with_format(self.next, column, text, &self.quoted).map_err(failed)?;
                    } else if !text.is_empty() {
                        sheet.write_string(self.next, column, text).map_err(failed)?;
                    }
                }
                Cell::Number(number) => drop(sheet.write_number(self.next, column, number).map_err(failed)?),
                Cell::Date(serial) => {
                    sheet.write_number_with_format(self.next, column, serial, &self.dated).map_err(failed)?;
                }
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

impl<'c> Cell<'c> {
    fn of(value: &'c Value) -> Self {
        match value.as_str() {
            Some(text) => Self::Text(text.into()),
            None => match Refused::of(value) {
                Some(Refused::Date { serial, .. }) => Self::Date(serial),
                Some(Refused::Number { number, .. }) => Self::Number(number),
                None => Self::Text(value.to_string().into()),
            },
        }
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
