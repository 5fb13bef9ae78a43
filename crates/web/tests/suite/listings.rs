//! A listing over HTTP: who proposes does not decide, the organisation speaks in its own case, the public sees the record alone.

use crate::officers::its_principal_answers;
use crate::openapi::{compare, document};
use crate::people::{OTHER, People, ask};
use crate::register::{AUTHORITY, KNOWN, UNREGISTERED};
use axum::http::{Method, StatusCode};
use credence_domain::access::Role;
use credence_testkit::intruder::Intruder;
use serde_json::{Value, json};

async fn public(people: &People, item: &str) -> Vec<String> {
    let address = format!("/api/v1/organisations/{KNOWN}/records?limit=100");
    let (_, found) = ask(people, Role::Clerk, Method::GET, &address, Value::Null).await;
    let items = found["items"].as_array().unwrap().iter();
    let own = |one: &&Value| one["item"] == item && one["authority"] == AUTHORITY;
    items.filter(own).map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

/// The measure of the decision as each role sees it and moves it; its address.
async fn its_measure_is_carried_out(people: &People, today: &Value) -> String {
    let (base, document) = ("/api/v1/measures-in-force", document());
    let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let (_, page) = ask(people, Role::Clerk, Method::GET, &format!("{base}?state=running"), Value::Null).await;
    compare(&document, &schema("MeasureInForcePage"), &page, "measures in force");
    let address = format!("{base}/{}", page["items"][0]["number"].as_str().unwrap());
    let steps = format!("{address}/steps");
    let step = |role, body| ask(people, role, Method::POST, &steps, body);
    let report = json!({"act": "report", "done_on": today, "done": "carried_out", "effect": "已加大检查频次"});
    let (status, problem) = step(Role::Inspector, report.clone()).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("measure_not_acknowledged")));
    let (status, measure) = step(Role::Clerk, json!({"act": "acknowledge"})).await;
    assert_eq!((status, &measure["tasks"][0]["state"]), (StatusCode::OK, &json!("acknowledged")), "{measure}");
    let (status, measure) = step(Role::Inspector, report).await;
    assert_eq!((status, &measure["tasks"][0]["state"]), (StatusCode::OK, &json!("reported")), "{measure}");
    let complaint = json!({"act": "complain", "text": "检查过于频繁"});
    assert_eq!(step(Role::Clerk, complaint.clone()).await.0, StatusCode::FORBIDDEN, "no unit complains");
    assert_eq!(step(Role::Organisation, complaint).await.0, StatusCode::OK);
    assert_eq!(step(Role::Office, json!({"act": "acknowledge"})).await.0, StatusCode::FORBIDDEN);
    let answer = json!({"act": "answer_complaint", "complaint": 1, "upheld": true, "reason": "已调整"});
    assert_eq!(step(Role::Clerk, answer).await.0, StatusCode::OK);
    let (status, problem) = step(Role::Clerk, json!({"act": "lift", "note": "解除"})).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("measure_not_ended")));
    for role in [Role::Clerk, Role::Organisation, Role::Auditor] {
        let (status, measure) = ask(people, role, Method::GET, &address, Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{role}");
        compare(&document, &schema("MeasureInForce"), &measure, "measure in force");
        assert_eq!(measure.to_string().contains("demo-clerk"), role != Role::Organisation, "{measure}");
    }
    let (_, board) = ask(people, Role::Office, Method::GET, &format!("{base}/board"), Value::Null).await;
    compare(&document, &schema("MeasureBoard"), &board, "board");
    let line = &board["lines"][0];
    assert_eq!((&line["carried_out"], &line["upheld"]), (&json!(1), &json!(1)), "{board}");
    let unlisted = json!({"measure": "cancel_everything", "behaviour": "bid_rigging", "unit": AUTHORITY,
        "record": public(people, "penalty").await.remove(0)});
    let (status, problem) = ask(people, Role::ListDecider, Method::POST, base, unlisted.clone()).await;
    assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("measure_unlisted")), "{problem}");
    assert_eq!(
        ask(people, Role::Clerk, Method::POST, base, unlisted).await.0,
        StatusCode::FORBIDDEN,
        "no clerk begins it"
    );
    address
}

