//! Kept evaluations: fresh or computed anew, and only who is due is touched.

use crate::desk::*;
use credence_app::batch::{release, withdraw};
use credence_app::evaluation::{Moment, Replayed, Sweep, Swept, evaluate_one, sweep};
use credence_app::query::EvaluationView;
use credence_app::review::{self, Decision};
use credence_app::{AppError, View};
use credence_domain::record::value::day_number;
use credence_store::act::Draft;
use credence_store::evaluation::{self, Kept};
use credence_testkit::both_stores;
use credence_testkit::crowd::{self, Crowd};
use credence_testkit::stores::TestStore;
use jiff::civil::{Date, date};

fn sweep_all(desk: &mut Desk<'_>, everyone: bool) -> Swept {
    let asked = Sweep { everyone, ..Sweep::default() };
    sweep(&mut desk.writer, &desk.rulebook, &asked, &mut |_| {}).unwrap()
}

fn told(desk: &Desk<'_>, uscc: &str, day: Date) -> EvaluationView {
    desk.service(day).evaluation(&View::public(day), uscc).unwrap()
}

fn kept(desk: &mut Desk<'_>, uscc: &str) -> Option<Kept> {
    evaluation::find(desk.writer.connection(), &View::public(today()), uscc).unwrap()
}

fn a_sweep_keeps_what_was_told_before_it_and_then_touches_only_whom_an_import_touched(store: &TestStore) {
    let mut desk = registered(store);
    desk.send(vec![penalty(FIRM, "一号"), penalty("91379900MA0TE00B50", "二号")]);
    let before = [FIRM, SECOND].map(|uscc| told(&desk, uscc, today()));
    let swept = sweep_all(&mut desk, false);
    assert_eq!((swept.due, swept.evaluated, swept.not_evaluated), (3, 2, 1));
    assert_eq!(swept.grades.into_iter().collect::<Vec<_>>(), [("A".to_owned(), 1), ("B".to_owned(), 1)]);
    assert_eq!(before, [FIRM, SECOND].map(|uscc| told(&desk, uscc, today())));
    assert!(kept(&mut desk, "91379900MA0TE00B50").is_none(), "unregistered");
    assert_eq!(sweep_all(&mut desk, false).due, 0);

    desk.send(vec![penalty(SECOND, "三号")]);
    // The kept evaluation is of an older number and is not told.
    assert_eq!(told(&desk, SECOND, today()).points, Some(940));
    let swept = sweep_all(&mut desk, false);
    assert_eq!((swept.due, swept.evaluated), (1, 1));
    assert_eq!(kept(&mut desk, SECOND).unwrap().scored.points, 940);
    assert_eq!(sweep_all(&mut desk, true).due, 3);
    desk.verify();
}

