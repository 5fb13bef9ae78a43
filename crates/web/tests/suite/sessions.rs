//! Signing in and out, what opens a session and what ends it, and what a stolen, cut or foreign token opens: nothing.

use crate::people::People;
use crate::register::{Answer, KNOWN, Register, UNREGISTERED};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use credence_app::account;
use credence_domain::access::Role;
use credence_web::Kind;
use serde_json::{Value, json};

pub fn block<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

pub async fn send(register: &Register, method: Method, address: &str, token: Option<&str>, body: Value) -> Answer {
    let mut request = Request::builder().method(method).uri(address).header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    register.ask(request.body(Body::from(body.to_string())).unwrap()).await
}

pub async fn sign_in(register: &Register, account: &str, password: &str) -> Answer {
    send(register, Method::POST, "/api/v1/sessions", None, json!({"account": account, "password": password})).await
}

#[test]
fn a_session_opens_pages_and_api_until_it_is_ended() {
    let people = People::new();
    let (account, password) = &people.passwords[&Role::Clerk];
    block(async {
        let answer = sign_in(&people.register, account, password).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let said = answer.json();
        assert_eq!(said["role"], "clerk");
        assert!(said["expires_at"].as_str().unwrap().starts_with("2026-05-13T"));
        let token = said["token"].as_str().unwrap().to_owned();
        for address in ["/workbench", "/account", "/api/v1/sessions"] {
            let answer = send(&people.register, Method::GET, address, Some(&token), Value::Null).await;
            assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"), "{address}");
        }
        let ended = send(&people.register, Method::DELETE, "/api/v1/sessions/current", Some(&token), Value::Null).await;
        assert_eq!(ended.status, StatusCode::NO_CONTENT);
        for address in ["/workbench", "/api/v1/sessions", "/", "/api/v1/organisations"] {
            let answer = send(&people.register, Method::GET, address, Some(&token), Value::Null).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{address}");
        }
        // Whatever programs ask is refused in the form for programs.
        let for_programs = |route: &credence_web::Route| matches!(route.kind, Kind::Api | Kind::Operation);
        for route in credence_web::routes().into_iter().filter(|route| route.method == "GET" && for_programs(route)) {
            let answer = send(&people.register, Method::GET, route.path, Some(&token), Value::Null).await;
            let said = (answer.status, answer.header("content-type"), answer.header("www-authenticate"));
            assert_eq!(said, (StatusCode::UNAUTHORIZED, "application/problem+json", "Bearer"), "{}", route.path);
        }
        let refused = sign_in(&people.register, account, "wrong").await;
        assert_eq!((refused.status, refused.header("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
    });
    people.register.verify();
}

/// Whoever is signed in by another site's page works, unknowing, under another's name.
#[test]
fn a_page_of_another_site_signs_nobody_in() {
    let people = People::new();
    let (account, password) = &people.passwords[&Role::Clerk];
    let body = serde_urlencoded::to_string([("account", account.as_str()), ("password", password.as_str())]).unwrap();
    block(async {
        let from = |pairs: &[(&'static str, &'static str)]| {
            let asked = Request::post("/sign-in").header("content-type", "application/x-www-form-urlencoded");
            let asked = pairs.iter().fold(asked, |asked, (name, value)| asked.header(*name, *value));
            asked.body(Body::from(body.clone())).unwrap()
        };
        for foreign in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site"), ("origin", "http://evil.example")],
            &[("origin", "http://evil.example"), ("host", "credit.example")],
            &[("origin", "null"), ("host", "credit.example")],
        ] {
            let answer = people.register.ask(from(foreign)).await;
            assert_eq!((answer.status, answer.header("set-cookie")), (StatusCode::FORBIDDEN, ""), "{foreign:?}");
        }
        for ours in
            [&[][..], &[("sec-fetch-site", "same-origin")], &[("origin", "https://a.example"), ("host", "a.example")]]
        {
            let answer = people.register.ask(from(ours)).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{ours:?}");
        }
    });
}

#[test]
fn truncated_foreign_and_made_up_tokens_open_nothing() {
    let people = People::new();
    let token = people.token(Role::Office).unwrap().to_owned();
    let cut = token[..token.len() - 1].to_owned();
    let made_up = format!("session_{}", "0".repeat(64));
    block(async {
        for wrong in [cut.as_str(), made_up.as_str(), "session_", "x", &token.to_uppercase()] {
            let answer = send(&people.register, Method::GET, "/api/v1/batches", Some(wrong), Value::Null).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{wrong}");
        }
        // Two at once open nothing, whichever is right.
        for pair in [[token.as_str(), made_up.as_str()], [made_up.as_str(), token.as_str()], [&token, &token]] {
            let asked = pair.iter().fold(Request::get("/api/v1/batches"), |asked, one| {
                asked.header("authorization", format!("Bearer {one}"))
            });
            let answer = people.register.ask(asked.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{pair:?}");
        }
    });
}

#[test]
fn every_refusal_to_sign_in_reads_the_same_and_the_fifth_locks_for_a_quarter_of_an_hour() {
    let people = People::new();
    let (account, password) = people.passwords[&Role::Window].clone();
    block(async {
        let unknown = sign_in(&people.register, "nobody-at-all", "x").await;
        for _ in 0..5 {
            let wrong = sign_in(&people.register, &account, "Wrong-password-1").await;
            assert_eq!((wrong.status, &wrong.text), (StatusCode::UNAUTHORIZED, &unknown.text));
        }
        assert_eq!(sign_in(&people.register, &account, &password).await.text, unknown.text, "locked");
    });
    people.register.move_to(jiff::civil::date(2026, 5, 14));
    block(async {
        assert_eq!(sign_in(&people.register, &account, &password).await.status, StatusCode::CREATED, "no longer");
    });
}

#[test]
fn who_is_suspended_or_whose_time_is_over_is_signed_out_at_once() {
    let people = People::new();
    let token = people.token(Role::Inspector).unwrap().to_owned();
    let account = people.passwords[&Role::Inspector].0.clone();
    block(async {
        let address = format!("/api/v1/accounts/{account}/suspension");
        let by = people.token(Role::SystemAdmin);
        let missing = send(&people.register, Method::POST, &address, by, json!({"reason": " "})).await;
        assert_eq!((missing.status, &missing.json()["code"]), (StatusCode::BAD_REQUEST, &"reason_missing".into()));
        let done = send(&people.register, Method::POST, &address, by, json!({"reason": "调离"})).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text);
        let answer = send(&people.register, Method::GET, "/account", Some(&token), Value::Null).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let again = send(&people.register, Method::POST, &address, by, json!({"reason": "调离"})).await;
        assert_eq!((again.status, &again.json()["code"]), (StatusCode::CONFLICT, &"account_state".into()));
    });
    // A session ends by itself after eight hours.
    let clerk = people.token(Role::Clerk).unwrap().to_owned();
    people.register.move_to(jiff::civil::date(2026, 5, 15));
    block(async {
        let answer = send(&people.register, Method::GET, "/account", Some(&clerk), Value::Null).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn an_account_needs_two_administrators_and_both_halves_of_its_invitation() {
    let people = People::new();
    let (system, security) = (people.token(Role::SystemAdmin), people.token(Role::SecurityAdmin));
    let asked = json!({
        "account": "new.reviewer", "role": "reviewer", "holder": "某审核员", "staff_number": "R-07",
        "unit": crate::register::AUTHORITY, "reason": "新到岗",
    });
    block(async {
        let entered = send(&people.register, Method::POST, "/api/v1/accounts", system, asked.clone()).await;
        assert_eq!(entered.status, StatusCode::CREATED, "{}", entered.text);
        let entered = entered.json();
        let answer = format!("/api/v1/proposals/{}/answer", entered["proposal"].as_str().unwrap());
        let yes = json!({"approve": true});
        let own = send(&people.register, Method::POST, &answer, system, yes.clone()).await;
        assert_eq!(own.status, StatusCode::FORBIDDEN, "{}", own.text);
        let granted = send(&people.register, Method::POST, &answer, security, yes.clone()).await;
        assert_eq!(granted.status, StatusCode::OK, "{}", granted.text);
        let granted = granted.json();
        let twice = send(&people.register, Method::POST, &answer, security, yes).await;
        assert_eq!((twice.status, &twice.json()["code"]), (StatusCode::CONFLICT, &"already_answered".into()));

        let password = "Tongguo-Shenhe-7";
        let with = |first: &Value, second: &Value, password: &str| json!({"first_half": first, "code": second, "password": password});
        let (first, second) = (&entered["first_half"], &granted["second_half"]);
        for body in [with(&"".into(), second, password), with(first, first, password), with(second, second, password)] {
            let half = send(&people.register, Method::POST, "/api/v1/invitations", None, body).await;
            assert_eq!((half.status, &half.json()["code"]), (StatusCode::BAD_REQUEST, &"invitation_invalid".into()));
        }
        let weak =
            send(&people.register, Method::POST, "/api/v1/invitations", None, with(first, second, "short")).await;
        assert_eq!((weak.status, &weak.json()["code"]), (StatusCode::BAD_REQUEST, &"password_weak".into()));
        let body = with(first, second, password);
        let taken = send(&people.register, Method::POST, "/api/v1/invitations", None, body.clone()).await;
        assert_eq!((taken.status, &taken.json()["account"]), (StatusCode::CREATED, &"new.reviewer".into()));
        let again = send(&people.register, Method::POST, "/api/v1/invitations", None, body).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "used up");
        assert_eq!(sign_in(&people.register, "new.reviewer", password).await.json()["role"], "reviewer");
        let taken = send(&people.register, Method::POST, "/api/v1/accounts", system, asked).await;
        assert_eq!((taken.status, &taken.json()["code"]), (StatusCode::CONFLICT, &"account_taken".into()));
    });
    people.register.verify();
}

#[test]
fn nobody_is_two_administrators() {
    let people = People::new();
    let system = people.token(Role::SystemAdmin);
    let asked = |account: &str, role: &str| {
        json!({
            "account": account, "role": role, "holder": "某人", "staff_number": "demo-audit_admin",
            "unit": crate::register::AUTHORITY, "reason": "兼任",
        })
    };
    block(async {
        let body = asked("second.hat", "security_admin");
        let refused = send(&people.register, Method::POST, "/api/v1/accounts", system, body).await;
        assert_eq!((refused.status, &refused.json()["code"]), (StatusCode::CONFLICT, &"administrators_apart".into()));
        let body = asked("other.hat", "clerk");
        let entered = send(&people.register, Method::POST, "/api/v1/accounts", system, body).await;
        assert_eq!(entered.status, StatusCode::CREATED);
    });
}

#[test]
fn a_second_factor_is_confirmed_asked_for_and_used_once() {
    let people = People::new();
    let token = people.token(Role::Auditor).unwrap().to_owned();
    let (account, password) = people.passwords[&Role::Auditor].clone();
    let place = "/api/v1/account/second-factor";
    block(async {
        let begun = send(&people.register, Method::POST, place, Some(&token), Value::Null).await;
        assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.text);
        let secret = begun.json()["secret"].as_str().unwrap().to_owned();
        let wrong = json!({"secret": secret, "code": "000000"});
        let wrong = send(&people.register, Method::PUT, place, Some(&token), wrong).await;
        assert_eq!(&wrong.json()["code"], "second_factor_wrong");
        let code = code(&secret, jiff::civil::date(2026, 5, 13));
        let right = json!({"secret": secret, "code": code});
        let kept = send(&people.register, Method::PUT, place, Some(&token), right).await;
        assert_eq!(kept.status, StatusCode::NO_CONTENT, "{}", kept.text);
        assert_eq!(sign_in(&people.register, &account, &password).await.status, StatusCode::UNAUTHORIZED);
        let with_code = json!({"account": account, "password": password, "code": code});
        let open = send(&people.register, Method::POST, "/api/v1/sessions", None, with_code.clone()).await;
        assert_eq!(open.status, StatusCode::CREATED, "{}", open.text);
        let again = send(&people.register, Method::POST, "/api/v1/sessions", None, with_code).await;
        assert_eq!(again.status, StatusCode::UNAUTHORIZED, "a code opens once");
    });
}

/// The code that an authenticator shows at noon of a day, when the clock of the register stands.
fn code(secret: &str, day: jiff::civil::Date) -> String {
    let noon = credence_app::Clock::fixed(day).now_micros() / 1_000_000;
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(noon).unwrap()).to_string()
}

#[test]
fn a_representative_is_bound_by_a_code_and_reads_only_what_he_speaks_for() {
    let people = People::new();
    let (office, own) = (people.token(Role::Office), people.token(Role::Organisation));
    let account = people.passwords[&Role::Organisation].0.clone();
    let file = |uscc: &str| format!("/api/v1/organisations/{uscc}/file?purpose=self");
    block(async {
        let mine = send(&people.register, Method::GET, &file(KNOWN), own, Value::Null).await;
        assert_eq!(mine.status, StatusCode::OK, "{}", mine.text);
        let foreign = send(&people.register, Method::GET, &file(UNREGISTERED), own, Value::Null).await;
        assert_eq!(foreign.status, StatusCode::FORBIDDEN);
        let asked = json!({"account": account, "uscc": UNREGISTERED});
        let bound = send(&people.register, Method::POST, "/api/v1/representatives", office, asked).await;
        assert_eq!(bound.status, StatusCode::CREATED, "{}", bound.text);
        let code = json!({"code": bound.json()["code"]});
        let place = "/api/v1/account/organisations";
        let wrong = send(&people.register, Method::POST, place, own, json!({"code": "AAAAA-AAAAA-AAAAA-AAAAA"})).await;
        assert_eq!(&wrong.json()["code"], "invitation_invalid");
        let taken = send(&people.register, Method::POST, place, own, code.clone()).await;
        assert_eq!((taken.status, &taken.json()["uscc"]), (StatusCode::CREATED, &UNREGISTERED.into()));
        let again = send(&people.register, Method::POST, place, own, code).await;
        assert_eq!(&again.json()["code"], "invitation_invalid", "used up");
        let now = send(&people.register, Method::GET, &file(UNREGISTERED), own, Value::Null).await;
        assert_eq!(now.status, StatusCode::OK);
        let end = format!("/api/v1/representatives/{account}/end");
        let body = json!({"uscc": UNREGISTERED, "reason": "变更代表人"});
        let ended = send(&people.register, Method::POST, &end, office, body).await;
        assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.text);
        let then = send(&people.register, Method::GET, &file(UNREGISTERED), own, Value::Null).await;
        assert_eq!(then.status, StatusCode::FORBIDDEN);
    });
    people.register.verify();
}

#[test]
fn a_read_needs_a_purpose_and_the_organisation_sees_who_looked() {
    let people = People::new();
    let file = format!("/api/v1/organisations/{KNOWN}/file");
    let access = format!("/api/v1/organisations/{KNOWN}/access");
    let window = people.token(Role::Window);
    block(async {
        let refused = |query: &'static str, code: &'static str, status: StatusCode| {
            let (register, address) = (&people.register, format!("{file}{query}"));
            async move {
                let answer = send(register, Method::GET, &address, window, Value::Null).await;
                assert_eq!((answer.status, &answer.json()["code"]), (status, &code.into()), "{query}");
            }
        };
        refused("", "purpose_required", StatusCode::BAD_REQUEST).await;
        refused("?purpose=curiosity", "purpose_unknown", StatusCode::BAD_REQUEST).await;
        refused("?purpose=approval", "case_required", StatusCode::BAD_REQUEST).await;
        refused("?purpose=audit", "forbidden", StatusCode::FORBIDDEN).await;
        let read = format!("{file}?purpose=approval&case=%E5%8A%9E%E4%BB%B6-1");
        let answer = send(&people.register, Method::GET, &read, window, Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let investigated = format!("{file}?purpose=investigation&case=A-1");
        let auditor = people.token(Role::Auditor);
        assert_eq!(
            send(&people.register, Method::GET, &investigated, auditor, Value::Null).await.status,
            StatusCode::OK
        );

        let own = people.token(Role::Organisation);
        let looks = send(&people.register, Method::GET, &access, own, Value::Null).await.json();
        let items = looks["items"].as_array().unwrap();
        assert_eq!(items.len(), 1, "refusals are no looks, and an investigation is not told yet: {looks}");
        assert_eq!(
            (&items[0]["purpose"], &items[0]["case_number"], &items[0]["role"]),
            (&"approval".into(), &"办件-1".into(), &"window".into())
        );
        assert!(items[0].get("account").is_none());
        let all = send(&people.register, Method::GET, &access, auditor, Value::Null).await.json();
        assert_eq!(all["items"].as_array().unwrap().len(), 2);
        assert!(all["items"][0]["account"].is_string());
    });
    people.register.verify();
}

#[test]
fn an_unusual_hour_opens_an_incident_that_the_audit_administrator_works_off_alone() {
    let people = People::new();
    // The clock stands just before midnight in Shanghai and goes on with each look.
    people.register.move_to_last_instant(jiff::civil::date(2026, 5, 12));
    let file = format!("/api/v1/organisations/{KNOWN}/file?purpose=supervision");
    let (inspector, admin) = (people.token(Role::Inspector), people.token(Role::AuditAdmin));
    block(async {
        for _ in 0..12 {
            let answer = send(&people.register, Method::GET, &file, inspector, Value::Null).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        }
        let found = send(&people.register, Method::GET, "/api/v1/incidents", admin, Value::Null).await.json();
        let items = found["items"].as_array().unwrap();
        assert_eq!((items.len(), &items[0]["rule"]), (1, &"hours".into()), "{found}");
        assert_eq!(items[0]["account"], "demo-inspector");
        let place = format!("/api/v1/incidents/{}/step", items[0]["id"].as_str().unwrap());
        let go = |body: Value| send(&people.register, Method::POST, &place, admin, body);
        let early = go(json!({"step": "close", "finding": "x"})).await;
        assert_eq!((early.status, &early.json()["code"]), (StatusCode::CONFLICT, &"incident_state".into()));
        assert_eq!(go(json!({"step": "take"})).await.json()["owner"], "demo-audit-admin");
        assert_eq!(go(json!({"step": "hand_over", "finding": ""})).await.json()["code"], "reason_missing");
        let handed = json!({"step": "hand_over", "finding": "夜间批量查询，无任务单", "handed_to": "驻局纪检监察组"});
        assert_eq!(go(handed).await.json()["state"], "handed_over");
        let closed = go(json!({"step": "close", "finding": "已告知受影响主体"})).await.json();
        assert_eq!(closed["state"], "closed");
        assert!(closed["notified_at"].is_string());
        let by_auditor =
            send(&people.register, Method::GET, "/api/v1/incidents", people.token(Role::Auditor), Value::Null);
        assert_eq!(by_auditor.await.status, StatusCode::FORBIDDEN);
    });
    people.register.verify();
}

#[test]
fn an_investigation_is_told_when_it_is_over() {
    let people = People::new();
    let auditor = people.token(Role::Auditor);
    let read = format!("/api/v1/organisations/{KNOWN}/file?purpose=investigation&case=C-9");
    let access = format!("/api/v1/organisations/{KNOWN}/access");
    block(async {
        assert_eq!(send(&people.register, Method::GET, &read, auditor, Value::Null).await.status, StatusCode::OK);
        let own = people.token(Role::Organisation);
        let none = send(&people.register, Method::GET, &access, own, Value::Null).await.json();
        assert_eq!(none["items"], json!([]));
        let over = json!({"case": "C-9", "reason": "已结案"});
        let ended = send(&people.register, Method::POST, "/api/v1/investigations/end", auditor, over.clone()).await;
        assert_eq!((ended.status, &ended.json()["shown"]), (StatusCode::OK, &1.into()), "{}", ended.text);
        let told = send(&people.register, Method::GET, &access, own, Value::Null).await.json();
        assert_eq!(told["items"][0]["case_number"], "C-9");
        let again = send(&people.register, Method::POST, "/api/v1/investigations/end", auditor, over).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    });
    people.register.verify();
}

#[test]
fn a_withdrawal_needs_a_reason_and_a_second_person_of_the_unit() {
    let people = People::new();
    let batch = people.own_batch_of(Role::Clerk);
    let (clerk, approver) = (people.token(Role::Clerk), people.token(Role::Approver));
    block(async {
        let ask = format!("/api/v1/batches/{batch}/withdrawal");
        let missing = send(&people.register, Method::POST, &ask, clerk, json!({"reason": ""})).await;
        assert_eq!(&missing.json()["code"], "reason_missing");
        let foreign = format!("/api/v1/batches/{}/withdrawal", people.foreign_batch);
        let foreign = send(&people.register, Method::POST, &foreign, clerk, json!({"reason": "报错"})).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
        let asked = send(&people.register, Method::POST, &ask, clerk, json!({"reason": "整批报错"})).await;
        assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.text);
        let twice = send(&people.register, Method::POST, &ask, approver, json!({"reason": "整批报错"})).await;
        assert_eq!(&twice.json()["code"], "already_proposed");
        let answer = format!("/api/v1/proposals/{}/answer", asked.json()["id"].as_str().unwrap());
        let own = send(&people.register, Method::POST, &answer, clerk, json!({"approve": true})).await;
        assert_eq!(own.status, StatusCode::FORBIDDEN, "a clerk is no second person");
        let done = send(&people.register, Method::POST, &answer, approver, json!({"approve": true})).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        assert_eq!(done.json()["done"]["state"], "withdrawn");
        let batch = send(&people.register, Method::GET, &format!("/api/v1/batches/{batch}"), clerk, Value::Null).await;
        assert_eq!(batch.json()["state"], "withdrawn");
    });
    people.register.verify();
}

#[test]
fn who_leaves_hands_over_and_never_signs_in_again() {
    let people = People::new();
    let (account, password) = people.passwords[&Role::Reviewer].clone();
    block(async {
        let end = format!("/api/v1/accounts/{account}/end");
        let by = people.token(Role::SystemAdmin);
        let done = send(&people.register, Method::POST, &end, by, json!({"reason": "退休"})).await;
        assert_eq!((done.status, &done.json()["handed_over"]), (StatusCode::OK, &0.into()), "{}", done.text);
        assert_eq!(sign_in(&people.register, &account, &password).await.status, StatusCode::UNAUTHORIZED);
        let resume = format!("/api/v1/accounts/{account}/resumption");
        let resumed = send(&people.register, Method::POST, &resume, by, json!({"reason": "返聘"})).await;
        assert_eq!(&resumed.json()["code"], "account_state");
    });
}

#[test]
fn a_form_from_another_site_does_nothing_with_the_cookie() {
    let people = People::new();
    let token = people.token(Role::Clerk).unwrap();
    block(async {
        let post = |site: &'static str| {
            Request::post("/account/sessions")
                .header("cookie", format!("credence_session={token}"))
                .header("sec-fetch-site", site)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from("number=x"))
                .unwrap()
        };
        assert_eq!(people.register.ask(post("cross-site")).await.status, StatusCode::FORBIDDEN);
        assert_eq!(people.register.ask(post("same-origin")).await.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn what_cannot_be_read_is_refused_with_a_code_and_never_repeated() {
    let people = People::new();
    block(async {
        let twice = r#"{"account":"a","account":"b","password":"p"}"#;
        for body in [r#"{"account":"a"}"#, twice, "[[[[", r#"{"x":1}"#, r#"["a","p"]"#, "null", ""] {
            let request = Request::post("/api/v1/sessions").header("content-type", "application/json");
            let answer = people.register.ask(request.body(Body::from(body)).unwrap()).await;
            assert_eq!(
                (answer.status, &answer.json()["code"]),
                (StatusCode::BAD_REQUEST, &"bad_body".into()),
                "{body}"
            );
        }
        let form = Request::post("/api/v1/sessions").header("content-type", "application/x-www-form-urlencoded");
        let answer = people.register.ask(form.body(Body::from("account=a&password=p")).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "the interface takes JSON alone");
        let deep = "[".repeat(100_000);
        let request = Request::post("/api/v1/sessions").header("content-type", "application/json");
        let answer = people.register.ask(request.body(Body::from(deep)).unwrap()).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        let secret = "Geheimnis-4711-xyz";
        let answer = sign_in(&people.register, "clerk", secret).await;
        assert!(!answer.text.contains(secret));
    });
}

#[test]
fn only_a_demonstration_has_accounts_whose_passwords_are_printed() {
    let (register, desk) = Register::with_a_penalty().with_desk();
    let uscc = credence_domain::subject::Uscc::parse(KNOWN).unwrap();
    let opened = credence_app::demonstration::open_accounts(&register.service(), &desk, &|_| String::new(), uscc);
    assert_eq!(opened.unwrap_err().code(), "bad_parameter");
    assert!(account::list(&register.service()).unwrap().is_empty());
}
