//! Whole lives of cases.

use super::{
    DECIDER, FIRM, ORGAN, PROPOSER, bring, by_hand, decision, desk, findings, listed, measures, notified, penalty,
    proposed,
};
use credence_domain::listing::{Call, Case, Cause, Decide, Event, Filed, Organ, Outcome, RemedyKind, Step, TalkKind};
use credence_domain::publicity::Restart;
use jiff::civil::{Date, date, time};

fn take(case: &Case, by: &str, on: Date, event: Event) -> Case {
    bring(desk(by, on), case, event).unwrap_or_else(|refusal| panic!("{refusal}")).1
}

fn filed(number: &str, on: Date) -> Event {
    Event::RemedyFiled {
        filed: Filed {
            kind: RemedyKind::Litigation,
            number: number.to_owned(),
            body: "示范中级人民法院".to_owned(),
            on,
        },
    }
}

#[test]
fn a_case_from_the_proposal_to_the_removal_by_term_folds_to_the_same_case() {
    let mut steps: Vec<Step> = Vec::new();
    let mut keep = |(step, case): (Step, Case)| {
        steps.push(step);
        case
    };
    let case = keep(desk(PROPOSER, date(2026, 4, 1)).propose(&super::proposal(&[penalty()])).unwrap());
    let case = keep(desk(PROPOSER, date(2026, 4, 2)).serve_notice(&case, "告1号", &by_hand(date(2026, 4, 2))).unwrap());
    assert_eq!(case.notified().unwrap().answer_due_on, date(2026, 4, 10));
    let stated = Event::Stated { on: date(2026, 4, 7), text: "已召回".to_owned() };
    let case = keep(desk(PROPOSER, date(2026, 4, 7)).take(&case, stated).unwrap());
    let asked = Event::HearingAsked { on: date(2026, 4, 8) };
    let case = keep(desk(PROPOSER, date(2026, 4, 8)).take(&case, asked).unwrap());
    let call = Call {
        letter: "听1号",
        hearing_on: date(2026, 4, 22),
        time: time(9, 30, 0, 0),
        place: "示范大厅",
        presided_by: "主持人",
    };
    let case = keep(desk(PROPOSER, date(2026, 4, 9)).notify_hearing(&case, &call).unwrap());
    let told = by_hand(date(2026, 4, 10));
    let case = keep(desk(PROPOSER, date(2026, 4, 10)).serve_hearing_notice(&case, "听1号", &told).unwrap());
    let case = keep(desk(PROPOSER, date(2026, 4, 22)).hold_hearing(&case, "笔录1号", true).unwrap());
    let hearing = case.notified().unwrap().hearing.clone().unwrap();
    assert_eq!(hearing.held, Some((date(2026, 4, 22), "笔录1号".to_owned())));
    let answered = Event::Answered { statement: 1, accepted: false, reason: "召回不完全".to_owned() };
    let case = keep(desk(PROPOSER, date(2026, 4, 23)).take(&case, answered).unwrap());
    let case = keep(desk(DECIDER, date(2026, 4, 24)).list(&case, &decision(&measures(), &[penalty()])).unwrap());
    let case =
        keep(desk(DECIDER, date(2026, 4, 27)).serve_decision(&case, "决1号", &by_hand(date(2026, 4, 27))).unwrap());
    let decided = &case.listed().unwrap().decided;
    assert_eq!((decided.on, decided.through_on), (date(2026, 4, 24), date(2029, 4, 24)));
    assert_eq!(decided.exits[0].from_on, date(2027, 4, 25));
    assert!(case.is_public_on(date(2029, 4, 24)) && !case.is_public_on(date(2029, 4, 25)));
    let removed = Event::Removed { cause: Cause::Term, letter: "移1号".to_owned() };
    assert_eq!(
        desk("system", date(2029, 4, 24)).take(&case, removed.clone()).unwrap_err().code(),
        "listing_term_running"
    );
    let case = keep(desk("system", date(2029, 4, 25)).take(&case, removed).unwrap());
    assert_eq!(case.state.code(), "delisted");
    assert_eq!(Case::fold(&steps).unwrap(), case);
    let kept = serde_json::to_string(&steps).unwrap();
    let read: Vec<Step> = serde_json::from_str(&kept).unwrap();
    assert_eq!(read, steps);
}

