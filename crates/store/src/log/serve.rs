//! What is served of the log's tree: tiles, bundles of entries, and the place of an act.

use crate::connection::Connection;
use crate::sequencer::Tiles;
use crate::{Result, StoreError, values};
use credence_ledger::tile::{Address, bundle, hashes_at};
use credence_ledger::{TileReader, TileTree, entry};

/// The bytes of a tile or of a bundle of entries; nothing for one that the tree of the first `signed` leaves does not have, so
/// that nobody is served what no checkpoint covers.
///
/// # Errors
/// When what must be there is not, or the database fails.
pub fn tile(connection: &mut Connection, address: Address, signed: u64) -> Result<Option<Vec<u8>>> {
    let (level, index, width) = match address {
        Address::Tile { level, index, width } => (level, index, width),
        Address::Entries { index, width } => (0, index, width),
    };
    let has = hashes_at(signed, level);
    let end = index.checked_mul(256).and_then(|first| first.checked_add(u64::from(width)));
    if end.is_none_or(|end| end > has) {
        return Ok(None);
    }
    match address {
        Address::Tile { .. } => {
            let mut hashes = Tiles::new(connection).tile(level, index, width)?.hashes;
            hashes.truncate(usize::from(width));
            Ok(Some(hashes.concat()))
        }
        Address::Entries { .. } => entries(connection, index, width).map(Some),
    }
}

fn entries(connection: &mut Connection, index: u64, width: u16) -> Result<Vec<u8>> {
    let first = i64::try_from(index.saturating_mul(256)).unwrap_or(i64::MAX);
    let mut bytes = Vec::with_capacity(usize::from(width) * 84);
    let mut found = 0;
    connection.each(
        "select root from log_leaf where position >= $1 and position < $2 order by position",
        values![first, first.saturating_add(i64::from(width))],
        |row| {
            found += 1;
            bundle::push_entry(&mut bytes, &entry(&row.array::<32>(0)?))
                .ok_or_else(|| StoreError::Inconsistent("an entry is too long".to_owned()))
        },
    )?;
    if found == width {
        Ok(bytes)
    } else {
        Err(StoreError::Inconsistent(format!("entries {index} of the log are missing")))
    }
}

/// Where an act stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is a leaf.
    Placed {
        /// The leaf's place.
        position: u64,
        /// The act's root.
        root: [u8; 32],
    },
    /// It waits for its place.
    Pending,
    /// There is no such act.
    Unknown,
}

/// Where an act stands.
///
/// # Errors
/// Whatever the database says.
pub fn standing(connection: &mut Connection, act: &[u8; 16]) -> Result<Standing> {
    let placed = connection.first("select position, root from log_leaf where act = $1", values![act], |row| {
        Ok(Standing::Placed { position: row.int(0)?.unsigned_abs(), root: row.array::<32>(1)? })
    })?;
    if let Some(placed) = placed {
        return Ok(placed);
    }
    let pending = connection.first("select 1 from act_pending where id = $1", values![act], |row| row.int(0))?;
    Ok(if pending.is_some() { Standing::Pending } else { Standing::Unknown })
}

/// The path from a leaf to the root of the first `size` leaves.
///
/// # Errors
/// When there is no such leaf, or tiles are missing.
pub fn path(connection: &mut Connection, position: u64, size: u64) -> Result<Vec<[u8; 32]>> {
    let tiles = Tiles::new(connection);
    let mut tree = TileTree::new(&tiles, size);
    tree.inclusion(position).map_err(|error| StoreError::Inconsistent(format!("log tiles: {error}")))
}
