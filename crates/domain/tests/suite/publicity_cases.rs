//! Cases of publicity in the field's words, on the shipped rules.

use super::shipped::{CALENDAR, RULES};
use credence_domain::publicity::{
    Application, By, Decision, Eligibility, Facts, PeriodsQuery, Refusal, Regulator, Silence, decide, periods,
    repair_eligibility,
};
use jiff::civil::{Date, date};

fn judge(facts: &Facts<'_>) -> Decision<'static> {
    decide(&RULES, &CALENDAR, facts)
}

fn penalty<'a>(regulator: Regulator, kinds: &'a [&'a str], decided: Date) -> Facts<'a> {
    let mut facts = Facts::new("penalty", regulator, decided, decided);
    facts.penalty_kinds = kinds;
    facts
}

fn ask<'a>(day: Date, class: &'a str) -> PeriodsQuery<'a> {
    PeriodsQuery {
        decided_on: day,
        class,
        pack: None,
        published_on: None,
        misconduct_ended_on: None,
        term_ends_on: None,
        duties_done_on: None,
        as_of: None,
    }
}

#[test]
fn a_general_penalty_of_april_2026_has_the_dates_of_the_newspaper() {
    let answer = periods(&RULES, &CALENDAR, &ask(date(2026, 4, 10), "general")).unwrap();
    assert_eq!(
        serde_json::to_string(&answer).unwrap(),
        concat!(
            r#"{"pack":"ndrc-36-2025","class":"general","min_end_on":"2026-07-10","repair_from_on":"2026-07-11","#,
            r#""public_through_on":"2027-04-10","hidden_from_on":"2027-04-11","public_due_on":"2026-04-21","#,
            r#""public_due_provisional":false,"basis":["#,
            r#"{"title":"信用修复管理办法","article":"九","level":"department_rule"},"#,
            r#"{"title":"信用修复管理办法","article":"十二","level":"department_rule"},"#,
            r#"{"title":"信用修复管理办法","article":"十四","level":"department_rule"},"#,
            r#"{"title":"信用修复管理办法","article":"十六","level":"department_rule"}],"#,
            r#""transition":null,"unverified":false}"#
        )
    );
}

#[test]
fn a_class_that_the_pack_lacks_is_refused_with_those_that_it_has() {
    let refused = periods(&RULES, &CALENDAR, &ask(date(2026, 4, 10), "five_sectors")).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "pack ndrc-36-2025 has no class five_sectors; it has minor, general, serious, serious_list, false_papers"
    );
    let unknown = periods(&RULES, &CALENDAR, &PeriodsQuery { pack: Some("x"), ..ask(date(2026, 4, 10), "general") });
    assert!(unknown.unwrap_err().to_string().starts_with("there is no pack x; there are cpa-2025, "));
}

#[test]
fn every_class_of_every_pack_can_be_asked_for() {
    for pack in RULES.packs() {
        for row in &pack.rows {
            let query = PeriodsQuery { pack: Some(&pack.id), ..ask(date(2026, 5, 20), &row.code) };
            let answer = periods(&RULES, &CALENDAR, &query).unwrap();
            assert_eq!((answer.pack.as_str(), answer.class.as_str()), (pack.id.as_str(), row.code.as_str()));
            let shown = row.publicity == credence_domain::publicity::Showing::Public;
            assert_eq!(answer.public_through_on.is_some(), shown && row.max_months.is_some(), "{query:?}");
        }
    }
}

#[test]
fn a_class_that_is_not_public_has_no_dates() {
    let answer = periods(&RULES, &CALENDAR, &ask(date(2026, 4, 10), "minor")).unwrap();
    assert_eq!((answer.public_through_on, answer.public_due_on, answer.min_end_on), (None, None, None));
}

#[test]
fn the_transition_is_asked_for_only_with_a_day() {
    let old = ask(date(2026, 3, 31), "general");
    assert!(periods(&RULES, &CALENDAR, &old).is_err());
    let query = PeriodsQuery { as_of: Some(date(2026, 4, 1)), ..old };
    let answer = periods(&RULES, &CALENDAR, &query).unwrap();
    assert_eq!((answer.pack.as_str(), answer.public_through_on), ("ndrc-58-2023", Some(date(2027, 3, 31))));
    assert!(answer.unverified && answer.transition.is_some());
}

