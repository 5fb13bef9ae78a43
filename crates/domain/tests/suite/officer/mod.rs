//! Responsible persons against the shipped rulebook: each thing that must be refused, whole lives, those above; and a model.

mod model;

use crate::files::shipped;
use credence_domain::listing::{
    self, Base, BaseFacts, Cause, Decide, Delivery, Event, Filed, Findings, Organ, Refusal, RemedyKind,
};
use credence_domain::objection::Evidence;
use credence_domain::officer::{
    Because, Case, CaseEvent, Desk, DutyEvent, Ending, Entering, Outcome, Propose, Role, State, Term, TermEvent,
    because, rule,
};
use credence_domain::publicity::Class;
use credence_domain::record::state::State as RecordState;
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::procedure::Above;
use jiff::civil::{Date, date};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static BOOK: LazyLock<Rulebook> = LazyLock::new(shipped);

const FIRM: &str = "91379900MA0TE5T16G";
const UNIT: &str = "11379900000000086M";
const TODAY: Date = date(2026, 4, 13);
const PERSON: &str = "00";

fn desk(by: &str, today: Date) -> Desk<'_> {
    Desk { rulebook: &BOOK, by, today }
}

fn by_hand(on: Date) -> Delivery {
    Delivery { mode: "direct".to_owned(), on, proof: "送达回证1号".to_owned(), consent: String::new() }
}

fn office(by: &str, today: Date) -> listing::Desk<'_> {
    listing::Desk { rulebook: &BOOK, by, today }
}

/// A case of a listing before its decision: served and waived on 10 March.
fn told(uscc: &str) -> (listing::Case, Vec<BaseFacts>) {
    let bases = vec![BaseFacts {
        base: Base {
            record: "01".repeat(16),
            item: "penalty".to_owned(),
            number: "示市监罚〔2026〕1号".to_owned(),
            authority: "示范市市场监督管理局".to_owned(),
            decided_on: date(2026, 3, 2),
        },
        made_by: UNIT.to_owned(),
        uscc: uscc.to_owned(),
        state: RecordState::Accepted,
        class: Some(Class::Serious),
        kinds: vec!["责令停产停业".to_owned()],
        tier: String::new(),
    }];
    let day = date(2026, 3, 10);
    let proposal = listing::Propose {
        list: "market_regulation",
        criterion: 1,
        facts: "销售不符合食品安全标准的食品",
        uscc,
        unit: Organ { uscc: UNIT, sector: "市场监管", level: "province" },
        bases: &bases,
        earlier: &[],
        ordered: "",
        papers: &[],
    };
    let case = office("甲", day).propose(&proposal).unwrap().1;
    let case = office("甲", day).serve_notice(&case, "告1号", &by_hand(day)).unwrap().1;
    let waived = Event::Waived { on: day, proof: "声明".to_owned(), by_party: true };
    (office("代表人", day).take(&case, waived).unwrap().1, bases)
}

/// The same, listed on 1 April.
fn listed_as(uscc: &str) -> listing::Case {
    let (case, bases) = told(uscc);
    let findings =
        Findings {
            nature: "明知故犯".to_owned(), circumstances: "持续半年".to_owned(), harm: "多人受害".to_owned()
        };
    let decision = Decide {
        letter: "列1号",
        findings,
        measures: &[],
        unit: Organ { uscc: UNIT, sector: "市场监管", level: "province" },
        consent: "",
        bases: &bases,
    };
    office("乙", date(2026, 4, 1)).list(&case, &decision).unwrap().1
}

fn listed() -> listing::Case {
    listed_as(FIRM)
}

fn removed(case: &listing::Case, today: Date) -> listing::Case {
    let cause = Cause::Objection { document: "异1号".to_owned() };
    let event = Event::Removed { cause, letter: "移1号".to_owned() };
    office("丙", today).take(case, event).unwrap().1
}

fn stayed(case: &listing::Case, today: Date, stays: bool) -> listing::Case {
    let number = "复1号".to_owned();
    if !stays {
        let lifted = Event::StayLifted { number, on: today };
        return office("乙", today).take_citing(case, lifted, &[paper()]).unwrap().1;
    }
    let known = case.listed().is_some_and(|listed| !listed.remedies.is_empty());
    let filed =
        Filed { kind: RemedyKind::Reconsideration, number: number.clone(), body: "市政府".to_owned(), on: today };
    let case = match known {
        true => case.clone(),
        false => office("丙", today).take(case, Event::RemedyFiled { filed }).unwrap().1,
    };
    office("乙", today).take_citing(&case, Event::Stayed { number, on: today }, &[paper()]).unwrap().1
}

