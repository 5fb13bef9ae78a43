//! A department's month: every figure follows again from what is stored, and what is due tomorrow is told the day before.

use crate::desk::*;
use credence_app::View;
use credence_app::query::{UnitQuality, quality};
use credence_domain::quality::{Month, Share};
use credence_domain::subject::Uscc;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::Date;

fn april() -> Month {
    Month::parse("2026-04").unwrap()
}

fn month_of(desk: &Desk<'_>, view: &View, month: Month) -> UnitQuality {
    let found = desk.service(view.today).quality(view, month).unwrap();
    found.units.into_iter().find(|unit| unit.source == OFFICE).unwrap()
}

fn a_departments_month_is_counted_from_what_it_sent(store: &TestStore) {
    let mut desk = Desk::new(store);
    // Received on 6 May, decided on 30 April and due by 13 May; the last one came too late for its deadline.
    desk.send(vec![
        penalty(FIRM, "一号"),
        changed("二号", &[("CF_JDRQ", "2026-13-01")]),
        changed("三号", &[("CF_JDRQ", "2026-04-01")]),
        changed("四号", &[("CF_CFLB", "警告"), ("CF_NR_FK", ""), ("CF_NR", "警告")]),
    ]);
    let office = View::office(today());
    let may = month_of(&desk, &office, Month::of(today()));
    assert_eq!(may.acceptance, Share::new(3, 4));
    assert_eq!(may.publicity.whole, 0, "nothing was decided in May");
    // The first day of a month without a batch shows the month before.
    let june = Date::new(2026, 6, 1).unwrap();
    assert_eq!(desk.service(june).latest_month(june).unwrap().to_string(), "2026-05");
    assert_eq!(desk.service(june).latest_month(Date::new(2026, 3, 1).unwrap()).unwrap().to_string(), "2026-03");
    let counted = month_of(&desk, &office, april());
    assert_eq!(counted.acceptance.whole, 0, "nothing was received in April");
    assert_eq!((counted.timeliness, counted.late, counted.late_by_law), (Share::new(1, 2), 1, 1));
    assert!(counted.completeness.whole == 3 && counted.publicity.part == 2, "{counted:?}");
    // Counted again it is the same; after the deadline the record that waits is late, too.
    assert_eq!(format!("{counted:?}"), format!("{:?}", month_of(&desk, &office, april())));
    let later = month_of(&desk, &View::office(Date::new(2026, 5, 14).unwrap()), april());
    assert_eq!(later.late, counted.late + later.publicity.whole - later.publicity.part);
}

fn what_a_department_declared_and_did_not_send_is_missed(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号"), penalty(SECOND, "二号")]);
    let mut unit = credence_app::directory::find(&mut desk.writer, Uscc::parse(OFFICE).unwrap()).unwrap().unwrap();
    unit.declared.insert("penalty:2026-04".to_owned(), 5);
    unit.declared.insert("permit:2026-04".to_owned(), 1);
    credence_app::directory::set(&mut desk.writer, &unit, &desk.rulebook).unwrap();
    let counted = month_of(&desk, &View::office(today()), april());
    let missed: Vec<_> = counted.declared.iter().map(|d| (d.item.as_str(), d.declared, d.on_file, d.missed)).collect();
    assert_eq!(missed, [("penalty", 5, 2, 3), ("permit", 1, 0, 1)]);
}

fn what_has_ended_leaves_no_count_for_the_public(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let last = Date::new(2027, 4, 30).unwrap();
    let next = last.tomorrow().unwrap();
    let publicity = |view: View| {
        let found = desk.service(view.today).quality(&view, april()).unwrap();
        found.units.iter().map(|unit| unit.publicity.whole).sum::<u64>()
    };
    assert_eq!([View::public(last), View::public(next), View::office(next)].map(publicity), [1, 0, 1]);
}

fn what_waits_and_is_due_tomorrow_is_told_the_day_before(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![
        penalty(FIRM, "一号"),
        changed("二号", &[("CF_SY", "联系电话13800138000，超标排放。")]),
        changed("三号", &[("CF_SY", "联系电话13800138000，超标排放。"), ("CF_JDRQ", "2026-05-06")]),
    ]);
    let due = |day: i8, source: Option<&str>| {
        let day = Date::new(2026, 5, day).unwrap();
        desk.service(day).due_tomorrow(&View::office(day), source).unwrap()
    };
    assert_eq!(due(11, Some(OFFICE)).records.len(), 0, "13 May is the last day");
    let eve = due(12, Some(OFFICE));
    assert_eq!(
        eve.records.iter().map(|record| (record.late, &*record.hold)).collect::<Vec<_>>(),
        [(false, "personal_number")]
    );
    assert!(!eve.records[0].hold_text.is_empty());
    assert_eq!(due(12, Some("123799000000000510")).records.len(), 0, "another department's");
    assert!(due(14, None).records[0].late);
    // 30 April and the holiday days after it: seven working days end on 13 May.
    let law = eve.decisions.iter().find(|due| due.deadline == "double-publicity-7wd").unwrap();
    assert!(law.legal && law.decided_on.contains(&Date::new(2026, 4, 30).unwrap()), "{law:?}");
    assert!(law.decided_on.iter().all(|day| *day >= Date::new(2026, 4, 30).unwrap()));
}

both_stores!(
    a_departments_month_is_counted_from_what_it_sent,
    what_a_department_declared_and_did_not_send_is_missed,
    what_has_ended_leaves_no_count_for_the_public,
    what_waits_and_is_due_tomorrow_is_told_the_day_before,
);

#[test]
fn a_month_is_written_with_year_and_month() {
    let running = Month::of(today());
    assert_eq!(quality::month(None, running).unwrap().to_string(), "2026-05");
    assert_eq!(quality::month(Some("2026-04"), running).unwrap().to_string(), "2026-04");
    assert_eq!(quality::month(Some("2026-4"), running).unwrap_err().code(), "bad_parameter");
}
