//! Repairs: told beforehand, applied for, decided by another person; a grant ends everything in one act, a revocation is recorded.

use crate::desk::*;
use crate::measures::{listed, sector};
use credence_app::batch::withdraw::withdraw;
use credence_app::collect;
use credence_app::listing::{self, Clerk};
use credence_app::measure::{self, Beginning};
use credence_app::repair::{self, Applying, Doing, RepairView};
use credence_app::review::Decision;
use credence_app::{AppError, View};
use credence_domain::listing::Delivery;
use credence_domain::record::{Instruction, Operation};
use credence_domain::repair::{Fault, Paper};
use credence_domain::subject::Uscc;
use credence_store::values;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::{Date, date};

pub fn clerk(name: &str, desk: &Desk<'_>) -> Clerk {
    Clerk { name: name.to_owned(), view: View::office(desk.clock.today()) }
}

pub fn code<T: std::fmt::Debug>(done: Result<T, AppError>) -> &'static str {
    done.unwrap_err().code()
}

/// Ids of the public records of an item.
pub fn public(desk: &Desk<'_>, item: &str) -> Vec<String> {
    let day = desk.clock.today();
    let records = desk.service(day).organisation(&View::public(day), FIRM).unwrap().records;
    records.into_iter().filter(|one| one.item == item).map(|one| one.id).collect()
}

pub fn asked(desk: &Desk<'_>, record: &str) -> Applying {
    Applying {
        record: record.to_owned(),
        channel: String::new(),
        reference: String::new(),
        window_on: None,
        arrived_on: None,
        rectified: "罚款已缴清，污染已治理（示例）".to_owned(),
        papers: vec![Paper {
            kind: "proof".to_owned(),
            number: "缴款书1号".to_owned(),
            digest: String::new(),
            file: false,
        }],
        clauses: ["performed", "truth", "lawful", "supervision", "punishment"].map(str::to_owned).to_vec(),
        signed_on: Some(desk.clock.today()),
        plan: None,
        completed: None,
    }
}

fn apply(desk: &mut Desk<'_>, unit: &str, asked: &Applying) -> Result<RepairView, AppError> {
    let by = clerk("申请人", desk);
    repair::apply(&mut desk.writer, &desk.rulebook, (&by, unit), asked)
}

/// The organisation applies for itself.
pub fn apply_own(desk: &mut Desk<'_>, record: &str) -> Result<RepairView, AppError> {
    let asked = asked(desk, record);
    apply(desk, "", &asked)
}

pub fn step(
    desk: &mut Desk<'_>,
    (by, unit): (&str, &str),
    number: &str,
    doing: &Doing,
) -> Result<RepairView, AppError> {
    let by = clerk(by, desk);
    repair::step(&mut desk.writer, &desk.rulebook, (&by, unit), number, doing)
}

/// Passed on and accepted.
pub fn accepted(desk: &mut Desk<'_>, number: &str) {
    let push = Doing::Push { opinion: "材料齐全".to_owned() };
    step(desk, ("窗口", SECOND), number, &push).unwrap();
    step(desk, ("受理", OFFICE), number, &Doing::Accept {}).unwrap();
}

pub fn grant() -> Doing {
    Doing::Grant { findings: "罚款已缴清，现场核查已整改".to_owned(), conditions: every_condition() }
}

/// Codes of every condition that any order asks for.
pub fn every_condition() -> Vec<String> {
    let codes = ["minimum", "performed", "rectified", "harm_removed", "no_repeat", "promise", "papers", "not_barred"];
    codes.into_iter().chain(["public_interest"]).map(str::to_owned).collect()
}

/// Somebody proposes to revoke, and the notice is served on the same day.
pub fn proposed(desk: &mut Desk<'_>, number: &str, facts: &str) -> RepairView {
    let propose = Doing::ProposeRevocation { fault: Fault::FalsePapers, facts: facts.to_owned() };
    step(desk, ("拟办", OFFICE), number, &propose).unwrap();
    let on = desk.clock.today();
    step(desk, ("拟办", OFFICE), number, &served(on)).unwrap()
}

