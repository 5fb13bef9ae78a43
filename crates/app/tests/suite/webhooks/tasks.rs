//! A unit's own tasks are brought to whoever asked for them, by number alone, and its system works on them with its key.

use super::world::World;
use crate::desk::{Desk, FIRST, OFFICE, SECOND, penalty};
use crate::listing as lists;
use crate::measures::listed;
use credence_app::account::Person;
use credence_app::listing::Doing as OfListing;
use credence_app::measure::{self, Doing};
use credence_app::webhook::{self, Asked, Sender};
use credence_app::{Service, directory};
use credence_domain::listing::{Filed, RemedyKind};
use credence_testkit::both_stores;
use credence_testkit::receiver::Receiver;
use credence_testkit::stores::TestStore;
use serde_json::{Value, json};
use std::sync::Arc;

both_stores!(tasks_are_brought_by_number_and_worked_on_by_the_units_system,);

/// What the messages that came say of tasks; none where they say nothing.
fn told(receiver: &Receiver) -> Option<Vec<Value>> {
    let bodies: Vec<Value> =
        receiver.take().iter().map(|message| serde_json::from_slice(&message.body).unwrap()).collect();
    let mut told = None;
    for tasks in bodies.iter().filter_map(|body| body["tasks"].as_array()) {
        told.get_or_insert_with(Vec::new).extend(tasks.iter().cloned());
    }
    told
}

fn tasks_are_brought_by_number_and_worked_on_by_the_units_system(store: &TestStore) {
    let Desk { rulebook, clock, writer, secrecy_review, window_bytes, .. } = Desk::new(store);
    drop(writer);
    let service = Arc::new(Service::open(store.address.clone(), clock.clone(), None).unwrap());
    let working = Arc::new(credence_app::desk::Desk::open(&service).unwrap());
    let writer = working.writer().unwrap();
    let mut desk = Desk { store, rulebook, clock, writer, secrecy_review, window_bytes };
    desk.send(vec![penalty(SECOND, "二号")]);
    let unit =
        directory::Unit { uscc: SECOND.to_owned(), name: "示例二单位".to_owned(), ..directory::Unit::default() };
    directory::set(&mut desk.writer, &unit, &desk.rulebook).unwrap();

    let [own, silent, other] = [(); 3].map(|()| Receiver::new());
    for (receiver, unit, tasks) in [(&own, OFFICE, true), (&silent, OFFICE, false), (&other, SECOND, true)] {
        let asked = Asked { url: receiver.url(), tasks, ..Asked::default() };
        let hook = webhook::add(&service, &working, &World::anywhere(), &World::holder(unit), &asked).unwrap();
        assert_eq!(hook.tasks, tasks);
    }
    let sender = Sender::new(Arc::clone(&service), Arc::clone(&working), World::anywhere());
    let send_all = || while sender.turn().unwrap() {};
    let case = listed(&mut desk);
    send_all();
    let tasks = told(&own).unwrap();
    assert_eq!(tasks.len(), 1, "what is nobody's task is told to nobody: {tasks:?}");
    let number = tasks[0]["measure"].as_str().unwrap().to_owned();
    assert_eq!(tasks[0]["task"], json!("begun"));
    // The number and what happened, and nothing of whom it concerns or what it is.
    assert_eq!(tasks[0].as_object().unwrap().len(), 3, "{tasks:?}");
    assert_eq!((told(&silent), told(&other)), (None, Some(Vec::new())));

    // The unit's system reads what it was told of, and does its task; another unit's finds nothing.
    let (system, stranger) = (Person::system("K1", OFFICE), Person::system("K2", SECOND));
    assert_eq!(service.measure_in_force(&working, &system, &number).unwrap().head.number, number);
    assert_eq!(service.measure_in_force(&working, &stranger, &number).unwrap_err().code(), "not_found");
    assert!(service.measures_in_force(&stranger, None, FIRST).unwrap().items.is_empty());
    let step = |who: &Person, doing: &Doing| measure::step_as(&service, &working, who, &number, doing);
    assert_eq!(step(&stranger, &Doing::Acknowledge {}).unwrap_err().code(), "not_found");
    let end = Doing::End { reason: "提前终止".to_owned() };
    assert_eq!(step(&system, &end).unwrap_err().code(), "forbidden", "persons decide");
    let done = step(&system, &Doing::Acknowledge {}).unwrap();
    assert_eq!(done.tasks[0].state, "acknowledged");

    // A stay is told the same way, and its end; what the unit itself did is not.
    let on = desk.clock.today();
    let filed =
        Filed { kind: RemedyKind::Reconsideration, number: "复1号".to_owned(), body: "市政府".to_owned(), on };
    lists::step(&mut desk, "丙", &case, &OfListing::FileRemedy { filed }).unwrap();
    for doing in
        [OfListing::Stay { number: "复1号".to_owned(), on }, OfListing::LiftStay { number: "复1号".to_owned(), on }]
    {
        lists::step(&mut desk, "乙", &case, &doing).unwrap();
    }
    send_all();
    let tasks = told(&own).unwrap();
    let said: Vec<&str> = tasks.iter().filter_map(|task| task["task"].as_str()).collect();
    assert_eq!(said, ["suspended", "resumed"]);
    let places: Vec<i64> = tasks.iter().filter_map(|task| task["position"].as_i64()).collect();
    assert!(places.is_sorted() && places.len() == 2);
    assert_eq!(told(&other), Some(Vec::new()));
    desk.verify();
}