fn paper() -> Evidence {
    Evidence { name: "声明.pdf".to_owned(), digest: "ab".repeat(32), file: false }
}

fn entering(role: Role, from_on: Date, through_on: Option<Date>) -> Entering<'static> {
    Entering { uscc: FIRM, unit: UNIT, role, person: PERSON, from_on, through_on, evidence: "登记档案" }
}

fn term(role: Role, from_on: Date, through_on: Option<Date>) -> Term {
    desk("甲", TODAY).enter(&entering(role, from_on, through_on)).unwrap().1
}

fn representative() -> Term {
    term(Role::LegalRepresentative, date(2020, 1, 1), None)
}

const CONDUCT: (Date, Date) = (date(2025, 6, 1), date(2025, 12, 31));

fn asked<'p>(listing: &'p listing::Case, term: &'p Term) -> Propose<'p> {
    Propose {
        listing: ("L1", listing),
        term: ("T1", term),
        unit: UNIT,
        conduct: CONDUCT,
        facts: "决定采购不合格原料",
        ground: "aic_listed_representative",
        kinds: &[],
    }
}

fn refused<T: std::fmt::Debug>(done: Result<T, Refusal>, code: &str) {
    let refusal = done.expect_err(code);
    assert_eq!(refusal.code(), code, "{refusal}");
}

fn proposed(listing: &listing::Case) -> Case {
    desk("甲", TODAY).propose(&asked(listing, &representative())).unwrap().1
}

fn notified(listing: &listing::Case) -> Case {
    desk("甲", TODAY).serve_notice(&proposed(listing), listing, ("责告1号", &by_hand(TODAY))).unwrap().1
}

fn waived(listing: &listing::Case) -> Case {
    let event = |paper| CaseEvent::Waived { on: TODAY, proof: "声明".to_owned(), paper: Some(paper) };
    refused(desk("甲", TODAY).take(&notified(listing), event(paper())).map(drop), "waiver_by_proposer");
    let unsound = Evidence { digest: "1".to_owned(), ..paper() };
    refused(desk("丙", TODAY).take(&notified(listing), event(unsound)).map(drop), "waiver_paper_missing");
    let without = CaseEvent::Waived { on: TODAY, proof: "声明".to_owned(), paper: None };
    refused(desk("丙", TODAY).take(&notified(listing), without.clone()).map(drop), "waiver_paper_missing");
    // What an earlier program kept without asking folds for ever.
    let kept =
        serde_json::json!({ "by": "甲", "on": TODAY, "event": { "event": "waived", "on": TODAY, "proof": "声明" } });
    let kept: credence_domain::officer::CaseStep = serde_json::from_value(kept).unwrap();
    assert!(kept.event == without && notified(listing).take(&kept).is_ok());
    desk("丙", TODAY).take(&notified(listing), event(paper())).unwrap().1
}

fn decided(listing: &listing::Case) -> Case {
    desk("乙", TODAY).decide(&waived(listing), listing, ("责1号", "其直接决定采购")).unwrap().1
}

#[test]
fn an_officer_appointed_after_the_conduct_does_not_answer_for_it_nor_one_who_was_not_in_office_all_the_time() {
    let listing = listed();
    let try_it = |term: &Term| desk("甲", TODAY).propose(&asked(&listing, term));
    let role = Role::LegalRepresentative;
    assert!(try_it(&representative()).is_ok());
    refused(try_it(&term(role, date(2026, 1, 1), None)), "officer_appointed_after");
    refused(try_it(&term(role, date(2025, 7, 1), None)), "officer_not_in_office");
    refused(try_it(&term(role, date(2020, 1, 1), Some(date(2025, 12, 30)))), "officer_not_in_office");
    assert!(try_it(&term(role, date(2025, 6, 1), Some(date(2025, 12, 31)))).is_ok(), "the very days");
    let withdrawn = TermEvent::Withdrawn { reason: "录入有误".to_owned() };
    let withdrawn = desk("甲", TODAY).take_term(&representative(), withdrawn).unwrap().1;
    refused(try_it(&withdrawn), "officer_term_withdrawn");
    let erased = TermEvent::Erased { clause: "court_order".to_owned() };
    refused(try_it(&desk("甲", TODAY).take_term(&representative(), erased).unwrap().1), "officer_person_erased");
    let other = desk("甲", TODAY)
        .enter(&Entering { uscc: "91379900MA0TE0026R", ..entering(Role::LegalRepresentative, date(2020, 1, 1), None) });
    refused(try_it(&other.unwrap().1), "officer_term_of_another");
}

