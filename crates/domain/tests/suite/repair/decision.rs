//! A grant finds every condition met, one by one. The letter of a decision is served, and the periods of the remedies run from then and from nothing else.

use super::*;
use credence_domain::listing::{Filed, RemedyKind, Ruled, Verdict};
use credence_domain::objection::Evidence;
use credence_domain::remedy::{Counted, against_repair};
use credence_domain::repair::Applied;

/// A repair that was refused on a Monday.
fn refused_on(on: Date) -> Case {
    let facts = penalty("general", date(2026, 4, 10));
    let (_, case) = apply(&facts, on, &Wish::default()).unwrap();
    let (_, pushed) = desk("窗口", on).push(&case, "材料齐全").unwrap();
    let (_, accepted) = desk("受理", on).accept(&pushed).unwrap();
    desk("决定", on).refuse(&accepted, "告1号", "凭证与处罚不符").unwrap().1
}

fn last_days(case: &Case) -> Vec<(String, Date, Counted)> {
    let made = against_repair(case).unwrap();
    let days = made.last_days(&BOOK.procedure, &BOOK.calendar).into_iter();
    days.map(|last| (last.code, last.due.on, last.counted)).collect()
}

#[test]
fn no_period_runs_from_a_letter_that_nobody_served() {
    let on = date(2026, 9, 21);
    let case = refused_on(on);
    assert!(case.unserved() && against_repair(&case).unwrap().is_unserved() && last_days(&case).is_empty());
    let clerk = desk("送达", date(2026, 9, 30));
    refused(clerk.serve_decision(&case, Some("告2号"), &handed_over(on)), "letter_missing");
    refused(clerk.serve_decision(&case, None, &handed_over(date(2026, 9, 20))), "day_too_early");
    refused(
        clerk.serve_decision(&case, None, &Delivery { proof: " ".to_owned(), ..handed_over(on) }),
        "service_proof_missing",
    );
    let announced = Delivery { mode: "announcement".to_owned(), ..handed_over(on) };
    refused(clerk.serve_decision(&case, None, &announced), "service_not_counted");
    let (_, case) = clerk.serve_decision(&case, None, &handed_over(date(2026, 9, 24))).unwrap();
    refused(clerk.serve_decision(&case, None, &handed_over(on)), "served_already");
    assert!(!case.unserved() && case.state.code() == "refused" && case.next_due().is_none());
    // 24 September + 60 days = 23 November; six months end in a year whose calendar is not there.
    assert_eq!(last_days(&case)[0], ("reconsideration".to_owned(), date(2026, 11, 23), Counted::Service));
    let filed = Filed {
        kind: RemedyKind::Reconsideration,
        number: "复1号".to_owned(),
        body: "市政府".to_owned(),
        on: date(2026, 9, 28),
    };
    let party = desk("申请人", date(2026, 9, 30));
    let (step, filed_against) = party.file_remedy(&case, None, (&filed, &[])).unwrap();
    assert!(last_days(&filed_against).is_empty(), "while it is pending nobody sues");
    refused(party.file_remedy(&filed_against, None, (&filed, &[])), "remedy_repeated");
    let read: Step = serde_json::from_str(&serde_json::to_string(&step).unwrap()).unwrap();
    assert_eq!(case.take(&read).unwrap(), filed_against);
}

/// What a body ruled, with its paper.
fn ruled(number: &str, verdict: Verdict, on: Date) -> Ruled {
    let paper = Evidence { name: "复议决定书.pdf".to_owned(), digest: "ab".repeat(32), file: false };
    let (number, document) = (number.to_owned(), "复决1号".to_owned());
    Ruled { number, verdict, document, on, gist: String::new(), papers: vec![paper] }
}

/// A refusal of 21 September that was served on the 24th and taken to a reviewing body on the 28th.
fn contested() -> Case {
    let (served_on, on) = (date(2026, 9, 24), date(2026, 9, 28));
    let case = refused_on(date(2026, 9, 21));
    let (_, case) = desk("送达", served_on).serve_decision(&case, None, &handed_over(served_on)).unwrap();
    let filed =
        Filed { kind: RemedyKind::Reconsideration, number: "复1号".to_owned(), body: "市政府".to_owned(), on };
    desk("申请人", on).file_remedy(&case, None, (&filed, &[])).unwrap().1
}

