//! Revoked repairs: the period counts anew where the order says so, an entry goes back on its list, and what fell meanwhile does not
//! come back.

use crate::desk::*;
use crate::measures::listed_for;
use crate::repairs::{accepted, apply_own, clerk, code, grant, notice, proposed, public, revoke, served, step};
use credence_app::View;
use credence_app::batch::withdraw::withdraw;
use credence_app::listing;
use credence_app::measure;
use credence_app::repair::{self, Doing};
use credence_app::review::Decision;
use credence_domain::listing::Cause;
use credence_domain::publicity::Restart;
use credence_domain::repair::{Fault, Paper};
use credence_store::batch;
use credence_store::repair as kept;
use credence_store::unit::{self, Unit};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::date;

/// The unit becomes a market regulator.
fn regulates_markets(desk: &mut Desk<'_>) {
    let today = desk.clock.today();
    let standing = unit::find(desk.writer.connection(), OFFICE, today).unwrap().unwrap();
    let unit = Unit {
        regulator: "market".to_owned(),
        sector: "市场监管".to_owned(),
        level: "province".to_owned(),
        ..standing
    };
    unit::set(&mut desk.writer, &unit, "系统管理员", &desk.rulebook.digest).unwrap();
}

fn a_market_regulators_revocation_lets_the_period_count_anew_to_its_end(store: &TestStore) {
    let mut desk = Desk::new(store);
    regulates_markets(&mut desk);
    let fined = |number, fine| changed(number, &[("CF_NR_FK", fine), ("CF_JDRQ", "2026-05-06")]);
    desk.send(vec![fined("一号", "6.5"), fined("二号", "6.5")]);
    let last = |desk: &Desk<'_>, id: &str| {
        let day = desk.clock.today();
        let records = desk.service(day).organisation(&View::public(day), FIRM).unwrap().records;
        records.into_iter().find(|one| one.id == id).map(|one| (one.public_through_on, one.repair_from_on))
    };
    let record = public(&desk, "penalty").remove(0);
    assert_eq!(last(&desk, &record), Some((Some(date(2027, 5, 6)), Some(date(2026, 8, 7)))));
    desk.clock.move_to(date(2026, 8, 7));
    let number = apply_own(&mut desk, &record).unwrap().head.number;
    accepted(&mut desk, &number);
    step(&mut desk, ("决定", OFFICE), &number, &grant()).unwrap();
    let told = proposed(&mut desk, &number, "缴款书系伪造（示例）").letters.remove(1).text;
    assert!(
        told.contains("拟撤销准予信用修复的决定，恢复公示，公示期自撤销之日起重新计算，不得提前停止公示。"),
        "{told}"
    );
    assert!(told.contains("《市场监督管理信用修复管理办法》第二十三条") && told.contains("公示3年"), "{told}");
    desk.clock.move_to(date(2026, 9, 7));
    let done = step(&mut desk, ("复核", OFFICE), &number, &revoke()).unwrap();
    assert_eq!(done.restart, Some(Restart { on: date(2026, 9, 7), no_early_end: true }));
    let letter = &done.letters.last().unwrap().text;
    assert!(letter.contains("公示期自2026年9月7日起重新计算，不得提前停止公示。"), "{letter}");
    assert_eq!(last(&desk, &record), Some((Some(date(2027, 9, 7)), None)), "a year from the revocation");
    let told = notice(&mut desk, &record);
    assert_eq!((told.code, told.public_through_on), (Some("repair_no_early_end"), Some(date(2027, 9, 7))));
    desk.verify();
    // A corrected row, by the owner's file and by whoever releases, leaves the period as it counts now.
    desk.send(vec![fined("一号", "7.5"), fined("二号", "7.5")]);
    assert_eq!(last(&desk, &record), Some((Some(date(2027, 9, 7)), None)));
    desk.verify();
    desk.clock.move_to(date(2027, 9, 7));
    assert_eq!(code(apply_own(&mut desk, &record)), "repair_no_early_end");
    assert!(last(&desk, &record).is_some());
    desk.clock.move_to(date(2027, 9, 8));
    assert!(last(&desk, &record).is_none() && public(&desk, "penalty").is_empty());
    desk.verify();
}

/// An entry that left its list by a repair: the case, the record, the repair, and the batch of the document on which it rests.
fn left_by_repair(desk: &mut Desk<'_>) -> (String, String, String, String) {
    left_by_repair_for(desk, "2026-04-30")
}

/// The same on a penalty that was decided on a day; the unit regulates markets from the 6th of May on.
fn left_by_repair_for(desk: &mut Desk<'_>, decided_on: &str) -> (String, String, String, String) {
    regulates_markets(desk);
    let case = listed_for(desk, decided_on);
    let sent = batch::list(desk.writer.connection(), 1).unwrap().remove(0).number;
    let entry = public(desk, "serious_dishonesty").remove(0);
    desk.clock.move_to(date(2027, 5, 14));
    let number = apply_own(desk, &entry).unwrap().head.number;
    accepted(desk, &number);
    step(desk, ("决定", OFFICE), &number, &grant()).unwrap();
    (case, entry, number, sent)
}

