//! Requests of every route in several roles: rubbish, and mutations of what a client would send. The properties are those of
//! `fuzz/`.

use crate::people::People;
use crate::register::{KNOWN, PENALTIES};
use axum::http::StatusCode;
use credence_domain::access::Role;
use std::cell::RefCell;
use std::collections::BTreeMap;

#[path = "../../../../fuzz/src/mutate.rs"]
mod mutate;
#[path = "../../../../fuzz/src/web.rs"]
mod targets;

/// What some routes want to be told.
const BODIES: [(&str, &str); 5] = [
    ("/api/v1/sessions", r#"{"account":"office","password":"x","code":"000000"}"#),
    ("/api/v1/conflicts", r#"{"uscc":"91379900MA0TE5T16G","name":"云海岳泰","reason":"核对","resolution":"kept"}"#),
    ("/api/v1/webhooks", r#"{"url":"https://receiver.example/","item":"penalty","area":"","reason":"试"}"#),
    ("/api/v1/log/add-checkpoint", "old 0\n\nlog.example\n1\nAAAA\n\n— log.example AAAA\n"),
    ("", r#"{"reason":"试办","approve":true,"fields":["CF_SY"],"clause":"x","account":"a","role":"clerk","unit":"x"}"#),
];

fn seeds() -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for route in credence_web::routes() {
        let address = route.path.replace("{uscc}", KNOWN).replace("{*path}", "tile/0/000").replace("{item}", "penalty");
        let address = address.replace(['{', '}'], "");
        let said = BODIES.iter().find(|(path, _)| route.path.starts_with(path)).map_or("", |(_, body)| body);
        let question = "q=%E4%BA%91%E6%B5%B7&limit=2&cursor=AAAA&after=0&as_of=2026-05-01&purpose=approval&case=1";
        let asked = match route.method {
            "GET" => {
                found.push(format!("GET {address}\n\n"));
                format!("GET {address}?{question}\n\n")
            }
            method if route.path == "/api/v1/batches" => {
                format!("{method} {address}?filename=a.csv&sequence=1&item=penalty\ntext/csv\n\n{PENALTIES}")
            }
            method => format!("{method} {address}\napplication/json\n\n{said}"),
        };
        found.push(asked);
    }
    found.into_iter().map(String::into_bytes).collect()
}

#[test]
fn requests() {
    let mut people = People::new();
    let (register, _intake) = people.register.with_intake();
    people.register = register.with_daily();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answers: RefCell<BTreeMap<StatusCode, usize>> = RefCell::default();
    assert_eq!(people.token(Role::Public), None);
    for role in [Role::Public, Role::Office, Role::Clerk, Role::Key, Role::Organisation] {
        let property = |data: &[u8]| {
            let Some(request) = targets::request(data, people.token(role)) else { return };
            let asked = format!("{} {}", request.method(), request.uri());
            // A stream does not end: how it begins is enough.
            if asked.contains("/changes") && data.windows(6).any(|six| six == b"follow") {
                return;
            }
            let answer = runtime.block_on(people.register.ask(request));
            *answers.borrow_mut().entry(answer.status).or_default() += 1;
            targets::judge(&asked, answer.status, answer.header("content-type"), &answer.text);
        };
        mutate::feed(property, &seeds(), 300);
    }
    let answers = answers.into_inner();
    let seen = |status: StatusCode| answers.get(&status).copied().unwrap_or_default();
    assert!(seen(StatusCode::OK) > 200 && seen(StatusCode::BAD_REQUEST) > 200, "{answers:?}");
}
