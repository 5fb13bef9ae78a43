//! The log kept as tiles: whatever was appended in whatever steps, it is the tree of all its leaves.

use crate::definition::leaves;
use credence_ledger::tile::{Address, Stored, changed};
use credence_ledger::{Hash, Tile, TileError, TileReader, TileTree, append, consistency, path, root};
use proptest::prelude::*;
use std::cell::Cell;
use std::collections::BTreeMap;

/// Tiles in memory.
#[derive(Debug, Default)]
struct Shelf {
    tiles: BTreeMap<(u8, u64), Stored>,
    size: u64,
    reads: Cell<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Missing;

impl TileReader for Shelf {
    type Error = Missing;

    fn tile(&self, level: u8, index: u64, _width: u16) -> Result<Stored, Missing> {
        self.reads.set(self.reads.get() + 1);
        self.tiles.get(&(level, index)).cloned().ok_or(Missing)
    }
}

impl Shelf {
    fn grow(&mut self, leaves: &[Hash]) -> Vec<Tile> {
        let tiles = append(self, self.size, leaves).unwrap();
        self.size += leaves.len() as u64;
        for tile in &tiles {
            let stored = Stored { hashes: tile.hashes.clone(), inner: tile.inner.clone() };
            self.tiles.insert((tile.level, tile.index), stored);
        }
        tiles
    }
}

fn addresses(tiles: &[Tile]) -> Vec<Address> {
    tiles
        .iter()
        .map(|tile| Address::Tile { level: tile.level, index: tile.index, width: tile.hashes.len() as u16 })
        .collect()
}

#[test]
fn seventy_thousand_leaves_fill_three_levels() {
    let leaves = leaves(70_000);
    let mut shelf = Shelf::default();
    let tiles = shelf.grow(&leaves);
    assert_eq!(tiles.len(), 274 + 2 + 1);
    assert_eq!(TileTree::new(&shelf, 70_000).root().unwrap(), root(&leaves));
    for (index, size) in
        [(0, 70_000), (65_535, 70_000), (65_536, 70_000), (69_999, 70_000), (65_535, 65_536), (7, 66_000)]
    {
        let proof = TileTree::new(&shelf, size as u64).inclusion(index).unwrap();
        assert_eq!(Some(proof), path(&leaves[..size], index), "leaf {index} of {size}");
    }
    for (old, new) in [(1, 70_000), (65_536, 70_000), (65_537, 70_000), (69_999, 70_000), (256, 65_536), (300, 66_001)]
    {
        let proof = TileTree::new(&shelf, new as u64).consistency(old).unwrap();
        assert_eq!(Some(proof), consistency(&leaves[..new], old), "{old} to {new}");
    }
    assert_eq!(TileTree::new(&shelf, 70_000).leaf(65_600).unwrap(), leaves[65_600]);
}

#[test]
fn appending_reads_one_tile_a_level_at_most() {
    let leaves = leaves(66_000);
    let mut shelf = Shelf::default();
    shelf.grow(&leaves);
    shelf.reads.set(0);
    shelf.grow(&leaves[..1]);
    assert_eq!(shelf.reads.get(), 1, "a leaf that fills no tile touches the lowest level only");
    shelf.reads.set(0);
    shelf.grow(&leaves[..1000]);
    assert_eq!(shelf.reads.get(), 2, "the first tile of level 2 is not touched until one of level 1 is full");
}

#[test]
fn appending_nothing_changes_nothing() {
    let mut shelf = Shelf::default();
    shelf.grow(&leaves(300));
    assert_eq!(shelf.grow(&[]), []);
    assert_eq!(TileTree::new(&Shelf::default(), 0).root().unwrap(), root(&[]));
}

#[test]
fn a_missing_or_cut_tile_is_named() {
    let leaves = leaves(600);
    let mut shelf = Shelf::default();
    shelf.grow(&leaves);
    assert_eq!(TileTree::new(&shelf, 600).inclusion(600), Err(TileError::Beyond { asked: 600, size: 600 }));
    assert_eq!(TileTree::new(&shelf, 600).consistency(601), Err(TileError::Beyond { asked: 601, size: 600 }));
    shelf.tiles.get_mut(&(0, 2)).unwrap().hashes.pop();
    let short = TileError::Short { level: 0, index: 2, wanted: 88, found: 87 };
    assert_eq!(TileTree::new(&shelf, 600).root(), Err(short.clone()));
    assert_eq!(append(&shelf, 600, &leaves), Err(short));
    shelf.tiles.remove(&(0, 2));
    assert_eq!(TileTree::new(&shelf, 600).root(), Err(TileError::Read(Missing)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_root_from_tiles_is_the_root_of_all_leaves(steps in prop::collection::vec(0_usize..900, 1..8)) {
        let leaves = leaves(steps.iter().sum());
        let mut shelf = Shelf::default();
        let mut size = 0;
        for step in steps {
            let tiles = shelf.grow(&leaves[size..size + step]);
            prop_assert_eq!(addresses(&tiles), changed(size as u64, (size + step) as u64).collect::<Vec<_>>());
            size += step;
            prop_assert_eq!(TileTree::new(&shelf, size as u64).root().unwrap(), root(&leaves[..size]));
        }
        let mut whole = Shelf::default();
        whole.grow(&leaves);
        prop_assert_eq!(whole.tiles, shelf.tiles);
    }

    #[test]
    fn proofs_from_tiles_are_the_proofs_from_leaves(size in 1_usize..1500, now: prop::sample::Index, at: prop::sample::Index) {
        let leaves = leaves(size);
        let mut shelf = Shelf::default();
        shelf.grow(&leaves);
        let then = 1 + now.index(size);
        let index = at.index(then) as u64;
        let mut tree = TileTree::new(&shelf, then as u64);
        prop_assert_eq!(tree.root().unwrap(), root(&leaves[..then]));
        prop_assert_eq!(Some(tree.inclusion(index).unwrap()), path(&leaves[..then], index));
        prop_assert_eq!(Some(tree.consistency(index).unwrap()), consistency(&leaves[..then], index));
    }

    #[test]
    fn an_address_is_read_back(level in 0_u8..8, index: u64, width in 1_u16..=256) {
        for address in [Address::Tile { level, index, width }, Address::Entries { index, width }] {
            prop_assert_eq!(Address::parse(&address.to_string()), Some(address));
        }
    }
}
