//! Notices over HTTP: one's own alone, described in the document, and an address that is not asked for where no mail goes out.

use crate::openapi::{compare, document};
use crate::people::People;
use crate::register::{AUTHORITY, KNOWN};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use credence_app::account::Credentials;
use credence_app::desk::Desk;
use credence_app::notice::Sweeper;
use credence_domain::access::Role;
use serde_json::{Value, json};
use std::sync::Arc;

fn ask(people: &People, token: &str, method: &str, address: &str, body: &str) -> (StatusCode, Value, String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let request = Request::builder()
        .method(method)
        .uri(address)
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"))
        .body(Body::from(body.to_owned()))
        .unwrap();
    let answer = runtime.block_on(people.register.ask(request));
    (answer.status, serde_json::from_str(&answer.text).unwrap_or_default(), answer.text)
}

/// Signs in again: days have gone by.
fn sign_in(people: &People, desk: &Desk, role: Role) -> String {
    let (account, password) = people.passwords[&role].clone();
    let credentials = Credentials { account, password, code: None };
    people.register.service().sign_in(desk, &credentials, "suite").unwrap().token
}

#[test]
fn notices_are_ones_own_and_described_and_marked_as_read() {
    let people = People::new();
    let party = people.token(Role::Organisation).unwrap();
    let records = format!("/api/v1/organisations/{KNOWN}/records?limit=100");
    let (_, found, _) = ask(&people, party, "GET", &records, "");
    let own = |one: &&Value| one["item"] == "penalty" && one["authority"] == AUTHORITY;
    let record = found["items"].as_array().unwrap().iter().find(own).unwrap()["id"].clone();
    let filed = json!({ "matter": "objection", "record": record, "ground": "罚款金额有误", "contested": ["content"] });
    let (status, case, _) = ask(&people, party, "POST", "/api/v1/objections", &filed.to_string());
    assert_eq!(status, StatusCode::CREATED, "{case}");
    people.register.move_to(case["due_on"].as_str().unwrap().parse().unwrap());
    let service = people.register.service();
    let desk = Arc::new(Desk::open(&service).unwrap());
    assert!(Sweeper::new(service, Arc::clone(&desk)).sweep().unwrap() > 0);
    let of = |role| sign_in(&people, &desk, role);
    let tokens = [Role::Clerk, Role::Approver, Role::Window, Role::Reviewer, Role::Office].map(of);
    let page = |token: &str| ask(&people, token, "GET", "/api/v1/account/notices", "").1;
    // Whoever must act hears of it; the office handles what comes online.
    let mine = tokens.iter().find(|token| page(token)["unread"] == 1).unwrap();
    let (document, told) = (document(), page(mine));
    compare(&document, &document["components"]["schemas"]["NoticePage"], &told, "notices");
    assert_eq!(told["items"][0]["kind"], "case_near", "{told}");
    let number = told["items"][0]["number"].as_str().unwrap();
    let read = format!("/api/v1/account/notices/{number}/read");
    assert_eq!(ask(&people, &of(Role::Auditor), "POST", &read, "").0, StatusCode::NOT_FOUND);
    let (_, _, html) = ask(&people, mine, "GET", "/account/notices", "");
    assert!(html.contains(number) && html.contains("不是送达") && html.contains("本平台当前不发送邮件"), "{html}");
    assert!(ask(&people, mine, "GET", "/workbench", "").2.contains("通知（未读1）"));
    assert!(ask(&people, mine, "GET", "/account", "").2.contains("通知（未读1）"));
    assert_eq!(ask(&people, mine, "POST", &read, "").0, StatusCode::NO_CONTENT);
    assert_eq!(page(mine)["unread"], 0);
    assert!(!ask(&people, mine, "GET", "/account", "").2.contains("未读"));
    let (status, problem, _) = ask(&people, mine, "GET", "/api/v1/account/notices?cursor=00", "");
    assert_eq!((status, problem["code"].as_str()), (StatusCode::BAD_REQUEST, Some("bad_cursor")));
}

#[test]
fn no_address_is_asked_for_where_no_mail_goes_out() {
    let people = People::new();
    let (document, token) = (document(), people.token(Role::Clerk).unwrap());
    let (status, mail, _) = ask(&people, token, "GET", "/api/v1/account/mail", "");
    assert_eq!((status, mail["state"].as_str()), (StatusCode::OK, Some("none")));
    compare(&document, &document["components"]["schemas"]["MailAddress"], &mail, "mail");
    let (status, problem, _) = ask(&people, token, "PUT", "/api/v1/account/mail", r#"{"address":"a@mail.example"}"#);
    assert_eq!((status, problem["code"].as_str()), (StatusCode::SERVICE_UNAVAILABLE, Some("mail_unavailable")));
    let wrong = ask(&people, token, "POST", "/api/v1/account/mail/confirmation", r#"{"code":"x"}"#);
    assert_eq!((wrong.0, wrong.1["code"].as_str()), (StatusCode::BAD_REQUEST, Some("mail_code_wrong")));
    assert_eq!(ask(&people, token, "DELETE", "/api/v1/account/mail", "").0, StatusCode::NO_CONTENT);
}
