//! Rows that say what is to be done with their record: `i`, `u`, `d`.

use crate::desk::*;
use credence_app::View;
use credence_app::batch::withdraw::withdraw;
use credence_app::query::batch::BatchDetail;
use credence_app::review::Decision;
use credence_store::audit::{StoredAct, each_act};
use credence_testkit::both_stores;
use credence_testkit::province::Row;
use credence_testkit::stores::TestStore;

const OTHER: &str = "123799000000000510";

/// A row with its operation and reason.
pub fn asked(operation: &str, reason: &str, row: Row) -> Row {
    let mut row = row;
    row.extend([("操作", operation.to_owned()), ("操作理由", reason.to_owned())]);
    row
}

fn send(desk: &mut Desk<'_>, rows: &[Row]) -> BatchDetail {
    let lines = desk.lines(rows, true);
    let report = desk.send_file(OFFICE, "rows.jsonl", &lines).unwrap();
    desk.service(today()).batch(&report.batch).unwrap()
}

fn codes(batch: &BatchDetail) -> Vec<(u32, &str)> {
    batch.rejects.iter().map(|reject| (reject.line, reject.code.as_str())).collect()
}

fn a_new_record_must_be_new_and_a_correction_must_find_one(store: &TestStore) {
    let mut desk = Desk::new(store);
    let first = send(&mut desk, &[asked("i", "", penalty(FIRM, "一号")), asked("u", "", penalty(FIRM, "二号"))]);
    assert_eq!((first.summary.counts.accepted, codes(&first)), (1, vec![(2, "record_unknown")]));
    let changed = |text: &str| changed("一号", &[("CF_NR", text)]);
    let again = send(&mut desk, &[asked("新增", "", changed("另一内容"))]);
    assert_eq!(codes(&again), [(1, "record_exists")]);
    let same = send(&mut desk, &[asked("i", "", penalty(FIRM, "一号"))]);
    assert_eq!(same.summary.counts.unchanged, 1, "sent twice it changes nothing");
    let corrected = send(&mut desk, &[asked("Ｕ", "", changed("另一内容"))]);
    assert_eq!(corrected.summary.counts.corrected, 1);
    let bad = send(&mut desk, &[asked("x", "", changed("又一内容"))]);
    assert_eq!(codes(&bad), [(1, "operation_unknown")]);
    let twice = send(&mut desk, &[asked("i", "", penalty(FIRM, "三号")), asked("u", "", penalty(FIRM, "三号"))]);
    assert_eq!((twice.summary.counts.accepted, codes(&twice)), (1, vec![(2, "duplicate_in_file")]));
    let columns = serde_json::to_string(&twice.columns).unwrap();
    assert!(columns.contains(r#""field":"operation""#) && columns.contains("operation_reason"), "{columns}");
    desk.verify();
}

fn the_owner_takes_its_record_back_with_a_reason_and_nobody_else_does(store: &TestStore) {
    let mut desk = registered(store);
    send(&mut desk, &[penalty(FIRM, "一号"), penalty(FIRM, "二号"), penalty(SECOND, "三号")]);
    let service = desk.service(today());
    let told = service.changes_now().unwrap();
    let gone_id = service.organisation(&View::public(today()), FIRM).unwrap().records[0].id.clone();
    let graded = |desk: &Desk<'_>| {
        let found = desk.service(today()).evaluation(&View::office(today()), FIRM).unwrap();
        (found.points, found.lines.len())
    };
    let before = graded(&desk);
    let unsaid = send(&mut desk, &[asked("d", " ", penalty(FIRM, "一号"))]);
    assert_eq!(codes(&unsaid), [(1, "withdrawal_reason_missing")]);
    let mut foreign = penalty(FIRM, "一号");
    foreign.insert("CF_SJLYDM", OTHER.to_owned());
    let lines = desk.lines(&[asked("d", "误报", foreign)], true);
    let report = desk.send_file(OTHER, "rows.jsonl", &lines).unwrap();
    assert_eq!(desk.rejected(&report), [(1, "owned_by_other_source".to_owned())]);
    // What a row must say to be a fact it need not say to name one.
    let mut bare = penalty(FIRM, "一号");
    bare.retain(|code, _| ["CF_XDR_SHXYM", "CF_WSH", "CF_JDRQ", "CF_CFJG", "CF_CFJGDM", "CF_XDR_MC"].contains(code));
    let number = service.organisation(&View::public(today()), FIRM).unwrap().records[0].document_number.clone();
    bare.insert("CF_WSH", number.unwrap());
    let done = send(&mut desk, &[asked("d", "处罚对象有误", bare.clone()), asked("d", "误报", penalty(FIRM, "九号"))]);
    let counts = done.summary.counts;
    assert_eq!((counts.corrected, counts.withdrawn, counts.rejected), (1, 1, 1), "{:?}", done.rejects);
    assert_eq!(codes(&done), [(2, "record_unknown")]);
    assert_eq!(desk.public_records(today()), 2, "the registration and the other penalty");
    assert_ne!(graded(&desk), before, "the organisation is evaluated anew");
    let mut reader = told;
    let lines = desk.service(today()).changes_since(&mut reader, 100).unwrap().unwrap().lines;
    let texts: Vec<_> = lines.iter().map(|line| line.text.clone()).collect();
    assert_eq!(texts, [format!("{{\"gone\":\"{gone_id}\"}}")]);
    // Said again it changes nothing, sent again it does not come back, and the act bears its reason.
    let digest = desk.digest();
    let whole = asked("d", "误报", penalty(FIRM, "九号"));
    assert_eq!(send(&mut desk, &[asked("d", "处罚对象有误", bare.clone()), whole]).summary.counts.unchanged, 1);
    let mut back = bare.clone();
    let number = bare["CF_WSH"].clone();
    back.extend(penalty(FIRM, &number));
    back.insert("CF_NR", "另一内容".to_owned());
    assert_eq!(codes(&send(&mut desk, &[asked("i", "", back)])), [(1, "record_ended")]);
    assert_eq!(desk.digest(), digest);
    let mut acts = Vec::new();
    let mut look = |act: StoredAct| {
        acts.extend((act.kind == "withdrawal" && act.changes > 0).then_some(act.header));
        Ok(())
    };
    each_act(desk.writer.connection(), &mut look).unwrap();
    assert_eq!(acts.len(), 1);
    assert!(acts[0].contains("处罚对象有误") && acts[0].contains(OFFICE), "{}", acts[0]);
    desk.verify();
    // Withdrawing the batch of the withdrawal, by two persons, gives the record back.
    let decision = Decision { actor: "甲", reason: "撤回有误", secrecy_review: "" };
    let batch = done.summary.batch.clone();
    let undone = withdraw(&mut desk.writer, &desk.rulebook, &batch, decision, "乙", &mut |_| Ok(())).unwrap();
    assert_eq!((undone.restored, undone.withdrawn), (1, 0));
    assert_eq!((desk.public_records(today()), graded(&desk)), (3, before));
    desk.verify();
}

fn one_file_takes_back_no_more_than_a_hundred_records(store: &TestStore) {
    let mut desk = Desk::new(store);
    let rows: Vec<Row> = (0..101).map(|number| penalty(FIRM, &format!("{number}号"))).collect();
    send(&mut desk, &rows);
    let withdrawn: Vec<Row> = rows.into_iter().map(|row| asked("d", "误报", row)).collect();
    let refused = send(&mut desk, &withdrawn);
    assert!(codes(&refused).iter().all(|(_, code)| *code == "withdrawal_of_many") && refused.rejects.len() == 101);
    assert_eq!(desk.public_records(today()), 101);
    assert_eq!(send(&mut desk, &withdrawn[..100]).summary.counts.withdrawn, 100);
    assert_eq!(desk.public_records(today()), 1);
    desk.verify();
}

fn a_dry_run_tells_of_operations_what_the_import_then_does(store: &TestStore) {
    let mut desk = Desk::new(store);
    send(&mut desk, &[penalty(FIRM, "一号"), penalty(FIRM, "二号")]);
    let rows = [
        asked("i", "", penalty(FIRM, "三号")),
        asked("u", "", changed("二号", &[("CF_NR", "另一内容")])),
        asked("d", "误报", penalty(FIRM, "一号")),
        asked("d", "误报", penalty(FIRM, "没有")),
        asked("u", "", penalty(FIRM, "五号")),
    ];
    let lines = desk.lines(&rows, true);
    let [tried, done] = desk.try_and_send(OFFICE, &lines);
    assert_eq!((done.accepted, done.corrected, done.withdrawn, done.rejected), (1, 2, 1, 2));
    assert_eq!(tried, done);
    desk.verify();
}

both_stores!(
    a_new_record_must_be_new_and_a_correction_must_find_one,
    the_owner_takes_its_record_back_with_a_reason_and_nobody_else_does,
    one_file_takes_back_no_more_than_a_hundred_records,
    a_dry_run_tells_of_operations_what_the_import_then_does
);
