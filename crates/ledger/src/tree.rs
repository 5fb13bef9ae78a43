//! The hash tree of RFC 6962, section 2.1: leaves, nodes and roots.
//!
//! A leaf is hashed as `SHA-256(0x00 ‖ leaf)` and a node as `SHA-256(0x01 ‖ left ‖ right)`; a tree of n leaves splits
//! at the largest power of two below n. Proofs are made in [`crate::proof`].

use crate::Hash;
use sha2::{Digest as _, Sha256};

/// The hash of a leaf: `SHA-256(0x00 ‖ leaf)`.
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    leaf_hash_of(&[leaf])
}

/// The hash of a leaf that is given in parts, as if they stood in one piece.
#[must_use]
pub(crate) fn leaf_hash_of(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new_with_prefix([0x00]);
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// The hash of an inner node: `SHA-256(0x01 ‖ left ‖ right)`.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [0x01; 65];
    let (head, tail) = bytes.split_at_mut(33);
    for (to, from) in head.iter_mut().skip(1).zip(left) {
        *to = *from;
    }
    tail.copy_from_slice(right);
    Sha256::digest(bytes).into()
}

/// The root over leaf hashes; over none it is the hash of the empty string, as RFC 6962 says.
#[must_use]
pub fn root(leaf_hashes: &[Hash]) -> Hash {
    let mut builder = RootBuilder::new();
    for hash in leaf_hashes {
        builder.push(*hash);
    }
    builder.root()
}

/// Joins the roots of neighbouring trees, each at least as large as all that follow it, from the right.
/// `None` when there is nothing to join.
pub(crate) fn fold(roots: &[Hash]) -> Option<Hash> {
    let (last, before) = roots.split_last()?;
    Some(before.iter().rev().fold(*last, |right, left| node_hash(left, &right)))
}

/// A root that grows leaf by leaf and keeps only the roots of the perfect trees so far: at most one a bit of the size.
#[derive(Debug, Clone)]
pub struct RootBuilder {
    /// Roots of perfect trees, the largest first; their sizes are the set bits of `size`.
    perfect: Vec<Hash>,
    size: u64,
}

impl RootBuilder {
    /// An empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self { perfect: Vec::with_capacity(32), size: 0 }
    }

    /// Appends one leaf by its hash.
    pub fn push(&mut self, leaf_hash: Hash) {
        let mut hash = leaf_hash;
        // INVARIANT: each trailing one bit of the old size is a perfect tree that the new one completes.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.perfect.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.perfect.push(hash);
        self.size += 1;
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the leaves pushed so far; more may follow.
    #[must_use]
    pub fn root(&self) -> Hash {
        fold(&self.perfect).unwrap_or_else(|| Sha256::digest([]).into())
    }
}

impl Default for RootBuilder {
    fn default() -> Self {
        Self::new()
    }
}
