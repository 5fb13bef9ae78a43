//! Reading for a sweep of the whole register: records in the order in which they lie, not in that of their keys, so that
//! each page is read once however records of one organisation are strewn. Several readers share the work.

use super::input::InputRow;
use crate::connection::Connection;
use crate::scope::View;
use crate::{Reader, Result, StoreError, values};

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
    /// Items that can weigh anything; every item when absent.
    pub items: Option<&'a [&'a str]>,
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
    let Part { from, to, after, through, items } = part;
    let (Ok(first), Ok(behind)) = (i64::try_from(from), i64::try_from(to)) else {
        return Err(StoreError::Inconsistent("a place beyond every table".to_owned()));
    };
    let (begun, lasts) = (view.begun_by(), view.lasts_to());
    match connection {
        // Most rows go: what is not of their columns is quicker told here than by the database.
        Connection::Sqlite(_) => connection.each(
            "select uscc, identity, reference, item, class, source, from_on, through_on from record
             where rowid >= $1 and rowid < $2 and state = 'accepted' and from_on <= $3
               and (through_on is null or through_on >= $4)",
            values![first, behind, begun, lasts],
            |row| {
                let item = row.text(3)?;
                if items.is_some_and(|items| !items.contains(&item)) {
                    return Ok(());
                }
                let row = InputRow::read(row)?;
                if row.uscc > after && row.uscc <= through { look(&row) } else { Ok(()) }
            },
        ),
        // Most rows go: what the server keeps need not travel.
        Connection::Postgres(pg) => {
            let sql = "select uscc, identity, reference, item, class, source, from_on, through_on from record
                 where ctid >= $1::text::tid and ctid < $2::text::tid
                   and ($3::text[] is null or item = any($3::text[]))
                   and state = 'accepted' and from_on <= $4 and (through_on is null or through_on >= $5)
                   and uscc > $6 and uscc <= $7";
            let (first, behind) = (format!("({first},0)"), format!("({behind},0)"));
            pg.each_of(sql, &[&first, &behind, &items, &begun, &lasts, &after, &through], |row| {
                look(&InputRow::read(row)?)
            })
        }
    }
}
