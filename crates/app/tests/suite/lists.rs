//! Lists across organisations: what is public today and nothing else, whole and in pages, on both databases.

use crate::desk::*;
use credence_app::query::{ListEntry, ListRequest};
use credence_app::{AppError, View};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::Date;

/// Follows a list to its end.
fn whole(desk: &Desk<'_>, day: Date, request: &ListRequest) -> Vec<ListEntry> {
    let (service, view) = (desk.service(day), View::public(day));
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let asked = ListRequest { cursor, limit: Some(7), ..request.clone() };
        let page = service.list(&view, &asked).unwrap();
        assert!(page.items.len() <= 7);
        found.extend(page.items);
        match page.next {
            None => return found,
            next => cursor = next,
        }
    }
}

fn of_penalties() -> ListRequest {
    ListRequest { item: "penalty".to_owned(), ..Default::default() }
}

fn pages_of_a_list_join_without_gap_or_double_newest_decision_first(store: &TestStore) {
    let mut desk = Desk::new(store);
    let rows = (0..40).map(|i| {
        let mut row = penalty(if i % 3 == 0 { FIRM } else { SECOND }, &format!("{i}号"));
        row.insert("CF_JDRQ", format!("2026-04-{:02}", 1 + i % 5));
        row
    });
    desk.send(rows.collect());
    for request in [
        of_penalties(),
        ListRequest { authority: OFFICE.to_owned(), ..Default::default() },
        ListRequest { authority: OFFICE.to_owned(), ..of_penalties() },
        ListRequest::default(),
    ] {
        let found = whole(&desk, today(), &request);
        let mut numbers: Vec<&str> = found.iter().filter_map(|entry| entry.document_number.as_deref()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!((found.len(), numbers.len()), (40, 40), "{request:?}");
        let order: Vec<_> = found.iter().map(|entry| (std::cmp::Reverse(entry.decided_on), &entry.uscc)).collect();
        assert!(order.is_sorted(), "{order:?}");
        assert_eq!(found[0].gist.as_deref(), Some("超标排放污染物"));
    }
}

fn a_list_is_narrowed_by_organ_region_class_and_day(store: &TestStore) {
    let mut desk = Desk::new(store);
    let registry = format!("name,uscc,established,city\n云海市海岳机械制造有限公司,{FIRM},2020-01-01,云海市\n");
    desk.send_from(OFFICE, registry.as_bytes()).unwrap();
    let mut serious = penalty(FIRM, "二号");
    serious.insert("CF_CFLB", "吊销许可证件".to_owned());
    serious.insert("CF_JDRQ", "2026-04-20".to_owned());
    desk.send(vec![penalty(FIRM, "一号"), serious, penalty(SECOND, "三号")]);
    let found = |request: ListRequest| {
        let mut numbers: Vec<_> =
            whole(&desk, today(), &request).into_iter().filter_map(|entry| entry.document_number).collect();
        numbers.sort_unstable();
        numbers
    };
    let text = str::to_owned;
    assert_eq!(found(of_penalties()), ["一号", "三号", "二号"]);
    assert_eq!(found(ListRequest { area: text("云海市"), ..of_penalties() }), ["一号", "二号"]);
    assert_eq!(found(ListRequest { class: text("serious"), ..of_penalties() }), ["二号"]);
    assert_eq!(found(ListRequest { from: text("2026-04-21"), ..of_penalties() }), ["一号", "三号"]);
    assert_eq!(found(ListRequest { to: text("2026-04-20"), ..of_penalties() }), ["二号"]);
    assert_eq!(found(ListRequest { authority: text(SECOND), ..of_penalties() }), Vec::<String>::new());
    assert_eq!(found(ListRequest { item: text("permit"), ..Default::default() }), Vec::<String>::new());
    let service = desk.service(today());
    for (field, request) in [
        ("item", ListRequest { item: text("arrears"), ..Default::default() }),
        ("class", ListRequest { class: text("grave"), ..of_penalties() }),
        ("from", ListRequest { from: text("2026-13-01"), ..of_penalties() }),
        ("to", ListRequest { to: text("yesterday"), ..of_penalties() }),
        ("cursor", ListRequest { cursor: Some(text("00")), ..of_penalties() }),
    ] {
        match service.list(&View::public(today()), &request) {
            Err(AppError::Refused { field: refused, .. }) => assert_eq!(refused, field),
            other => panic!("{field}: {other:?}"),
        }
    }
}

fn what_has_ended_or_is_held_is_on_no_list_and_leaves_no_gap(store: &TestStore) {
    let mut desk = Desk::new(store);
    let mut held = penalty(FIRM, "警告一号");
    held.insert("CF_CFLB", "警告".to_owned());
    held.insert("CF_NR_FK", String::new());
    desk.send(vec![penalty(FIRM, "一号"), penalty(SECOND, "二号"), held]);
    let last = Date::new(2027, 4, 30).unwrap();
    let numbers = |day| {
        let found = whole(&desk, day, &of_penalties());
        found.into_iter().filter_map(|entry| entry.document_number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(today()).len(), 2);
    assert_eq!(numbers(last).len(), 2);
    assert_eq!(numbers(last.tomorrow().unwrap()), Vec::<String>::new());
    // Going on from a record that has ended meanwhile works like going on from any other.
    let service = desk.service(today());
    let first = service.list(&View::public(today()), &ListRequest { limit: Some(1), ..of_penalties() }).unwrap();
    let next = ListRequest { cursor: first.next, ..of_penalties() };
    let after = last.tomorrow().unwrap();
    assert!(desk.service(after).list(&View::public(after), &next).unwrap().items.is_empty());
}

both_stores!(
    pages_of_a_list_join_without_gap_or_double_newest_decision_first,
    a_list_is_narrowed_by_organ_region_class_and_day,
    what_has_ended_or_is_held_is_on_no_list_and_leaves_no_gap,
);
