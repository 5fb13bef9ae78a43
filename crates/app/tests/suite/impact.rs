//! Who would move if an edition were enacted: told before it is, and then it comes so.

use crate::desk::*;
use credence_app::evaluation::{Sweep, sweep};
use credence_app::impact::{Asked, Impact, Told, Transition, impact};
use credence_app::{AppError, View};
use credence_domain::rulebook::Rulebook;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::{Date, date};

const PACK: &str = "repair/packs/ndrc-36-2025.toml";
const GENERAL: &str = "min_months = 3\nmax_months = 12";

/// The files of the shipped rulebook with texts replaced: path, old text, new text.
fn edition(changes: &[(&str, &str, &str)]) -> Vec<(String, String)> {
    let mut files = credence_app::rulebook::shipped_files();
    for (path, from, to) in changes {
        let (_, text) = files.iter_mut().find(|(file, _)| file == path).unwrap();
        assert!(text.contains(from), "{path}: {from}");
        *text = text.replace(from, to);
    }
    files
}

fn enact(desk: &mut Desk<'_>, files: &[(String, String)]) {
    let dir = desk.store.folder.join("edition");
    for (path, text) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    credence_app::rulebook::enact(&mut desk.writer, &dir, "甲", "乙", "测试").unwrap();
    desk.rulebook = credence_app::rulebook::in_force(desk.writer.connection()).unwrap();
}

fn measured(desk: &Desk<'_>, files: Vec<(String, String)>, as_of: Date) -> Impact {
    let digest = desk.digest();
    let new = Rulebook::from_toml(files).unwrap();
    let asked = Asked { as_of: Some(as_of), examples: 20 };
    let found = impact(&desk.store.address, &desk.clock, &new, asked).unwrap();
    assert_eq!(desk.digest(), digest, "read-only");
    found
}

fn told(desk: &Desk<'_>, uscc: &str) -> Told {
    let found = desk.service(today()).evaluation(&View::public(today()), uscc).unwrap();
    Told { model: found.model, grade: found.grade, points: found.points }
}

fn a_shorter_period_moves_the_days_it_rules_and_in_time_the_grade(store: &TestStore) {
    let mut desk = registered(store);
    let serious = [("CF_CFLB", "责令停产停业"), ("CF_NR_FK", "")];
    let ended = [("CF_JDRQ", "2021-01-04")];
    desk.send(vec![penalty(FIRM, "一号"), changed("二号", &serious), changed("三号", &ended)]);
    let shorter = || edition(&[(PACK, GENERAL, "min_months = 2\nmax_months = 6")]);

    let found = measured(&desk, shorter(), today());
    assert_eq!((found.records.examined, found.records.moved), (4, 1), "two registrations, no ended record: {found:#?}");
    let [moved] = found.records.examples.as_slice() else { panic!("{found:#?}") };
    assert_eq!((moved.uscc.as_str(), moved.item.as_str()), (FIRM, "penalty"));
    assert_eq!(moved.before.public_from_on, Some(today()));
    assert_eq!(moved.after.public_from_on, Some(today()));
    assert_eq!(
        [&moved.before, &moved.after].map(|days| (days.public_through_on, days.repair_from_on)),
        [(Some(date(2027, 4, 30)), Some(date(2026, 7, 31))), (Some(date(2026, 10, 30)), Some(date(2026, 7, 1)))]
    );
    assert_eq!(
        found.records.by_change.clone().into_iter().collect::<Vec<_>>(),
        [("public_through_on", 1), ("repair_from_on", 1)]
    );
    assert_eq!(found.records.by_item["penalty"], 1);
    assert_eq!(found.records.by_pack[&moved.before.pack], 1);
    assert_eq!((found.organisations.moved, found.organisations.at_once), (0, 0));

    // By the winter it would have ended: the grade follows once the record is judged again, and not by enactment alone.
    let winter = measured(&desk, shorter(), date(2026, 12, 1));
    let [moved] = winter.organisations.examples.as_slice() else { panic!("{winter:#?}") };
    assert_eq!((moved.before.points, moved.after.points, moved.at_once.points), (Some(790), Some(850), Some(790)));
    assert_eq!(winter.organisations.transitions, [Transition { from: Some("C"), to: Some("B"), organisations: 1 }]);
    assert_eq!(winter.records.examples[0].after.public_from_on, None);

    // It comes as it was told: enacted, the record corrected, the same days.
    enact(&mut desk, &shorter());
    desk.send(vec![changed("一号", &[("CF_SY", "经复核，污染物浓度超过排放标准。")])]);
    let organisation = desk.service(today()).organisation(&View::public(today()), FIRM).unwrap();
    let shown = |id: &str| organisation.records.iter().find(|one| one.id == id).unwrap().public_through_on;
    assert_eq!(shown(&found.records.examples[0].id), Some(date(2026, 10, 30)));
}

