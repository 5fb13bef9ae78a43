//! Notes, keys, checkpoints, promises and proof files: vectors of others, and what must be refused.

use credence_ledger::note::{Kind, SigningKey, VerifierKey};
use credence_ledger::{Checkpoint, Hash, Note, NoteError, Promise, ProofFile, leaf_hash, path, root};

/// The example of C2SP signed-note.
const EXAMPLE_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const EXAMPLE_NOTE: &str = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
/// The example of the note package of the Go checksum database.
const GO_PRIVATE: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const GO_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

pub fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name, &[seed; 32]).unwrap()
}

fn some_leaves(count: u8) -> Vec<Hash> {
    (0..count).map(|n| leaf_hash(&[n])).collect()
}

#[test]
fn foreign_notes_verify_and_are_written_as_they_were() {
    for (key, text) in [(EXAMPLE_KEY, EXAMPLE_NOTE), (GO_KEY, GO_NOTE)] {
        let keys = [VerifierKey::parse(key).unwrap()];
        assert_eq!(keys[0].to_string(), key);
        let note = Note::parse(text).unwrap();
        assert_eq!(note.to_string(), text);
        assert_eq!(note.verified(&keys).unwrap(), [&keys[0]]);
    }
}

#[test]
fn a_foreign_private_key_signs_as_its_own_tools_do() {
    let key = SigningKey::parse(GO_PRIVATE).unwrap();
    assert_eq!(key.verifier().to_string(), GO_KEY);
    assert_eq!(key.secret(), GO_PRIVATE);
    let text = Note::parse(GO_NOTE).unwrap().text;
    assert_eq!(Note::signed(&text, &key).to_string(), GO_NOTE);
    assert!(!format!("{key:?}").contains("AYEKFALV"), "a key is not printed by accident");
}

#[test]
fn unknown_signatures_are_passed_over_and_wrong_ones_refuse_the_note() {
    let (known, other) = (key("log.example/a", 1), key("log.example/b", 2));
    let mut note = Note::signed("text\n", &other);
    assert_eq!(note.verified(&[known.verifier()]), Err(NoteError::Unsigned));
    note.signatures.push(known.sign("text\n"));
    assert_eq!(note.verified(&[known.verifier()]).unwrap().len(), 1);
    note.signatures.push(known.sign("another text\n"));
    assert_eq!(note.verified(&[known.verifier()]), Err(NoteError::Wrong("log.example/a".to_owned())));
    note.text.push('\n');
    assert!(note.verified(&[other.verifier()]).is_err());
}

#[test]
fn what_is_no_note_is_refused() {
    let line = key("a", 1).sign("x\n").to_string();
    for wrong in [
        String::new(),
        "text\n".to_owned(),
        format!("text\n{line}\n"),
        format!("text\n\n{line}"),
        format!("text\n\n{line}\n{line} \n"),
        format!("te\u{1}xt\n\n{line}\n"),
        format!("text\r\n\n{line}\n"),
        "text\n\n— a Zm9v\n".to_owned(),
        "text\n\n— a b AAAAAAAAAAA=\n".to_owned(),
        "text\n\n- a AAAAAAAAAAA=\n".to_owned(),
        format!("text\n\n{}\n", [line.as_str(); 65].join("\n")),
        format!("{}\n\n{line}\n", "x".repeat(300_000)),
    ] {
        assert!(Note::parse(&wrong).is_err(), "{}", wrong.chars().take(60).collect::<String>());
    }
    // The text may hold empty lines: the last one parts it from the signatures.
    assert_eq!(Note::parse(&format!("one\n\ntwo\n\n{line}\n")).unwrap().text, "one\n\ntwo\n");
}

