//! A record is erased by two people, over the pages and over HTTP: asked for where the file is read, answered in the queue.

use crate::people::{People, ask};
use crate::register::KNOWN;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use credence_domain::access::Role;
use serde_json::{Value, json};

fn block<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

async fn form(people: &People, role: Role, address: &str, pairs: &[(&str, &str)]) -> crate::register::Answer {
    let request = Request::post(address)
        .header("cookie", format!("credence_session={}", people.token(role).unwrap()))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded");
    let body = serde_urlencoded::to_string(pairs).unwrap();
    people.register.ask(request.body(Body::from(body)).unwrap()).await
}

async fn public_ids(people: &People) -> Vec<String> {
    let address = format!("/api/v1/organisations/{KNOWN}/records?limit=100");
    let (_, found) = ask(people, Role::Clerk, Method::GET, &address, Value::Null).await;
    let items = found["items"].as_array().unwrap().iter();
    items.filter(|one| one["item"] == "penalty").map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_office_asks_over_http_and_only_another_person_of_its_own_agrees() {
    let people = People::new();
    let erasures = format!("/api/v1/organisations/{KNOWN}/erasures");
    block(async {
        let ids = public_ids(&people).await;
        let of =
            |record: &str, clause: &str, reason: &str| json!({"record": record, "clause": clause, "reason": reason});
        let asked = |body: Value| ask(&people, Role::Office, Method::POST, &erasures, body);
        for (body, status, code) in [
            (of(&ids[0], "because", "撤回同意"), StatusCode::BAD_REQUEST, "clause_unknown"),
            (of(&ids[0], "personal_information", " "), StatusCode::BAD_REQUEST, "reason_missing"),
            (of("x", "personal_information", "撤回同意"), StatusCode::BAD_REQUEST, "bad_parameter"),
            (of(&"0".repeat(32), "personal_information", "撤回同意"), StatusCode::NOT_FOUND, "not_found"),
        ] {
            let (found, problem) = asked(body.clone()).await;
            assert_eq!((found, &problem["code"]), (status, &code.into()), "{body} {problem}");
        }
        let (status, proposal) = asked(of(&ids[0], "personal_information", "撤回同意")).await;
        assert_eq!((status, &proposal["kind"]), (StatusCode::CREATED, &"erasure".into()), "{proposal}");
        assert_eq!(proposal["basis"], "个人信息保护法 四十七");
        let answer = format!("/api/v1/proposals/{}/answer", proposal["id"].as_str().unwrap());
        for role in [Role::Office, Role::Auditor, Role::Approver, Role::SecurityAdmin] {
            let (status, _) = ask(&people, role, Method::POST, &answer, json!({"approve": true})).await;
            assert!(matches!(status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND), "{role}: {status}");
        }
        assert_eq!(public_ids(&people).await, ids, "nothing is erased before it is agreed to");
        let (status, done) = ask(&people, Role::Reviewer, Method::POST, &answer, json!({"approve": true})).await;
        assert_eq!((status, &done["done"]["clause"]), (StatusCode::OK, &"personal_information".into()), "{done}");
        assert!(!public_ids(&people).await.contains(&ids[0]));
        let (_, again) = asked(of(&ids[0], "personal_information", "撤回同意")).await;
        assert_eq!(again["code"], "record_erased");
        // The organisation and its auditors are told; nobody else is.
        let file = |purpose: &str| format!("/api/v1/organisations/{KNOWN}/file?purpose={purpose}");
        for (role, purpose, told) in [
            (Role::Organisation, "self", 1),
            (Role::Auditor, "audit", 1),
            (Role::Office, "data_quality", 0),
            (Role::Inspector, "inspection", 0),
        ] {
            let (status, found) = ask(&people, role, Method::GET, &file(purpose), Value::Null).await;
            assert_eq!(status, StatusCode::OK, "{role}: {found}");
            assert_eq!(found["erased"].as_array().unwrap().len(), told, "{role}: {found}");
            assert!(found["records"].as_array().unwrap().iter().all(|record| record["id"] != ids[0].as_str()));
            if told == 1 {
                assert_eq!(
                    (&found["erased"][0]["id"], &found["erased"][0]["act"]),
                    (&json!(ids[0]), &done["done"]["act"])
                );
            }
        }
    });
    people.register.verify();
}

#[test]
fn the_office_asks_where_it_reads_the_file_and_the_queue_answers() {
    let people = People::new();
    block(async {
        let read = [("uscc", KNOWN), ("purpose", "data_quality"), ("case", "")];
        let page = form(&people, Role::Office, "/workbench/file", &read).await.text;
        assert!(page.contains("提请依法删除") && page.contains("个人信息保护法 四十七"), "{page}");
        let auditor = [("uscc", KNOWN), ("purpose", "audit"), ("case", "")];
        let seen = form(&people, Role::Auditor, "/workbench/file", &auditor).await.text;
        assert!(!seen.contains("提请依法删除") && !seen.contains("已依法删除的记录"));
        let ids = public_ids(&people).await;
        let id = ids.iter().find(|id| page.contains(id.as_str())).unwrap();
        let fields = [("uscc", KNOWN), ("record", id.as_str()), ("clause", "court_order"), ("reason", "判决已生效")];
        let refused = form(&people, Role::Reviewer, "/workbench/erasures", &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let asked = form(&people, Role::Office, "/workbench/erasures", &fields).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
        let request = Request::get("/workbench")
            .header("cookie", format!("credence_session={}", people.token(Role::Reviewer).unwrap()));
        let queue = people.register.ask(request.body(Body::empty()).unwrap()).await.text;
        assert!(queue.contains("依法删除") && queue.contains("行政诉讼法 九十四"), "{queue}");
        let proposal = queue.split("action=\"/workbench/proposals/").nth(1).unwrap().split('"').next().unwrap();
        let address = format!("/workbench/proposals/{proposal}");
        let done = form(&people, Role::Reviewer, &address, &[("answer", "approve"), ("reason", "")]).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        let seen = form(&people, Role::Auditor, "/workbench/file", &auditor).await.text;
        assert!(seen.contains("已依法删除的记录") && seen.contains(id.as_str()), "{seen}");
        assert!(!public_ids(&people).await.contains(id));
    });
    people.register.verify();
}
