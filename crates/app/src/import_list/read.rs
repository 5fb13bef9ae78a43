//! The rows of a list, whatever it is written in: a sheet or delimited text, titles and all.

use crate::collect::decode::Decode;
use crate::collect::encoding::probe;
use crate::collect::source::sheet::{self, SheetRows};
use crate::collect::source::{Kind, guard};
use crate::collect::table::Table;
use crate::{AppError, Result};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// No list of a data catalogue comes near.
const MOST_ROWS: usize = 100_000;

/// A row of a list.
pub(super) struct ListRow {
    /// Line, from 1.
    pub(super) line: u32,
    /// Its cells, trimmed.
    pub(super) cells: Vec<String>,
}

/// Every row of the list that holds anything: of a workbook's first sheet, or of the text.
pub(super) fn rows(path: &Path) -> Result<Vec<ListRow>> {
    match Kind::of(path)? {
        Kind::Workbook => workbook(path),
        Kind::Text => text(path),
        Kind::Lines => Err(AppError::refused("unsupported_media_type", "file", "清单应为XLSX或CSV")),
    }
}

fn workbook(path: &Path) -> Result<Vec<ListRow>> {
    guard::inspect(path)?;
    let heads = sheet::heads(path)?;
    let Some(first) = heads.first() else { return Ok(Vec::new()) };
    let mut sheet = SheetRows::open(path, &first.sheet, 0, Vec::new())?;
    let mut rows = Vec::new();
    while let Some(row) = sheet.next_row()? {
        push(&mut rows, row.line, row.cells())?;
    }
    Ok(rows)
}

fn text(path: &Path) -> Result<Vec<ListRow>> {
    let probe = probe(BufReader::new(File::open(path)?))?;
    let read = |delimiter| -> Result<Vec<ListRow>> {
        let mut table = Table::new(Decode::new(File::open(path)?, probe.encoding), delimiter);
        let mut rows = Vec::new();
        while let Some(row) = table.next_row()? {
            push(&mut rows, row.line, row.cells())?;
        }
        Ok(rows)
    };
    // A title may stand above the header, so the whole decides: the delimiter that makes more cells.
    let (commas, tabs) = (read(b',')?, read(b'\t')?);
    let cells = |rows: &[ListRow]| rows.iter().map(|row| row.cells.len()).sum::<usize>();
    Ok(if cells(&tabs) > cells(&commas) { tabs } else { commas })
}

fn push<'c>(rows: &mut Vec<ListRow>, line: u32, cells: impl Iterator<Item = &'c str>) -> Result<()> {
    let cells: Vec<String> = cells.map(|cell| cell.trim().to_owned()).collect();
    if cells.iter().any(|cell| !cell.is_empty()) {
        rows.push(ListRow { line, cells });
    }
    if rows.len() > MOST_ROWS {
        return Err(AppError::refused("too_large", "file", format!("清单超过{MOST_ROWS}行")));
    }
    Ok(())
}
