//! The parsers of this crate given rubbish and mutations of what they expect: the properties are those of `fuzz/`.

use credence_ledger::{MessageSigner, Note, ProofFile, SigningKey, leaf_hash};

#[path = "../../../../fuzz/src/mutate.rs"]
mod mutate;
#[path = "../../../../fuzz/src/ledger.rs"]
mod targets;

use mutate::feed;

fn seeds(texts: &[String]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

#[test]
fn notes() {
    let foreign = SigningKey::from_seed("witness.example", &[8; 32]).unwrap();
    let mut witnessed = targets::checkpoint(5, [9; 32]);
    witnessed.signatures.push(foreign.cosign(&witnessed.text, 1_700_000_000));
    let promise = format!("credence promise\nlog.example\nact 00\nleaf {}\nby 2026-05-13T00:00:05Z\n", "A".repeat(44));
    let texts = [
        targets::checkpoint(5, [9; 32]).to_string(),
        witnessed.to_string(),
        Note::signed(&promise, &foreign).to_string(),
    ];
    feed(targets::note, &seeds(&texts), 4_000);
}

#[test]
fn keys() {
    let key = targets::key();
    let message = MessageSigner::from_seed(&[3; 32]);
    let texts = [key.verifier().to_string(), key.cosigner().to_string(), key.secret(), message.verifier().to_string()];
    feed(targets::keys, &seeds(&texts), 4_000);
}

#[test]
fn proof_files() {
    let leaf = leaf_hash(b"the leaf");
    let alone =
        ProofFile { extra: Some(b"x".to_vec()), index: 0, path: vec![], checkpoint: targets::checkpoint(1, leaf) };
    let longer =
        ProofFile { extra: None, index: 3, path: vec![[1; 32]; 3], checkpoint: targets::checkpoint(5, [9; 32]) };
    feed(targets::proof_file, &seeds(&[alone.to_string(), longer.to_string()]), 4_000);
}

#[test]
fn tiles() {
    let names = ["tile/0/000", "tile/0/x001/x234/067.p/255", "tile/entries/000.p/1"].map(str::to_owned);
    let mut all = seeds(&names);
    all.push(b"\0\x03abc\0\0\0\x01z".to_vec());
    feed(targets::tile, &all, 4_000);
}

#[test]
fn requests_to_a_witness() {
    let asked = format!("old 4\n{}=\n\n{}", "A".repeat(43), targets::checkpoint(5, [9; 32]));
    feed(targets::witness, &seeds(&[asked]), 4_000);
}
