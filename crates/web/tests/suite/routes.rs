//! Every route of the table is served, and every answer carries the same protection.

use crate::register::Register;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use credence_domain::access::Action;

#[tokio::test]
async fn every_route_of_the_table_answers_and_none_stands_twice() {
    let register = Register::empty().with_daily().with_security_contact("mailto:security@credit.example");
    let routes = credence_web::routes();
    for route in &routes {
        assert_eq!(routes.iter().filter(|other| other.path == route.path && other.method == route.method).count(), 1);
        let address = route.path.replace("{uscc}", "91379900MA0TE5T16G").replace("{name}", "x");
        let address = address.replace("{item}", "x").replace("{id}", "x").replace("{area}", "x");
        let address = address.replace("{account}", "x").replace("{number}", "x");
        let address =
            address.replace("{digest}", "x").replace("{webhook}", "x").replace("{act}", "x").replace("{*path}", "x");
        let request = Request::builder().method(route.method).uri(&address).body(Body::empty()).unwrap();
        let answer = register.ask(request).await;
        // What is named is not there, and no witness has cosigned anything.
        let named = route.path.contains('{') || route.path.ends_with("/cosigned");
        let expected = match route.action {
            Action::ReadPublic if named => StatusCode::NOT_FOUND,
            Action::ReadPublic => StatusCode::OK,
            // Nothing came with it.
            Action::SignIn if route.method == "POST" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Action::SignIn => StatusCode::OK,
            _ => StatusCode::UNAUTHORIZED,
        };
        assert_eq!(answer.status, expected, "{address}: {}", answer.text);
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{address}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{address}");
        assert!(answer.headers.get("set-cookie").is_none(), "{address}");
        assert!(!answer.header("cache-control").is_empty(), "{address}");
    }
}

#[tokio::test]
async fn the_assets_that_a_page_names_are_there_and_may_be_kept_for_a_year() {
    let register = Register::empty();
    let home = register.get("/").await.text;
    let named: Vec<&str> = home.split('"').filter(|part| part.starts_with("/assets/")).collect();
    assert_eq!(named.len(), 3);
    for address in named {
        let answer = register.get(address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        assert!(answer.header("cache-control").contains("immutable"), "{address}");
    }
}