#[test]
fn a_case_goes_its_way_through_the_roles_and_none_takes_anothers_step() {
    let people = People::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    people.register.appoint(AUTHORITY, "税务", "city");
    let refused = runtime.block_on(async {
        let record = public(&people, "penalty").await.remove(0);
        let asked = json!({"list": "work_safety", "criterion": 1, "uscc": KNOWN, "unit": AUTHORITY, "facts": "性质恶劣（示例）",
                           "records": [record]});
        ask(&people, Role::Clerk, Method::POST, "/api/v1/listings", asked).await
    });
    assert_eq!((refused.0, &refused.1["code"]), (StatusCode::FORBIDDEN, &json!("deciding_organ_wrong")));
    people.register.appoint(AUTHORITY, "安全生产", "city");
    runtime.block_on(async {
        let record = public(&people, "penalty").await.remove(0);
        let asked = |uscc: &str, unit: &str| {
            json!({"list": "work_safety", "criterion": 1, "uscc": uscc, "unit": unit, "facts": "性质恶劣（示例）",
                   "records": [record.clone()]})
        };
        let propose = |role, body| ask(&people, role, Method::POST, "/api/v1/listings", body);
        let (status, _) = propose(Role::ListDecider, asked(KNOWN, AUTHORITY)).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "a decider proposes nothing");
        let (status, _) = propose(Role::Clerk, asked(KNOWN, "123799000000000510")).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "nobody proposes for another unit");
        let (_, problem) = propose(Role::Clerk, asked(UNREGISTERED, AUTHORITY)).await;
        assert_eq!((&problem["code"], &problem["field"]), (&json!("base_document_of_another"), &json!("bases")));
        let (status, case) = propose(Role::Clerk, asked(KNOWN, AUTHORITY)).await;
        assert_eq!((status, &case["state"]), (StatusCode::CREATED, &json!("proposed")), "{case}");
        let (status, problem) = propose(Role::Clerk, asked(KNOWN, AUTHORITY)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("listing_base_used")), "{problem}");
        let (number, today) = (case["number"].as_str().unwrap().to_owned(), case["opened_on"].clone());
        let steps = format!("/api/v1/listings/{number}/steps");
        let step = |role, body| ask(&people, role, Method::POST, &steps, body);
        let list = json!({"act": "list", "measures": ["work_safety_joint_restrictions"], "consent": "同意1号",
            "findings": {"nature": "明知故犯", "circumstances": "持续半年", "harm": "多人受害"}});
        let (status, problem) = step(Role::ListDecider, list.clone()).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("notice_not_served")));
        let delivery = json!({"mode": "direct", "on": today, "proof": "送达回证"});
        let serve = json!({"act": "serve", "delivery": delivery});
        let (status, _) = step(Role::Organisation, serve.clone()).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "the party serves nothing");
        let (status, case) = step(Role::Clerk, serve).await;
        assert_eq!((status, &case["state"]), (StatusCode::OK, &json!("notified")), "{case}");
        let (status, problem) = step(Role::Clerk, list.clone()).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("forbidden")), "{problem}");
        let (status, problem) = step(Role::ListDecider, list.clone()).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("answer_period_running")));
        let (status, _) = step(Role::Organisation, json!({"act": "waive", "on": today, "proof": "声明"})).await;
        assert_eq!(status, StatusCode::OK);
        assert!(public(&people, "serious_dishonesty").await.is_empty());
        // Whoever holds two accounts is one person.
        let in_his_hands =
            |staff: &str| format!("update account set staff_number = '{staff}' where role = 'list_decider'");
        Intruder::at(&people.register.file()).sql(&in_his_hands("demo-clerk"));
        let (status, problem) = step(Role::ListDecider, list.clone()).await;
        assert_eq!((status.is_client_error(), &problem["code"]), (true, &json!("decider_is_proposer")));
        Intruder::at(&people.register.file()).sql(&in_his_hands("demo-list_decider"));
        let (status, case) = step(Role::ListDecider, list).await;
        assert_eq!((status, &case["public"]), (StatusCode::OK, &json!(true)), "{case}");
        assert_eq!(public(&people, "serious_dishonesty").await, [case["record"].as_str().unwrap()]);
        let measure = its_measure_is_carried_out(&people, &today).await;
        its_principal_answers(&people, &number, &today).await;
        let filed = json!({"kind": "reconsideration", "number": "复1号", "body": "人民政府", "on": today});
        let (_, case) = step(Role::Organisation, json!({"act": "file_remedy", "filed": filed})).await;
        assert_eq!((&case["contested"], &case["public"]), (&json!(true), &json!(true)), "{case}");
        let stay = json!({"act": "stay", "number": "复1号", "on": today});
        let (status, problem) = step(Role::Clerk, stay.clone()).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("forbidden")), "{problem}");
        let (status, problem) = step(Role::ListDecider, stay.clone()).await;
        assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("remedy_paper_missing")), "{problem}");
        let mut proved = stay;
        proved["papers"] = json!([{"name": "停止执行通知书", "digest": "ab".repeat(32)}]);
        let (_, case) = step(Role::ListDecider, proved).await;
        assert_eq!(case["not_public"], "stay_in_force");
        let (_, at_rest) = ask(&people, Role::Auditor, Method::GET, &measure, Value::Null).await;
        assert_eq!(at_rest["state"], "suspended", "a stay is of the measures too: {at_rest}");
        assert!(public(&people, "serious_dishonesty").await.is_empty());
        let address = format!("/api/v1/listings/{number}");
        for role in [Role::Organisation, Role::Clerk, Role::ListDecider, Role::Office, Role::Auditor] {
            let (status, case) = ask(&people, role, Method::GET, &address, Value::Null).await;
            assert_eq!(status, StatusCode::OK, "{role}");
            compare(&document(), &json!({"$ref": "#/components/schemas/Listing"}), &case, "listing");
            // The party sees the unit and no name of its staff, and its own steps under its own name.
            let of_the_party = role == Role::Organisation;
            assert_eq!(
                (case["proposed_by"] == "demo-clerk", case["decided_by"] == "demo-list-decider"),
                (!of_the_party, !of_the_party),
                "{case}"
            );
            assert_eq!(case.to_string().contains("demo-clerk"), !of_the_party);
            assert!(case["steps"].as_array().unwrap().iter().any(|step| step["by"] == "demo-organisation"));
            let (_, page) = ask(&people, role, Method::GET, "/api/v1/listings?state=listed", Value::Null).await;
            compare(&document(), &json!({"$ref": "#/components/schemas/ListingPage"}), &page, "listings");
            assert_eq!(page["items"][0]["number"], number.as_str(), "{role}");
        }
        // Whoever does not belong to the unit that acts looks into what is not public: the journal has it, and the party sees it.
        let journal = format!("/api/v1/organisations/{KNOWN}/access");
        let looks = async || ask(&people, Role::Organisation, Method::GET, &journal, Value::Null).await.1;
        assert!(looks().await["items"].as_array().unwrap().is_empty(), "own work is no look");
        Intruder::at(&people.register.file())
            .sql(&format!("update account set unit = '{OTHER}' where role in ('office', 'auditor')"));
        for role in [Role::Office, Role::Auditor] {
            let (status, _) = ask(&people, role, Method::GET, &address, Value::Null).await;
            assert_eq!(status, StatusCode::OK, "{role}");
        }
        let (status, _) = ask(&people, Role::Auditor, Method::GET, &measure, Value::Null).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(looks().await["items"][0]["what"], "measure", "a look at a measure is noted too");
        let seen = looks().await;
        let told = |at: usize| {
            ["role", "purpose", "case_number", "what"]
                .map(|name| seen["items"][at][name].as_str().unwrap_or_default().to_owned())
        };
        assert_eq!(told(1), ["auditor", "audit", number.as_str(), "listing"], "{seen}");
        assert_eq!(told(2), ["office", "listing", number.as_str(), "listing"], "{seen}");
        let (status, _) = ask(&people, Role::Inspector, Method::GET, &address, Value::Null).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        Intruder::at(&people.register.file())
            .sql(&format!("update account set unit = '{AUTHORITY}' where role in ('office', 'auditor')"));
    });
    people.register.verify();
}