#[test]
fn a_record_that_was_received_before_a_newer_order_is_shortened_on_its_first_day() {
    let query = |decided_on, as_of| {
        let query = PeriodsQuery { as_of: Some(as_of), pack: Some("ndrc-58-2023"), ..ask(decided_on, "general") };
        let answer = periods(&RULES, &CALENDAR, &query).unwrap();
        (answer.repair_from_on, answer.public_through_on, answer.transition.is_some())
    };
    // One year instead of three, which ends after the first day of the newer order.
    let early = query(date(2025, 6, 10), date(2025, 6, 12));
    assert_eq!(early, (Some(date(2025, 9, 11)), Some(date(2026, 6, 10)), true));
    // One year would have ended before it: public until its eve, under the order that applied.
    let older = query(date(2024, 2, 1), date(2024, 2, 5));
    assert_eq!(older, (Some(date(2024, 5, 2)), Some(date(2026, 3, 31)), true));
    // Three years that end before it are nobody's business.
    let ended = query(date(2023, 2, 1), date(2023, 2, 5));
    assert_eq!(ended, (Some(date(2023, 5, 2)), Some(date(2026, 2, 1)), false));
}

#[test]
fn each_authority_follows_its_own_order() {
    let day = date(2026, 5, 20);
    let packs = Regulator::ALL.map(|r| judge(&penalty(r, &["罚款"], day)).pack_id().unwrap());
    let (market, general) = ("samr-107-2025", "ndrc-36-2025");
    assert_eq!(packs, [market, market, "customs-282-2026", general, general, general, general]);
    let before = judge(&penalty(Regulator::Customs, &["罚款"], date(2026, 3, 31)));
    assert_eq!(before.pack_id(), Some("ndrc-58-2023"));
}

#[test]
fn a_decision_before_all_packs_ends_and_says_that_this_is_a_setting() {
    for regulator in Regulator::ALL {
        let mut facts = penalty(regulator, &["吊销营业执照"], date(2012, 1, 5));
        facts.published_on = date(2026, 11, 2);
        let decision = judge(&facts);
        assert!(decision.through_on.unwrap() <= date(2017, 1, 5), "{regulator:?}");
        assert!(decision.unverified && decision.due_on.is_none());
    }
}

#[test]
fn a_simple_procedure_penalty_is_never_public() {
    for regulator in Regulator::ALL {
        let mut facts = penalty(regulator, &["罚款"], date(2026, 5, 20));
        facts.simple_procedure = true;
        facts.sector_orders_publicity = true;
        let decision = judge(&facts);
        assert_eq!(decision.silence, Some(Silence::SimpleProcedure));
        assert_eq!((decision.through_on, decision.due_on), (None, None));
    }
}

#[test]
fn detention_is_never_public() {
    let decision = judge(&penalty(Regulator::Other, &["罚款", "行政拘留"], date(2026, 5, 20)));
    assert_eq!(decision.silence, Some(Silence::PersonOnly));
}

#[test]
fn a_warning_alone_is_minor_and_not_public() {
    let decision = judge(&penalty(Regulator::Other, &["警告"], date(2026, 5, 20)));
    assert_eq!((decision.class_code(), decision.by, decision.silence), (Some("minor"), By::Text, Some(Silence::Class)));
}

#[test]
fn criticism_sent_as_another_kind_is_still_criticism() {
    let class = |kind| judge(&penalty(Regulator::Other, &[kind], date(2026, 5, 20))).class_code();
    assert_eq!(class("其他-通报批评"), Some("minor"));
    assert_eq!(class("其他（通报批评）"), Some("minor"));
    assert_eq!(class("其他-责令改正"), Some("general"));
    assert_eq!(class("从未见过的处罚"), Some("general"));
}

#[test]
fn the_old_joint_wording_is_withholding_where_revocation_would_be_worse() {
    let kinds = ["暂扣或者吊销许可证、暂扣或者吊销执照"];
    assert_eq!(judge(&penalty(Regulator::Market, &kinds, date(2026, 5, 20))).row_code(), Some("general"));
    assert_eq!(judge(&penalty(Regulator::Other, &kinds, date(2026, 5, 20))).row_code(), Some("serious"));
}

#[test]
fn a_large_fine_never_raises_the_class() {
    for yuan in [1, 50_000, 3_000_000, 900_000_000] {
        let mut facts = penalty(Regulator::Other, &["罚款"], date(2026, 5, 20));
        facts.fine_cents = Some(yuan * 100);
        assert_eq!(judge(&facts).class_code(), Some("general"));
    }
}

#[test]
fn the_authoritys_statement_prevails_in_chinese_too() {
    let mut facts = penalty(Regulator::Other, &["罚款"], date(2026, 5, 20));
    facts.class_stated = Some("严重");
    let decision = judge(&facts);
    assert_eq!((decision.class_code(), decision.class_stated, decision.by), (Some("serious"), true, By::Stated));
    facts.class_stated = Some("看不懂");
    let decision = judge(&facts);
    assert_eq!((decision.class_code(), decision.class_stated, decision.by), (Some("general"), false, By::Default));
}

