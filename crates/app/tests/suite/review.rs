//! What waits becomes public by a person's act only, from the day of that act on.

use crate::desk::*;
use credence_app::batch::release;
use credence_app::query::search::SearchRequest;
use credence_app::review::withhold::{Finding, withhold};
use credence_app::review::{self, Decision};
use credence_app::{AppError, View};
use credence_domain::record::secrecy::Ground;
use credence_testkit::both_stores;
use credence_testkit::province::Row;
use credence_testkit::stores::TestStore;
use jiff::civil::Date;

const OTHER: &str = "123799000000000510";

const ORDINARY: Decision<'static> =
    Decision { actor: "复核员", reason: "经核对案卷，适用普通程序", secrecy_review: "" };

fn later() -> Date {
    Date::new(2026, 5, 20).unwrap()
}

fn held(desk: &Desk<'_>) -> Vec<(String, String, Vec<String>)> {
    let held = desk.service(later()).held_records().unwrap();
    held.into_iter().map(|one| (one.id, one.hold, one.fields)).collect()
}

fn code<T: std::fmt::Debug>(done: Result<T, AppError>) -> String {
    done.unwrap_err().code().to_owned()
}

fn a_small_fine_is_released_only_with_the_statement_that_the_ordinary_procedure_was_applied(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![changed("一号", &[("CF_NR_FK", "0.3")])]);
    desk.clock.move_to(later());
    let ids: Vec<String> = held(&desk).into_iter().map(|(id, ..)| id).collect();
    let silent = Decision { reason: "没有问题", ..ORDINARY };
    assert_eq!(code(review::release(&mut desk.writer, &desk.rulebook, &ids, silent)), "procedure_not_stated");
    assert_eq!(desk.public_records(later()), 0);
    let done = review::release(&mut desk.writer, &desk.rulebook, &ids, ORDINARY).unwrap();
    assert_eq!((done.released, done.records[0].public_from_on), (1, Some(later())));
    let record = &desk.service(later()).organisation(&View::public(later()), FIRM).unwrap().records[0];
    assert_eq!((record.public_from_on, record.published_on, record.version), (Some(later()), Some(later()), 2));
    assert!(desk.service(later()).held_records().unwrap().is_empty());
    assert_eq!(code(review::release(&mut desk.writer, &desk.rulebook, &ids, ORDINARY)), "not_held");
    // Sent again as it was, it stays released.
    assert_eq!(desk.send(vec![changed("一号", &[("CF_NR_FK", "0.3")])]).counts.unchanged, 1);
    assert_eq!(desk.public_records(later()), 1);
    desk.verify();
}

fn a_personal_number_leaves_what_is_public_before_the_record_becomes_so(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![changed("一号", &[("CF_SY", "当事人联系电话13900000000。")])]);
    let (id, hold, fields) = held(&desk).remove(0);
    assert_eq!((hold.as_str(), fields), ("personal_number", vec!["CF_SY".to_owned()]));
    let ids = [id.clone()];
    assert_eq!(code(review::release(&mut desk.writer, &desk.rulebook, &ids, ORDINARY)), "redaction_needed");
    let wrong = review::redact(&mut desk.writer, &desk.rulebook, &id, "CF_NR", ORDINARY);
    assert_eq!(code(wrong), "no_personal_number");
    let done = review::redact(&mut desk.writer, &desk.rulebook, &id, "CF_SY", ORDINARY).unwrap();
    assert_eq!((done.state.as_str(), done.hold.as_str()), ("accepted", ""));
    let record = &desk.service(today()).organisation(&View::public(today()), FIRM).unwrap().records[0];
    assert!(record.content.get("CF_SY").is_none() && record.content.get("CF_NR").is_some());
    assert!(!serde_json::to_string(record).unwrap().contains("13900000000"));
    // Sent again as it was, it is the same record and stays as it was redacted.
    let again = desk.send(vec![changed("一号", &[("CF_SY", "当事人联系电话13900000000。")])]);
    assert_eq!((again.counts.unchanged, desk.public_records(today())), (1, 1));
    desk.verify();
}

fn a_first_batch_that_brought_nothing_lets_no_later_one_through(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send_over_http(Vec::new(), "空");
    desk.send_over_http(vec![changed("一号", &[("CF_JDRQ", "2025-13-01")])], "错");
    let report = desk.send_over_http(vec![penalty(FIRM, "一号")], "真");
    let batch = desk.service(today()).batch(&report.batch).unwrap().summary;
    assert_eq!((batch.hold.as_deref(), report.counts.held), (Some("first_http_batch"), 1));
    assert_eq!(desk.public_records(today()), 0);
}

