//! The scorecard of the departments: counts for everyone, records only for the department that owns them.

use crate::openapi::compare;
use crate::register::Register;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::Value;

#[tokio::test]
async fn page_and_api_give_the_same_figures_and_name_no_organisation() {
    let register = Register::with_a_penalty();
    let scored = register.get("/api/v1/quality?month=2026-04").await;
    let unit = &scored.json()["units"][0];
    assert_eq!(unit["publicity"], serde_json::json!({"part": 2, "whole": 2, "per_mille": 1000}));
    let page = register.get("/quality?month=2026-04").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("100.0%") && page.text.contains("未申报总数"), "{}", page.text);
    for text in [&scored.text, &page.text] {
        assert!(!text.contains("91379900MA0TE5T16G") && !text.contains("岳泰"), "{text}");
    }
    assert_eq!(register.get("/api/v1/quality?month=26").await.json()["code"], "bad_parameter");
    assert_eq!(register.get("/quality?month=26").await.status, StatusCode::BAD_REQUEST);
    assert!(register.get("/quality").await.text.contains("2026-05"));
}

#[tokio::test]
async fn a_department_sees_what_is_due_with_its_key_and_nobody_without() {
    let register = Register::with_a_penalty();
    let address = "/api/v1/quality/due";
    assert_eq!(register.get(address).await.status, StatusCode::UNAUTHORIZED);
    let key = register.key("11379900000000086M", None);
    let request = Request::get(address).header("authorization", format!("Bearer {key}")).body(Body::empty()).unwrap();
    let answer = register.ask(request).await.json();
    assert_eq!((&answer["source"], &answer["due_by"]), (&"11379900000000086M".into(), &"2026-05-14".into()));
    let document: Value = serde_json::from_str(include_str!("../../openapi.json")).unwrap();
    compare(&document, &document["components"]["schemas"]["Due"], &answer, "due");
}
