//! Areas that merge, units that change, and what each of them sees.

use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn area(code: &str, name: &str, level: &str, parent: &str) -> Area {
    Area {
        code: code.to_owned(),
        name: name.to_owned(),
        level: level.to_owned(),
        parent: parent.to_owned(),
        ..Area::default()
    }
}

/// 山东 with 济南, 泰安 and 莱芜 and a county of each; 莱芜 was merged into 济南 at the beginning of 2019.
fn shandong() -> Directory {
    let mut directory = Directory::default();
    let laiwu = area("371200", "莱芜市", "city", "370000");
    let merged =
        Area { until_on: Some(day("2019-01-08")), merged_into: "370100".to_owned(), entered_at: 2, ..laiwu.clone() };
    let gangcheng = area("371203", "钢城区", "county", "371200");
    let moved = Area { from_on: Some(day("2019-01-09")), parent: "370100".to_owned(), ..gangcheng.clone() };
    for states in [
        vec![area("370000", "山东省", "province", "")],
        vec![area("370100", "济南市", "city", "370000")],
        vec![area("370900", "泰安市", "city", "370000")],
        vec![area("370103", "市中区", "county", "370100")],
        vec![area("370404", "市中区", "county", "370900")],
        vec![laiwu, merged],
        vec![gangcheng, moved],
    ] {
        directory.areas.by_code.insert(states[0].code.clone(), states);
    }
    directory
}

fn unit(directory: &mut Directory, uscc: &str, level: &str, area: &str, parent: &str) {
    let state =
        UnitState { level: level.to_owned(), area: area.into(), parent: parent.to_owned(), ..UnitState::default() };
    directory.units.insert(uscc.to_owned(), vec![state]);
}

#[test]
fn an_area_that_was_merged_answers_for_its_own_days_and_belongs_to_its_successor_afterwards() {
    let areas = shandong().areas;
    let (before, after) = (day("2018-06-01"), day("2019-06-01"));
    assert!(areas.on("371200", before).unwrap().is_there(before));
    assert!(!areas.on("371200", after).unwrap().is_there(after));
    assert!(!areas.within("370100", before).contains("371200"));
    assert!(areas.within("370100", after).is_superset(&["371200", "371203", "370103"].into()));
    assert!(!areas.within("370100", after).contains("370900"));
    assert_eq!(areas.within("371200", before), ["371200", "371203"].into());
}

#[test]
fn a_name_that_several_areas_bear_names_none_of_them() {
    let areas = shandong().areas;
    let on = day("2024-01-01");
    assert!(areas.resolve("市中区", on).is_none());
    assert_eq!(areas.resolve("370404", on).unwrap().name, "市中区");
    let texts = areas.texts_of(&areas.within("370100", on));
    assert!(texts.contains("莱芜市") && texts.contains("370103") && !texts.contains("市中区"), "{texts:?}");
}

#[test]
fn a_citys_unit_sees_its_area_the_merged_one_and_the_units_there_and_below_it() {
    let mut directory = shandong();
    for (uscc, level, area, parent) in [
        ("office", "province", "370000", ""),
        ("jinan", "city", "济南市", "office"),
        ("gangcheng", "county", "钢城区", "office"),
        ("taian", "city", "370900", "office"),
        ("branch", "county", "370404", "jinan"),
        ("unknown", "", "", ""),
    ] {
        unit(&mut directory, uscc, level, area, parent);
    }
    let seen = |uscc: &str, on: &str| directory.sight(uscc, day(on));
    let units = |sight: &Sight| sight.units.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    let after = seen("jinan", "2024-01-01");
    assert_eq!(units(&after), "branch gangcheng jinan");
    assert!(after.areas.contains("莱芜市") && after.areas.contains("371200") && !after.areas.contains("泰安市"));
    let before = seen("jinan", "2018-01-01");
    assert_eq!(units(&before), "branch jinan");
    assert!(!before.areas.contains("莱芜市"));
    let office = seen("office", "2024-01-01");
    assert!(office.areas.is_empty(), "a unit of the province sees by its organs, not by its area");
    assert_eq!(units(&office), "branch gangcheng jinan office taian");
    assert_eq!(units(&seen("unknown", "2024-01-01")), "unknown");
    assert_eq!(units(&seen("nobody", "2024-01-01")), "nobody");
}

fn patch(level: &str, regulator: &str) -> UnitPatch {
    UnitPatch { level: Some(level.to_owned()), regulator: Some(regulator.to_owned()), ..UnitPatch::default() }
}

#[test]
fn what_was_not_known_is_filled_in_and_what_was_known_changes_from_a_day() {
    let mut directory = Directory::default();
    let today = day("2026-05-06");
    directory.units.insert("u".to_owned(), vec![UnitState::default()]);
    let filled = directory.plan("u", &patch("city", "market"), None, today).unwrap();
    assert_eq!((filled.len(), filled[0].from_on), (1, None));
    directory.units.insert("u".to_owned(), filled);
    assert_eq!(directory.plan("u", &patch("city", "market"), None, today), Ok(vec![]));
    let changed = directory.plan("u", &patch("city", "drug"), None, today).unwrap();
    assert_eq!(changed.iter().map(|state| state.from_on).collect::<Vec<_>>(), [Some(today)]);
    directory.units.get_mut("u").unwrap().extend(changed);
    let regulator = |on: &str| directory.unit("u", day(on), LATEST).unwrap().regulator.as_str();
    assert_eq!([regulator("2026-05-05"), regulator("2026-05-06")], ["market", "drug"]);
    let early = directory.plan("u", &patch("city", "tax"), Some(day("2026-05-05")), today).unwrap_err();
    assert_eq!(early.code, "date_before_state");
}

