//! Every negative case of the law, refused with its code, its field and its basis.

use super::{
    DECIDER, ORGAN, PROPOSER, bring, by_hand, decision, desk, findings, listed, measures, notified, papers_of, penalty,
    proposal, proposed,
};
use credence_domain::listing::{
    BaseFacts, Call, Case, Cause, Earlier, Event, Filed, Known, Organ, Outcome, Propose, Refusal, RemedyKind, Step,
    rule,
};
use credence_domain::objection::Evidence;
use credence_domain::publicity::Class;
use credence_domain::record::state::State as RecordState;
use jiff::civil::{Date, date, time};

const AFTER: Date = date(2026, 4, 13);

fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>, code: &str) {
    let refusal = result.unwrap_err();
    assert_eq!(refusal.code(), code, "{refusal}");
    assert!(!refusal.field().is_empty() && !refusal.told().is_empty());
}

fn step(case: &Case, by: &str, on: Date, event: Event) -> Result<(Step, Case), Refusal> {
    desk(by, on).take(case, event)
}

fn propose(bases: &[BaseFacts]) -> Result<(Step, Case), Refusal> {
    desk(PROPOSER, date(2026, 4, 1)).propose(&proposal(bases))
}

#[test]
fn twenty_seven_minor_penalties_list_nobody() {
    let many: Vec<BaseFacts> = (0..27)
        .map(|n| {
            let mut base = penalty();
            base.base.record = format!("{n:032x}");
            base.class = Some(Class::Minor);
            base
        })
        .collect();
    refused(propose(&many), "base_document_minor");
    refused(propose(&[]), "base_document_missing");
    let told = propose(&many).unwrap_err().told();
    assert!(told.contains("信用修复管理办法") && told.contains("国办发〔2020〕49号"), "{told}");
}

#[test]
fn a_document_that_fell_or_is_another_s_or_too_light_carries_nothing() {
    for state in [RecordState::Withdrawn, RecordState::Hidden, RecordState::Repaired, RecordState::Erased] {
        let mut base = penalty();
        base.state = state;
        refused(propose(&[base]), "base_document_not_in_force");
    }
    let mut other = penalty();
    other.uscc = "91379900MA0TE0026R".to_owned();
    refused(propose(&[other]), "base_document_of_another");
    let mut permit = penalty();
    permit.base.item = "permit".to_owned();
    refused(propose(&[permit]), "base_document_not_allowed");
    let mut fine = penalty();
    fine.class = Some(Class::General);
    fine.kinds = vec!["罚款".to_owned()];
    refused(propose(&[fine.clone()]), "base_document_too_light");
    fine.tier = "从重".to_owned();
    assert!(propose(&[fine]).is_ok(), "a fine on the heavier tier is a heavier penalty");
    refused(propose(&[penalty(), penalty()]), "base_document_repeated");
}

#[test]
fn a_ground_of_no_list_or_of_a_list_of_others_is_refused() {
    let bases = [penalty()];
    let mut asked = proposal(&bases);
    asked.criterion = 0;
    refused(desk(PROPOSER, date(2026, 4, 1)).propose(&asked), "criterion_unknown");
    asked.criterion = 99;
    refused(desk(PROPOSER, date(2026, 4, 1)).propose(&asked), "criterion_unknown");
    asked.criterion = 1;
    refused(desk(PROPOSER, date(2021, 8, 31)).propose(&asked), "list_unknown");
    asked.list = "made_up";
    refused(desk(PROPOSER, date(2026, 4, 1)).propose(&asked), "list_unknown");
    asked.list = "court_defaulter";
    refused(desk(PROPOSER, date(2026, 4, 1)).propose(&asked), "list_mirrored");
    asked.list = "market_regulation";
    asked.facts = " ";
    refused(desk(PROPOSER, date(2026, 4, 1)).propose(&asked), "facts_missing");
}

