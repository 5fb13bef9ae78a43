//! Gives every act its place in the public log: pending acts become contiguous leaves and tiles of the Merkle tree.
//!
//! It reads presence, not "id > last", so a late commit is never missed; a crash anywhere is harmless. On SQLite the
//! writer is the sequencer, on PostgreSQL whoever holds the advisory lock for the transaction. Signing and serving are
//! in [`crate::log`]; [`crate::Writer::sequence`] does both.

use crate::connection::Connection;
use crate::{Result, StoreError, values};
use credence_ledger::tile::Stored;
use credence_ledger::{TileReader, entry, leaf_hash};
use std::cell::RefCell;

/// Acts placed in one transaction.
const AT_ONCE: i64 = 10_000;
/// "credence" as an advisory lock.
const LOCK: i64 = 0x6372_6564_656e_6365;

/// Size of the log: how many acts have their place.
///
/// # Errors
/// Whatever the database says.
pub fn size(connection: &mut Connection) -> Result<u64> {
    let next =
        connection.first("select coalesce(max(position), -1) + 1 from log_leaf", &[], |row| row.int(0))?.unwrap_or(0);
    Ok(next.unsigned_abs())
}

/// How many acts wait for their place.
///
/// # Errors
/// Whatever the database says.
pub fn pending(connection: &mut Connection) -> Result<u64> {
    Ok(connection.first("select count(*) from act_pending", &[], |row| row.int(0))?.unwrap_or(0).unsigned_abs())
}

/// Places everything that is pending. Gives the number of acts placed.
///
/// # Errors
/// Whatever the database says; then nothing of the last transaction was written.
pub fn run(connection: &mut Connection) -> Result<u64> {
    let mut placed = 0;
    loop {
        let some = connection.transaction(place_some)?;
        placed += some;
        if some < AT_ONCE.unsigned_abs() {
            return Ok(placed);
        }
    }
}

/// Makes the transaction under way the only one that places or signs: on PostgreSQL by an advisory lock that ends with it, on
/// SQLite it is the only writer already.
pub(crate) fn lock(connection: &mut Connection) -> Result<()> {
    if matches!(connection, Connection::Postgres(_)) {
        connection.execute("select pg_advisory_xact_lock($1)", values![LOCK])?;
    }
    Ok(())
}

/// Whether nobody places acts or signs at this moment.
pub(crate) fn is_free(connection: &mut Connection) -> Result<bool> {
    if matches!(connection, Connection::Sqlite(_)) {
        return Ok(true);
    }
    let free = connection.first("select pg_try_advisory_xact_lock($1)::int4", values![LOCK], |row| row.int(0))?;
    Ok(free == Some(1))
}

fn place_some(connection: &mut Connection) -> Result<u64> {
    lock(connection)?;
    crate::counter::fold(connection)?;
    let pending = connection.rows(
        "select id, uscc, root from act_pending order by at, id limit $1",
        values![AT_ONCE],
        |row| Ok((row.array::<16>(0)?, row.string(1)?, row.array::<32>(2)?)),
    )?;
    if pending.is_empty() {
        return Ok(0);
    }
    let size = size(connection)?;
    let leaves: Vec<[u8; 32]> = pending.iter().map(|(_, _, root)| leaf_hash(&entry(root))).collect();
    let tiles = credence_ledger::append(&Tiles::new(connection), size, &leaves)
        .map_err(|error| StoreError::Inconsistent(format!("log tiles: {error}")))?;
    place(connection, size, &pending)?;
    for tile in tiles {
        let (level, number) = (i64::from(tile.level), i64::try_from(tile.index).unwrap_or(i64::MAX));
        let width = i64::try_from(tile.hashes.len()).unwrap_or(i64::MAX);
        connection.execute(
            "insert into log_tile(level, number, width, hashes, inner_roots) values ($1, $2, $3, $4, $5)
             on conflict (level, number) do update set width = excluded.width, hashes = excluded.hashes,
                    inner_roots = excluded.inner_roots",
            values![level, number, width, tile.hashes.concat().as_slice(), tile.inner.concat().as_slice()],
        )?;
    }
    Ok(pending.len() as u64)
}

/// An act that waits: its id, whom it is of, its root.
type Pending = ([u8; 16], String, [u8; 32]);

/// Gives acts the places behind the log's size, in their order.
fn place(connection: &mut Connection, size: u64, pending: &[Pending]) -> Result<()> {
    let places = (size..).map(|position| i64::try_from(position).unwrap_or(i64::MAX));
    if let Connection::Postgres(pg) = connection {
        let places: Vec<i64> = places.take(pending.len()).collect();
        let ids: Vec<&[u8]> = pending.iter().map(|(id, ..)| id.as_slice()).collect();
        let usccs: Vec<&str> = pending.iter().map(|(_, uscc, _)| uscc.as_str()).collect();
        let roots: Vec<&[u8]> = pending.iter().map(|(.., root)| root.as_slice()).collect();
        let insert = pg.statement(
            "insert into log_leaf(position, act, uscc, root)
             select * from unnest($1::int8[], $2::bytea[], $3::text[], $4::bytea[])",
        )?;
        pg.client().execute(&insert, &[&places, &ids, &usccs, &roots])?;
        let delete = pg.statement("delete from act_pending where id = any($1::bytea[])")?;
        pg.client().execute(&delete, &[&ids])?;
        return Ok(());
    }
    for (position, (id, uscc, root)) in places.zip(pending) {
        connection.execute(
            "insert into log_leaf(position, act, uscc, root) values ($1, $2, $3, $4)",
            values![position, id, uscc.as_str(), root],
        )?;
        connection.execute("delete from act_pending where id = $1", values![id])?;
    }
    Ok(())
}

/// The stored tiles.
#[derive(Debug)]
pub struct Tiles<'c>(RefCell<&'c mut Connection>);

impl<'c> Tiles<'c> {
    /// Reads through this connection.
    pub fn new(connection: &'c mut Connection) -> Self {
        Self(RefCell::new(connection))
    }
}

impl TileReader for Tiles<'_> {
    type Error = StoreError;

    fn tile(&self, level: u8, index: u64, _width: u16) -> Result<Stored> {
        let hashes = |bytes: &[u8]| bytes.as_chunks::<32>().0.to_vec();
        self.0
            .borrow_mut()
            .first(
                "select hashes, inner_roots from log_tile where level = $1 and number = $2",
                values![i64::from(level), i64::try_from(index).unwrap_or(i64::MAX)],
                |row| Ok(Stored { hashes: hashes(row.blob(0)?), inner: hashes(row.blob(1)?) }),
            )?
            .ok_or_else(|| StoreError::Inconsistent(format!("log tile {level}/{index} is missing")))
    }
}

/// The root of the log at its present size, computed from the stored tiles.
///
/// # Errors
/// When tiles are missing or the database fails.
pub fn root(connection: &mut Connection) -> Result<(u64, [u8; 32])> {
    let size = size(connection)?;
    let tiles = Tiles::new(connection);
    let root = credence_ledger::TileTree::new(&tiles, size)
        .root()
        .map_err(|error| StoreError::Inconsistent(format!("log tiles: {error}")))?;
    Ok((size, root))
}
