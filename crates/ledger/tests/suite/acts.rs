//! Commitments, acts and the log's entries: the vectors were computed by another program.

use crate::definition::hash;
use credence_ledger::act::{Salt, header_leaf};
use credence_ledger::{
    BLOCK_LEAVES, Hash, act_path, act_path_in_block, act_root, block_roots, commitment, entry, leaf_hash, rest, root,
    verify_inclusion,
};

const HEADER: &[u8] = br#"{"kind":"import","v":1}"#;
/// SHA-256 of `{"name":"x"}`.
const PUBLIC: &str = "0229d37e33daae149bf40543a5ce1db4459d10f830d5139279aa2bfd5f6485a1";
/// SHA-256 of `{"officer":"y"}`.
const OTHER: &str = "143476f5dacf9782cf5ee3f53396d0557a82c9d2dbb9c461d13b40817e904494";

fn salts() -> (Salt, Salt) {
    (std::array::from_fn(|i| i as u8), std::array::from_fn(|i| 16 + i as u8))
}

fn commitments() -> Vec<Hash> {
    let (salt, salt2) = salts();
    vec![
        commitment(&salt, &hash(PUBLIC), &rest(&salt2, 7, &hash(OTHER))),
        hash("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
        hash("3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"),
    ]
}

#[test]
fn a_commitment_binds_salt_public_bytes_number_and_other_bytes() {
    let (_, salt2) = salts();
    let hidden = rest(&salt2, 7, &hash(OTHER));
    assert_eq!(hidden, hash("6cb1c095c32576d4b6e6468b983099d4b501999837512f0a5e1093b0f13b81c6"));
    assert_eq!(commitments()[0], hash("6b60bb1e6868116178f993be448a27037bb9d3f6b779b3a6aff0b0f0fa5fc665"));
    assert_ne!(rest(&salt2, 8, &hash(OTHER)), hidden);
}

#[test]
fn an_act_is_the_tree_of_its_salted_header_and_its_commitments() {
    let (salt, _) = salts();
    let expected = hash("bc2d507f241d36adf08e4ea4194bad79434f96314977b96385464f54d327b819");
    assert_eq!(act_root(&salt, HEADER, &commitments()), expected);
    let by_hand: Vec<Hash> = std::iter::once(leaf_hash(&[salt.as_slice(), HEADER].concat()))
        .chain(commitments().iter().map(|commitment| leaf_hash(commitment)))
        .collect();
    assert_eq!(root(&by_hand), expected);
}

#[test]
fn an_act_without_records_is_its_header_alone() {
    let (salt, _) = salts();
    assert_eq!(act_root(&salt, HEADER, &[]), header_leaf(&salt, HEADER));
    assert_eq!(act_path(&salt, HEADER, &[], 0), Some(Vec::new()));
}

#[test]
fn every_leaf_of_an_act_has_a_path_and_no_other_leaf_fits_it() {
    let (salt, _) = salts();
    let commitments = commitments();
    let root = act_root(&salt, HEADER, &commitments);
    assert_eq!(
        act_path(&salt, HEADER, &commitments, 2).unwrap(),
        [
            "a0d9f0a50b35b9f7d7edc57fb64f4771ddef0fefeaca4e6f949a1514db5b136d",
            "8282a2c4726a30995b751f35da6de1f242891d7c4c8213232013c53a084aebab"
        ]
        .map(hash)
    );
    for index in 0..4_u64 {
        let path = act_path(&salt, HEADER, &commitments, index).unwrap();
        for (place, commitment) in (1..).zip(&commitments) {
            assert_eq!(verify_inclusion(&leaf_hash(commitment), index, 4, &path, &root), place == index);
        }
        assert_eq!(verify_inclusion(&header_leaf(&salt, HEADER), index, 4, &path, &root), index == 0);
    }
    assert_eq!(act_path(&salt, HEADER, &commitments, 4), None);
}

#[test]
fn a_path_from_one_block_and_the_roots_of_all_is_the_path_of_the_whole_tree() {
    let (salt, _) = salts();
    for changes in [0, 1, 62, 63, 64, 127, 128, 191, 300] {
        let commitments: Vec<Hash> = (0..changes).map(|n: u32| leaf_hash(&n.to_be_bytes())).collect();
        let roots = block_roots(&salt, HEADER, &commitments);
        let mut leaves = vec![header_leaf(&salt, HEADER)];
        leaves.extend(commitments.iter().map(|commitment| leaf_hash(commitment)));
        for (block, leaves) in leaves.chunks(BLOCK_LEAVES).enumerate() {
            for place in 0..leaves.len() {
                let index = (block * BLOCK_LEAVES + place) as u64;
                let whole = act_path(&salt, HEADER, &commitments, index);
                assert!(whole.is_some());
                assert_eq!(act_path_in_block(leaves, place, &roots, block), whole, "leaf {index} of {changes} + 1");
            }
            assert_eq!(act_path_in_block(leaves, leaves.len(), &roots, block), None);
        }
    }
}

#[test]
fn a_log_entry_is_the_root_and_nothing_else() {
    let (salt, _) = salts();
    let entry = entry(&act_root(&salt, HEADER, &commitments()));
    assert_eq!(
        String::from_utf8(entry.clone()).unwrap(),
        r#"{"root":"bc2d507f241d36adf08e4ea4194bad79434f96314977b96385464f54d327b819","v":1}"#
    );
    assert_eq!(leaf_hash(&entry), hash("0cccb2d3e9ad54693c648135618c9967ac30aa31d41829825fd1d57e15cfa616"));
}