fn a_record_that_waits_names_nobody_until_it_is_released(store: &TestStore) {
    let mut desk = Desk::new(store);
    let known = |desk: &Desk<'_>| {
        let service = desk.service(today());
        let view = View::public(today());
        let name = service.organisation(&view, FIRM).unwrap().summary.name;
        let found = |q: &str| service.search(&view, &SearchRequest { q: q.to_owned(), ..Default::default() }).unwrap();
        (name, found("试验公司").items.len() + found("1390000").items.len() + found("海岳机械").items.len())
    };
    desk.send(vec![changed("一号", &[("CF_XDR_MC", "试验公司13900000000")])]);
    assert_eq!(known(&desk), (String::new(), 0));
    let (id, _, fields) = held(&desk).remove(0);
    assert_eq!(fields, ["CF_XDR_MC"]);
    review::redact(&mut desk.writer, &desk.rulebook, &id, "CF_XDR_MC", ORDINARY).unwrap();
    assert_eq!(
        (known(&desk), desk.public_records(today())),
        ((String::new(), 0), 1),
        "what was taken out names nobody"
    );
    // The first that does not wait does, and nothing contradicts it.
    desk.send(vec![penalty(FIRM, "二号")]);
    assert_eq!(known(&desk), ("云海市海岳机械制造有限公司".to_owned(), 1));
    assert!(desk.service(today()).name_conflicts(&View::office(today())).unwrap().is_empty());
    desk.verify();
}

fn an_organisation_that_only_a_waiting_batch_names_is_found_by_nobody(store: &TestStore) {
    let mut desk = Desk::new(store);
    let found = |desk: &Desk<'_>, day| {
        let request = SearchRequest { q: "海岳机械".to_owned(), ..Default::default() };
        desk.service(day).search(&View::public(day), &request).unwrap().items.len()
    };
    let batch = desk.send_over_http(vec![penalty(FIRM, "一号")], "一").batch;
    assert_eq!(found(&desk, today()), 0);
    release::release(&mut desk.writer, &desk.rulebook, &batch, ORDINARY).unwrap();
    let name = desk.service(today()).organisation(&View::public(today()), FIRM).unwrap().summary.name;
    assert_eq!((found(&desk, today()), name.as_str()), (1, "云海市海岳机械制造有限公司"));
    // Its name goes with its last public record, for nothing else names it.
    let last = Date::new(2027, 4, 30).unwrap();
    assert_eq!((found(&desk, last), found(&desk, last.tomorrow().unwrap())), (1, 0));
    let after = View::public(last.tomorrow().unwrap());
    assert_eq!(desk.service(after.today).organisation(&after, FIRM).unwrap().summary.name, "");
    desk.verify();
}

fn every_batch_over_http_waits_until_one_of_the_unit_is_released(store: &TestStore) {
    let mut desk = Desk::new(store);
    let numbers = ["一", "二", "三"];
    let send =
        |desk: &mut Desk<'_>, number: &str| desk.send_over_http(vec![penalty(FIRM, &format!("{number}号"))], number);
    let batches: Vec<String> = numbers.map(|number| send(&mut desk, number).batch).to_vec();
    let hold = |desk: &Desk<'_>, batch: &str| desk.service(today()).batch(batch).unwrap().summary.hold;
    for batch in &batches {
        assert_eq!(hold(&desk, batch).as_deref(), Some("first_http_batch"), "{batch}");
    }
    assert_eq!(desk.public_records(today()), 0);
    release::release(&mut desk.writer, &desk.rulebook, &batches[1], ORDINARY).unwrap();
    assert_eq!(desk.public_records(today()), 1);
    let next = send(&mut desk, "四").batch;
    assert_eq!(hold(&desk, &next), None);
    assert_eq!(desk.public_records(today()), 2);
    // What came before waits for a release of its own.
    assert_eq!(hold(&desk, &batches[0]).as_deref(), Some("first_http_batch"));
    release::release(&mut desk.writer, &desk.rulebook, &batches[0], ORDINARY).unwrap();
    assert_eq!(desk.public_records(today()), 3);
    desk.verify();
}

