//! The log's tree as tiles (C2SP tlog-tiles): stored, served and read in squares that never change once full.
//!
//! A tile at level L holds up to 256 neighbouring hashes, each the root of 256^L leaves: level 0 the leaf hashes
//! themselves, level 1 the roots of full tiles of level 0, and so on. [`append`] says which tiles to store when the
//! log grows, [`TileTree`] computes roots and proofs from stored ones, [`address`] names them as their paths do,
//! [`bundle`] packs the entries. Storing and serving is the caller's.

pub mod address;
mod append;
pub mod bundle;
mod inner;
mod read;

pub use address::{Address, changed};
pub use append::append;
pub use inner::inner;
pub use read::{TileError, TileReader, TileTree};

use crate::Hash;

/// How many hashes a full tile holds.
pub const TILE_WIDTH: u16 = 256;

/// The levels that a tree of up to 2^64 leaves can have.
pub const TILE_LEVELS: u8 = 8;

/// A tile to be stored: `hashes` replaces whatever is stored at this level and index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// 0 for leaf hashes, one more for each step of 256.
    pub level: u8,
    /// The place among the tiles of this level, from 0.
    pub index: u64,
    /// 1 to 256 hashes; fewer than 256 only at the right edge of the tree.
    pub hashes: Vec<Hash>,
    /// Roots within it ([`inner`]).
    pub inner: Vec<Hash>,
}

/// A tile as it was stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stored {
    /// Its hashes.
    pub hashes: Vec<Hash>,
    /// The roots within it ([`inner`]) of all these hashes; empty where none were stored.
    pub inner: Vec<Hash>,
}

impl From<Vec<Hash>> for Stored {
    fn from(hashes: Vec<Hash>) -> Self {
        Self { hashes, inner: Vec::new() }
    }
}

/// How many hashes a tree of `size` leaves has at `level`: the number of full groups of 256^level leaves.
#[must_use]
pub fn hashes_at(size: u64, level: u8) -> u64 {
    size.checked_shr(8 * u32::from(level)).unwrap_or(0)
}

/// How many hashes of the tile at `level` and `index` a tree of `size` leaves has: 0 (no such tile) to 256 (full).
#[must_use]
pub fn width_at(size: u64, level: u8, index: u64) -> u16 {
    let before = index.saturating_mul(u64::from(TILE_WIDTH));
    u16::try_from(hashes_at(size, level).saturating_sub(before).min(u64::from(TILE_WIDTH))).unwrap_or(TILE_WIDTH)
}
