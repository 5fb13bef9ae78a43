//! Webhooks over HTTP and on the page of the workbench, with a receiver that is a server of its own.

use crate::openapi::{compare, document};
use crate::people::{OTHER, People};
use crate::register::{AUTHORITY, Answer};
use crate::workbench::{block, browser, browser_again, place};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use credence_app::log::Reach;
use credence_app::webhook::{MessageKey, Messenger, Received, Sender, check};
use credence_domain::access::Role;
use credence_testkit::receiver::{Answer as Reply, Receiver};
use serde_json::{Value, json};
use std::sync::Arc;

fn ask(people: &People, token: Option<&str>, method: &str, address: &str, body: &Value) -> Answer {
    let mut request = Request::builder().method(method).uri(address).header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    block(people.register.ask(request.body(Body::from(body.to_string())).unwrap()))
}

/// What the server does beside answering.
fn sender(people: &People) -> Sender {
    let service = people.register.service();
    let desk = Arc::new(credence_app::desk::Desk::open(&service).unwrap());
    Sender::new(service, desk, Messenger::new(Reach::Anywhere).unwrap())
}

#[test]
fn a_departments_system_has_changes_brought_to_its_own_receiver() {
    let (people, receiver, document) = (People::new(), Receiver::new(), document());
    let of = |method: &str, address: &str, body: Value| ask(&people, people.token(Role::Key), method, address, &body);
    assert_eq!(ask(&people, None, "GET", "/api/v1/webhooks/key", &json!({})).json(), json!({ "keys": [] }));
    let added = of("POST", "/api/v1/webhooks", json!({ "url": receiver.url(), "item": "penalty", "after": -1 }));
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    assert!(!added.header("log-promise").is_empty(), "it is an act like others");
    let schemas = |name: &str| document["components"]["schemas"][name].clone();
    compare(&document, &schemas("Webhook"), &added.json(), "webhook");
    let id = added.json()["id"].as_str().unwrap().to_owned();
    let sender = sender(&people);
    receiver.answers(&[Reply::Status(500), Reply::Status(200)]);
    while sender.turn().unwrap() {}
    let failed = of("GET", &format!("/api/v1/webhooks/{id}"), json!({})).json();
    compare(&document, &schemas("Webhook"), &failed, "failed");
    assert_eq!(
        (failed["unacknowledged"]["status"].as_i64(), failed["unacknowledged"]["tries"].as_i64()),
        (Some(500), Some(1))
    );
    let metrics = block(people.register.get("/metrics")).text;
    assert!(metrics.contains("credence_webhooks_active 1") && metrics.contains("credence_webhooks_failing 1"));
    people.register.go_on(10);
    while sender.turn().unwrap() {}
    let came = receiver.take();
    assert_eq!((came.len(), &came[0].id), (2, &came[1].id));
    compare(&document, &schemas("WebhookMessage"), &came[1].json(), "message");
    assert!(came[1].changes().len() > 1 && came[1].changes().iter().all(|line| line["item"] == "penalty"));
    // Anyone can check it with what is public.
    let keys = ask(&people, None, "GET", "/api/v1/webhooks/key", &json!({})).json();
    compare(&document, &schemas("WebhookKeys"), &keys, "keys");
    let keys = [MessageKey::parse(keys["keys"][0]["key"].as_str().unwrap()).unwrap()];
    let message = &came[1];
    let received =
        Received { id: &message.id, timestamp: &message.timestamp, signature: &message.signature, body: &message.body };
    let sent = message.timestamp.parse().unwrap();
    assert_eq!(check(received, &keys, (sent, None), None).unwrap().webhook, id);
    let page = of("GET", &format!("/api/v1/webhooks/{id}/deliveries?limit=1"), json!({})).json();
    compare(&document, &schemas("WebhookDeliveryPage"), &page, "deliveries");
    assert_eq!(page["items"][0]["state"], "acknowledged");
    let list = of("GET", "/api/v1/webhooks", json!({})).json();
    compare(&document, &schemas("WebhookPage"), &list, "list");
    // Paused, resumed, taken away.
    let step = |step: &str| of("POST", &format!("/api/v1/webhooks/{id}/{step}"), json!({}));
    assert_eq!(step("pause").json()["state"], "paused");
    assert_eq!(step("pause").status, StatusCode::CONFLICT);
    assert_eq!(step("resume").json()["state"], "active");
    assert_eq!(of("DELETE", &format!("/api/v1/webhooks/{id}"), json!({})).status, StatusCode::NO_CONTENT);
    assert_eq!(of("GET", &format!("/api/v1/webhooks/{id}"), json!({})).status, StatusCode::NOT_FOUND);
}

