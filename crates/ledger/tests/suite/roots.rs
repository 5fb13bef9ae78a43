//! Roots.

use crate::definition::{hash, known_leaves, leaves, tree_hash};
use credence_ledger::{RootBuilder, root};
use proptest::prelude::*;

#[test]
fn the_known_vectors_of_certificate_transparency_hold() {
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let leaves = known_leaves();
    for (size, expected) in roots.into_iter().enumerate() {
        assert_eq!(root(&leaves[..size]), hash(expected), "{size} leaves");
    }
}

#[test]
fn larger_roots_equal_those_of_another_program() {
    assert_eq!(root(&leaves(1000)), hash("c89faf3395d034a77c12c76d636db96358d6d2839c3c68f6329a07231e82fce2"));
    assert_eq!(root(&leaves(70_000)), hash("0759167a0f98e35e802d46ff7c7d29d2c3f03a63a256deb6abbff357a91b63b1"));
}

proptest! {
    #[test]
    fn a_root_is_what_the_definition_says(size in 0_usize..400) {
        let leaves = leaves(size);
        prop_assert_eq!(root(&leaves), tree_hash(&leaves));
    }

    #[test]
    fn a_growing_tree_has_the_root_of_each_of_its_sizes(size in 1_usize..200) {
        let leaves = leaves(size);
        let mut builder = RootBuilder::default();
        for (before, leaf) in leaves.iter().enumerate() {
            prop_assert_eq!(builder.root(), root(&leaves[..before]));
            builder.push(*leaf);
        }
        prop_assert_eq!(builder.size(), size as u64);
        prop_assert_eq!(builder.root(), root(&leaves));
    }
}