#[test]
fn what_is_no_key_is_refused() {
    for wrong in [
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ] {
        assert!(VerifierKey::parse(wrong).is_err(), "{wrong}");
    }
    for wrong in ["a b", "a+b", "", "a\tb"] {
        assert!(SigningKey::from_seed(wrong, &[1; 32]).is_err(), "{wrong}");
    }
    // The neutral point: every text has a signature that fits it.
    let weak =
        credence_ledger::note::key::VerifierKey::parse("w+00000000+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert!(weak.is_err());
}

#[test]
fn a_cosignature_names_its_time_and_stands_for_one_checkpoint() {
    let witness = key("witness.example/w", 7);
    let text = Checkpoint { origin: "log.example/a".to_owned(), size: 3, root: root(&some_leaves(3)) }.to_string();
    let mut note = Note::signed(&text, &key("log.example/a", 1));
    note.signatures.push(witness.cosign(&text, 1_679_315_147));
    let keys = [witness.cosigner()];
    assert_eq!(keys[0].kind(), Kind::Cosignature);
    assert_eq!(VerifierKey::parse(&keys[0].to_string()).unwrap(), keys[0]);
    let note = Note::parse(&note.to_string()).unwrap();
    assert_eq!(note.verified(&keys).unwrap(), [&keys[0]]);
    assert_eq!(note.time_of(&keys[0]), Some(1_679_315_147));
    // The same key without a time is another key.
    assert_eq!(note.verified(&[witness.verifier()]), Err(NoteError::Unsigned));
    for (at, byte) in [(7, 1_u8), (20, 1), (71, 1)] {
        let mut changed = note.clone();
        changed.signatures[1].bytes[at] ^= byte;
        assert!(changed.verified(&keys).is_err(), "byte {at}");
    }
    let mut cut = note.clone();
    cut.signatures[1].bytes.truncate(9);
    assert!(cut.verified(&keys).is_err());
}

#[test]
fn a_checkpoint_has_one_form_and_is_believed_under_its_own_name_only() {
    let told = Checkpoint { origin: "log.example/a".to_owned(), size: 300, root: [9; 32] };
    assert_eq!(Checkpoint::parse(&told.to_string()).unwrap(), told);
    assert_eq!(Checkpoint::parse(&format!("{told}more\n")).unwrap(), told);
    let text = told.to_string();
    for wrong in [
        text.replace("300", "0300"),
        text.replace("300", "+300"),
        text.replace("300", "18446744073709551616"),
        text.replace("log.example/a", ""),
        text.trim_end().to_owned(),
        format!("{text}\n"),
        text.replace("CQkJ", "CQk"),
    ] {
        assert!(Checkpoint::parse(&wrong).is_err(), "{wrong:?}");
    }
    let (own, other) = (key("log.example/a", 1), key("log.example/b", 1));
    let keys = [own.verifier(), other.verifier()];
    assert_eq!(Checkpoint::of(&Note::signed(&text, &own), &keys).unwrap().0, told);
    assert_eq!(Checkpoint::of(&Note::signed(&text, &other), &keys), Err(NoteError::Unsigned));
}

#[test]
fn a_promise_is_never_a_checkpoint() {
    let (own, other) = (key("log.example/a", 1), key("log.example/b", 1));
    let promise = Promise {
        origin: "log.example/a".to_owned(),
        act: "00ff".repeat(8),
        leaf: leaf_hash(b"entry"),
        by: "2026-11-29T05:00:05Z".to_owned(),
    };
    let note = Note::parse(&Note::signed(&promise.to_string(), &own).to_string()).unwrap();
    assert_eq!(Promise::of(&note, &[own.verifier()]).unwrap(), promise);
    assert!(Promise::of(&Note::signed(&promise.to_string(), &other), &[other.verifier()]).is_err());
    assert!(Checkpoint::parse(&note.text).is_err());
    let checkpoint = Checkpoint { origin: "credence.promise/v1".to_owned(), size: 1, root: [0; 32] };
    assert!(Promise::parse(&checkpoint.to_string()).is_err());
}

#[test]
fn a_proof_file_verifies_without_asking_anyone() {
    let own = key("log.example/a", 1);
    let leaves = some_leaves(70);
    let text = Checkpoint { origin: "log.example/a".to_owned(), size: 70, root: root(&leaves) }.to_string();
    let keys = [own.verifier()];
    for extra in [None, Some(b"anything".to_vec())] {
        let file =
            ProofFile { extra, index: 41, path: path(&leaves, 41).unwrap(), checkpoint: Note::signed(&text, &own) };
        let read = ProofFile::parse(&file.to_string()).unwrap();
        assert_eq!(read, file);
        assert_eq!(read.verified(&leaves[41], &keys).unwrap().0.size, 70);
        assert!(read.verified(&leaves[40], &keys).is_err(), "another leaf");
        for forged in [
            ProofFile { index: 42, ..file.clone() },
            ProofFile { path: path(&leaves, 40).unwrap(), ..file.clone() },
            ProofFile { checkpoint: Note::signed(&text.replace("\n70\n", "\n40\n"), &own), ..file.clone() },
            ProofFile { checkpoint: Note::signed(&text, &key("log.example/a", 2)), ..file.clone() },
        ] {
            assert!(forged.verified(&leaves[41], &keys).is_err());
        }
    }
    for wrong in ["", "c2sp.org/tlog-proof@v1\nindex 01\n\nx", "c2sp.org/tlog-proof@v2\nindex 1\n\nx\n1\n\n\n"] {
        assert!(ProofFile::parse(wrong).is_err());
    }
}
