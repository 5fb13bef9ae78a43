//! The matrix of roles and routes (`tests/role_matrix.txt`) is what people review; here every route is asked in every role.

use crate::people::{OTHER, People};
use crate::register::{AUTHORITY, KNOWN, UNREGISTERED};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use credence_domain::access::Role;
use std::collections::BTreeMap;

const MATRIX: &str = include_str!("../role_matrix.txt");

/// What a role may expect of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Allow,
    Deny,
    Own,
}

/// The matrix as people wrote it.
fn matrix() -> Vec<(&'static str, &'static str, BTreeMap<Role, Expected>)> {
    let lines = MATRIX.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split(' ');
            let (method, path) = (words.next().unwrap(), words.next().unwrap());
            let mut cells = BTreeMap::new();
            for word in words {
                let (role, expected) = word.split_once('=').unwrap();
                let known = [("allow", Expected::Allow), ("deny", Expected::Deny), ("own", Expected::Own)];
                let expected = known.into_iter().find(|(word, _)| *word == expected).unwrap().1;
                let role = Role::from_code(role).unwrap();
                assert!(cells.insert(role, expected).is_none(), "{line}: {role} twice");
            }
            (method, path, cells)
        })
        .collect()
}

#[test]
fn every_route_has_one_line_with_every_role_and_no_line_is_without_a_route() {
    let (matrix, routes) = (matrix(), credence_web::routes());
    for route in &routes {
        let lines = matrix.iter().filter(|(method, path, _)| (*method, *path) == (route.method, route.path)).count();
        assert_eq!(lines, 1, "{} {}", route.method, route.path);
    }
    for (method, path, cells) in &matrix {
        assert!(routes.iter().any(|r| (r.method, r.path) == (*method, *path)), "{method} {path} is no route");
        assert_eq!(cells.len(), Role::ALL.len(), "{method} {path}");
    }
}

#[test]
fn every_route_answers_every_role_as_the_matrix_says() {
    let mut people = People::new();
    let (register, _intake) = people.register.with_intake();
    people.register = register.with_daily();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut matrix = matrix();
    // Whoever signs out can ask nothing more.
    matrix.sort_by_key(|(_, path, _)| *path == "/sign-out");
    let mut wrong = Vec::new();
    for (method, path, cells) in matrix {
        for (role, expected) in cells {
            let path = &match expected {
                Expected::Own if path.ends_with("/file") => format!("{path}?purpose=self"),
                _ => path.to_owned(),
            };
            let of_a_unit = path.starts_with("/api/v1/units/");
            let (mine, theirs) = if of_a_unit { (AUTHORITY, OTHER) } else { (KNOWN, UNREGISTERED) };
            let foreign = filled(path, theirs, &people.foreign_batch);
            let own = filled(path, mine, &people.own_batch_of(role));
            let mut check = |address: &str, holds: &dyn Fn(StatusCode) -> bool| {
                let status = runtime.block_on(ask(&people, role, method, address));
                if !holds(status) || status.is_server_error() {
                    wrong.push(format!("{method} {address} as {role}: {status}, expected {expected:?}"));
                }
            };
            match expected {
                Expected::Allow => check(&own, &|status| !is_refusal(status)),
                Expected::Deny if role == Role::Public => check(&own, &|status| status == StatusCode::UNAUTHORIZED),
                Expected::Deny => check(&own, &|status| status == StatusCode::FORBIDDEN),
                Expected::Own => {
                    check(&own, &|status| !is_refusal(status));
                    check(&foreign, &|status| is_refusal(status) || status == StatusCode::NOT_FOUND);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_refusal(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

/// An address of a route, about this organisation and this batch.
fn filled(path: &str, uscc: &str, batch: &str) -> String {
    let address = path
        .replace("{uscc}", uscc)
        .replace("{id}", batch)
        .replace("{account}", "nobody-at-all")
        .replace("{area}", "x")
        .replace("{webhook}", "W0")
        .replace("{digest}", "x")
        .replace("{act}", "x")
        .replace("{*path}", "0/000");
    address.replace("{item}", "penalty").replace("{name}", "x").replace("{number}", "x")
}

async fn ask(people: &People, role: Role, method: &str, address: &str) -> StatusCode {
    let mut request = Request::builder().method(method).uri(address).header("content-type", "application/json");
    if let Some(token) = people.token(role) {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let body = if address.ends_with("/withdrawal") { r#"{"reason":"试办"}"# } else { "{}" };
    people.register.ask(request.body(Body::from(body)).unwrap()).await.status
}
