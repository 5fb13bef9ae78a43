//! Numbers of identity papers: sealed where they are kept, plain where they are hashed, shown to nobody.

use crate::desk::*;
use credence_app::batch::{release, withdraw};
use credence_app::review::{self, Decision};
use credence_app::{AppError, secret};
use credence_store::body::Unpacker;
use credence_store::record;
use credence_store::scope::View;
use credence_store::secret::Keyring;
use credence_testkit::both_stores;
use credence_testkit::province::Row;
use credence_testkit::stores::TestStore;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

/// Built in the unused region 379900: nobody's numbers.
const ONE: &str = "379900199001010013";
const OTHER: &str = "379900199202020026";
const DECISION: Decision<'static> =
    Decision { actor: "甲", reason: "经核对案卷，适用普通程序", secrecy_review: "" };

fn with_number(document: &str, number: &str, more: &[(&'static str, &str)]) -> Row {
    let mut fields = vec![("CF_FR_ZJLX", "身份证"), ("CF_FR_ZJHM", number)];
    fields.extend(more);
    changed(document, &fields)
}

/// Every half that is not public as it lies in the register, of all versions.
fn kept(desk: &mut Desk<'_>) -> Vec<String> {
    let mut unpacker = Unpacker::new().unwrap();
    let mut found = Vec::new();
    credence_store::audit::each_record(desk.writer.connection(), |stored, earlier| {
        let packed = earlier.iter().map(|version| version.packed.clone()).chain([stored.packed.clone()]);
        for packed in packed.flatten() {
            let body = unpacker.unpack(&packed)?;
            assert!(!body.public.contains("3799001990"), "{}", body.public);
            found.push(body.other_content);
        }
        Ok(())
    })
    .unwrap();
    found
}

fn sealed(desk: &mut Desk<'_>) -> usize {
    let kept = kept(desk);
    assert!(kept.iter().all(|half| !half.contains(ONE) && !half.contains(OTHER)), "{kept:?}");
    kept.iter().filter(|half| half.contains("enc:1:")).count()
}

fn carriers(desk: &mut Desk<'_>, number: &str) -> Vec<String> {
    let found = secret::find(&mut desk.writer, &desk.rulebook, number, "回避核查", DECISION).unwrap();
    found.into_iter().map(|one| format!("{} {}", one.uscc, one.field)).collect()
}

fn a_number_is_kept_sealed_and_the_record_is_the_same_whatever_the_key(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![with_number("一号", ONE, &[]), penalty(FIRM, "二号")]);
    assert_eq!(sealed(&mut desk), 1);
    desk.verify();
    // Another register, with keys of its own, has the same digest.
    let twin = store.twin();
    let mut other = Desk::new(&twin);
    other.send(vec![with_number("一号", ONE, &[]), penalty(FIRM, "二号")]);
    assert_ne!(kept(&mut desk), kept(&mut other));
    assert_eq!(desk.digest(), other.digest());
    // Sent again it is unchanged; another number is a correction, which keeps the old one sealed.
    let digest = desk.digest();
    assert_eq!(desk.send(vec![with_number("一号", ONE, &[])]).counts.unchanged, 1);
    assert_eq!(desk.digest(), digest);
    assert_eq!(carriers(&mut desk, ONE), [format!("{FIRM} CF_FR_ZJHM")]);
    assert_eq!(desk.send(vec![with_number("一号", OTHER, &[])]).counts.corrected, 1);
    assert_eq!(sealed(&mut desk), 2);
    assert!(carriers(&mut desk, ONE).is_empty());
    assert_eq!(carriers(&mut desk, " 37990019 9202020026 "), [format!("{FIRM} CF_FR_ZJHM")]);
    // A dry run leaves neither numbers nor keys behind.
    let bytes = desk.sheet(vec![with_number("三号", ONE, &[])], EXPORT);
    let [tried, done] = desk.try_and_send(OFFICE, &bytes);
    assert_eq!(tried, done);
    desk.verify();
}

fn what_people_decide_keeps_a_number_sealed(store: &TestStore) {
    let mut desk = Desk::new(store);
    let phone = with_number("一号", ONE, &[("CF_SY", "当事人联系电话13900000000。")]);
    let small = with_number("二号", OTHER, &[("CF_NR_FK", "0.3")]);
    let batch = desk.send_over_http(vec![phone.clone(), small], "一").batch;
    let held = |desk: &Desk<'_>, hold: &str| {
        let held = desk.service(today()).held_records().unwrap();
        held.into_iter().find(|one| one.hold == hold).unwrap().id
    };
    let id = held(&desk, "personal_number");
    review::redact(&mut desk.writer, &desk.rulebook, &id, "CF_SY", DECISION).unwrap();
    let id = held(&desk, "maybe_simple_procedure");
    review::release(&mut desk.writer, &desk.rulebook, &[id], DECISION).unwrap();
    release::release(&mut desk.writer, &desk.rulebook, &batch, DECISION).unwrap();
    assert_eq!((sealed(&mut desk), desk.public_records(today())), (6, 2));
    desk.verify();
    assert_eq!(desk.send(vec![phone]).counts.unchanged, 1, "as it was sent before it was redacted");
    let wrong = desk.send(vec![with_number("二号", ONE, &[])]).batch;
    assert_eq!(carriers(&mut desk, ONE).len(), 2);
    withdraw::withdraw(&mut desk.writer, &desk.rulebook, &wrong, DECISION, "乙", &mut |_| Ok(())).unwrap();
    // The version that stands again brings its number back.
    assert_eq!((carriers(&mut desk, ONE).len(), carriers(&mut desk, OTHER).len()), (1, 1));
    let mut replacing = with_number("三号", OTHER, &[]);
    replacing.insert("replaces", "二号".to_owned());
    assert_eq!(desk.send(vec![replacing]).counts.accepted, 1);
    assert_eq!(carriers(&mut desk, OTHER), [format!("{FIRM} CF_FR_ZJHM")], "what was replaced has ended");
    sealed(&mut desk);
    desk.verify();
}

