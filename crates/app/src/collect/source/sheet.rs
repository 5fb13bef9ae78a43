//! A sheet of an XLSX workbook as rows of text. A thread of its own reads it, for the reader borrows from the workbook;
//! at most a few megabytes wait between the two, beside the table of strings.
//!
//! A cell formatted as a date is a date; a bare number in a date column is not (45000 may be anything). A number of more
//! than 15 digits was damaged by the spreadsheet before it came here, an error value is no value, and a formula counts as
//! what the spreadsheet last made of it.

use super::guard::invalid;
use crate::collect::table::{Defect, Fault, LONGEST_ROW, RawRow};
use crate::{AppError, Result};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// The most rows of a sheet.
pub const MOST_ROWS: u32 = 1_048_576;
/// The most columns of a sheet.
const MOST_COLUMNS: usize = 16_384;
/// Rows at a sheet's head among which its header is looked for: titles and notes may stand above it.
const HEAD_ROWS: usize = 10;
/// Numbers from here on have lost digits.
const PRECISE_BELOW: f64 = 1e15;
/// Rows handed over together.
const BATCH_ROWS: usize = 256;
const BATCH_BYTES: usize = 1 << 20;

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expects {
    /// Nothing: it is not used.
    Nothing,
    /// A date.
    Date,
    /// Anything else.
    Other,
}

/// A row at a sheet's head that may be its header.
#[derive(Clone, Debug)]
pub struct Head {
    /// The sheet.
    pub sheet: String,
    /// Its row, from 1.
    pub line: u32,
    /// Its cells.
    pub cells: Vec<String>,
}

/// What the reading thread hands over.
enum Message {
    Rows(Vec<RawRow>),
    Failed(AppError),
    End,
}

/// The rows of a sheet.
pub struct SheetRows {
    receive: Receiver<Message>,
    waiting: std::vec::IntoIter<RawRow>,
    ended: bool,
}

impl SheetRows {
    /// Reads the rows behind a header.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn open(path: &Path, sheet: &str, header_line: u32, expects: Vec<Expects>) -> Result<Self> {
        let (send, receive) = sync_channel(2);
        let (path, sheet) = (path.to_owned(), sheet.to_owned());
        thread::Builder::new().name("sheet".to_owned()).spawn(move || {
            let end = match send_rows(&path, &sheet, header_line, &expects, &send) {
                Ok(()) => Message::End,
                Err(error) => Message::Failed(error),
            };
            // Fails when nobody waits for more.
            let _ = send.send(end);
        })?;
        Ok(Self { receive, waiting: Vec::new().into_iter(), ended: false })
    }

    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// `xlsx_invalid` when the sheet cannot be read on; io.
    pub fn next_row(&mut self) -> Result<Option<RawRow>> {
        while !self.ended {
            if let Some(row) = self.waiting.next() {
                return Ok(Some(row));
            }
            match self.receive.recv() {
                Ok(Message::Rows(rows)) => self.waiting = rows.into_iter(),
                Ok(Message::Failed(error)) => return Err(error),
                Ok(Message::End) => self.ended = true,
                // The reader fell over something that it did not expect.
                Err(_) => return Err(invalid(&"unreadable")),
            }
        }
        Ok(None)
    }
}

/// The first rows of every visible sheet, in their order.
///
/// # Errors
/// `xlsx_invalid`; io.
pub fn heads(path: &Path) -> Result<Vec<Head>> {
    let path = path.to_owned();
    let read = thread::Builder::new().name("sheet heads".to_owned()).spawn(move || read_heads(&path))?;
    read.join().map_err(|_| invalid(&"unreadable"))?
}

type Book = Xlsx<BufReader<File>>;

fn book(path: &Path) -> Result<Book> {
    Xlsx::new(BufReader::new(File::open(path)?)).map_err(|error| invalid(&error))
}

fn read_heads(path: &Path) -> Result<Vec<Head>> {
    let mut book = book(path)?;
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut heads = Vec::new();
    for sheet in sheets {
        let mut found = 0;
        each_row(&mut book, &sheet, &[], |row| {
            let cells = row.cells().map(|cell| cell.trim().to_owned()).collect();
            heads.push(Head { sheet: sheet.clone(), line: row.line, cells });
            found += 1;
            Ok(found < HEAD_ROWS)
        })?;
    }
    Ok(heads)
}

