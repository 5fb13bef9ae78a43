//! A granted repair is taken back by due process alone: proposed, told, answered, and decided by another person.

use super::*;
use credence_domain::notice::Whose;
use credence_domain::notice::clock::of_repair;
use credence_domain::repair::{Stating, Waiving};

/// A repair that was granted on a Monday.
fn granted(on: Date) -> Case {
    let facts = penalty("general", date(2026, 4, 10));
    let decision = judged(&facts);
    let (_, case) = apply(&facts, on, &Wish::default()).unwrap();
    let (_, pushed) = desk("窗口", on).push(&case, "材料齐全").unwrap();
    let (_, accepted) = desk("受理", on).accept(&pushed).unwrap();
    desk("决定", on).grant(&accepted, &ground(&decision, &facts), &granting("修1号", "已核实")).unwrap().1
}

fn stating(on: Date, text: &'static str) -> Stating<'static> {
    Stating { on, text, reference: None, papers: &[] }
}

#[test]
fn nobody_revokes_at_once_alone_or_before_the_organisation_had_its_days() {
    let on = date(2026, 9, 21);
    let case = granted(on);
    refused(desk("复核", on).revoke(&case, "撤1号", "属实", true), "repair_revocation_missing");
    let false_papers = |facts| (Fault::FalsePapers, facts);
    refused(desk("拟办", on).propose_revocation(&case, "告1号", false_papers(" ")), "repair_facts_missing");
    let (_, proposed) = desk("拟办", on).propose_revocation(&case, "告1号", false_papers("缴款书系伪造")).unwrap();
    assert!(matches!(proposed.state, State::Granted { .. }), "the repair stands");
    let again = desk("决定", on).propose_revocation(&proposed, "告2号", false_papers("缴款书系伪造"));
    refused(again, "repair_revocation_running");
    refused(desk("复核", on).revoke(&proposed, "撤1号", "属实", true), "notice_not_served");
    refused(desk("申请人", on).state(&proposed, &stating(on, "不知情")), "notice_not_served");
    let nothing = Delivery { proof: " ".to_owned(), ..handed_over(on) };
    refused(desk("拟办", on).serve_revocation(&proposed, &nothing), "service_proof_missing");
    let before = handed_over(date(2026, 9, 20));
    refused(desk("拟办", on).serve_revocation(&proposed, &before), "day_too_early");
    let (_, heard) = desk("拟办", on).serve_revocation(&proposed, &handed_over(on)).unwrap();
    refused(desk("拟办", on).serve_revocation(&heard, &handed_over(on)), "served_already");
    // Five working days over the three days off from the 25th on; then seven to decide, over those of October.
    let until = heard.revoking().unwrap().served.as_ref().unwrap().statement_due_on;
    assert_eq!((until, heard.next_due().unwrap().on), (date(2026, 9, 29), date(2026, 10, 14)));
    let clocks = of_repair(&heard);
    assert!(clocks.iter().any(|clock| clock.whose == Whose::Organisation && clock.due_on == until), "{clocks:?}");
    let last = desk("复核", until).revoke(&heard, "撤1号", "属实", true);
    assert!(refused(last, "answer_period_running").told().contains("2026-09-29"));
    refused(desk("申请人", on).state(&heard, &stating(on, " ")), "statement_missing");
    refused(desk("申请人", date(2026, 9, 30)).state(&heard, &stating(date(2026, 9, 30), "不知情")), "statement_late");
    let unnumbered = Stating { reference: Some(" "), ..stating(on, "不知情") };
    refused(desk("拟办", on).state(&heard, &unnumbered), "repair_reference_missing");
    let (_, said) = desk("申请人", until).state(&heard, &stating(until, "凭证由代办人提供")).unwrap();
    let after = date(2026, 9, 30);
    assert!(of_repair(&said).iter().all(|clock| clock.whose != Whose::Organisation), "it has answered");
    refused(desk("拟办", after).revoke(&said, "撤1号", "属实", true), "repair_revocation_by_proposer");
    refused(desk("拟办", after).drop_revocation(&said, "终1号", "查无此事"), "repair_revocation_by_proposer");
    refused(desk("受理", after).revoke(&said, "撤1号", "属实", true), "repair_same_person");
    refused(desk("复核", after).revoke(&said, "撤1号", " ", true), "repair_reason_missing");
    let by = desk("复核", after);
    let revoked = by.revoke(&said, "撤1号", "由谁提供不影响认定", true).unwrap().1;
    let about = LetterFacts { unit: "示范住建局", organisation: "示范甲有限公司", serial: 1 };
    let letter = write(&by, LetterKind::RepairRevocation, &revoked, &about).unwrap().text;
    for said in ["告1号", "2026年9月21日送达", "凭证由代办人提供", "由谁提供不影响认定", "缴款书系伪造"]
    {
        assert!(letter.contains(said), "{said}: {letter}");
    }
}

#[test]
fn a_proposal_that_is_dropped_leaves_the_repair_as_it_was_and_another_may_follow() {
    let on = date(2026, 9, 21);
    let accused = told(&granted(on), on, Fault::BrokenPromise);
    let by = desk("复核", on);
    refused(by.drop_revocation(&accused, "终1号", " "), "repair_reason_missing");
    let dropped = by.drop_revocation(&accused, "终1号", "查明系笔误").unwrap().1;
    assert!(matches!(dropped.state, State::Granted { .. }) && dropped.revoking().is_none());
    assert!(dropped.next_due().is_none(), "no clock runs on");
    let about = LetterFacts { unit: "示范住建局", organisation: "示范甲有限公司", serial: 2 };
    let letter = write(&by, LetterKind::RepairRevocationDropped, &dropped, &about).unwrap().text;
    assert!(letter.contains("告1号") && letter.contains("查明系笔误"), "{letter}");
    refused(by.drop_revocation(&dropped, "终2号", "再次"), "repair_revocation_missing");
    refused(desk("复核", date(2026, 11, 3)).revoke(&dropped, "撤1号", "属实", true), "repair_revocation_missing");
    assert!(told(&dropped, on, Fault::FalsePapers).revoking().is_some());
}

#[test]
fn what_is_to_be_revoked_is_neither_granted_nor_refused_nor_taken_back_meanwhile() {
    let on = date(2026, 9, 21);
    let facts = penalty("general", date(2026, 4, 10));
    let decision = judged(&facts);
    let (_, case) = apply(&facts, on, &Wish::default()).unwrap();
    refused(desk("拟办", on).propose_revocation(&case, "告1号", (Fault::FalsePapers, "伪造")), "repair_state_wrong");
    let (_, pushed) = desk("窗口", on).push(&case, "材料齐全").unwrap();
    let (_, accepted) = desk("受理", on).accept(&pushed).unwrap();
    let accused = told(&accepted, on, Fault::FalsePapers);
    let ground = ground(&decision, &facts);
    refused(desk("决定", on).grant(&accused, &ground, &granting("修1号", "已核实")), "repair_revocation_running");
    refused(desk("决定", on).refuse(&accused, "告2号", "不符"), "repair_revocation_running");
    let back = Event::Withdrawn { reason: String::new() };
    refused(desk("申请人", on).take(&accused, back), "repair_revocation_running");
    let (_, revoked) = desk("决定", date(2026, 11, 3)).revoke(&accused, "撤1号", "属实", true).unwrap();
    assert_eq!((revoked.state.code(), revoked.restart()), ("revoked", None), "nothing was granted");
    // What was decided by a program that asked nobody folds for ever.
    let at_once = Event::Revoked {
        letter: "撤1号".to_owned(),
        fault: Fault::FalsePapers,
        facts: "缴款书系伪造".to_owned(),
        sanction_through_on: date(2029, 9, 21),
        barred_through_on: date(2029, 9, 21),
        restart: None,
        reason: String::new(),
    };
    let kept = Step { by: "复核".to_owned(), on, event: at_once };
    let body = serde_json::to_string(&kept).unwrap();
    assert!(!body.contains("reason"), "as it was kept then: {body}");
    let read: Step = serde_json::from_str(&body).unwrap();
    assert_eq!(granted(on).take(&read).unwrap().state.code(), "revoked");
}

#[test]
fn beyond_the_calendar_the_days_for_a_statement_are_certainly_over_before_anybody_decides() {
    let on = date(2026, 12, 28);
    let accused = told(&granted(on), on, Fault::FalsePapers);
    let heard = accused.revoking().unwrap().served.clone().unwrap();
    assert!(heard.provisional && heard.statement_due_on < date(2027, 1, 6), "{heard:?}");
    let last = date(2027, 1, 27);
    assert!(desk("申请人", last).state(&accused, &stating(last, "不知情")).is_ok());
    refused(desk("复核", last).revoke(&accused, "撤1号", "属实", true), "answer_period_running");
    assert!(desk("复核", date(2027, 1, 28)).revoke(&accused, "撤1号", "属实", true).is_ok());
}

#[test]
fn the_organisation_gives_up_its_days_itself_or_on_paper_that_another_person_enters() {
    let on = date(2026, 9, 21);
    let false_papers = (Fault::FalsePapers, "缴款书系伪造");
    let proposed = desk("拟办", on).propose_revocation(&granted(on), "告1号", false_papers).unwrap().1;
    let own = Waiving { on, reference: None, papers: &[] };
    refused(desk("申请人", on).waive(&granted(on), &own), "repair_revocation_missing");
    refused(desk("申请人", on).waive(&proposed, &own), "notice_not_served");
    let heard = desk("拟办", on).serve_revocation(&proposed, &handed_over(on)).unwrap().1;
    let declared = |digest: &str, file| {
        vec![Paper { kind: "other".to_owned(), number: "放弃声明".to_owned(), digest: digest.to_owned(), file }]
    };
    let (seen, kept) = (declared("", false), declared(&"ab".repeat(32), true));
    let on_paper = Waiving { on, reference: Some("声明1号"), papers: &kept };
    refused(desk("拟办", on).waive(&heard, &on_paper), "waiver_by_proposer");
    refused(desk("收件", on).waive(&heard, &Waiving { papers: &[], ..on_paper }), "waiver_paper_missing");
    refused(desk("收件", on).waive(&heard, &Waiving { papers: &seen, ..on_paper }), "waiver_paper_missing");
    refused(desk("收件", on).waive(&heard, &Waiving { reference: Some(" "), ..on_paper }), "repair_reference_missing");
    refused(desk("收件", on).waive(&heard, &Waiving { on: date(2026, 9, 22), ..on_paper }), "day_in_future");
    refused(desk("收件", on).waive(&heard, &Waiving { on: date(2026, 9, 20), ..on_paper }), "day_too_early");
    refused(
        desk("申请人", date(2026, 9, 30)).waive(&heard, &Waiving { on: date(2026, 9, 30), ..own }),
        "statement_late",
    );
    refused(desk("复核", on).revoke(&heard, "撤1号", "属实", true), "answer_period_running");
    for waived in
        [desk("申请人", on).waive(&heard, &own).unwrap().1, desk("收件", on).waive(&heard, &on_paper).unwrap().1]
    {
        refused(desk("申请人", on).waive(&waived, &own), "waived_already");
        assert!(of_repair(&waived).iter().all(|clock| clock.whose != Whose::Organisation), "nothing is left to answer");
        let by = desk("复核", on);
        let revoked = by.revoke(&waived, "撤1号", "属实", true).unwrap().1;
        let about = LetterFacts { unit: "示范住建局", organisation: "示范甲有限公司", serial: 1 };
        let letter = write(&by, LetterKind::RepairRevocation, &revoked, &about).unwrap().text;
        assert!(letter.contains("明确放弃陈述、申辩") && !letter.contains("在期限内没有提出"), "{letter}");
    }
}