#[test]
fn what_a_body_upheld_leaves_fifteen_days_to_sue_and_what_was_taken_back_the_first_period() {
    let (case, on) = (contested(), date(2026, 11, 9));
    assert_eq!(case.state.code(), "refused", "filing suspends nothing");
    let by = desk("登记", on);
    let upheld = ruled("复1号", Verdict::Upheld, on);
    refused(by.rule_remedy(&case, &ruled("复2号", Verdict::Upheld, on), true), "remedy_unknown");
    refused(desk("申请人", on).rule_remedy(&case, &upheld, true), "remedy_by_filer");
    refused(by.rule_remedy(&case, &Ruled { papers: Vec::new(), ..upheld.clone() }, true), "remedy_paper_missing");
    let unnamed = Ruled { document: " ".to_owned(), ..upheld.clone() };
    refused(by.rule_remedy(&case, &unnamed, true), "remedy_ruling_number_missing");
    refused(by.rule_remedy(&case, &Ruled { on: date(2026, 9, 27), ..upheld.clone() }, true), "day_too_early");
    refused(by.rule_remedy(&case, &Ruled { on: date(2026, 11, 10), ..upheld.clone() }, true), "day_in_future");
    let (_, done) = by.rule_remedy(&case, &upheld, true).unwrap();
    assert_eq!((done.state.code(), done.next_due()), ("refused", None));
    // 9 November + 15 days = 24 November.
    let expected = ("litigation_after_reconsideration".to_owned(), date(2026, 11, 24), Counted::Reconsideration);
    assert_eq!(last_days(&done), [expected]);
    refused(by.rule_remedy(&done, &upheld, true), "remedy_decided");
    // Beyond the calendar its day is provisional.
    let late = desk("登记", date(2026, 12, 28));
    let (_, later) = late.rule_remedy(&case, &ruled("复1号", Verdict::Upheld, date(2026, 12, 28)), true).unwrap();
    assert!(against_repair(&later).unwrap().last_days(&BOOK.procedure, &BOOK.calendar)[0].due.provisional);
    let (_, back) = by.rule_remedy(&case, &ruled("复1号", Verdict::Withdrawn, on), true).unwrap();
    let last = last_days(&back);
    assert_eq!((last.len(), last[0].0.as_str(), last[0].2), (1, "litigation", Counted::Service));
}

#[test]
fn a_refusal_that_fell_goes_back_to_be_decided_with_a_clock_of_its_own() {
    let (case, on) = (contested(), date(2026, 11, 9));
    for verdict in [Verdict::Revoked, Verdict::Anew] {
        let (step, open) = desk("登记", on).rule_remedy(&case, &ruled("复1号", verdict, on), true).unwrap();
        assert_eq!((open.state.code(), open.extended.is_some()), ("accepted", false));
        // Seven working days from 9 November.
        assert_eq!(open.next_due().map(|due| due.on), Some(date(2026, 11, 18)));
        assert!(against_repair(&open).is_none());
        let read: Step = serde_json::from_str(&serde_json::to_string(&step).unwrap()).unwrap();
        assert_eq!(case.clone().take(&read).unwrap(), open);
        let (_, longer) = desk("受理", on).extend(&open, "案情复杂").unwrap();
        assert!(date(2026, 11, 18) < longer.next_due().unwrap().on);
        let (_, again) = desk("决定", on).refuse(&open, "告2号", "仍不符").unwrap();
        assert_eq!((again.state.code(), again.told.len(), again.unserved()), ("refused", 2, true));
    }
    let fell = ruled("复1号", Verdict::Revoked, on);
    let (_, gone) = desk("登记", on).rule_remedy(&case, &fell, false).unwrap();
    assert_eq!(gone.state.code(), "refused", "there is nothing left to decide");
    let (_, changed) = desk("登记", on).rule_remedy(&case, &ruled("复1号", Verdict::Changed, on), true).unwrap();
    assert_eq!(changed.state.code(), "refused", "what the body itself says holds by itself");
    // An application that was not accepted goes back to be accepted.
    let facts = penalty("general", date(2026, 4, 10));
    let on = date(2026, 9, 21);
    let (_, applied) = apply(&facts, on, &Wish::default()).unwrap();
    let (_, pushed) = desk("窗口", on).push(&applied, "材料齐全").unwrap();
    let (_, refused) = desk("决定", on).refuse(&pushed, "不1号", "不属本机关").unwrap();
    let filed = Filed { kind: RemedyKind::Litigation, number: "行1号".to_owned(), body: "法院".to_owned(), on };
    let (_, sued) = desk("申请人", on).file_remedy(&refused, None, (&filed, &[])).unwrap();
    let (_, open) = desk("登记", on).rule_remedy(&sued, &ruled("行1号", Verdict::Anew, on), true).unwrap();
    assert_eq!(open.state.code(), "arrived");
    assert_eq!(open.next_due().map(|due| due.on), pushed.next_due().map(|due| due.on));
}