#[test]
fn nobody_answers_without_a_law_that_reaches_his_office_and_the_list() {
    let listing = listed();
    let try_it = |term: &Term, ground: &str| desk("甲", TODAY).propose(&Propose { ground, ..asked(&listing, term) });
    refused(try_it(&representative(), ""), "liability_missing");
    refused(try_it(&representative(), "popular_anger"), "liability_missing");
    refused(try_it(&representative(), "safety_principal_bar"), "liability_not_for_role");
    let principal = term(Role::Principal, date(2020, 1, 1), None);
    refused(try_it(&principal, "safety_principal_bar"), "liability_not_for_list");
    let controller = term(Role::ActualController, date(2020, 1, 1), None);
    refused(try_it(&controller, "aic_listed_representative"), "liability_not_for_role");
    assert!(try_it(&controller, "named_in_record").is_ok());
    assert!(try_it(&principal, "aic_listed_representative").is_ok());
    // A bar that goes with a revoked licence reaches nobody whose organisation kept it.
    let punished = |kinds: &[String]| {
        let representative = representative();
        let of = asked(&listing, &representative);
        desk("甲", TODAY).propose(&Propose { ground: "food_licence_representative", kinds, ..of })
    };
    refused(punished(&["责令停产停业".to_owned(), "罚款".to_owned()]), "liability_not_for_penalty");
    refused(punished(&[]), "liability_not_for_penalty");
    assert!(punished(&["吊销许可证件".to_owned()]).is_ok());
}

#[test]
fn nobody_answers_for_an_organisation_that_is_not_listed_or_no_longer() {
    let listing = listed();
    let try_it =
        |listing: &listing::Case, today: Date| desk("甲", today).propose(&asked(listing, &representative())).map(drop);
    refused(try_it(&told(FIRM).0, TODAY), "officer_listing_missing");
    refused(try_it(&removed(&listing, TODAY), TODAY), "officer_listing_ended");
    refused(try_it(&stayed(&listing, TODAY, true), TODAY), "officer_listing_stayed");
    let over = listing.listed().unwrap().decided.through_on.tomorrow().unwrap();
    refused(try_it(&listing, over), "officer_listing_ended");
    let term = representative();
    let other = Propose { unit: "11379900000000094G", ..asked(&listing, &term) };
    refused(desk("甲", TODAY).propose(&other).map(drop), "officer_wrong_unit");
    for conduct in [(CONDUCT.1, CONDUCT.0), (CONDUCT.0, date(2026, 3, 3))] {
        let days = Propose { conduct, ..asked(&listing, &term) };
        refused(desk("甲", TODAY).propose(&days).map(drop), "officer_conduct_days_wrong");
    }
    let silent = Propose { facts: " ", ..asked(&listing, &term) };
    refused(desk("甲", TODAY).propose(&silent).map(drop), "facts_missing");
}

#[test]
fn nobody_is_decided_on_unheard_or_by_whoever_proposed_it() {
    let listing = listed();
    let reason = ("责1号", "其直接决定采购");
    let case = proposed(&listing);
    refused(desk("乙", TODAY).decide(&case, &listing, reason).map(drop), "notice_not_served");
    refused(desk("乙", TODAY).dismiss(&case, "责免1号", "未参与").map(drop), "notice_not_served");
    let case = notified(&listing);
    let State::Notified(time) = &case.state else { panic!("{case:?}") };
    assert_eq!(time.answer_due_on, date(2026, 4, 20), "five working days");
    refused(desk("乙", TODAY).decide(&case, &listing, reason).map(drop), "answer_period_running");
    refused(desk("乙", time.answer_due_on).decide(&case, &listing, reason).map(drop), "answer_period_running");
    let after = time.answer_due_on.tomorrow().unwrap();
    refused(desk("甲", after).decide(&case, &listing, reason).map(drop), "decider_is_proposer");
    refused(desk("甲", after).dismiss(&case, "责免1号", "未参与").map(drop), "decider_is_proposer");
    assert!(desk("乙", after).decide(&case, &listing, reason).is_ok());
    let stated = CaseEvent::Stated { on: TODAY, text: "本人不知情".to_owned() };
    let case = desk("甲", TODAY).take(&case, stated).unwrap().1;
    refused(desk("乙", after).decide(&case, &listing, reason).map(drop), "statement_open");
    let answered = CaseEvent::Answered { statement: 1, accepted: false, reason: "有签字".to_owned() };
    let case = desk("甲", TODAY).take(&case, answered).unwrap().1;
    refused(desk("乙", after).decide(&case, &listing, ("责1号", " ")).map(drop), "reason_missing");
    assert!(desk("乙", after).decide(&case, &listing, reason).is_ok());
    let elsewhere = Delivery { mode: "pigeon".to_owned(), ..by_hand(TODAY) };
    let served = desk("甲", TODAY).serve_notice(&proposed(&listing), &listing, ("责告1号", &elsewhere));
    refused(served.map(drop), "service_mode_unknown");
}