/// The notice reaches the organisation.
pub fn served(on: Date) -> Doing {
    Doing::ServeRevocation { delivery: handed_over(on) }
}

/// A letter is handed over.
pub fn handed_over(on: Date) -> Delivery {
    let (mode, proof) = ("direct".to_owned(), "送达回证1号".to_owned());
    Delivery { mode, on, proof, consent: String::new() }
}

/// What was proposed is decided.
pub fn revoke() -> Doing {
    Doing::Revoke { reason: "期限内未提出陈述、申辩，经核查属实（示例）".to_owned() }
}

pub fn notice(desk: &mut Desk<'_>, record: &str) -> credence_domain::repair::Notice {
    let view = View::public(desk.clock.today());
    let keyring = desk.writer.keyring();
    repair::notice_of(desk.writer.connection(), keyring, (&desk.rulebook, &view), record).unwrap()
}

fn a_grant_ends_record_measures_and_points_in_one_act(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号"), penalty(FIRM, "二号")]);
    sector(&mut desk, "公共资源");
    let records = public(&desk, "penalty");
    let record = records[0].clone();
    let beginning = Beginning {
        measure: "bidding_bar".to_owned(),
        behaviour: "bid_rigging".to_owned(),
        record: record.clone(),
        unit: OFFICE.to_owned(),
        through_on: Some(date(2027, 4, 29)),
    };
    let by = clerk("甲", &desk);
    let barred = measure::begin(&mut desk.writer, &desk.rulebook, &by, &beginning).unwrap().head.number;
    // V12 on a register: the last day of the minimum is one day early.
    desk.clock.move_to(date(2026, 7, 30));
    let early = apply_own(&mut desk, &record).unwrap_err();
    assert!(early.code() == "repair_too_early" && early.to_string().contains("2026-07-31"), "{early}");
    let told = notice(&mut desk, &record);
    assert!(!told.eligible && told.earliest_on == Some(date(2026, 7, 31)) && told.clauses.len() == 5);
    desk.clock.move_to(date(2026, 7, 31));
    assert!(notice(&mut desk, &record).eligible);
    let some = Applying { clauses: vec!["truth".to_owned()], ..asked(&desk, &record) };
    assert_eq!(code(apply(&mut desk, "", &some)), "repair_letter_clause_missing");
    let number = apply_own(&mut desk, &record).unwrap().head.number;
    assert_eq!(code(apply_own(&mut desk, &record)), "repair_running");
    assert_eq!(code(step(&mut desk, ("受理", OFFICE), &number, &Doing::Accept {})), "repair_state_wrong");
    let back = Doing::Withdraw { reason: String::new() };
    assert_eq!(code(step(&mut desk, ("受理", OFFICE), &number, &back)), "forbidden", "no unit speaks for it");
    accepted(&mut desk, &number);
    desk.verify();
    assert_eq!(code(step(&mut desk, ("受理", OFFICE), &number, &grant())), "repair_same_person");
    assert_eq!(code(step(&mut desk, ("决定", SECOND), &number, &grant())), "repair_wrong_unit");
    assert_eq!(public(&desk, "penalty").len(), 2, "an application changes nothing");
    let marks = |desk: &Desk<'_>| {
        let day = desk.clock.today();
        let records = desk.service(day).organisation(&View::public(day), FIRM).unwrap().records;
        records.into_iter().flat_map(|one| one.marks).map(|mark| mark.text).collect::<Vec<_>>()
    };
    assert_eq!(marks(&desk), ["修复办理中"]);
    assert!(public(&desk, "commitment").is_empty(), "a letter is shown from the grant on");
    let points = |desk: &Desk<'_>| {
        let day = desk.clock.today();
        desk.service(day).evaluation(&View::public(day), FIRM).unwrap().points
    };
    let before = points(&desk);
    let mut some = every_condition();
    some.retain(|code| code != "papers");
    let short = Doing::Grant { findings: "已核实".to_owned(), conditions: some };
    let refused = step(&mut desk, ("决定", OFFICE), &number, &short).unwrap_err();
    assert!(refused.code() == "repair_condition_missing" && refused.to_string().contains("材料齐全"), "{refused}");
    let done = step(&mut desk, ("决定", OFFICE), &number, &grant()).unwrap();
    assert_eq!((done.head.state.as_str(), done.letters.len()), ("granted", 1));
    let found: Vec<&str> = done.found.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(found, ["minimum", "performed", "rectified", "promise", "papers", "not_barred"]);
    assert_eq!(public(&desk, "penalty"), [records[1].clone()], "what was repaired is gone, the other stands");
    assert_eq!(public(&desk, "commitment").len(), 1);
    assert!(marks(&desk).is_empty(), "the mark ends with the case");
    let view = View::office(desk.clock.today());
    let measure = measure::show(desk.writer.connection(), &view, &barred).unwrap();
    assert_eq!(measure.head.state, "ended");
    assert!(before.is_none() || points(&desk) != before, "the grade is another");
    // Step, record, measure and commitment are one act.
    let sql = "select count(distinct c.act) from chunk c where c.no in (
                 select at / 4096 from repair_step where number = $1 and step = 4
                 union select at / 4096 from measure_step where number = $2 and step = 2
                 union select at / 4096 from record where state = 'repaired'
                 union select at / 4096 from record where item = 'commitment')";
    let acts = desk.writer.connection().first(sql, values![number.as_str(), barred.as_str()], |row| row.int(0));
    assert_eq!(acts.unwrap(), Some(1));
    desk.verify();
    // It never becomes public again by a file, in whatever words.
    let report = desk.send(vec![changed("一号", &[("CF_NR_FK", "6.5")])]);
    assert_eq!(report.counts.rejected, 1);
    assert_eq!(public(&desk, "penalty").len(), 1);
    let again = apply_own(&mut desk, &record);
    assert_eq!(code(again), "repair_done");
    desk.verify();
}