#[test]
fn nothing_is_decided_before_the_notice_was_served_and_the_time_to_answer_is_over() {
    let decide = |case: &Case, on| desk(DECIDER, on).list(case, &decision(&measures(), &[penalty()]));
    refused(decide(&proposed(), AFTER), "notice_not_served");
    refused(desk(DECIDER, AFTER).dismiss(&proposed(), "决1号", "理由"), "notice_not_served");
    refused(decide(&notified(), date(2026, 4, 10)), "answer_period_running");
    assert!(decide(&notified(), date(2026, 4, 11)).is_ok());
    let waived = |by_party| Event::Waived { on: date(2026, 4, 3), proof: "放弃书".to_owned(), by_party };
    let on = date(2026, 4, 3);
    refused(step(&notified(), "third", on, waived(false)), "waiver_paper_missing");
    refused(bring(desk(PROPOSER, on), &notified(), waived(false)), "waiver_by_proposer");
    assert!(step(&notified(), "party", on, waived(true)).is_ok(), "its own account needs no paper");
    // What an earlier program kept without asking folds for ever.
    let kept = Step { by: PROPOSER.to_owned(), on, event: waived(false), papers: Vec::new() };
    assert!(notified().take(&kept).is_ok());
    let case = bring(desk("third", on), &notified(), waived(false)).unwrap().1;
    assert!(decide(&case, date(2026, 4, 3)).is_ok(), "an express waiver ends the time");
    let stated = Event::Stated { on: date(2026, 4, 7), text: "申辩".to_owned() };
    let case = step(&notified(), PROPOSER, date(2026, 4, 7), stated).unwrap().1;
    refused(decide(&case, AFTER), "statement_open");
    let late = Event::Stated { on: date(2026, 4, 11), text: "申辩".to_owned() };
    refused(step(&notified(), PROPOSER, AFTER, late), "statement_late");
}

#[test]
fn a_hearing_that_was_asked_for_is_held_by_another_and_after_seven_working_days() {
    let asked = Event::HearingAsked { on: date(2026, 4, 8) };
    let case = step(&notified(), PROPOSER, date(2026, 4, 8), asked.clone()).unwrap().1;
    refused(step(&case, PROPOSER, date(2026, 4, 8), asked), "hearing_asked_already");
    refused(desk(DECIDER, AFTER).list(&case, &decision(&measures(), &[penalty()])), "hearing_open");
    let call = |by| Call {
        letter: "听1号",
        hearing_on: date(2026, 4, 22),
        time: time(9, 30, 0, 0),
        place: "示范大厅",
        presided_by: by,
    };
    let notify = |on, call: Call<'_>| desk(PROPOSER, on).notify_hearing(&case, &call);
    let (told, heard) = (date(2026, 4, 9), date(2026, 4, 22));
    refused(desk(PROPOSER, told).notify_hearing(&notified(), &call("主持人")), "hearing_not_asked");
    refused(notify(told, call(PROPOSER)), "hearing_by_proposer");
    refused(notify(told, call(" ")), "hearing_by_proposer");
    refused(notify(told, Call { place: " ", ..call("主持人") }), "hearing_place_missing");
    refused(notify(told, Call { letter: " ", ..call("主持人") }), "letter_missing");
    refused(notify(told, Call { hearing_on: told, ..call("主持人") }), "hearing_notice_short");
    refused(notify(date(2026, 4, 14), call("主持人")), "hearing_notice_short");
    let called = notify(date(2026, 4, 13), call("主持人")).unwrap().1;
    refused(desk(PROPOSER, heard).hold_hearing(&case, "笔录", true), "hearing_not_called");
    refused(desk(PROPOSER, heard).hold_hearing(&called, "笔录", true), "hearing_not_called");
    let serve = |case: &Case, letter: &str, on: Date| {
        desk(PROPOSER, on.max(date(2026, 4, 14))).serve_hearing_notice(case, letter, &by_hand(on))
    };
    refused(serve(&case, "听1号", date(2026, 4, 13)), "hearing_not_called");
    refused(serve(&called, "听2号", date(2026, 4, 13)), "letter_missing");
    refused(serve(&called, "听1号", date(2026, 4, 10)), "day_too_early");
    // Written in time and served too late: another day must be called.
    let late = serve(&called, "听1号", date(2026, 4, 14)).unwrap().1;
    refused(desk(PROPOSER, heard).hold_hearing(&late, "笔录", true), "hearing_notice_short");
    let put_off = Call { letter: "听2号", hearing_on: date(2026, 5, 12), ..call("另一主持人") };
    let again = desk(PROPOSER, date(2026, 4, 22)).notify_hearing(&late, &put_off).unwrap().1;
    refused(desk(PROPOSER, date(2026, 5, 12)).hold_hearing(&again, "笔录", true), "hearing_not_called");
    let told = serve(&called, "听1号", date(2026, 4, 13)).unwrap().1;
    refused(serve(&told, "听1号", date(2026, 4, 14)), "served_already");
    refused(desk(PROPOSER, date(2026, 4, 21)).hold_hearing(&told, "笔录", true), "day_in_future");
    refused(desk(PROPOSER, heard).hold_hearing(&told, " ", true), "minutes_missing");
    let strange = Event::HearingHeld {
        notified_on: date(2026, 4, 13),
        on: heard,
        presided_by: PROPOSER.to_owned(),
        minutes: "笔录".to_owned(),
        attended: true,
    };
    refused(step(&told, PROPOSER, heard, strange), "hearing_differs");
    let held = desk(PROPOSER, heard).hold_hearing(&told, "笔录", true).unwrap().1;
    refused(desk(PROPOSER, heard).hold_hearing(&held, "笔录", true), "hearing_held_already");
    refused(desk(PROPOSER, heard).notify_hearing(&held, &put_off), "hearing_held_already");
    let late = Event::HearingAsked { on: AFTER };
    refused(step(&notified(), PROPOSER, AFTER, late), "hearing_late");
}

