//! A wrong identity field is corrected by a row that replaces the record: the old one ends, the new one takes its place.

use crate::desk::*;
use credence_app::View;
use credence_app::batch::withdraw::withdraw;
use credence_app::review::Decision;
use credence_testkit::both_stores;
use credence_testkit::province::Row;
use credence_testkit::stores::TestStore;

fn numbers(desk: &Desk<'_>, uscc: &str) -> Vec<String> {
    let found = desk.service(today()).organisation(&View::public(today()), uscc).unwrap();
    let mut numbers: Vec<String> = found.records.into_iter().filter_map(|record| record.document_number).collect();
    numbers.sort();
    numbers
}

fn replacing(uscc: &str, number: &str, old: &str) -> Row {
    let mut row = penalty(uscc, number);
    row.insert("replaces", old.to_owned());
    row
}

fn a_wrong_number_ends_and_the_right_one_takes_its_place(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "云环罚〔2026〕1号"), penalty(FIRM, "云环罚〔2026〕3号")]);
    let mended = vec![penalty(FIRM, "云环罚〔2026〕3号"), replacing(FIRM, "云环罚〔2026〕2号", "云环罚[2026]1号")];
    let report = desk.send(mended.clone());
    assert_eq!((report.counts.accepted, report.counts.unchanged, report.counts.rejected), (1, 1, 0));
    assert_eq!(numbers(&desk, FIRM), ["云环罚〔2026〕2号", "云环罚〔2026〕3号"]);
    desk.verify();
    // Sent again it changes nothing, and what was replaced does not come back.
    let digest = desk.digest();
    assert_eq!(desk.send(mended).counts.unchanged, 2);
    let plain = vec![penalty(FIRM, "云环罚〔2026〕2号")];
    assert_eq!(desk.send(plain).counts.unchanged, 1, "the column is part of no content");
    let back = desk.send(vec![changed("云环罚〔2026〕1号", &[("CF_NR", "另一内容")])]);
    assert_eq!(desk.rejected(&back), [(2, "record_ended".to_owned())]);
    assert_eq!(desk.digest(), digest);
    // Withdrawing the batch gives the old record back.
    let decision = Decision { actor: "甲", reason: "误", secrecy_review: "" };
    let done = withdraw(&mut desk.writer, &desk.rulebook, &report.batch, decision, "乙", &mut |_| Ok(())).unwrap();
    assert_eq!((done.restored, done.withdrawn, done.kept), (1, 1, 0));
    assert_eq!(numbers(&desk, FIRM), ["云环罚〔2026〕1号", "云环罚〔2026〕3号"]);
    desk.verify();
}

fn a_penalty_on_the_wrong_organisation_moves_to_the_right_one(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let report = desk.send(vec![replacing(SECOND, "一号", &format!("{FIRM} 一号"))]);
    assert_eq!(report.counts.accepted, 1);
    assert!(numbers(&desk, FIRM).is_empty());
    assert_eq!(numbers(&desk, SECOND), ["一号"]);
    desk.verify();
}

fn only_its_own_standing_record_may_be_replaced(store: &TestStore) {
    let other = "123799000000000510";
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let report = desk.send(vec![replacing(FIRM, "二号", "没有此号")]);
    assert_eq!(desk.rejected(&report), [(2, "replaces_unknown".to_owned())]);
    let mut foreign = replacing(FIRM, "三号", "一号");
    foreign.extend([("CF_SJLYDM", other.to_owned()), ("CF_CFJGDM", other.to_owned())]);
    let bytes = desk.sheet(vec![foreign], EXPORT);
    let report = desk.send_from(other, &bytes).unwrap();
    assert_eq!(desk.rejected(&report), [(2, "owned_by_other_source".to_owned())]);
    assert_eq!(numbers(&desk, FIRM), ["一号"]);
    desk.verify();
}

fn a_dry_run_tells_of_replacing_rows_what_the_import_then_does(store: &TestStore) {
    let mut desk = Desk::new(store);
    // The unit and the organisations are new, and the first row is replaced by the second of the same file.
    let rows = vec![penalty(FIRM, "一号"), replacing(FIRM, "二号", "一号"), replacing(SECOND, "三号", "没有此号")];
    let first = desk.sheet(rows, EXPORT);
    let [tried, done] = desk.try_and_send(OFFICE, &first);
    assert_eq!((done.accepted, done.rejected), (2, 1));
    assert_eq!(tried, done);
    assert_eq!(numbers(&desk, FIRM), ["二号"]);
    // Unchanged, unknown, ended since the first of the two took its place, replaced under another organisation, not its own.
    let second = vec![
        replacing(FIRM, "二号", "一号"),
        replacing(FIRM, "四号", "没有此号"),
        replacing(FIRM, "五号", "二号"),
        replacing(FIRM, "六号", "二号"),
        penalty(SECOND, "七号"),
        replacing(FIRM, "八号", &format!("{SECOND} 七号")),
    ];
    let second = desk.sheet(second, EXPORT);
    let [tried, done] = desk.try_and_send(OFFICE, &second);
    assert_eq!((done.unchanged, done.accepted, done.rejected), (1, 3, 2));
    assert_eq!(tried, done);
    let other = "123799000000000510";
    let mut foreign = replacing(FIRM, "九号", "八号");
    foreign.extend([("CF_SJLYDM", other.to_owned()), ("CF_CFJGDM", other.to_owned())]);
    let foreign = desk.sheet(vec![foreign], EXPORT);
    let [tried, done] = desk.try_and_send(other, &foreign);
    assert_eq!((tried, done.rejected), (done, 1));
    desk.verify();
}

both_stores!(
    a_dry_run_tells_of_replacing_rows_what_the_import_then_does,
    a_wrong_number_ends_and_the_right_one_takes_its_place,
    a_penalty_on_the_wrong_organisation_moves_to_the_right_one,
    only_its_own_standing_record_may_be_replaced,
);

/// A row as long as its fields allow: some 39 KB of text.
fn long(number: usize) -> Row {
    let mut row = penalty(SECOND, &format!("长{number}号"));
    for (code, length) in [("CF_SY", 5000), ("CF_NR", 4000), ("CF_WFXW", 2000), ("CF_YJ", 2000)] {
        row.insert(code, "长".repeat(length));
    }
    row
}

#[test]
fn a_dry_run_sees_what_an_earlier_window_of_the_same_file_would_have_written() {
    let store = TestStore::sqlite();
    let mut desk = Desk::new(&store);
    desk.send(vec![penalty(FIRM, "零号")]);
    // What is replaced stands in the first window, what replaces it in the second.
    desk.window_bytes = 24 << 20;
    let mut rows = vec![penalty(FIRM, "一号"), replacing(FIRM, "甲号", "零号")];
    rows.extend((0..700).map(long));
    rows.push(replacing(FIRM, "二号", "一号"));
    rows.push(replacing(SECOND, "三号", &format!("{FIRM} 甲号")));
    rows.push(changed("零号", &[("CF_NR", "另一内容")]));
    rows.push(replacing(FIRM, "四号", "没有此号"));
    let bytes = desk.sheet(rows, EXPORT);
    let [tried, done] = desk.try_and_send(OFFICE, &bytes);
    assert_eq!((done.read, done.accepted, done.rejected), (706, 704, 2));
    assert_eq!(tried, done);
    assert_eq!(numbers(&desk, FIRM), ["二号"]);
    desk.verify();
}
