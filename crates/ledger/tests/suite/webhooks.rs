//! Messages signed as the Standard Webhooks specification writes it.

use credence_ledger::{MessageKey, MessageSigner};

/// RFC 8032, test 1: its secret key and the public key that belongs to it.
const SEED: [u8; 32] = [
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5,
    0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];
const PUBLIC: &str = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

#[test]
fn keys_are_written_and_read_as_the_specification_says() {
    let signer = MessageSigner::from_seed(&SEED);
    assert_eq!(signer.verifier().to_string(), PUBLIC);
    assert_eq!(MessageKey::parse(PUBLIC).unwrap(), signer.verifier());
    let secret = signer.secret();
    assert!(secret.starts_with("whsk_") && !format!("{signer:?}").contains(&secret[5..20]));
    assert_eq!(MessageSigner::parse(&secret).unwrap().verifier(), signer.verifier());
    // A private key whose second half is another key's.
    let other = MessageSigner::from_seed(&[7; 32]).secret();
    let mixed = format!("{}{}", &secret[..50], &other[50..]);
    for wrong in [mixed.as_str(), "", "whsk_", PUBLIC, "whsk_AAAA"] {
        assert!(MessageSigner::parse(wrong).is_err(), "{wrong}");
    }
    for wrong in ["", "whpk_", "whpk_AAAA", secret.as_str(), "whpk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="] {
        assert!(MessageKey::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_signature_holds_for_its_id_its_time_and_its_body_alone() {
    let signer = MessageSigner::from_seed(&SEED);
    let key = signer.verifier();
    let signature = signer.sign("msg_1", 1_780_000_000, b"{}");
    assert!(signature.starts_with("v1a,"));
    assert!(key.fits(&signature, "msg_1", 1_780_000_000, b"{}"));
    for (id, seconds, body) in [
        ("msg_2", 1_780_000_000, b"{}".as_slice()),
        ("msg_1", 1_780_000_001, b"{}"),
        ("msg_1", 1_780_000_000, b"{ }"),
        ("msg_1", 1_780_000_000, b""),
    ] {
        assert!(!key.fits(&signature, id, seconds, body), "{id} {seconds}");
    }
    assert!(!MessageSigner::from_seed(&[7; 32]).verifier().fits(&signature, "msg_1", 1_780_000_000, b"{}"));
    // Among others, as while keys change.
    let old = MessageSigner::from_seed(&[7; 32]).sign("msg_1", 1_780_000_000, b"{}");
    assert!(key.fits(&format!("{old} v1,AAAA {signature}"), "msg_1", 1_780_000_000, b"{}"));
    let shifted = format!("v1a,{}", &signature[5..]);
    for none in ["", "v1a,", &signature[4..], &shifted, &old, &format!("v1,{}", &signature[4..])] {
        assert!(!key.fits(none, "msg_1", 1_780_000_000, b"{}"), "{none}");
    }
}