#[test]
fn the_proposer_never_decides_and_each_finding_is_needed_in_words_of_its_own() {
    let bases = [penalty()];
    let measures = measures();
    let decide = |by: &str, change: &dyn Fn(&mut credence_domain::listing::Findings)| {
        let mut asked = decision(&measures, &bases);
        let mut words = findings();
        change(&mut words);
        asked.findings = words;
        desk(by, AFTER).list(&notified(), &asked)
    };
    refused(decide(PROPOSER, &|_| {}), "decider_is_proposer");
    refused(desk(PROPOSER, AFTER).dismiss(&notified(), "决1号", "理由"), "decider_is_proposer");
    refused(decide(DECIDER, &|f| f.nature.clear()), "finding_nature_missing");
    refused(decide(DECIDER, &|f| f.circumstances = "  ".to_owned()), "finding_circumstances_missing");
    refused(decide(DECIDER, &|f| f.harm.clear()), "finding_harm_missing");
    refused(decide(DECIDER, &|f| f.harm = f.nature.clone()), "finding_repeated");
    refused(desk(DECIDER, AFTER).dismiss(&notified(), "决1号", " "), "reason_missing");
}

#[test]
fn no_measure_stands_that_the_list_of_measures_does_not_give_to_this_list() {
    let bases = [penalty()];
    for code in ["tax_grade_d", "bidding_bar", "made_up", "限制高消费"] {
        let measures = vec![code.to_owned()];
        refused(desk(DECIDER, AFTER).list(&notified(), &decision(&measures, &bases)), "measure_not_in_list");
    }
    let twice = vec!["no_commitment_procedure".to_owned(); 2];
    refused(desk(DECIDER, AFTER).list(&notified(), &decision(&twice, &bases)), "measure_repeated");
}

