//! Who must be evaluated again: files that changed since, days on which something changed by itself, other rules.
//!
//! Every change to a file marks it due; the marks are found by an index that holds nothing else, so that after a day's
//! changes only what is due is touched.

use crate::change::Change;
use crate::connection::Connection;
use crate::scope::View;
use crate::{Result, StoreError, values};

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

/// An organisation as a sweep of much of the register holds it until its turn comes: 40 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    uscc: [u8; CODE],
    /// A registration has arrived.
    pub registered: bool,
    /// It carries a mark.
    pub marked: bool,
    /// Number of the last change to its file.
    pub seq: i64,
    /// Its row on SQLite; 0 on PostgreSQL, where rows move.
    pub(super) place: i64,
}

/// Bytes of a code.
const CODE: usize = 18;

impl Seat {
    /// Its code.
    #[must_use]
    pub fn uscc(&self) -> &str {
        // Read as text, so it is one.
        std::str::from_utf8(&self.uscc).unwrap_or_default()
    }

    /// The same as others know it.
    #[must_use]
    pub fn due(&self) -> Due {
        Due { uscc: self.uscc().to_owned(), registered: self.registered, seq: self.seq, marked: self.marked }
    }

    /// The order in which they lie.
    #[must_use]
    pub fn place(&self) -> (i64, &str) {
        (self.place, self.uscc())
    }
}

/// Organisations behind `after` and up to `through` in order of codes: all of them, or those that are due. They are read
/// in the order in which they lie.
///
/// # Errors
/// Whatever the database says.
pub fn seats(
    connection: &mut Connection,
    _view: &View,
    after: &str,
    through: &str,
    everyone: bool,
) -> Result<Vec<Seat>> {
    let sql = match connection {
        Connection::Sqlite(_) => {
            "select uscc, registered, seq, due, rowid from subject not indexed
             where (due = 1 or $3 = 1) and uscc > $1 and uscc <= $2"
        }
        Connection::Postgres(_) => {
            "select uscc, registered, seq, due, 0::int8 from subject
             where (due = 1 or $3::int8 = 1) and uscc > $1 and uscc <= $2"
        }
    };
    let mut seats = connection.rows(sql, values![after, through, everyone], |row| {
        let code = row.text(0)?;
        let wrong = |_| StoreError::Inconsistent(format!("an organisation under the code {code}"));
        Ok(Seat {
            uscc: code.as_bytes().try_into().map_err(wrong)?,
            registered: row.int(1)? != 0,
            seq: row.int(2)?,
            marked: row.int(3)? != 0,
            place: row.int(4)?,
        })
    })?;
    seats.sort_unstable_by_key(|seat| seat.uscc);
    Ok(seats)
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
