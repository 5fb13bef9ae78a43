//! The interface document says what is served: every route, and every member of real answers.

use crate::register::Register;
use credence_domain::access::Action;
use credence_web::Kind;
use serde_json::Value;
use std::collections::BTreeSet;

pub fn document() -> Value {
    serde_json::from_str(include_str!("../../openapi.json")).unwrap()
}

/// A parameter that may hold slashes is written like any other in the document.
fn described_as(path: &str) -> String {
    path.replace("{*", "{")
}

#[tokio::test]
async fn the_document_names_every_route_for_programs_and_no_other() {
    let document = Register::empty().get("/api/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let described: BTreeSet<String> = document["paths"].as_object().unwrap().keys().cloned().collect();
    let served = credence_web::routes().into_iter().filter(|route| matches!(route.kind, Kind::Api | Kind::Operation));
    assert_eq!(described, served.map(|route| described_as(route.path)).collect());
}

#[tokio::test]
async fn every_member_of_an_answer_is_described_and_every_required_one_is_there() {
    let (register, document) = (Register::with_a_penalty().with_daily(), document());
    let file = "/api/v1/organisations/91379900MA0TE5T16G";
    for (path, address) in [
        ("/api/v1/organisations", "/api/v1/organisations".to_owned()),
        ("/api/v1/organisations/{uscc}", file.to_owned()),
        ("/api/v1/organisations/{uscc}/records", format!("{file}/records")),
        ("/api/v1/organisations/{uscc}/evaluation", format!("{file}/evaluation")),
        ("/api/v1/data-list", "/api/v1/data-list".to_owned()),
        ("/api/v1/data-list/{item}", "/api/v1/data-list/penalty".to_owned()),
        ("/api/v1/measures", "/api/v1/measures".to_owned()),
        ("/api/v1/measures/{code}", "/api/v1/measures/bidding_bar".to_owned()),
        ("/api/v1/lists/definitions", "/api/v1/lists/definitions".to_owned()),
        ("/api/v1/lists/definitions/{code}", "/api/v1/lists/definitions/market_regulation".to_owned()),
        ("/api/v1/behaviours", "/api/v1/behaviours".to_owned()),
        ("/api/v1/memoranda", "/api/v1/memoranda".to_owned()),
        ("/api/v1/lists", "/api/v1/lists".to_owned()),
        ("/api/v1/bulk", "/api/v1/bulk".to_owned()),
        ("/api/v1/counters", "/api/v1/counters".to_owned()),
        ("/api/v1/models", "/api/v1/models".to_owned()),
        ("/api/v1/quality", "/api/v1/quality?month=2026-04".to_owned()),
        ("/api/v1/log", "/api/v1/log".to_owned()),
        ("/healthz", "/healthz".to_owned()),
        ("/status", "/status".to_owned()),
        ("/readyz", "/readyz".to_owned()),
    ] {
        let content = &document["paths"][path]["get"]["responses"]["200"]["content"];
        compare(&document, &content["application/json"]["schema"], &register.get(&address).await.json(), path);
    }
    for route in credence_web::routes().into_iter().filter(|route| matches!(route.kind, Kind::Api | Kind::Operation)) {
        let operation = &document["paths"][described_as(route.path)][route.method.to_lowercase()];
        assert!(operation.is_object(), "{} {}", route.method, route.path);
        let open = matches!(route.action, Action::ReadPublic | Action::SignIn);
        assert_eq!(operation["security"].is_array(), !open, "{} {}", route.method, route.path);
    }
    let line = &document["components"]["schemas"]["ChangeLine"];
    for told in register.get("/api/v1/changes?after=0").await.text.lines() {
        compare(&document, line, &serde_json::from_str(told).unwrap(), "changes");
    }
    let problem = register.get("/api/v1/organisations?limit=0").await.json();
    compare(&document, &document["components"]["schemas"]["Problem"], &problem, "problem");
}

/// Holds an answer against its schema: references, types, members.
pub fn compare(document: &Value, schema: &Value, answer: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let named = &document["components"]["schemas"][name.rsplit('/').next().unwrap()];
        assert!(named.is_object(), "{name} is not described");
        return compare(document, named, answer, at);
    }
    if let Some(one_of) = schema["oneOf"].as_array() {
        let fits = one_of.iter().find(|one| (one["type"] == "null") == answer.is_null());
        return compare(document, fits.unwrap(), answer, at);
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let found = match answer {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(types.contains(&found), "{at} is {found}, described as {types:?}");
    if let Some(values) = schema["enum"].as_array() {
        assert!(values.contains(answer), "{at} is {answer}");
    }
    for (index, item) in answer.as_array().into_iter().flatten().enumerate() {
        compare(document, &schema["items"], item, &format!("{at}[{index}]"));
    }
    let Some(members) = answer.as_object().filter(|_| schema["additionalProperties"] != true) else { return };
    for required in schema["required"].as_array().into_iter().flatten() {
        assert!(members.contains_key(required.as_str().unwrap()), "{at} has no {required}");
    }
    for (name, value) in members {
        let property = &schema["properties"][name];
        let property = if property.is_null() { &schema["additionalProperties"] } else { property };
        assert!(property.is_object(), "{at}.{name} is not described");
        compare(document, property, value, &format!("{at}.{name}"));
    }
}
