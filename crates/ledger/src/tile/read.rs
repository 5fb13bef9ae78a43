//! Reading the log: roots and proofs from stored tiles, for the present tree and for every earlier one.

use super::{Stored, TILE_LEVELS, hashes_at, inner, width_at};
use crate::{Hash, proof, root, tree::fold};
use std::collections::BTreeMap;
use std::ops::Range;

/// Where tiles are kept.
pub trait TileReader {
    /// What can go wrong while reading.
    type Error;

    /// The tile at `level` and `index`: its first `width` hashes at least (1 to 256). A tile that has grown since is as
    /// good as the narrower one, for it begins with the same hashes; what is more is not looked at.
    ///
    /// # Errors
    /// When the tile cannot be read.
    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Stored, Self::Error>;
}

/// Why a root, a proof or new tiles could not be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileError<E> {
    /// The reader failed.
    #[error("tile could not be read")]
    Read(#[source] E),
    /// The stored tile holds fewer hashes than the tree must have: it was cut or is of an earlier tree.
    #[error("tile {index} of level {level} has {found} hashes instead of {wanted}")]
    Short {
        /// The tile's level.
        level: u8,
        /// The tile's place in its level.
        index: u64,
        /// How many hashes a tree of this size has there.
        wanted: u16,
        /// How many the reader gave.
        found: usize,
    },
    /// The tree has no such leaf, or the earlier tree is the larger one.
    #[error("{asked} is beyond the tree of {size} leaves")]
    Beyond {
        /// The leaf or the size asked for.
        asked: u64,
        /// The size of the tree.
        size: u64,
    },
}

/// The tile with its first `width` hashes at least.
pub(super) fn at_least<R: TileReader>(
    reader: &R,
    level: u8,
    index: u64,
    width: u16,
) -> Result<Stored, TileError<R::Error>> {
    let stored = reader.tile(level, index, width).map_err(TileError::Read)?;
    if stored.hashes.len() < usize::from(width) {
        return Err(TileError::Short { level, index, wanted: width, found: stored.hashes.len() });
    }
    Ok(stored)
}

/// A tree of a given size over stored tiles. It reads each tile once and keeps it: make a new one for each question or
/// each group of questions about one size.
#[derive(Debug)]
pub struct TileTree<'r, R> {
    reader: &'r R,
    size: u64,
    tiles: BTreeMap<(u8, u64), Stored>,
}

impl<'r, R: TileReader> TileTree<'r, R> {
    /// The tree of the first `size` leaves.
    pub fn new(reader: &'r R, size: u64) -> Self {
        Self { reader, size, tiles: BTreeMap::new() }
    }

    /// The root of the tree.
    ///
    /// # Errors
    /// When tiles are missing or short.
    pub fn root(&mut self) -> Result<Hash, TileError<R::Error>> {
        self.range_root(0..self.size)
    }

    /// The hash of leaf `index`.
    ///
    /// # Errors
    /// When the tree has no such leaf, or tiles are missing or short.
    pub fn leaf(&mut self, index: u64) -> Result<Hash, TileError<R::Error>> {
        if index >= self.size {
            return Err(TileError::Beyond { asked: index, size: self.size });
        }
        self.range_root(index..index + 1)
    }

    /// The inclusion proof of leaf `index`, from the leaf up.
    ///
    /// # Errors
    /// When the tree has no such leaf, or tiles are missing or short.
    pub fn inclusion(&mut self, index: u64) -> Result<Vec<Hash>, TileError<R::Error>> {
        let ranges = proof::path_ranges(index, self.size);
        self.proof(ranges, index)
    }

    /// The proof that this tree begins with the tree of its first `old` leaves.
    ///
    /// # Errors
    /// When `old` is larger than the tree, or tiles are missing or short.
    pub fn consistency(&mut self, old: u64) -> Result<Vec<Hash>, TileError<R::Error>> {
        let ranges = proof::consistency_ranges(old, self.size);
        self.proof(ranges, old)
    }

    fn proof(&mut self, ranges: Option<Vec<Range<u64>>>, asked: u64) -> Result<Vec<Hash>, TileError<R::Error>> {
        let ranges = ranges.ok_or(TileError::Beyond { asked, size: self.size })?;
        ranges.into_iter().map(|range| self.range_root(range)).collect()
    }

    /// The root over a range that is a subtree of this tree: cut into perfect trees, the largest first, and joined.
    fn range_root(&mut self, range: Range<u64>) -> Result<Hash, TileError<R::Error>> {
        let mut perfect = Vec::new();
        let mut start = range.start;
        while start < range.end {
            let height = (range.end - start).ilog2();
            perfect.push(self.perfect_root(start, height)?);
            start += 1 << height;
        }
        Ok(fold(&perfect).unwrap_or_else(|| root(&[])))
    }

    /// The root over the 2^height leaves from `start` (a multiple of that), all of them in the tree.
    fn perfect_root(&mut self, start: u64, height: u32) -> Result<Hash, TileError<R::Error>> {
        let level = u8::try_from(height / 8).unwrap_or(TILE_LEVELS);
        let place = hashes_at(start, level);
        let (index, offset) = (place >> 8, usize::try_from(place & 0xff).unwrap_or(0));
        let count = 1_usize << (height % 8);
        let (wanted, tile) = (width_at(self.size, level, index), self.tile(level, index)?);
        let short = TileError::Short { level, index, wanted, found: tile.hashes.len() };
        let kept = inner::place(tile.hashes.len(), height % 8, offset).and_then(|place| tile.inner.get(place));
        kept.copied().or_else(|| tile.hashes.get(offset..offset + count).map(root)).ok_or(short)
    }

    fn tile(&mut self, level: u8, index: u64) -> Result<&Stored, TileError<R::Error>> {
        use std::collections::btree_map::Entry;
        Ok(match self.tiles.entry((level, index)) {
            Entry::Occupied(kept) => kept.into_mut(),
            Entry::Vacant(empty) => {
                empty.insert(at_least(self.reader, level, index, width_at(self.size, level, index))?)
            }
        })
    }
}