fn a_repair_by_false_papers_is_taken_back_and_recorded(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let record = public(&desk, "penalty").remove(0);
    desk.clock.move_to(date(2026, 8, 3));
    let number = apply_own(&mut desk, &record).unwrap().head.number;
    accepted(&mut desk, &number);
    step(&mut desk, ("决定", OFFICE), &number, &grant()).unwrap();
    proposed(&mut desk, &number, "缴款书系伪造（示例）");
    desk.clock.move_to(date(2026, 9, 7));
    assert_eq!(code(step(&mut desk, ("受理", OFFICE), &number, &revoke())), "repair_same_person");
    let done = step(&mut desk, ("复核", OFFICE), &number, &revoke()).unwrap();
    assert_eq!((done.head.state.as_str(), done.barred_through_on), ("revoked", Some(date(2029, 9, 7))));
    assert_eq!(public(&desk, "penalty"), std::slice::from_ref(&record), "the record stands again");
    let lie = public(&desk, "repair_dishonesty");
    assert_eq!(lie.len(), 1, "and what was done is public");
    assert!(notice(&mut desk, &lie[0]).code == Some("repair_barred"), "without an early end");
    assert_eq!(code(apply_own(&mut desk, &record)), "repair_barred_after_fault");
    desk.verify();
    // Nobody corrects it or takes it back by a file.
    let text = "撤销修复决定文书号,修复失信情形,查明的事实,撤销修复决定日期,名称,统一社会信用代码,决定机关,决定机关统一社会信用代码\n\
                自编1号,提供虚假材料,无,2026-09-07,云海市海岳机械制造有限公司,91379900MA0TE5T16G,云海市生态环境局,11379900000000086M\n";
    let report = desk.send_from(OFFICE, text.as_bytes()).unwrap();
    assert_eq!(report.counts.rejected, 1, "{report:?}");
    assert_eq!(public(&desk, "repair_dishonesty").len(), 1);
    // The original record still stops at its maximum, and the other three years after the finding.
    let on = |desk: &Desk<'_>, day, item: &str| {
        let records = desk.service(day).organisation(&View::public(day), FIRM).unwrap().records;
        records.iter().filter(|one| one.item == item).count()
    };
    assert_eq!((on(&desk, date(2027, 4, 30), "penalty"), on(&desk, date(2027, 5, 1), "penalty")), (1, 0));
    let lies = |day| on(&desk, day, "repair_dishonesty");
    assert_eq!((lies(date(2029, 9, 7)), lies(date(2029, 9, 8))), (1, 0));
    desk.verify();
}

