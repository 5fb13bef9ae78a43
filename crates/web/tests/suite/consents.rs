//! Whom a unit lets act in its name, and the changes that it takes: by its own approving officer, in the browser and by the API.

use crate::openapi::{compare, document};
use crate::people::{OTHER, People, ask};
use crate::register::AUTHORITY;
use crate::sessions::block;
use axum::http::{Method, StatusCode};
use credence_app::directory::{self, Unit};
use credence_domain::access::Role;
use serde_json::{Value, json};

fn by(people: &People, role: Role, method: Method, address: &str, body: Value) -> (StatusCode, Value) {
    block(ask(people, role, method, address, body))
}

#[test]
fn an_approving_officer_gives_and_ends_his_units_consent() {
    let people = People::new();
    let given = json!({ "to": OTHER, "item": "penalty", "until_on": "2026-12-31", "reason": "合署办公" });
    for role in [Role::Clerk, Role::Key, Role::Window, Role::SystemAdmin] {
        let refused = by(&people, role, Method::POST, "/api/v1/consents", given.clone());
        assert_eq!(refused.0, StatusCode::FORBIDDEN, "{role}");
    }
    for (field, value, code) in [
        ("to", json!(AUTHORITY), "bad_parameter"),
        ("to", json!("123799000000000999"), "unit_unknown"),
        ("item", json!("none"), "bad_parameter"),
        ("until_on", json!("2020-01-01"), "date_order"),
        ("reason", json!(""), "bad_parameter"),
    ] {
        let mut wrong = given.clone();
        wrong[field] = value;
        let (status, refused) = by(&people, Role::Approver, Method::POST, "/api/v1/consents", wrong);
        assert_eq!((status, refused["code"].as_str()), (StatusCode::BAD_REQUEST, Some(code)), "{refused}");
    }
    let (status, consent) = by(&people, Role::Approver, Method::POST, "/api/v1/consents", given);
    assert_eq!(
        (status, &consent["owner"], &consent["acting"]),
        (StatusCode::CREATED, &AUTHORITY.into(), &OTHER.into())
    );
    let (_, page) = by(&people, Role::Clerk, Method::GET, "/api/v1/consents", Value::Null);
    let document = document();
    compare(&document, &document["components"]["schemas"]["ConsentPage"], &page, "consents");
    assert_eq!(page["items"], json!([consent]));
    let (_, shown) = by(&people, Role::Approver, Method::GET, "/workbench/unit", Value::Null);
    assert!(shown.as_str().unwrap().contains(consent["number"].as_str().unwrap()), "{shown}");
    let end = format!("/api/v1/consents/{}/end", consent["number"].as_str().unwrap());
    let nobody = by(&people, Role::Approver, Method::POST, "/api/v1/consents/none/end", json!({ "reason": "终止" }));
    assert_eq!(nobody.0, StatusCode::NOT_FOUND);
    let ended = by(&people, Role::Approver, Method::POST, &end, json!({ "reason": "合署结束" }));
    assert_eq!(ended.0, StatusCode::NO_CONTENT);
    let (_, page) = by(&people, Role::Approver, Method::GET, "/api/v1/consents", Value::Null);
    assert!(page["items"][0]["ended_at"].is_string(), "{page}");
    people.register.verify();
}

#[test]
fn an_approving_officer_subscribes_to_the_changes_of_his_units_areas() {
    let people = People::new();
    let subscription = || by(&people, Role::Clerk, Method::GET, "/api/v1/subscription", Value::Null).1;
    assert_eq!(subscription(), json!({ "subscription": null }));
    let step = |role, method| by(&people, role, method, "/api/v1/subscription", Value::Null);
    assert_eq!(step(Role::Clerk, Method::PUT).0, StatusCode::FORBIDDEN);
    // A unit without an area of its own has no changes to take.
    let (status, refused) = step(Role::Approver, Method::PUT);
    assert_eq!((status, refused["code"].as_str()), (StatusCode::BAD_REQUEST, Some("area_unknown")), "{refused}");
    let unit = Unit {
        uscc: AUTHORITY.to_owned(),
        name: "青禾市社会信用中心".to_owned(),
        level: "city".to_owned(),
        area: "青禾市".to_owned(),
        ..Unit::default()
    };
    let rulebook = people.register.service().rulebook().clone();
    directory::set(&mut people.register.writer(), &unit, &rulebook).unwrap();
    let begun = step(Role::Approver, Method::PUT);
    assert_eq!(begun.0, StatusCode::NO_CONTENT, "{}", begun.1);
    let standing = subscription();
    let document = document();
    compare(&document, &document["components"]["schemas"]["SubscriptionAnswer"], &standing, "subscription");
    assert!(standing["subscription"]["since"].is_number(), "{standing}");
    let changes = format!("/api/v1/units/{AUTHORITY}/changes");
    assert_eq!(by(&people, Role::Clerk, Method::GET, &changes, Value::Null).0, StatusCode::OK);
    assert_eq!(step(Role::Approver, Method::DELETE).0, StatusCode::NO_CONTENT);
    assert_eq!(subscription(), json!({ "subscription": null }));
    people.register.verify();
}
