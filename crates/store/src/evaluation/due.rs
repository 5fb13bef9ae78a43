//! Who must be evaluated again: files that changed since, days on which something changed by itself, other rules.
//!
//! Every change to a file marks it due; the marks are found by an index that holds nothing else, so that after a day's
//! changes only what is due is touched.

use crate::change::Change;
use crate::connection::Connection;
use crate::scope::View;
use crate::{Result, values};

/// An organisation that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its code.
    pub uscc: String,
    /// A registration has arrived.
    pub registered: bool,
    /// Number of the last change to its file.
    pub seq: i64,
    /// It carries a mark.
    pub marked: bool,
}

/// Organisations that are due, behind `after` and up to `through` in order of codes.
///
/// # Errors
/// Whatever the database says.
pub fn due(connection: &mut Connection, _view: &View, after: &str, through: &str, limit: usize) -> Result<Vec<Due>> {
    connection.rows(
        "select uscc, registered, seq from subject where due = 1 and uscc > $1 and uscc <= $2 order by uscc limit $3",
        values![after, through, i64::try_from(limit).unwrap_or(i64::MAX)],
        |row| Ok(Due { uscc: row.string(0)?, registered: row.int(1)? != 0, seq: row.int(2)?, marked: true }),
    )
}

/// How many are due.
///
/// # Errors
/// Whatever the database says.
pub fn due_count(connection: &mut Connection) -> Result<u64> {
    let count = connection.first("select count(*) from subject where due = 1", &[], |row| row.int(0))?;
    Ok(count.unwrap_or_default().unsigned_abs())
}

/// Marks whom the days have made due: something changes by itself on or before `today`, or the evaluation is of a later
/// day. Gives how many.
///
/// # Errors
/// Whatever the database says.
pub fn mark_due(change: &mut Change<'_>, today: i32) -> Result<u64> {
    change.connection.execute(
        "update subject set due = 1
         where due = 0 and uscc in (select uscc from evaluation where next_change_on is not null and next_change_on <= $1)",
        values![today],
    )
}
