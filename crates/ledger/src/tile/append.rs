//! Growing the log: which tiles to store when leaves are appended.

use super::read::at_least;
use super::{TILE_LEVELS, TILE_WIDTH, Tile, TileError, TileReader, hashes_at, inner, width_at};
use crate::Hash;

/// The tiles to store after `leaf_hashes` follow the first `old_size` leaves: every tile that is new or wider, with all
/// its hashes, lower levels first and from left to right. Storing them again changes nothing.
///
/// Reads only the partial tiles at the right edge, at most one a level, at their width for `old_size`.
///
/// # Errors
/// When the reader fails or has less than a tree of `old_size` leaves must have.
pub fn append<R: TileReader>(
    reader: &R,
    old_size: u64,
    leaf_hashes: &[Hash],
) -> Result<Vec<Tile>, TileError<R::Error>> {
    let mut tiles = Vec::with_capacity(leaf_hashes.len() / FULL + 2 * usize::from(TILE_LEVELS));
    let mut parents = append_row(reader, old_size, 0, leaf_hashes, &mut tiles)?;
    for level in 1..TILE_LEVELS {
        parents = append_row(reader, old_size, level, &parents, &mut tiles)?;
    }
    Ok(tiles)
}

const FULL: usize = TILE_WIDTH as usize;

/// Appends `row` to the hashes of one level and gives back the roots of the tiles that became full.
fn append_row<R: TileReader>(
    reader: &R,
    old_size: u64,
    level: u8,
    mut row: &[Hash],
    tiles: &mut Vec<Tile>,
) -> Result<Vec<Hash>, TileError<R::Error>> {
    if row.is_empty() {
        return Ok(Vec::new());
    }
    let mut parents = Vec::with_capacity(row.len() / FULL + 1);
    let mut index = hashes_at(old_size, level) / u64::from(TILE_WIDTH);
    let mut hashes = match width_at(old_size, level, index) {
        0 => Vec::with_capacity(FULL.min(row.len())),
        width => {
            let mut hashes = at_least(reader, level, index, width)?.hashes;
            hashes.truncate(usize::from(width));
            hashes
        }
    };
    while !row.is_empty() {
        let (now, later) = row.split_at(row.len().min(FULL.saturating_sub(hashes.len())));
        hashes.extend_from_slice(now);
        let inner = inner::inner(&hashes);
        if hashes.len() == FULL {
            parents.extend(inner::top(&inner));
        }
        tiles.push(Tile { level, index, hashes, inner });
        hashes = Vec::with_capacity(FULL.min(later.len()));
        row = later;
        index += 1;
    }
    Ok(parents)
}
