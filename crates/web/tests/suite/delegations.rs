//! Representatives: a code takes up no account in use, what one hands on to another and its end, and codes that die with a binding.

use crate::people::People;
use crate::register::{Answer, KNOWN, UNREGISTERED};
use crate::sessions::{block, send, sign_in};
use axum::http::{Method, StatusCode};
use credence_domain::access::Role;
use serde_json::{Value, json};

const BOUND: &str = "/api/v1/account/organisations";
const DELEGATIONS: &str = "/api/v1/account/delegations";
const INVITATIONS: &str = "/api/v1/invitations";
const PASSWORD: &str = "Weituo-Daibiao-7";

fn refused(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!((answer.status, &answer.json()["code"]), (status, &code.into()), "{}", answer.text);
}

/// A code of the office for an account.
async fn code(people: &People, account: &str, uscc: &str) -> Value {
    let asked = json!({"account": account, "holder": "某代表人", "uscc": uscc});
    let made = send(&people.register, Method::POST, "/api/v1/representatives", people.token(Role::Office), asked).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    made.json()["code"].clone()
}

async fn take_up(people: &People, code: &Value, password: &str) -> Answer {
    let body = json!({"code": code, "password": password});
    send(&people.register, Method::POST, INVITATIONS, None, body).await
}

/// Another representative, bound to an organisation and signed in: his token.
async fn representative(people: &People, account: &str, uscc: &str) -> String {
    let code = code(people, account, uscc).await;
    let taken = take_up(people, &code, PASSWORD).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text);
    sign_in(&people.register, account, PASSWORD).await.json()["token"].as_str().unwrap().to_owned()
}

async fn bind(people: &People, token: &str, code: &Value) -> Answer {
    send(&people.register, Method::POST, BOUND, Some(token), json!({"code": code})).await
}

async fn delegate(people: &People, token: &str, account: &str, through_on: &str) -> Answer {
    let asked = json!({"uscc": KNOWN, "account": account, "through_on": through_on});
    send(&people.register, Method::POST, DELEGATIONS, Some(token), asked).await
}

/// The office ends a binding.
async fn end(people: &People, account: &str, uscc: &str) -> StatusCode {
    let address = format!("/api/v1/representatives/{account}/end");
    let body = json!({"uscc": uscc, "reason": "变更代表人"});
    send(&people.register, Method::POST, &address, people.token(Role::Office), body).await.status
}

/// Whether a token opens the file of an organisation.
async fn reads(people: &People, token: &str, uscc: &str) -> bool {
    let address = format!("/api/v1/organisations/{uscc}/file?purpose=self");
    send(&people.register, Method::GET, &address, Some(token), Value::Null).await.status == StatusCode::OK
}