#[test]
fn nothing_follows_once_the_listing_has_ended_and_what_stands_ends_with_it() {
    let listing = listed();
    let gone = removed(&listing, TODAY);
    for case in [proposed(&listing), notified(&listing)] {
        refused(
            desk("甲", TODAY).serve_notice(&case, &gone, ("责告1号", &by_hand(TODAY))).map(drop),
            "officer_listing_ended",
        );
        refused(desk("乙", TODAY).decide(&case, &gone, ("责1号", "理由")).map(drop), "officer_listing_ended");
        let event = desk("丙", TODAY).following(&case, &gone).unwrap();
        let case = desk("丙", TODAY).take(&case, event).unwrap().1;
        assert_eq!(case.state.code(), "withdrawn");
        assert!(desk("丙", TODAY).following(&case, &gone).is_none());
    }
    let case = decided(&listing);
    let receipt = CaseEvent::HandedOver { number: "回1号".to_owned(), on: TODAY };
    let handed = desk("甲", TODAY).take(&case, receipt.clone()).unwrap().1;
    for (case, owed) in [(case, None), (handed, Some(date(2026, 4, 16)))] {
        let event = desk("丙", TODAY).following(&case, &gone).unwrap();
        let ended = desk("丙", TODAY).take(&case, event).unwrap().1;
        assert_eq!((ended.state.code(), ended.owed_on(TODAY)), ("ended", owed), "the keeper is told of the end");
        let State::Ended(end) = &ended.state else { panic!("{ended:?}") };
        assert!(end.cause.told().contains("随名单终止"));
        let filed =
            Filed { kind: RemedyKind::Litigation, number: "行1号".to_owned(), body: "法院".to_owned(), on: TODAY };
        for event in [
            CaseEvent::RemedyFiled { filed },
            CaseEvent::Rested { reason: "停".to_owned() },
            CaseEvent::Ended { cause: Ending::Own { document: "终1号".to_owned() }, recall_due_on: None },
        ] {
            refused(desk("甲", TODAY).take(&ended, event).map(drop), "officer_ended");
        }
        let told = desk("甲", TODAY).take(&ended, receipt.clone());
        assert_eq!(told.is_ok(), owed.is_some());
    }
}

#[test]
fn the_consequence_lasts_as_the_law_says_and_never_longer_than_the_listing() {
    let listing = listed();
    let case = decided(&listing);
    let through = case.decided().unwrap().through_on;
    assert_eq!(through, listing.listed().unwrap().decided.through_on, "three years from later than the listing");
    assert!(case.is_in_force_on(TODAY) && case.is_in_force_on(through));
    let after = through.tomorrow().unwrap();
    assert_eq!((case.is_in_force_on(after), case.code_on(after)), (false, "ended"));
    refused(
        desk("甲", after).take(&case, CaseEvent::HandedOver { number: "回1号".to_owned(), on: after }).map(drop),
        "officer_ended",
    );
    let longer = CaseEvent::Shortened { through_on: after };
    refused(desk("丙", TODAY).take(&case, longer).map(drop), "officer_outlasts_listing");
    assert_eq!(case.decided().unwrap().hand_over.due_on, date(2026, 4, 22));
    assert!(!case.is_overdue(date(2026, 4, 22)) && case.is_overdue(date(2026, 4, 23)));
}

