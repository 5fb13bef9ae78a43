//! The doctor says plainly what is in order and what needs a person.

use crate::desk::*;
use credence_app::doctor::{Verdict, examine};
use credence_app::{Address, Clock};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::Date;

/// The parts that need a person on a day.
fn attention(address: &Address, day: Date) -> Vec<&'static str> {
    let found = examine(address, &Clock::fixed(day));
    assert_eq!(found.today, day);
    let asks = found.findings.iter().filter(|finding| finding.verdict == Verdict::Attention);
    asks.inspect(|finding| assert!(!finding.advice.is_empty(), "{finding:?}")).map(|finding| finding.id).collect()
}

fn day(month: i8, day: i8) -> Date {
    Date::new(2026, month, day).unwrap()
}

fn a_register_in_order_needs_nobody_until_next_years_calendar_is_due(store: &TestStore) {
    let desk = Desk::new(store);
    drop(desk);
    assert_eq!(attention(&store.address, today().tomorrow().unwrap()), Vec::<&str>::new());
    assert_eq!(attention(&store.address, day(10, 31)), Vec::<&str>::new());
    assert_eq!(attention(&store.address, day(11, 1)), ["calendar"]);
    let found = examine(&store.address, &Clock::fixed(day(5, 7)));
    let parts = ["database", "clock", "rulebook", "calendar", "log", "log_signed", "witnesses", "batches", "secrecy"];
    for id in parts.into_iter().chain(["name_conflicts", "review"]) {
        assert_eq!(found.findings.iter().filter(|finding| finding.id == id).count(), 1, "{id}");
    }
}

fn what_is_left_undone_is_named(store: &TestStore) {
    let mut desk = Desk::new(store);
    let waits = changed("二号", &[("CF_SY", "联系电话13800138000，超标排放。")]);
    desk.send(vec![penalty(FIRM, "一号"), waits, changed("三号", &[("CF_XDR_MC", "完全不同的名字有限公司")])]);
    drop(desk);
    // The unit has no standing declaration, one name differs; the record that waits is due on 13 May.
    assert_eq!(attention(&store.address, day(5, 11)), ["secrecy", "name_conflicts"]);
    assert_eq!(attention(&store.address, day(5, 12)), ["secrecy", "name_conflicts", "review"]);
    // A machine whose clock stands before the last change would date the next one wrongly.
    assert_eq!(attention(&store.address, day(5, 5))[0], "clock");
}

fn a_log_that_nobody_signs_needs_a_person(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.writer.connection().batch("delete from log_checkpoint").unwrap();
    drop(desk);
    assert_eq!(attention(&store.address, today().tomorrow().unwrap()), ["log_signed"]);
}

both_stores!(
    a_register_in_order_needs_nobody_until_next_years_calendar_is_due,
    what_is_left_undone_is_named,
    a_log_that_nobody_signs_needs_a_person,
);

#[test]
fn a_register_that_is_not_there_and_a_writer_are_told() {
    let store = TestStore::sqlite();
    assert_eq!(attention(&store.address, today()), ["database"]);
    let said = |id: &str| {
        let found = examine(&store.address, &Clock::fixed(today()));
        found.findings.into_iter().find(|finding| finding.id == id).unwrap().said
    };
    let desk = Desk::new(&store);
    assert!(said("writer").contains(&std::process::id().to_string()), "{}", said("writer"));
    drop(desk);
    assert_eq!(said("writer"), "没有进程在写");
    assert!(said("disk").contains("磁盘余"));
}
