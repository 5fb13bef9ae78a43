//! What must hold for every record under the shipped rules.

use super::shipped::{CALENDAR, RULES};
use credence_domain::publicity::{Decision, Facts, PeriodsQuery, Regulator, Repair, decide, periods};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

const KINDS: [&str; 15] = [
    "警告",
    "通报批评",
    "罚款",
    "没收违法所得",
    "没收非法财物",
    "暂扣许可证件",
    "降低资质等级",
    "吊销许可证件",
    "吊销营业执照",
    "限制开展生产经营活动",
    "责令停产停业",
    "责令关闭",
    "限制从业",
    "其他-责令改正",
    "暂扣或者吊销许可证、暂扣或者吊销执照",
];

const ACTS: [&str; 11] = [
    "permit",
    "penalty",
    "other_act",
    "inspection",
    "registration",
    "court_list",
    "list",
    "abnormal",
    "evaluation",
    "none",
    "penalty",
];

fn day() -> impl Strategy<Value = Date> {
    (0i32..8000).prop_map(|n| date(2008, 1, 1).saturating_add(n.days()))
}

fn regulator() -> impl Strategy<Value = Regulator> {
    proptest::sample::select(Regulator::ALL.to_vec())
}

fn kinds() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::collection::vec(proptest::sample::select(KINDS.to_vec()), 0..4)
}

prop_compose! {
    fn circumstances()(
        fine in proptest::option::of(0u64..10_000_000),
        tier in proptest::option::of(proptest::sample::select(vec!["从轻", "减轻", "一般", "从重"])),
        stated in proptest::option::of(proptest::sample::select(vec!["轻微", "一般", "严重"])),
        flags in any::<(bool, bool, bool)>(),
        ends in proptest::array::uniform3(proptest::option::of(day())),
        as_of in proptest::option::of(day()),
    ) -> Facts<'static> {
        let mut facts = Facts::new("penalty", Regulator::Other, Date::ZERO, Date::ZERO);
        (facts.fine_cents, facts.discretion_tier, facts.class_stated) = (fine, tier, stated);
        (facts.sector_flag, facts.sector_orders_publicity, facts.adverse_result) = flags;
        [facts.term_ends_on, facts.misconduct_ended_on, facts.duties_done_on] = ends;
        facts.as_of = as_of;
        facts
    }
}

