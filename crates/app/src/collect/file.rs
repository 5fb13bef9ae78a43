//! A file on its way in: what it is, its header and what the columns were mapped to.

use super::decode::Decode;
use super::encoding::{Probe, probe};
use super::source::lines::Lines;
use super::source::sheet::{self, Expects, Head, SheetRows};
use super::source::{Kind, Rows, guard};
use super::table::{MOST_COLUMNS, RawRow, Table, delimiter_of};
use crate::{AppError, Result};
use credence_domain::catalog::FieldType;
use credence_domain::catalog::mapping::{self, Mapping, NoItem};
use credence_domain::record::operation::columns_in;
use credence_domain::rulebook::Rulebook;
use jiff::civil::Date;
use serde::Serialize;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// A file that was probed and mapped.
#[derive(Debug)]
pub struct Incoming {
    /// Where it is.
    pub path: PathBuf,
    /// Digest, size, encoding.
    pub probe: Probe,
    /// How its rows are written.
    pub layout: Layout,
    /// The header's cells.
    pub header: Vec<String>,
    /// What they were mapped to.
    pub mapping: Mapping,
    /// The columns that say what is to be done with a row's record, and why.
    pub asks: (Option<usize>, Option<usize>),
}

/// How a file's rows are written.
#[derive(Clone, Debug)]
pub enum Layout {
    /// Delimited text.
    Text {
        /// Comma or tab.
        delimiter: u8,
        /// The header line as it stands.
        header_line: String,
    },
    /// JSON lines.
    Lines,
    /// A sheet of a workbook.
    Sheet {
        /// Its name.
        name: String,
        /// The header's row, from 1.
        header_line: u32,
        /// Sheets that were not read.
        others: Vec<String>,
        /// Unpacked size of the sheets in bytes.
        volume: u64,
        /// What each column is for.
        expects: Vec<Expects>,
    },
}

/// How one column was mapped, for the sender to see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnView {
    /// The sender's header.
    pub header: String,
    /// Field code; `null` when the column is not used.
    pub field: Option<String>,
}

/// By which rules a header is mapped.
struct Map<'r> {
    rulebook: &'r Rulebook,
    received_on: Date,
    item: Option<&'r str>,
}

impl Map<'_> {
    fn header(&self, header: &[String]) -> std::result::Result<Mapping, NoItem> {
        match self.item {
            None => mapping::map_header(&self.rulebook.items, self.received_on, header),
            Some(code) => mapping::map_header_to(&self.rulebook.items, code, self.received_on, header),
        }
    }

    fn expects(&self, mapping: &Mapping) -> Vec<Expects> {
        let version = self.rulebook.items.get(&mapping.item).and_then(|item| item.version_on(self.received_on));
        let of = |at: &Option<usize>| match at.and_then(|at| version?.fields.get(at)) {
            None => Expects::Nothing,
            Some(field) if field.kind == FieldType::Date => Expects::Date,
            Some(_) => Expects::Other,
        };
        mapping.columns.iter().map(of).collect()
    }
}

impl Incoming {
    /// Opens, probes and maps a file; `item` chooses the item instead of the header.
    ///
    /// # Errors
    /// `empty_file`, `item_not_recognised` naming the nearest item and the missing columns, `xls_not_supported`,
    /// `json_not_lines`, what [`guard::inspect`] refuses, or io.
    pub fn open(path: &Path, rulebook: &Rulebook, received_on: Date, item: Option<&str>) -> Result<Self> {
        let kind = Kind::of(path)?;
        let map = Map { rulebook, received_on, item };
        let probe = probe(BufReader::with_capacity(1 << 18, File::open(path)?))?;
        let mut file = match kind {
            Kind::Text => Self::text(path, probe, &map),
            Kind::Lines => Self::lines(path, probe, &map),
            Kind::Workbook => Self::workbook(path, probe, &map),
        }?;
        if let [first, ..] = file.mapping.repeated.as_slice() {
            return Err(repeated(first, &file));
        }
        let taken = |at: usize| file.mapping.columns.get(at).is_some_and(Option::is_some);
        file.asks = columns_in(&file.header, taken);
        Ok(file)
    }

    fn text(path: &Path, probe: Probe, map: &Map<'_>) -> Result<Self> {
        let first_line = read_header(path, &probe)?;
        let delimiter = delimiter_of(&first_line.text);
        let mut table = Table::new(Decode::new(File::open(path)?, probe.encoding), delimiter);
        let row = table.next_row()?.ok_or_else(empty)?;
        let header: Vec<String> = row.cells().map(|cell| cell.trim().to_owned()).collect();
        if row.defect.is_some() {
            return Err(unreadable_header());
        }
        if header.len() > MOST_COLUMNS {
            return Err(too_wide(header.len()));
        }
        let mapping = map.header(&header).map_err(|refused| no_item(&refused))?;
        let layout = Layout::Text { delimiter, header_line: row.text };
        Ok(Self { path: path.to_owned(), probe, layout, header, mapping, asks: (None, None) })
    }

    fn lines(path: &Path, probe: Probe, map: &Map<'_>) -> Result<Self> {
        let header = Lines::keys(Decode::new(File::open(path)?, probe.encoding))?;
        let mapping = map.header(&header).map_err(|refused| no_item(&refused))?;
        Ok(Self { path: path.to_owned(), probe, layout: Layout::Lines, header, mapping, asks: (None, None) })
    }