#[test]
fn the_term_follows_the_pack_of_its_time() {
    // Order 44 before, Order 107 since 2025-12-25: both three years, one from listing, one from publicity.
    for (on, due, decided, through) in [
        (date(2023, 2, 1), date(2023, 2, 8), date(2023, 2, 28), date(2026, 2, 28)),
        (date(2026, 2, 2), date(2026, 2, 9), date(2026, 2, 10), date(2029, 2, 10)),
    ] {
        let mut base = penalty();
        base.base.decided_on = on;
        let bases = [base];
        let case = desk(PROPOSER, on).propose(&super::proposal(&bases)).unwrap().1;
        let case = desk(PROPOSER, on).serve_notice(&case, "告1号", &by_hand(on)).unwrap().1;
        assert_eq!(case.notified().unwrap().answer_due_on, due);
        let case = desk(DECIDER, decided).list(&case, &decision(&[], &bases)).unwrap().1;
        assert_eq!(case.listed().unwrap().decided.through_on, through);
    }
}

#[test]
fn filing_a_suit_suspends_nothing_a_stay_suspends_from_the_same_day_and_its_end_restores() {
    let today = date(2026, 5, 6);
    let case = take(&listed(), PROPOSER, today, filed("行初1号", today));
    assert!(case.is_public_on(today) && case.listed().unwrap().is_contested());
    let stayed = take(&case, DECIDER, today, Event::Stayed { number: "行初1号".to_owned(), on: today });
    assert!(!stayed.is_public_on(today));
    assert_eq!(stayed.measures_on(today).unwrap_err().code(), "stay_in_force");
    let lifted = take(
        &stayed,
        DECIDER,
        date(2026, 6, 1),
        Event::StayLifted { number: "行初1号".to_owned(), on: date(2026, 6, 1) },
    );
    assert_eq!(lifted.measures_on(date(2026, 6, 1)).unwrap().len(), 2);
}

#[test]
fn an_outcome_upholds_lightens_or_revokes_and_never_adds() {
    let on = date(2026, 7, 1);
    let case = take(&listed(), PROPOSER, on, filed("行初1号", on));
    let decided =
        |outcome| Event::RemedyDecided { number: "行初1号".to_owned(), on, outcome, letter: "移1号".to_owned() };
    let upheld = take(&case, DECIDER, on, decided(Outcome::Upheld));
    assert!(upheld.is_public_on(on) && !upheld.listed().unwrap().is_contested());
    let fewer = vec!["no_commitment_procedure".to_owned()];
    let through_on = Some(date(2027, 1, 1));
    let changed = take(&case, DECIDER, on, decided(Outcome::Changed { measures: fewer.clone(), through_on }));
    assert_eq!(changed.measures_on(on).unwrap().len(), 1);
    assert!(!changed.is_public_on(date(2027, 1, 2)));
    let more = Outcome::Changed { measures: vec!["tax_grade_d".to_owned()], through_on: None };
    assert_eq!(bring(desk(DECIDER, on), &case, decided(more)).unwrap_err().code(), "outcome_widens");
    let longer = Outcome::Changed { measures: fewer, through_on: Some(date(2030, 1, 1)) };
    assert_eq!(bring(desk(DECIDER, on), &case, decided(longer)).unwrap_err().code(), "outcome_widens");
    let revoked = take(&case, DECIDER, on, decided(Outcome::Revoked));
    assert_eq!(revoked.state.code(), "delisted");
    assert!(!revoked.is_public_on(on));
}

#[test]
fn a_base_document_that_falls_ends_the_proposal_or_the_entry() {
    let record = penalty().base.record;
    let fell = Event::BaseRevoked { record: record.clone(), document: "复决1号".to_owned() };
    for case in [proposed(), notified()] {
        assert_eq!(take(&case, "system", date(2026, 4, 6), fell.clone()).state.code(), "withdrawn");
    }
    let cause = Cause::BaseRevoked { record, document: "复决1号".to_owned() };
    let ended = take(&listed(), "system", date(2026, 5, 6), Event::Removed { cause, letter: "移1号".to_owned() });
    assert!(ended.measures_on(date(2026, 5, 6)).is_err());
}

