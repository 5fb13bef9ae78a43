//! The feedback board (措施反馈): by measure and unit how many tasks there are, how far they are, who is late, what came of them and
//! how many complaints were right (鲁信用办〔2019〕8号 art. 十三: 反馈评估). Counts alone: no organisation is named.

use super::folded;
use crate::Result;
use crate::query::page::each_case;
use credence_domain::measure::Done;
use credence_store::connection::Connection;
use credence_store::measure as kept;
use credence_store::page::{Asked, Place};
use credence_store::scope::View;
use jiff::civil::Date;
use serde::Serialize;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The board on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Board {
    /// The day.
    pub today: Date,
    /// By measure and unit, in order of both.
    pub lines: Vec<BoardLine>,
}

/// One measure at one unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BoardLine {
    /// Code of the measure.
    pub measure: String,
    /// Its name.
    pub name: String,
    /// The unit; empty for measures that are information.
    pub unit: String,
    /// Its name.
    pub unit_name: String,
    /// Measures in force, suspended, ended.
    pub running: u32,
    /// Suspended.
    pub suspended: u32,
    /// Ended.
    pub ended: u32,
    /// Tasks that were acknowledged.
    pub acknowledged: u32,
    /// Reported: carried out.
    pub carried_out: u32,
    /// Reported: nothing came before it.
    pub nothing_to_do: u32,
    /// Said to have stopped.
    pub lifted: u32,
    /// Late.
    pub overdue: u32,
    /// Complaints about the measures.
    pub complaints: u32,
    /// Complaints that were right.
    pub upheld: u32,
}

/// The board of what a view may see.
///
/// # Errors
/// A fault of the store.
pub fn board(connection: &mut Connection, view: &View) -> Result<Board> {
    let today = view.today;
    let mut lines: BTreeMap<(String, String), BoardLine> = BTreeMap::new();
    let connection = RefCell::new(connection);
    let ask = |after: Option<&Place>, limit| {
        Ok(kept::list(&mut connection.borrow_mut(), view, &Asked { after, limit, ..Asked::default() })?)
    };
    each_case(kept::Head::place, ask, |head| {
        let measure = folded(&mut connection.borrow_mut(), &head)?;
        let ended = measure.ended_by(today);
        let names: Vec<(&str, &str)> = match measure.tasks.as_slice() {
            [] => vec![("", "")],
            tasks => tasks.iter().map(|task| (task.unit.as_str(), task.name.as_str())).collect(),
        };
        for (unit, unit_name) in names {
            let line = lines.entry((head.measure.clone(), unit.to_owned())).or_insert_with(|| BoardLine {
                measure: head.measure.clone(),
                name: measure.begun.name.clone(),
                unit: unit.to_owned(),
                unit_name: unit_name.to_owned(),
                ..BoardLine::default()
            });
            match measure.code_on(today) {
                "running" => line.running += 1,
                "suspended" => line.suspended += 1,
                _ => line.ended += 1,
            }
            let right = measure.complaints.iter().filter(|one| matches!(one.answer, Some((true, _)))).count();
            line.complaints += u32::try_from(measure.complaints.len()).unwrap_or(u32::MAX);
            line.upheld += u32::try_from(right).unwrap_or(u32::MAX);
            let Some(task) = measure.tasks.iter().find(|task| task.unit == unit) else { continue };
            line.acknowledged += u32::from(task.acknowledged_on.is_some());
            line.lifted += u32::from(task.lifted_on.is_some());
            line.overdue += u32::from(task.is_overdue(ended, today));
            match task.reported {
                Some((_, Done::CarriedOut, _)) => line.carried_out += 1,
                Some((_, Done::NothingToDo, _)) => line.nothing_to_do += 1,
                None => {}
            }
        }
        Ok(())
    })?;
    Ok(Board { today, lines: lines.into_values().collect() })
}
