//! Honest counters for the home page: what is public on a day, by item.

use crate::connection::Connection;
use crate::scope::View;
use crate::{Result, values};

/// Organisations on file: registered and not.
///
/// # Errors
/// Whatever the database says.
pub fn organisations(connection: &mut Connection) -> Result<(u64, u64)> {
    let (all, registered) = connection
        .first("select count(*), coalesce(sum(registered), 0) from subject", &[], |row| Ok((row.int(0)?, row.int(1)?)))?
        .unwrap_or_default();
    Ok((registered.unsigned_abs(), (all - registered).unsigned_abs()))
}

/// Records public on the view's day, by item, in order of the items' codes.
///
/// # Errors
/// Whatever the database says.
pub fn public_records(connection: &mut Connection, view: &View) -> Result<Vec<(String, u64)>> {
    connection.rows(
        "select item, count(*) from record where state = 'accepted' and from_on <= $1
         and (through_on is null or through_on >= $1) group by item order by item",
        values![view.day()],
        |row| Ok((row.string(0)?, row.int(1)?.unsigned_abs())),
    )
}
