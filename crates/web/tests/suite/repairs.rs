//! A repair over HTTP: the organisation applies for itself alone, window and authority keep to their own steps, the public sees neither
//! the case nor, from the grant on, the record.

use crate::openapi::{compare, document};
use crate::people::{People, ask};
use crate::register::{AUTHORITY, KNOWN, PENALTIES};
use crate::workbench::browser;
use axum::http::{Method, StatusCode};
use credence_domain::access::Role;
use serde_json::{Value, json};

async fn public(people: &People) -> Vec<(String, String)> {
    let address = format!("/api/v1/organisations/{KNOWN}/records?limit=100");
    let (_, found) = ask(people, Role::Public, Method::GET, &address, Value::Null).await;
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    found["items"].as_array().unwrap().iter().map(|one| (text(one, "document_number"), text(one, "id"))).collect()
}

#[test]
fn a_repair_goes_its_way_through_the_roles_and_none_takes_anothers_step() {
    let people = People::new();
    // Decided in January: the minimum of the order of that day has passed.
    let older = PENALTIES.replace("〔2026〕", "〔2023〕").replace("2026-04-1", "2026-01-1");
    people.register.send(AUTHORITY, &older);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let document = document();
        let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let of = |records: &[(String, String)], number: &str| {
            records.iter().find(|(one, _)| one == number).map(|(_, id)| id.clone())
        };
        let records = public(&people).await;
        let (record, young) = (of(&records, "示罚〔2023〕1号").unwrap(), of(&records, "示罚〔2026〕1号").unwrap());
        let get = |address: String| ask(&people, Role::Public, Method::GET, Box::leak(address.into_boxed_str()), Value::Null);
        let (status, early) = get(format!("/api/v1/repair-notices/{young}")).await;
        assert_eq!((status, &early["code"], &early["earliest_on"]), (StatusCode::OK, &json!("repair_too_early"), &json!("2026-07-11")));
        compare(&document, &schema("RepairNotice"), &early, "notice");
        let (_, notice) = get(format!("/api/v1/repair-notices/{record}")).await;
        assert_eq!(notice["eligible"], json!(true), "{notice}");
        let clauses: Vec<&Value> = notice["clauses"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
        let asked = json!({"record": record, "rectified": "罚款已缴清（示例）", "signed_on": "2026-05-13", "clauses": clauses,
                           "papers": [{"kind": "proof", "number": "缴款书1号"}]});
        let base = "/api/v1/repairs";
        let apply = |role, body| ask(&people, role, Method::POST, base, body);
        let (status, problem) = apply(Role::Clerk, asked.clone()).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("forbidden")), "staff enter what came on paper");
        assert_eq!(apply(Role::Auditor, asked.clone()).await.0, StatusCode::FORBIDDEN);
        assert_eq!(apply(Role::Public, asked.clone()).await.0, StatusCode::UNAUTHORIZED);
        let mut short = asked.clone();
        short["clauses"] = json!(["truth"]);
        let (status, problem) = apply(Role::Organisation, short).await;
        assert_eq!((status, &problem["code"], &problem["field"]), (StatusCode::BAD_REQUEST, &json!("repair_letter_clause_missing"), &json!("letter")));
        let mut soon = asked.clone();
        soon["record"] = json!(young);
        let (status, problem) = apply(Role::Organisation, soon).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("repair_too_early")));
        assert!(problem["detail"].as_str().unwrap().contains("2026-07-11"), "{problem}");
        let (status, repair) = apply(Role::Organisation, asked.clone()).await;
        assert_eq!((status, &repair["state"]), (StatusCode::CREATED, &json!("applied")), "{repair}");
        compare(&document, &schema("Repair"), &repair, "repair");
        assert_eq!(apply(Role::Organisation, asked).await.1["code"], json!("repair_running"));
        let address = format!("{base}/{}", repair["number"].as_str().unwrap());
        let steps = format!("{address}/steps");
        let step = |role, body| ask(&people, role, Method::POST, &steps, body);
        let push = json!({"act": "push", "opinion": "材料齐全"});
        assert_eq!(step(Role::Clerk, push.clone()).await.0, StatusCode::FORBIDDEN, "a clerk is no window");
        assert_eq!(step(Role::Organisation, push.clone()).await.0, StatusCode::FORBIDDEN);
        assert_eq!(step(Role::Office, push).await.0, StatusCode::OK);
        let back = json!({"act": "withdraw", "reason": "代为撤回"});
        assert_eq!(step(Role::Clerk, back).await.0, StatusCode::FORBIDDEN, "no unit takes back what an account applied for");
        let grant = json!({"act": "grant", "findings": "已核实", "conditions": ["minimum", "performed", "rectified", "promise", "papers", "not_barred"]});
        assert_eq!(step(Role::Approver, grant.clone()).await.1["code"], json!("repair_state_wrong"));
        let (status, accepted) = step(Role::Clerk, json!({"act": "accept"})).await;
        assert_eq!((status, &accepted["state"]), (StatusCode::OK, &json!("accepted")), "{accepted}");
        assert_eq!(step(Role::Clerk, grant.clone()).await.0, StatusCode::FORBIDDEN, "a clerk decides nothing");
        let asked: Vec<&Value> = accepted["conditions_asked"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
        assert_eq!(json!(asked), grant["conditions"]);
        let (status, problem) = step(Role::Approver, json!({"act": "grant", "findings": "已核实", "conditions": ["performed"]})).await;
        assert_eq!((status, &problem["code"], &problem["field"]), (StatusCode::BAD_REQUEST, &json!("repair_condition_missing"), &json!("conditions")), "{problem}");
        assert_eq!(step(Role::Organisation, grant.clone()).await.0, StatusCode::FORBIDDEN);
        let (_, page) = ask(&people, Role::Organisation, Method::GET, &format!("{base}?state=accepted"), Value::Null).await;
        compare(&document, &schema("RepairPage"), &page, "repairs");
        let (_, seen) = ask(&people, Role::Organisation, Method::GET, &address, Value::Null).await;
        assert!(!seen.to_string().contains("demo-clerk"), "the organisation sees the unit and no staff: {seen}");
        // A minute after noon, that is at 04:01:00Z.
        people.register.go_on(60);
        let (status, granted) = step(Role::Approver, grant).await;
        assert_eq!((status, &granted["state"]), (StatusCode::OK, &json!("granted")), "{granted}");
        compare(&document, &schema("Repair"), &granted, "repair");
        let delivery = json!({"mode": "direct", "on": "2026-05-12", "proof": "回证1号"});
        let early = step(Role::Clerk, json!({"act": "serve", "delivery": delivery})).await;
        assert_eq!((early.0, &early.1["code"]), (StatusCode::BAD_REQUEST, &json!("day_too_early")), "{}", early.1);
        let serve = json!({"act": "serve", "letter": granted["letters"][0]["letter"], "delivery": {"mode": "direct", "on": "2026-05-13", "proof": "回证1号"}});
        assert_eq!(step(Role::Organisation, serve.clone()).await.0, StatusCode::FORBIDDEN);
        let (status, served) = step(Role::Clerk, serve).await;
        assert_eq!((status, &served["decisions"][0]["service"]["proof"]), (StatusCode::OK, &json!("回证1号")), "{served}");
        compare(&document, &schema("Repair"), &served, "repair");
        assert!(of(&public(&people).await, "示罚〔2023〕1号").is_none(), "the record is gone");
        assert_eq!(get(format!("/api/v1/repair-notices/{record}")).await.0, StatusCode::NOT_FOUND);
        people.register.go_on(60);
        let known = |role, at: &str, purpose: &str| {
            let address = format!("/api/v1/organisations/{KNOWN}/file?purpose={purpose}&known_at={at}");
            ask(&people, role, Method::GET, Box::leak(address.into_boxed_str()), Value::Null)
        };
        let stood = |file: &Value| {
            let records = file["records"].as_array().unwrap().iter();
            let found = records.clone().find(|one| one["id"] == json!(record)).map(|one| (one["state"].clone(), one["public"].clone()));
            let commitments = records.filter(|one| one["item"] == "commitment").count();
            (found, commitments, file["repairs"][0]["state"].clone())
        };
        // One act: a second before it nothing of it was known, a second after it everything.
        let (status, before) = known(Role::Auditor, "2026-05-13T04:00:59Z", "audit").await;
        assert_eq!(status, StatusCode::OK, "{before}");
        compare(&document, &schema("KnownFile"), &before, "known file");
        assert_eq!(stood(&before), (Some((json!("accepted"), json!(true))), 0, json!("accepted")), "{before}");
        let (_, after) = known(Role::Auditor, "2026-05-13T04:01:01Z", "audit").await;
        assert_eq!(stood(&after), (Some((json!("repaired"), json!(false))), 1, json!("granted")), "{after}");
        assert!(before["points"].is_null() || before["points"] != after["points"], "{before} {after}");
        assert_eq!(known(Role::Organisation, "2026-05-13T04:00:59Z", "self").await.0, StatusCode::OK);
        assert_eq!(known(Role::Clerk, "2026-05-13T04:00:59Z", "supervision").await.0, StatusCode::FORBIDDEN);
        // By the page too, whose clock is that of this country; who sees nothing of what has ended is not asked for an instant.
        let auditor = browser(&people, Role::Auditor);
        assert!(auditor.get("/workbench/file").await.text.contains("name=\"known_at\""));
        assert!(!browser(&people, Role::Clerk).get("/workbench/file").await.text.contains("name=\"known_at\""));
        let page = |at: &'static str| {
            let form = [("uscc", KNOWN), ("purpose", "audit"), ("case", ""), ("known_at", at)];
            let auditor = &auditor;
            async move { auditor.form("/workbench/file", &form).await }
        };
        let row = |text: &str| {
            let start = text.find(&format!("<th scope=\"row\" class=\"code\">{record}")).unwrap_or_else(|| panic!("{text}"));
            text[start..].split("</tr>").next().unwrap_or_default().to_owned()
        };
        let before = row(&page("2026-05-13T12:00:59").await.text);
        assert!(before.contains("已接受") && before.contains(">公示<"), "{before}");
        let after = row(&page("2026-05-13T12:01:01").await.text);
        assert!(after.contains("已修复") && after.contains("不公示"), "{after}");
        let wrong = page("2026-05-14T12:01:01").await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
        assert!(wrong.text.contains("时刻不得晚于现在"), "{}", wrong.text);
        let list = browser(&people, Role::Approver).get("/workbench/repairs").await;
        assert!(list.text.contains("云海岳泰机械制造有限公司"), "a case names its organisation: {}", list.text);
        assert_eq!(known(Role::Auditor, "2026-05-14T04:00:59Z", "audit").await.0, StatusCode::BAD_REQUEST, "the future is not known");
        assert_eq!(known(Role::Auditor, "yesterday", "audit").await.0, StatusCode::BAD_REQUEST);
        assert_eq!(known(Role::Auditor, "2026-05-13T04:00:59Z", "").await.1["code"], json!("purpose_required"));
        assert_eq!(ask(&people, Role::Public, Method::GET, &address, Value::Null).await.0, StatusCode::UNAUTHORIZED);
        let (status, progress) = get(format!("{address}/progress")).await;
        assert_eq!((status, &progress["state"]), (StatusCode::OK, &json!("granted")));
        compare(&document, &schema("RepairProgress"), &progress, "progress");
        assert!(!progress.to_string().contains(KNOWN), "{progress}");
        assert_eq!(get(format!("{base}/20260513-nobody/progress")).await.0, StatusCode::NOT_FOUND);
        let (_, looks) = ask(&people, Role::Auditor, Method::GET, &format!("/api/v1/organisations/{KNOWN}/access"), Value::Null).await;
        let before = looks["items"].as_array().unwrap().len();
        assert_eq!(ask(&people, Role::Auditor, Method::GET, &address, Value::Null).await.0, StatusCode::OK);
        let (_, looks) = ask(&people, Role::Auditor, Method::GET, &format!("/api/v1/organisations/{KNOWN}/access"), Value::Null).await;
        assert_eq!(looks["items"].as_array().unwrap().len(), before, "whoever works in the unit looks at its own case");
    });
}

