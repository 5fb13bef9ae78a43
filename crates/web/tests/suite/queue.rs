//! Queues and the own space over HTTP: each role finds its own work, pages and interface say the same, and an organisation sees
//! itself alone.

use crate::openapi::{compare, document};
use crate::people::{People, ask};
use crate::register::{AUTHORITY, KNOWN, UNREGISTERED};
use crate::workbench::{block, browser, place};
use axum::http::{Method, StatusCode};
use credence_domain::access::Role;
use serde_json::{Value, json};

async fn read(people: &People, role: Role, address: &str) -> Value {
    let (status, found) = ask(people, role, Method::GET, address, Value::Null).await;
    assert_eq!(status, StatusCode::OK, "{role} {address}: {found}");
    found
}

fn tasks<'q>(queue: &'q Value, kind: &str) -> Vec<&'q Value> {
    queue["items"].as_array().unwrap().iter().filter(|task| task["kind"] == kind).collect()
}

/// An objection of the represented organisation about a penalty of the unit in which all of them work: its number.
async fn objection(people: &People) -> String {
    let records = read(people, Role::Organisation, &format!("/api/v1/organisations/{KNOWN}/records?limit=100")).await;
    let penalty = records["items"].as_array().unwrap().iter();
    let penalty = penalty.clone().find(|one| one["item"] == "penalty" && one["authority"] == AUTHORITY).unwrap();
    let asked =
        json!({ "matter": "objection", "record": penalty["id"], "ground": "罚款金额有误", "contested": ["content"] });
    let (status, case) = ask(people, Role::Organisation, Method::POST, "/api/v1/objections", asked).await;
    assert_eq!(status, StatusCode::CREATED, "{case}");
    case["number"].as_str().unwrap().to_owned()
}

#[test]
fn a_task_is_found_by_whoever_may_do_it_assigned_and_done() {
    let people = People::new();
    let (base, document) = ("/api/v1/queue", document());
    let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    block(async {
        let number = objection(&people).await;
        let address = format!("{base}?kind=objection&limit=100");
        let found = read(&people, Role::Reviewer, &address).await;
        compare(&document, &schema("Queue"), &found, "queue");
        let mine = tasks(&found, "objection");
        assert_eq!((mine.len(), &mine[0]["number"], &mine[0]["step"]), (1, &json!(number), &json!("decide")));
        assert_eq!(
            (&mine[0]["uscc"], &mine[0]["may_take"], &mine[0]["assigned_to"]),
            (&json!(KNOWN), &json!(true), &Value::Null)
        );
        assert!(mine[0]["due_on"].is_string() && mine[0]["light_text"].as_str().is_some_and(|text| !text.is_empty()));
        // A clerk sees it in his unit and may not do it; an inspector does not read such cases.
        assert!(tasks(&read(&people, Role::Clerk, &address).await, "objection").is_empty());
        let seen = read(&people, Role::Clerk, &format!("{address}&whose=unit")).await;
        assert_eq!(tasks(&seen, "objection")[0]["may_take"], false);
        assert!(tasks(&read(&people, Role::Inspector, &format!("{base}?whose=unit")).await, "objection").is_empty());

        let assign = |role, body| ask(&people, role, Method::POST, "/api/v1/queue/assignments", body);
        let to =
            |account: Value| json!({ "kind": "objection", "number": number, "account": account, "reason": "轮值" });
        assert_eq!(assign(Role::Auditor, to(json!("demo-reviewer"))).await.0, StatusCode::FORBIDDEN);
        let (status, problem) = assign(Role::Clerk, to(json!("demo-clerk"))).await;
        assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("assignee_invalid")));
        // What waits for whoever has the right is assigned like it, by those who see it.
        for (role, kind) in [(Role::Clerk, "proposal"), (Role::AuditAdmin, "incident"), (Role::Reviewer, "claim")] {
            let (status, problem) = assign(role, json!({ "kind": kind, "number": "P0", "reason": "轮值" })).await;
            assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_found")), "{kind}");
        }
        let (status, task) = assign(Role::Clerk, to(json!("demo-approver"))).await;
        assert_eq!((status, &task["assigned_to"]), (StatusCode::OK, &json!("demo-approver")), "{task}");
        compare(&document, &schema("Task"), &task, "task");
        assert!(tasks(&read(&people, Role::Reviewer, &address).await, "objection").is_empty(), "it is another's now");
        let approver = browser(&people, Role::Approver);
        let page = approver.get("/workbench").await;
        assert!(
            page.text.contains(&number) && page.text.contains("答复") && page.text.contains("红　已逾期 0"),
            "{}",
            page.text
        );
        // By the pages: the form hands it over, filters and the calendar show it in words.
        let form = [
            ("task", format!("objection {number} decide")),
            ("account", "demo-reviewer".to_owned()),
            ("reason", "换人".to_owned()),
        ];
        let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let clerk = browser(&people, Role::Clerk);
        assert_eq!(place(&clerk.form("/workbench/queue/assignments", &pairs).await), "/workbench/queue?whose=unit");
        let page = clerk.get("/workbench/queue?whose=unit&kind=objection").await;
        assert!(page.text.contains("demo-reviewer") && page.text.contains("由他人办理"), "{}", page.text);
        let reviewer = browser(&people, Role::Reviewer);
        let due = mine[0]["due_on"].as_str().unwrap();
        let month = reviewer.get(&format!("/workbench/queue/calendar?month={}", &due[..7])).await;
        assert_eq!(month.status, StatusCode::OK);
        for said in [number.as_str(), "工作日", "休息日", &format!("datetime=\"{due}\"")] {
            assert!(month.text.contains(said), "{said}: {}", month.text);
        }
        for wrong in ["/workbench/queue?kind=x", "/workbench/queue?light=red", "/workbench/queue/calendar?month=x"] {
            assert_eq!(reviewer.get(wrong).await.status, StatusCode::BAD_REQUEST, "{wrong}");
        }
        // Done, it is gone.
        let done = json!({ "act": "decide", "outcome": "rejected", "reason": "核查无误" });
        let steps = format!("/api/v1/objections/{number}/steps");
        assert_eq!(ask(&people, Role::Reviewer, Method::POST, &steps, done).await.0, StatusCode::OK);
        let after = read(&people, Role::Clerk, &format!("{address}&whose=unit")).await;
        let left = tasks(&after, "objection");
        assert_eq!((left.len(), &left[0]["step"], &left[0]["due_on"]), (1, &json!("serve_decision"), &Value::Null));
        let delivery = json!({ "mode": "direct", "on": after["today"], "proof": "回证1号" });
        let serve = json!({ "act": "serve", "delivery": delivery });
        assert_eq!(ask(&people, Role::Clerk, Method::POST, &steps, serve).await.0, StatusCode::OK);
        let after = read(&people, Role::Clerk, &format!("{address}&whose=unit")).await;
        assert!(tasks(&after, "objection").is_empty(), "{after}");
    });
}

