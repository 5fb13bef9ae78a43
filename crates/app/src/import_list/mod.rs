//! An official list (目录, 数据清单) becomes drafts of items in a folder, for people to review.
//!
//! Serves 鲁信用办〔2019〕8号 art. 五 (data list). Nothing here is enacted: a draft is marked unverified, its law has no rank yet
//! and it names no identity, so the linter refuses it until a person has completed it. What could not be read is listed.

mod column;
mod draft;
mod measures;
mod read;

pub use measures::{MeasureDraft, MeasureDrafts, import_measures};

use crate::{AppError, Result};
use column::Columns;
use credence_domain::rulebook::Rulebook;
use jiff::civil::Date;
use serde::Serialize;
use std::path::Path;

/// What was drafted, and what could not be read.
#[derive(Clone, Debug, Serialize)]
pub struct Drafts {
    /// The list.
    pub file: String,
    /// Line of its header, from 1.
    pub header_line: u32,
    /// Drafts, in the list's order.
    pub items: Vec<Draft>,
    /// Columns that mean nothing to the program, as they are headed.
    pub unknown_columns: Vec<String>,
    /// Rows and cells that could not be read.
    pub refused: Vec<Refused>,
}

/// One draft.
#[derive(Clone, Debug, Serialize)]
pub struct Draft {
    /// Its code: the list's own, that of an item of the same name, or one made up for the draft.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Line on which it begins.
    pub line: u32,
    /// How many fields it has.
    pub fields: usize,
    /// The rulebook has an item of this code: a new version of it, not a new item.
    pub known: bool,
    /// Where it was written.
    pub path: String,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Line in the list, from 1.
    pub line: u32,
    /// The column's header; empty for the whole row.
    pub column: String,
    /// Why.
    pub reason: String,
}

/// Drafts the items of a list into a folder that must be new or empty.
///
/// # Errors
/// `list_not_recognised` without a column of items, `foreign_folder`, what the reader of the file refuses, io.
pub fn import_list(path: &Path, folder: &Path, rulebook: &Rulebook, today: Date) -> Result<Drafts> {
    empty_folder(folder)?;
    let rows = read::rows(path)?;
    let (at, columns) = Columns::find(&rows).ok_or_else(|| {
        let text = "未找到表头：至少要有“信息事项”（或指标名称）一列和另一列，可参照 examples/lists";
        AppError::refused("list_not_recognised", "header", text)
    })?;
    let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut refused = Vec::new();
    let body = rows.get(at + 1..).unwrap_or_default();
    let groups = draft::group(body, &columns, &mut refused);
    std::fs::create_dir_all(folder)?;
    let mut items: Vec<Draft> = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        let taken = |code: &str| items.iter().any(|item| item.code == code);
        let (item, comments) = draft::item(group, number, &columns, rulebook, today, &taken, &mut refused);
        let about = format!("草稿：由{file}第{}行起生成，未经核对，不会自行启用。", group.line);
        let text = credence_domain::catalog::draft::toml(&item, &[vec![about], comments].concat())
            .map_err(AppError::Rulebook)?;
        let written = folder.join(format!("{}.toml", item.code));
        std::fs::write(&written, text)?;
        items.push(Draft {
            known: rulebook.items.contains_key(&item.code),
            fields: item.versions.first().map_or(0, |version| version.fields.len()),
            code: item.code,
            name: item.name,
            line: group.line,
            path: written.display().to_string(),
        });
    }
    refused.sort_by(|a, b| (a.line, &a.column).cmp(&(b.line, &b.column)));
    let header_line = rows.get(at).map_or(0, |row| row.line);
    Ok(Drafts { file, header_line, items, unknown_columns: columns.unknown, refused })
}

/// Refuses a folder that holds something already.
fn empty_folder(folder: &Path) -> Result<()> {
    if folder.exists() && std::fs::read_dir(folder)?.next().is_some() {
        let text = format!("{} 已有内容，请另选空目录", folder.display());
        return Err(AppError::refused("foreign_folder", "out", text));
    }
    Ok(())
}
