//! Some of the roots within a tile, kept beside its hashes: a proof then hashes a dozen of them a tile and not two hundred.
//!
//! Kept are the roots of the perfect trees of 16, 32, 64 and 128 neighbouring hashes, as far as the tile is filled: 30 for a
//! full one, an eighth of its size. They are derived from the hashes and served to nobody; the root of a full tile is a
//! hash of the level above.

use crate::{Hash, node_hash, root};

/// Trees of 2^4 hashes are the smallest whose roots are kept.
const LOWEST: u32 = 4;
/// Trees of 2^7 are the largest.
const HIGHEST: u32 = 7;

/// The roots within a tile of these hashes (at most 256), by height and from left to right.
#[must_use]
pub fn inner(hashes: &[Hash]) -> Vec<Hash> {
    let mut row: Vec<Hash> = hashes.chunks_exact(1 << LOWEST).map(root).collect();
    let mut all = row.clone();
    for _ in LOWEST..HIGHEST {
        row = row.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
        all.extend_from_slice(&row);
    }
    all
}

/// The root of a full tile whose inner roots these are: over its two largest trees.
pub(super) fn top(inner: &[Hash]) -> Option<Hash> {
    let (_, [left, right]) = inner.split_last_chunk::<2>()?;
    Some(node_hash(left, right))
}

/// The place among the inner roots of a tile of `width` hashes of the tree of 2^`height` that begins at `offset`.
pub(super) fn place(width: usize, height: u32, offset: usize) -> Option<usize> {
    if !(LOWEST..=HIGHEST).contains(&height) {
        return None;
    }
    let before: usize = (LOWEST..height).map(|below| width >> below).sum();
    Some(before + (offset >> height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roots_within_a_tile_stand_where_they_are_looked_for() {
        for width in [0, 1, 15, 16, 17, 33, 61, 64, 100, 128, 255, 256_usize] {
            let hashes: Vec<Hash> = (0..width).map(|number| [number as u8; 32]).collect();
            let kept = inner(&hashes);
            let mut found = 0;
            for height in 0..9 {
                let tree = 1 << height;
                for offset in (0..width).step_by(tree).filter(|offset| offset + tree <= width) {
                    let Some(place) = place(width, height, offset) else { continue };
                    assert_eq!(kept[place], root(&hashes[offset..offset + tree]), "{width} {height} {offset}");
                    found += 1;
                }
            }
            assert_eq!(found, kept.len());
        }
        let full: Vec<Hash> = (0..=255).map(|number| [number; 32]).collect();
        assert_eq!((inner(&full).len(), top(&inner(&full))), (30, Some(root(&full))));
    }
}