fn a_key_that_sends_far_more_than_usual_waits_however_it_cuts_it_up(store: &TestStore) {
    let mut desk = Desk::new(store);
    let rows =
        |from: usize, many: usize| (from..from + many).map(|at| penalty(FIRM, &format!("{at}号"))).collect::<Vec<_>>();
    let hold = |desk: &Desk<'_>, batch: &str| desk.service(desk.clock.today()).batch(batch).unwrap().summary.hold;
    let first = desk.send_over_http(rows(0, 2), "一").batch;
    release::release(&mut desk.writer, &desk.rulebook, &first, ORDINARY).unwrap();
    desk.clock.move_to(later());
    let send = |desk: &mut Desk<'_>, from: usize, many: usize| {
        let batch = desk.send_over_http(rows(from, many), &format!("第{from}")).batch;
        hold(desk, &batch)
    };
    // Ten times the usual two go through, in one batch or in several; the next row of that day does not.
    assert_eq!(send(&mut desk, 100, 12), None);
    assert_eq!(send(&mut desk, 200, 9).as_deref(), Some("unusual_volume"));
    assert_eq!(send(&mut desk, 300, 8).as_deref(), Some("unusual_volume"), "what waits is of that day too");
    desk.clock.move_to(later().tomorrow().unwrap());
    // What waits has made nothing more usual.
    assert_eq!(send(&mut desk, 400, 21).as_deref(), Some("unusual_volume"));
    desk.verify();
}

fn the_first_batch_over_http_becomes_public_by_its_release_but_not_the_rows_with_holds_of_their_own(store: &TestStore) {
    let mut desk = Desk::new(store);
    let rows = vec![penalty(FIRM, "一号"), penalty(SECOND, "二号"), changed("三号", &[("CF_NR_FK", "0.3")])];
    let report = desk.send_over_http(rows, "一");
    let batch = desk.service(today()).batch(&report.batch).unwrap().summary;
    assert_eq!(
        (batch.state.as_str(), batch.hold.as_deref(), report.counts.held),
        ("held", Some("first_http_batch"), 3)
    );
    assert_eq!(desk.public_records(today()), 0);
    desk.verify();
    // A reviewed row goes on waiting with its batch, and one of the batch alone cannot be let go.
    let rows = held(&desk);
    let with = |hold: &str| vec![rows.iter().find(|(_, found, _)| found == hold).unwrap().0.clone()];
    let single = review::release(&mut desk.writer, &desk.rulebook, &with("first_http_batch"), ORDINARY);
    assert_eq!(code(single), "batch_waits");
    desk.clock.move_to(later());
    let done = release::release(&mut desk.writer, &desk.rulebook, &report.batch, ORDINARY).unwrap();
    assert_eq!((done.released, done.still_held, done.state.as_str()), (2, 1, "done"));
    assert_eq!(desk.service(later()).batch(&report.batch).unwrap().summary.state, "done");
    let records = desk.service(later()).organisation(&View::public(later()), FIRM).unwrap().records;
    assert_eq!((records.len(), records[0].public_from_on), (1, Some(later())));
    let again = release::release(&mut desk.writer, &desk.rulebook, &report.batch, ORDINARY);
    assert_eq!(code(again), "not_held");
    review::release(&mut desk.writer, &desk.rulebook, &with("maybe_simple_procedure"), ORDINARY).unwrap();
    assert_eq!(desk.public_records(later()), 2);
    desk.verify();
}

fn a_row_reviewed_while_its_batch_waits_becomes_public_with_the_batch(store: &TestStore) {
    let mut desk = Desk::new(store);
    let rows = vec![changed("三号", &[("CF_NR_FK", "0.3")]), changed("四号", &[("CF_SY", "电话13900000000")])];
    let report = desk.send_over_http(rows, "一");
    let waiting = held(&desk);
    let id = |hold: &str| waiting.iter().find(|(_, found, _)| found == hold).unwrap().0.clone();
    let done = review::release(&mut desk.writer, &desk.rulebook, &[id("maybe_simple_procedure")], ORDINARY).unwrap();
    assert_eq!((done.released, done.records[0].hold.as_str()), (0, "first_http_batch"));
    review::redact(&mut desk.writer, &desk.rulebook, &id("personal_number"), "CF_SY", ORDINARY).unwrap();
    assert_eq!(desk.public_records(today()), 0);
    let done = release::release(&mut desk.writer, &desk.rulebook, &report.batch, ORDINARY).unwrap();
    assert_eq!((done.released, done.still_held, desk.public_records(today())), (2, 0, 2));
    desk.verify();
}

