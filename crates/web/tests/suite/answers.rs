//! JSON for programs: lists, errors, validators.

use crate::register::{KNOWN, Register};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;

#[tokio::test]
async fn an_empty_list_is_a_list_without_a_next_page() {
    let answer = Register::empty().get("/api/v1/organisations?q=%E4%BA%91%E6%B5%B7").await;
    assert_eq!(answer.json(), json!({"items": [], "next": null, "total": 0, "more_than": null}));
}

#[tokio::test]
async fn whoever_has_the_answer_gets_304_and_no_body() {
    let register = Register::empty();
    let first = register.get("/api/v1/organisations").await;
    assert_eq!(first.header("cache-control"), "no-cache");
    let again = Request::get("/api/v1/organisations").header("if-none-match", first.header("etag"));
    let again = register.ask(again.body(Body::empty()).unwrap()).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_told_as_problem_json_with_a_stable_code() {
    let register = Register::empty();
    for (address, status, code) in [
        ("/api/v1/organisations/91379900MA0TE5T16G", 404, "not_found"),
        ("/api/v1/organisations/91379900MA0TE5T16G/records", 404, "not_found"),
        ("/api/v1/nothing", 404, "not_found"),
        ("/api/v1/organisations?limit=101", 400, "bad_parameter"),
        ("/api/v1/organisations?limit=many", 400, "bad_parameter"),
        ("/api/v1/organisations?q=%E4%BA%91", 400, "bad_parameter"),
        ("/api/v1/organisations?cursor=zz", 400, "bad_cursor"),
    ] {
        let answer = register.get(address).await;
        assert_eq!(answer.status.as_u16(), status, "{address}: {}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{address}");
        assert_eq!(answer.json()["code"], code, "{address}");
        assert_eq!(answer.json()["status"], status, "{address}");
    }
}

#[tokio::test]
async fn a_code_in_another_form_leads_to_its_one_address_on_pages_and_interface_alike() {
    let register = Register::with_a_penalty();
    for behind in ["", "/records", "/evaluation"] {
        let wrong = format!("/api/v1/organisations/91379900ma0te5t16g{behind}?limit=3");
        let answer = register.get(&wrong).await;
        let there = format!("/api/v1/organisations/{KNOWN}{behind}?limit=3");
        assert_eq!((answer.status, answer.header("location")), (StatusCode::PERMANENT_REDIRECT, there.as_str()));
        assert_eq!(register.get(&there).await.status, StatusCode::OK);
    }
    let page = register.get("/organisations/%EF%BC%991379900ma0te5t16g").await;
    let there = format!("/organisations/{KNOWN}");
    assert_eq!((page.status, page.header("location")), (StatusCode::PERMANENT_REDIRECT, there.as_str()));
}

#[tokio::test]
async fn a_day_gone_by_is_answered_where_it_is_read_and_refused_everywhere_else() {
    let register = Register::with_a_penalty();
    let file = format!("/api/v1/organisations/{KNOWN}");
    let records = |answer: serde_json::Value| answer["records"].as_array().unwrap().len();
    let today = register.get(&file).await.json();
    assert_eq!((&today["as_of"], records(today.clone())), (&json!("2026-05-13"), 2));
    // What came on 13 May was not public the day before; a day to come shows what is public until then.
    let before = register.get(&format!("{file}?as_of=2026-05-12")).await.json();
    assert_eq!((&before["as_of"], records(before.clone())), (&json!("2026-05-12"), 0));
    assert_eq!(records(register.get(&format!("{file}?as_of=2099-01-01")).await.json()), 1);
    let page = register.get(&format!("{file}/records?as_of=2026-05-12")).await.json();
    assert_eq!(page["items"], json!([]));
    let evaluation = register.get(&format!("{file}/evaluation?as_of=2026-05-12")).await.json();
    assert_eq!((&evaluation["as_of"], &evaluation["lines"]), (&json!("2026-05-12"), &json!([])));
    assert_eq!(register.get(&format!("{file}?as_of=2026-13-01")).await.json()["field"], "as_of");
    for route in
        credence_web::routes().iter().filter(|route| route.action == credence_domain::access::Action::ReadPublic)
    {
        let address = route.path.replace("{uscc}", KNOWN).replace("{item}", "penalty").replace("{name}", "x");
        let answer = register.get(&format!("{address}?as_of=2026-05-12")).await;
        if !address.starts_with(&file) {
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{address}");
        }
        if address.starts_with("/api/") && !address.starts_with(&file) {
            assert_eq!((&answer.json()["code"], &answer.json()["field"]), (&json!("bad_parameter"), &json!("as_of")));
        }
    }
}

#[tokio::test]
async fn what_is_withheld_is_told_with_its_clause_on_page_and_interface() {
    use credence_app::review::withhold::{Finding, withhold};
    let register = Register::with_a_penalty();
    let file = format!("/api/v1/organisations/{KNOWN}");
    let found = register.get(&file).await.json();
    let penalty = found["records"].as_array().unwrap().iter().find(|one| one["item"] == "penalty").unwrap().clone();
    assert_eq!((&penalty["content"]["CF_SY"], &penalty["withheld"]), (&json!("事实,一"), &json!([])));
    {
        let mut writer = register.writer();
        let rulebook = credence_app::rulebook::in_force(writer.connection()).unwrap();
        let (ground, clause) = (credence_domain::record::secrecy::Ground::Privacy, "政府信息公开条例 十五");
        let decision = credence_app::review::Decision { actor: "甲", reason: "涉及隐私", secrecy_review: "" };
        let (id, fields) = (penalty["id"].as_str().unwrap(), ["CF_SY".to_owned()]);
        let finding = Finding::Withhold { ground, clause };
        withhold(&mut writer, &rulebook, (id, &fields), finding, decision).unwrap();
    }
    let page = register.get(&format!("/organisations/{KNOWN}")).await.text;
    assert!(page.contains("不予公开（个人隐私）") && !page.contains("事实,一"), "{page}");
    let records = register.get(&format!("{file}/records")).await;
    assert!(!records.text.contains("事实,一"));
    let records = records.json();
    let penalty = records["items"].as_array().unwrap().iter().find(|one| one["item"] == "penalty").unwrap();
    assert_eq!(penalty["withheld"][0]["clause"], "政府信息公开条例 十五");
    let document = crate::openapi::document();
    crate::openapi::compare(&document, &document["components"]["schemas"]["Record"], penalty, "record");
}

#[tokio::test]
async fn another_method_is_refused_with_the_methods_that_are_allowed() {
    let post = Request::builder().method(Method::POST).uri("/api/v1/organisations").body(Body::empty()).unwrap();
    let answer = Register::empty().ask(post).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.json()["code"], "method_not_allowed");
    assert!(answer.header("allow").contains("GET"));
}

