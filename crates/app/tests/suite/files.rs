//! The same rows in every format that departments send are the same records.

use crate::desk::*;
use credence_app::collect::window::WINDOW_BYTES;
use credence_store::act::Draft;
use credence_store::batch::{self, Batch, Counts, Progress};
use credence_store::change::Change;
use credence_testkit::both_stores;
use credence_testkit::province::{Format, Row};
use credence_testkit::stores::TestStore;

fn rows(mended: bool) -> Vec<Row> {
    let mut rows: Vec<Row> =
        (1..=12).map(|i| penalty(if i % 2 == 0 { FIRM } else { SECOND }, &format!("云环罚〔2026〕{i}号"))).collect();
    if mended {
        rows[3].insert("CF_NR", "处以罚款（更正）".to_owned());
    }
    rows
}

fn a_file_sent_twice_mended_and_sent_in_another_format_corrects_exactly_one_row(store: &TestStore) {
    let mut desk = Desk::new(store);
    let first = desk.send(rows(false));
    assert_eq!((first.counts.read, first.counts.accepted, first.encoding.as_str()), (12, 12, "gb18030"));
    let once = desk.digest();
    let again = desk.send(rows(false));
    assert_eq!((again.counts.unchanged, again.counts.corrected), (12, 0));
    assert_eq!(once, desk.digest());
    let mended = desk.send(rows(true));
    assert_eq!((mended.counts.unchanged, mended.counts.corrected), (11, 1));
    let corrected = desk.digest();
    assert_ne!(once, corrected);
    for format in [
        Format { gb18030: false, codes: false, tabs: true, turned: 7, slashes: false, ..EXPORT },
        Format { gb18030: false, byte_order_mark: true, codes: false, wide: true, ..EXPORT },
    ] {
        let bytes = desk.sheet(rows(true), format);
        let other = desk.send_from(OFFICE, &bytes).unwrap();
        assert_eq!((other.encoding.as_str(), other.counts.unchanged, other.counts.rejected), ("UTF-8", 12, 0));
    }
    assert_eq!(corrected, desk.digest());
    desk.verify();
}

fn progress_in_windows_of_another_size_is_none(store: &TestStore) {
    // What an undisturbed import says of the file, taken for one that an older program left after its first window.
    let elsewhere = TestStore::sqlite();
    let mut undisturbed = Desk::new(&elsewhere);
    let number = undisturbed.send(rows(false)).batch;
    let done = batch::find(undisturbed.writer.connection(), &number).unwrap().unwrap();
    for (bytes, accepted) in [(WINDOW_BYTES as i64, 0), (24 << 20, 12)] {
        let mut desk = Desk::new(store);
        let left =
            Batch { number: String::new(), state: "running".to_owned(), counts: Counts::default(), ..done.clone() };
        let left = batch::begin(&mut desk.writer, left).unwrap();
        let place = Progress { window: 0, chunks: 1, finished: true, bytes };
        let draft = Draft {
            kind: "import",
            actor: OFFICE.to_owned(),
            second: None,
            purpose: "collection",
            basis: String::new(),
            reason: String::new(),
            rulebook: left.rulebook,
            as_of: today(),
            batch: Some(left.id),
            details: Default::default(),
        };
        let advance = |change: &mut Change<'_>| batch::advance(change, &left.id, place, &Counts::default(), 0, &[]);
        desk.writer.change(&draft, advance).unwrap();
        let report = desk.send(rows(false));
        assert!(report.resumed);
        assert_eq!((report.counts.read, report.counts.accepted), (accepted, accepted), "windows of {bytes} bytes");
    }
}

fn another_unit_adds_a_source_and_may_not_correct(store: &TestStore) {
    let other = "123799000000000510";
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let provenance = [("CF_SJLYDM", other)];
    let bytes = desk.sheet(vec![changed("一号", &provenance)], EXPORT);
    assert_eq!(desk.send_from(other, &bytes).unwrap().counts.unchanged, 1);
    let bytes = desk.sheet(vec![changed("一号", &[provenance[0], ("CF_NR", "另一内容")])], EXPORT);
    let report = desk.send_from(other, &bytes).unwrap();
    assert_eq!(desk.rejected(&report), [(2, "owned_by_other_source".to_owned())]);
    let view = credence_app::View::public(today());
    let record = &desk.service(today()).organisation(&view, FIRM).unwrap().records[0];
    assert_eq!(record.sources, [OFFICE, other]);
    desk.verify();
}

fn rejects_come_back_in_the_senders_own_format_and_are_taken_when_mended(store: &TestStore) {
    let mut desk = Desk::new(store);
    let report = desk.send(vec![penalty(FIRM, "一号"), changed("二号", &[("CF_JDRQ", "2025-13-01")])]);
    assert_eq!((report.counts.accepted, report.counts.rejected), (1, 1));
    let bytes = desk.rejects_file();
    let text = encoding_rs::GB18030.decode(&bytes).0.into_owned();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("CF_XDR_MC,") && lines[0].ends_with(",原行号,字段,错误代码,错误原因"), "{}", lines[0]);
    assert!(lines[1].contains(",3,CF_JDRQ,date_invalid,"), "{}", lines[1]);
    let mended = encoding_rs::GB18030.encode(&text.replace("2025/13/01", "2026/04/29")).0.into_owned();
    let again = desk.send_from(OFFICE, &mended).unwrap();
    assert_eq!((again.counts.accepted, again.counts.rejected), (1, 0));
    desk.verify();
}

fn a_file_that_is_no_item_is_refused_as_a_whole(store: &TestStore) {
    let mut desk = Desk::new(store);
    for (bytes, code) in [
        (&b""[..], "empty_file"),
        ("甲,乙,丙\n1,2,3\n".as_bytes(), "item_not_recognised"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls_not_supported"),
    ] {
        let refused = desk.send_from(OFFICE, bytes).unwrap_err();
        assert_eq!(refused.code(), code);
    }
    let wide = vec!["x"; 1_000_000].join(",");
    assert_eq!(desk.send_from(OFFICE, wide.as_bytes()).unwrap_err().code(), "item_not_recognised");
    let header = desk.sheet(Vec::new(), EXPORT);
    assert_eq!(desk.send_from(OFFICE, &header).unwrap().counts.read, 0);
}

both_stores!(
    a_file_sent_twice_mended_and_sent_in_another_format_corrects_exactly_one_row,
    progress_in_windows_of_another_size_is_none,
    another_unit_adds_a_source_and_may_not_correct,
    rejects_come_back_in_the_senders_own_format_and_are_taken_when_mended,
    a_file_that_is_no_item_is_refused_as_a_whole,
);
