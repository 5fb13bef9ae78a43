//! Proofs of inclusion and of consistency.

use crate::definition::{self, hash, known_leaves, leaves};
use credence_ledger::{Hash, consistency, path, root, verify_consistency, verify_inclusion};
use proptest::prelude::*;

fn hashes(texts: &[&str]) -> Vec<Hash> {
    texts.iter().map(|text| hash(text)).collect()
}

#[test]
fn the_known_inclusion_proofs_hold() {
    let leaves = known_leaves();
    let known: [(u64, usize, &[&str]); 5] = [
        (0, 1, &[]),
        (
            0,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            &[
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
        (
            1,
            5,
            &[
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (index, size, expected) in known {
        assert_eq!(path(&leaves[..size], index).unwrap(), hashes(expected), "leaf {index} of {size}");
    }
}

#[test]
fn the_known_consistency_proofs_hold() {
    let leaves = known_leaves();
    let known: [(u64, usize, &[&str]); 4] = [
        (
            1,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            &[
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            &[
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
        (8, 8, &[]),
    ];
    for (old, new, expected) in known {
        assert_eq!(consistency(&leaves[..new], old).unwrap(), hashes(expected), "{old} to {new}");
    }
}

#[test]
fn every_proof_of_every_small_tree_is_as_defined_and_verifies() {
    let all = leaves(40);
    for new in 1..=all.len() {
        let tree = &all[..new];
        let new_root = root(tree);
        for old in 0..=new {
            let proof = consistency(tree, old as u64).unwrap();
            let expected = if old == 0 { Vec::new() } else { definition::subproof(old, tree, true) };
            assert_eq!(proof, expected, "{old} to {new}");
            assert!(verify_consistency(old as u64, new as u64, &proof, &root(&tree[..old]), &new_root));
        }
        for index in 0..new {
            let proof = path(tree, index as u64).unwrap();
            assert_eq!(proof, definition::path(index, tree), "leaf {index} of {new}");
            assert!(verify_inclusion(&tree[index], index as u64, new as u64, &proof, &new_root));
        }
    }
}

#[test]
fn what_a_tree_does_not_have_is_not_proved() {
    let leaves = leaves(5);
    assert_eq!(path(&leaves, 5), None);
    assert_eq!(path(&[], 0), None);
    assert_eq!(consistency(&leaves, 6), None);
    assert!(!verify_inclusion(&leaves[0], 5, 5, &[], &root(&leaves)));
    assert!(!verify_inclusion(&leaves[0], 0, 0, &[], &root(&[])));
    assert!(!verify_consistency(6, 5, &[], &root(&leaves), &root(&leaves)));
    assert!(!verify_consistency(3, 5, &[], &root(&leaves[..3]), &root(&leaves)));
    assert!(!verify_consistency(4, 5, &[], &root(&leaves[..4]), &root(&leaves)));
}

#[test]
fn sizes_near_the_end_of_the_numbers_do_not_overflow() {
    let leaf = leaves(1)[0];
    let long = vec![leaf; 70];
    for size in [u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) + 1] {
        assert!(!verify_inclusion(&leaf, size - 1, size, &long, &leaf));
        assert!(!verify_consistency(size - 1, size, &long, &leaf, &leaf));
        assert!(!verify_consistency(1, size, &long, &leaf, &leaf));
    }
}

proptest! {
    #[test]
    fn an_inclusion_proof_with_anything_changed_fails(size in 1_usize..300, at: prop::sample::Index, byte in 0_usize..32) {
        let leaves = leaves(size);
        let (index, root) = (at.index(size), root(&leaves));
        let proof = path(&leaves, index as u64).unwrap();
        let holds = |index: usize, size: usize, proof: &[Hash]| {
            verify_inclusion(&leaves[at.index(leaves.len())], index as u64, size as u64, proof, &root)
        };
        prop_assert!(holds(index, size, &proof));
        for place in 0..proof.len() {
            let mut wrong = proof.clone();
            wrong[place][byte] ^= 1;
            prop_assert!(!holds(index, size, &wrong));
            wrong.remove(place);
            prop_assert!(!holds(index, size, &wrong));
        }
        let mut longer = proof.clone();
        longer.push(root);
        prop_assert!(!holds(index, size, &longer));
        for other in (0..size).filter(|other| *other != index) {
            prop_assert!(!holds(other, size, &proof));
        }
    }

    #[test]
    fn a_consistency_proof_with_anything_changed_fails(new in 2_usize..300, at: prop::sample::Index, byte in 0_usize..32) {
        let leaves = leaves(new);
        let old = 1 + at.index(new - 1);
        let (old_root, new_root) = (root(&leaves[..old]), root(&leaves));
        let proof = consistency(&leaves, old as u64).unwrap();
        let holds = |proof: &[Hash], a: &Hash, b: &Hash| verify_consistency(old as u64, new as u64, proof, a, b);
        prop_assert!(holds(&proof, &old_root, &new_root));
        prop_assert!(!holds(&proof, &new_root, &new_root));
        prop_assert!(!holds(&proof, &old_root, &old_root));
        for place in 0..proof.len() {
            let mut wrong = proof.clone();
            wrong[place][byte] ^= 1;
            prop_assert!(!holds(&wrong, &old_root, &new_root));
            wrong.remove(place);
            prop_assert!(!holds(&wrong, &old_root, &new_root));
        }
    }
}