#[test]
fn an_entry_that_left_by_a_repair_comes_back_where_that_is_revoked_and_no_other_does() {
    let left = date(2027, 8, 2);
    let exit = listed().listed().unwrap().decided.exits[0].name.clone();
    let removed = |cause| Event::Removed { cause, letter: "移1号".to_owned() };
    let repaired = Cause::Repair { exit: exit.clone(), document: "修1号".to_owned() };
    let gone = take(&listed(), DECIDER, left, removed(repaired.clone()));
    let found = date(2027, 11, 3);
    let back = |case: &Case, on, restart| desk("复核", on).restore(case, "撤1号", restart);
    // The period runs on as it did where the order says nothing, and counts anew where it does.
    let (_, case) = back(&gone, found, None).unwrap();
    let before = listed().listed().unwrap().decided.clone();
    assert_eq!(case.listed().unwrap().decided, before);
    let restart = Restart { on: found, no_early_end: false };
    let (_, case) = back(&gone, found, Some(restart)).unwrap();
    let decided = &case.listed().unwrap().decided;
    assert_eq!((decided.through_on, decided.exits[0].from_on), (date(2030, 11, 3), date(2028, 11, 4)));
    let (step, case) = back(&gone, found, Some(Restart { no_early_end: true, ..restart })).unwrap();
    let decided = &case.listed().unwrap().decided;
    let ways: Vec<_> = decided.exits.iter().map(|way| (way.name.as_str(), way.from_on)).collect();
    assert_eq!(ways, [("期满移出", date(2030, 11, 4))]);
    assert_eq!(case.listed().unwrap().restored_on, Some(found));
    assert!(case.is_public_on(date(2030, 11, 3)) && !case.is_public_on(date(2030, 11, 4)));
    for cause in [repaired, Cause::Repair { exit: "期满移出".to_owned(), document: "修2号".to_owned() }] {
        let refused = desk(DECIDER, date(2029, 12, 3)).take(&case, removed(cause)).unwrap_err();
        assert!(["exit_unknown", "exit_too_early"].contains(&refused.code()), "{refused}");
    }
    assert_eq!(gone.clone().take(&step).unwrap(), case);
    // What ended otherwise, or whose decision a court took back meanwhile, stays off its list, and so does what has run out.
    let upheld = take(&listed(), DECIDER, left, removed(Cause::Objection { document: "复1号".to_owned() }));
    assert_eq!(back(&upheld, found, None).unwrap_err().code(), "listing_removed");
    let sued = take(&gone, PROPOSER, left, filed("行初1号", left));
    let outcome = Outcome::Revoked;
    let won = Event::RemedyDecided { number: "行初1号".to_owned(), on: found, outcome, letter: String::new() };
    let won = take(&sued, DECIDER, found, won);
    assert_eq!(back(&won, found, Some(restart)).unwrap_err().code(), "listing_removed");
    assert_eq!(back(&gone, date(2029, 6, 1), None).unwrap_err().code(), "term_unknown");
    assert_eq!(back(&listed(), found, None).unwrap_err().code(), "listing_state_wrong");
}

#[test]
fn talks_may_come_before_and_during_a_listing_and_are_no_condition_of_it() {
    for (case, on) in [(proposed(), date(2026, 4, 2)), (listed(), date(2026, 5, 6))] {
        let talk = Event::TalkNotified {
            kind: TalkKind::Warning,
            letter: "谈1号".to_owned(),
            talk_on: on,
            place: "示范大厅".to_owned(),
            matter: "督促履行义务".to_owned(),
        };
        let case = take(&case, PROPOSER, on, talk);
        let held = |minutes: &str| Event::TalkHeld {
            letter: "谈1号".to_owned(),
            on,
            minutes: minutes.to_owned(),
            attended: true,
            undertaking: "三十日内改正".to_owned(),
        };
        assert_eq!(desk(PROPOSER, on).take(&case, held(" ")).unwrap_err().code(), "minutes_missing");
        let case = take(&case, PROPOSER, on, held("笔录"));
        assert_eq!(desk(PROPOSER, on).take(&case, held("笔录")).unwrap_err().code(), "talk_held_already");
        assert!(case.talks[0].held.is_some());
    }
}

#[test]
fn an_incentive_is_made_public_beforehand_and_decided_by_another_person() {
    let mut honour = penalty();
    honour.base.item = "honour".to_owned();
    honour.class = None;
    honour.kinds = Vec::new();
    let bases = [honour];
    let mut asked = super::proposal(&bases);
    asked.list = "honesty_model";
    let on = date(2026, 4, 1);
    let case = desk(PROPOSER, on).propose(&asked).unwrap().1;
    let mut shown = by_hand(on);
    shown.mode = "prior_publication".to_owned();
    let case = desk(PROPOSER, on).serve_notice(&case, "示1号", &shown).unwrap().1;
    assert_eq!(case.notified().unwrap().hearing_due_on, None);
    let decision = Decide {
        letter: "决1号",
        findings: findings(),
        measures: &[],
        unit: Organ { level: "county", ..ORGAN },
        consent: "",
        bases: &bases,
    };
    assert_eq!(desk(DECIDER, date(2026, 4, 3)).list(&case, &decision).unwrap_err().code(), "answer_period_running");
    let case = desk(DECIDER, date(2026, 4, 13)).list(&case, &decision).unwrap().1;
    assert_eq!(case.listed().unwrap().decided.through_on, date(2029, 4, 13));
    assert_eq!(case.uscc, FIRM);
}