#[test]
fn another_units_webhook_is_as_if_it_were_not_there() {
    let (people, receiver) = (People::new(), Receiver::new());
    let foreign = people.register.key(OTHER, None);
    let added = ask(&people, Some(&foreign), "POST", "/api/v1/webhooks", &json!({ "url": receiver.url() }));
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    let id = added.json()["id"].as_str().unwrap().to_owned();
    for role in [Role::Key, Role::Approver, Role::Partner, Role::Clerk] {
        let of = |method: &str, rest: &str| {
            ask(&people, people.token(role), method, &format!("/api/v1/webhooks{rest}"), &json!({})).status
        };
        let expected = if role == Role::Clerk { StatusCode::FORBIDDEN } else { StatusCode::NOT_FOUND };
        assert_eq!(of("GET", &format!("/{id}")), StatusCode::NOT_FOUND, "{role}");
        assert_eq!(of("GET", &format!("/{id}/deliveries")), StatusCode::NOT_FOUND, "{role}");
        assert_eq!(of("DELETE", &format!("/{id}")), expected, "{role}");
        assert_eq!(of("POST", &format!("/{id}/pause")), expected, "{role}");
        assert_eq!(of("POST", &format!("/{id}/resume")), expected, "{role}");
        let list = ask(&people, people.token(role), "GET", "/api/v1/webhooks", &json!({}));
        assert_eq!(list.json()["items"], json!([]), "{role}");
    }
    // Whoever oversees all sees where it leads and not the secret in its address.
    for role in [Role::Office, Role::Auditor] {
        let list = ask(&people, people.token(role), "GET", "/api/v1/webhooks", &json!({}));
        assert_eq!(list.json()["items"][0]["id"], id.as_str(), "{role}");
        assert!(!list.text.contains("secret") && list.text.contains("http://127.0.0.1"), "{role}");
    }
}

#[test]
fn what_is_asked_wrongly_is_refused_with_a_code() {
    let (people, receiver) = (People::new(), Receiver::new());
    let add = |body: Value| ask(&people, people.token(Role::Key), "POST", "/api/v1/webhooks", &body);
    for (body, status, code) in [
        (json!({}), 400, "bad_body"),
        (json!({ "url": receiver.url(), "other": 1 }), 400, "bad_body"),
        (json!({ "url": "https://a:b@example.com/" }), 400, "webhook_url"),
        (json!({ "url": "file:///etc/passwd" }), 400, "webhook_url"),
        (json!({ "url": format!("https://example.com/{}", "x".repeat(2_000)) }), 400, "webhook_url"),
        (json!({ "url": receiver.url(), "item": "rumour" }), 400, "bad_parameter"),
        (json!({ "url": receiver.url(), "after": 999_999 }), 409, "position_ahead"),
        (json!({ "url": "http://127.0.0.1:1/in" }), 422, "webhook_not_proven"),
    ] {
        let answer = add(body.clone());
        assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (status, Some(code)), "{body}");
    }
    receiver.is_deaf_to_pings(true);
    assert_eq!(add(json!({ "url": receiver.url() })).status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn an_approving_officer_keeps_them_on_the_page_and_a_clerk_looks_on() {
    let (people, receiver) = (People::new(), Receiver::new());
    let approver = browser(&people, Role::Approver);
    let start = block(approver.get("/workbench")).text;
    assert!(start.contains("/workbench/webhooks"));
    let form = [("url", receiver.url()), ("item", "penalty".to_owned()), ("after", String::new())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let added = block(approver.form("/workbench/webhooks", &form));
    assert_eq!(place(&added), "/workbench/webhooks");
    let page = block(approver.get("/workbench/webhooks")).text;
    let id = page.split("id=\"hook-1\"><span class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(page.contains("推送中") && page.contains("whpk_") && page.contains(AUTHORITY));
    let clerk = block(browser(&people, Role::Clerk).get("/workbench/webhooks")).text;
    assert!(clerk.contains(&id) && !clerk.contains("新增订阅"));
    let step = |pairs: &[(&str, &str)]| block(approver.form(&format!("/workbench/webhooks/{id}"), pairs));
    assert_eq!(place(&step(&[("step", "pause"), ("reason", "检修")])), "/workbench/webhooks");
    assert!(block(approver.get("/workbench/webhooks")).text.contains("已暂停"));
    let refused = step(&[("step", "resume"), ("after", "最后")]);
    assert!(refused.status == StatusCode::BAD_REQUEST && refused.text.contains("续推位置"));
    assert_eq!(place(&step(&[("step", "resume"), ("after", "")])), "/workbench/webhooks");
    // A dead letter is shown with what became of it, and never with what it said.
    receiver.answers(&[Reply::Status(503)]);
    people.register.send(AUTHORITY, &crate::register::PENALTIES.replace("〔2026〕", "〔2023〕"));
    let sender = sender(&people);
    for _ in 0..25 {
        while sender.turn().unwrap() {}
        people.register.go_on(7 * 3_600);
    }
    // The session has ended meanwhile.
    let approver = browser_again(&people, Role::Approver);
    let step = |pairs: &[(&str, &str)]| block(approver.form(&format!("/workbench/webhooks/{id}"), pairs));
    let page = block(approver.get("/workbench/webhooks")).text;
    assert!(page.contains("死信") && page.contains("接收方答复 503") && page.contains("已试 20 次"), "{page}");
    assert_eq!(place(&step(&[("step", "remove")])), "/workbench/webhooks");
    assert!(block(approver.get("/workbench/webhooks")).text.contains("还没有推送订阅"));
    let wrong = block(approver.form("/workbench/webhooks", &[("url", "https://127.0.0.1:1/")]));
    assert!(wrong.status == StatusCode::BAD_REQUEST && wrong.text.contains("role=\"alert\""));
}
