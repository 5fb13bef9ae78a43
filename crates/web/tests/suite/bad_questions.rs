//! Every parameter of every route can be wrong, on both databases, and no answer to that is a fault of ours: it is read
//! as it stands or refused with a code of the code book, its field, and a Chinese text.

use crate::register::{KNOWN, Register};
use axum::http::StatusCode;
use credence_domain::access::Action;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use credence_web::Kind;
use serde_json::Value;
use tokio::runtime::Runtime;

/// Values that break programs, percent-encoded.
const VALUES: [&str; 18] = [
    "",
    "%00",
    "a%00b",
    "%FF%FE",
    "%25",
    "%27%20or%201%3D1--",
    "_",
    "%E2%80%AE%E4%BA%91%E6%B5%B7",
    "0",
    "-1",
    "101",
    "99999999999999999999",
    "1e9",
    "2026-02-30",
    "9999-12-31",
    "%3Cscript%3E",
    "00",
    "323032371f391f30",
];

fn document() -> Value {
    serde_json::from_str(include_str!("../../openapi.json")).unwrap()
}

/// Addresses with one parameter wrong: those of the document for programs, and the same questions for people.
fn addresses() -> Vec<String> {
    let document = document();
    let mut found = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let plain = path.replace("{uscc}", KNOWN).replace("{item}", "penalty").replace("{id}", "x");
        for value in VALUES {
            for parameter in operations["get"]["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                found.push(match parameter["in"].as_str() {
                    Some("header") => continue,
                    Some("path") => path.replace(&format!("{{{name}}}"), &format!("x{value}")),
                    _ => format!("{plain}?{name}={value}"),
                });
            }
        }
        found.push(format!("{plain}?q=a&q=b&limit=1&limit=2&cursor=1&cursor=1"));
    }
    let of_pages = [("/api/v1/organisations?", "/search?"), ("/api/v1/organisations?", "/search.csv?")];
    let of_lists =
        [("/api/v1/lists?", "/lists?"), ("/api/v1/lists?", "/lists.csv?"), ("/api/v1/lists?", "/lists.atom?")];
    for (from, to) in of_pages.into_iter().chain(of_lists) {
        let asked: Vec<String> =
            found.iter().filter_map(|address| address.strip_prefix(from)).map(str::to_owned).collect();
        found.extend(asked.into_iter().map(|rest| format!("{to}{rest}")));
    }
    found.retain(|address| !address.contains('{'));
    found
}

fn no_wrong_parameter_is_a_fault_of_ours(store: &TestStore) {
    let register = Register::with_a_penalty_in(store).with_daily();
    let runtime = Runtime::new().unwrap();
    let addresses = addresses();
    assert!(addresses.len() > 300, "{}", addresses.len());
    let codes = credence_app::rulebook::shipped().unwrap().codes;
    let mut refused = 0;
    for address in addresses {
        let answer = runtime.block_on(register.get(&address));
        assert!(answer.status.as_u16() < 500, "{address}: {} {}", answer.status, answer.text);
        if answer.status == StatusCode::OK || answer.status.is_redirection() {
            continue;
        }
        refused += 1;
        if address.starts_with("/api/") {
            assert_eq!(answer.header("content-type"), "application/problem+json", "{address}");
            let problem = answer.json();
            assert!(codes.error.contains_key(problem["code"].as_str().unwrap()), "{address}: {problem}");
            let detail = problem["detail"].as_str().unwrap();
            assert!(!detail.is_ascii() && !detail.contains("Failed"), "{address}: {problem}");
        } else {
            assert!(answer.header("content-type").starts_with("text/html"), "{address}");
        }
    }
    assert!(refused > 100, "{refused}");
}

fn a_number_that_cannot_be_read_names_its_field(store: &TestStore) {
    let register = Register::with_a_penalty_in(store);
    let runtime = Runtime::new().unwrap();
    for (address, field) in [
        ("/api/v1/organisations?limit=many", "limit"),
        ("/api/v1/organisations?limit=-1", "limit"),
        ("/api/v1/organisations?q=ab&q=cd", "q"),
        ("/api/v1/lists?limit=0", "limit"),
    ] {
        let problem = runtime.block_on(register.get(address)).json();
        assert_eq!((problem["code"].as_str(), problem["field"].as_str()), (Some("bad_parameter"), Some(field)));
    }
}

both_stores!(no_wrong_parameter_is_a_fault_of_ours, a_number_that_cannot_be_read_names_its_field);

#[test]
fn every_route_that_anyone_may_read_is_asked_wrongly() {
    let addresses = addresses();
    for route in credence_web::routes() {
        let documented =
            matches!(route.kind, Kind::Api) && route.action == Action::ReadPublic && route.path.contains('{');
        let stem = route.path.split('{').next().unwrap();
        assert!(!documented || addresses.iter().any(|address| address.starts_with(stem)), "{}", route.path);
    }
}