fn send_rows(
    path: &Path,
    sheet: &str,
    header_line: u32,
    expects: &[Expects],
    send: &SyncSender<Message>,
) -> Result<()> {
    let mut book = book(path)?;
    let (mut rows, mut bytes) = (Vec::with_capacity(BATCH_ROWS), 0);
    each_row(&mut book, sheet, expects, |row| {
        if row.line <= header_line {
            return Ok(true);
        }
        bytes += row.text.len();
        rows.push(row);
        if rows.len() < BATCH_ROWS && bytes < BATCH_BYTES {
            return Ok(true);
        }
        bytes = 0;
        let full = std::mem::replace(&mut rows, Vec::with_capacity(BATCH_ROWS));
        Ok(send.send(Message::Rows(full)).is_ok())
    })?;
    let _ = send.send(Message::Rows(rows));
    Ok(())
}

/// A cell whose form is refused though its text might pass, as a rejected row keeps it: sent back untouched it is refused again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Refused {
    /// A date where none is expected.
    Date {
        /// As it is read.
        date: String,
        /// Days as the spreadsheet counts them.
        serial: f64,
    },
    /// A number that has lost digits.
    Number {
        /// As it is read.
        digits: String,
        /// The number.
        number: f64,
    },
}

impl Refused {
    /// What a rejected row keeps in the place of a text.
    #[must_use]
    pub fn of(kept: &Value) -> Option<Self> {
        Self::deserialize(kept).ok()
    }

    fn told(value: &DataRef<'_>, text: &str) -> Option<Self> {
        let text = text.to_owned();
        match value {
            DataRef::Float(number) => Some(Self::Number { digits: text, number: *number }),
            DataRef::DateTime(date) => Some(Self::Date { date: text, serial: date.as_f64() }),
            _ => None,
        }
    }
}

/// A row while its cells arrive.
#[derive(Default)]
struct Arriving {
    cells: Vec<String>,
    faults: Vec<Fault>,
    refused: Vec<(usize, Refused)>,
    length: usize,
}

impl Arriving {
    fn put(&mut self, column: usize, text: Cow<'_, str>, fault: Option<(&'static str, String)>) {
        if let Some((code, detail)) = fault {
            self.faults.push(Fault { column, code, detail });
        }
        if text.is_empty() {
            return;
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.length += text.len();
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = text.into_owned();
        }
    }

    /// The row, filled up to the header's columns; `None` when nothing stands in it.
    fn finish(&mut self, line: u32, columns: usize) -> Option<RawRow> {
        let Self { mut cells, faults, refused, length } = std::mem::take(self);
        if cells.is_empty() && faults.is_empty() {
            return None;
        }
        if length > LONGEST_ROW {
            for cell in &mut cells {
                cell.truncate(cell.floor_char_boundary(4096));
            }
            let text = serde_json::to_string(&cells).unwrap_or_default();
            return Some(RawRow { line, text, defect: Some(Defect::TooLong), ..RawRow::default() });
        }
        if cells.len() < columns {
            cells.resize(columns, String::new());
        }
        let text = if refused.is_empty() {
            serde_json::to_string(&cells).unwrap_or_default()
        } else {
            let mut kept: Vec<Value> = cells.iter().map(|cell| Value::from(cell.as_str())).collect();
            for (column, refused) in &refused {
                if let (Some(cell), Ok(value)) = (kept.get_mut(*column), serde_json::to_value(refused)) {
                    *cell = value;
                }
            }
            serde_json::to_string(&kept).unwrap_or_default()
        };
        Some(RawRow { faults, ..RawRow::of_cells(line, text, &cells) })
    }
}

