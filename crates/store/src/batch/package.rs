//! Packages: the numbers that batches bear among those of their unit and item.

use crate::connection::Connection;
use crate::{Result, values};

/// A package that bears a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// Identity of its batch.
    pub id: [u8; 16],
    /// The unit.
    pub source: String,
    /// The item.
    pub item: String,
    /// Its number.
    pub sequence: i64,
    /// It failed as a whole: another may bear its number.
    pub failed: bool,
}

/// Every package that bears a number, in the order of unit, item and number.
///
/// # Errors
/// Whatever the database says.
pub fn numbered(connection: &mut Connection) -> Result<Vec<Numbered>> {
    connection.rows(
        "select id, source, item, sequence, state from batch where sequence > 0 order by source, item, sequence, number",
        &[],
        |row| {
            Ok(Numbered {
                id: row.array(0)?,
                source: row.string(1)?,
                item: row.string(2)?,
                sequence: row.int(3)?,
                failed: row.text(4)? == "failed",
            })
        },
    )
}

/// The last number of a unit's packages of an item; 0 before the first. A package that failed leaves its number free.
///
/// # Errors
/// Whatever the database says.
pub fn last_sequence(connection: &mut Connection, source: &str, item: &str) -> Result<i64> {
    let last = connection.first(
        "select coalesce(max(sequence), 0) from batch where source = $1 and item = $2 and state <> 'failed'",
        values![source, item],
        |row| row.int(0),
    )?;
    Ok(last.unwrap_or_default())
}
