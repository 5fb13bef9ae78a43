//! A file on its way in: its encoding, its delimiter, its header and what the columns were mapped to.

use super::decode::Decode;
use super::encoding::{Probe, probe};
use super::table::{MOST_COLUMNS, RawRow, Table, delimiter_of};
use crate::{AppError, Result};
use credence_domain::catalog::mapping::{self, Mapping};
use credence_domain::rulebook::Rulebook;
use jiff::civil::Date;
use serde::Serialize;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// A file that was probed and mapped.
#[derive(Debug)]
pub struct Incoming {
    /// Where it is.
    pub path: PathBuf,
    /// Digest, size, encoding.
    pub probe: Probe,
    /// Comma or tab.
    pub delimiter: u8,
    /// The header line as it stands.
    pub header_line: String,
    /// Its cells.
    pub header: Vec<String>,
    /// What they were mapped to.
    pub mapping: Mapping,
}

/// How one column was mapped, for the sender to see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnView {
    /// The sender's header.
    pub header: String,
    /// Field code; `null` when the column is not used.
    pub field: Option<String>,
}

impl Incoming {
    /// Opens, probes and maps a file; `item` chooses the item instead of the header.
    ///
    /// # Errors
    /// `empty_file`, `item_not_recognised` naming the nearest item and the missing columns, `save_as_xlsx`, or io.
    pub fn open(path: &Path, rulebook: &Rulebook, received_on: Date, item: Option<&str>) -> Result<Self> {
        let mut file = File::open(path)?;
        let mut magic = [0; 8];
        let length = file.read(&mut magic)?;
        if magic.get(..length).is_some_and(|m| m.starts_with(b"\xd0\xcf\x11\xe0")) {
            return Err(AppError::refused("save_as_xlsx", "file", "不支持XLS，请另存为XLSX或CSV后再报送"));
        }
        let probe = probe(BufReader::with_capacity(1 << 18, File::open(path)?))?;
        let first_line = read_header(path, &probe)?;
        let delimiter = delimiter_of(&first_line.text);
        let mut table = Table::new(Decode::new(File::open(path)?, probe.encoding), delimiter);
        let row = table.next_row()?.ok_or_else(empty)?;
        let header: Vec<String> = row.cells().map(|cell| cell.trim().to_owned()).collect();
        if header.len() > MOST_COLUMNS || row.defect.is_some() {
            return Err(AppError::refused(
                "item_not_recognised",
                "header",
                format!("表头无法识别：列数{}，上限{MOST_COLUMNS}，请使用数据清单模板", header.len()),
            ));
        }
        let mapping = match item {
            None => mapping::map_header(&rulebook.items, received_on, &header),
            Some(code) => mapping::map_header_to(&rulebook.items, code, received_on, &header),
        }
        .map_err(|refused| AppError::refused("item_not_recognised", "header", refused.to_string()))?;
        Ok(Self { path: path.to_owned(), probe, delimiter, header_line: row.text, header, mapping })
    }

    /// The rows behind the header.
    ///
    /// # Errors
    /// When the file cannot be read again.
    pub fn rows(&self) -> Result<Table<File>> {
        let mut table = Table::new(Decode::new(File::open(&self.path)?, self.probe.encoding), self.delimiter);
        table.next_row()?;
        table.expect_columns(self.header.len());
        Ok(table)
    }

    /// How each column was mapped.
    #[must_use]
    pub fn columns(&self, rulebook: &Rulebook, received_on: Date) -> Vec<ColumnView> {
        let version = rulebook.items.get(&self.mapping.item).and_then(|item| item.version_on(received_on));
        let field = |at: Option<usize>| at.and_then(|at| Some(version?.fields.get(at)?.code.clone()));
        let columns = self.header.iter().zip(&self.mapping.columns);
        columns.map(|(header, at)| ColumnView { header: header.clone(), field: field(*at) }).collect()
    }
}

fn empty() -> AppError {
    AppError::refused("empty_file", "file", "文件为空，请按模板填写表头和数据")
}

/// The first row with anything in it, split nowhere: to choose the delimiter by.
fn read_header(path: &Path, probe: &Probe) -> Result<RawRow> {
    // A delimiter that cannot occur keeps the line whole.
    let mut table = Table::new(Decode::new(File::open(path)?, probe.encoding), 0x1f);
    table.next_row()?.ok_or_else(empty)
}
