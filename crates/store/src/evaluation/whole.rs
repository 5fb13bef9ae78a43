//! Reading for a sweep of the whole register: records in the order in which they lie, not in that of their keys, so that
//! each page is read once however records of one organisation are strewn. Several readers share the work.

use super::due::Due;
use super::input::InputRow;
use crate::connection::Connection;
use crate::scope::View;
use crate::{Reader, Result, StoreError, values};

/// Items that one statement can name.
const SLOTS: usize = 16;

/// How many organisations there are.
///
/// # Errors
/// Whatever the database says.
pub fn subject_count(connection: &mut Connection) -> Result<u64> {
    let count = connection.first("select count(*) from subject", &[], |row| row.int(0))?;
    Ok(count.unwrap_or_default().unsigned_abs())
}

/// The code at a place in the order of codes, counted from 0.
///
/// # Errors
/// Whatever the database says.
pub fn code_at(connection: &mut Connection, _view: &View, place: u64) -> Result<Option<String>> {
    let place = i64::try_from(place).unwrap_or(i64::MAX);
    connection.first("select uscc from subject order by uscc limit 1 offset $1", values![place], |row| row.string(0))
}

/// All organisations behind `after` and up to `through` in order of codes, due or not.
///
/// # Errors
/// Whatever the database says.
pub fn everyone(
    connection: &mut Connection,
    _view: &View,
    after: &str,
    through: &str,
    limit: usize,
) -> Result<Vec<Due>> {
    connection.rows(
        "select uscc, registered, seq, due from subject where uscc > $1 and uscc <= $2 order by uscc limit $3",
        values![after, through, i64::try_from(limit).unwrap_or(i64::MAX)],
        |row| {
            let marked = row.int(3)? != 0;
            Ok(Due { uscc: row.string(0)?, registered: row.int(1)? != 0, seq: row.int(2)?, marked })
        },
    )
}

/// Lets readers see one and the same state until they are dropped: on PostgreSQL others write meanwhile. On SQLite the
/// writer that sweeps is the only one, and what it writes is not looked at again.
///
/// # Errors
/// Whatever the database says.
pub fn hold(readers: &mut [Reader]) -> Result<()> {
    let mut shared: Option<String> = None;
    for reader in readers {
        if matches!(reader.connection, Connection::Sqlite(_)) {
            continue;
        }
        // Two readers are as many as there are cores: compiling and helpers only cost.
        reader.connection.batch(
            "set jit = off; set max_parallel_workers_per_gather = 0;
             begin isolation level repeatable read read only",
        )?;
        match &shared {
            Some(snapshot) => reader.connection.batch(&format!("set transaction snapshot '{snapshot}'"))?,
            None => shared = reader.connection.first("select pg_export_snapshot()", &[], |row| row.string(0))?,
        }
    }
    Ok(())
}

/// One past the last place at which a record lies: row numbers on SQLite, pages on PostgreSQL.
///
/// # Errors
/// Whatever the database says.
pub fn extent(connection: &mut Connection) -> Result<u64> {
    let sql = match connection {
        Connection::Sqlite(_) => "select coalesce(max(rowid), 0) + 1 from record",
        Connection::Postgres(_) => "select pg_relation_size('record') / current_setting('block_size')::int8",
    };
    Ok(connection.first(sql, &[], |row| row.int(0))?.unwrap_or_default().unsigned_abs())
}

/// About how many records there are, from the extent.
#[must_use]
pub fn estimate(connection: &Connection, extent: u64) -> u64 {
    match connection {
        Connection::Sqlite(_) => extent,
        // A row takes about 300 bytes of a page of 8 KiB.
        Connection::Postgres(_) => extent * 27,
    }
}

/// What is wanted of a part of the register.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// First place.
    pub from: u64,
    /// One past the last place.
    pub to: u64,
    /// Only organisations behind this code …
    pub after: &'a str,
    /// … and up to this one.
    pub through: &'a str,
    /// Items that can weigh anything.
    pub items: &'a [&'a str],
}

/// Hands on the records of a part that the view shows and whose item can weigh, in no particular order.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_in(
    connection: &mut Connection,
    view: &View,
    part: Part<'_>,
    mut look: impl FnMut(&InputRow<'_>) -> Result<()>,
) -> Result<()> {
    let any = part.items.len() > SLOTS;
    let item = |slot: usize| part.items.get(slot).copied().unwrap_or_default();
    let (from, to) = (i64::try_from(part.from), i64::try_from(part.to));
    let (Ok(from), Ok(to)) = (from, to) else {
        return Err(StoreError::Inconsistent("a place beyond every table".to_owned()));
    };
    let (begun, lasts) = (view.begun_by(), view.lasts_to());
    macro_rules! run {
        ($sql:literal, $from:expr, $to:expr) => {
            connection.each(
                concat!(
                    "select uscc, identity, reference, item, class, source, from_on, through_on from record where ",
                    $sql,
                    " in ($8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23))
                     and state = 'accepted' and from_on <= $3 and (through_on is null or through_on >= $4)
                     and uscc > $5 and uscc <= $6"
                ),
                values![
                    $from,
                    $to,
                    begun,
                    lasts,
                    part.after,
                    part.through,
                    any,
                    item(0),
                    item(1),
                    item(2),
                    item(3),
                    item(4),
                    item(5),
                    item(6),
                    item(7),
                    item(8),
                    item(9),
                    item(10),
                    item(11),
                    item(12),
                    item(13),
                    item(14),
                    item(15),
                ],
                |row| look(&InputRow::read(row)?),
            )
        };
    }
    match connection {
        // The sign keeps SQLite from walking the index of items instead of the table.
        Connection::Sqlite(_) => run!("rowid >= $1 and rowid < $2 and ($7 = 1 or +item", from, to),
        Connection::Postgres(_) => {
            let (from, to) = (format!("({from},0)"), format!("({to},0)"));
            run!("ctid >= $1::text::tid and ctid < $2::text::tid and ($7::int8 = 1 or item", from.as_str(), to.as_str())
        }
    }
}
