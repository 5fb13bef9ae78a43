//! A department's file: rows of an item written in one of the formats that are really sent.

use credence_domain::catalog::{FieldType, Item};
use credence_domain::rulebook::Rulebook;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// How a department writes its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// GB18030, or UTF-8.
    pub gb18030: bool,
    /// UTF-8 with byte order mark.
    pub byte_order_mark: bool,
    /// Tab instead of comma.
    pub tabs: bool,
    /// Field codes as header, or Chinese names.
    pub codes: bool,
    /// Columns in another order than the form's.
    pub turned: usize,
    /// Full-width brackets in Chinese headers.
    pub wide: bool,
    /// 2026/04/10 instead of 2026-04-10.
    pub slashes: bool,
}

/// Field codes as they stand in exports of business systems: GB18030, commas.
pub const EXPORT: Format =
    Format { gb18030: true, byte_order_mark: false, tabs: false, codes: true, turned: 0, wide: false, slashes: true };
/// Chinese headers saved from a spreadsheet: UTF-8 with byte order mark.
pub const SPREADSHEET: Format = Format { gb18030: false, byte_order_mark: true, codes: false, wide: true, ..EXPORT };
/// Tabs and shuffled columns.
pub const TABBED: Format = Format { gb18030: false, tabs: true, codes: false, turned: 7, slashes: false, ..EXPORT };
/// Chinese headers in GB18030.
pub const CHINESE: Format = Format { codes: false, ..EXPORT };

/// A file as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentFile {
    /// Its name.
    pub name: String,
    /// Who sends it.
    pub source_uscc: String,
    /// Item.
    pub item: String,
    /// Day on which it arrives.
    pub received_on: Date,
    /// Order within the day.
    pub order: usize,
    /// Rows.
    pub rows: usize,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Values by field code; absent ones are empty.
pub type Row = BTreeMap<&'static str, String>;

/// Rows of one item on the way into a file.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// The rows.
    pub rows: Vec<Row>,
}

/// A column of a file: its header, the field that fills it, and whether it holds dates.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column<'a> {
    /// What stands in the first line.
    pub header: &'a str,
    /// Field code in the rows.
    pub field: &'a str,
    /// Dates are written as the sender writes dates.
    pub date: bool,
}

impl Sheet {
    /// The bytes of the sheet in a format. Columns that only our template has are written when a row fills them.
    #[must_use]
    pub fn write(&self, rulebook: &Rulebook, item: &str, format: Format) -> Vec<u8> {
        let Some(version) = rulebook.items.get(item).and_then(|item: &Item| item.versions.last()) else {
            return Vec::new();
        };
        let filled = |code: &str| self.rows.iter().any(|row| row.get(code).is_some_and(|value| !value.is_empty()));
        let fields = version.fields.iter().filter(|field| !field.extension || filled(&field.code));
        let columns: Vec<Column<'_>> = fields
            .map(|field| Column {
                header: if format.codes { &field.code } else { &field.name },
                field: &field.code,
                date: field.kind == FieldType::Date,
            })
            .collect();
        self.encode(columns, format)
    }

    /// The bytes of the sheet with the given columns.
    pub(super) fn encode(&self, mut columns: Vec<Column<'_>>, format: Format) -> Vec<u8> {
        let turned = format.turned % columns.len().max(1);
        columns.rotate_left(turned);
        let delimiter = if format.tabs { '\t' } else { ',' };
        let mut text = String::new();
        if format.byte_order_mark {
            text.push('\u{feff}');
        }
        let headers = columns.iter().map(|column| {
            if format.wide { column.header.replace('(', "（").replace(')', "）") } else { column.header.to_owned() }
        });
        push_line(&mut text, delimiter, headers);
        for row in &self.rows {
            let cells = columns.iter().map(|column| {
                let value = row.get(column.field).map_or("", String::as_str);
                if column.date && format.slashes { value.replace('-', "/") } else { value.to_owned() }
            });
            push_line(&mut text, delimiter, cells);
        }
        if format.gb18030 { encoding_rs::GB18030.encode(&text).0.into_owned() } else { text.into_bytes() }
    }
}

fn push_line(text: &mut String, delimiter: char, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(delimiter);
        }
        if cell.contains([delimiter, '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}

/// A row from pairs.
pub fn row<const N: usize>(pairs: [(&'static str, String); N]) -> Row {
    pairs.into_iter().collect()
}