#[test]
fn a_lower_level_decides_only_with_the_consent_of_the_level_above() {
    let bases = [penalty()];
    let measures = measures();
    let mut asked = decision(&measures, &bases);
    asked.unit = Organ { level: "county", ..ORGAN };
    refused(desk(DECIDER, AFTER).list(&notified(), &asked), "consent_missing");
    asked.consent = "省局同意〔2026〕1号";
    assert!(desk(DECIDER, AFTER).list(&notified(), &asked).is_ok());
}

#[test]
fn a_unit_of_another_sector_or_level_or_that_did_not_make_the_document_neither_proposes_nor_decides() {
    let (bases, measures) = ([penalty()], measures());
    let others = [
        Organ { sector: "税务", ..ORGAN },
        Organ { sector: "", ..ORGAN },
        Organ { level: "", ..ORGAN },
        Organ { uscc: "11379900000000087H", ..ORGAN },
    ];
    for unit in others {
        let mut asked = proposal(&bases);
        asked.unit = unit;
        let refusal = desk(PROPOSER, date(2026, 4, 1)).propose(&asked);
        let told = refusal.as_ref().unwrap_err().told();
        assert!(
            told.contains("作出行政处罚决定的市场监督管理部门（《市场监督管理严重违法失信名单管理办法》"),
            "{told}"
        );
        refused(refusal, "deciding_organ_wrong");
        let mut decided = decision(&measures, &bases);
        decided.unit = unit;
        refused(desk(DECIDER, AFTER).list(&notified(), &decided), "deciding_organ_wrong");
    }
    // A list of provincial organs alone, made by whichever of them.
    let mut asked = proposal(&bases);
    asked.list = "accountants";
    asked.unit = Organ { uscc: "11379900000000087H", sector: "财政", level: "city" };
    refused(desk(PROPOSER, date(2026, 4, 1)).propose(&asked), "deciding_organ_wrong");
    asked.unit.level = "province";
    assert!(desk(PROPOSER, date(2026, 4, 1)).propose(&asked).is_ok());
    for unit in [Organ { sector: "药品", ..ORGAN }, ORGAN] {
        let mut asked = proposal(&bases);
        asked.unit = unit;
        assert!(desk(PROPOSER, date(2026, 4, 1)).propose(&asked).is_ok());
    }
}

#[test]
fn a_document_that_fell_meanwhile_stops_the_decision() {
    let mut fell = penalty();
    fell.state = RecordState::Withdrawn;
    refused(desk(DECIDER, AFTER).list(&notified(), &decision(&measures(), &[fell])), "base_document_not_in_force");
    refused(desk(DECIDER, AFTER).list(&notified(), &decision(&measures(), &[])), "base_document_not_in_force");
}

#[test]
fn service_needs_a_lawful_way_a_proof_and_a_day_that_has_come() {
    let serve = |change: &dyn Fn(&mut credence_domain::listing::Delivery)| {
        let mut delivery = by_hand(date(2026, 4, 2));
        change(&mut delivery);
        desk(PROPOSER, date(2026, 4, 20)).serve_notice(&proposed(), "告1号", &delivery)
    };
    refused(serve(&|d| d.mode = "telephone".to_owned()), "service_mode_unknown");
    refused(serve(&|d| d.mode = "prior_publication".to_owned()), "service_mode_unknown");
    refused(serve(&|d| d.proof = " ".to_owned()), "service_proof_missing");
    refused(serve(&|d| d.on = date(2026, 4, 21)), "day_in_future");
    refused(serve(&|d| d.on = date(2026, 3, 31)), "day_too_early");
    refused(serve(&|d| d.mode = "electronic".to_owned()), "service_consent_missing");
    let electronic = |d: &mut credence_domain::listing::Delivery| {
        (d.mode, d.consent) = ("electronic".to_owned(), "确认书1号".to_owned());
    };
    assert!(serve(&electronic).is_ok());
    refused(serve(&|d| d.mode = "announcement".to_owned()), "service_not_counted");
    let mut announced = by_hand(date(2026, 4, 2));
    announced.mode = "announcement".to_owned();
    let case = desk(PROPOSER, date(2026, 5, 2)).serve_notice(&proposed(), "告1号", &announced).unwrap().1;
    let notified = case.notified().unwrap();
    assert_eq!((notified.service.served_on, notified.answer_due_on), (date(2026, 5, 2), date(2026, 5, 11)));
    refused(
        desk(PROPOSER, date(2026, 4, 20)).serve_notice(&proposed(), " ", &by_hand(date(2026, 4, 2))),
        "letter_missing",
    );
    let again = desk(PROPOSER, date(2026, 5, 2)).serve_notice(&case, "告2号", &by_hand(date(2026, 5, 2)));
    refused(again, "listing_state_wrong");
}

