//! The 44 vectors of `tests/vectors/periods.jsonl`, each through the public functions and compared whole.
//!
//! A vector's `out` is compared as one value, so a field that is not computed fails, and every field of `in` must be
//! used. The vectors were computed elsewhere, with another calendar library.

use super::publicity_input::*;
use super::shipped::{CALENDAR, RULES};
use credence_domain::calendar::BeyondCalendar;
use credence_domain::publicity::{
    Application, Decision, Eligibility, Facts, PeriodsQuery, Regulator, decide, periods, repair_eligibility, sanction,
};
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The fields of a decision that an expectation names.
fn shown(decision: &Decision<'_>, wanted: &Value) -> Map<String, Value> {
    let one = |key: &str| match key {
        "public" => json!(decision.public()),
        "class" => json!(decision.class_code()),
        "class_stated" => json!(decision.class_stated),
        "row" => json!(decision.row_code()),
        "by" => json!(decision.by),
        "repair_allowed" => json!(decision.repairable()),
        "min_end" => json!(decision.min_end_on),
        "apply_from" => json!(decision.repair_from_on),
        "last_public" | "auto_removal_last_day" | "term_end" => json!(decision.through_on),
        "hidden_from" => json!(decision.hidden_from_on()),
        _ => Value::Null,
    };
    wanted.as_object().unwrap().keys().filter(|k| KNOWN.contains(&k.as_str())).map(|k| (k.clone(), one(k))).collect()
}

const KNOWN: [&str; 12] = [
    "public",
    "class",
    "class_stated",
    "row",
    "by",
    "repair_allowed",
    "min_end",
    "apply_from",
    "last_public",
    "auto_removal_last_day",
    "term_end",
    "hidden_from",
];