fn what_fell_with_its_batch_is_gone_whether_it_was_repaired_then_or_not(store: &TestStore) {
    let mut desk = Desk::new(store);
    for (number, before) in [("一号", true), ("二号", false)] {
        desk.clock.move_to(date(2026, 5, 6));
        let batch = desk.send(vec![penalty(FIRM, number)]).batch;
        let record = public(&desk, "penalty").remove(0);
        desk.clock.move_to(date(2026, 8, 3));
        let case = apply_own(&mut desk, &record).unwrap().head.number;
        accepted(&mut desk, &case);
        step(&mut desk, ("决定", OFFICE), &case, &grant()).unwrap();
        let take_back = |desk: &mut Desk<'_>| {
            let decision = Decision { actor: "甲", reason: "整批有误", secrecy_review: "" };
            withdraw(&mut desk.writer, &desk.rulebook, &batch, decision, "乙", &mut |_| Ok(())).unwrap();
        };
        proposed(&mut desk, &case, "缴款书系伪造（示例）");
        desk.clock.move_to(date(2026, 8, 11));
        if before {
            take_back(&mut desk);
            step(&mut desk, ("复核", OFFICE), &case, &revoke()).unwrap();
        } else {
            step(&mut desk, ("复核", OFFICE), &case, &revoke()).unwrap();
            assert_eq!(public(&desk, "penalty"), std::slice::from_ref(&record), "it stands again");
            take_back(&mut desk);
        }
        assert!(public(&desk, "penalty").is_empty(), "its batch was withdrawn");
        desk.verify();
    }
    assert_eq!(public(&desk, "repair_dishonesty").len(), 2, "what was done stays on the file");
}

