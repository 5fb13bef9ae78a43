//! An edition of the rulebook proposed in the browser as an archive and by the API as files: told with what differs, never its own second person.

use crate::openapi::{compare, document};
use crate::people::{People, ask};
use crate::sessions::block;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use credence_app::access::archive_of;
use credence_app::rulebook::shipped_files;
use credence_domain::access::Role;
use serde_json::{Value, json};

fn by(people: &People, role: Role, method: Method, address: &str, body: Value) -> (StatusCode, Value) {
    block(ask(people, role, method, address, body))
}

fn codes(word: &str) -> String {
    let (_, text) = shipped_files().into_iter().find(|(path, _)| path == "codes.toml").unwrap();
    text.replace("重复的表头行（请删除）", &format!("重复的表头行（{word}）"))
}

/// A form with an archive, as a browser sends it.
fn form(people: &People, archive: &[u8], fields: &[(&str, &str)]) -> crate::register::Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let part = "--x\r\nContent-Disposition: form-data; name=\"archive\"; filename=\"rulebook.zip\"\r\nContent-Type: application/zip\r\n\r\n";
    body.extend_from_slice(part.as_bytes());
    body.extend_from_slice(archive);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request = Request::builder().method(Method::POST).uri("/workbench/editions");
    let request = request.header("content-type", "multipart/form-data; boundary=x");
    let request = request.header("authorization", format!("Bearer {}", people.token(Role::Office).unwrap()));
    block(people.register.ask(request.body(Body::from(body)).unwrap()))
}

#[test]
fn an_edition_is_proposed_told_and_refused_by_the_api() {
    let people = People::new();
    let office = |method: Method, address: &str, body: Value| by(&people, Role::Office, method, address, body);
    let changed = json!({ "files": { "codes.toml": codes("请予删除") }, "overlay": true, "reason": "用语统一" });
    for role in [Role::SystemAdmin, Role::SecurityAdmin, Role::Auditor, Role::Reviewer, Role::Clerk, Role::Key] {
        let refused = by(&people, role, Method::POST, "/api/v1/editions", changed.clone());
        assert_eq!(refused.0, StatusCode::FORBIDDEN, "{role}");
    }
    let broken = json!({ "files": { "codes.toml": "= 1" }, "overlay": true, "reason": "试" });
    let (status, refused) = office(Method::POST, "/api/v1/editions", broken);
    assert_eq!((status, &refused["code"]), (StatusCode::BAD_REQUEST, &json!("edition_refused")), "{refused}");
    assert!(refused["detail"].as_str().unwrap().contains("codes.toml:1"), "{refused}");
    let (status, proposed) = office(Method::POST, "/api/v1/editions", changed);
    assert_eq!((status, &proposed["kind"]), (StatusCode::CREATED, &json!("enactment")), "{proposed}");
    let document = document();
    let digest = proposed["subject"].as_str().unwrap();
    let (_, editions) = by(&people, Role::Auditor, Method::GET, "/api/v1/editions", Value::Null);
    compare(&document, &document["components"]["schemas"]["EditionPage"], &editions, "editions");
    assert_eq!(
        (&editions["items"][0]["state"], &editions["items"][0]["proposal"]),
        (&json!("proposed"), &proposed["id"])
    );
    let (_, found) = office(Method::GET, &format!("/api/v1/editions/{digest}"), Value::Null);
    compare(&document, &document["components"]["schemas"]["EditionDifference"], &found, "difference");
    assert_eq!(found["changes"].as_array().unwrap().len(), 1, "{found}");
    for unknown in ["0".repeat(64), "x".to_owned()] {
        assert_eq!(office(Method::GET, &format!("/api/v1/editions/{unknown}"), Value::Null).0, StatusCode::NOT_FOUND);
    }
    // Whoever asked is not who agrees.
    let answer = format!("/api/v1/proposals/{}/answer", proposed["id"].as_str().unwrap());
    let (status, own) = office(Method::POST, &answer, json!({ "approve": true }));
    assert_eq!((status, &own["code"]), (StatusCode::FORBIDDEN, &json!("four_eyes")));
    people.register.verify();
}

#[test]
fn an_archive_from_the_browser_is_taken_and_what_is_none_told() {
    let people = People::new();
    let (_, editions) = by(&people, Role::Office, Method::GET, "/api/v1/editions", Value::Null);
    let standing = editions["items"][0]["digest"].as_str().unwrap().to_owned();
    let address = format!("/api/v1/editions/{standing}/archive");
    let request = Request::builder().uri(&address);
    let request = request.header("authorization", format!("Bearer {}", people.token(Role::Office).unwrap()));
    let whole = block(people.register.ask(request.body(Body::empty()).unwrap()));
    assert_eq!((whole.status, whole.header("content-type")), (StatusCode::OK, "application/zip"));
    let files = [("rulebook/codes.toml", codes("请予删除")), ("rulebook/readme.txt", "not a rule".to_owned())];
    let archive = archive_of(files.map(|(path, text)| (path.to_owned(), text)).to_vec()).unwrap();
    for (content, fields, told) in [
        (&b"no archive"[..], &[("reason", "试"), ("overlay", "yes")][..], "不是ZIP压缩包"),
        (&archive, &[("reason", "试")], "未通过检查"),
        (&archive, &[("overlay", "yes"), ("reason", " ")], "理由"),
    ] {
        let refused = form(&people, content, fields);
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.text.contains(told) && refused.text.contains("role=\"alert\""), "{told}: {}", refused.text);
    }
    let proposed = form(&people, &archive, &[("overlay", "yes"), ("reason", "用语统一")]);
    assert_eq!(proposed.status, StatusCode::SEE_OTHER, "{}", proposed.text);
    let place = proposed.header("location").to_owned();
    let (_, page) = by(&people, Role::Office, Method::GET, &place, Value::Null);
    let page = page.as_str().unwrap();
    assert!(page.contains("请予删除") && page.contains("待复核") && page.contains("由另一人复核"), "{page}");
    let (_, home) = by(&people, Role::Office, Method::GET, "/workbench", Value::Null);
    assert!(home.as_str().unwrap().contains(&place), "the workbench leads to what waits");
    people.register.verify();
}
