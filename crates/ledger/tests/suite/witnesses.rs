//! A witness signs what continues what it has seen, and nothing else.

use crate::notes::key;
use credence_ledger::witness::{Refusal, Request, Seen};
use credence_ledger::{Checkpoint, Hash, Note, SigningKey, VerifierKey, consistency, leaf_hash, root};
use proptest::prelude::*;

const LOG: &str = "log.example/a";

fn tree(leaves: &[Hash], size: usize) -> String {
    Checkpoint { origin: LOG.to_owned(), size: size as u64, root: root(&leaves[..size]) }.to_string()
}

fn leaves(count: usize, salt: u8) -> Vec<Hash> {
    (0..count).map(|n| leaf_hash(&[salt, u8::try_from(n).unwrap()])).collect()
}

fn request(all: &[Hash], old: usize, new: usize, signer: &SigningKey) -> Request {
    let proof = if old <= new { consistency(&all[..new], old as u64).unwrap() } else { Vec::new() };
    Request { old: old as u64, proof, checkpoint: Note::signed(&tree(all, new), signer).to_string() }
}

fn judge(request: &Request, keys: &[VerifierKey], seen: Seen) -> Result<u64, Refusal> {
    // It is judged as it arrives.
    let request = Request::parse(&request.to_string()).unwrap();
    request.judge(keys, |origin| (origin == LOG).then_some(seen)).map(|(_, told)| told.size)
}

#[test]
fn every_refusal_has_its_status() {
    let (own, all) = (key(LOG, 1), leaves(20, 0));
    let keys = [own.verifier()];
    let seen = (7, root(&all[..7]));
    let status = |asked: Request, seen| judge(&asked, &keys, seen).map_err(|refusal| refusal.status());
    assert_eq!(status(request(&all, 7, 20, &own), seen), Ok(20));
    assert_eq!(status(request(&all, 7, 7, &own), seen), Ok(7), "the same again");
    assert_eq!(status(request(&all, 0, 20, &own), (0, [0; 32])), Ok(20), "the first one");
    assert_eq!(status(request(&all, 9, 20, &own), seen), Err(409));
    assert_eq!(status(request(&all, 9, 8, &own), seen), Err(400));
    assert_eq!(status(request(&all, 7, 20, &key(LOG, 2)), seen), Err(403));
    assert_eq!(status(request(&all, 7, 20, &key("log.example/b", 1)), seen), Err(403));
    let mut unknown = request(&all, 7, 20, &own);
    unknown.checkpoint = unknown.checkpoint.replace(LOG, "log.example/c");
    assert_eq!(status(unknown, seen), Err(404));
    let mut cut = request(&all, 7, 20, &own);
    cut.proof.pop();
    assert_eq!(status(cut, seen), Err(422));
    let mut more = request(&all, 0, 20, &own);
    more.proof.push([0; 32]);
    assert_eq!(status(more, (0, [0; 32])), Err(422));
    let empty = Checkpoint { origin: LOG.to_owned(), size: 0, root: [1; 32] };
    let empty = Request { old: 0, proof: Vec::new(), checkpoint: Note::signed(&empty.to_string(), &own).to_string() };
    assert_eq!(status(empty, (0, [0; 32])), Err(422));
    // The same size with another root is a second history.
    assert_eq!(status(request(&leaves(20, 1), 7, 7, &own), seen), Err(422));
    for wrong in ["", "old 07\n\nx", "old -1\n\nx", "new 1\n\nx", "old 1\nAAAA\n\nx"] {
        assert_eq!(Request::parse(wrong).unwrap_err().status(), 400, "{wrong}");
    }
    let long = format!("old 1\n{}\nx", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n".repeat(64));
    assert_eq!(Request::parse(&long).unwrap_err().status(), 400);
}

proptest! {
    /// Whatever is asked in whatever order, what a witness has signed is a chain of prefixes of one tree.
    #[test]
    fn a_witness_never_signs_two_histories(asked in prop::collection::vec((0_usize..40, 0_usize..40, any::<bool>()), 1..40)) {
        let own = key(LOG, 1);
        let keys = [own.verifier()];
        let (one, other) = (leaves(40, 0), leaves(40, 1));
        let mut seen: Seen = (0, [0; 32]);
        let mut signed: Vec<Checkpoint> = Vec::new();
        for (old, new, fork) in asked {
            let request = request(if fork { &other } else { &one }, old, new, &own);
            if let Ok((_, told)) = request.judge(&keys, |_| Some(seen)) {
                seen = (told.size, told.root);
                signed.push(told);
            }
        }
        let of = |all: &[Hash]| signed.iter().all(|told| told.root == root(&all[..told.size as usize]));
        prop_assert!(of(&one) || of(&other));
        prop_assert!(signed.is_sorted_by_key(|told| told.size));
    }
}