fn what_an_older_edition_decided_is_not_laid_to_the_new_one(store: &TestStore) {
    let mut desk = registered(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let nine = || edition(&[(PACK, GENERAL, "min_months = 3\nmax_months = 9")]);
    enact(&mut desk, &nine());
    desk.send(vec![penalty(SECOND, "二号")]);
    let same = measured(&desk, nine(), today());
    assert_eq!((same.records.examined, same.records.moved), (4, 0), "the stored twelve months are the older edition's");
    let six = measured(&desk, edition(&[(PACK, GENERAL, "min_months = 3\nmax_months = 6")]), today());
    let through = six.records.examples.iter().map(|one| (one.uscc.as_str(), one.before.public_through_on));
    assert_eq!(
        through.collect::<Vec<_>>(),
        [(SECOND, Some(date(2027, 1, 30))), (FIRM, Some(date(2027, 4, 30)))],
        "in order of code, before is what is stored"
    );
    let bounded = Asked { as_of: None, examples: 1 };
    let new = Rulebook::from_toml(edition(&[(PACK, GENERAL, "min_months = 3\nmax_months = 6")])).unwrap();
    let found = impact(&desk.store.address, &desk.clock, &new, bounded).unwrap();
    assert_eq!((found.records.moved, found.records.examples.len()), (2, 1));
    let gone = Asked { as_of: Some(date(2026, 5, 5)), examples: 1 };
    let refused = impact(&desk.store.address, &desk.clock, &new, gone).unwrap_err();
    assert!(matches!(refused, AppError::Refused { code: "bad_parameter", .. }));
}

fn other_weights_and_another_disclosure_move_organisations_at_once(store: &TestStore) {
    let mut desk = registered(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let national = format!(
        "名称,统一社会信用代码,综合评价等级,综合评价日期,评价单位,评价单位统一社会信用代码\n某单位,{SECOND},C,2026-03-31,国家公共信用信息中心（示例）,{OFFICE}\n"
    );
    desk.send_from(OFFICE, national.as_bytes()).unwrap();
    sweep(&mut desk.writer, &desk.rulebook, &Sweep::default(), &mut |_| {}).unwrap();
    let files = edition(&[
        ("evaluation/demonstration.toml", "points = -60, article", "points = -160, article"),
        ("disclosure/grade.toml", r#"show = ["model"], note"#, r#"show = ["national", "model"], note"#),
    ]);
    let found = measured(&desk, files.clone(), today());
    assert_eq!((found.records.moved, found.organisations.moved, found.organisations.at_once), (0, 2, 2));
    let of = |from, to| Transition { from: Some(from), to: Some(to), organisations: 1 };
    assert_eq!(found.organisations.transitions, [of("A", "C"), of("B", "C")]);
    for one in &found.organisations.examples {
        assert_eq!(told(&desk, &one.uscc), one.before);
    }
    assert_eq!(found.organisations.examples[0].after.model.as_deref(), Some("national"));
    enact(&mut desk, &files);
    for one in &found.organisations.examples {
        assert_eq!(told(&desk, &one.uscc), one.after, "as it was told before the enactment");
        assert_eq!(one.at_once, one.after);
    }
}

fn a_field_that_becomes_public_holds_back_records_that_carry_a_number_in_it(store: &TestStore) {
    let mut desk = registered(store);
    desk.send(vec![
        changed("一号", &[("BZ", "联系电话13900000000")]),
        changed("二号", &[("CF_NR_FK", "0.3"), ("BZ", "")]),
        penalty(FIRM, "三号"),
    ]);
    let remark = r#"{ code = "BZ", name = "备注", type = "text","#;
    let public = r#"{ code = "BZ", name = "备注", public = true, type = "text","#;
    let found = measured(&desk, edition(&[("data/penalty.toml", remark, public)]), today());
    let [moved] = found.records.examples.as_slice() else { panic!("{found:#?}") };
    assert_eq!((moved.before.hold.as_str(), moved.after.hold.as_str()), ("", "personal_number"));
    assert_eq!((moved.before.public_from_on, moved.after.public_from_on), (Some(today()), None));
    assert_eq!(found.records.by_change.into_keys().collect::<Vec<_>>(), ["hold", "public_from_on"]);
    let [moved] = found.organisations.examples.as_slice() else { panic!("one organisation") };
    assert_eq!((moved.before.points, moved.at_once.points, moved.after.points), (Some(880), Some(880), Some(940)));
}

fn nobody_real_has_a_grade_that_could_move_and_an_item_that_leaves_the_list_ends_what_it_brought(store: &TestStore) {
    let mut desk = registered(store);
    let outside = "91370102MA3CXX001G";
    desk.send_from(OFFICE, format!("name,uscc,established\n某单位,{outside},2020-01-01\n").as_bytes()).unwrap();
    desk.send(vec![penalty(FIRM, "一号")]);
    let weights = ("evaluation/demonstration.toml", "base_points = 1000", "base_points = 990");
    let found = measured(&desk, edition(&[weights]), today());
    let moved: Vec<&str> = found.organisations.examples.iter().map(|one| one.uscc.as_str()).collect();
    assert_eq!((found.organisations.examined, moved), (3, vec![SECOND, FIRM]));

    let later = ("data/penalty.toml", r#"effective_from = "2020-10-01""#, r#"effective_from = "2026-05-07""#);
    let found = measured(&desk, edition(&[later]), today());
    let [moved] = found.records.examples.as_slice() else { panic!("{found:#?}") };
    assert_eq!(
        (moved.after.pack.as_str(), moved.after.public_from_on, moved.after.public_through_on),
        ("", None, None)
    );
    assert_eq!(found.organisations.transitions, [Transition { from: Some("B"), to: Some("A"), organisations: 1 }]);
}

both_stores!(
    a_shorter_period_moves_the_days_it_rules_and_in_time_the_grade,
    what_an_older_edition_decided_is_not_laid_to_the_new_one,
    other_weights_and_another_disclosure_move_organisations_at_once,
    a_field_that_becomes_public_holds_back_records_that_carry_a_number_in_it,
    nobody_real_has_a_grade_that_could_move_and_an_item_that_leaves_the_list_ends_what_it_brought,
);