#[test]
fn a_standing_declaration_never_reaches_back() {
    let mut directory = Directory::default();
    directory.units.insert("u".to_owned(), vec![UnitState::default()]);
    let given = UnitPatch {
        level: Some("city".to_owned()),
        secrecy_officer: Some("审查员".to_owned()),
        ..UnitPatch::default()
    };
    let today = day("2026-05-06");
    let states = directory.plan("u", &given, None, today).unwrap();
    let told: Vec<_> = states.iter().map(|one| (one.from_on, &*one.level, &*one.secrecy_officer)).collect();
    assert_eq!(told, [(None, "city", ""), (Some(today), "city", "审查员")]);
}

#[test]
fn what_was_known_at_an_instant_can_be_asked_for_again() {
    let mut directory = Directory::default();
    let state =
        |regulator: &str, entered_at| UnitState { regulator: regulator.to_owned(), entered_at, ..UnitState::default() };
    directory.units.insert("u".to_owned(), vec![state("", 10), state("market", 20)]);
    let on = day("2024-01-01");
    let known = |at| directory.unit("u", on, at).map(|unit| unit.regulator.as_str());
    assert_eq!(
        [known(9), known(10), known(19), known(20), known(LATEST)],
        [None, Some(""), Some(""), Some("market"), Some("market")]
    );
    assert_eq!(directory.history("u").len(), 1, "people are shown what holds");
}

#[test]
fn a_unit_is_refused_where_its_level_area_or_parent_cannot_be() {
    let mut directory = shandong();
    unit(&mut directory, "a", "city", "370100", "b");
    unit(&mut directory, "b", "province", "", "");
    let today = day("2026-05-06");
    let why_not = |uscc: &str, patch: UnitPatch| directory.plan(uscc, &patch, None, today).unwrap_err().code;
    let of = |level: &str, area: &str, parent: &str| UnitPatch {
        level: Some(level.to_owned()),
        area: Some(area.to_owned()),
        parent: Some(parent.to_owned()),
        ..UnitPatch::default()
    };
    assert_eq!(why_not("a", of("town", "370100", "")), "level_unknown");
    assert_eq!(why_not("a", of("city", "青州市", "")), "area_unknown");
    assert_eq!(why_not("a", of("city", "市中区", "")), "area_unknown");
    assert_eq!(why_not("a", of("city", "莱芜市", "")), "area_ended");
    assert_eq!(why_not("a", of("city", "370100", "nobody")), "parent_unknown");
    assert_eq!(why_not("b", of("province", "", "a")), "unit_circle");
    assert_eq!(why_not("new", of("city", "", "new")), "unit_circle");
    let regulator = UnitPatch { regulator: Some("police".to_owned()), ..UnitPatch::default() };
    assert_eq!(why_not("a", regulator), "regulator_unknown");
    let historical = directory.plan("old", &of("city", "莱芜市", "b"), Some(day("2010-01-01")), today);
    assert_eq!(historical.unwrap()[0].from_on, Some(day("2010-01-01")));
}

#[test]
fn an_area_is_refused_where_it_cannot_be_and_ends_once() {
    let areas = shandong().areas;
    let today = day("2026-05-06");
    let with = |name: &str, level: &str, parent: &str| AreaPatch {
        name: Some(name.to_owned()),
        level: Some(level.to_owned()),
        parent: Some(parent.to_owned()),
        ..AreaPatch::default()
    };
    let why_not = |code: &str, patch: AreaPatch| areas.plan(code, &patch, None, today).unwrap_err().code;
    assert_eq!(why_not("370200", with("青岛市", "state", "")), "level_unknown");
    assert_eq!(why_not("370200", with("青岛市", "city", "379999")), "area_unknown");
    assert_eq!(why_not("370200", with("青岛市", "city", "371200")), "area_ended");
    assert_eq!(why_not("370000", with("山东省", "province", "370103")), "area_circle");
    assert_eq!(why_not("370200", with("", "city", "")), "bad_parameter");
    assert_eq!(areas.plan("370100", &AreaPatch::default(), None, today), Ok(None));
    let new = areas.plan("370200", &with("青岛市", "city", "山东省"), None, today).unwrap().unwrap();
    assert_eq!((new.from_on, new.parent.as_str()), (None, "370000"));
    let end =
        AreaPatch {
            until_on: Some(day("2026-12-31")), merged_into: Some("济南市".to_owned()), ..AreaPatch::default()
        };
    let ended = areas.plan("370900", &end, None, today).unwrap().unwrap();
    assert_eq!((ended.from_on, ended.merged_into.as_str()), (None, "370100"));
    let renamed = areas.plan("370900", &with("岱安市", "city", "山东省"), None, today).unwrap().unwrap();
    assert_eq!(renamed.from_on, Some(today));
}
