//! A batch is withdrawn by two persons: what stood before stands again, what was corrected since is kept, nothing is lost.

use crate::desk::*;
use credence_app::batch::withdraw::{BatchWithdrawn, withdraw};
use credence_app::review::Decision;
use credence_app::{AppError, View};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;

const DECISION: Decision<'static> = Decision { actor: "甲", reason: "报送有误", secrecy_review: "" };

fn take_back(desk: &mut Desk<'_>, batch: &str) -> BatchWithdrawn {
    let done = withdraw(&mut desk.writer, &desk.rulebook, batch, DECISION, "乙", &mut |_| Ok(())).unwrap();
    assert_eq!(desk.service(today()).batch(batch).unwrap().summary.state, "withdrawn");
    desk.verify();
    done
}

/// What the public sees of a penalty's text, by document number.
fn texts(desk: &Desk<'_>) -> Vec<(String, String)> {
    let records = desk.service(today()).organisation(&View::public(today()), FIRM).unwrap().records;
    let text = |record: &credence_app::query::RecordView, code: &str| record.content.get(code).unwrap();
    let mut found: Vec<_> = records.iter().map(|record| (text(record, "CF_WSH"), text(record, "CF_NR"))).collect();
    found.sort();
    found
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(number, text)| ((*number).to_owned(), (*text).to_owned())).collect()
}

fn two_different_persons_withdraw(store: &TestStore) {
    let mut desk = Desk::new(store);
    let report = desk.send(vec![penalty(FIRM, "一号")]);
    for second in ["甲", " 甲 ", ""] {
        let refused = withdraw(&mut desk.writer, &desk.rulebook, &report.batch, DECISION, second, &mut |_| Ok(()));
        assert_eq!(refused.unwrap_err().code(), "four_eyes");
    }
    assert_eq!(desk.public_records(today()), 1);
}

fn what_stood_before_stands_again_and_what_was_corrected_since_is_kept(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号"), penalty(FIRM, "二号")]);
    let wrong = desk.send(vec![
        changed("一号", &[("CF_NR", "错误的更正")]),
        changed("二号", &[("CF_NR", "错误的更正")]),
        penalty(FIRM, "三号"),
        penalty(FIRM, "四号"),
    ]);
    desk.send(vec![changed("二号", &[("CF_NR", "后来的更正")]), changed("四号", &[("CF_NR", "后来的更正")])]);
    let done = take_back(&mut desk, &wrong.batch);
    assert_eq!((done.restored, done.withdrawn, done.kept, done.kept_records.len()), (1, 1, 2, 2));
    let expected = pairs(&[("一号", "处以罚款"), ("二号", "后来的更正"), ("四号", "后来的更正")]);
    assert_eq!(texts(&desk), expected);
    // Repeated it ends the same and changes nothing.
    let digest = desk.digest();
    assert_eq!(take_back(&mut desk, &wrong.batch), done);
    assert_eq!((desk.digest(), texts(&desk)), (digest, expected));
    // What only that batch had made may be sent again.
    assert_eq!(desk.send(vec![penalty(FIRM, "三号")]).counts.corrected, 1);
    assert_eq!(texts(&desk).len(), 4);
    desk.verify();
}

fn what_a_withdrawn_batch_had_said_does_not_come_back_with_a_later_one(store: &TestStore) {
    let mut desk = Desk::new(store);
    let first = desk.send(vec![penalty(FIRM, "一号")]);
    let second = desk.send(vec![changed("一号", &[("CF_NR", "更正一")])]);
    let third = desk.send(vec![changed("一号", &[("CF_NR", "更正二")])]);
    assert_eq!(take_back(&mut desk, &second.batch).kept, 1);
    assert_eq!(take_back(&mut desk, &third.batch).restored, 1);
    assert_eq!(texts(&desk), pairs(&[("一号", "处以罚款")]));
    // The restored version is the first batch's: withdrawing that one finds it.
    assert_eq!(take_back(&mut desk, &first.batch).withdrawn, 1);
    assert!(texts(&desk).is_empty());
}

fn a_withdrawal_cut_short_is_repeated_and_ends_the_same(store: &TestStore) {
    let mut desk = Desk::new(store);
    let rows = |text: &'static str| -> Vec<_> {
        (0..6).map(|number| changed(&format!("{number}号"), &[("CF_NR", text)])).collect()
    };
    desk.send(rows("原文")[..3].to_vec());
    let wrong = desk.send(rows("误"));
    let expected = {
        let twin = store.twin();
        let mut other = Desk::new(&twin);
        other.send(rows("原文")[..3].to_vec());
        let wrong = other.send(rows("误"));
        take_back(&mut other, &wrong.batch);
        other.digest()
    };
    // One act is done, then the process dies.
    let mut dies = |_| Err(AppError::Io(std::io::Error::other("killed")));
    assert!(withdraw(&mut desk.writer, &desk.rulebook, &wrong.batch, DECISION, "乙", &mut dies).is_err());
    desk.verify();
    assert_eq!(desk.service(today()).batch(&wrong.batch).unwrap().summary.state, "done");
    let done = take_back(&mut desk, &wrong.batch);
    assert_eq!((done.restored, done.withdrawn, done.kept), (3, 3, 0));
    assert_eq!(desk.digest(), expected);
}

