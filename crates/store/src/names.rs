//! What the search index is made from: names, old numbers, area and status of organisations, and which acts may have
//! changed them. Nothing of what was decided about anybody.
//!
//! An index follows the log: every act has its leaf there, late commits too, and what has none yet is pending. It asks for
//! presence, so nothing is missed.

use crate::act::ActId;
use crate::change::{CHUNK_ROWS, chunk_of};
use crate::connection::Connection;
use crate::scope::View;
use crate::{Result, values};
use std::collections::BTreeMap;

/// An organisation as it can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its code.
    pub uscc: String,
    /// Folded names, the current one first.
    pub names: Vec<String>,
    /// Old numbers.
    pub aliases: Vec<String>,
    /// Area of registration.
    pub area: String,
    /// Registration status.
    pub status: String,
}

/// An act with the organisation or unit under which it stands.
pub type Placed = (ActId, String);

/// How far the acts have come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Leaves of the log.
    pub size: u64,
    /// Acts without a leaf yet.
    pub pending: Vec<Placed>,
}

/// How far the acts have come.
///
/// # Errors
/// Whatever the database says.
pub fn head(connection: &mut Connection) -> Result<Head> {
    // Pending first: an act that gets its leaf in between is then in both, and in neither never.
    let pending =
        connection.rows("select id, uscc from act_pending", &[], |row| Ok((row.array(0)?, row.string(1)?)))?;
    Ok(Head { size: crate::sequencer::size(connection)?, pending })
}

/// Acts by their leaves from a position on, in order.
///
/// # Errors
/// Whatever the database says.
pub fn leaves(connection: &mut Connection, from: u64, limit: u32) -> Result<Vec<Placed>> {
    connection.rows(
        "select act, uscc from log_leaf where position >= $1 order by position limit $2",
        values![i64::try_from(from).unwrap_or(i64::MAX), i64::from(limit)],
        |row| Ok((row.array(0)?, row.string(1)?)),
    )
}

/// Organisations behind a code, in order.
///
/// # Errors
/// Whatever the database says.
pub fn page(connection: &mut Connection, _view: &View, after: &str, limit: u32) -> Result<Vec<Known>> {
    let subjects = connection.rows(
        "select uscc, folded, area, status from subject where uscc > $1 order by uscc limit $2",
        values![after, i64::from(limit)],
        subject,
    )?;
    let Some(last) = subjects.last().map(|(uscc, ..)| uscc.clone()) else { return Ok(Vec::new()) };
    let span = values![after, last.as_str()];
    let names = connection.rows(
        "select uscc, folded from subject_name where uscc > $1 and uscc <= $2 order by uscc, folded",
        span,
        pair,
    )?;
    let aliases = connection.rows(
        "select uscc, value from subject_alias where uscc > $1 and uscc <= $2 order by uscc, value",
        span,
        pair,
    )?;
    Ok(together(subjects, names, aliases))
}

/// The organisations whose names, area or status an act may have changed, as they stand now.
///
/// # Errors
/// Whatever the database says.
pub fn touched(connection: &mut Connection, _view: &View, act: &Placed) -> Result<Vec<Known>> {
    let (id, uscc) = act;
    let found = connection.first(
        "select a.at, a.changes, a.kind, coalesce(b.item, '') from act a left join batch b on b.id = a.batch
         where a.uscc = $1 and a.id = $2",
        values![uscc.as_str(), id],
        |row| Ok((row.int(0)?, row.int(1)?, row.string(2)?, row.string(3)?)),
    )?;
    let Some((at, changes, kind, item)) = found else { return Ok(Vec::new()) };
    if kind == "name_conflict" {
        // Numbered under the office: the header names the organisation.
        let header = connection.first(
            "select header from act where uscc = $1 and id = $2",
            values![uscc.as_str(), id],
            |row| row.string(0),
        )?;
        let header: serde_json::Value = serde_json::from_str(&header.unwrap_or_default()).unwrap_or_default();
        let named = header.get("details").and_then(|details| details.get("organisation")?.as_str());
        return one(connection, named.unwrap_or_default()).map(|known| known.into_iter().collect());
    }
    if changes == 0 {
        return one(connection, uscc).map(|known| known.into_iter().collect());
    }
    let chunk = connection.first(
        "select no from chunk where no >= $1 and act = $2 order by no limit 1",
        values![chunk_of(at), id],
        |row| row.int(0),
    )?;
    let Some(chunk) = chunk else { return Ok(Vec::new()) };
    let rows = CHUNK_ROWS as i64;
    let span = values![chunk * rows, (chunk + 1) * rows];
    if kind == "import" && item != "registration" {
        // Other items name only those who were not on file yet, or not by name.
        let new = connection.rows(
            "select distinct s.uscc from record_content c join subject s on s.uscc = c.uscc
             where c.at >= $1 and c.at < $2 and (s.first_at = $3 or s.registered = 0)",
            values![chunk * rows, (chunk + 1) * rows, at],
            |row| row.string(0),
        )?;
        let mut known = Vec::with_capacity(new.len());
        for uscc in new {
            known.extend(one(connection, &uscc)?);
        }
        return Ok(known);
    }
    let subjects = connection.rows(
        "select uscc, folded, area, status from subject
         where uscc in (select uscc from record_content where at >= $1 and at < $2) order by uscc",
        span,
        subject,
    )?;
    let names = connection.rows(
        "select uscc, folded from subject_name
         where uscc in (select uscc from record_content where at >= $1 and at < $2) order by uscc, folded",
        span,
        pair,
    )?;
    let aliases = connection.rows(
        "select uscc, value from subject_alias
         where uscc in (select uscc from record_content where at >= $1 and at < $2) order by uscc, value",
        span,
        pair,
    )?;
    let mut known = together(subjects, names, aliases);
    if !known.iter().any(|known| known.uscc == *uscc) {
        known.extend(one(connection, uscc)?);
    }
    Ok(known)
}

fn one(connection: &mut Connection, uscc: &str) -> Result<Option<Known>> {
    let key = values![uscc];
    let subjects = connection.rows("select uscc, folded, area, status from subject where uscc = $1", key, subject)?;
    let names = connection.rows("select uscc, folded from subject_name where uscc = $1 order by folded", key, pair)?;
    let aliases = connection.rows("select uscc, value from subject_alias where uscc = $1 order by value", key, pair)?;
    Ok(together(subjects, names, aliases).pop())
}

type Subject = (String, String, String, String);

fn subject(row: &crate::connection::Row<'_>) -> Result<Subject> {
    Ok((row.string(0)?, row.string(1)?, row.string(2)?, row.string(3)?))
}

fn pair(row: &crate::connection::Row<'_>) -> Result<(String, String)> {
    Ok((row.string(0)?, row.string(1)?))
}

fn together(subjects: Vec<Subject>, names: Vec<(String, String)>, aliases: Vec<(String, String)>) -> Vec<Known> {
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    for (uscc, folded, area, status) in subjects {
        known.insert(uscc.clone(), Known { uscc, names: vec![folded], aliases: Vec::new(), area, status });
    }
    for (uscc, name) in names {
        if let Some(known) = known.get_mut(&uscc)
            && known.names.first() != Some(&name)
        {
            known.names.push(name);
        }
    }
    for (uscc, alias) in aliases {
        if let Some(known) = known.get_mut(&uscc) {
            known.aliases.push(alias);
        }
    }
    known.into_values().collect()
}
