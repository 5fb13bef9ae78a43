//! An act's tree: the header of a change and a commitment for every record version that it made.
//!
//! A commitment hides what it binds until its salts are opened. Its public half (`salt`, the public bytes) is shown
//! with the record; its other half (`salt2`, the number `seq`, the other bytes) only to the organisation and to
//! auditors, so that numbers betray no gap in public. The log's entry carries the act's root and nothing else:
//! what has ended leaves no trace in it.

use crate::{Hash, RootBuilder, leaf_hash, proof, tree::leaf_hash_of};
use sha2::{Digest as _, Sha256};

/// Random bytes that keep a hash from being guessed; erased together with the content.
pub type Salt = [u8; 16];

/// The commitment to one record version: `SHA-256(0x01 ‖ salt ‖ public_digest ‖ rest)`,
/// where `public_digest` is the SHA-256 of the canonical bytes that the item publishes and `rest` comes from [`rest`].
#[must_use]
pub fn commitment(salt: &Salt, public_digest: &Hash, rest: &Hash) -> Hash {
    Sha256::new_with_prefix([0x01]).chain_update(salt).chain_update(public_digest).chain_update(rest).finalize().into()
}

/// The hidden half of a commitment: `SHA-256(salt2 ‖ seq ‖ other_digest)`, where `seq` is the organisation's number of
/// this change (8 bytes, big endian) and `other_digest` the SHA-256 of the canonical bytes that are not published.
#[must_use]
pub fn rest(salt2: &Salt, seq: u64, other_digest: &Hash) -> Hash {
    Sha256::new_with_prefix(salt2).chain_update(seq.to_be_bytes()).chain_update(other_digest).finalize().into()
}

/// The root of an act: leaf 0 is `salt ‖ header` (the header's canonical bytes), leaf i the commitment at place i − 1.
#[must_use]
pub fn act_root(salt: &Salt, header: &[u8], commitments: &[Hash]) -> Hash {
    act_root_from(header_leaf(salt, header), commitments)
}

/// The same from the hash of the header: all that is kept of one out of which an erasure took what it quoted.
#[must_use]
pub fn act_root_from(header_leaf: Hash, commitments: &[Hash]) -> Hash {
    let mut builder = RootBuilder::new();
    builder.push(header_leaf);
    for commitment in commitments {
        builder.push(leaf_hash(commitment));
    }
    builder.root()
}

/// The inclusion proof of leaf `index` in an act's tree of `commitments.len() + 1` leaves (0 is the header);
/// `None` when there is no such leaf. Check it with [`crate::verify_inclusion`].
#[must_use]
pub fn act_path(salt: &Salt, header: &[u8], commitments: &[Hash], index: u64) -> Option<Vec<Hash>> {
    let mut leaves = Vec::with_capacity(commitments.len() + 1);
    leaves.push(header_leaf(salt, header));
    leaves.extend(commitments.iter().map(|commitment| leaf_hash(commitment)));
    proof::path(&leaves, index)
}

/// Leaves of one block of an act's tree. A power of two, so that every block but the last is a whole subtree.
pub const BLOCK_LEAVES: usize = 64;

/// The roots of an act's blocks of [`BLOCK_LEAVES`] leaves: kept, they make a proof out of one block's leaves.
#[must_use]
pub fn block_roots(salt: &Salt, header: &[u8], commitments: &[Hash]) -> Vec<Hash> {
    block_roots_from(header_leaf(salt, header), commitments)
}

/// The same from the hash of the header.
#[must_use]
pub fn block_roots_from(header_leaf: Hash, commitments: &[Hash]) -> Vec<Hash> {
    let mut leaves = Vec::with_capacity(commitments.len() + 1);
    leaves.push(header_leaf);
    leaves.extend(commitments.iter().map(|commitment| leaf_hash(commitment)));
    leaves.chunks(BLOCK_LEAVES).map(crate::root).collect()
}

/// The inclusion proof of the leaf at `place` of block number `block`, from the leaf hashes of that block alone and the
/// roots of all blocks; equal to [`act_path`]. `None` when there is no such leaf.
#[must_use]
pub fn act_path_in_block(leaf_hashes: &[Hash], place: usize, roots: &[Hash], block: usize) -> Option<Vec<Hash>> {
    let mut path = proof::path(leaf_hashes, u64::try_from(place).ok()?)?;
    path.extend(proof::path(roots, u64::try_from(block).ok()?)?);
    Some(path)
}

/// The leaf hash of an act's header: `SHA-256(0x00 ‖ salt ‖ header)`.
#[must_use]
pub fn header_leaf(salt: &Salt, header: &[u8]) -> Hash {
    leaf_hash_of(&[salt, header])
}

/// The log's entry for an act with this root: the bytes `{"root":"<hex>","v":1}`. Its leaf hash is the log's leaf.
#[must_use]
pub fn entry(root: &Hash) -> Vec<u8> {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let mut bytes = Vec::with_capacity(82);
    bytes.extend_from_slice(br#"{"root":""#);
    for byte in root {
        for nibble in [byte >> 4, byte & 15] {
            bytes.extend(DIGITS.get(usize::from(nibble)));
        }
    }
    bytes.extend_from_slice(br#"","v":1}"#);
    bytes
}