fn a_removal_by_repair_ends_the_related_penalty_and_its_revocation_brings_both_back(store: &TestStore) {
    let mut desk = Desk::new(store);
    let (_, entry, number, _) = left_by_repair_for(&mut desk, "2026-05-06");
    let view = View::office(desk.clock.today());
    let granted = repair::show(desk.writer.connection(), &view, &number).unwrap();
    assert_eq!(granted.related.len(), 1, "{granted:?}");
    let told = &granted.letters.last().unwrap().text;
    assert!(told.contains(&format!("相关行政处罚信息：{}", granted.related[0])), "{told}");
    assert!(public(&desk, "penalty").is_empty() && public(&desk, "serious_dishonesty").is_empty());
    desk.verify();
    // It stays ended whatever its owner sends.
    let again =
        [("CF_CFLB", "责令停产停业"), ("CF_NR", "责令停产停业三个月"), ("CF_NR_FK", ""), ("CF_JDRQ", "2026-05-06")];
    assert_eq!(desk.send(vec![changed("一号", &again)]).counts.rejected, 1);
    proposed(&mut desk, &number, "整改报告系伪造（示例）");
    desk.clock.move_to(date(2027, 7, 1));
    step(&mut desk, ("复核", OFFICE), &number, &revoke()).unwrap();
    let day = desk.clock.today();
    let records = desk.service(day).organisation(&View::public(day), FIRM).unwrap().records;
    let penalty = records.iter().find(|one| one.item == "penalty").expect("it is public again");
    assert_eq!((penalty.public_through_on, penalty.repair_from_on), (Some(date(2030, 7, 1)), None), "to its end");
    assert!(records.iter().any(|one| one.id == entry));
    desk.verify();
}

fn an_entry_goes_back_on_its_list_where_its_repair_is_revoked(store: &TestStore) {
    let mut desk = Desk::new(store);
    let (case, entry, number, _) = left_by_repair(&mut desk);
    assert_eq!(public(&desk, "penalty").len(), 1, "what was decided under another order goes on");
    proposed(&mut desk, &number, "整改报告系伪造（示例）");
    desk.clock.move_to(date(2027, 7, 1));
    step(&mut desk, ("复核", OFFICE), &number, &revoke()).unwrap();
    let view = View::office(desk.clock.today());
    let back = listing::show(desk.writer.connection(), &view, &case).unwrap();
    assert_eq!((back.head.state.as_str(), back.steps.last().unwrap().kind), ("listed", "restored"));
    let day = desk.clock.today();
    let records = desk.service(day).organisation(&View::public(day), FIRM).unwrap().records;
    let shown = records.iter().find(|one| one.id == entry).expect("it is public again");
    assert_eq!((shown.public_through_on, shown.repair_from_on), (Some(date(2030, 7, 1)), None));
    let content = serde_json::to_string(&shown.content).unwrap();
    assert!(
        content.contains("2030-07-01") && content.contains("不得提前停止公示") && !content.contains("removed_on"),
        "{content}"
    );
    let measures = measure::list(desk.writer.connection(), &view, None, (None, None)).unwrap().items;
    let states: Vec<_> = measures.iter().map(|head| head.state).collect();
    assert!(states.contains(&"running") && states.contains(&"ended"), "one ended then, one begins now: {states:?}");
    desk.verify();
    // Nobody takes it off early, by hand or by another application.
    let by = clerk("乙", &desk);
    let cause = Cause::Repair { exit: "提前移出".to_owned(), document: "修2号".to_owned() };
    let remove = listing::Doing::Remove { cause };
    assert_eq!(code(listing::step(&mut desk.writer, &desk.rulebook, &by, &case, &remove)), "exit_unknown");
    desk.clock.move_to(date(2030, 6, 30));
    assert_eq!(code(apply_own(&mut desk, &entry)), "repair_no_early_end");
    desk.clock.move_to(date(2030, 7, 2));
    assert!(public(&desk, "serious_dishonesty").is_empty());
    let term = listing::Doing::Remove { cause: Cause::Term };
    listing::step(&mut desk.writer, &desk.rulebook, &by, &case, &term).unwrap();
    desk.verify();
}

