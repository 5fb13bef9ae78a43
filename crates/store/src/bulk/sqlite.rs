//! The bulk path on SQLite: a prepared statement a row, keys in order.

use super::{Found, Head, HeadRow, RECORD_COLUMNS, RecordRow};
use crate::Result;
use crate::batch::Rejected;
use credence_domain::record::Identity;
use credence_domain::subject::Uscc;
use rusqlite::{Connection, OptionalExtension, params};
use std::borrow::Cow;

pub(super) fn records(connection: &Connection, keys: &[(Uscc, Identity)]) -> Result<Vec<Option<Found>>> {
    let mut statement = connection.prepare_cached(
        "select source, authority, state, hold, published_on, from_on, through_on, seq, salt, salt2, commitment,
                registered_area
         from record where uscc = ?1 and identity = ?2",
    )?;
    keys.iter()
        .map(|(uscc, identity)| {
            Ok(statement
                .query_row(params![uscc.as_str(), identity.0], |row| {
                    Ok(Found {
                        source: row.get(0)?,
                        authority: row.get(1)?,
                        state: row.get(2)?,
                        hold: row.get(3)?,
                        published_on: row.get(4)?,
                        from_on: row.get(5)?,
                        through_on: row.get(6)?,
                        seq: row.get(7)?,
                        salt: row.get(8)?,
                        salt2: row.get(9)?,
                        commitment: row.get(10)?,
                        registered_area: row.get(11)?,
                        restart: None,
                    })
                })
                .optional()?)
        })
        .collect()
}

pub(super) fn heads(connection: &Connection, usccs: &[Uscc]) -> Result<Vec<Head>> {
    let mut statement =
        connection.prepare_cached("select name, folded, registered, seq, area from subject where uscc = ?1")?;
    usccs
        .iter()
        .map(|uscc| {
            Ok(statement
                .query_row([uscc.as_str()], |row| {
                    Ok(Head {
                        name: row.get(0)?,
                        folded: row.get(1)?,
                        registered: row.get(2)?,
                        seq: row.get(3)?,
                        area: row.get(4)?,
                        known: true,
                    })
                })
                .optional()?
                .unwrap_or_default())
        })
        .collect()
}

pub(super) fn insert_records(connection: &Connection, rows: &[RecordRow<'_>]) -> Result<()> {
    let sql = format!(
        "insert into record({RECORD_COLUMNS}) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
         ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    for row in rows {
        statement.execute(params![
            row.uscc,
            row.identity.0,
            row.reference,
            row.item,
            row.source,
            row.authority,
            row.decided_on,
            row.state,
            row.hold,
            row.class,
            row.class_stated,
            row.pack,
            row.due_on,
            row.due_by_law_on,
            row.due_provisional,
            row.published_on,
            row.from_on,
            row.through_on,
            row.repair_from_on,
            row.version,
            row.seq,
            row.at,
            row.salt,
            row.salt2,
            row.commitment,
            row.authority_area,
            row.registered_area,
        ])?;
    }
    Ok(())
}

pub(super) fn insert_contents(connection: &Connection, rows: &[(i64, &str, Cow<'_, [u8]>)]) -> Result<()> {
    let mut statement = connection.prepare_cached("insert into record_content(at, uscc, body) values (?1, ?2, ?3)")?;
    for (at, uscc, body) in rows {
        statement.execute(params![at, uscc, &**body])?;
    }
    Ok(())
}

pub(super) fn put_heads(connection: &Connection, rows: &[HeadRow<'_>], now: i64) -> Result<()> {
    let mut insert = connection.prepare_cached(
        "insert into subject(uscc, name, folded, first_at, seq, conflicts) values (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let mut update = connection.prepare_cached(
        "update subject set name = ?2, folded = ?3, seq = ?4, conflicts = conflicts + ?5, due = 1 where uscc = ?1",
    )?;
    let mut register = connection.prepare_cached(
        "update subject set registered = 1, status = ?2, area = ?3, type = ?4, established_on = ?5 where uscc = ?1",
    )?;
    for row in rows {
        if row.known {
            update.execute(params![row.uscc, row.name, row.folded, row.seq, row.conflicts])?;
        } else {
            insert.execute(params![row.uscc, row.name, row.folded, now, row.seq, row.conflicts])?;
        }
        if let Some(registration) = row.registration {
            register.execute(params![
                row.uscc,
                registration.status,
                registration.area,
                registration.kind,
                registration.established_on
            ])?;
        }
    }
    Ok(())
}

pub(super) fn add_counts(connection: &Connection, rows: &[(&str, i32, i64)]) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "insert into count_day(counted, day, difference) values (?1, ?2, ?3)
         on conflict (counted, day) do update set difference = difference + excluded.difference",
    )?;
    for (counted, day, difference) in rows {
        statement.execute(params![counted, day, difference])?;
    }
    Ok(())
}

pub(super) fn insert_rejects(connection: &Connection, batch: &[u8; 16], rows: &[Rejected]) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "insert into batch_reject(batch, line, field, code, reason, raw) values (?1, ?2, ?3, ?4, ?5, ?6)
         on conflict (batch, line) do nothing",
    )?;
    for row in rows {
        statement.execute(params![batch, row.line, row.field, row.code, row.reason, row.raw])?;
    }
    Ok(())
}

pub(super) fn fill_rejected(connection: &Connection, batch: &[u8; 16], rows: &[(u32, Vec<u8>)]) -> Result<()> {
    let mut statement = connection.prepare_cached("update batch_reject set raw = ?3 where batch = ?1 and line = ?2")?;
    for (line, raw) in rows {
        statement.execute(params![batch, line, raw])?;
    }
    Ok(())
}
