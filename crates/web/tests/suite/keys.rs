//! Keys of units' systems: two persons issue one, it opens what it was issued for and nothing else, and one person takes it back.

use crate::openapi::{compare, document};
use crate::people::{People, ask};
use crate::register::{AUTHORITY, PENALTIES};
use crate::sessions::block;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use credence_domain::access::Role;
use serde_json::{Value, json};

fn by(people: &People, role: Role, method: Method, address: &str, body: Value) -> (StatusCode, Value) {
    block(ask(people, role, method, address, body))
}

fn with_key(people: &People, key: &str, method: Method, address: &str) -> (StatusCode, Value) {
    let request = Request::builder().method(method).uri(address).header("authorization", format!("Bearer {key}"));
    let answer = block(people.register.ask(request.body(Body::empty()).unwrap()));
    (answer.status, serde_json::from_str(&answer.text).unwrap_or(Value::Null))
}

#[test]
fn two_persons_issue_a_key_and_it_opens_what_it_was_issued_for() {
    let people = People::new();
    let wanted = json!({
        "source": AUTHORITY, "expires_on": "2026-12-31", "items": ["permit"], "actions": ["send_batch"], "reason": "对接",
    });
    // Who asks for one neither decides on it nor is anybody else.
    for role in [Role::Office, Role::SecurityAdmin, Role::AuditAdmin, Role::Clerk, Role::Key] {
        let refused = by(&people, role, Method::POST, "/api/v1/keys", wanted.clone());
        assert_eq!(refused.0, StatusCode::FORBIDDEN, "{role}");
    }
    for (field, value) in [
        ("source", json!("123799000000000999")),
        ("items", json!(["none"])),
        // What names nothing must not narrow nothing.
        ("items", json!([""])),
        ("items", json!([","])),
        ("actions", json!(["second_right"])),
        ("actions", json!([" "])),
    ] {
        let mut wrong = wanted.clone();
        wrong[field] = value;
        let (status, refused) = by(&people, Role::SystemAdmin, Method::POST, "/api/v1/keys", wrong);
        assert_eq!((status, refused["field"].as_str()), (StatusCode::BAD_REQUEST, Some(field)), "{refused}");
    }
    let (status, proposal) = by(&people, Role::SystemAdmin, Method::POST, "/api/v1/keys", wanted);
    assert_eq!(status, StatusCode::CREATED, "{proposal}");
    let address = format!("/api/v1/proposals/{}/answer", proposal["id"].as_str().unwrap());
    let agreed = json!({ "approve": true });
    for role in [Role::SystemAdmin, Role::AuditAdmin, Role::Office] {
        assert_eq!(by(&people, role, Method::POST, &address, agreed.clone()).0, StatusCode::FORBIDDEN, "{role}");
    }
    let (status, answered) = by(&people, Role::SecurityAdmin, Method::POST, &address, agreed.clone());
    let key = answered["key"].as_str().unwrap_or_default().to_owned();
    assert!(status == StatusCode::OK && key.starts_with("credence_"), "{answered}");
    assert_eq!(by(&people, Role::SecurityAdmin, Method::POST, &address, agreed).0, StatusCode::CONFLICT);

    let (_, keys) = by(&people, Role::AuditAdmin, Method::GET, "/api/v1/keys", Value::Null);
    assert!(!keys.to_string().contains(&key), "the key itself is kept nowhere");
    let document = document();
    compare(&document, &document["components"]["schemas"]["KeyPage"], &keys, "keys");
    let issued = keys["items"].as_array().unwrap().iter().find(|one| one["items"] == json!(["permit"])).unwrap();
    assert_eq!((&issued["actions"], &issued["expires_on"]), (&json!(["send_batch"]), &json!("2026-12-31")));

    // What it was not issued for it does not open; what is public it does.
    let code = |answer: (StatusCode, Value)| (answer.0, answer.1["code"].as_str().unwrap_or_default().to_owned());
    let scope = (StatusCode::FORBIDDEN, "key_scope".to_owned());
    let asked = |method: Method, address: &str| code(with_key(&people, &key, method, address));
    assert_eq!(asked(Method::GET, "/api/v1/batches"), scope);
    assert_eq!(asked(Method::GET, "/api/v1/webhooks"), scope);
    assert_eq!(asked(Method::GET, "/api/v1/data-list").0, StatusCode::OK);

    // One person takes it back at once.
    let revocation = format!("/api/v1/keys/{}/revocation", issued["number"].as_str().unwrap());
    let why = json!({ "reason": "系统下线" });
    for role in [Role::SecurityAdmin, Role::Office, Role::Key] {
        assert_eq!(by(&people, role, Method::POST, &revocation, why.clone()).0, StatusCode::FORBIDDEN, "{role}");
    }
    let unsaid = by(&people, Role::SystemAdmin, Method::POST, &revocation, json!({ "reason": " " }));
    assert_eq!((unsaid.0, unsaid.1["code"].as_str()), (StatusCode::BAD_REQUEST, Some("reason_missing")));
    assert_eq!(by(&people, Role::SystemAdmin, Method::POST, &revocation, why).0, StatusCode::NO_CONTENT);
    assert_eq!(asked(Method::GET, "/api/v1/batches"), (StatusCode::UNAUTHORIZED, "unauthorised".to_owned()));
    people.register.verify();
}

