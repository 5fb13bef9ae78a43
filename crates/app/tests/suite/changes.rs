//! What changed goes back to where it belongs: by the order of the log, under the unit's scope when it reads.

use crate::desk::{Desk, EXPORT, FIRM, OFFICE, SECOND, changed, today};
use credence_app::directory::{self, Unit};
use credence_app::subscription;
use credence_domain::subject::Uscc;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;

const BUREAU: &str = "123799000000000510";

fn with_units(store: &TestStore) -> Desk<'_> {
    let mut desk = Desk::new(store);
    let unit = Unit {
        uscc: BUREAU.to_owned(),
        name: "青禾市社会信用中心".to_owned(),
        level: "city".to_owned(),
        area: "青禾市".to_owned(),
        ..Unit::default()
    };
    directory::set(&mut desk.writer, &unit, &desk.rulebook).unwrap();
    let text =
        format!("name,uscc,established,city\n青禾某厂,{FIRM},2015-01-01,青禾市\n云海某厂,{SECOND},2015-01-01,云海市\n");
    desk.send_from(OFFICE, text.as_bytes()).unwrap();
    desk
}

fn subscribe(desk: &mut Desk<'_>, unit: &str) -> credence_app::Result<bool> {
    subscription::begin(&mut desk.writer, &desk.rulebook, Uscc::parse(unit).unwrap(), "甲")
}

fn a_unit_reads_what_changed_about_its_organisations_and_nothing_else(store: &TestStore) {
    let mut desk = with_units(store);
    assert_eq!(desk.service(today()).changes_of(BUREAU, None, None).unwrap_err().code(), "not_subscribed");
    assert_eq!(subscribe(&mut desk, OFFICE).unwrap_err().code(), "area_unknown");
    assert!(subscribe(&mut desk, BUREAU).unwrap());
    assert!(!subscribe(&mut desk, BUREAU).unwrap());
    let start = desk.service(today()).changes_of(BUREAU, None, None).unwrap();
    assert!(start.items.is_empty() && start.next.is_none());
    let row = |uscc: &str, number: &str, grounds: &str| changed(number, &[("CF_XDR_SHXYM", uscc), ("CF_SY", grounds)]);
    // A telephone number keeps the first of them from the public; the city sees it all the same.
    let rows =
        vec![row(FIRM, "1号", "联系人电话13800138000"), row(FIRM, "2号", "超标排放"), row(SECOND, "3号", "超标排放")];
    desk.send(rows);
    let found = desk.service(today()).changes_of(BUREAU, Some(start.position), None).unwrap();
    let told: Vec<_> = found.items.iter().map(|one| (&*one.uscc, &*one.item, &*one.kind)).collect();
    assert_eq!(told, [(FIRM, "penalty", "import"); 2]);
    assert!(found.items.iter().all(|one| one.position > start.position));
    let bytes = desk.sheet(vec![row(FIRM, "2号", "再次超标排放")], EXPORT);
    desk.send_from(OFFICE, &bytes).unwrap();
    let next = desk.service(today()).changes_of(BUREAU, Some(found.position), None).unwrap();
    assert_eq!(next.items.len(), 1);
    assert!(found.items.iter().any(|one| one.id == next.items[0].id));
    let all = desk.service(today()).changes_of(BUREAU, Some(-1), None).unwrap();
    assert_eq!(all.items.iter().filter(|one| one.item == "registration").count(), 1);
    assert_eq!(all.items.iter().filter(|one| one.item == "penalty").count(), 3);
    let again = desk.service(today()).changes_of(BUREAU, Some(next.position), None).unwrap();
    assert!(again.items.is_empty() && again.position == next.position);
    assert!(subscription::end(&mut desk.writer, &desk.rulebook, Uscc::parse(BUREAU).unwrap(), "甲").unwrap());
    assert_eq!(desk.service(today()).changes_of(BUREAU, None, None).unwrap_err().code(), "not_subscribed");
    desk.verify();
}

both_stores!(a_unit_reads_what_changed_about_its_organisations_and_nothing_else);