#[test]
fn a_code_for_a_representative_takes_up_no_account_that_is_in_use() {
    let people = People::new();
    let own = people.token(Role::Organisation).unwrap();
    let (account, password) = people.passwords[&Role::Organisation].clone();
    block(async {
        let another = code(&people, &account, UNREGISTERED).await;
        refused(&take_up(&people, &another, PASSWORD).await, StatusCode::BAD_REQUEST, "invitation_invalid");
        assert!(reads(&people, own, KNOWN).await, "his session goes on");
        assert!(!reads(&people, own, UNREGISTERED).await);
        assert_eq!(sign_in(&people.register, &account, PASSWORD).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(sign_in(&people.register, &account, &password).await.status, StatusCode::CREATED);
        let bound = bind(&people, own, &another).await;
        assert_eq!(bound.status, StatusCode::CREATED, "the code is still good for its holder: {}", bound.text);
        assert!(reads(&people, own, UNREGISTERED).await);

        // Of two codes for a new account the first takes it up, the second binds.
        let (first, second) = (code(&people, "new.rep", KNOWN).await, code(&people, "new.rep", UNREGISTERED).await);
        assert_eq!(take_up(&people, &first, PASSWORD).await.status, StatusCode::CREATED);
        refused(&take_up(&people, &second, "Lingwai-Mima-88").await, StatusCode::BAD_REQUEST, "invitation_invalid");
        let token = sign_in(&people.register, "new.rep", PASSWORD).await.json()["token"].as_str().unwrap().to_owned();
        assert_eq!(bind(&people, &token, &second).await.status, StatusCode::CREATED);
    });
    people.register.verify();
}

#[test]
fn only_whom_the_office_bound_delegates_and_what_he_gave_ends_with_him() {
    let people = People::new();
    let own = people.token(Role::Organisation).unwrap();
    let account = people.passwords[&Role::Organisation].0.clone();
    block(async {
        let helper = representative(&people, "helper.rep", UNREGISTERED).await;
        let third = representative(&people, "third.rep", UNREGISTERED).await;
        let partner = representative(&people, "partner.rep", KNOWN).await;
        refused(&delegate(&people, &helper, "third.rep", "2026-06-30").await, StatusCode::FORBIDDEN, "forbidden");
        let himself = delegate(&people, own, &account, "2026-06-30").await;
        assert_eq!(himself.json()["code"], "delegate_invalid", "{}", himself.text);
        let over = delegate(&people, own, "helper.rep", "2026-05-01").await;
        refused(&over, StatusCode::BAD_REQUEST, "bad_parameter");

        let given = delegate(&people, own, "helper.rep", "2026-06-30").await;
        assert_eq!(given.status, StatusCode::NO_CONTENT, "{}", given.text);
        assert!(reads(&people, &helper, KNOWN).await);
        let handed_on = delegate(&people, &helper, "third.rep", "2026-06-30").await;
        refused(&handed_on, StatusCode::FORBIDDEN, "forbidden");
        assert!(!reads(&people, &third, KNOWN).await);

        // What the office or another made is not overwritten, nor ended by who did not make it.
        for (giver, delegate_to) in
            [(own, "partner.rep"), (helper.as_str(), account.as_str()), (partner.as_str(), "helper.rep")]
        {
            for day in ["2026-06-30", "2026-05-01"] {
                let answer = delegate(&people, giver, delegate_to, day).await;
                assert!(answer.status.is_client_error(), "{delegate_to} {day}: {}", answer.text);
            }
        }
        let foreign = delegate(&people, &partner, "helper.rep", "2026-06-30").await;
        assert_eq!(foreign.json()["code"], "delegate_invalid", "{}", foreign.text);
        assert!(reads(&people, own, KNOWN).await && reads(&people, &partner, KNOWN).await);
        assert!(reads(&people, &helper, KNOWN).await);

        // Whoever delegated changes the last day and ends it; the helper keeps what he has of the office.
        assert_eq!(delegate(&people, own, "helper.rep", "2026-07-31").await.status, StatusCode::NO_CONTENT);
        let ended = delegate(&people, own, "helper.rep", "2026-05-01").await;
        assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.text);
        assert!(!reads(&people, &helper, KNOWN).await && reads(&people, &helper, UNREGISTERED).await);
        let again = delegate(&people, own, "helper.rep", "2026-05-01").await;
        refused(&again, StatusCode::BAD_REQUEST, "bad_parameter");

        // While his account is suspended what he delegated rests.
        assert_eq!(delegate(&people, own, "helper.rep", "2026-06-30").await.status, StatusCode::NO_CONTENT);
        for (step, reads_it) in [("suspension", false), ("resumption", true)] {
            let address = format!("/api/v1/accounts/{account}/{step}");
            let body = json!({"reason": "核实代表人身份"});
            let done = send(&people.register, Method::POST, &address, people.token(Role::SystemAdmin), body).await;
            assert!(done.status.is_success(), "{}", done.text);
            assert_eq!(reads(&people, &helper, KNOWN).await, reads_it, "{step}");
            assert!(reads(&people, &helper, UNREGISTERED).await, "{step}");
        }
        let own = sign_in(&people.register, &account, &people.passwords[&Role::Organisation].1).await;
        let own = own.json()["token"].as_str().unwrap().to_owned();
        let own = own.as_str();

        // With the giver's binding go his delegations, and nobody else's.
        assert_eq!(delegate(&people, own, "helper.rep", "2026-06-30").await.status, StatusCode::NO_CONTENT);
        assert_eq!(delegate(&people, &partner, "third.rep", "2026-06-30").await.status, StatusCode::NO_CONTENT);
        assert_eq!(end(&people, &account, KNOWN).await, StatusCode::NO_CONTENT);
        assert!(!reads(&people, own, KNOWN).await && !reads(&people, &helper, KNOWN).await);
        assert!(reads(&people, &third, KNOWN).await && reads(&people, &helper, UNREGISTERED).await);
    });
    people.register.verify();
}

#[test]
fn a_code_that_was_not_used_dies_with_the_binding_that_the_office_ends() {
    let people = People::new();
    let own = people.token(Role::Organisation).unwrap();
    let account = people.passwords[&Role::Organisation].0.clone();
    block(async {
        let second = code(&people, &account, KNOWN).await;
        let other = code(&people, &account, UNREGISTERED).await;
        assert_eq!(end(&people, &account, KNOWN).await, StatusCode::NO_CONTENT);
        refused(&bind(&people, own, &second).await, StatusCode::BAD_REQUEST, "invitation_invalid");
        refused(&take_up(&people, &second, PASSWORD).await, StatusCode::BAD_REQUEST, "invitation_invalid");
        assert!(!reads(&people, own, KNOWN).await);
        assert_eq!(end(&people, &account, KNOWN).await, StatusCode::NOT_FOUND, "nothing more is bound");

        // A code for another organisation stays good, and so does one that the office makes after the end.
        assert_eq!(bind(&people, own, &other).await.status, StatusCode::CREATED);
        let anew = code(&people, &account, KNOWN).await;
        assert_eq!(bind(&people, own, &anew).await.status, StatusCode::CREATED);
        assert!(reads(&people, own, KNOWN).await && reads(&people, own, UNREGISTERED).await);
    });
    people.register.verify();
}