#[test]
fn other_acts_have_a_target_and_a_legal_deadline() {
    let decision = judge(&Facts::new("other_act", Regulator::Other, date(2026, 4, 30), date(2026, 5, 6)));
    assert_eq!(decision.due_on, Some(date(2026, 5, 13)));
    assert_eq!(decision.due_by_law_on, Some(date(2026, 6, 1)));
    assert_eq!((decision.through_on, decision.public()), (None, true));
}

#[test]
fn a_deadline_beyond_the_calendar_is_provisional() {
    let decision = judge(&penalty(Regulator::Other, &["罚款"], date(2026, 12, 28)));
    assert!(decision.due_provisional && decision.due_on.is_some());
}

#[test]
fn what_has_no_end_says_why() {
    for act in ["permit", "other_act", "inspection", "registration", "evaluation", "none"] {
        let decision = judge(&Facts::new(act, Regulator::Other, date(2026, 5, 20), date(2026, 5, 20)));
        assert!(decision.public() && decision.through_on.is_none());
        assert!(decision.row.unwrap().open_until.is_some() && decision.class.is_none());
    }
}

#[test]
fn an_adverse_inspection_ends() {
    let mut facts = Facts::new("inspection", Regulator::Market, date(2026, 5, 20), date(2026, 5, 21));
    facts.adverse_result = true;
    assert_eq!(judge(&facts).through_on, Some(date(2026, 8, 21)));
    facts.regulator = Regulator::Other;
    assert_eq!(judge(&facts).through_on, Some(date(2031, 5, 20)));
}

#[test]
fn an_act_that_no_pack_names_is_not_published() {
    let decision = judge(&Facts::new("complaint", Regulator::Other, date(2026, 5, 20), date(2026, 5, 20)));
    assert_eq!((decision.silence, decision.pack_id()), (Some(Silence::NoRule), None));
}

#[test]
fn a_list_that_names_its_pack_follows_it() {
    let mut facts = Facts::new("list", Regulator::Other, date(2026, 5, 20), date(2026, 5, 20));
    assert_eq!(judge(&facts).pack_id(), Some("ndrc-36-2025"));
    facts.pack = Some("wage-45-2022");
    facts.duties_done_on = Some(date(2026, 9, 1));
    let decision = judge(&facts);
    assert_eq!((decision.pack_id(), decision.min_end_on), (Some("wage-45-2022"), Some(date(2027, 3, 1))));
}

#[test]
fn a_courts_own_term_prevails_within_reason() {
    let mut facts = Facts::new("court_list", Regulator::Court, date(2024, 5, 15), date(2024, 5, 16));
    facts.term_ends_on = Some(date(2028, 5, 15));
    assert_eq!(judge(&facts).through_on, Some(date(2028, 5, 15)));
    facts.term_ends_on = Some(date(2099, 12, 31));
    assert_eq!(judge(&facts).through_on, Some(date(2029, 5, 15)));
}

#[test]
fn an_abnormal_entry_of_a_market_regulator_stays_until_cured_and_others_are_not_public() {
    let market = judge(&Facts::new("abnormal", Regulator::Market, date(2026, 5, 20), date(2026, 5, 20)));
    assert_eq!((market.through_on, market.public()), (None, true));
    let other = judge(&Facts::new("abnormal", Regulator::Tax, date(2026, 5, 20), date(2026, 5, 20)));
    assert_eq!(other.silence, Some(Silence::Class));
}

#[test]
fn a_term_that_outlasts_publicity_bars_repair() {
    let mut facts = penalty(Regulator::Other, &["责令停产停业"], date(2026, 5, 20));
    facts.term_ends_on = Some(date(2030, 1, 1));
    let apply = Application { on: date(2028, 1, 1), rectified: true, commitment: true, barred_through: None };
    let refused = Eligibility::Reject { reason: Refusal::BeforeTermEnd, earliest: None };
    assert_eq!(repair_eligibility(&judge(&facts), &apply), refused);
}

#[test]
fn a_complete_application_after_the_minimum_is_admitted() {
    let decision = judge(&penalty(Regulator::Other, &["罚款"], date(2026, 4, 10)));
    let apply = |on| Application { on, rectified: true, commitment: true, barred_through: None };
    assert_eq!(repair_eligibility(&decision, &apply(date(2026, 7, 11))), Eligibility::Admit);
    let late = repair_eligibility(&decision, &apply(date(2027, 4, 11)));
    assert_eq!(late, Eligibility::Reject { reason: Refusal::AlreadyEnded, earliest: None });
}