fn paper_and_the_national_window_are_one_case_each_and_a_fall_stops_them(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号"), penalty(FIRM, "二号")]);
    let records = public(&desk, "penalty");
    desk.clock.move_to(date(2026, 8, 5));
    let paper = Applying { channel: "paper".to_owned(), ..asked(&desk, &records[0]) };
    assert_eq!(code(apply(&mut desk, OFFICE, &paper)), "repair_reference_missing");
    let paper = Applying { reference: "窗2026-1".to_owned(), ..paper };
    let over_the_counter = apply(&mut desk, OFFICE, &paper).unwrap();
    assert_eq!(over_the_counter.head.state, "applied", "the office looks at it before the authority does");
    assert!(over_the_counter.clocks.iter().all(|clock| matches!(clock.code, "push" | "answer")));
    assert_eq!(
        code(step(&mut desk, ("受理", OFFICE), &over_the_counter.head.number, &Doing::Accept {})),
        "repair_state_wrong"
    );
    let push = Doing::Push { opinion: "材料齐全".to_owned() };
    let pushed = step(&mut desk, ("窗口", SECOND), &over_the_counter.head.number, &push).unwrap();
    assert_eq!(pushed.head.state, "arrived");
    let by_window = Doing::Refuse { reason: "不符".to_owned() };
    assert_eq!(
        code(step(&mut desk, ("窗口", OFFICE), &over_the_counter.head.number, &by_window)),
        "repair_same_person"
    );
    assert_eq!(
        code(step(
            &mut desk,
            ("申请人", OFFICE),
            &over_the_counter.head.number,
            &Doing::Refuse { reason: "不符".to_owned() }
        )),
        "repair_same_person"
    );
    let missing = Doing::AskPapers { missing: vec!["缴款凭证".to_owned()] };
    let wanting = step(&mut desk, ("受理", OFFICE), &over_the_counter.head.number, &missing).unwrap();
    assert_eq!((wanting.head.state.as_str(), wanting.head.due_on), ("wanting", None));
    let papers =
        vec![Paper {
            kind: "proof".to_owned(), number: "缴款书2号".to_owned(), digest: String::new(), file: false
        }];
    step(&mut desk, ("申请人", OFFICE), &over_the_counter.head.number, &Doing::Supplement { papers }).unwrap();
    let refused = step(
        &mut desk,
        ("决定", OFFICE),
        &over_the_counter.head.number,
        &Doing::Refuse { reason: "凭证与处罚不符".to_owned() },
    )
    .unwrap();
    assert_eq!(refused.head.state, "not_accepted");
    assert!(refused.remedies.iter().any(|told| told.contains("行政复议")) && refused.letters.len() == 1);
    let again = Applying { reference: "窗2026-2".to_owned(), ..paper };
    let again = apply(&mut desk, OFFICE, &again).unwrap().head.number;
    step(&mut desk, ("申请人", ""), &again, &Doing::Withdraw { reason: String::new() }).unwrap();
    // Born at the national window: its number and the day there are kept, delivered twice it is one case.
    let national = Applying {
        channel: "national".to_owned(),
        reference: "GJ20260803001".to_owned(),
        window_on: Some(date(2026, 8, 3)),
        ..asked(&desk, &records[1])
    };
    let born = apply(&mut desk, SECOND, &national).unwrap();
    let answer = born.clocks.iter().find(|clock| clock.code == "answer").unwrap();
    assert_eq!((answer.from_on, born.head.state.as_str()), (date(2026, 8, 3), "arrived"));
    assert_eq!(apply(&mut desk, SECOND, &national).unwrap().head.number, born.head.number);
    let other = Applying { record: records[0].clone(), ..national };
    assert_eq!(code(apply(&mut desk, SECOND, &other)), "repair_reference_missing");
    desk.verify();
    // The record is taken back by its owner: there is nothing left to repair.
    let path = desk.store.folder.join("back.csv");
    std::fs::write(&path, desk.sheet(vec![penalty(FIRM, "一号"), penalty(FIRM, "二号")], EXPORT)).unwrap();
    let request = collect::Request {
        path,
        source: Uscc::parse(OFFICE).unwrap(),
        item: None,
        rejects: None,
        dry_run: false,
        secrecy_review: desk.secrecy_review.clone(),
        channel: "cli",
        instruction: Some(Instruction { operation: Operation::Withdraw, reason: "处罚决定已撤销".into() }),
        window_bytes: credence_app::collect::WINDOW_BYTES,
    };
    collect::import(&mut desk.writer, &desk.rulebook, &request, &mut |_| {}).unwrap();
    let view = View::office(desk.clock.today());
    let stopped = repair::show(desk.writer.connection(), &view, &born.head.number).unwrap();
    assert_eq!(stopped.head.state, "stopped");
    assert!(stopped.clocks.iter().all(|clock| clock.state == "stopped" || clock.state == "met"));
    let day = desk.clock.today();
    let mut see = |view: View| repair::show(desk.writer.connection(), &view, &born.head.number);
    assert!(see(View::public(day)).is_err() && see(View::organisation([SECOND], day)).is_err());
    assert!(see(View::organisation([FIRM], day)).is_ok());
    desk.verify();
}

fn the_entry_of_a_listing_leaves_its_list_with_its_repair(store: &TestStore) {
    let mut desk = Desk::new(store);
    let case = listed(&mut desk);
    let entry = public(&desk, "serious_dishonesty").remove(0);
    desk.clock.move_to(date(2027, 5, 13));
    assert_eq!(code(apply_own(&mut desk, &entry)), "repair_too_early");
    desk.clock.move_to(date(2027, 5, 14));
    let number = apply_own(&mut desk, &entry).unwrap().head.number;
    accepted(&mut desk, &number);
    assert_eq!(code(step(&mut desk, ("甲", OFFICE), &number, &grant())), "remover_is_proposer", "it was his proposal");
    step(&mut desk, ("决定", OFFICE), &number, &grant()).unwrap();
    assert!(public(&desk, "serious_dishonesty").is_empty());
    let view = View::office(desk.clock.today());
    let left = listing::show(desk.writer.connection(), &view, &case).unwrap();
    assert_eq!((left.head.state.as_str(), left.letters.len()), ("delisted", 3));
    let measures = measure::list(desk.writer.connection(), &view, None, FIRST).unwrap().items;
    assert!(measures.iter().all(|head| head.state == "ended"));
    desk.verify();
}