fn an_entry_whose_base_document_fell_meanwhile_stays_off_its_list(store: &TestStore) {
    let mut desk = Desk::new(store);
    let (case, entry, number, batch) = left_by_repair(&mut desk);
    proposed(&mut desk, &number, "整改报告系伪造（示例）");
    desk.clock.move_to(date(2027, 5, 20));
    let decision = Decision { actor: "甲", reason: "处罚已被撤销", secrecy_review: "" };
    withdraw(&mut desk.writer, &desk.rulebook, &batch, decision, "乙", &mut |_| Ok(())).unwrap();
    desk.clock.move_to(date(2027, 7, 1));
    let done = step(&mut desk, ("复核", OFFICE), &number, &revoke()).unwrap();
    assert_eq!((done.head.state.as_str(), done.restart), ("revoked", None));
    let view = View::office(desk.clock.today());
    assert_eq!(listing::show(desk.writer.connection(), &view, &case).unwrap().head.state, "delisted");
    assert!(!public(&desk, "serious_dishonesty").contains(&entry));
    assert_eq!(public(&desk, "repair_dishonesty").len(), 1, "what was done is recorded all the same");
    desk.verify();
}

fn a_revocation_is_proposed_told_answered_and_decided_by_another_person(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let record = public(&desk, "penalty").remove(0);
    desk.clock.move_to(date(2026, 8, 3));
    let number = apply_own(&mut desk, &record).unwrap().head.number;
    accepted(&mut desk, &number);
    step(&mut desk, ("决定", OFFICE), &number, &grant()).unwrap();
    assert_eq!(code(step(&mut desk, ("复核", OFFICE), &number, &revoke())), "repair_revocation_missing");
    let propose =
        Doing::ProposeRevocation { fault: Fault::BrokenPromise, facts: "再次超标排放（示例）".to_owned() };
    assert_eq!(code(step(&mut desk, ("拟办", SECOND), &number, &propose)), "repair_wrong_unit");
    step(&mut desk, ("拟办", OFFICE), &number, &propose).unwrap();
    desk.verify();
    let unit = |desk: &mut Desk<'_>| kept::waiting(desk.writer.connection(), OFFICE, 10).unwrap();
    let waits = unit(&mut desk);
    assert_eq!((waits.len(), waits[0].state.as_str(), waits[0].revoking, waits[0].due_on), (1, "granted", true, None));
    assert_eq!(waits[0].unserved, Some(true));
    let on = desk.clock.today();
    step(&mut desk, ("拟办", OFFICE), &number, &served(on)).unwrap();
    assert_eq!(unit(&mut desk)[0].due_on, Some(date(2026, 8, 19)), "five working days, and seven to decide");
    desk.verify();
    assert_eq!(code(step(&mut desk, ("复核", OFFICE), &number, &revoke())), "answer_period_running");
    // Its own account needs no number, what came on paper does; nobody else speaks for it.
    let said = |reference: &str| Doing::State {
        on: Some(date(2026, 8, 5)),
        text: "自动监测设备故障（示例）".to_owned(),
        reference: reference.to_owned(),
        papers: Vec::new(),
    };
    desk.clock.move_to(date(2026, 8, 5));
    assert_eq!(code(step(&mut desk, ("拟办", OFFICE), &number, &said(""))), "repair_reference_missing");
    assert_eq!(code(step(&mut desk, ("窗口", SECOND), &number, &said("申辩1号"))), "repair_wrong_unit");
    step(&mut desk, ("申请人", ""), &number, &said("")).unwrap();
    let heard = step(&mut desk, ("拟办", OFFICE), &number, &said("申辩1号")).unwrap();
    let stated = heard.revocation.as_ref().unwrap();
    assert_eq!((stated.statements.len(), stated.statements[1].reference.as_str()), (2, "申辩1号"));
    assert!(public(&desk, "penalty").is_empty(), "until it is decided the repair stands");
    desk.clock.move_to(date(2026, 8, 11));
    let drop = Doing::DropRevocation { reason: "设备故障属实（示例）".to_owned() };
    assert_eq!(code(step(&mut desk, ("拟办", OFFICE), &number, &drop)), "repair_revocation_by_proposer");
    assert_eq!(code(step(&mut desk, ("拟办", OFFICE), &number, &revoke())), "repair_revocation_by_proposer");
    let dropped = step(&mut desk, ("复核", OFFICE), &number, &drop).unwrap();
    assert!(!dropped.head.revoking && dropped.head.state == "granted" && dropped.letters.len() == 3, "{dropped:?}");
    assert!(public(&desk, "penalty").is_empty() && public(&desk, "repair_dishonesty").is_empty());
    let waits = unit(&mut desk);
    assert!(waits.len() == 1 && waits[0].unserved == Some(true), "its letter is to be served: {waits:?}");
    desk.verify();
    // Another may follow, for something else, and leads to its end.
    proposed(&mut desk, &number, "缴款书系伪造（示例）");
    desk.clock.move_to(date(2026, 8, 31));
    let done = step(&mut desk, ("复核", OFFICE), &number, &revoke()).unwrap();
    assert_eq!((done.head.state.as_str(), done.head.revoking), ("revoked", false));
    assert_eq!(public(&desk, "penalty"), [record]);
    // The letter of the grant was never served, nor is that of its end; serving it moves nothing of what was decided.
    assert_eq!(unit(&mut desk).iter().map(|head| head.unserved).collect::<Vec<_>>(), [Some(true)]);
    let on = desk.clock.today();
    let serve = Doing::Serve { letter: None, delivery: crate::repairs::handed_over(on) };
    let after = step(&mut desk, ("送达", OFFICE), &number, &serve).unwrap();
    assert_eq!((after.head.state.as_str(), after.decisions.len()), ("revoked", 3));
    assert_eq!(public(&desk, "repair_dishonesty").len(), 1, "recorded once");
    assert!(unit(&mut desk).is_empty() && code(step(&mut desk, ("送达", OFFICE), &number, &serve)) == "served_already");
    desk.verify();
    let letter = &done.letters.last().unwrap().text;
    assert!(letter.contains("在期限内没有提出陈述、申辩") && letter.contains("2026年8月11日送达"), "{letter}");
    desk.verify();
}

