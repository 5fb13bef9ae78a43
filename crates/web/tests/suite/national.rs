//! The national side over HTTP: who oversees it sees how it stands, nobody else; what is refused or differs is settled by those whose
//! work it is.

use crate::openapi::{compare, document};
use crate::people::{People, ask};
use crate::register::{KNOWN, UNREGISTERED};
use axum::http::{Method, StatusCode};
use credence_app::desk::Desk;
use credence_app::national::Handover;
use credence_domain::access::Role;
use credence_testkit::national::{Line, StandIn};
use serde_json::{Value, json};
use std::sync::Arc;

#[test]
fn the_hand_over_is_seen_and_settled_by_those_whose_work_it_is() {
    let people = People::new();
    let root = tempfile::tempdir().unwrap();
    let service = people.register.service();
    let desk = Arc::new(Desk::open(&service).unwrap());
    let handover = Handover::open(Arc::clone(&service), Arc::clone(&desk), root.path()).unwrap();
    handover.look().unwrap();
    let adapter = service.rulebook().platforms["credit_china"].version_on(service.today()).unwrap();
    let mut platform = StandIn::new(&root.path().join("credit_china"), adapter);
    let penalty_of = |uscc: &str| {
        let file = service.organisation(&service.public_view(), uscc).unwrap();
        file.records.into_iter().find(|one| one.item == "penalty").unwrap().id
    };
    platform.refuses.insert(penalty_of(UNREGISTERED), "FIELD");
    platform.carry(|_| Line::Good);
    platform.work(usize::MAX);
    platform.write("copy-1.csv", &format!("数据标识,公示状态,公示截止日期\n{},已修复,\n", penalty_of(KNOWN)));
    handover.look().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let document = document();
        let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let one = "/api/v1/national/credit_china";
        let (status, found) = ask(&people, Role::Auditor, Method::GET, "/api/v1/national", Value::Null).await;
        assert_eq!(status, StatusCode::OK);
        compare(&document, &schema("PlatformPage"), &found, "platforms");
        let (_, china) = ask(&people, Role::Office, Method::GET, one, Value::Null).await;
        compare(&document, &schema("Platform"), &china, "platform");
        assert!(china["unverified"] == json!(true) && china["behind"] == json!(0), "{china}");
        let (refused, differing) = (china["refused"].as_array().unwrap(), china["differences"].as_array().unwrap());
        assert!(!refused.is_empty() && !differing.is_empty(), "{china}");
        let page = ask(&people, Role::Reviewer, Method::GET, "/workbench/national", Value::Null).await.1;
        let page = page.as_str().unwrap();
        assert!(page.contains("字段不符合填报要求") && page.contains("格式待核") && page.contains("以本平台为准"));
        let seen = ask(&people, Role::Auditor, Method::GET, "/workbench/national", Value::Null).await.1;
        assert!(!seen.as_str().unwrap().contains("以本平台为准"), "an auditor settles nothing");
        let (status, _) = ask(&people, Role::Office, Method::GET, "/api/v1/national/nowhere", Value::Null).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let again = format!("{one}/again");
        let body = json!({ "record": refused[0]["record"] });
        let post = |role, body: &Value| ask(&people, role, Method::POST, &again, body.clone());
        assert_eq!(post(Role::Auditor, &body).await.0, StatusCode::FORBIDDEN);
        assert_eq!(post(Role::Reviewer, &body).await.0, StatusCode::NO_CONTENT);
        let (status, problem) = post(Role::Reviewer, &body).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("not_refused")));
        let settle = format!("{one}/differences");
        let hidden = differing.iter().find(|one| one["kind"] == "ended_there").unwrap();
        let of = |keep: &str, reason: &str| json!({ "record": hidden["record"], "keep": keep, "reason": reason });
        let records = format!("/api/v1/organisations/{}/records?limit=100", hidden["uscc"].as_str().unwrap());
        let public = |found: &Value| found["items"].as_array().unwrap().iter().any(|one| one["id"] == hidden["record"]);
        assert!(!public(&ask(&people, Role::Public, Method::GET, &records, Value::Null).await.1));
        let (status, problem) = ask(&people, Role::Office, Method::POST, &settle, of("ours", "")).await;
        assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("reason_missing")));
        let (status, _) = ask(&people, Role::Office, Method::POST, &settle, of("ours", "对方误撤（函1号）")).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
        assert!(public(&ask(&people, Role::Public, Method::GET, &records, Value::Null).await.1));
        let (status, _) = ask(&people, Role::Office, Method::POST, &settle, of("ours", "再次")).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    });
}