fn a_rotation_that_was_cut_short_goes_on_and_changes_nothing_that_is_hashed(store: &TestStore) {
    let mut desk = Desk::new(store);
    let rows: Vec<Row> = (0..300).map(|number| with_number(&format!("{number}号"), ONE, &[])).collect();
    desk.send(rows);
    desk.send(vec![with_number("7号", OTHER, &[])]);
    let (digest, before) = (desk.digest(), kept(&mut desk));
    let old = secret::status(&store.address).unwrap();
    assert_eq!((old.usable, old.waiting, old.keys.len(), old.keys[0].contents), (true, 0, 1, 301));
    let mut dies = |_| Err(AppError::Io(std::io::Error::other("killed")));
    assert!(secret::rotate(&mut desk.writer, &desk.rulebook, DECISION, &mut dies).is_err());
    let half = secret::status(&store.address).unwrap();
    assert_eq!((half.usable, half.waiting, half.keys.len()), (true, 45, 2));
    desk.verify();
    let done = secret::rotate(&mut desk.writer, &desk.rulebook, DECISION, &mut |_| Ok(())).unwrap();
    assert_eq!((done.resumed, done.contents), (true, 45));
    let new = secret::status(&store.address).unwrap();
    assert_eq!((new.waiting, new.keys[0].contents, new.keys[1].contents, new.keys[1].active), (0, 0, 301, true));
    assert_eq!((desk.digest(), carriers(&mut desk, OTHER).len()), (digest, 1));
    assert!(kept(&mut desk).iter().zip(&before).all(|(new, old)| new != old && new.contains(&done.key)));
    desk.verify();
    // The old key may go: nothing needs it any longer.
    let place = Keyring::of(&store.address).place().unwrap().to_owned();
    let text = std::fs::read_to_string(&place).unwrap();
    let without: Vec<&str> = text.lines().enumerate().filter(|(line, _)| *line != 2).map(|(_, line)| line).collect();
    std::fs::write(&place, without.join("\n")).unwrap();
    desk.verify();
}