#[test]
fn an_entry_ends_only_for_a_cause_of_the_law_and_never_comes_back() {
    let end = |by: &str, on, cause| step(&listed(), by, on, Event::Removed { cause, letter: "移1号".to_owned() });
    let repair = |exit: &str| Cause::Repair { exit: exit.to_owned(), document: "修1号".to_owned() };
    let early = end(DECIDER, date(2027, 4, 13), repair("提前移出"));
    assert!(early.clone().unwrap_err().told().contains("2027-04-14"), "{early:?}");
    refused(early, "exit_too_early");
    refused(end(DECIDER, date(2027, 4, 14), repair("交钱移出")), "exit_unknown");
    refused(end(PROPOSER, date(2027, 4, 14), repair("提前移出")), "remover_is_proposer");
    let unproved = Cause::Repair { exit: "提前移出".to_owned(), document: " ".to_owned() };
    refused(end(DECIDER, date(2027, 4, 14), unproved), "cause_unproved");
    refused(end(DECIDER, date(2026, 5, 6), Cause::Term), "listing_term_running");
    let strange = Cause::BaseRevoked { record: "ff".to_owned(), document: "复决1号".to_owned() };
    refused(end(DECIDER, date(2026, 5, 6), strange), "base_document_not_of_case");
    let ended = end(DECIDER, date(2027, 4, 14), repair("提前移出")).unwrap().1;
    for by in [PROPOSER, DECIDER] {
        let again = Event::Removed { cause: Cause::Term, letter: "移2号".to_owned() };
        refused(step(&ended, by, date(2030, 1, 1), again), "listing_removed");
    }
    let delivery = by_hand(date(2027, 4, 14));
    refused(desk(PROPOSER, date(2027, 4, 14)).serve_notice(&ended, "告2号", &delivery), "listing_removed");
    refused(desk(DECIDER, date(2027, 4, 14)).list(&ended, &decision(&measures(), &[penalty()])), "listing_removed");
}

#[test]
fn every_rule_has_a_code_of_its_own_and_a_chinese_text() {
    let codes: std::collections::BTreeSet<_> = rule::ALL.iter().map(|rule| rule.code).collect();
    assert_eq!(codes.len(), rule::ALL.len());
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    assert!(rule::ALL.iter().all(|rule| chinese(rule.text) && !rule.field.is_empty()));
}

#[test]
fn what_a_body_ruled_is_entered_with_its_paper_and_by_another_than_whoever_entered_the_filing() {
    let on = date(2026, 5, 6);
    let number = || "行初1号".to_owned();
    let filed =
        Filed { kind: RemedyKind::Litigation, number: number(), body: "示范中级人民法院".to_owned(), on };
    let case = step(&listed(), PROPOSER, on, Event::RemedyFiled { filed }).unwrap().1;
    let letter = || "移1号".to_owned();
    let ruled = |outcome| Event::RemedyDecided { number: number(), on, outcome, letter: letter() };
    for event in [Event::Stayed { number: number(), on }, ruled(Outcome::Upheld), ruled(Outcome::Revoked)] {
        refused(step(&case, DECIDER, on, event.clone()), "remedy_paper_missing");
        refused(bring(desk(PROPOSER, on), &case, event.clone()), "remedy_by_filer");
        assert!(bring(desk(DECIDER, on), &case, event).is_ok());
    }
}

