//! Units and areas are dated: what holds on the day of decision rules a fact, and what changes later changes no fact.

use crate::desk::{Desk, EXPORT, FIRM, OFFICE, SECOND, changed, penalty, registered, today};
use credence_app::directory::{self, AreaPatch, Unit, UnitPatch};
use credence_app::{Scope, View};
use credence_domain::subject::Uscc;
use credence_store::record::{self, Stored};
use credence_testkit::both_stores;
use credence_testkit::stores::{TestStore, tamper};
use jiff::civil::Date;

const BUREAU: &str = "123799000000000510";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn change(desk: &mut Desk<'_>, uscc: &str, patch: &UnitPatch, from: Option<Date>) -> credence_app::Result<bool> {
    let known = directory::find(&mut desk.writer, Uscc::parse(uscc).unwrap()).unwrap();
    let unit = known.unwrap_or_else(|| Unit { uscc: uscc.to_owned(), name: "示范局".to_owned(), ..Unit::default() });
    directory::change(&mut desk.writer, &unit, patch, from, &desk.rulebook)
}

fn regulator(code: &str) -> UnitPatch {
    UnitPatch { regulator: Some(code.to_owned()), ..UnitPatch::default() }
}

fn placed(level: &str, area: &str) -> UnitPatch {
    UnitPatch { level: Some(level.to_owned()), area: Some(area.to_owned()), ..UnitPatch::default() }
}

/// 济南 and 莱芜, which is merged into it at the beginning of 2019.
fn enter_areas(desk: &mut Desk<'_>) {
    let text = |text: &str| Some(text.to_owned());
    let mut set = |code: &str, patch: AreaPatch| {
        directory::set_area(&mut desk.writer, code, &patch, None, &desk.rulebook).unwrap().unwrap()
    };
    for (code, name) in [("370100", "济南市"), ("371200", "莱芜市"), ("370900", "泰安市")] {
        set(code, AreaPatch { name: text(name), level: text("city"), ..AreaPatch::default() });
    }
    let end = AreaPatch { until_on: Some(day("2019-01-08")), merged_into: text("济南市"), ..AreaPatch::default() };
    assert_eq!(set("371200", end).merged_into, "370100");
}

fn records(desk: &mut Desk<'_>, view: &View, uscc: &str) -> Vec<Stored> {
    record::of_organisation(desk.writer.connection(), view, uscc).unwrap()
}

fn the_regulator_of_the_day_of_decision_chooses_the_pack(store: &TestStore) {
    let mut desk = registered(store);
    change(&mut desk, OFFICE, &regulator("market"), Some(day("2026-04-15"))).unwrap();
    desk.send(vec![
        changed("云环罚〔2026〕1号", &[("CF_JDRQ", "2026-04-14")]),
        changed("云环罚〔2026〕2号", &[("CF_JDRQ", "2026-04-15")]),
    ]);
    let found = desk.service(today()).organisation(&View::public(today()), FIRM).unwrap().records;
    let packs: Vec<_> = found.iter().filter(|one| one.item == "penalty").map(|one| one.pack.clone().unwrap()).collect();
    assert_eq!(packs.len(), 2);
    assert_ne!(packs[0], packs[1], "the market's own pack from the day on which it is a market regulator");
    desk.verify();
}

fn what_is_entered_later_makes_no_earlier_fact_wrong(store: &TestStore) {
    let mut desk = registered(store);
    desk.send(vec![penalty(FIRM, "云环罚〔2026〕1号")]);
    change(&mut desk, OFFICE, &regulator("market"), Some(day("2026-01-01"))).unwrap();
    change(&mut desk, OFFICE, &placed("city", "云海市"), Some(day("2026-01-01"))).unwrap();
    desk.verify();
    desk.send(vec![penalty(FIRM, "云环罚〔2026〕2号")]);
    let found = records(&mut desk, &View::office(today()), FIRM);
    let areas = |number: usize| found.iter().filter(|one| one.item == "penalty").nth(number).unwrap();
    assert_ne!(areas(0).authority_area, areas(1).authority_area);
    desk.verify();
}

fn a_fact_keeps_where_it_was_decided_and_where_its_organisation_was_registered(store: &TestStore) {
    let mut desk = Desk::new(store);
    enter_areas(&mut desk);
    change(&mut desk, BUREAU, &placed("city", "莱芜市"), Some(day("2010-01-01"))).unwrap();
    change(&mut desk, BUREAU, &placed("city", "济南市"), Some(day("2019-01-09"))).unwrap();
    let register = |desk: &mut Desk<'_>, city: &str| {
        let text = format!("name,uscc,established,city\n云海市海岳机械制造有限公司,{FIRM},2015-01-01,{city}\n");
        desk.send_from(OFFICE, text.as_bytes()).unwrap();
    };
    let decided =
        |number: &str, on: &str| changed(number, &[("CF_JDRQ", on), ("CF_CFJGDM", BUREAU), ("CF_SJLYDM", BUREAU)]);
    let send = |desk: &mut Desk<'_>, number: &str, on: &str| {
        let bytes = desk.sheet(vec![decided(number, on)], EXPORT);
        assert_eq!(desk.send_from(BUREAU, &bytes).unwrap().counts.accepted, 1);
    };
    send(&mut desk, "莱环罚〔2026〕1号", "2018-06-01");
    register(&mut desk, "莱芜市");
    send(&mut desk, "莱环罚〔2026〕2号", "2019-01-08");
    register(&mut desk, "济南市");
    send(&mut desk, "济环罚〔2026〕3号", "2019-01-09");
    let kept: Vec<_> = records(&mut desk, &View::office(today()), FIRM)
        .into_iter()
        .filter(|one| one.item == "penalty")
        .map(|one| (one.authority_area, one.registered_area))
        .collect();
    let of = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert_eq!(kept, [of("济南市", "济南市"), of("莱芜市", "莱芜市"), of("莱芜市", "")]);
    desk.verify();
}

