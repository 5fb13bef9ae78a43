//! Responsible persons over HTTP: entered and proposed by the unit, decided by another, seen by the organisation without the unit's
//! staff, by nobody in public.

use crate::openapi::{compare, document};
use crate::people::People;
use crate::people::ask;
use crate::register::{AUTHORITY, KNOWN};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use credence_domain::access::Role;
use serde_json::{Value, json};

const NAME: &str = "欧阳示例";
const BASE: &str = "/api/v1/officers";

/// The principal of a listed organisation answers for it.
pub async fn its_principal_answers(people: &People, listing: &str, today: &Value) {
    let document = document();
    let whole = json!({ "$ref": "#/components/schemas/Officer" });
    let office = json!({"uscc": KNOWN, "unit": AUTHORITY, "role": "principal", "name": NAME, "from_on": "2020-01-01",
        "evidence": "任免文件"});
    let terms = format!("{BASE}/terms");
    for role in [Role::Organisation, Role::ListDecider, Role::Office, Role::Inspector, Role::Auditor] {
        let (status, _) = ask(people, role, Method::POST, &terms, office.clone()).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{role}");
    }
    let (status, term) = ask(people, Role::Clerk, Method::POST, &terms, office.clone()).await;
    assert_eq!((status, &term["state"]), (StatusCode::CREATED, &json!("in_office")), "{term}");
    compare(&document, &whole, &term, "term");
    let late = json!({"from_on": "2026-04-11"});
    let mut after = office.clone();
    after["from_on"] = late["from_on"].clone();
    let (_, after) = ask(people, Role::Clerk, Method::POST, &terms, after).await;
    let asked = |term: &Value, ground: &str| {
        json!({"listing": listing, "term": term["number"], "unit": AUTHORITY, "conduct_from_on": "2026-01-01",
            "conduct_through_on": "2026-03-01", "facts": "拒不整改", "ground": ground})
    };
    let propose = |body| ask(people, Role::Clerk, Method::POST, BASE, body);
    let (status, problem) = propose(asked(&after, "safety_principal_bar")).await;
    assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("officer_appointed_after")));
    assert!(problem["detail"].as_str().unwrap().contains("十四"), "its basis: {problem}");
    let (status, problem) = propose(asked(&term, "popular_anger")).await;
    assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("liability_missing")));
    let (status, case) = propose(asked(&term, "safety_principal_bar")).await;
    assert_eq!((status, &case["state"]), (StatusCode::CREATED, &json!("proposed")), "{case}");
    let address = format!("{BASE}/{}", case["number"].as_str().unwrap());
    let steps = format!("{address}/steps");
    let step = |role, body| ask(people, role, Method::POST, &steps, body);
    let decide = json!({"act": "decide", "reason": "其未履行职责"});
    assert_eq!(step(Role::Clerk, decide.clone()).await.0, StatusCode::FORBIDDEN, "a clerk decides nothing");
    let (status, problem) = step(Role::ListDecider, decide.clone()).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("notice_not_served")));
    let delivery = json!({"mode": "direct", "on": today, "proof": "送达回证"});
    assert_eq!(step(Role::Organisation, json!({"act": "serve", "delivery": delivery})).await.0, StatusCode::FORBIDDEN);
    assert_eq!(step(Role::Clerk, json!({"act": "serve", "delivery": delivery})).await.0, StatusCode::OK);
    let (status, problem) = step(Role::ListDecider, decide.clone()).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("answer_period_running")));
    let bare = json!({"act": "waive", "on": today, "proof": "声明"});
    let (status, problem) = step(Role::ListDecider, bare.clone()).await;
    assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("waiver_paper_missing")), "{problem}");
    let mut waive = bare;
    waive["paper"] = json!({"name": "放弃声明", "digest": "ab".repeat(32)});
    let (status, problem) = step(Role::Clerk, waive.clone()).await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("waiver_by_proposer")), "{problem}");
    assert_eq!(step(Role::ListDecider, waive).await.0, StatusCode::OK);
    let (status, case) = step(Role::ListDecider, decide).await;
    assert_eq!((status, &case["state"]), (StatusCode::OK, &json!("decided")), "{case}");
    let (status, duty) = ask(
        people,
        Role::Clerk,
        Method::POST,
        &format!("{BASE}/duties"),
        json!({"listing": listing, "unit": AUTHORITY, "because": "official"}),
    )
    .await;
    assert_eq!((status, duty["duty"]["notices"].as_array().unwrap().len()), (StatusCode::CREATED, 3), "{duty}");
    compare(&document, &whole, &duty, "duty");
    for role in [Role::Clerk, Role::ListDecider, Role::Organisation, Role::Office, Role::Auditor] {
        let (status, seen) = ask(people, role, Method::GET, &address, Value::Null).await;
        assert_eq!((status, &seen["name"]), (StatusCode::OK, &json!(NAME)), "{role}");
        compare(&document, &whole, &seen, "case");
        assert_eq!(seen.to_string().contains("demo-clerk"), role != Role::Organisation, "{seen}");
        let (_, page) = ask(people, role, Method::GET, &format!("{BASE}?kind=case&state=decided"), Value::Null).await;
        compare(&document, &json!({ "$ref": "#/components/schemas/OfficerPage" }), &page, "officers");
        assert_eq!(page["items"].as_array().unwrap().len(), 1, "{role}: {page}");
    }
    for role in [Role::Inspector, Role::Window, Role::SystemAdmin] {
        let (status, _) = ask(people, role, Method::GET, &address, Value::Null).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{role}");
    }
    for (page, role) in
        [("/workbench/officers".to_owned(), Role::Clerk), (address.replace("/api/v1", "/workbench"), Role::ListDecider)]
    {
        let request = Request::get(&page).header("authorization", format!("Bearer {}", people.token(role).unwrap()));
        let answer = people.register.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}: {}", answer.text);
        assert!(answer.text.contains(NAME), "{page}");
    }
    for page in [
        format!("/organisations/{KNOWN}"),
        format!("/api/v1/organisations/{KNOWN}"),
        format!("/api/v1/organisations/{KNOWN}/records"),
        "/lists".to_owned(),
        "/api/v1/changes".to_owned(),
    ] {
        let answer = people.register.get(&page).await;
        assert!(!answer.text.contains(NAME), "{page} shows the name");
    }
}
