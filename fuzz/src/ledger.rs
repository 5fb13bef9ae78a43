//! What comes from other logs, witnesses and senders: notes, checkpoints, proofs, tiles, keys, promises, requests.

use credence_ledger::tile::{address::Address, bundle};
use credence_ledger::witness::Request;
use credence_ledger::{Checkpoint, MessageKey, Note, Promise, ProofFile, SigningKey, VerifierKey, leaf_hash};

fn text(data: &[u8]) -> &str {
    std::str::from_utf8(data).unwrap_or_default()
}

/// The key that the seeds are signed with.
pub fn key() -> SigningKey {
    SigningKey::from_seed("log.example", &[7; 32]).expect("a key")
}

/// A signed checkpoint of `size` leaves.
pub fn checkpoint(size: u64, root: [u8; 32]) -> Note {
    let checkpoint = Checkpoint { origin: "log.example".to_owned(), size, root };
    Note::signed(&checkpoint.to_string(), &key())
}

/// A note that is read is written the same; one that verifies says what was signed: nothing but the seeds was.
pub fn note(data: &[u8]) {
    let text = text(data);
    let keys = [key().verifier()];
    let Ok(note) = Note::parse(text) else { return };
    let again = Note::parse(&note.to_string()).expect("what was written is read");
    assert_eq!(again.text, note.text);
    if let Ok((checkpoint, signers)) = Checkpoint::of(&note, &keys) {
        assert!(!signers.is_empty());
        assert_eq!(note.text, self::checkpoint(5, [9; 32]).text, "a forged checkpoint of {} leaves", checkpoint.size);
    }
    if let Ok(promise) = Promise::of(&note, &keys) {
        panic!("a forged promise of {}", promise.act);
    }
}

/// Keys are read or refused, and written the same.
pub fn keys(data: &[u8]) {
    let text = text(data);
    if let Ok(key) = VerifierKey::parse(text) {
        let again = VerifierKey::parse(&key.to_string()).expect("what was written is read");
        assert_eq!((again.name(), again.id()), (key.name(), key.id()));
    }
    if let Ok(key) = MessageKey::parse(text) {
        assert!(!key.fits(text, "id", 1, data));
    }
    drop(SigningKey::parse(text));
}

/// A proof file that verifies proves the one leaf that is in the log.
pub fn proof_file(data: &[u8]) {
    let Ok(proof) = ProofFile::parse(text(data)) else { return };
    let again = ProofFile::parse(&proof.to_string()).expect("what was written is read");
    assert_eq!((again.index, &again.path), (proof.index, &proof.path));
    let keys = [key().verifier()];
    assert!(proof.verified(&leaf_hash(b"another leaf"), &keys).is_err(), "a leaf that is not there");
}

/// Names of tiles, and what a tile of entries holds.
pub fn tile(data: &[u8]) {
    if let Some(address) = Address::parse(text(data)) {
        assert_eq!(address.to_string(), text(data));
    }
    if let Some(entries) = bundle::entries(data) {
        let mut written = Vec::new();
        entries.iter().for_each(|entry| bundle::push_entry(&mut written, entry).expect("a short entry"));
        assert_eq!(written, data);
    }
}

/// What a log asks a witness.
pub fn witness(data: &[u8]) {
    if let Ok(request) = Request::parse(text(data)) {
        let again = Request::parse(&request.to_string()).expect("what was written is read");
        assert_eq!((again.old, &again.proof, &again.checkpoint), (request.old, &request.proof, &request.checkpoint));
    }
}