fn a_batch_without_a_secrecy_review_needs_the_name_of_a_reviewer(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.secrecy_review = String::new();
    let report = desk.send(vec![penalty(FIRM, "一号")]);
    let unnamed = release::release(&mut desk.writer, &desk.rulebook, &report.batch, ORDINARY);
    assert_eq!(code(unnamed), "secrecy_review_needed");
    let named = Decision { secrecy_review: "审查员", ..ORDINARY };
    release::release(&mut desk.writer, &desk.rulebook, &report.batch, named).unwrap();
    assert_eq!(desk.public_records(today()), 1);
    assert_eq!(desk.service(today()).batch(&report.batch).unwrap().summary.secrecy_review, "审查员");
    desk.verify();
}

fn a_registration_that_waits_names_its_organisation_only_when_it_is_released(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let registry = format!("name,uscc,established\n云海市新名机械制造有限公司,{FIRM},2020-01-01\n");
    desk.secrecy_review = String::new();
    let report = desk.send_from(OFFICE, registry.as_bytes()).unwrap();
    let seen = |desk: &Desk<'_>| {
        let found = desk.service(today()).organisation(&View::public(today()), FIRM).unwrap();
        (found.summary.name, found.summary.registered)
    };
    assert_eq!(seen(&desk), ("云海市海岳机械制造有限公司".to_owned(), false));
    desk.verify();
    let named = Decision { secrecy_review: "审查员", ..ORDINARY };
    release::release(&mut desk.writer, &desk.rulebook, &report.batch, named).unwrap();
    assert_eq!(seen(&desk), ("云海市新名机械制造有限公司".to_owned(), true));
    desk.verify();
}

/// A row of the bureau's as another unit sends it.
fn from_another(row: &Row) -> Row {
    let mut theirs = row.clone();
    theirs.insert("CF_SJLYDM", OTHER.to_owned());
    theirs
}

/// A row of the bureau's that another unit has sent first.
fn sent_by_another(desk: &mut Desk<'_>, row: &Row) {
    let bytes = desk.sheet(vec![from_another(row)], EXPORT);
    assert_eq!(desk.send_from(OTHER, &bytes).unwrap().counts.held, 1);
}

fn what_a_reviewer_took_out_does_not_come_back_with_the_owner(store: &TestStore) {
    let mut desk = Desk::new(store);
    let row = changed("一号", &[("CF_SY", "当事人联系电话13900000000。")]);
    sent_by_another(&mut desk, &row);
    let (id, ..) = held(&desk).remove(0);
    review::redact(&mut desk.writer, &desk.rulebook, &id, "CF_SY", ORDINARY).unwrap();
    assert_eq!(desk.public_records(today()), 1);
    // The authority says the same row, number and all: it becomes the owner, and the record waits for a reviewer again.
    assert_eq!(desk.send(vec![row]).counts.unchanged, 1);
    assert_eq!(desk.public_records(today()), 0);
    assert_eq!(held(&desk)[0].1, "personal_number");
    desk.verify();
    review::redact(&mut desk.writer, &desk.rulebook, &id, "CF_SY", ORDINARY).unwrap();
    let record = &desk.service(today()).organisation(&View::public(today()), FIRM).unwrap().records[0];
    assert_eq!((record.source.as_str(), record.content.get("CF_SY")), (OFFICE, None));
    desk.verify();
}

fn a_row_that_was_redacted_and_withheld_is_the_same_row_when_it_comes_again(store: &TestStore) {
    let mut desk = Desk::new(store);
    let row = changed("一号", &[("CF_SY", "当事人联系电话13900000000。")]);
    desk.send(vec![row.clone()]);
    let (id, ..) = held(&desk).remove(0);
    review::redact(&mut desk.writer, &desk.rulebook, &id, "CF_SY", ORDINARY).unwrap();
    let finding = Finding::Withhold { ground: Ground::CommercialSecret, clause: "政府信息公开条例 十五" };
    let fields = ["CF_WFXW".to_owned()];
    withhold(&mut desk.writer, &desk.rulebook, (&id, &fields), finding, ORDINARY).unwrap();
    assert_eq!(desk.send(vec![row.clone()]).counts.unchanged, 1);
    let bytes = desk.sheet(vec![from_another(&row)], EXPORT);
    assert_eq!(desk.send_from(OTHER, &bytes).unwrap().counts.unchanged, 1);
    let record = &desk.service(today()).organisation(&View::public(today()), FIRM).unwrap().records[0];
    assert_eq!((record.content.get("CF_SY"), record.content.get("CF_WFXW")), (None, None));
    assert_eq!((held(&desk).len(), desk.public_records(today())), (0, 1));
    desk.verify();
}

