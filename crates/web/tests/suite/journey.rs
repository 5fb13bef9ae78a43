//! A record on its way to the reader: found, shown in every channel while it is public, in none the day after.

use crate::register::{KNOWN, Register, UNREGISTERED};
use axum::http::StatusCode;
use jiff::civil::Date;

/// "云海".
const FRAGMENT: &str = "%E4%BA%91%E6%B5%B7";

#[tokio::test]
async fn an_organisation_is_found_by_a_fragment_and_its_page_shows_the_penalty_with_its_clocks() {
    let register = Register::with_a_penalty();
    let results = register.get(&format!("/search?q={FRAGMENT}")).await.text;
    assert!(results.contains(&format!("href=\"/organisations/{KNOWN}\"")), "{results}");
    let page = register.get(&format!("/organisations/{KNOWN}")).await.text;
    for said in
        ["云海岳泰机械制造有限公司", "存续", "示罚〔2026〕1号", "一般失信（待认定）", "公示起止", "最早可申请修复"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
}

#[tokio::test]
async fn an_unregistered_organisation_has_a_page_and_its_name_is_harmless_in_the_file() {
    let register = Register::with_a_penalty();
    let page = register.get(&format!("/organisations/{UNREGISTERED}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("未登记") && !page.text.contains("data-grade"), "{}", page.text);
    let file = register.get("/search.csv?q=").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(file.text.contains(",'=未来商贸有限公司,"), "{}", file.text);
}

#[tokio::test]
async fn page_and_api_give_the_same_grade_and_the_lines_add_up() {
    let register = Register::with_a_penalty();
    let evaluation = register.get(&format!("/api/v1/organisations/{KNOWN}/evaluation")).await.json();
    let lines: i64 = evaluation["lines"].as_array().unwrap().iter().map(|line| line["points"].as_i64().unwrap()).sum();
    assert_eq!(evaluation["points"].as_i64().unwrap(), evaluation["base"].as_i64().unwrap() + lines);
    let page = register.get(&format!("/organisations/{KNOWN}")).await.text;
    let (grade, points) = (evaluation["grade"].as_str().unwrap(), &evaluation["points"]);
    assert!(page.contains(&format!("data-grade=\"{grade}\" data-points=\"{points}\"")), "{page}");
    let none = register.get(&format!("/api/v1/organisations/{UNREGISTERED}/evaluation")).await;
    assert_eq!((none.status, none.json()["grade"].is_null()), (StatusCode::OK, true));
}

#[tokio::test]
async fn the_day_after_its_last_public_day_a_penalty_is_gone_from_page_api_and_counter() {
    let register = Register::with_a_penalty();
    let records = format!("/api/v1/organisations/{KNOWN}/records");
    let listed = register.get(&records).await.json();
    let penalties = |list: &serde_json::Value| {
        list["items"].as_array().unwrap().iter().filter(|record| record["item"] == "penalty").count()
    };
    assert_eq!(penalties(&listed), 1);
    let record = listed["items"].as_array().unwrap().iter().find(|record| record["item"] == "penalty").unwrap();
    let last: Date = record["public_through_on"].as_str().unwrap().parse().unwrap();

    register.move_to(last);
    assert_eq!(penalties(&register.get(&records).await.json()), 1);
    let page = register.get(&format!("/organisations/{KNOWN}")).await.text;
    assert!(page.contains("示罚〔2026〕1号") && page.contains("今天是最后一天"), "{page}");

    register.move_to(last.tomorrow().unwrap());
    assert_eq!(penalties(&register.get(&records).await.json()), 0);
    assert!(!register.get(&format!("/organisations/{KNOWN}")).await.text.contains("示罚〔2026〕1号"));
    let counters = register.get("/api/v1/counters").await.json();
    let counted = counters["items"].as_array().unwrap().iter().find(|item| item["item"] == "penalty");
    // The other organisation's penalty was decided three days later and ends later.
    assert_eq!(counted.map(|item| item["count"].clone()), Some(1.into()), "{counters}");
}

#[tokio::test]
async fn records_come_in_pages_that_join() {
    let register = Register::with_a_penalty();
    let path = format!("/api/v1/organisations/{KNOWN}/records");
    let whole = register.get(&path).await.json();
    let first = register.get(&format!("{path}?limit=1")).await.json();
    let cursor = first["next"].as_str().unwrap();
    let second = register.get(&format!("{path}?limit=1&cursor={cursor}")).await.json();
    assert_eq!(whole["items"], serde_json::json!([first["items"][0], second["items"][0]]));
    assert!(second["next"].is_null());
    assert_eq!(register.get(&format!("{path}?cursor=00")).await.json()["code"], "bad_cursor");
}
