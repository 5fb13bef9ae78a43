//! docs/design/0001-formats.md, checked against vectors that another program computed.

use credence_domain::canonical::{hex, to_vec, unhex};
use credence_domain::record::Identity;
use credence_domain::record::content::other_half;
use credence_store::change::commitment;
use serde_json::Value;
use sha2::{Digest, Sha256};

fn vectors() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/design/0001-formats.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn bytes<const N: usize>(value: &Value) -> [u8; N] {
    unhex(value.as_str().unwrap()).unwrap().try_into().unwrap()
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

#[test]
fn the_formats_give_the_vectors_of_the_design_note() {
    let v = vectors();
    let parts = v["identity"]["parts"].as_array().unwrap().iter().map(|part| part.as_str().unwrap());
    assert_eq!(Identity::of("penalty", parts).to_string(), v["identity"]["identity"]);

    let (public, other) = (v["content"]["public"].as_str().unwrap(), v["content"]["other"].as_str().unwrap());
    assert_eq!(other_half(r#"{"BZ":"无"}"#, "", "11379900000000086M", "accepted"), other);
    let parsed: Value = serde_json::from_str(public).unwrap();
    assert_eq!(to_vec(&parsed), public.as_bytes());

    let c = &v["commitment"];
    let sealed = commitment(
        &bytes(&c["salt"]),
        &bytes(&c["salt2"]),
        c["seq"].as_i64().unwrap(),
        &digest(public),
        &digest(other),
    );
    assert_eq!(hex(&sealed), c["commitment"]);
    assert_eq!(hex(&credence_ledger::rest(&bytes(&c["salt2"]), 7, &digest(other))), c["rest"]);

    let root = credence_ledger::act_root(
        &bytes(&v["act"]["salt"]),
        v["act"]["header"].as_str().unwrap().as_bytes(),
        &[sealed],
    );
    assert_eq!(hex(&root), v["act"]["root"]);
    let entry = credence_ledger::entry(&root);
    assert_eq!(String::from_utf8(entry.clone()).unwrap(), v["entry"]["entry"]);
    assert_eq!(hex(&credence_ledger::leaf_hash(&entry)), v["entry"]["leaf"]);

    let mut records: Vec<[u8; 32]> = v["state_digest"]["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|record| digest(record.as_str().unwrap()))
        .collect();
    records.sort_unstable();
    assert_eq!(hex(&credence_ledger::root(&records)), v["state_digest"]["digest"]);
}