    /// The first sheet with a row at its head that maps.
    fn workbook(path: &Path, probe: Probe, map: &Map<'_>) -> Result<Self> {
        let volume = guard::inspect(path)?;
        // Its strings are UTF-8 whatever its packed bytes look like.
        let probe = Probe { encoding: encoding_rs::UTF_8, mixed: false, ..probe };
        let heads = sheet::heads(path)?;
        let mut refusal: Option<NoItem> = None;
        for Head { sheet, line, cells } in &heads {
            if cells.len() > MOST_COLUMNS {
                return Err(too_wide(cells.len()));
            }
            match map.header(cells) {
                Ok(mapping) => {
                    let mut others: Vec<String> = heads.iter().map(|head| head.sheet.clone()).collect();
                    others.dedup();
                    others.retain(|other| other != sheet);
                    let expects = map.expects(&mapping);
                    let layout = Layout::Sheet { name: sheet.clone(), header_line: *line, others, volume, expects };
                    let (path, header) = (path.to_owned(), cells.clone());
                    return Ok(Self { path, probe, layout, header, mapping, asks: (None, None) });
                }
                Err(found) => {
                    if refusal.as_ref().is_none_or(|best| best.columns_known < found.columns_known) {
                        refusal = Some(found);
                    }
                }
            }
        }
        Err(refusal.map_or_else(empty, |refused| no_item(&refused)))
    }

    /// The rows behind the header.
    ///
    /// # Errors
    /// When the file cannot be read again.
    pub fn rows(&self) -> Result<Rows> {
        let decode = || Ok::<_, AppError>(Decode::new(File::open(&self.path)?, self.probe.encoding));
        Ok(match &self.layout {
            Layout::Text { delimiter, .. } => {
                let mut table = Table::new(decode()?, *delimiter);
                if self.probe.mixed {
                    table.expect_mixture(self.probe.encoding);
                }
                table.next_row()?;
                table.expect_columns(self.header.len());
                Rows::Text(Box::new(table))
            }
            Layout::Lines => {
                let mixed = self.probe.mixed.then_some(self.probe.encoding);
                Rows::Lines(Box::new(Lines::new(decode()?, &self.header, mixed)))
            }
            Layout::Sheet { name, header_line, expects, .. } => {
                Rows::Sheet(SheetRows::open(&self.path, name, *header_line, expects.clone())?)
            }
        })
    }

    /// How each column was mapped.
    #[must_use]
    pub fn columns(&self, rulebook: &Rulebook, received_on: Date) -> Vec<ColumnView> {
        let version = rulebook.items.get(&self.mapping.item).and_then(|item| item.version_on(received_on));
        let field = |at: Option<usize>| at.and_then(|at| Some(version?.fields.get(at)?.code.clone()));
        let ours = |at: usize| match at {
            at if self.asks.0 == Some(at) => Some("operation".to_owned()),
            at if self.asks.1 == Some(at) => Some("operation_reason".to_owned()),
            _ => None,
        };
        let columns = self.header.iter().zip(&self.mapping.columns).enumerate();
        let view = |(at, (header, mapped)): (usize, (&String, &Option<usize>))| ColumnView {
            header: header.clone(),
            field: field(*mapped).or_else(|| ours(at)),
        };
        columns.map(view).collect()
    }

    /// `csv`, `tsv`, `jsonl`, `xlsx`.
    #[must_use]
    pub fn format(&self) -> &'static str {
        match &self.layout {
            Layout::Text { delimiter: b'\t', .. } => "tsv",
            Layout::Text { .. } => "csv",
            Layout::Lines => "jsonl",
            Layout::Sheet { .. } => "xlsx",
        }
    }

    /// The sheet that is read, and those that are not.
    #[must_use]
    pub fn sheets(&self) -> (Option<String>, Vec<String>) {
        match &self.layout {
            Layout::Sheet { name, others, .. } => (Some(name.clone()), others.clone()),
            _ => (None, Vec::new()),
        }
    }

    /// How many bytes there are to read, for whoever watches.
    #[must_use]
    pub fn volume(&self) -> u64 {
        match &self.layout {
            Layout::Sheet { volume, .. } => *volume,
            _ => self.probe.size,
        }
    }
}

fn empty() -> AppError {
    AppError::refused("empty_file", "file", "文件为空，请按模板填写表头和数据")
}

fn no_item(refused: &NoItem) -> AppError {
    AppError::refused("item_not_recognised", "header", refused.to_string())
}

/// Two columns for one field: which of them is meant is not guessed.
fn repeated(first: &str, file: &Incoming) -> AppError {
    let (word, kind) = if matches!(file.layout, Layout::Lines) { ("键", "个键") } else { ("列", "列") };
    let text = format!("{word}“{first}”与另一{kind}指同一字段，请只保留其中一{kind}，或改正表头");
    AppError::refused("item_not_recognised", "header", text)
}

fn unreadable_header() -> AppError {
    let text = format!(
        "表头无法读取：过长，或含有空字符、控制字符、无法识别的编码；列数上限{MOST_COLUMNS}，请使用数据清单模板，并以UTF-8或GB18030保存"
    );
    AppError::refused("item_not_recognised", "header", text)
}

fn too_wide(columns: usize) -> AppError {
    let text = format!("表头无法识别：列数{columns}，上限{MOST_COLUMNS}，请使用数据清单模板");
    AppError::refused("item_not_recognised", "header", text)
}

/// The first row with anything in it, split nowhere: to choose the delimiter by.
fn read_header(path: &Path, probe: &Probe) -> Result<RawRow> {
    // A delimiter that cannot occur keeps the line whole.
    let mut table = Table::new(Decode::new(File::open(path)?, probe.encoding), 0x1f);
    table.next_row()?.ok_or_else(empty)
}
