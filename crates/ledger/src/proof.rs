//! Proofs of inclusion and of consistency (RFC 6962, section 2.1.1 and 2.1.2), made and checked.
//!
//! A proof is a list of subtree hashes. Which subtrees they are depends on sizes alone, so it is computed once as
//! ranges of leaves ([`path_ranges`], [`consistency_ranges`]) and the hashes are taken from wherever the leaves are:
//! from a slice here, from tiles in [`crate::tile`]. Checking follows RFC 9162, sections 2.1.3.2 and 2.1.4.2.

use crate::{Hash, node_hash, root};
use std::ops::Range;

/// The largest power of two below `n`, where a tree of `n` leaves splits (`n` ≥ 2).
fn split(n: u64) -> u64 {
    1 << (63 - n.saturating_sub(1).max(1).leading_zeros())
}

/// The leaves under each hash of the inclusion proof for leaf `index` in a tree of `size` leaves, from the leaf up.
/// `None` when the tree has no such leaf.
#[must_use]
pub fn path_ranges(index: u64, size: u64) -> Option<Vec<Range<u64>>> {
    if index >= size {
        return None;
    }
    let (mut start, mut end, mut ranges) = (0, size, Vec::new());
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
        }
    }
    ranges.reverse();
    Some(ranges)
}

/// The leaves under each hash of the proof that a tree of `new` leaves begins with the tree of its first `old`.
/// Nothing has to be shown for an empty old tree or for equal sizes; `None` when `old` is the larger.
#[must_use]
pub fn consistency_ranges(old: u64, new: u64) -> Option<Vec<Range<u64>>> {
    if old > new {
        return None;
    }
    if old == 0 || old == new {
        return Some(Vec::new());
    }
    let (mut start, mut end, mut ranges) = (0, new, Vec::new());
    while old < end {
        let middle = start + split(end - start);
        if old <= middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
        }
    }
    // The verifier holds the old root: it need not be told when the old tree is itself a subtree of the new one.
    if start > 0 {
        ranges.push(start..end);
    }
    ranges.reverse();
    Some(ranges)
}

fn hashes(leaf_hashes: &[Hash], ranges: &[Range<u64>]) -> Option<Vec<Hash>> {
    ranges
        .iter()
        .map(|range| {
            let (start, end) = (usize::try_from(range.start).ok()?, usize::try_from(range.end).ok()?);
            leaf_hashes.get(start..end).map(root)
        })
        .collect()
}

/// The inclusion proof for leaf `index`, from the leaf up; `None` when there is no such leaf.
#[must_use]
pub fn path(leaf_hashes: &[Hash], index: u64) -> Option<Vec<Hash>> {
    hashes(leaf_hashes, &path_ranges(index, u64::try_from(leaf_hashes.len()).ok()?)?)
}

/// The proof that the tree over `leaf_hashes` begins with the tree of its first `old` leaves;
/// `None` when it has fewer.
#[must_use]
pub fn consistency(leaf_hashes: &[Hash], old: u64) -> Option<Vec<Hash>> {
    hashes(leaf_hashes, &consistency_ranges(old, u64::try_from(leaf_hashes.len()).ok()?)?)
}

/// Whether `path` shows that `leaf_hash` is leaf `index` of the tree of `size` leaves with this root.
#[must_use]
pub fn verify_inclusion(leaf_hash: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf_hash);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            // A last node without a right sibling stands higher up: climb to where it is a right child.
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether `proof` shows that the tree of `new` leaves begins with the tree of `old` leaves.
///
/// Every tree begins with the empty one; equal sizes have equal roots; both need no hashes.
#[must_use]
pub fn verify_consistency(old: u64, new: u64, proof: &[Hash], old_root: &Hash, new_root: &Hash) -> bool {
    if old > new {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    if old == 0 {
        return proof.is_empty() && *old_root == root(&[]);
    }
    // A perfect old tree is a subtree of the new one, and its root is the first hash.
    let (first, rest) = if old.is_power_of_two() {
        (old_root, proof)
    } else {
        match proof.split_first() {
            Some(parts) => parts,
            None => return false,
        }
    };
    if rest.is_empty() {
        return false;
    }
    let perfect = (old - 1).trailing_ones();
    let (mut node, mut last) = (old.wrapping_sub(1) >> perfect, (new - 1) >> perfect);
    let (mut left_root, mut whole_root) = (*first, *first);
    for hash in rest {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            left_root = node_hash(hash, &left_root);
            whole_root = node_hash(hash, &whole_root);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            whole_root = node_hash(&whole_root, hash);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && left_root == *old_root && whole_root == *new_root
}
