//! A log in memory for benchmarks: tiles as the database keeps them, without the database.

use credence_ledger::tile::Stored;
use credence_ledger::{Hash, Tile, TileReader, TileTree, append, entry, leaf_hash, verify_inclusion};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::convert::Infallible;

/// The tiles of a log, by level and place.
#[derive(Debug, Default)]
pub struct Leaves {
    tiles: HashMap<(u8, u64), Stored>,
    size: u64,
}

impl TileReader for Leaves {
    type Error = Infallible;

    fn tile(&self, level: u8, index: u64, _: u16) -> Result<Stored, Infallible> {
        Ok(self.tiles.get(&(level, index)).cloned().unwrap_or_default())
    }
}

/// The root of the act with a number.
#[must_use]
pub fn act_root(number: u64) -> Hash {
    Sha256::digest(number.to_be_bytes()).into()
}

/// The leaf of the act with a number: the hash of the log's entry for it.
#[must_use]
pub fn leaf(number: u64) -> Hash {
    leaf_hash(&entry(&act_root(number)))
}

impl Leaves {
    /// How many leaves there are.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends leaves and keeps the tiles that are new or wider. False where a tile is missing.
    pub fn append(&mut self, leaves: &[Hash]) -> bool {
        let Ok(tiles) = append(self, self.size, leaves) else { return false };
        let place = |tile: Tile| ((tile.level, tile.index), Stored { hashes: tile.hashes, inner: tile.inner });
        self.tiles.extend(tiles.into_iter().map(place));
        self.size += leaves.len() as u64;
        true
    }

    /// The proof that a leaf is in the log, from its tiles; none where there is no such leaf.
    #[must_use]
    pub fn prove(&self, number: u64) -> Option<Vec<Hash>> {
        TileTree::new(self, self.size).inclusion(number).ok()
    }

    /// The root of the log; none where a tile is missing.
    #[must_use]
    pub fn root(&self) -> Option<Hash> {
        TileTree::new(self, self.size).root().ok()
    }

    /// Whether a proof holds for the leaf of an act.
    #[must_use]
    pub fn holds(&self, number: u64, path: &[Hash], root: &Hash) -> bool {
        verify_inclusion(&leaf(number), number, self.size, path, root)
    }
}