#[test]
fn a_revocation_is_told_to_the_organisation_which_states_its_case_before_another_decides() {
    let people = People::new();
    people.register.send(AUTHORITY, &PENALTIES.replace("〔2026〕", "〔2023〕").replace("2026-04-1", "2026-01-1"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let records = public(&people).await;
        let record = records.iter().find(|(one, _)| one == "示罚〔2023〕1号").map(|(_, id)| id.clone()).unwrap();
        let asked = json!({"record": record, "rectified": "罚款已缴清（示例）", "signed_on": "2026-05-13",
                           "clauses": ["performed", "truth", "lawful", "supervision", "punishment"],
                           "papers": [{"kind": "proof", "number": "缴款书1号"}]});
        let (_, repair) = ask(&people, Role::Organisation, Method::POST, "/api/v1/repairs", asked).await;
        let number = repair["number"].as_str().unwrap().to_owned();
        let steps = format!("/api/v1/repairs/{number}/steps");
        let step = |role, body| ask(&people, role, Method::POST, &steps, body);
        step(Role::Office, json!({"act": "push", "opinion": "材料齐全"})).await;
        step(Role::Clerk, json!({"act": "accept"})).await;
        let (_, granted) = step(Role::Approver, json!({"act": "grant", "findings": "已核实", "conditions": ["minimum", "performed", "rectified", "promise", "papers", "not_barred"]})).await;
        assert_eq!((&granted["state"], &granted["revocation"]), (&json!("granted"), &Value::Null), "{granted}");
        let propose = json!({"act": "propose_revocation", "fault": "false_papers", "facts": "缴款书系伪造（示例）"});
        assert_eq!(step(Role::Organisation, propose.clone()).await.0, StatusCode::FORBIDDEN);
        let (status, problem) = step(Role::Reviewer, json!({"act": "revoke", "reason": "属实"})).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("repair_revocation_missing")));
        let (status, proposed) = step(Role::Clerk, propose).await;
        assert_eq!(
            (status, &proposed["state"], &proposed["revoking"]),
            (StatusCode::OK, &json!("granted"), &json!(true))
        );
        let said = json!({"act": "state", "text": "凭证由代办人提供（示例）"});
        let (status, problem) = step(Role::Organisation, said.clone()).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("notice_not_served")));
        let delivery = json!({"mode": "direct", "on": "2026-05-13", "proof": "送达回证"});
        let (status, told) = step(Role::Clerk, json!({"act": "serve_revocation", "delivery": delivery})).await;
        assert_eq!((status, &told["revocation"]["statement_due_on"]), (StatusCode::OK, &json!("2026-05-20")), "{told}");
        compare(&document(), &json!({ "$ref": "#/components/schemas/Repair" }), &told, "repair");
        // The representative reads the notice and its last day, and states his case by the form.
        let own = browser(&people, Role::Organisation).get("/workbench/own").await;
        assert!(own.text.contains("撤销信用修复事先告知书") && own.text.contains("陈述、申辩"), "{}", own.text);
        let place: &'static str = Box::leak(format!("/workbench/repairs/{number}").into_boxed_str());
        let page = browser(&people, Role::Organisation).get(place).await;
        assert!(page.text.contains("拟撤销") && page.text.contains("aria-label=\"陈述、申辩\""), "{}", page.text);
        assert!(
            !page.text.contains("demo-clerk") && !page.text.contains("aria-label=\"决定是否撤销\""),
            "{}",
            page.text
        );
        let (status, stated) = step(Role::Organisation, said).await;
        assert_eq!((status, &stated["revocation"]["statements"][0]["on"]), (StatusCode::OK, &json!("2026-05-13")));
        let (status, problem) = step(Role::Reviewer, json!({"act": "revoke", "reason": "属实"})).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("answer_period_running")));
        let queue = browser(&people, Role::Reviewer).get("/workbench/queue?whose=unit").await;
        assert!(queue.text.contains("陈述、申辩期满后决定是否撤销"), "{}", queue.text);
        let drop = json!({"act": "drop_revocation", "reason": "凭证属实"});
        assert_eq!(step(Role::Clerk, drop.clone()).await.0, StatusCode::FORBIDDEN, "a clerk decides nothing");
        let (status, dropped) = step(Role::Reviewer, drop).await;
        assert_eq!(
            (status, &dropped["revoking"], &dropped["state"]),
            (StatusCode::OK, &json!(false), &json!("granted"))
        );
        let page = browser(&people, Role::Reviewer).get(place).await;
        assert!(page.text.contains("aria-label=\"提出撤销\""), "another may be proposed: {}", page.text);
        // Another is proposed; the organisation gives up its days by the form, and is decided on at once.
        let again = json!({"act": "propose_revocation", "fault": "broken_promise", "facts": "再次超标排放（示例）"});
        assert_eq!(step(Role::Clerk, again).await.0, StatusCode::OK);
        let delivery = json!({"mode": "direct", "on": "2026-05-13", "proof": "送达回证"});
        step(Role::Clerk, json!({"act": "serve_revocation", "delivery": delivery})).await;
        let declared = json!([{"kind": "other", "number": "放弃声明", "digest": "ab".repeat(32)}]);
        let on_paper = json!({"act": "waive", "on": "2026-05-13", "reference": "声明1号", "papers": declared});
        let (status, problem) = step(Role::Clerk, on_paper).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("waiver_by_proposer")), "{problem}");
        let party = browser(&people, Role::Organisation);
        assert!(party.get(place).await.text.contains("aria-label=\"明确放弃陈述、申辩\""));
        let sent = party.form(place, &[("act", "waive")]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let page = party.get(place).await;
        assert!(page.text.contains("明确放弃陈述、申辩</dt><dd>2026-05-13") && !page.text.contains("value=\"waive\""));
        let (status, revoked) = step(Role::Reviewer, json!({"act": "revoke", "reason": "属实（示例）"})).await;
        assert_eq!((status, &revoked["state"]), (StatusCode::OK, &json!("revoked")), "{revoked}");
        assert_eq!(revoked["revocation"]["waived_on"], json!("2026-05-13"));
        compare(&document(), &json!({ "$ref": "#/components/schemas/Repair" }), &revoked, "repair");
    });
}