#[test]
fn a_file_whose_header_says_another_item_than_the_key_may_send_fails_as_a_whole() {
    let (register, intake) = crate::register::Register::empty().with_intake();
    let key = {
        let (mut writer, rulebook) = (register.writer(), register.service().rulebook().clone());
        let source = credence_domain::subject::Uscc::parse(AUTHORITY).unwrap();
        let whole = credence_app::key::Wanted::whole(source, None);
        let wanted = credence_app::key::Wanted { items: vec!["permit".to_owned()], ..whole };
        let alone = credence_app::key::issue(&mut writer, &rulebook, &wanted, ("甲", Some("甲"), ""));
        assert_eq!(alone.unwrap_err().code(), "four_eyes");
        credence_app::key::issue(&mut writer, &rulebook, &wanted, ("甲", Some("乙"), "")).unwrap().key
    };
    let ask = |method: Method, address: &str, file: &str| {
        let request = Request::builder().method(method).uri(address).header("content-type", "text/csv");
        let request = request.header("authorization", format!("Bearer {key}"));
        block(register.ask(request.body(Body::from(file.to_owned())).unwrap()))
    };
    let refused = ask(Method::POST, "/api/v1/batches?item=penalty", PENALTIES);
    assert_eq!((refused.status, refused.json()["code"].as_str()), (StatusCode::FORBIDDEN, Some("key_scope")));
    let sent = ask(Method::POST, "/api/v1/batches", PENALTIES);
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.text);
    let place = sent.header("location").to_owned();
    intake.work_off().unwrap();
    let batch = ask(Method::GET, &place, "").json();
    assert_eq!((&batch["state"], &batch["problem"]["code"]), (&"failed".into(), &"key_scope".into()), "{batch}");
    assert_eq!(batch["accepted"], 0);
}

#[test]
fn a_key_for_some_items_sees_the_batches_of_those_and_what_it_sent_itself() {
    let (register, intake) = crate::register::Register::empty().with_intake();
    let whole = register.key(AUTHORITY, None);
    let issue = |item: &str| {
        let (mut writer, rulebook) = (register.writer(), register.service().rulebook().clone());
        let source = credence_domain::subject::Uscc::parse(AUTHORITY).unwrap();
        let all = credence_app::key::Wanted::whole(source, None);
        let wanted = credence_app::key::Wanted { items: vec![item.to_owned()], ..all };
        credence_app::key::issue(&mut writer, &rulebook, &wanted, ("甲", Some("乙"), "")).unwrap().key
    };
    let (permits, penalties) = (issue("permit"), issue("penalty"));
    let ask = |key: &str, method: Method, address: &str, file: &str| {
        let request = Request::builder().method(method).uri(address).header("content-type", "text/csv");
        let request = request.header("authorization", format!("Bearer {key}"));
        block(register.ask(request.body(Body::from(file.to_owned())).unwrap()))
    };
    let get = |key: &str, address: &str| {
        let answer = ask(key, Method::GET, address, "");
        let code = serde_json::from_str::<Value>(&answer.text).unwrap_or_default()["code"].clone();
        (answer.status, code.as_str().unwrap_or_default().to_owned())
    };
    let send = |key: &str, address: &str, file: &str| {
        let sent = ask(key, Method::POST, address, file);
        assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.text);
        sent.header("location").to_owned()
    };
    let listed = |key: &str| {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let address = format!("/api/v1/batches?limit=1&cursor={cursor}");
            let page = ask(key, Method::GET, &address, "").json();
            let items = page["items"].as_array().unwrap();
            found.extend(items.iter().map(|one| format!("/api/v1/batches/{}", one["batch"].as_str().unwrap())));
            let Some(next) = page["next"].as_str() else { break };
            cursor = next.to_owned();
        }
        found.sort();
        found
    };
    let sorted = |mut places: Vec<String>| {
        places.sort();
        places
    };
    let scope = (StatusCode::FORBIDDEN, "key_scope".to_owned());

    // One that does not say of which item it is, one that does, and one of the narrowed key's own.
    let broken = PENALTIES.replace("2026-04-13", "2026-13-01");
    let unsaid = send(&whole, "/api/v1/batches", &broken);
    let said = send(&whole, "/api/v1/batches?item=penalty", PENALTIES);
    let own = send(&permits, "/api/v1/batches", PENALTIES);
    assert_eq!(listed(&permits), std::slice::from_ref(&own));
    assert_eq!(listed(&penalties), std::slice::from_ref(&said));
    assert_eq!((get(&permits, &unsaid), get(&permits, &said)), (scope.clone(), scope.clone()));
    assert_eq!((get(&penalties, &unsaid), get(&permits, &own).0), (scope.clone(), StatusCode::OK));

    intake.work_off().unwrap();
    assert_eq!(listed(&permits), std::slice::from_ref(&own), "it failed, and nobody knows what it held");
    assert_eq!(listed(&penalties), sorted(vec![unsaid.clone(), said.clone()]));
    assert_eq!(listed(&whole), sorted(vec![unsaid.clone(), said.clone(), own.clone()]));
    for of in ["", "/notes", "/rejects", "/repair-notices"] {
        assert_eq!(get(&permits, &format!("{unsaid}{of}")), scope, "{of}");
        assert_eq!(get(&penalties, &format!("{unsaid}{of}")).0, StatusCode::OK, "{of}");
        assert_eq!(get(&penalties, &format!("{own}{of}")), scope, "{of}");
    }
}
