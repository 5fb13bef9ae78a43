//! The files that the two sides write to each other: comma-separated text with a header, as RFC 4180 has it. What comes is read by the
//! headers of the adapter, in UTF-8 or GB18030, with whatever further columns.

use crate::collect::decode::Decode;
use crate::collect::encoding::probe;
use crate::collect::table::{Table, delimiter_of};
use crate::{AppError, Result};
use credence_domain::catalog::Field;
use credence_domain::national::SentColumns;

/// The largest file that is read.
pub(super) const MOST_BYTES: u64 = 256 << 20;

/// A row by the headers that were asked for, in their order.
pub(super) struct Cells {
    /// Its line in the file.
    pub(super) line: u32,
    /// Its cells.
    pub(super) cells: Vec<String>,
}

impl Cells {
    pub(super) fn get(&self, at: usize) -> &str {
        self.cells.get(at).map(String::as_str).unwrap_or_default()
    }
}

/// The header of a package.
pub(super) fn header_of(sent: &SentColumns, fields: &[&Field]) -> String {
    let mut text = String::new();
    let own = [&sent.line, &sent.operation, &sent.id, &sent.version].map(String::as_str);
    push_cells(&mut text, own.into_iter().chain(fields.iter().map(|field| field.name.as_str())));
    text
}

/// One line of cells, as they are.
pub(super) fn push_cells<'c>(text: &mut String, cells: impl Iterator<Item = &'c str>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        if cell.contains(['"', ',', '\n', '\r']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push_str("\r\n");
}

/// The rows of a file, with the cells under these headers.
///
/// # Errors
/// `file_unreadable` where a header is missing, or a row is damaged, with the line; io.
pub(super) fn read(bytes: &[u8], headers: &[&str]) -> Result<Vec<Cells>> {
    let encoding = probe(bytes)?.encoding;
    let (text, ..) = encoding.decode(bytes.get(..bytes.len().min(1 << 16)).unwrap_or_default());
    let delimiter = delimiter_of(text.lines().next().unwrap_or_default());
    let mut table = Table::new(Decode::new(bytes, encoding), delimiter);
    let Some(first) = table.next_row()? else { return Err(unreadable(1, "文件是空的")) };
    let header: Vec<&str> = first.cells().map(str::trim).collect();
    let mut places = Vec::with_capacity(headers.len());
    for wanted in headers {
        let place = header.iter().position(|have| have == wanted);
        places.push(place.ok_or_else(|| unreadable(1, &format!("缺少“{wanted}”列")))?);
    }
    table.expect_columns(header.len());
    let mut rows = Vec::new();
    while let Some(row) = table.next_row()? {
        if row.defect.is_some() {
            return Err(unreadable(row.line, "这一行的列数或者编码不对"));
        }
        rows.push(Cells { line: row.line, cells: places.iter().map(|at| row.cell(*at).trim().to_owned()).collect() });
    }
    Ok(rows)
}

/// What cannot be read, with its line.
pub(super) fn unreadable(line: u32, what: &str) -> AppError {
    AppError::refused(
        "national_file_unreadable",
        "file",
        format!("第{line}行：{what}；整个文件未采用，请核对适配规则或者请对方重发"),
    )
}