#[test]
fn a_person_has_remedies_of_his_own() {
    let listing = listed();
    let case = decided(&listing);
    let filed = |number: &str| Filed {
        kind: RemedyKind::Litigation,
        number: number.to_owned(),
        body: "示范法院".to_owned(),
        on: TODAY,
    };
    let take = |case: &Case, event: CaseEvent| desk("甲", TODAY).take(case, event);
    let number = || "行1号".to_owned();
    let stay = |paper| CaseEvent::Stayed { number: number(), on: TODAY, paper };
    refused(take(&case, stay(Some(paper()))).map(drop), "remedy_unknown");
    let case = desk("戊", TODAY).take(&case, CaseEvent::RemedyFiled { filed: filed("行1号") }).unwrap().1;
    assert!(case.is_in_force_on(TODAY), "filing alone suspends nothing");
    refused(take(&case, CaseEvent::RemedyFiled { filed: filed("行1号") }).map(drop), "remedy_repeated");
    refused(take(&case, stay(None)).map(drop), "remedy_paper_missing");
    refused(desk("戊", TODAY).take(&case, stay(Some(paper()))).map(drop), "remedy_by_filer");
    let kept = credence_domain::officer::CaseStep { by: "戊".to_owned(), on: TODAY, event: stay(None) };
    let read: credence_domain::officer::CaseStep =
        serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
    assert_eq!(case.clone().take(&read).unwrap().state.code(), "suspended", "what was kept before folds for ever");
    let case = take(&case, stay(Some(paper()))).unwrap().1;
    assert_eq!(case.state.code(), "suspended");
    let outcome = |outcome: Outcome| CaseEvent::RemedyDecided {
        number: number(),
        on: TODAY,
        outcome,
        recall_due_on: None,
        paper: Some(paper()),
    };
    let shorter = take(&case, outcome(Outcome::Shortened { through_on: date(2026, 12, 31) })).unwrap().1;
    assert_eq!((shorter.state.code(), shorter.decided().unwrap().through_on), ("decided", date(2026, 12, 31)));
    let revoked = take(&case, outcome(Outcome::Revoked)).unwrap().1;
    assert_eq!(revoked.state.code(), "ended");
    assert!(matches!(&listing.state, listing::State::Listed(_)), "and the listing stands");
}

#[test]
fn those_above_a_public_body_a_state_enterprise_and_an_official_are_told_and_it_is_asked_until_it_is_done() {
    let rules = BOOK.procedure.officer_rules(TODAY).unwrap();
    assert_eq!(because(rules, "12379900000000086M", ""), Some(Because::PublicBody));
    assert_eq!(because(rules, FIRM, "有限责任公司（国有独资）"), Some(Because::StateEnterprise));
    assert_eq!(because(rules, FIRM, "有限责任公司"), None);
    let listing = listed();
    refused(desk("甲", TODAY).arise(("L1", &told(FIRM).0), Because::Official).map(drop), "officer_listing_missing");
    let duty = desk("甲", TODAY).arise(("L1", &listing), Because::StateEnterprise).unwrap().1;
    let whom: Vec<Above> = duty.notices.iter().map(|notice| notice.to).collect();
    assert_eq!((whom, duty.due_on), (vec![Above::Superior, Above::Audit], date(2026, 4, 27)));
    let told = |to: Above, number: &str| DutyEvent::Informed {
        to,
        addressee: "示范国资委".to_owned(),
        number: number.to_owned(),
        on: TODAY,
    };
    refused(desk("甲", TODAY).take_duty(&duty, told(Above::Discipline, "通1号")).map(drop), "officer_duty_unknown");
    refused(desk("甲", TODAY).take_duty(&duty, told(Above::Superior, " ")).map(drop), "officer_duty_unproved");
    let duty = desk("甲", TODAY).take_duty(&duty, told(Above::Superior, "通1号")).unwrap().1;
    refused(desk("甲", TODAY).take_duty(&duty, told(Above::Superior, "通2号")).map(drop), "officer_duty_done");
    assert!(!duty.is_overdue(date(2026, 4, 27)) && duty.is_overdue(date(2026, 4, 28)));
    let duty = desk("甲", TODAY).take_duty(&duty, told(Above::Audit, "通2号")).unwrap().1;
    assert_eq!((duty.standing().code(), duty.is_overdue(date(2027, 1, 1))), ("closed", false));
    let official = desk("甲", TODAY).arise(("L1", &listing), Because::Official).unwrap().1;
    assert_eq!(official.notices.len(), 3);
}

#[test]
fn every_rule_has_a_code_of_its_own_and_a_chinese_text() {
    let codes: BTreeSet<_> = rule::ALL.iter().map(|rule| rule.code).collect();
    assert_eq!(codes.len(), rule::ALL.len());
    assert!(rule::ALL.iter().all(|rule| BOOK.codes.error.contains_key(rule.code)), "each stands in the code book");
}