fn a_wrong_or_missing_key_is_told_by_its_code_and_destroys_nothing(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![with_number("一号", ONE, &[])]);
    let place = Keyring::of(&store.address).place().unwrap().to_owned();
    let right = std::fs::read_to_string(&place).unwrap();
    let digest = desk.digest();
    let other = {
        let twin = store.twin();
        Desk::new(&twin).send(vec![with_number("一号", ONE, &[])]);
        std::fs::read_to_string(Keyring::of(&twin.address).place().unwrap()).unwrap()
    };
    let put = |text: &str, mode: u32| {
        std::fs::write(&place, text).unwrap();
        std::fs::set_permissions(&place, PermissionsExt::from_mode(mode)).unwrap();
    };
    let codes = |desk: &mut Desk<'_>| {
        let bytes = desk.sheet(vec![with_number("二号", ONE, &[])], EXPORT);
        let sent = desk.send_from(OFFICE, &bytes).unwrap_err();
        let verified = credence_app::verify::verify(&store.address).unwrap_err();
        let rotated = secret::rotate(&mut desk.writer, &desk.rulebook, DECISION, &mut |_| Ok(())).unwrap_err();
        // What carries no number, and what is public, needs no key.
        desk.send(vec![penalty(FIRM, "三号")]);
        assert_eq!(desk.public_records(today()), 2);
        [sent.code(), verified.code(), rotated.code()]
    };
    put(&other, 0o600);
    assert_eq!(codes(&mut desk), ["secret_keys_other", "secret_key_missing", "secret_keys_other"]);
    put(&right, 0o644);
    assert_eq!(codes(&mut desk), ["secret_keys_exposed"; 3]);
    put("key AES-256-GCM\n", 0o600);
    assert_eq!(codes(&mut desk), ["secret_keys_bad"; 3]);
    std::fs::remove_file(&place).unwrap();
    assert_eq!(codes(&mut desk), ["secret_keys_gone", "secret_key_missing", "secret_keys_gone"]);
    assert!(!place.exists(), "keys are never made where there were some");
    put(&right, 0o600);
    desk.verify();
    assert_ne!(desk.digest(), digest, "the third penalty is there");
    assert_eq!(carriers(&mut desk, ONE).len(), 1);
}

fn a_number_is_looked_for_with_a_purpose_and_the_asking_is_an_act_without_it(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![with_number("一号", ONE, &[])]);
    for (number, purpose, reason, code) in [
        (ONE, "", "理由", "purpose_required"),
        (ONE, "用途", " ", "purpose_required"),
        ("", "用途", "理由", "bad_parameter"),
    ] {
        let decision = Decision { reason, ..DECISION };
        let refused = secret::find(&mut desk.writer, &desk.rulebook, number, purpose, decision).unwrap_err();
        assert_eq!(refused.code(), code);
    }
    assert_eq!(carriers(&mut desk, ONE).len(), 1);
    let mut headers = Vec::new();
    credence_store::audit::each_act(desk.writer.connection(), |act| {
        if act.kind == "number_lookup" {
            headers.push(act.header);
        }
        Ok(())
    })
    .unwrap();
    assert!(headers.len() == 1 && headers[0].contains("回避核查") && !headers[0].contains(ONE), "{headers:?}");
    // The number is no part of what anyone sees of the record.
    let found = desk.service(today()).organisation(&credence_app::View::public(today()), FIRM).unwrap();
    assert!(!serde_json::to_string(&found).unwrap().contains(ONE));
    desk.verify();
}

both_stores!(
    a_number_is_kept_sealed_and_the_record_is_the_same_whatever_the_key,
    what_people_decide_keeps_a_number_sealed,
    a_rotation_that_was_cut_short_goes_on_and_changes_nothing_that_is_hashed,
    a_wrong_or_missing_key_is_told_by_its_code_and_destroys_nothing,
    a_number_is_looked_for_with_a_purpose_and_the_asking_is_an_act_without_it,
);

#[test]
fn no_byte_of_a_number_lies_in_the_file() {
    let store = TestStore::sqlite();
    let mut desk = Desk::new(&store);
    desk.send(vec![with_number("一号", ONE, &[])]);
    desk.writer.checkpoint(true).unwrap();
    let credence_app::Address::Sqlite(path) = store.address.clone() else { panic!("a file") };
    let view = View::office(today());
    let stored = record::of_organisation(desk.writer.connection(), &view, FIRM).unwrap().remove(0);
    let body = stored.body(&mut Unpacker::new().unwrap()).unwrap().unwrap();
    assert!(body.other_content.contains("enc:1:"));
    for file in [path.clone(), PathBuf::from(format!("{}-wal", path.display()))] {
        let bytes = std::fs::read(file).unwrap_or_default();
        assert!(!bytes.windows(ONE.len()).any(|window| window == ONE.as_bytes()));
    }
}
