//! What we write, checked by an implementation that shares no code with ours (the crate `tlog_tiles`), and the other way round.

use credence_ledger::tile::{Address, Stored, TileReader};
use credence_ledger::{Checkpoint, Hash, TileTree, append, consistency, leaf_hash, path, root};
use std::collections::BTreeMap;
use std::convert::Infallible;
use tlog_tiles::tile::{Tile, TileHashReader};
use tlog_tiles::tlog;

fn theirs(hash: &Hash) -> tlog::Hash {
    tlog::Hash(*hash)
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

#[test]
fn their_verifier_accepts_our_proofs_and_refuses_others() {
    let all = leaves(300);
    for size in [1_u64, 2, 3, 8, 100, 255, 256, 257, 300] {
        let tree = &all[..usize::try_from(size).unwrap()];
        let whole = theirs(&root(tree));
        for index in [0, size / 3, size - 1] {
            let leaf = theirs(&all[usize::try_from(index).unwrap()]);
            let ours: Vec<tlog::Hash> = path(tree, index).unwrap().iter().map(theirs).collect();
            tlog::check_record(&ours, size, whole, index, leaf).unwrap();
            assert!(tlog::check_record(&ours, size, theirs(&[7; 32]), index, leaf).is_err());
        }
        for old in [1, size / 2, size].into_iter().filter(|old| *old > 0) {
            let begun = theirs(&root(&all[..usize::try_from(old).unwrap()]));
            let ours: Vec<tlog::Hash> = consistency(tree, old).unwrap().iter().map(theirs).collect();
            tlog::check_tree(&ours, size, whole, old, begun).unwrap();
            assert!(tlog::check_tree(&ours, size, whole, old, theirs(&[7; 32])).is_err());
        }
    }
}

/// Tiles under the paths at which they are served.
#[derive(Default)]
struct Served(BTreeMap<String, Vec<u8>>);

impl TileReader for Served {
    type Error = Infallible;

    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Stored, Infallible> {
        let bytes = &self.0[&Address::Tile { level, index, width }.to_string()];
        Ok(bytes.as_chunks::<32>().0.to_vec().into())
    }
}

impl tlog_tiles::tile::TileReader for Served {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, tlog::Error> {
        // Their names begin with the height, which C2SP leaves out.
        Ok(tiles.iter().map(|tile| self.0[&tile.path().replacen("tile/8/", "tile/", 1)].clone()).collect())
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

#[test]
fn their_client_reads_our_tiles_and_proves_from_them_what_we_prove() {
    let size = 70_000;
    let all = leaves(size);
    let mut served = Served::default();
    for tile in append(&served, 0, &all).unwrap() {
        let width = u16::try_from(tile.hashes.len()).unwrap();
        let address = Address::Tile { level: tile.level, index: tile.index, width };
        served.0.insert(address.to_string(), tile.hashes.concat());
    }
    // The example of C2SP tlog-tiles.
    for there in ["tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"] {
        assert!(served.0.contains_key(there), "{there}");
    }
    let whole = TileTree::new(&served, size).root().unwrap();
    let reader = TileHashReader::new(size, theirs(&whole), &served);
    for index in [0, 4_711, 69_999] {
        let proof = tlog::prove_record(size, index, &reader).unwrap();
        let ours: Vec<tlog::Hash> = TileTree::new(&served, size).inclusion(index).unwrap().iter().map(theirs).collect();
        assert_eq!(proof, ours);
    }
    let proof = tlog::prove_tree(size, 60_001, &reader).unwrap();
    let ours: Vec<tlog::Hash> = TileTree::new(&served, size).consistency(60_001).unwrap().iter().map(theirs).collect();
    assert_eq!(proof, ours);
}

#[test]
fn their_reader_takes_our_checkpoint_and_ours_theirs() {
    let told = Checkpoint { origin: "log.example/a".to_owned(), size: 70_000, root: [5; 32] };
    let read = tlog_tiles::checkpoint::Checkpoint::from_bytes(told.to_string().as_bytes()).unwrap();
    assert_eq!((read.origin(), read.size(), read.hash().0), ("log.example/a", 70_000, [5; 32]));
    let written = tlog_tiles::checkpoint::Checkpoint::new("log.example/b", 7, theirs(&[6; 32]), "").unwrap();
    let read = Checkpoint::parse(&String::from_utf8(written.to_bytes()).unwrap()).unwrap();
    assert_eq!((read.origin.as_str(), read.size, read.root), ("log.example/b", 7, [6; 32]));
}
