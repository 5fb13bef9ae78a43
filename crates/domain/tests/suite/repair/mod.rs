//! Repair against the shipped rulebook: who may apply and when, the letter, the clocks, the persons, the end; and a model.

mod decision;
mod model;
mod related;
mod revocation;
mod shield;

use crate::files::shipped;
use credence_domain::listing::{Delivery, LetterFacts, Refusal};
use credence_domain::publicity::{Decision, Facts, Regulator, Restart, decide};
use credence_domain::repair::{
    Applicant, Arrived, Ask, AskShield, Case, Channel, Desk, Due, Event, Fault, Followed, Granting, Ground, Paper,
    Plan, PlanKind, Ruling, Standing, State, Step, notice, number, rule, write,
};
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::letter::LetterKind;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static BOOK: LazyLock<Rulebook> = LazyLock::new(shipped);

const FIRM: &str = "91379900MA0TE5T16G";
const BUREAU: &str = "11379900000000086M";
const CLAUSES: [&str; 5] = ["performed", "truth", "lawful", "supervision", "punishment"];

fn desk(by: &'static str, today: Date) -> Desk<'static> {
    Desk { rulebook: &BOOK, by, today }
}

/// A penalty with a class that the authority stated.
fn penalty(class: &'static str, decided_on: Date) -> Facts<'static> {
    let mut facts = Facts::new("penalty", Regulator::Other, decided_on, decided_on);
    (facts.penalty_kinds, facts.class_stated) = (&["罚款"], Some(class));
    facts
}

fn judged(facts: &Facts<'_>) -> Decision<'static> {
    decide(&BOOK.publicity, &BOOK.calendar, facts)
}

fn ground<'g>(decision: &'g Decision<'g>, facts: &'g Facts<'g>) -> Ground<'g> {
    Ground {
        record: "01010101010101010101010101010101",
        item: "penalty",
        uscc: FIRM,
        organisation: "示范甲有限公司",
        document: "示住建罚〔2026〕1号",
        unit: BUREAU,
        unit_name: "示范住建局",
        decision,
        facts,
        barred_through_on: None,
    }
}

fn proof() -> Vec<Paper> {
    vec![Paper { kind: "proof".to_owned(), number: "缴款书0001".to_owned(), digest: String::new(), file: false }]
}

fn ruling(made_on: Date) -> Ruling {
    Ruling { court: "示例市中级人民法院".to_owned(), number: "（2026）示01破1号".to_owned(), made_on }
}

fn clauses() -> Vec<String> {
    CLAUSES.iter().map(|code| (*code).to_owned()).collect()
}

/// What one application says; tests change a part of it.
struct Wish {
    channel: Channel,
    arrived_on: Option<Date>,
    rectified: &'static str,
    papers: Vec<Paper>,
    clauses: Vec<String>,
    barred: Option<Date>,
}

impl Default for Wish {
    fn default() -> Self {
        Self {
            channel: Channel::Account,
            arrived_on: None,
            rectified: "已缴清罚款，已整改",
            papers: proof(),
            clauses: clauses(),
            barred: None,
        }
    }
}

fn apply(facts: &Facts<'_>, on: Date, wish: &Wish) -> Result<(Step, Case), Refusal> {
    let decision = judged(facts);
    let ask = Ask {
        ground: Ground { barred_through_on: wish.barred, ..ground(&decision, facts) },
        channel: &wish.channel,
        arrived_on: wish.arrived_on,
        rectified: wish.rectified,
        papers: &wish.papers,
        clauses: &wish.clauses,
        signed_on: on,
        followed: None,
    };
    desk("申请人", on).apply(&ask)
}

/// Its revocation is proposed and told to the organisation on a day.
fn told(case: &Case, on: Date, fault: Fault) -> Case {
    let (_, case) = desk("拟办", on).propose_revocation(case, "告1号", (fault, "缴款书系伪造")).unwrap();
    desk("拟办", on).serve_revocation(&case, &handed_over(on)).unwrap().1
}

/// Every condition that any order asks for.
static EVERY: LazyLock<Vec<String>> = LazyLock::new(|| {
    let rules = BOOK.procedure.repair_rules(date(2026, 9, 1)).unwrap();
    rules.conditions.iter().map(|one| one.code.clone()).collect()
});

/// A grant that found everything met.
fn granting<'g>(letter: &'g str, findings: &'g str) -> Granting<'g> {
    Granting { letter, findings, conditions: &EVERY, related: &[] }
}

fn handed_over(on: Date) -> Delivery {
    Delivery { mode: "direct".to_owned(), on, proof: "回证1号".to_owned(), consent: String::new() }
}

fn refused<T>(done: Result<T, Refusal>, code: &str) -> Refusal {
    let refusal = done.err().unwrap_or_else(|| panic!("{code} was expected"));
    assert_eq!(refusal.code(), code);
    refusal
}

#[test]
fn nobody_applies_before_the_day_without_a_clause_a_paper_or_the_wrong_put_right() {
    let facts = penalty("general", date(2026, 4, 10));
    let on = date(2026, 7, 13);
    assert!(apply(&facts, on, &Wish::default()).is_ok());
    // V12: the last day of the minimum is one day early, and the earliest day is named.
    let early = refused(apply(&facts, date(2026, 7, 10), &Wish::default()), "repair_too_early");
    assert!(early.told().contains("最早2026-07-11"), "{}", early.told());
    assert!(apply(&facts, date(2026, 7, 11), &Wish::default()).is_ok());
    refused(apply(&facts, on, &Wish { rectified: " ", ..Wish::default() }), "repair_not_rectified");
    refused(apply(&facts, on, &Wish { clauses: Vec::new(), ..Wish::default() }), "repair_no_commitment");
    for left_out in CLAUSES {
        let some = clauses().into_iter().filter(|code| code != left_out).collect();
        let missing =
            refused(apply(&facts, on, &Wish { clauses: some, ..Wish::default() }), "repair_letter_clause_missing");
        assert!(missing.told().contains(left_out), "{}", missing.told());
    }
    let mut more = clauses();
    more.push("and_a_donation".to_owned());
    refused(apply(&facts, on, &Wish { clauses: more, ..Wish::default() }), "repair_letter_clause_unknown");
    refused(apply(&facts, on, &Wish { papers: Vec::new(), ..Wish::default() }), "repair_paper_missing");
    let strange = vec![Paper { kind: "favour".to_owned(), number: "1".to_owned(), digest: String::new(), file: false }];
    refused(apply(&facts, on, &Wish { papers: strange, ..Wish::default() }), "repair_paper_unknown");
    let mut broken = proof();
    broken[0].digest = "XYZ".to_owned();
    refused(apply(&facts, on, &Wish { papers: broken, ..Wish::default() }), "repair_paper_digest_wrong");
    let nameless = Channel::Paper { reference: " ".to_owned() };
    refused(apply(&facts, on, &Wish { channel: nameless, ..Wish::default() }), "repair_reference_missing");
    let ahead = Channel::National { reference: "GJ1".to_owned(), window_on: date(2026, 7, 14) };
    refused(apply(&facts, on, &Wish { channel: ahead, ..Wish::default() }), "repair_window_day_wrong");
    // After the maximum publicity has stopped by itself.
    refused(apply(&facts, date(2027, 4, 11), &Wish::default()), "repair_ended");
    let barred = Some(date(2029, 8, 3));
    refused(apply(&facts, on, &Wish { barred, ..Wish::default() }), "repair_barred_after_fault");
}

#[test]
fn what_cannot_be_repaired_is_refused_with_its_basis() {
    let mut revoked = Facts::new("penalty", Regulator::Market, date(2026, 5, 12), date(2026, 5, 12));
    revoked.penalty_kinds = &["吊销许可证件"];
    let never = refused(apply(&revoked, date(2027, 6, 1), &Wish::default()), "repair_barred");
    assert!(never.told().contains("市场监督管理信用修复管理办法"));
    let mut low = Facts::new("penalty", Regulator::Market, date(2026, 5, 12), date(2026, 5, 12));
    (low.penalty_kinds, low.fine_cents, low.discretion_tier) = (&["罚款"], Some(5_000_000), Some("从轻"));
    refused(apply(&low, date(2026, 6, 1), &Wish::default()), "repair_no_application");
    refused(apply(&penalty("minor", date(2026, 4, 1)), date(2026, 4, 20), &Wish::default()), "repair_not_public");
    // V32: the minimum has passed, the term of the penalty has not.
    let mut term = penalty("serious", date(2026, 5, 20));
    term.term_ends_on = Some(date(2028, 6, 30));
    let early = refused(apply(&term, date(2027, 5, 21), &Wish::default()), "repair_before_term_end");
    assert!(early.told().contains("2028-07-01"), "{}", early.told());
}

#[test]
fn the_papers_are_those_of_the_day_of_the_application() {
    // 527号: a serious record needs training and a report; the same record under the order of 2026 does not.
    let facts = penalty("serious", date(2020, 8, 31));
    let missing = refused(apply(&facts, date(2021, 3, 1), &Wish::default()), "repair_paper_missing");
    assert!(missing.told().contains("信用修复培训证明"), "{}", missing.told());
    let paper =
        |kind: &str| Paper { kind: kind.to_owned(), number: format!("{kind}-1"), digest: String::new(), file: false };
    let papers: Vec<Paper> = ["proof", "training", "credit_report"].map(paper).into();
    let (_, case) = apply(&facts, date(2021, 3, 1), &Wish { papers, ..Wish::default() }).unwrap();
    assert_eq!(case.applied.procedure, "ndrc-527-2019/serious");
    let newer = penalty("other", date(2024, 8, 30));
    let (_, case) = apply(&newer, date(2026, 9, 21), &Wish::default()).unwrap();
    assert_eq!(
        (case.applied.pack.as_str(), case.applied.procedure.as_str()),
        ("ndrc-58-2023/other", "ndrc-36-2025/general")
    );
}

#[test]
fn clocks_of_window_and_authority_are_those_of_the_orders() {
    let facts = penalty("general", date(2026, 4, 10));
    // V29: at the window on 21 September, accepted on the 24th.
    let (_, case) = apply(&facts, date(2026, 9, 21), &Wish::default()).unwrap();
    let at = |case: &Case, code: &str| case.clocks.iter().rev().find(|clock| clock.code == code).unwrap().due.on;
    assert_eq!(at(&case, "answer"), date(2026, 10, 12));
    assert_eq!(at(&case, "push"), date(2026, 9, 22));
    let (_, case) = desk("窗口", date(2026, 9, 21)).push(&case, "材料齐全").unwrap();
    assert_eq!(at(&case, "accept"), date(2026, 9, 24));
    let (_, case) = desk("受理", date(2026, 9, 24)).accept(&case).unwrap();
    assert_eq!(at(&case, "decide"), date(2026, 10, 12));
    let (_, case) = desk("受理", date(2026, 10, 9)).extend(&case, "需实地核查").unwrap();
    assert_eq!(at(&case, "decide"), date(2026, 10, 26));
    let usual = case.clocks.iter().find(|clock| clock.code == "answer").unwrap();
    assert_eq!(usual.on(date(2026, 10, 20)), Standing::Stopped, "an extended case is not late by the usual clock");
    refused(desk("受理", date(2026, 10, 9)).extend(&case, "再次延长"), "repair_extended_twice");
    // A market regulator has two days, and three to process; a case from the national window keeps the day there beside.
    let mut market = Facts::new("penalty", Regulator::Market, date(2026, 1, 5), date(2026, 1, 5));
    (market.penalty_kinds, market.fine_cents) = (&["罚款"], Some(20_000_000));
    let national = Channel::National { reference: "GJ202604070001".to_owned(), window_on: date(2026, 4, 3) };
    let wish = Wish { channel: national, arrived_on: Some(date(2026, 4, 7)), ..Wish::default() };
    let (_, case) = apply(&market, date(2026, 4, 7), &wish).unwrap();
    assert_eq!((case.state.code(), at(&case, "accept")), ("arrived", date(2026, 4, 9)));
    assert_eq!(case.clocks[0].from_on, date(2026, 4, 3), "the window's clock runs from the day there");
    let (_, case) = desk("受理", date(2026, 4, 9)).accept(&case).unwrap();
    assert_eq!(at(&case, "decide"), date(2026, 4, 20));
    let decision = judged(&market);
    let done = desk("决定", date(2026, 4, 20))
        .grant(&case, &ground(&decision, &market), &granting("修1号", "已核实"))
        .unwrap()
        .1;
    let State::Granted { sync, .. } = &done.state else { panic!("{:?}", done.state) };
    assert_eq!(sync.unwrap().on, date(2026, 4, 23));
    assert!(done.clocks.iter().all(|clock| clock.on(date(2026, 4, 20)) == Standing::Met));
}

#[test]
fn reviewed_and_decided_by_different_persons_with_reasons_and_remedies() {
    let facts = penalty("general", date(2026, 4, 10));
    let on = date(2026, 9, 21);
    let decision = judged(&facts);
    let ground = ground(&decision, &facts);
    let (_, case) = apply(&facts, on, &Wish::default()).unwrap();
    refused(desk("窗口", on).accept(&case), "repair_state_wrong");
    refused(desk("窗口", on).push(&case, ""), "repair_opinion_missing");
    let (_, pushed) = desk("窗口", on).push(&case, "材料齐全").unwrap();
    refused(desk("窗口", on).refuse(&pushed, "告1号", "不符合条件"), "repair_same_person");
    refused(
        desk("受理", on).take(&pushed, Event::PapersAsked { missing: vec![" ".to_owned()] }),
        "repair_missing_unnamed",
    );
    let asked = desk("受理", on).take(&pushed, Event::PapersAsked { missing: vec!["缴款凭证".to_owned()] }).unwrap().1;
    let (_, back) = desk("申请人", on).supplement(&asked, &proof()).unwrap();
    let again = Event::PapersAsked { missing: vec!["营业执照".to_owned()] };
    refused(desk("受理", on).take(&back, again), "repair_missing_named_twice");
    let (_, accepted) = desk("受理", on).accept(&back).unwrap();
    refused(desk("受理", on).grant(&accepted, &ground, &granting("修1号", "已核实")), "repair_same_person");
    refused(desk("窗口", on).grant(&accepted, &ground, &granting("修1号", "已核实")), "repair_same_person");
    refused(desk("申请人", on).grant(&accepted, &ground, &granting("修1号", "已核实")), "repair_same_person");
    refused(desk("决定", on).grant(&accepted, &ground, &granting("修1号", " ")), "repair_findings_missing");
    refused(desk("决定", on).refuse(&accepted, "告1号", " "), "repair_reason_missing");
    let refusal = desk("决定", on).refuse(&accepted, "告1号", "罚款尚未缴清").unwrap().1;
    let State::Refused(ended) = &refusal.state else { panic!("{:?}", refusal.state) };
    assert!(ended.remedies.iter().any(|told| told.contains("行政复议")), "{:?}", ended.remedies);
    let granted = desk("决定", on).grant(&accepted, &ground, &granting("修1号", "罚款已缴清，已整改")).unwrap().1;
    refused(desk("决定", on).grant(&granted, &ground, &granting("修2号", "再次")), "repair_state_wrong");
    // False papers: three years of record and of no application, by somebody who had no part in it.
    let accused = told(&granted, on, Fault::FalsePapers);
    let found = date(2026, 11, 3);
    refused(desk("受理", found).revoke(&accused, "撤1号", "缴款书系伪造", true), "repair_same_person");
    let revoked = desk("复核", found).revoke(&accused, "撤1号", "缴款书系伪造", true).unwrap().1;
    assert_eq!(revoked.barred_through_on(), Some(date(2029, 11, 3)));
    refused(desk("复核", found).revoke(&revoked, "撤2号", "同上", true), "repair_revocation_missing");
    let broken = desk("拟办", on).propose_revocation(&accepted, "告1号", (Fault::BrokenPromise, "未履行"));
    refused(broken, "repair_fault_wrong");
    assert_eq!(revoked.restart(), None, "Order 36 lets the period run on");
}

#[test]
fn a_revoked_repair_of_a_market_regulator_lets_the_period_count_anew_to_its_end() {
    let published = date(2026, 1, 12);
    let mut facts = Facts::new("penalty", Regulator::Market, published, published);
    facts.class_stated = Some("general");
    let decision = judged(&facts);
    assert_eq!(decision.through_on, Some(date(2027, 1, 12)));
    let on = date(2026, 5, 12);
    let (_, case) = apply(&facts, on, &Wish::default()).unwrap();
    let (_, pushed) = desk("窗口", on).push(&case, "材料齐全").unwrap();
    let (_, accepted) = desk("受理", on).accept(&pushed).unwrap();
    let (_, granted) =
        desk("决定", on).grant(&accepted, &ground(&decision, &facts), &granting("修1号", "已核实")).unwrap();
    let found = date(2026, 11, 3);
    let revoke = |fault, returns| {
        let accused = told(&granted, on, fault);
        desk("复核", found).revoke(&accused, "撤1号", "系伪造", returns).unwrap().1.restart()
    };
    assert_eq!(revoke(Fault::FalsePapers, true), Some(Restart { on: found, no_early_end: true }));
    assert_eq!(revoke(Fault::UntruePromise, true), revoke(Fault::FalsePapers, true));
    assert_eq!(revoke(Fault::BrokenPromise, true), None, "a promise broken later deceived nobody");
    assert_eq!(revoke(Fault::FalsePapers, false), None, "what does not come back counts nothing");
    let anew = Facts { restart: revoke(Fault::FalsePapers, true), ..facts };
    let decision = judged(&anew);
    assert_eq!(
        (decision.through_on, decision.repair_from_on, decision.min_end_on),
        (Some(date(2027, 11, 3)), None, None)
    );
    assert!(decision.no_early_end && !decision.repairable());
    // Whoever waits until he may apply again finds that this period is not his to end.
    let late = refused(apply(&anew, date(2027, 11, 3), &Wish::default()), "repair_no_early_end");
    assert!(late.told().contains("二十三"), "{late}");
    // The five years of 山东省社会信用条例 art. 三十八 stand whatever counts anew.
    let old = Facts { misconduct_ended_on: Some(date(2022, 3, 1)), ..anew };
    assert_eq!(judged(&old).through_on, Some(date(2027, 3, 1)));
}

#[test]
fn a_notice_under_a_transition_says_one_thing() {
    // Barred by the order of 2021, open after a year by that of 2025: once the authority has stated the class, the milder rule holds.
    let published = date(2025, 6, 10);
    let mut facts = Facts::new("penalty", Regulator::Market, published, published);
    facts.penalty_kinds = &["责令停产停业"];
    let told = |facts: &Facts<'_>, on: Date| {
        let facts = Facts { as_of: Some(on), ..*facts };
        let decision = judged(&facts);
        let told = notice(&desk("", on), &ground(&decision, &facts));
        (told.code, told.repair_from_on, told.earliest_on, told.eligible)
    };
    let (before, after, later) = (date(2025, 12, 1), date(2026, 6, 10), date(2026, 6, 11));
    assert_eq!(told(&facts, later), (Some("repair_barred"), None, None, false), "no class, no change");
    facts.class_stated = Some("serious");
    assert_eq!(told(&facts, before), (Some("repair_too_early"), Some(later), Some(later), false), "it is coming");
    assert_eq!(told(&facts, after), (Some("repair_too_early"), Some(later), Some(later), false));
    assert_eq!(told(&facts, later), (None, Some(later), None, true));
    let applied = Facts { as_of: Some(later), ..facts };
    assert!(apply(&applied, later, &Wish::default()).is_ok());
    // What both orders bar stays barred, with no day beside it.
    facts.penalty_kinds = &["吊销许可证件"];
    assert_eq!(told(&facts, later), (Some("repair_barred"), None, None, false));
}

#[test]
fn the_ordinary_term_of_an_entry_bars_no_early_way_out_and_a_longer_limit_of_a_law_does() {
    for regulator in [Regulator::Market, Regulator::Finance] {
        let listed = date(2026, 10, 12);
        let mut facts = Facts::new("list", regulator, listed, listed);
        facts.term_ends_on = Some(date(2029, 10, 12));
        let decision = judged(&facts);
        let from = Some(date(2027, 10, 13));
        assert_eq!((decision.repair_from_on, decision.through_on), (from, Some(date(2029, 10, 12))), "{regulator:?}");
        facts.term_ends_on = Some(date(2031, 10, 12));
        assert_eq!(judged(&facts).repair_from_on, None, "{regulator:?}: not before the limit ends");
    }
}

#[test]
fn letters_and_notice_say_what_the_law_asks() {
    let facts = penalty("general", date(2026, 4, 10));
    let decision = judged(&facts);
    let ground = ground(&decision, &facts);
    let early = notice(&desk("", date(2026, 7, 10)), &ground);
    assert!(!early.eligible && early.code == Some("repair_too_early") && early.earliest_on == Some(date(2026, 7, 11)));
    assert_eq!((early.clauses.len(), early.papers.len(), early.free), (5, 1, true));
    assert_eq!((early.accept_working_days, early.decide_working_days), (Some(3), Some(7)));
    assert!(notice(&desk("", date(2026, 7, 11)), &ground).eligible);
    let over = notice(&desk("", date(2027, 4, 11)), &ground);
    assert!(!over.eligible && over.clauses.is_empty(), "where nobody applies no clause is of use");
    let on = date(2026, 9, 21);
    let wish = Wish { arrived_on: Some(on), ..Wish::default() };
    let (_, case) = apply(&facts, on, &wish).unwrap();
    let (_, case) = desk("受理", on).accept(&case).unwrap();
    let by = desk("决定", on);
    let about = LetterFacts { unit: "示范住建局", organisation: "示范甲有限公司", serial: 7 };
    let told = number(&by, LetterKind::RepairGrant, &about).unwrap();
    assert_eq!(told, "示范住建局信修〔2026〕7号");
    let granted = by.grant(&case, &ground, &granting(&told, "罚款已缴清。")).unwrap().1;
    let letter = write(&by, LetterKind::RepairGrant, &granted, &about).unwrap();
    assert!(letter.text.contains("罚款已缴清。符合") && letter.text.contains("停止公示"), "{}", letter.text);
    refused(write(&by, LetterKind::RepairRefusal, &granted, &about), "repair_state_wrong");
    // The commitment names no record, for it is shown when the record is gone.
    let text = by.letter().unwrap().text("示范甲有限公司", FIRM, "示范住建局", on);
    assert!(text.contains("示范甲有限公司") && !text.contains("〔2026〕"), "{text}");
}

#[test]
fn every_rule_has_a_code_of_its_own_and_a_chinese_text() {
    let codes: BTreeSet<_> = rule::ALL.iter().map(|rule| rule.code).collect();
    assert_eq!(codes.len(), rule::ALL.len());
    assert!(rule::ALL.iter().all(|rule| BOOK.codes.error.contains_key(rule.code)), "each stands in the code book");
}