#[test]
fn an_announcement_counts_from_its_end_and_each_letter_is_served_for_itself() {
    let on = date(2026, 9, 21);
    let facts = penalty("general", date(2026, 4, 10));
    let decision = judged(&facts);
    let (_, case) = apply(&facts, on, &Wish::default()).unwrap();
    refused(desk("送达", on).serve_decision(&case, None, &handed_over(on)), "letter_missing");
    let (_, pushed) = desk("窗口", on).push(&case, "材料齐全").unwrap();
    let (_, accepted) = desk("受理", on).accept(&pushed).unwrap();
    let (_, case) =
        desk("决定", on).grant(&accepted, &ground(&decision, &facts), &granting("修1号", "已核实")).unwrap();
    assert!(against_repair(&case).is_none(), "a grant burdens nobody");
    let accused = told(&case, on, Fault::FalsePapers);
    let later = date(2026, 11, 10);
    let (_, case) = desk("复核", later).revoke(&accused, "撤1号", "属实", true).unwrap();
    let announced = Delivery { mode: "announcement".to_owned(), ..handed_over(later) };
    let (_, case) = desk("送达", date(2026, 12, 10)).serve_decision(&case, None, &announced).unwrap();
    assert_eq!(case.told[1].served.as_ref().map(|service| service.served_on), Some(date(2026, 12, 10)));
    let last = last_days(&case);
    assert_eq!(last[0].1, date(2027, 2, 8), "sixty days from the end of the announcement");
    let (_, case) = desk("送达", date(2026, 12, 10)).serve_decision(&case, Some("修1号"), &handed_over(on)).unwrap();
    assert_eq!(case.told.iter().filter(|one| one.served.is_some()).count(), 2);
    assert_eq!(last_days(&case), last, "the letter of the grant moves nothing");
}

#[test]
fn a_grant_without_one_of_its_conditions_is_refused_and_the_condition_is_named() {
    let on = date(2026, 9, 21);
    let facts = penalty("general", date(2026, 4, 10));
    let decision = judged(&facts);
    let (_, case) = apply(&facts, on, &Wish::default()).unwrap();
    let (_, pushed) = desk("窗口", on).push(&case, "材料齐全").unwrap();
    let (_, accepted) = desk("受理", on).accept(&pushed).unwrap();
    let asked: Vec<&str> = desk("决定", on).conditions(&accepted.applied, on).map(|one| one.code.as_str()).collect();
    assert_eq!(asked, ["minimum", "performed", "rectified", "promise", "papers", "not_barred"]);
    let by = desk("决定", on);
    let grant = |codes: &[&str]| {
        let conditions: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
        let asked = Granting { letter: "修1号", findings: "已核实", conditions: &conditions, related: &[] };
        by.grant(&accepted, &ground(&decision, &facts), &asked)
    };
    for missing in &asked {
        let rest: Vec<&str> = asked.iter().filter(|code| *code != missing).copied().collect();
        let refusal = refused(grant(&rest), "repair_condition_missing");
        assert!(refusal.told().contains(missing) && refusal.told().contains("信用修复管理办法"), "{refusal:?}");
    }
    refused(grant(&["everything"]), "repair_condition_unknown");
    let (step, granted) = grant(&asked).unwrap();
    let State::Granted { conditions, .. } = &granted.state else { panic!("{granted:?}") };
    assert_eq!(conditions.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), asked);
    let about = LetterFacts { unit: "示范住建局", organisation: "示范甲有限公司", serial: 1 };
    let letter = write(&by, LetterKind::RepairGrant, &granted, &about).unwrap().text;
    assert!(conditions.iter().all(|one| letter.contains(&one.text)), "{letter}");
    // What was granted before that was asked for folds for ever.
    let body = serde_json::to_string(&step).unwrap();
    let old = body[..body.find(",\"conditions\"").unwrap()].to_owned() + "}}";
    let kept: Step = serde_json::from_str(&old).unwrap();
    assert_eq!(accepted.take(&kept).unwrap().state.code(), "granted");
}

#[test]
fn a_market_regulators_grant_finds_more_and_a_record_without_a_minimum_less() {
    let on = date(2026, 9, 21);
    let asked = |procedure: &str, min_end_on: Option<Date>| {
        let facts = penalty("general", date(2026, 4, 10));
        let (_, case) = apply(&facts, on, &Wish::default()).unwrap();
        let applied = Applied { procedure: procedure.to_owned(), min_end_on, ..case.applied };
        let codes: Vec<String> = desk("决定", on).conditions(&applied, on).map(|one| one.code.clone()).collect();
        codes
    };
    let market = asked("samr-107-2025/general", Some(date(2026, 8, 10)));
    assert!(["harm_removed", "no_repeat", "public_interest"].iter().all(|code| market.iter().any(|one| one == code)));
    assert!(!asked("ndrc-36-2025/minor", None).iter().any(|code| code == "minimum"));
}
