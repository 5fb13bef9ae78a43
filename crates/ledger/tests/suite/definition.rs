//! RFC 6962, section 2.1, as written: recursive and slow. What the tests compare with.

use credence_ledger::{Hash, leaf_hash, node_hash, root};

/// Distinct leaves.
pub fn leaves(count: usize) -> Vec<Hash> {
    (0..count as u64).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

/// Bytes from hexadecimal digits.
pub fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// A hash from hexadecimal digits.
pub fn hash(text: &str) -> Hash {
    unhex(text).try_into().unwrap()
}

/// The inputs that implementations of certificate transparency share as test vectors.
pub fn known_leaves() -> Vec<Hash> {
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
        .map(|leaf| leaf_hash(&unhex(leaf)))
        .to_vec()
}

fn split(n: usize) -> usize {
    (0..).map(|bit| 1 << bit).take_while(|k| *k < n).last().unwrap()
}

pub fn tree_hash(d: &[Hash]) -> Hash {
    match d {
        [] => root(&[]),
        [leaf] => *leaf,
        _ => {
            let (left, right) = d.split_at(split(d.len()));
            node_hash(&tree_hash(left), &tree_hash(right))
        }
    }
}

pub fn path(m: usize, d: &[Hash]) -> Vec<Hash> {
    if d.len() == 1 {
        return Vec::new();
    }
    let k = split(d.len());
    let (left, right) = d.split_at(k);
    let (mut inner, sibling) = if m < k { (path(m, left), right) } else { (path(m - k, right), left) };
    inner.push(tree_hash(sibling));
    inner
}

pub fn subproof(m: usize, d: &[Hash], whole: bool) -> Vec<Hash> {
    if m == d.len() {
        return if whole { Vec::new() } else { vec![tree_hash(d)] };
    }
    let k = split(d.len());
    let (left, right) = d.split_at(k);
    let (mut inner, sibling) =
        if m <= k { (subproof(m, left, whole), right) } else { (subproof(m - k, right, false), left) };
    inner.push(tree_hash(sibling));
    inner
}