#[test]
fn the_notices_of_a_batch_are_printed_by_the_unit_that_sent_it() {
    let people = People::new();
    let batch = people.register.send(AUTHORITY, &PENALTIES.replace("〔2026〕", "〔2022〕"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let at =
            |room: &str| Box::leak(format!("{room}/batches/{batch}/repair-notices").into_boxed_str()) as &'static str;
        let (status, found) = ask(&people, Role::Clerk, Method::GET, at("/api/v1"), Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{found}");
        compare(&document(), &json!({ "$ref": "#/components/schemas/BatchNoticePage" }), &found, "notices");
        let told = found["items"].as_array().unwrap();
        assert_eq!((told.len(), &found["next"]), (2, &Value::Null));
        assert!(told.iter().all(|one| one["notice"]["earliest_on"].is_string()), "{found}");
        let (status, seen) = ask(&people, Role::Office, Method::GET, at("/api/v1"), Value::Null).await;
        assert_eq!((status, &seen["items"]), (StatusCode::OK, &found["items"]), "all of it is public");
        assert_eq!(
            ask(&people, Role::Public, Method::GET, at("/api/v1"), Value::Null).await.0,
            StatusCode::UNAUTHORIZED
        );
        assert_eq!(
            ask(&people, Role::Organisation, Method::GET, at("/api/v1"), Value::Null).await.0,
            StatusCode::FORBIDDEN
        );
        let page = browser(&people, Role::Clerk).get(at("/workbench")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert_eq!(page.text.matches("class=\"sheet\"").count(), 2);
        assert!(page.text.contains("最早可申请修复") && page.text.contains("示罚〔2022〕1号"), "{}", page.text);
        let of = Box::leak(format!("/workbench/batches/{batch}").into_boxed_str()) as &'static str;
        let batch = browser(&people, Role::Clerk).get(of).await;
        assert!(batch.text.contains(at("/workbench")), "the batch leads to its notices");
    });
}