fn a_citys_clerk_is_shown_its_own_whatever_the_publicity_and_of_the_rest_what_is_public(store: &TestStore) {
    let mut desk = Desk::new(store);
    enter_areas(&mut desk);
    change(&mut desk, BUREAU, &placed("city", "济南市"), None).unwrap();
    let text =
        format!("name,uscc,established,city\n莱芜某厂,{FIRM},2015-01-01,莱芜市\n泰安某厂,{SECOND},2015-01-01,泰安市\n");
    desk.send_from(OFFICE, text.as_bytes()).unwrap();
    let personal = ("CF_SY", "联系人电话13800138000");
    let mut rows = Vec::new();
    for uscc in [FIRM, SECOND] {
        let mut row = changed("云环罚〔2026〕1号", &[("CF_XDR_SHXYM", uscc), personal]);
        rows.push(row.clone());
        row.insert("CF_WSH", "云环罚〔2026〕2号".to_owned());
        row.insert("CF_SY", "超标排放".to_owned());
        rows.push(row);
    }
    assert_eq!(desk.send(rows).counts.held, 2);
    let view = desk.service(today()).unit_view(BUREAU).unwrap();
    assert!(matches!(view.scope, Scope::Unit { .. }));
    let service = desk.service(today());
    let of = |view: &View, uscc: &str| {
        let found = service.organisation(view, uscc).unwrap().records;
        found.into_iter().filter(|one| one.item == "penalty").map(|one| one.state).collect::<Vec<_>>()
    };
    let mut own = of(&view, FIRM);
    own.sort();
    assert_eq!(own, ["accepted", "held"], "an organisation of 莱芜 is 济南's since the merger");
    assert_eq!(of(&view, SECOND), ["accepted"]);
    assert_eq!(of(&View::public(today()), FIRM), ["accepted"]);
}

fn a_unit_that_nobody_described_gets_what_is_told_of_it_for_all_its_days(store: &TestStore) {
    let mut desk = Desk::new(store);
    let row = changed("济环罚〔2026〕1号", &[("CF_CFJGDM", BUREAU), ("CF_SJLYDM", BUREAU)]);
    let bytes = desk.sheet(vec![row], EXPORT);
    desk.send_from(BUREAU, &bytes).unwrap();
    change(&mut desk, BUREAU, &regulator("market"), None).unwrap();
    change(&mut desk, BUREAU, &placed("city", "济南市"), None).unwrap();
    let unit = desk.service(today()).unit(BUREAU).unwrap();
    let told: Vec<_> = unit.history.iter().map(|one| (one.from_on, &*one.level, &*one.regulator)).collect();
    assert_eq!(told, [(None, "city", "market")]);
    change(&mut desk, BUREAU, &regulator("drug"), None).unwrap();
    let unit = desk.service(today()).unit(BUREAU).unwrap();
    let told: Vec<_> = unit.history.iter().map(|one| (one.from_on, one.until_on, &*one.regulator)).collect();
    assert_eq!(told, [(None, today().yesterday().ok(), "market"), (Some(today()), None, "drug")]);
    let early = change(&mut desk, BUREAU, &regulator("tax"), Some(today().yesterday().unwrap())).unwrap_err();
    assert_eq!(early.code(), "date_before_state");
    let nobody = UnitPatch { parent: Some(SECOND.to_owned()), ..UnitPatch::default() };
    assert_eq!(change(&mut desk, BUREAU, &nobody, None).unwrap_err().code(), "parent_unknown");
    desk.verify();
}

both_stores!(
    the_regulator_of_the_day_of_decision_chooses_the_pack,
    what_is_entered_later_makes_no_earlier_fact_wrong,
    a_fact_keeps_where_it_was_decided_and_where_its_organisation_was_registered,
    a_citys_clerk_is_shown_its_own_whatever_the_publicity_and_of_the_rest_what_is_public,
    a_unit_that_nobody_described_gets_what_is_told_of_it_for_all_its_days,
);

#[test]
fn a_kept_area_that_was_changed_is_found_and_named() {
    let store = TestStore::sqlite();
    let mut desk = registered(&store);
    desk.send(vec![penalty(FIRM, "云环罚〔2026〕1号")]);
    let credence_app::Address::Sqlite(file) = &store.address else { panic!("a SQLite register") };
    for column in ["authority_area", "registered_area"] {
        tamper(file)(&format!("update record set {column} = '青禾市' where item = 'penalty'"));
        let found = credence_app::verify::verify(&store.address).unwrap();
        let failed: Vec<_> = found.requirements.iter().filter(|outcome| outcome.failed > 0).collect();
        assert_eq!(failed.iter().map(|outcome| outcome.id).collect::<Vec<_>>(), ["areas_kept"], "{column}");
        assert_eq!(failed[0].examples[0].uscc, FIRM);
        tamper(file)(&format!("update record set {column} = '' where item = 'penalty'"));
    }
    desk.verify();
}
