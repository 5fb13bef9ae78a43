//! Mending in place: the rejected rows of a batch as cells that a clerk changes in the browser, and what he mended as a file
//! of the same columns, which takes the same way as any other. A single record is entered as such a file too.

use super::{Intake, Letter, Sender};
use crate::collect::file::Incoming;
use crate::collect::rejects::LACKING;
use crate::query::BatchView;
use crate::query::data_list::{DataListView, ItemView};
use crate::service::Service;
use crate::template;
use crate::{AppError, Result};
use credence_domain::catalog::mapping::REJECT_COLUMNS;

/// Rows offered at once: more are mended in the file.
const ROWS_MAX: usize = 50;

/// Rejected rows as cells.
#[derive(Clone, Debug, Default)]
pub struct Mendable {
    /// The sender's header, our four columns among it.
    pub header: Vec<String>,
    /// The rows, each as wide as the header.
    pub rows: Vec<Vec<String>>,
    /// There are more than these.
    pub more: bool,
}

impl Mendable {
    /// Whether a column is one of ours: shown, never changed.
    #[must_use]
    pub fn is_ours(&self, at: usize) -> bool {
        self.header.get(at).is_some_and(|name| REJECT_COLUMNS.contains(&name.as_str()))
    }

    /// What our column says of a row.
    #[must_use]
    pub fn said(&self, row: &[String], column: &str) -> String {
        let at = self.header.iter().position(|name| name == column);
        at.and_then(|at| row.get(at)).cloned().unwrap_or_default()
    }
}

/// The rejected rows of a batch.
///
/// # Errors
/// `rejects_gone` where the file is not kept; what cannot be read; or io.
pub fn mendable(service: &Service, intake: &Intake, batch: &BatchView) -> Result<Mendable> {
    let gone = || AppError::refused("rejects_gone", "", "该批次没有可取的退回文件（整批处理失败，或不经接口报送）");
    let path = intake.rejects(&batch.batch).ok_or_else(gone)?;
    let incoming = Incoming::open(&path, service.rulebook(), service.real_today(), Some(&batch.item))?;
    let mut rows = incoming.rows()?;
    let mut found = Mendable { header: incoming.header.clone(), ..Mendable::default() };
    while let Some(row) = rows.next_row()? {
        if found.rows.len() == ROWS_MAX {
            found.more = true;
            break;
        }
        let mut cells: Vec<String> = row.cells().map(str::to_owned).collect();
        cells.resize(found.header.len(), String::new());
        // A text in the place of a date or of a damaged number would pass: it is for the clerk to say what belongs there.
        for fault in &row.faults {
            cells.get_mut(fault.column).into_iter().for_each(|cell| LACKING.clone_into(cell));
        }
        found.rows.push(cells);
    }
    Ok(found)
}

/// Sends mended rows, or one entered record: a file of these columns.
///
/// # Errors
/// What [`Intake::acknowledge`] refuses; `bad_parameter` for a row that is not as wide as its header.
pub fn send(
    intake: &Intake,
    sender: &Sender,
    letter: Letter,
    header: &[String],
    rows: &[Vec<String>],
) -> Result<BatchView> {
    if rows.iter().any(|row| row.len() != header.len()) {
        return Err(AppError::refused("bad_parameter", "", "表单的列数与表头不一致，请刷新页面后重试"));
    }
    let mut text = String::from("\u{feff}");
    for row in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        text.push_str(&row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
        text.push_str("\r\n");
    }
    let mut upload = intake.receive()?;
    upload.write(text.as_bytes())?;
    intake.acknowledge(sender, letter, upload)
}

/// A cell as a comma-separated file holds it.
fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

/// The form of one record of an item: its fields in their order.
///
/// # Errors
/// `not_found` for an item that is not in the list in force.
pub fn form(service: &Service, item: &str) -> Result<ItemView> {
    let list = DataListView::of(service.rulebook(), service.real_today())?;
    let item = list.items.into_iter().find(|known| known.code == item).ok_or(AppError::NotFound)?;
    Ok(ItemView { fields: template::fields(&item).cloned().collect(), ..item })
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_cell_keeps_what_it_says() {
        assert_eq!(quoted("甲,\"乙\"\n丙"), "\"甲,\"\"乙\"\"\n丙\"");
    }
}
