//! What rights open and what they do not: what has ended, what waits for a person, another's batch, an ended account.

use crate::people::People;
use crate::register::KNOWN;
use crate::sessions::{block, send, sign_in};
use axum::http::{Method, StatusCode};
use credence_domain::access::Role;
use serde_json::{Value, json};

#[test]
fn what_has_ended_is_opened_to_the_organisation_and_its_auditors_alone() {
    let people = People::new();
    let file = |purpose: &str| format!("/api/v1/organisations/{KNOWN}/file?purpose={purpose}&case=C-1");
    let count = |role: Role, purpose: &'static str| {
        let (people, (account, password)) = (&people, people.passwords[&role].clone());
        block(async move {
            let token =
                sign_in(&people.register, &account, &password).await.json()["token"].as_str().unwrap().to_owned();
            let answer = send(&people.register, Method::GET, &file(purpose), Some(&token), Value::Null).await;
            assert_eq!(answer.status, StatusCode::OK, "{role}: {}", answer.text);
            let records = answer.json()["records"].as_array().unwrap().clone();
            records.iter().filter(|record| record["item"] == "penalty").count()
        })
    };
    let readers = [
        (Role::Office, "supervision"),
        (Role::Window, "approval"),
        (Role::Reviewer, "objection"),
        (Role::Clerk, "data_quality"),
    ];
    let own = [(Role::Organisation, "self"), (Role::Auditor, "audit")];
    let standing = count(Role::Auditor, "audit");
    assert!(standing > 0);
    for (role, purpose) in readers {
        assert_eq!(count(role, purpose), standing, "{role}");
    }
    // The day after the last public day of them all.
    people.register.move_to(jiff::civil::date(2030, 1, 1));
    for (role, purpose) in readers {
        assert_eq!(count(role, purpose), 0, "{role}");
    }
    for (role, purpose) in own {
        assert_eq!(count(role, purpose), standing, "{role}");
    }
}

#[test]
fn what_waits_for_a_person_decides_no_case() {
    let people = People::new();
    let small = crate::register::PENALTIES.replace("罚款五万元,5", "罚款一千元,0.1").replace("〔2026〕", "〔2022〕");
    people.register.send(crate::register::AUTHORITY, &small);
    let count = |role: Role, purpose: &str| {
        let address = format!("/api/v1/organisations/{KNOWN}/file?purpose={purpose}&case=C-1");
        let answer = block(send(&people.register, Method::GET, &address, people.token(role), Value::Null));
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let held = |record: &&Value| record["state"] == "held";
        answer.json()["records"].as_array().unwrap().iter().filter(held).count()
    };
    assert_eq!(count(Role::Clerk, "data_quality"), 1);
    assert_eq!(count(Role::Window, "approval"), 0);
    assert_eq!(count(Role::Office, "supervision"), 0);
}

#[test]
fn the_office_withdraws_anothers_batch_only_with_its_consent() {
    let people = People::new();
    let ask = format!("/api/v1/batches/{}/withdrawal", people.foreign_batch);
    let answer =
        block(send(&people.register, Method::POST, &ask, people.token(Role::Office), json!({"reason": "误报"})));
    assert_eq!(&answer.json()["code"], "consent_needed", "{}", answer.text);
    let batch = format!("/api/v1/batches/{}", people.foreign_batch);
    let standing = block(send(&people.register, Method::GET, &batch, people.token(Role::Office), Value::Null));
    assert_eq!(standing.json()["state"], "done");
}

#[test]
fn an_account_that_ended_before_it_was_granted_stays_ended() {
    let people = People::new();
    let (system, security) = (people.token(Role::SystemAdmin), people.token(Role::SecurityAdmin));
    let asked = json!({
        "account": "gone.before", "role": "office", "holder": "某人", "staff_number": "G-1",
        "unit": crate::register::AUTHORITY, "reason": "新到岗",
    });
    block(async {
        let entered = send(&people.register, Method::POST, "/api/v1/accounts", system, asked).await.json();
        let end = send(
            &people.register,
            Method::POST,
            "/api/v1/accounts/gone.before/end",
            system,
            json!({"reason": "不来了"}),
        );
        assert_eq!(end.await.status, StatusCode::OK);
        let answer = format!("/api/v1/proposals/{}/answer", entered["proposal"].as_str().unwrap());
        let granted = send(&people.register, Method::POST, &answer, security, json!({"approve": true})).await;
        assert_eq!((granted.status, &granted.json()["code"]), (StatusCode::CONFLICT, &"account_state".into()));
        let refused = json!({"approve": false, "reason": "已注销"});
        assert_eq!(send(&people.register, Method::POST, &answer, security, refused).await.status, StatusCode::OK);
        let accounts = send(&people.register, Method::GET, "/api/v1/accounts", system, Value::Null).await.json();
        let one = accounts["items"].as_array().unwrap().iter().find(|one| one["account"] == "gone.before").unwrap();
        assert_eq!(one["state"], "ended");
    });
    people.register.verify();
}

#[test]
fn only_who_may_investigate_says_that_an_investigation_is_over() {
    let people = People::new();
    let over = json!({"case": "C-9", "reason": "已结案"});
    for role in [Role::Clerk, Role::Window, Role::Organisation] {
        let place = "/api/v1/investigations/end";
        let answer = block(send(&people.register, Method::POST, place, people.token(role), over.clone()));
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role}");
    }
}
