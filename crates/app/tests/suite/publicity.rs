//! Nothing past its last public day is visible in any channel, and nobody needs to press a button.

use crate::desk::*;
use credence_app::View;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::Date;

fn a_record_is_seen_on_its_last_public_day_and_gone_the_day_after(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let last = Date::new(2027, 4, 30).unwrap();
    let next = last.tomorrow().unwrap();
    let penalties = |day: Date| -> u64 {
        let home = desk.service(day).home(&View::public(day)).unwrap();
        home.items.iter().filter(|count| count.item == "penalty").map(|count| count.count).sum()
    };
    assert_eq!((desk.public_records(last), penalties(last)), (1, 1));
    assert_eq!((desk.public_records(next), penalties(next)), (0, 0));
    let record = &desk.service(today()).organisation(&View::public(today()), FIRM).unwrap().records[0];
    assert_eq!(record.public_due_on, Date::new(2026, 5, 13).ok());
    assert_eq!((record.public_through_on, record.repair_from_on), (Some(last), Date::new(2026, 7, 31).ok()));
    assert!(!record.late && record.class.as_deref() == Some("general") && record.class_stated == Some(false));
    // Sent again after its end it never comes back.
    desk.clock.move_to(next);
    assert_eq!(desk.send(vec![penalty(FIRM, "一号")]).counts.unchanged, 1);
    let again = desk.send(vec![changed("一号", &[("CF_NR", "另一内容")])]);
    assert_eq!(desk.rejected(&again), [(2, "record_ended".to_owned())]);
    assert_eq!(desk.public_records(next), 0);
    desk.verify();
}

fn a_grade_adds_up_changes_at_midnight_and_is_said_of_registered_synthetic_organisations_only(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let evaluation = |desk: &Desk<'_>, day| desk.service(day).evaluation(&View::public(day), FIRM).unwrap();
    assert_eq!(evaluation(&desk, today()).grade, None, "unregistered");
    let real = "91110000600037341L";
    let registry = format!(
        "name,uscc,established\n云海市海岳机械制造有限公司,{FIRM},2020-01-01\n某真实名称公司,{real},1999-01-01\n"
    );
    desk.send_from(OFFICE, registry.as_bytes()).unwrap();
    let (last, next) = (Date::new(2027, 4, 30).unwrap(), Date::new(2027, 5, 1).unwrap());
    let before = evaluation(&desk, last);
    assert_eq!((before.grade, before.points), (Some("B"), Some(940)));
    assert_eq!(before.points.unwrap(), before.base.unwrap() + before.lines.iter().map(|line| line.points).sum::<i64>());
    assert!(before.would_change.iter().any(|change| change.on == Some(next)));
    let after = evaluation(&desk, next);
    assert_eq!((after.grade, after.points, after.lines.len()), (Some("A"), Some(1000), 0));
    let nobody = desk.service(last).evaluation(&View::public(last), real).unwrap();
    assert_eq!((nobody.grade, nobody.points, nobody.base), (None, None, None));
}

fn what_its_sender_states_is_not_for_the_public_is_shown_to_nobody(store: &TestStore) {
    let mut desk = Desk::new(store);
    let head = "name,uscc,number,kind,content,decided_on,owner_name,owner_uscc,disclosure_stated";
    let row = |number: &str, stated: &str| {
        format!(
            "云海市海岳机械制造有限公司,{FIRM},{number},其他,依法经营,2026-05-06,云海市生态环境局,{OFFICE},{stated}"
        )
    };
    let rows = [row("一", "可向社会公开"), row("二", "2"), row("三", "不可公开"), row("四", "")];
    let report = desk.send_from(OFFICE, format!("{head}\n{}\n", rows.join("\n")).as_bytes()).unwrap();
    assert_eq!((report.counts.accepted, report.counts.held, desk.public_records(today())), (4, 0, 2));
    let all = desk.service(today()).organisation(&View::office(today()), FIRM).unwrap().records;
    let public = all.iter().filter(|record| record.public_from_on.is_some()).count();
    assert_eq!((all.len(), public), (4, 2), "the office keeps them");
    desk.verify();
}

both_stores!(
    what_its_sender_states_is_not_for_the_public_is_shown_to_nobody,
    a_record_is_seen_on_its_last_public_day_and_gone_the_day_after,
    a_grade_adds_up_changes_at_midnight_and_is_said_of_registered_synthetic_organisations_only,
);

#[test]
fn both_databases_hold_the_same_digest_after_the_same_files() {
    let digests = [TestStore::sqlite(), TestStore::postgres()].map(|store| {
        let mut desk = Desk::new(&store);
        desk.send((0..300).map(|i| penalty(if i % 3 == 0 { FIRM } else { SECOND }, &format!("{i}号"))).collect());
        desk.send(vec![changed("3号", &[("CF_NR", "更正")])]);
        desk.digest()
    });
    assert_eq!(digests[0], digests[1]);
}