/// Calls `take` for each row that holds anything, until it answers false.
fn each_row(
    book: &mut Book,
    sheet: &str,
    expects: &[Expects],
    mut take: impl FnMut(RawRow) -> Result<bool>,
) -> Result<()> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| invalid(&error))?;
    let mut arriving = Arriving::default();
    let mut current = 0;
    while let Some(cell) = cells.next_cell().map_err(|error| invalid(&error))? {
        let (row, column) = cell.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if row >= MOST_ROWS || column >= MOST_COLUMNS || row < current {
            return Err(invalid(&format_args!("row {}, column {}", u64::from(row) + 1, column)));
        }
        if row > current {
            if let Some(done) = arriving.finish(current + 1, expects.len())
                && !take(done)?
            {
                return Ok(());
            }
            current = row;
        }
        let expected = expects.get(column).copied().unwrap_or(Expects::Nothing);
        let (text, fault) = text_of(cell.get_value(), expected);
        if fault.is_some() {
            arriving.refused.extend(Refused::told(cell.get_value(), &text).map(|refused| (column, refused)));
        }
        arriving.put(column, text, fault);
    }
    if let Some(done) = arriving.finish(current + 1, expects.len()) {
        take(done)?;
    }
    Ok(())
}

/// A value as the text that the same table would hold as CSV, and what is wrong about its form.
fn text_of<'v>(value: &'v DataRef<'_>, expected: Expects) -> (Cow<'v, str>, Option<(&'static str, String)>) {
    let used = expected != Expects::Nothing;
    match value {
        DataRef::Empty => (Cow::Borrowed(""), None),
        DataRef::String(text) => (Cow::Borrowed(text), None),
        DataRef::SharedString(text) => (Cow::Borrowed(text), None),
        DataRef::Bool(flag) => (Cow::Borrowed(if *flag { "TRUE" } else { "FALSE" }), None),
        DataRef::Int(number) => (Cow::Owned(number.to_string()), None),
        DataRef::Float(number) => {
            let imprecise = used && number.abs() >= PRECISE_BELOW;
            (Cow::Owned(number_text(*number)), imprecise.then(|| ("number_imprecise", String::new())))
        }
        DataRef::DateTime(date) if date.is_datetime() => {
            let text = date_text(date);
            let fault = (expected == Expects::Other).then(|| ("cell_is_date", text.clone()));
            (Cow::Owned(text), fault)
        }
        DataRef::DateTime(duration) => (Cow::Owned(number_text(duration.as_f64())), None),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            (Cow::Borrowed(text.strip_suffix("T00:00:00").unwrap_or(text)), None)
        }
        DataRef::Error(error) => (Cow::Owned(error.to_string()), used.then(|| ("cell_error", error.to_string()))),
    }
}

/// A number with the 15 digits that a spreadsheet shows, never with an exponent.
fn number_text(number: f64) -> String {
    let shown: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    shown.to_string()
}

fn date_text(date: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
    if (hour, minute, second, milli) == (0, 0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    fn shown(value: &DataRef<'_>, expected: Expects) -> (String, Option<&'static str>) {
        let (text, fault) = text_of(value, expected);
        (text.into_owned(), fault.map(|(code, _)| code))
    }

    #[test]
    fn a_cell_formatted_as_a_date_is_a_date_and_a_bare_number_is_none() {
        let date = DataRef::DateTime(ExcelDateTime::new(46142.0, ExcelDateTimeType::DateTime, false));
        assert_eq!(shown(&date, Expects::Date), ("2026-04-30".to_owned(), None));
        assert_eq!(shown(&date, Expects::Other), ("2026-04-30".to_owned(), Some("cell_is_date")));
        let later = DataRef::DateTime(ExcelDateTime::new(46142.5, ExcelDateTimeType::DateTime, false));
        assert_eq!(shown(&later, Expects::Date).0, "2026-04-30 12:00:00");
        assert_eq!(shown(&DataRef::Float(46142.0), Expects::Date), ("46142".to_owned(), None));
    }

    #[test]
    fn numbers_stand_as_a_person_sees_them_and_lost_digits_are_told() {
        assert_eq!(shown(&DataRef::Float(0.1 + 0.2), Expects::Other).0, "0.3");
        assert_eq!(shown(&DataRef::Float(1.0e5), Expects::Other).0, "100000");
        assert_eq!(shown(&DataRef::Float(123_799_000_000_000_510.0), Expects::Other).1, Some("number_imprecise"));
        assert_eq!(shown(&DataRef::Float(123_799_000_000_000_510.0), Expects::Nothing).1, None);
    }
}