fn judge(pack: &str, facts: &Facts<'_>) -> Decision<'static> {
    let decision = decide(&RULES, &CALENDAR, facts);
    assert_eq!(decision.pack_id(), Some(pack));
    decision
}

/// A class and a start: asked as a record and as a question without one.
fn class_and_start(pack: &str, input: &mut Input, out: &Value) -> Map<String, Value> {
    let (class, start) = (input.text("class"), input.date("start"));
    let mut facts = penalty(&class, start);
    if input.has("sector_orders_publicity") {
        facts.sector_orders_publicity = input.flag("sector_orders_publicity");
    }
    for (key, field) in [("duties_done", &mut facts.duties_done_on), ("term_end", &mut facts.term_ends_on)] {
        if input.has(key) {
            *field = Some(input.date(key));
        }
    }
    if input.has("subject") {
        assert_eq!((input.text("subject").as_str(), input.text("channel").as_str()), ("natural_person", "信用中国"));
        facts.natural_person = true;
    }
    let kind;
    let kinds;
    if input.has("kind") {
        kind = input.text("kind");
        kinds = [kind.as_str()];
        (facts.penalty_kinds, facts.class_stated) = (&kinds, None);
    }
    let decision = judge(pack, &facts);
    assert!(facts.class_stated.is_none() || decision.class_stated);
    if !facts.natural_person {
        let query = PeriodsQuery {
            decided_on: start,
            class: &class,
            pack: Some(pack),
            published_on: None,
            misconduct_ended_on: None,
            term_ends_on: facts.term_ends_on,
            duties_done_on: facts.duties_done_on,
            as_of: None,
        };
        let answer = periods(&RULES, &CALENDAR, &query).unwrap();
        let same = (decision.min_end_on, decision.repair_from_on, decision.through_on, decision.hidden_from_on());
        let asked = (answer.min_end_on, answer.repair_from_on, answer.public_through_on, answer.hidden_from_on);
        assert_eq!(same, asked);
    }
    shown(&decision, out)
}

/// An application on a day: refused with a reason, or admitted.
fn application(decision: &Decision<'_>, on: Date, rectified: bool, commitment: bool) -> Map<String, Value> {
    let application = Application { on, rectified, commitment, barred_through: None };
    let mut answer = Map::new();
    let Eligibility::Reject { reason, earliest } = repair_eligibility(decision, &application) else {
        answer.insert("decision".to_owned(), json!("admit"));
        return answer;
    };
    answer.insert("decision".to_owned(), json!("reject"));
    answer.insert("reason".to_owned(), json!(reason));
    if let Some(day) = earliest {
        answer.insert("earliest".to_owned(), json!(day));
    }
    answer
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[expect(clippy::too_many_lines, reason = "a table: one arm a vector")]
fn compute(id: &str, pack: &str, input: &mut Input, out: &Value) -> Map<String, Value> {
    match id {
        "V01" | "V02" | "V03" | "V04" | "V05" | "V07" | "V08" | "V09" | "V10" | "V11" | "V32" | "V43" => {
            class_and_start(pack, input, out)
        }
        "V06" => {
            let mut result = class_and_start(pack, input, out);
            let mut facts = penalty("other", input.date("start"));
            facts.as_of = Some("2026-04-01".parse().unwrap());
            let nested = &out["new_if_shorter"];
            let unstated = judge(pack, &facts);
            assert!(unstated.transition.is_none());
            facts.class_stated = Some("一般");
            let stated = judge(pack, &facts);
            assert!(stated.transition.is_some_and(|t| t.note.contains("较短")) && stated.unverified);
            result.insert(
                "new_if_shorter".to_owned(),
                json!({
                    "class_stated_general": shown(&stated, &nested["class_stated_general"]),
                    "class_not_stated": shown(&unstated, &nested["class_not_stated"]),
                }),
            );
            result
        }
        "V12" | "V13" => {
            let (class, start) = (input.text("class"), input.date("start"));
            let decision = judge(pack, &penalty(&class, start));
            application(&decision, input.date("apply_on"), input.flag("rectified"), input.flag("commitment"))
        }
        "V14" | "V15" => object(json!({
            "accept_due": working(input.date("pushed"), row(pack, "general").accept_working_days),
            "feedback_due": clock("ndrc-36-site-answer", input.date("site_received")),
        })),
        "V16" | "V17" => {
            let others = input.flag("needs_other_unit");
            let code = if others { "sd-objection-others" } else { "sd-objection-own" };
            assert_eq!(RULES.clock(code).unwrap().pack, pack);
            object(json!({ "due": clock(code, input.date("objection_received")) }))
        }
        "V18" => {
            let mut facts = penalty("other", input.date("decision"));
            let uncapped = judge("ndrc-58-2023", &facts);
            assert_eq!(json!(uncapped.through_on), input.get("pack_last_public"));
            facts.misconduct_ended_on = Some(input.date("misconduct_end"));
            let decision = judge("ndrc-58-2023", &facts);
            let basis = &decision.cap.expect("the cap ended it").basis[0];
            assert_eq!((basis.title.as_str(), basis.article.as_str()), ("山东省社会信用条例", "三十八"));
            assert!(RULES.pack(pack).unwrap().rows.iter().any(|r| r.basis.contains(basis)));
            let mut result = shown(&decision, out);
            result.insert("binding".to_owned(), json!("条例38"));
            result
        }
        "V19" => object(json!({ "report_due": clock("sd-base-revoked-report", input.date("base_document_revoked")) })),
        "V20" => {
            assert!(input.flag("same_province") && input.text("penalty") == "low_fine");
            let decided = input.date("decision");
            let mut facts = market(&["罚款"], input.date("published"));
            facts.decided_on = decided;
            facts.class_stated = Some("criticism_or_low_fine");
            let mut result = shown(&judge(pack, &facts), out);
            let due = RULES.deadline("samr-45-20wd").unwrap().due(&CALENDAR, decided);
            result.insert("publish_due".to_owned(), exact(due));
            result
        }
        "V21" => {
            assert!(!input.flag("same_province") && input.text("penalty") == "ordinary_fine");
            let decided = input.date("decision");
            let mut facts = market(&["罚款"], input.date("published"));
            facts.decided_on = decided;
            let mut result = shown(&judge(pack, &facts), out);
            facts.as_of = Some("2025-12-25".parse().unwrap());
            assert_eq!(judge(pack, &facts).through_on, judge(pack, &Facts { as_of: None, ..facts }).through_on);
            facts.class_stated = Some("general");
            let stated = judge(pack, &facts);
            assert!(stated.transition.is_some());
            let nested = &out["new_if_shorter"]["class_stated_general"];
            result.insert("new_if_shorter".to_owned(), json!({ "class_stated_general": shown(&stated, nested) }));
            result.insert("push_due".to_owned(), clock("samr-45-other-province-push", decided));
            let received = input.date("push_received");
            result.insert("publish_due".to_owned(), clock("samr-45-other-province-publish", received));
            result
        }
        "V22" => {
            let decided = input.date("decision");
            let decision = decide(&RULES, &CALENDAR, &penalty("general", decided));
            assert_eq!(decision.due_on, decision.due_by_law_on);
            let line = RULES.deadline(pack).unwrap();
            assert_eq!(exact(line.due(&CALENDAR, decided)), json!(decision.due_on));
            object(json!({ "publish_due": decision.due_on }))
        }
        "V23" => {
            assert_eq!((input.text("ground").as_str(), input.get("extension_years")), ("Art1(2)-(6)", json!(0)));
            let listed = input.date("listed");
            let mut facts = Facts::new("court_list", Regulator::Court, listed, listed);
            facts.ground = Some("违反财产报告制度");
            let decision = judge(pack, &facts);
            let mut result = shown(&decision, out);
            result.insert("delete_due".to_owned(), clock("spc-term-delete", decision.through_on.unwrap()));
            facts.ground = Some("有履行能力而拒不履行生效法律文书确定义务");
            let first = judge(pack, &facts);
            assert_eq!(first.row_code(), Some("ground1"));
            result.insert("ground1_term".to_owned(), json!(first.through_on));
            result
        }
        "V24" => {
            assert_eq!(pack, "samr-abnormal-2025+samr-107-2025");
            assert!(!input.flag("filed"));
            let applied = input.date("reported_published_and_applied");
            let newer = row("samr-107-2025", "abnormal");
            let older = row("samr-abnormal-2025", "abnormal");
            object(json!({
                "list_due": clock("samr-abnormal-list", input.date("annual_report_deadline")),
                "accept_due": working(applied, newer.accept_working_days),
                "removal_due": working(input.date("accepted"), newer.decide_working_days),
                "outer_limit": working(applied, older.decide_working_days),
            }))
        }
        "V25" => {
            let days = u32::try_from(input.get("working_days").as_u64().unwrap()).unwrap();
            let start = input.date("start");
            let BeyondCalendar { year } = CALENDAR.workday(start, days).unwrap_err();
            assert!(CALENDAR.due(start, days).provisional);
            object(json!({ "error": format!("calendar_{year}_not_loaded") }))
        }
        "V26" => {
            let listed = input.date("listed");
            let facts = Facts::new("list", Regulator::Market, listed, listed);
            let decision = judge(pack, &facts);
            let (applied, line) = (input.date("apply_on"), decision.row.unwrap());
            let mut result = shown(&decision, out);
            result.insert("accept_due".to_owned(), working(applied, line.accept_working_days));
            result.insert("decide_due".to_owned(), working(input.date("accepted"), line.decide_working_days));
            result.insert("stop_due".to_owned(), working(input.date("decided"), line.sync_working_days));
            result
        }
        "V27" => {
            let class = input.text("class");
            let mut facts = market(&["罚款"], input.date("published"));
            facts.class_stated = Some(&class);
            let decision = judge(pack, &facts);
            let (accepted, line) = (input.date("accepted"), decision.row.unwrap());
            let decide_days = line.decide_working_days.unwrap();
            let mut result = shown(&decision, out);
            result.insert("accept_due".to_owned(), working(input.date("apply_on"), line.accept_working_days));
            result.insert("decide_due".to_owned(), working(accepted, Some(decide_days)));
            let extended = decide_days + line.decide_extension_working_days.unwrap();
            result.insert("decide_due_extended".to_owned(), working(accepted, Some(extended)));
            result.insert("act_due".to_owned(), working(input.date("decided"), line.sync_working_days));
            result
        }
        "V28" => object(json!({
            "request_due": clock("penalty-law-hearing-request", input.date("hearing_notice")),
            "notify_parties_by": clock("penalty-law-hearing-notice", input.date("hearing_on")),
        })),
        "V29" => {
            let (accepted, line) = (input.date("accepted"), row(pack, "general"));
            let days = line.decide_working_days.unwrap();
            object(json!({
                "accept_due": working(input.date("pushed"), line.accept_working_days),
                "decide_due": working(accepted, Some(days)),
                "decide_due_extended": working(accepted, Some(days + line.decide_extension_working_days.unwrap())),
                "site_feedback_due": clock("ndrc-36-site-answer", input.date("site_received")),
            }))
        }
        "V30" => object(json!({
            "push_due": clock("ndrc-36-objection-push", input.date("site_received_objection")),
            "check_due": clock("ndrc-36-objection-check", input.date("accepted")),
        })),
        "V31" => {
            let class = input.text("class");
            let decision = judge(pack, &penalty(&class, input.date("start")));
            let found = input.date("false_papers_found");
            let sanction = sanction(&RULES, pack, found).unwrap();
            // Blocked beyond its last public day: the original record has no first day of application any more.
            let on = decision.repair_from_on.unwrap().max(found.tomorrow().unwrap());
            let again =
                Application { on, rectified: true, commitment: true, barred_through: Some(sanction.barred_through) };
            let Eligibility::Reject { earliest, .. } = repair_eligibility(&decision, &again) else {
                panic!("admitted although blocked")
            };
            object(json!({
                "sanction_last_public": sanction.through_on,
                "sanction_repairable": sanction.repairable,
                "apply_blocked_until": sanction.barred_through,
                "apply_from": earliest,
                "last_public": decision.through_on,
            }))
        }
        "V33" => {
            let (kind, published) = (input.text("kind"), input.date("published"));
            let kinds = [kind.as_str()];
            let mut facts = market(&kinds, published);
            facts.term_ends_on = Some(input.date("term_end"));
            let mut result = shown(&judge(pack, &facts), out);
            facts.regulator = Regulator::Other;
            let other = judge("ndrc-36-2025", &facts);
            result.insert("same_case_ndrc_36".to_owned(), json!(shown(&other, &out["same_case_ndrc_36"])));
            result
        }
        "V34" | "V35" => {
            let list = input.get("kinds");
            let kinds: Vec<&str> = list.as_array().unwrap().iter().map(|k| k.as_str().unwrap()).collect();
            let start = input.date("start");
            assert!(input.get("class").is_null() && !input.flag("sector_standard"));
            let mut facts = Facts::new("penalty", Regulator::Other, start, start);
            facts.penalty_kinds = &kinds;
            if input.has("fine_yuan") {
                facts.fine_cents = input.get("fine_yuan").as_u64().map(|yuan| yuan * 100);
            }
            shown(&judge(pack, &facts), out)
        }
        "V36" | "V37" | "V38" => {
            let list = input.get("kinds");
            let kinds: Vec<&str> = list.as_array().unwrap().iter().map(|k| k.as_str().unwrap()).collect();
            let mut facts = market(&kinds, input.date("published"));
            if input.has("sector") {
                facts.sector_flag = input.text("sector") == "食品";
            }
            if input.has("fine_yuan") {
                facts.fine_cents = input.get("fine_yuan").as_u64().map(|yuan| yuan * 100);
            }
            let tier = if input.has("tier") { Some(input.text("tier")) } else { None };
            facts.discretion_tier = tier.as_deref();
            let decision = judge(pack, &facts);
            let mut result = shown(&decision, out);
            if id == "V36" {
                facts.fine_cents = Some(5_000_100);
                let more = judge(pack, &facts);
                facts.sector_flag = false;
                let outside = judge(pack, &facts);
                result.insert("same_with_50001".to_owned(), json!(shown(&more, &out["same_with_50001"])));
                let key = "same_with_50001_outside_six_sectors";
                result.insert(key.to_owned(), json!(shown(&outside, &out[key])));
            }
            if input.has("apply_on") {
                result.extend(application(&decision, input.date("apply_on"), true, true));
            }
            result
        }
        "V39" => {
            assert_eq!(input.text("list"), "严重违法失信名单");
            let (listed, published) = (input.date("listed"), input.date("published"));
            let applied = input.date("apply_on");
            let mut facts = Facts::new("list", Regulator::Market, listed, published);
            let old = judge("samr-44-2021", &facts);
            facts.as_of = Some(applied);
            let decision = judge(pack, &facts);
            assert!(decision.transition.is_some());
            let line = decision.row.unwrap();
            let mut result = shown(&decision, out);
            result.insert("accept_due".to_owned(), working(applied, line.accept_working_days));
            result.insert("decide_due".to_owned(), working(input.date("accepted"), line.decide_working_days));
            result.insert("stop_due".to_owned(), working(input.date("decided"), line.sync_working_days));
            result.insert("by_order_44".to_owned(), json!(shown(&old, &out["by_order_44"])));
            result
        }
        "V40" => {
            let published = input.date("published");
            let mut facts = Facts::new("list", Regulator::Tax, published, published);
            facts.duties_done_on = Some(input.date("paid"));
            let decision = judge(pack, &facts);
            let line = decision.row.unwrap();
            let mut result = shown(&decision, out);
            result.insert("accept_due".to_owned(), working(input.date("apply_on"), line.accept_working_days));
            result.insert("decide_due".to_owned(), working(input.date("accepted"), line.decide_working_days));
            result.insert("stop_due".to_owned(), working(input.date("decided"), line.sync_working_days));
            result
        }
        "V41" => {
            let start = input.date("start");
            let of = |kind: &str, class: &str| {
                let kinds = [kind];
                let mut facts = Facts::new("penalty", Regulator::Customs, start, start);
                facts.penalty_kinds = &kinds;
                let decision = judge(pack, &facts);
                assert_eq!(decision.class_code(), Some(class));
                shown(&decision, &out[class])
            };
            let accept = working("2026-08-10".parse().unwrap(), row(pack, "general").accept_working_days);
            object(json!({
                "minor": of("警告", "minor"),
                "general": of("罚款", "general"),
                "serious": of("吊销许可证件", "serious"),
                "accept_due_if_applied_2026-08-10": accept,
            }))
        }
        "V42" => {
            assert_eq!(input.text("list"), "经营异常名录");
            let (accepted, line) = (input.date("accepted"), row(pack, "abnormal"));
            let days = line.decide_working_days.unwrap();
            object(json!({
                "removal_due": working(accepted, Some(days)),
                "removal_due_unreachable": working(input.date("unreachable_case_verified"), Some(days)),
                "removal_due_extended": working(accepted, Some(days + line.decide_extension_working_days.unwrap())),
            }))
        }
        "V44" => {
            let day = input.date("bankruptcy_plan_approved_and_applied");
            let must = RULES.clock("ndrc-36-bankruptcy-shield").unwrap();
            assert_eq!(must.pack, pack);
            object(json!({
                "shield_due": exact(must.due(&CALENDAR, day)),
                "samr_107_shield_due": clock("samr-107-bankruptcy-shield", day),
                "plan_failed": must.plan_failed,
                "plan_completed": must.plan_completed,
            }))
        }
        _ => panic!("{id} has no way through the functions"),
    }
}

#[test]
fn every_vector_comes_out_as_the_law_says() {
    let text = include_str!("../vectors/periods.jsonl");
    let mut seen = BTreeSet::new();
    for line in text.lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let id = vector["id"].as_str().unwrap();
        let keys: Vec<_> = vector.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            BTreeSet::from_iter(keys),
            BTreeSet::from(["id", "pack", "in", "out", "article", "cert", "note"]),
            "{id}"
        );
        let mut input = Input { fields: object(vector["in"].clone()), used: BTreeSet::new() };
        let computed = compute(id, vector["pack"].as_str().unwrap(), &mut input, &vector["out"]);
        assert_eq!(Value::Object(computed), vector["out"], "{id}");
        let given: BTreeSet<String> = input.fields.keys().cloned().collect();
        assert_eq!(input.used, given, "{id} has an input that was not used");
        assert!(seen.insert(id.to_owned()), "{id} stands twice");
    }
    assert_eq!(seen.len(), 44);
}