#[test]
fn an_entry_is_removed_early_for_nothing_that_the_register_does_not_know() {
    let on = date(2027, 4, 14);
    let remove = |cause: Cause, known: &Known| desk(DECIDER, on).remove(&listed(), (&cause, "移1号"), known, &[]);
    let repair = Cause::Repair { exit: "提前移出".to_owned(), document: "2027040001".to_owned() };
    let objection = Cause::Objection { document: "异1号".to_owned() };
    let base = Cause::BaseRevoked { record: penalty().base.record, document: "撤销决定".to_owned() };
    let nothing = Known::default();
    refused(remove(repair.clone(), &nothing), "removal_without_repair");
    refused(remove(objection.clone(), &nothing), "removal_without_objection");
    refused(remove(base.clone(), &nothing), "base_document_stands");
    let all = Known {
        repairs: vec!["2027040001".to_owned()],
        objections: vec!["异1号".to_owned()],
        fallen: vec![penalty().base.record],
        owner_decides: false,
    };
    // Where nobody can apply, the unit decides itself: with a paper, and on nothing else than the way out.
    let owner = Known { owner_decides: true, ..Known::default() };
    let paper = papers_of(&Event::Stayed { number: String::new(), on });
    refused(remove(repair.clone(), &owner), "removal_paper_missing");
    refused(desk(DECIDER, on).remove(&listed(), (&repair, "移1号"), &nothing, &paper), "removal_without_repair");
    refused(desk(PROPOSER, on).remove(&listed(), (&repair, "移1号"), &owner, &paper), "remover_is_proposer");
    assert!(desk(DECIDER, on).remove(&listed(), (&repair, "移1号"), &owner, &paper).is_ok());
    refused(remove(objection.clone(), &owner), "removal_without_objection");
    for cause in [repair, objection, base] {
        assert_eq!(remove(cause, &all).unwrap().1.state.code(), "delisted");
    }
}

#[test]
fn what_has_carried_a_case_carries_no_second_one_unless_a_ruling_orders_it_anew() {
    let bases = [penalty()];
    let earlier = |list: &str, state: &'static str, revoked_by: Option<&str>| {
        let revoked_by = revoked_by.map(str::to_owned);
        [Earlier { number: "2026010001".to_owned(), list: list.to_owned(), state, revoked_by }]
    };
    let again = |earlier: &[Earlier], ordered: &str, papers: &[Evidence]| {
        let asked = Propose { earlier, ordered, papers, ..proposal(&bases) };
        desk(PROPOSER, date(2026, 4, 1)).propose(&asked)
    };
    for state in ["proposed", "notified", "listed", "not_listed", "delisted"] {
        let refusal = again(&earlier("market_regulation", state, None), "", &[]);
        assert!(refusal.as_ref().unwrap_err().told().contains("2026010001"), "{refusal:?}");
        refused(refusal, "listing_base_used");
    }
    // Of what was taken back nothing came; another list asks for something else, but nobody returns who was removed.
    assert!(again(&earlier("market_regulation", "withdrawn", None), "", &[]).is_ok());
    assert!(again(&earlier("work_safety", "not_listed", None), "", &[]).is_ok());
    refused(again(&earlier("work_safety", "delisted", None), "", &[]), "listing_base_used");
    let revoked = earlier("market_regulation", "delisted", Some("行初1号"));
    let paper = papers_of(&Event::Stayed { number: String::new(), on: date(2026, 4, 1) });
    refused(again(&revoked, "", &paper), "listing_base_used");
    refused(again(&revoked, "行初2号", &paper), "listing_base_used");
    refused(again(&revoked, "行初1号", &[]), "listing_order_unproved");
    refused(again(&[], "行初1号", &paper), "listing_order_unproved");
    assert!(again(&revoked, "行初1号", &paper).is_ok());
}