#[test]
fn an_organisation_finds_itself_in_one_place_and_nobody_else() {
    let people = People::new();
    let document = document();
    block(async {
        let number = objection(&people).await;
        let address = format!("/api/v1/organisations/{KNOWN}/own");
        let own = read(&people, Role::Organisation, &address).await;
        compare(&document, &json!({ "$ref": "#/components/schemas/Own" }), &own, "own");
        assert!(own["cases"].as_array().unwrap().iter().any(|case| case["number"] == number.as_str()));
        assert!(own["statements"].as_array().unwrap().iter().any(|said| said["text"] == "罚款金额有误"));
        assert!(!own["records"].as_array().unwrap().is_empty());
        let foreign = format!("/api/v1/organisations/{UNREGISTERED}/own");
        let (status, problem) = ask(&people, Role::Organisation, Method::GET, &foreign, Value::Null).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("forbidden")));
        assert_eq!(ask(&people, Role::Office, Method::GET, &address, Value::Null).await.0, StatusCode::FORBIDDEN);
        assert_eq!(ask(&people, Role::Public, Method::GET, &address, Value::Null).await.0, StatusCode::UNAUTHORIZED);
        // Decided: the answer is a letter on a page of its own, and the time to appeal is a deadline.
        let done = json!({ "act": "decide", "outcome": "rejected", "reason": "核查无误" });
        let steps = format!("/api/v1/objections/{number}/steps");
        assert_eq!(ask(&people, Role::Reviewer, Method::POST, &steps, done).await.0, StatusCode::OK);
        let own = read(&people, Role::Organisation, &address).await;
        compare(&document, &json!({ "$ref": "#/components/schemas/Own" }), &own, "own");
        assert_eq!((&own["deadlines"][0]["step"], &own["deadlines"][0]["number"]), (&json!("appeal"), &json!(number)));
        assert!(!own.to_string().contains("demo-reviewer"), "no account of the staff: {own}");
        let letter = own["letters"][0]["letter"].as_str().unwrap();
        let party = browser(&people, Role::Organisation);
        let page = party.get("/workbench/own").await;
        assert_eq!(page.status, StatusCode::OK);
        for said in [number.as_str(), letter, "申请复核", "谁查询过我的档案", "提出异议或者申辩", "异议处理中"]
        {
            assert!(page.text.contains(said), "{said}: {}", page.text);
        }
        let link = page.text.split("href=\"/workbench/own/letter?").nth(1).unwrap().split('"').next().unwrap();
        let link = link.replace("&#38;", "&").replace("&amp;", "&");
        let printed = party.get(&format!("/workbench/own/letter?{link}")).await;
        assert!(printed.status == StatusCode::OK && printed.text.contains(letter), "{}", printed.text);
        let missing = party.get(&format!("/workbench/own/letter?uscc={KNOWN}&letter=x")).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
        let wrong = party.get(&format!("/workbench/own?uscc={UNREGISTERED}")).await;
        assert_eq!(wrong.status, StatusCode::FORBIDDEN);
        assert!(party.get("/account").await.text.contains("/workbench/own"));
    });
}