fn a_withdrawn_registration_gives_the_name_back(store: &TestStore) {
    let mut desk = Desk::new(store);
    let registry = |name: &str| format!("name,uscc,established\n{name},{FIRM},2020-01-01\n");
    let first = desk.send_from(OFFICE, registry("云海市正名有限公司").as_bytes()).unwrap();
    let wrong = desk.send_from(OFFICE, registry("云海市误名有限公司").as_bytes()).unwrap();
    let seen = |desk: &Desk<'_>| {
        let found = desk.service(today()).organisation(&View::public(today()), FIRM).unwrap();
        (found.summary.name, found.summary.registered, found.former_names)
    };
    assert_eq!(seen(&desk).0, "云海市误名有限公司");
    take_back(&mut desk, &wrong.batch);
    assert_eq!(seen(&desk), ("云海市正名有限公司".to_owned(), true, Vec::new()));
    take_back(&mut desk, &first.batch);
    assert!(!seen(&desk).1);
}

fn a_batch_that_waits_may_be_withdrawn(store: &TestStore) {
    let mut desk = Desk::new(store);
    let report = desk.send_over_http(vec![penalty(FIRM, "一号")], "一");
    let done = take_back(&mut desk, &report.batch);
    assert_eq!((done.withdrawn, desk.public_records(today())), (1, 0));
    assert!(desk.service(today()).held_records().unwrap().is_empty());
}

/// The units that a record names as its sources.
fn sources(desk: &Desk<'_>) -> Vec<String> {
    let found = desk.service(today()).organisation(&View::public(today()), FIRM).unwrap();
    found.records.iter().flat_map(|record| record.sources.clone()).collect()
}

const OTHER: &str = "123799000000000510";

fn a_unit_that_had_only_sent_the_same_is_no_source_any_longer(store: &TestStore) {
    let mut desk = Desk::new(store);
    let rows = vec![penalty(FIRM, "一号")];
    desk.send(rows.clone());
    let mut same = rows.clone();
    same[0].insert("CF_SJLYDM", OTHER.to_owned());
    let bytes = desk.sheet(same, EXPORT);
    let (first, again) = (desk_send(&mut desk, &bytes), desk_send(&mut desk, &bytes));
    assert_eq!((first.counts.unchanged, again.counts.unchanged), (1, 1));
    assert_eq!(sources(&desk), [OFFICE, OTHER]);
    let before = desk.digest();
    assert_eq!(take_back(&mut desk, &again.batch).sources, 0, "the first of the two added it");
    assert_eq!(sources(&desk), [OFFICE, OTHER]);
    let done = take_back(&mut desk, &first.batch);
    assert_eq!((done.sources, done.restored, done.withdrawn, done.kept), (1, 0, 0, 0));
    assert_eq!(sources(&desk), [OFFICE]);
    assert_eq!(desk.digest(), before, "the record itself is what it was");
    // Repeated it ends the same; sent again the unit is added anew, and taken away again.
    assert_eq!(take_back(&mut desk, &first.batch), done);
    let third = desk_send(&mut desk, &bytes);
    assert_eq!(sources(&desk), [OFFICE, OTHER]);
    assert_eq!(take_back(&mut desk, &third.batch).sources, 1);
    assert_eq!(sources(&desk), [OFFICE]);
    assert_eq!(desk.public_records(today()), 1);
    let replayed = desk.service(today()).replay_kept().unwrap();
    assert!(replayed.differ.is_empty(), "{replayed:?}");
}

fn desk_send(desk: &mut Desk<'_>, bytes: &[u8]) -> credence_app::collect::Report {
    desk.send_from(OTHER, bytes).unwrap()
}

#[test]
fn whoever_changes_a_withdrawn_source_is_found() {
    let store = TestStore::sqlite();
    let mut desk = Desk::new(&store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let mut same = penalty(FIRM, "一号");
    same.insert("CF_SJLYDM", OTHER.to_owned());
    let bytes = desk.sheet(vec![same], EXPORT);
    let batch = desk_send(&mut desk, &bytes).batch;
    take_back(&mut desk, &batch);
    desk.writer.checkpoint(true).unwrap();
    let credence_app::Address::Sqlite(path) = store.address.clone() else { panic!("a file") };
    for (id, tampering) in [
        ("commitment", "update record_source_withdrawn set source = 'X'"),
        ("commitment", "update record_source_withdrawn set withdrawn_salt = zeroblob(16)"),
        ("number", "delete from record_source_withdrawn"),
        ("number", "update record_source_withdrawn set withdrawn_commitment = zeroblob(32)"),
    ] {
        let copy = store.folder.join("copy.db");
        std::fs::copy(&path, &copy).unwrap();
        credence_testkit::intruder::Intruder::at(&copy).sql(tampering);
        let found = credence_app::verify::verify(&credence_app::Address::Sqlite(copy)).unwrap();
        let outcome = found.requirements.iter().find(|outcome| outcome.id == id).unwrap();
        assert!(outcome.failed > 0, "{tampering}");
    }
}

both_stores!(
    a_unit_that_had_only_sent_the_same_is_no_source_any_longer,
    two_different_persons_withdraw,
    what_stood_before_stands_again_and_what_was_corrected_since_is_kept,
    what_a_withdrawn_batch_had_said_does_not_come_back_with_a_later_one,
    a_withdrawal_cut_short_is_repeated_and_ends_the_same,
    a_withdrawn_registration_gives_the_name_back,
    a_batch_that_waits_may_be_withdrawn,
);