#[tokio::test]
async fn a_living_process_and_an_answering_register_say_so() {
    let register = Register::empty();
    assert_eq!(register.get("/healthz").await.json(), json!({"status": "ok"}));
    assert_eq!(register.get("/readyz").await.json(), json!({"status": "ready"}));
}

#[tokio::test]
async fn the_method_of_the_model_is_told_with_its_label_and_its_grades_join_without_a_gap() {
    let models = Register::empty().get("/api/v1/models").await.json();
    let model = &models["items"][0];
    assert_eq!((model["id"].as_str(), &model["regions"]), (Some("demonstration"), &json!(["379900"])));
    assert!(model["notice"].as_str().unwrap().contains("非国家"), "{model}");
    let version = &model["version"];
    assert!(!version["basis"].as_array().unwrap().is_empty() && !version["weights"].as_array().unwrap().is_empty());
    let grades = version["grades"].as_array().unwrap();
    assert_eq!((grades.len(), grades[0]["points_max"].is_null(), grades[3]["points_min"].is_null()), (4, true, true));
    for pair in grades.windows(2) {
        assert_eq!(pair[0]["points_min"].as_i64().unwrap(), pair[1]["points_max"].as_i64().unwrap() + 1);
    }
}

#[tokio::test]
async fn the_data_list_names_its_edition_its_law_and_every_field_of_every_item() {
    let register = Register::empty();
    let list = register.get("/api/v1/data-list").await.json();
    let edition = &list["edition"];
    assert_eq!((&edition["as_of"], &edition["previous_from"]), (&json!("2026-05-13"), &json!("2020-10-01")));
    assert_eq!(edition["approval"]["unit"], "11379900000000086M");
    let items = list["items"].as_array().unwrap();
    assert!(
        items.iter().all(|item| !item["basis"].as_array().unwrap().is_empty() && item["class_name"] != item["class"])
    );
    let penalty = register.get("/api/v1/data-list/penalty").await.json();
    assert!(items.contains(&penalty));
    let kinds = penalty["fields"].as_array().unwrap().iter().find(|field| field["code"] == "CF_CFLB").unwrap();
    assert_eq!((&kinds["type"], &kinds["required"]), (&json!("codes"), &json!(true)));
    assert!(kinds["code_list"]["values"].as_array().unwrap().contains(&json!("罚款")));
}