fn what_waits_for_anothers_batch_waits_no_longer_once_its_owner_has_sent_it(store: &TestStore) {
    let mut desk = Desk::new(store);
    let declared = std::mem::take(&mut desk.secrecy_review);
    let row = penalty(FIRM, "一号");
    sent_by_another(&mut desk, &row);
    assert_eq!((held(&desk)[0].1.as_str(), desk.public_records(today())), ("no_secrecy_review", 0));
    let name = |desk: &Desk<'_>| desk.service(today()).organisation(&View::public(today()), FIRM).unwrap().summary.name;
    assert_eq!(name(&desk), "");
    desk.secrecy_review = declared;
    assert_eq!(desk.send(vec![row]).counts.unchanged, 1);
    assert_eq!((held(&desk).len(), desk.public_records(today())), (0, 1));
    assert_eq!(name(&desk), "云海市海岳机械制造有限公司", "and its name with it");
    desk.verify();
}

fn what_waits_is_read_in_pages_by_reason_and_named_by_its_organisation(store: &TestStore) {
    let mut desk = Desk::new(store);
    let small = [("CF_NR_FK", "0.3")];
    let mut rows: Vec<Row> = (1..=5).map(|n| changed(&format!("{n}号"), &small)).collect();
    rows.push(changed("电话", &[("CF_SY", "当事人联系电话13900000000。")]));
    rows.push(penalty(SECOND, "不等"));
    desk.send(rows);
    let service = desk.service(today());
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = service.held_page(None, cursor.as_deref(), Some(2)).unwrap();
        assert!(page.items.len() <= 2);
        seen.extend(page.items.into_iter().map(|one| one.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, held(&desk).into_iter().map(|(id, ..)| id).collect::<Vec<_>>());
    assert_eq!(seen.len(), 6);
    let numbers = service.held_page(Some("personal_number"), None, None).unwrap();
    assert_eq!((numbers.items.len(), numbers.items[0].document_number.as_str()), (1, "电话"));
    assert_eq!(code(service.held_page(Some("because"), None, None)), "bad_parameter");
    for wrong in ["00", "zz", &"61".repeat(9)] {
        assert_eq!(code(service.held_page(None, Some(wrong), None)), "bad_cursor");
    }
    let (own, other) = (format!("{FIRM}/{}", numbers.items[0].id), format!("{SECOND}/{}", numbers.items[0].id));
    let redact =
        |desk: &mut Desk<'_>, id: &str| review::redact(&mut desk.writer, &desk.rulebook, id, "CF_SY", ORDINARY);
    assert_eq!(code(redact(&mut desk, &other)), "not_found");
    assert_eq!(redact(&mut desk, &own).unwrap().state, "accepted");
    let some: Vec<String> = seen.iter().filter(|id| !own.ends_with(*id)).map(|id| format!("{FIRM}/{id}")).collect();
    let done = review::release(&mut desk.writer, &desk.rulebook, &some, ORDINARY).unwrap();
    assert_eq!((done.released, held(&desk).len()), (5, 0));
    desk.verify();
}

both_stores!(
    a_record_that_waits_names_nobody_until_it_is_released,
    an_organisation_that_only_a_waiting_batch_names_is_found_by_nobody,
    what_waits_is_read_in_pages_by_reason_and_named_by_its_organisation,
    a_row_that_was_redacted_and_withheld_is_the_same_row_when_it_comes_again,
    what_a_reviewer_took_out_does_not_come_back_with_the_owner,
    what_waits_for_anothers_batch_waits_no_longer_once_its_owner_has_sent_it,
    a_small_fine_is_released_only_with_the_statement_that_the_ordinary_procedure_was_applied,
    a_personal_number_leaves_what_is_public_before_the_record_becomes_so,
    every_batch_over_http_waits_until_one_of_the_unit_is_released,
    a_key_that_sends_far_more_than_usual_waits_however_it_cuts_it_up,
    a_first_batch_that_brought_nothing_lets_no_later_one_through,
    the_first_batch_over_http_becomes_public_by_its_release_but_not_the_rows_with_holds_of_their_own,
    a_row_reviewed_while_its_batch_waits_becomes_public_with_the_batch,
    a_batch_without_a_secrecy_review_needs_the_name_of_a_reviewer,
    a_registration_that_waits_names_its_organisation_only_when_it_is_released,
);
