//! Where rows come from: a delimited text, a sheet of an XLSX workbook, lines of JSON. Everything behind this room sees
//! rows of cells and does not know which it was.

pub mod guard;
pub mod lines;
pub mod sheet;

use super::table::{RawRow, Table};
use crate::{AppError, Result};
use encoding_rs::Encoding;
use lines::Lines;
use sheet::SheetRows;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// What a file is, told by its first bytes; its name decides only where they say nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Comma or tab separated.
    Text,
    /// JSON lines.
    Lines,
    /// An XLSX workbook.
    Workbook,
}

impl Kind {
    /// Tells the kind of a file.
    ///
    /// # Errors
    /// `xls_not_supported` for the older binary workbook, `json_not_lines` for a JSON array; io.
    pub fn of(path: &Path) -> Result<Self> {
        let mut head = Vec::with_capacity(64);
        File::open(path)?.take(64).read_to_end(&mut head)?;
        if head.starts_with(b"\xd0\xcf\x11\xe0") {
            let text = "不支持XLS（Excel 97-2003）和加了密码的工作簿，请另存为不加密的XLSX或CSV后再报送";
            return Err(AppError::refused("xls_not_supported", "file", text));
        }
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Ok(Self::Workbook);
        }
        let named = path
            .extension()
            .is_some_and(|ending| ["jsonl", "ndjson", "json"].iter().any(|known| ending.eq_ignore_ascii_case(known)));
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
        match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => Ok(Self::Lines),
            Some(b'[') if named => {
                Err(AppError::refused("json_not_lines", "file", "应为JSON行：每行一个对象，不要写成数组"))
            }
            Some(_) if named => Ok(Self::Lines),
            _ => Ok(Self::Text),
        }
    }
}

/// The rows of a file, one after another.
pub enum Rows {
    /// Of a delimited text.
    Text(Box<Table<File>>),
    /// Of JSON lines.
    Lines(Box<Lines<File>>),
    /// Of a sheet.
    Sheet(SheetRows),
}

impl Rows {
    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_row(&mut self) -> Result<Option<RawRow>> {
        match self {
            Self::Text(rows) => Ok(rows.next_row()?),
            Self::Lines(rows) => Ok(rows.next_row()?),
            Self::Sheet(rows) => rows.next_row(),
        }
    }

    /// The row that was read last as it is kept for the rejects file: its own bytes, or a sheet's cells as a JSON array.
    pub fn original_bytes(&mut self, row: &RawRow, encoding: &'static Encoding) -> Vec<u8> {
        match self {
            Self::Text(rows) => rows.original_bytes(row, encoding),
            Self::Lines(rows) => rows.original_bytes(row, encoding),
            Self::Sheet(_) => row.text.clone().into_bytes(),
        }
    }
}
