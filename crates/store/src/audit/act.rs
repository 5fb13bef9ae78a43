//! Acts, their chunks, and the log.

use crate::Result;
use crate::connection::Connection;
use std::collections::BTreeMap;

/// An act as it is stored.
#[derive(Clone, Debug)]
pub struct StoredAct {
    /// Organisation or unit under which it is kept.
    pub uscc: String,
    /// Identity.
    pub id: [u8; 16],
    /// Kind.
    pub kind: String,
    /// Its instant, in microseconds.
    pub at: i64,
    /// The batch that it belongs to.
    pub batch: Option<[u8; 16]>,
    /// Salt of its header.
    pub salt: [u8; 16],
    /// Canonical header.
    pub header: String,
    /// The hash of its header as it was, where an erasure took out what it quoted.
    pub leaf: Option<[u8; 32]>,
    /// Root of its tree.
    pub root: [u8; 32],
    /// Number of changes.
    pub changes: i64,
}

/// Hands on every act in order of (code, id).
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_act(connection: &mut Connection, mut look: impl FnMut(StoredAct) -> Result<()>) -> Result<()> {
    connection.each(
        "select uscc, id, kind, salt, header, root, changes, leaf, at, batch from act order by uscc, id",
        &[],
        |row| {
            look(StoredAct {
                uscc: row.string(0)?,
                id: row.array(1)?,
                kind: row.string(2)?,
                salt: row.array(3)?,
                header: row.string(4)?,
                root: row.array(5)?,
                changes: row.int(6)?,
                leaf: row.opt_array(7)?,
                at: row.int(8)?,
                batch: row.opt_array(9)?,
            })
        },
    )
}

/// Hands on every chunk in order of numbers: its number, its act, the commitments one behind another, and the act's row
/// where there is one.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_chunk(
    connection: &mut Connection,
    mut look: impl FnMut(i64, [u8; 16], &[u8], Option<StoredAct>) -> Result<()>,
) -> Result<()> {
    connection.each(
        "select c.no, c.act, c.commitments, a.uscc, a.kind, a.salt, a.header, a.root, a.changes, a.leaf, a.at, a.batch
         from chunk c left join act a on a.uscc = c.uscc and a.id = c.act order by c.no",
        &[],
        |row| {
            let id = row.array(1)?;
            let act = match row.opt_text(3)? {
                None => None,
                Some(uscc) => Some(StoredAct {
                    uscc: uscc.to_owned(),
                    id,
                    kind: row.string(4)?,
                    salt: row.array(5)?,
                    header: row.string(6)?,
                    root: row.array(7)?,
                    changes: row.int(8)?,
                    leaf: row.opt_array(9)?,
                    at: row.int(10)?,
                    batch: row.opt_array(11)?,
                }),
            };
            look(row.int(0)?, id, row.blob(2)?, act)
        },
    )
}

/// The number of the last act of every unit that concerns no organisation.
///
/// # Errors
/// Whatever the database says.
pub fn last_unit_numbers(connection: &mut Connection) -> Result<BTreeMap<String, i64>> {
    let units = connection.rows("select uscc, seq from unit", &[], |row| Ok((row.string(0)?, row.int(1)?)))?;
    Ok(units.into_iter().collect())
}

/// A place in the log.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Position.
    pub position: i64,
    /// The act.
    pub act: [u8; 16],
    /// The organisation or unit of the act.
    pub uscc: String,
    /// Root that the entry names.
    pub root: [u8; 32],
}

/// Hands on every leaf in order.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_leaf(connection: &mut Connection, mut look: impl FnMut(Leaf) -> Result<()>) -> Result<()> {
    connection.each("select position, act, uscc, root from log_leaf order by position", &[], |row| {
        look(Leaf { position: row.int(0)?, act: row.array(1)?, uscc: row.string(2)?, root: row.array(3)? })
    })
}

/// A tile of the log.
#[derive(Clone, Copy, Debug)]
pub struct Tile<'t> {
    /// Its level.
    pub level: i64,
    /// Its number on that level.
    pub number: i64,
    /// How many hashes it says that it holds.
    pub width: i64,
    /// The hashes.
    pub hashes: &'t [u8],
    /// Roots within it.
    pub inner: &'t [u8],
}

/// Hands on every tile of the log.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_tile(connection: &mut Connection, mut look: impl FnMut(Tile<'_>) -> Result<()>) -> Result<()> {
    connection.each(
        "select level, number, width, hashes, inner_roots from log_tile order by level, number",
        &[],
        |row| {
            look(Tile {
                level: row.int(0)?,
                number: row.int(1)?,
                width: row.int(2)?,
                hashes: row.blob(3)?,
                inner: row.blob(4)?,
            })
        },
    )
}

/// Hands on every pending act as (act, code, root, instant).
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_pending(
    connection: &mut Connection,
    mut look: impl FnMut([u8; 16], String, [u8; 32], i64) -> Result<()>,
) -> Result<()> {
    connection.each("select id, uscc, root, at from act_pending order by id", &[], |row| {
        look(row.array(0)?, row.string(1)?, row.array(2)?, row.int(3)?)
    })
}