fn a_batch_is_told_of_the_repair_of_every_record_that_stands_in_pages(store: &TestStore) {
    let mut desk = Desk::new(store);
    let unknown = credence_testkit::province::code("11", 9_999);
    let strange = changed("四号", &[("CF_CFJGDM", unknown.as_str()), ("CF_CFJG", "未登记的机关")]);
    let rows = vec![penalty(FIRM, "一号"), penalty(FIRM, "二号"), penalty(FIRM, "三号"), strange];
    let batch = desk.send(rows).batch;
    let told = |desk: &mut Desk<'_>, source, cursor: Option<&str>, limit| {
        let (keyring, view) = (desk.writer.keyring(), View::office(desk.clock.today()));
        let of = (source, batch.as_str());
        repair::notices_of_batch(desk.writer.connection(), keyring, (&desk.rulebook, &view), of, (cursor, limit))
    };
    let (mut all, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let page = told(&mut desk, Some(OFFICE), cursor.as_deref(), 2).unwrap();
        assert!(page.items.len() <= 2);
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let ids: std::collections::BTreeSet<_> = all.iter().map(|one| one.record.clone()).collect();
    assert_eq!((all.len(), ids.len()), (4, 4), "each once: {all:#?}");
    let known: Vec<_> = all.iter().filter_map(|one| one.notice.as_ref()).collect();
    assert_eq!(known.len(), 3);
    assert!(known.iter().all(|notice| notice.earliest_on == Some(date(2026, 7, 31)) && notice.clauses.len() == 5));
    let nobody: Vec<_> = all.iter().filter_map(|one| one.problem.as_deref()).collect();
    assert!(nobody.len() == 1 && nobody[0].contains("不在单位目录中"), "{nobody:?}");
    assert_eq!(all[0].notice.as_ref(), Some(&notice(&mut desk, &all[0].record)), "what everybody is told of one");
    assert_eq!(code(told(&mut desk, Some(SECOND), None, 2)), "forbidden");
    assert_eq!(code(told(&mut desk, None, Some("00"), 2)), "bad_cursor");
    // Whoever sees every unit's batches is told of what is public and of nothing that waits.
    let waiting = desk.send(vec![changed("五号", &[("CF_CFLB", "警告"), ("CF_NR", "警告"), ("CF_NR_FK", "")])]).batch;
    let service = desk.service(desk.clock.today());
    let of_all = |source, batch: &str| service.batch_notices((source, batch), (None, 100)).unwrap().items.len();
    assert_eq!((of_all(Some(OFFICE), &waiting), of_all(None, &waiting)), (1, 0));
    assert_eq!((of_all(Some(OFFICE), &batch), of_all(None, &batch)), (4, 4));
    drop(service);
    // What has been withdrawn is told to nobody any more.
    let decision = Decision { actor: "甲", reason: "整批有误", secrecy_review: "" };
    withdraw(&mut desk.writer, &desk.rulebook, &batch, decision, "乙", &mut |_| Ok(())).unwrap();
    assert!(told(&mut desk, None, None, 100).unwrap().items.is_empty());
}

fn the_database_itself_holds_one_open_application_a_record(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let record = public(&desk, "penalty").remove(0);
    desk.clock.move_to(date(2026, 8, 5));
    apply_own(&mut desk, &record).unwrap();
    let sql = "insert into repair(uscc, number, identity, unit, channel, reference, state, steps, opened_on, moved_on)
               select uscc, 'x', identity, unit, channel, reference, 'accepted', 1, opened_on, moved_on from repair";
    assert!(desk.writer.connection().execute(sql, values![]).is_err());
}

both_stores!(
    a_grant_ends_record_measures_and_points_in_one_act,
    a_repair_by_false_papers_is_taken_back_and_recorded,
    what_fell_with_its_batch_is_gone_whether_it_was_repaired_then_or_not,
    paper_and_the_national_window_are_one_case_each_and_a_fall_stops_them,
    the_entry_of_a_listing_leaves_its_list_with_its_repair,
    a_batch_is_told_of_the_repair_of_every_record_that_stands_in_pages,
    the_database_itself_holds_one_open_application_a_record,
);