fn a_market_regulator_takes_what_is_brought_to_its_own_counter_itself(store: &TestStore) {
    let mut desk = Desk::new(store);
    regulates_markets(&mut desk);
    desk.send(vec![changed("一号", &[("CF_NR_FK", "6.5"), ("CF_JDRQ", "2026-05-06")])]);
    let record = public(&desk, "penalty").remove(0);
    desk.clock.move_to(date(2026, 8, 10));
    let (channel, reference) = ("paper".to_owned(), "柜台1号".to_owned());
    let paper = repair::Applying { channel, reference, ..crate::repairs::asked(&desk, &record) };
    let by = clerk("申请人", &desk);
    let there = repair::apply(&mut desk.writer, &desk.rulebook, (&by, OFFICE), &paper).unwrap();
    assert_eq!(there.head.state, "arrived", "市场监督管理信用修复管理办法 art. 十四");
    assert!(there.clocks.iter().all(|clock| clock.code == "accept"), "{:?}", there.clocks);
    desk.verify();
}

fn an_organisation_that_gives_up_its_days_is_decided_on_at_once(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let record = public(&desk, "penalty").remove(0);
    desk.clock.move_to(date(2026, 8, 3));
    let number = apply_own(&mut desk, &record).unwrap().head.number;
    accepted(&mut desk, &number);
    step(&mut desk, ("决定", OFFICE), &number, &grant()).unwrap();
    proposed(&mut desk, &number, "缴款书系伪造（示例）");
    let waive = |reference: &str, papers| Doing::Waive { on: None, reference: reference.to_owned(), papers };
    let digest = "ab".repeat(32);
    let declared = vec![Paper { kind: "other".to_owned(), number: "放弃声明".to_owned(), digest, file: false }];
    let by_proposer = step(&mut desk, ("拟办", OFFICE), &number, &waive("声明1号", declared.clone()));
    assert_eq!(code(by_proposer), "waiver_by_proposer");
    assert_eq!(code(step(&mut desk, ("收件", OFFICE), &number, &waive("声明1号", Vec::new()))), "waiver_paper_missing");
    assert_eq!(
        code(step(&mut desk, ("收件", SECOND), &number, &waive("声明1号", declared.clone()))),
        "repair_wrong_unit"
    );
    assert_eq!(code(step(&mut desk, ("复核", OFFICE), &number, &revoke())), "answer_period_running");
    let told = step(&mut desk, ("申请人", ""), &number, &waive("", Vec::new())).unwrap().revocation.unwrap();
    assert_eq!((told.waived_on, told.waived_by.as_str()), (Some(desk.clock.today()), ""));
    assert_eq!(code(step(&mut desk, ("收件", OFFICE), &number, &waive("声明1号", declared))), "waived_already");
    desk.verify();
    let done = step(&mut desk, ("复核", OFFICE), &number, &revoke()).unwrap();
    assert_eq!(done.head.state, "revoked");
    assert!(done.letters.last().unwrap().text.contains("明确放弃陈述、申辩"));
    desk.verify();
}

both_stores!(
    an_organisation_that_gives_up_its_days_is_decided_on_at_once,
    a_market_regulator_takes_what_is_brought_to_its_own_counter_itself,
    a_revocation_is_proposed_told_answered_and_decided_by_another_person,
    a_market_regulators_revocation_lets_the_period_count_anew_to_its_end,
    a_removal_by_repair_ends_the_related_penalty_and_its_revocation_brings_both_back,
    an_entry_goes_back_on_its_list_where_its_repair_is_revoked,
    an_entry_whose_base_document_fell_meanwhile_stays_off_its_list,
);
