//! An objection over HTTP: the organisation files for itself alone, a unit enters papers, who may decide decides, the public sees the
//! mark beside the record and nothing of the case.

use crate::openapi::{compare, document};
use crate::people::{People, ask};
use crate::register::{AUTHORITY, KNOWN};
use axum::http::{Method, StatusCode};
use credence_domain::access::Role;
use serde_json::{Value, json};

async fn page(people: &People, role: Role, address: &str) -> String {
    let (status, text) = ask(people, role, Method::GET, address, Value::Null).await;
    assert_eq!(status, StatusCode::OK, "{address}: {text}");
    text.as_str().unwrap().to_owned()
}

#[test]
fn an_objection_goes_its_way_through_the_roles_and_its_mark_through_every_channel() {
    let people = People::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (base, document) = ("/api/v1/objections", document());
        let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let records = format!("/api/v1/organisations/{KNOWN}/records?limit=100");
        let of_public = || ask(&people, Role::Public, Method::GET, &records, Value::Null);
        let (_, found) = of_public().await;
        let penalty = found["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["item"] == "penalty" && one["authority"] == AUTHORITY);
        let penalty = penalty.unwrap().clone();
        let (record, authority) = (penalty["id"].clone(), penalty["authority"].clone());
        assert_eq!(penalty["marks"], json!([]));
        let file = |role, body| ask(&people, role, Method::POST, base, body);
        let asked =
            json!({ "matter": "objection", "record": record, "ground": "罚款金额有误", "contested": ["content"] });
        assert_eq!(file(Role::Public, asked.clone()).await.0, StatusCode::UNAUTHORIZED);
        assert_eq!(file(Role::Reviewer, asked.clone()).await.0, StatusCode::FORBIDDEN);
        let (status, problem) = file(Role::Office, asked.clone()).await;
        assert_eq!(
            (status, &problem["code"]),
            (StatusCode::FORBIDDEN, &json!("forbidden")),
            "a unit enters papers alone"
        );
        let (status, problem) =
            file(Role::Organisation, json!({ "matter": "objection", "record": record, "ground": "x" })).await;
        assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("objection_contested_missing")));
        let (status, case) = file(Role::Organisation, asked.clone()).await;
        assert_eq!(
            (status, &case["state"], &case["marked"]),
            (StatusCode::CREATED, &json!("filed"), &json!(true)),
            "{case}"
        );
        let number = case["number"].as_str().unwrap().to_owned();
        let mut paper = asked.clone();
        paper["channel"] = json!({ "channel": "paper", "reference": "信访1号" });
        let (_, joined) = file(Role::Office, paper).await;
        assert_eq!((&joined["number"], &joined["statements"]), (&case["number"], &json!(2)));

        // Everywhere at once.
        let (_, found) = of_public().await;
        let marked = found["items"].as_array().unwrap().iter().find(|one| one["id"] == record).unwrap();
        assert_eq!(
            (&marked["marks"][0]["kind"], &marked["marks"][0]["text"]),
            (&json!("objection"), &json!("异议处理中"))
        );
        compare(&document, &schema("Record"), marked, "record");
        for address in
            [format!("/organisations/{KNOWN}"), "/lists?item=penalty".to_owned(), "/lists.csv?item=penalty".to_owned()]
        {
            let text = page(&people, Role::Public, &address).await;
            assert!(text.contains("异议处理中"), "{address}");
            assert!(!text.contains(&number), "{address} says nothing of the case");
        }
        let (_, list) = ask(&people, Role::Public, Method::GET, "/api/v1/lists?item=penalty", Value::Null).await;
        assert!(list.to_string().contains("异议处理中"), "{list}");

        let address = format!("{base}/{number}");
        let steps = format!("{address}/steps");
        let step = |role, body| ask(&people, role, Method::POST, &steps, body);
        let decide = json!({ "act": "decide", "outcome": "rejected", "reason": "核查无误" });
        assert_eq!(step(Role::Clerk, decide.clone()).await.0, StatusCode::FORBIDDEN, "a clerk decides nothing");
        assert_eq!(step(Role::Organisation, decide.clone()).await.0, StatusCode::FORBIDDEN);
        let (status, case) = step(Role::Reviewer, decide).await;
        assert_eq!((status, &case["state"]), (StatusCode::OK, &json!("decided")), "{case}");
        assert_eq!(case["letters"][0]["kind"], "objection_result");
        // No day to appeal runs before the answer was served, as the page says too.
        assert_eq!((&case["decision"]["appeal_until"], &case["decision"]["appeal_days"]), (&Value::Null, &json!(5)));
        let delivery = json!({ "mode": "direct", "on": "2026-05-13", "proof": "回证1号" });
        let serve = json!({ "act": "serve", "delivery": delivery });
        assert_eq!(step(Role::Organisation, serve.clone()).await.0, StatusCode::FORBIDDEN, "nobody serves himself");
        let text = page(&people, Role::Office, &format!("/workbench/objections/{number}")).await;
        assert!(text.contains("尚未登记送达，救济期限尚未起算") && text.contains("value=\"serve\""), "{text}");
        let (status, case) = step(Role::Office, serve.clone()).await;
        assert_eq!(
            (status, &case["decisions"][0]["service"]["served_on"]),
            (StatusCode::OK, &json!("2026-05-13")),
            "{case}"
        );
        assert!(case["decision"]["appeal_until"].is_string());
        assert_eq!(step(Role::Office, serve).await.1["code"], json!("served_already"));
        let filed = json!({ "kind": "litigation", "number": "行1号", "body": "法院", "on": "2026-05-13" });
        let (status, case) = step(Role::Organisation, json!({ "act": "file_remedy", "filed": filed })).await;
        assert_eq!((status, &case["decisions"][0]["filed"][0]["number"]), (StatusCode::OK, &json!("行1号")), "{case}");
        compare(&document, &schema("Objection"), &case, "objection");
        let text = page(&people, Role::Organisation, &format!("/workbench/objections/{number}")).await;
        assert!(
            text.contains("行1号") && !text.contains("value=\"serve\"") && text.contains("value=\"file_remedy\""),
            "{text}"
        );
        // What came of it is entered by the unit, with its paper.
        let papers = json!([{ "name": "判决书.pdf", "digest": "ab".repeat(32) }]);
        let ruled = |papers: &Value| json!({ "act": "rule_remedy", "ruled": { "number": "行1号", "verdict": "upheld", "document": "行判1号", "on": "2026-05-13", "papers": papers } });
        let text = page(&people, Role::Office, &format!("/workbench/objections/{number}")).await;
        assert!(text.contains("value=\"rule_remedy\"") && text.contains("审理中"), "{text}");
        let (_, problem) = step(Role::Office, ruled(&json!([]))).await;
        assert_eq!(problem["code"], json!("remedy_paper_missing"), "{problem}");
        assert_eq!(step(Role::Organisation, ruled(&papers)).await.1["code"], json!("forbidden"));
        let (status, case) = step(Role::Office, ruled(&papers)).await;
        let outcome = &case["decisions"][0]["filed"][0]["ruled"];
        assert_eq!((status, &outcome["verdict"]), (StatusCode::OK, &json!("upheld")), "{case}");
        compare(&document, &schema("Objection"), &case, "objection");
        let (status, case) = step(Role::Organisation, json!({ "act": "appeal", "ground": "未看收据" })).await;
        assert_eq!((status, &case["state"]), (StatusCode::OK, &json!("appealed")), "{case}");
        let (status, problem) = step(Role::Office, json!({ "act": "refer", "unit": authority })).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("objection_involved")));
        for role in [Role::Organisation, Role::Clerk, Role::Office, Role::Auditor] {
            let (status, case) = ask(&people, role, Method::GET, &address, Value::Null).await;
            assert_eq!(status, StatusCode::OK, "{role}");
            compare(&document, &schema("Objection"), &case, "objection");
            assert_eq!(case.to_string().contains("demo-reviewer"), role != Role::Organisation, "{case}");
            let text = page(&people, role, &format!("/workbench/objections/{number}")).await;
            assert!(text.contains("复核中"), "{role}");
        }
        let (_, found) =
            ask(&people, Role::Organisation, Method::GET, &format!("{base}?matter=objection"), Value::Null).await;
        compare(&document, &schema("ObjectionPage"), &found, "objections");
        assert!(page(&people, Role::Organisation, "/workbench/objections").await.contains(&number));
        let (status, case) = step(Role::Organisation, json!({ "act": "withdraw" })).await;
        assert_eq!((status, &case["marked"]), (StatusCode::OK, &json!(false)));
        let text = page(&people, Role::Public, &format!("/organisations/{KNOWN}")).await;
        assert!(!text.contains("异议处理中"));

        let reply = json!({ "matter": "reply", "record": record, "ground": "我单位已完成整改。" });
        let (status, case) = file(Role::Organisation, reply).await;
        assert_eq!(status, StatusCode::CREATED, "{case}");
        let steps = format!("{base}/{}/steps", case["number"].as_str().unwrap());
        let (status, _) = ask(&people, Role::Office, Method::POST, &steps, json!({ "act": "print" })).await;
        assert_eq!(status, StatusCode::OK);
        let text = page(&people, Role::Public, &format!("/organisations/{KNOWN}")).await;
        assert!(text.contains("主体申辩") && text.contains("我单位已完成整改。"));
    });
}