/// Never public counts as shorter than any end, no end as longer.
fn length(public: bool, through: Option<Date>) -> Date {
    if public { through.unwrap_or(Date::MAX) } else { Date::MIN }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn repair_lies_within_publicity(
        base in circumstances(), kinds in kinds(), who in regulator(), start in day(), later in 0i32..900,
    ) {
        let published_on = start.saturating_add(later.days());
        let facts = Facts { regulator: who, decided_on: start, published_on, penalty_kinds: &kinds, ..base };
        let decision = decide(&RULES, &CALENDAR, &facts);
        if let (Some(from), Some(through)) = (decision.repair_from_on, decision.through_on) {
            prop_assert!(from <= through);
            prop_assert!(decision.min_end_on.is_none_or(|end| end < from));
        }
        prop_assert!(!decision.public() || decision.through_on.is_some(), "every penalty ends");
    }

    #[test]
    fn the_minimum_ends_within_the_maximum_where_repair_is_allowed(pack in 0usize..22, start in day()) {
        let pack = &RULES.packs()[pack];
        for row in pack.rows.iter().filter(|r| r.repair == Repair::Application) {
            let query = PeriodsQuery {
                decided_on: start,
                class: &row.code,
                pack: Some(&pack.id),
                published_on: None,
                misconduct_ended_on: None,
                term_ends_on: None,
                duties_done_on: None,
                as_of: None,
            };
            let now = periods(&RULES, &CALENDAR, &query).unwrap();
            if let (Some(end), Some(through)) = (now.min_end_on, now.public_through_on) {
                prop_assert!(end <= through);
            }
            let next = PeriodsQuery { decided_on: start.tomorrow().unwrap(), ..query };
            let next = periods(&RULES, &CALENDAR, &next).unwrap();
            prop_assert!(now.min_end_on <= next.min_end_on);
            prop_assert!(now.repair_from_on <= next.repair_from_on);
            prop_assert!(now.public_through_on <= next.public_through_on);
        }
    }

    #[test]
    fn adding_a_kind_never_shortens_a_period(
        base in circumstances(), mut kinds in kinds(), more in proptest::sample::select(KINDS.to_vec()),
        who in regulator(), start in day(),
    ) {
        kinds.push("罚款");
        let less = Facts { regulator: who, decided_on: start, published_on: start, penalty_kinds: &kinds, ..base };
        let mut longer = kinds.clone();
        longer.push(more);
        let more = Facts { penalty_kinds: &longer, ..less };
        let (less, more) = (decide(&RULES, &CALENDAR, &less), decide(&RULES, &CALENDAR, &more));
        prop_assert!(length(less.public(), less.through_on) <= length(more.public(), more.through_on));
    }

    #[test]
    fn a_transition_never_lengthens_a_burden(
        base in circumstances(), kinds in kinds(), who in regulator(), start in day(),
    ) {
        let old = Facts {
            regulator: who, decided_on: start, published_on: start, penalty_kinds: &kinds, as_of: None, ..base
        };
        let new = Facts { as_of: Some(date(2026, 11, 24)), ..old };
        let (old, new) = (decide(&RULES, &CALENDAR, &old), decide(&RULES, &CALENDAR, &new));
        prop_assert!(length(new.public(), new.through_on) <= length(old.public(), old.through_on));
        prop_assert_eq!(new.transition.is_some(), base.class_stated.is_some() && old.pack_id().is_some_and(|p| {
            ["ndrc-527-2019", "ndrc-58-2023", "samr-45-2021"].contains(&p)
        }));
        prop_assert!(new.transition.is_none_or(|t| !t.note.is_empty() && new.unverified));
    }

    #[test]
    fn who_judged_before_a_newer_order_applied_agrees_with_it_from_its_first_day(
        base in circumstances(), kinds in kinds(), who in regulator(), start in day(), before in 1i32..900,
    ) {
        let old = Facts {
            regulator: who, decided_on: start, published_on: start, penalty_kinds: &kinds, as_of: None, ..base
        };
        let market = matches!(who, Regulator::Market | Regulator::Drug);
        let first = if market { date(2025, 12, 25) } else { date(2026, 4, 1) };
        let early = Facts { as_of: first.checked_sub(before.days()).ok(), ..old };
        let late = Facts { as_of: Some(first), ..old };
        let [old, early, late] = [old, early, late].map(|facts| decide(&RULES, &CALENDAR, &facts));
        prop_assert_eq!(early.public(), old.public());
        let until = |one: &Decision<'_>| if one.public() { one.through_on.unwrap_or(Date::MAX) } else { Date::MIN };
        prop_assert!(until(&early) <= until(&old), "a burden never grows");
        prop_assert!(until(&early) >= until(&old).min(first.yesterday().unwrap()), "nothing ends by what does not apply yet");
        let from_then = |one: &Decision<'_>| until(one).max(first.yesterday().unwrap());
        prop_assert_eq!(from_then(&early), from_then(&late));
        let applies = |one: &Decision<'_>| one.repair_from_on.map(|day| day.max(first)).filter(|day| *day <= until(one));
        prop_assert_eq!(applies(&early), applies(&late));
        let moved = (early.through_on, early.repair_from_on) != (old.through_on, old.repair_from_on);
        prop_assert!(!moved || early.transition.is_some(), "what moved a date is named");
    }

    #[test]
    fn no_record_on_a_natural_person_is_public(
        base in circumstances(), act in proptest::sample::select(ACTS.to_vec()), kinds in kinds(), who in regulator(),
        start in day(), pack in proptest::option::of(0usize..22),
    ) {
        let pack = pack.map(|p| RULES.packs()[p].id.as_str());
        let facts = Facts {
            act_kind: act, regulator: who, decided_on: start, published_on: start, penalty_kinds: &kinds,
            natural_person: true, pack, ..base
        };
        let decision = decide(&RULES, &CALENDAR, &facts);
        prop_assert!(!decision.public());
        prop_assert_eq!((decision.through_on, decision.due_on, decision.repair_from_on), (None, None, None));
    }

    #[test]
    fn every_act_of_every_authority_on_every_day_has_a_pack_and_a_basis(
        base in circumstances(), act in proptest::sample::select(ACTS.to_vec()), kinds in kinds(), who in regulator(),
        start in day(), later in 0i32..2000,
    ) {
        let published_on = start.saturating_add(later.days());
        let facts = Facts {
            act_kind: act, regulator: who, decided_on: start, published_on, penalty_kinds: &kinds, ..base
        };
        let decision = decide(&RULES, &CALENDAR, &facts);
        prop_assert!(decision.row.is_some());
        prop_assert!(decision.basis().next().is_some());
        prop_assert!(decision.due_on <= decision.due_by_law_on || decision.due_by_law_on.is_none());
    }
}