fn midnight_passes_nothing_runs_and_the_new_grade_is_told(store: &TestStore) {
    let mut desk = registered(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    sweep_all(&mut desk, false);
    let (last, next) = (date(2027, 4, 30), date(2027, 5, 1));
    let standing = kept(&mut desk, FIRM).unwrap();
    assert_eq!(standing.scored.next_change_on, Some(day_number(next)));
    assert_eq!((told(&desk, FIRM, last).grade, told(&desk, FIRM, next).grade), (Some("B"), Some("A")));
    assert_eq!(kept(&mut desk, FIRM), Some(standing), "nothing ran");
    desk.clock.move_to(next);
    let swept = sweep_all(&mut desk, false);
    assert_eq!((swept.due, swept.evaluated), (1, 1), "only whom the day made due");
}

/// Enacts the shipped rulebook with one text replaced in one file.
fn enact(desk: &mut Desk<'_>, path: &str, from: &str, to: &str) {
    let dir = desk.store.folder.join("edition");
    for (file, text) in credence_app::rulebook::shipped_files() {
        let text = if file == path { text.replacen(from, to, 1) } else { text };
        assert!(file != path || text.contains(to));
        let file = dir.join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    credence_app::rulebook::enact(&mut desk.writer, &dir, "甲", "乙", "测试").unwrap();
    desk.rulebook = credence_app::rulebook::in_force(desk.writer.connection()).unwrap();
}

fn other_weights_grade_everyone_anew_and_a_change_of_another_room_nobody(store: &TestStore) {
    let mut desk = registered(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    sweep_all(&mut desk, false);
    enact(&mut desk, "data/honour.toml", "name = \"诚实", "name = \"示例诚实");
    let (rules, day) = (desk.rulebook.evaluation_digest(), day_number(today()));
    let standing = kept(&mut desk, FIRM).unwrap();
    assert!(standing.rulebook != desk.rulebook.digest && standing.is_fresh(standing.seq, &rules, day));
    assert_eq!(sweep_all(&mut desk, false).due, 0);

    enact(&mut desk, "evaluation/demonstration.toml", "points = -60, article", "points = -70, article");
    assert!(!standing.is_fresh(standing.seq, &desk.rulebook.evaluation_digest(), day));
    assert_eq!(told(&desk, FIRM, today()).points, Some(930));
    assert_eq!(kept(&mut desk, FIRM).unwrap().scored.points, 940);
    assert_eq!(sweep_all(&mut desk, false).due, 2);
    assert_eq!(kept(&mut desk, FIRM).unwrap().scored.points, 930);
}

fn an_act_keeps_the_grade_in_its_own_transaction_or_nothing(store: &TestStore) {
    let mut desk = registered(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let draft = Draft {
        kind: "release",
        actor: OFFICE.to_owned(),
        second: None,
        purpose: "test",
        basis: "鲁信用办〔2019〕8号 六".to_owned(),
        reason: String::new(),
        rulebook: desk.rulebook.digest,
        as_of: today(),
        batch: None,
        details: serde_json::Map::new(),
    };
    let rulebook = desk.rulebook.clone();
    let failed = desk.writer.change(&draft, |change| {
        credence_app::evaluation::keep(change, &rulebook, FIRM, today())?;
        Err::<(), _>(credence_store::StoreError::Inconsistent("the act fails".to_owned()))
    });
    assert!(failed.is_err() && kept(&mut desk, FIRM).is_none());
    let (_, act) =
        desk.writer.change(&draft, |change| credence_app::evaluation::keep(change, &rulebook, FIRM, today())).unwrap();
    assert_eq!((act, kept(&mut desk, FIRM).unwrap().scored.points), (None, 940), "a derived row is no act");
    desk.verify();
}

/// What the last act kept is of the standing file, nothing is left to do, and a sweep computes the same bytes.
fn kept_by_the_act(desk: &mut Desk<'_>, uscc: &str, points: i64) {
    let found = credence_store::subject::find(desk.writer.connection(), &View::public(today()), uscc).unwrap().unwrap();
    let standing = kept(desk, uscc).unwrap();
    assert!(standing.is_fresh(found.seq, &desk.rulebook.evaluation_digest(), day_number(today())), "{standing:?}");
    assert_eq!(standing.scored.points, points);
    assert_eq!(sweep_all(desk, false).due, 0, "settled in the act's own transaction");
    sweep_all(desk, true);
    let computed = kept(desk, uscc).unwrap();
    assert_eq!(computed.scored.to_bytes(), standing.scored.to_bytes());
    assert_eq!((computed.seq, computed.scored), (standing.seq, standing.scored));
}

fn a_release_a_redaction_and_a_withdrawal_keep_the_grade_that_a_sweep_would_compute(store: &TestStore) {
    let mut desk = registered(store);
    desk.send(vec![
        changed("一号", &[("CF_NR_FK", "0.3")]),
        changed("二号", &[("CF_SY", "当事人联系电话13900000000。")]),
    ]);
    let batch = desk.send_over_http(vec![penalty(SECOND, "三号")], "一").batch;
    sweep_all(&mut desk, false);
    let held = desk.service(today()).held_records().unwrap();
    let waiting = |hold: &str| held.iter().find(|one| one.hold == hold).unwrap().id.clone();
    let decision = Decision { actor: "复核员", reason: "经核对案卷，适用普通程序", secrecy_review: "" };

    let ids = [waiting("maybe_simple_procedure")];
    review::release(&mut desk.writer, &desk.rulebook, &ids, decision).unwrap();
    kept_by_the_act(&mut desk, FIRM, 940);
    let id = waiting("personal_number");
    review::redact(&mut desk.writer, &desk.rulebook, &id, "CF_SY", decision).unwrap();
    kept_by_the_act(&mut desk, FIRM, 880);
    release::release(&mut desk.writer, &desk.rulebook, &batch, decision).unwrap();
    kept_by_the_act(&mut desk, SECOND, 940);
    withdraw::withdraw(&mut desk.writer, &desk.rulebook, &batch, decision, "乙", &mut |_| Ok(())).unwrap();
    kept_by_the_act(&mut desk, SECOND, 1000);
    desk.verify();
}

fn a_model_that_is_not_in_the_rulebook_is_refused(store: &TestStore) {
    let mut desk = registered(store);
    let asked = Sweep { model: Some("national".to_owned()), ..Sweep::default() };
    let refused = sweep(&mut desk.writer, &desk.rulebook, &asked, &mut |_| {}).unwrap_err();
    assert!(matches!(refused, AppError::Refused { code: "model_unknown", .. }));
    let asked = Sweep { model: Some("demonstration".to_owned()), ..Sweep::default() };
    assert_eq!(sweep(&mut desk.writer, &desk.rulebook, &asked, &mut |_| {}).unwrap().evaluated, 2);
}

/// Codes outside region 379900 that belong to nobody we know; nothing adverse is ever attached to them.
const OUTSIDE: [&str; 2] = ["91370102MA3CXX001G", "91440300MA5EXAMP1F"];

fn send_names(desk: &mut Desk<'_>, usccs: &[&str]) {
    let mut names = "name,uscc,established\n".to_owned();
    for (number, uscc) in usccs.iter().enumerate() {
        names.push_str(&format!("某单位第{number}号,{uscc},2020-01-01\n"));
    }
    desk.send_from(OFFICE, names.as_bytes()).unwrap();
}

fn send_national(desk: &mut Desk<'_>, uscc: &str, grade: &str, on: &str) {
    let text = format!(
        "名称,统一社会信用代码,综合评价等级,综合评价日期,评价单位,评价单位统一社会信用代码\n某单位,{uscc},{grade},{on},国家公共信用信息中心（示例）,{OFFICE}\n"
    );
    let report = desk.send_from(OFFICE, text.as_bytes()).unwrap();
    assert_eq!(report.counts.accepted, 1, "{report:?}");
}

fn nobody_real_is_graded_nor_a_sole_trader_a_public_body_or_who_is_unregistered(store: &TestStore) {
    let mut desk = registered(store);
    let trader = "92379900MA0TE00B5W";
    let body = "113799000000009993";
    send_names(&mut desk, &[OUTSIDE[0], OUTSIDE[1], trader, body]);
    desk.send(vec![penalty(FIRM, "一号"), penalty(trader, "二号"), penalty("91379900MA0TE00B50", "三号")]);
    let swept = sweep_all(&mut desk, true);
    assert_eq!((swept.evaluated, swept.not_evaluated), (2, 5));
    for (uscc, reason) in [
        (OUTSIDE[0], "no_model_for_region"),
        (OUTSIDE[1], "no_model_for_region"),
        (trader, "class_not_evaluated"),
        (body, "class_not_evaluated"),
        ("91379900MA0TE00B50", "unregistered"),
    ] {
        assert!(kept(&mut desk, uscc).is_none(), "{uscc}");
        let found = told(&desk, uscc, today());
        assert_eq!((found.grade, found.word, found.base, found.points), (None, None, None, None), "{uscc}");
        assert!(found.lines.is_empty() && found.would_change.is_empty() && found.model.is_none(), "{uscc}");
        assert_eq!(found.reason, Some(reason), "{uscc}");
    }
}

fn the_national_result_prevails_where_the_rulebook_says_so_and_is_mirrored_without_points(store: &TestStore) {
    let mut desk = registered(store);
    send_names(&mut desk, &[OUTSIDE[0]]);
    desk.send(vec![penalty(FIRM, "一号")]);
    send_national(&mut desk, OUTSIDE[0], "优", "2025-03-31");
    send_national(&mut desk, OUTSIDE[0], "良", "2026-03-31");
    send_national(&mut desk, FIRM, "C", "2026-03-31");
    let mirrored = told(&desk, OUTSIDE[0], today());
    assert_eq!((mirrored.grade, mirrored.points, mirrored.base), (Some("B"), None, None), "the latest");
    let [line] = mirrored.lines.as_slice() else { panic!("{mirrored:?}") };
    assert_eq!((line.item.as_str(), line.points, line.source.as_str()), ("evaluation_national", 0, OFFICE));
    assert!(mirrored.notice.unwrap().contains("国家公共信用信息中心（示例）"));
    assert!(kept(&mut desk, OUTSIDE[0]).is_none());
    // Shipped: in the demonstration's region the demonstration model is shown.
    assert_eq!((told(&desk, FIRM, today()).grade, told(&desk, FIRM, today()).points), (Some("B"), Some(940)));
    enact(&mut desk, "disclosure/grade.toml", r#"show = ["model"], note"#, r#"show = ["national", "model"], note"#);
    let national = told(&desk, FIRM, today());
    assert_eq!((national.grade, national.points, national.model.as_deref()), (Some("C"), None, Some("national")));
    assert_eq!(told(&desk, SECOND, today()).points, Some(1000), "no national result, so the model");
}

fn a_grade_once_told_is_replayed_to_the_byte_after_corrections_other_rules_and_the_end_of_its_records(
    store: &TestStore,
) {
    let mut desk = registered(store);
    desk.send(vec![penalty(FIRM, "一号"), penalty(FIRM, "二号")]);
    send_national(&mut desk, FIRM, "A", "2026-03-31");
    sweep_all(&mut desk, false);
    let first = told(&desk, FIRM, today());
    let digest = desk.rulebook.digest;
    let then = desk.clock.now_micros();
    assert_eq!(first.points, Some(880));

    // One is corrected to a graver kind, another comes, the weights change, and years later everything has ended.
    desk.send(vec![changed("二号", &[("CF_CFLB", "责令停产停业")]), penalty(FIRM, "三号")]);
    let second = told(&desk, FIRM, today());
    assert_ne!(first.points, second.points);
    enact(&mut desk, "evaluation/demonstration.toml", "points = -60, article", "points = -70, article");
    let third = told(&desk, FIRM, today());
    let later = date(2030, 12, 1);
    desk.clock.move_to(later);
    let service = desk.service(later);
    assert_eq!(service.evaluation(&View::public(later), FIRM).unwrap().lines.len(), 0);

    let replay = |digest: &[u8; 32], moment| service.replay(FIRM, today(), digest, moment).unwrap();
    let bytes = |view: &EvaluationView| serde_json::to_string(view).unwrap();
    assert_eq!(bytes(&replay(&digest, Moment::Instant(then))), bytes(&first));
    assert_eq!(bytes(&replay(&digest, Moment::EndOfDay)), bytes(&second));
    assert_eq!(bytes(&replay(&desk.rulebook.digest, Moment::EndOfDay)), bytes(&third));
    assert_eq!(service.replay_kept().unwrap(), Replayed { replayed: 2, ..Replayed::default() });
    let unknown = service.replay(FIRM, today(), &[7; 32], Moment::EndOfDay).unwrap_err();
    assert!(matches!(unknown, AppError::Refused { code: "rulebook_unknown", .. }));
    assert!(matches!(service.replay(FIRM, today(), &digest, Moment::Instant(0)), Err(AppError::NotFound)));
}

fn all_kept(desk: &mut Desk<'_>) -> Vec<Kept> {
    let mut found = Vec::new();
    evaluation::each(desk.writer.connection(), &View::office(today()), |mut kept| {
        kept.decided_at = 0;
        found.push(kept);
        Ok(())
    })
    .unwrap();
    found
}

fn the_register_read_as_a_whole_or_in_slices_or_by_keys_gives_the_same_bytes(store: &TestStore) {
    let mut desk = Desk::new(store);
    let crowd = Crowd { organisations: 300, records: 6_000, seed: 3 };
    crowd::put(&crowd, &store.address).unwrap();
    let swept = sweep_all(&mut desk, false);
    assert_eq!((swept.due, swept.evaluated), (300, 264), "nine in ten are no sole traders, and a few are unregistered");
    assert!(swept.grades.len() == 4, "{swept:?}");
    let whole = all_kept(&mut desk);

    let slices = Sweep { everyone: true, slice_records: Some(700), ..Sweep::default() };
    let swept = sweep(&mut desk.writer, &desk.rulebook, &slices, &mut |_| {}).unwrap();
    assert_eq!((swept.due, swept.evaluated), (300, 264));
    assert_eq!(all_kept(&mut desk), whole);

    let touched = crowd::touch(&crowd, &store.address, 20).unwrap();
    let before = desk.clock.now_micros();
    let swept = sweep_all(&mut desk, false);
    assert_eq!((swept.due, touched), (15, 15));
    assert_eq!(all_kept(&mut desk), whole);
    let mut written = 0;
    evaluation::each(desk.writer.connection(), &View::office(today()), |kept| {
        written += u64::from(kept.decided_at >= before);
        Ok(())
    })
    .unwrap();
    assert_eq!(written, swept.evaluated, "only who is due is touched");
    for kept in whole.iter().step_by(37) {
        evaluate_one(&mut desk.writer, &desk.rulebook, &kept.uscc).unwrap();
    }
    assert_eq!(all_kept(&mut desk), whole, "one by one");
}

both_stores!(
    the_register_read_as_a_whole_or_in_slices_or_by_keys_gives_the_same_bytes,
    a_sweep_keeps_what_was_told_before_it_and_then_touches_only_whom_an_import_touched,
    midnight_passes_nothing_runs_and_the_new_grade_is_told,
    other_weights_grade_everyone_anew_and_a_change_of_another_room_nobody,
    an_act_keeps_the_grade_in_its_own_transaction_or_nothing,
    a_release_a_redaction_and_a_withdrawal_keep_the_grade_that_a_sweep_would_compute,
    a_model_that_is_not_in_the_rulebook_is_refused,
    nobody_real_is_graded_nor_a_sole_trader_a_public_body_or_who_is_unregistered,
    the_national_result_prevails_where_the_rulebook_says_so_and_is_mirrored_without_points,
    a_grade_once_told_is_replayed_to_the_byte_after_corrections_other_rules_and_the_end_of_its_records,
);
