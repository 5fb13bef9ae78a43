//! Whoever works off what is held looks into what is not public: the journal has each organisation once a day before it is shown, and no rule
//! over the journal takes the work for curiosity.

use crate::desk::*;
use crate::queue::{Account, BUREAU, peopled_with};
use credence_domain::access::Role;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;

const ACCOUNTS: [Account; 2] = [("o.office", Role::Office, BUREAU, "7"), ("o.reviewer", Role::Reviewer, OFFICE, "8")];

fn what_is_held_is_noted_once_a_day_for_each_organisation(store: &TestStore) {
    let mut desk = peopled_with(store, &ACCOUNTS);
    let small = [("CF_NR_FK", "0.3")];
    desk.send(vec![changed("一号", &small), changed("二号", &small), penalty(SECOND, "不等")]);
    let looks = |desk: &Served<'_>, uscc: &str| {
        let page = desk.service.journal(Role::Auditor, uscc, None, 100).unwrap();
        page.items.into_iter().map(|look| (look.account.unwrap(), look.purpose, look.what)).collect::<Vec<_>>()
    };
    let office = desk.service.acting_as("o.office").unwrap();
    let read = |desk: &Served<'_>| {
        desk.service.read_held_page(&desk.working, &office, None, (None, None)).unwrap().items.len()
    };
    assert_eq!((read(&desk), read(&desk)), (2, 2));
    let noted = ("o.office".to_owned(), "data_quality".to_owned(), "held".to_owned());
    assert_eq!(looks(&desk, FIRM), [noted], "once, and nothing of whom the page does not show");
    assert_eq!(looks(&desk, SECOND), []);
    // The organisation sees which unit looked.
    let own = desk.service.journal(Role::Organisation, FIRM, None, 100).unwrap().items;
    assert_eq!((own.len(), own[0].unit.as_str(), &own[0].account), (1, BUREAU, &None));
    // What his own unit sent is his unit's own.
    let reviewer = desk.service.acting_as("o.reviewer").unwrap();
    let one = desk.service.held_records().unwrap().remove(0);
    assert!(desk.service.read_held_record(&desk.working, &reviewer, &one.id).unwrap().is_some());
    assert_eq!(looks(&desk, FIRM).len(), 1);
    let next = desk.clock.today().tomorrow().unwrap();
    desk.clock.move_to(next);
    assert!(desk.service.read_held_record(&desk.working, &office, &one.id).unwrap().is_some());
    assert_eq!(looks(&desk, FIRM).len(), 2);
    assert!(desk.service.incidents((None, None)).unwrap().items.is_empty());
    desk.verify();
    desk.writer.connection().execute("update access_journal set unit = 'x'", &[]).unwrap();
    let found = credence_app::verify::verify(&store.address).unwrap();
    let failing: Vec<_> = found.requirements.iter().filter(|one| one.failed > 0).map(|one| one.id).collect();
    assert_eq!(failing, ["access_journal"]);
}

both_stores!(what_is_held_is_noted_once_a_day_for_each_organisation,);
