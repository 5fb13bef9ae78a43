//! The daily file: all that is public on the day, and nothing once it has ended.

use crate::register::{AUTHORITY, KNOWN, Register};
use axum::http::StatusCode;
use credence_domain::canonical::hex;
use jiff::civil::date;
use sha2::{Digest, Sha256};

const CSV: &str = "/bulk/credence-2026-05-13.csv";

#[tokio::test]
async fn it_holds_what_is_public_and_says_from_where_to_go_on() {
    let register = Register::with_a_penalty().with_daily();
    let current = register.get("/api/v1/bulk").await.json();
    assert_eq!((current["day"].as_str(), current["records"].as_i64()), (Some("2026-05-13"), Some(3)));
    for file in current["files"].as_array().unwrap() {
        let got = register.get(file["address"].as_str().unwrap()).await;
        assert_eq!((got.status, got.header("content-type")), (StatusCode::OK, file["content_type"].as_str().unwrap()));
        assert_eq!(got.text.len() as u64, file["bytes"].as_u64().unwrap());
        assert_eq!(hex(&Sha256::digest(got.text.as_bytes())), file["sha256"].as_str().unwrap());
    }
    let table = register.get(CSV).await.text;
    assert!(table.contains(",'=未来商贸有限公司,"), "{table}");
    let lines = register.get("/bulk/credence-2026-05-13.jsonl").await.text;
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert!(first["content"].is_object() && first["commitment"].as_str().unwrap().len() == 64, "{first}");
    // Just that many records are public by the stream.
    let told = register.get("/api/v1/changes?after=0").await.text;
    assert_eq!(told.lines().count() - 1, lines.lines().count());
    let resumed = register.get(current["resume"].as_str().unwrap()).await;
    assert_eq!((resumed.status, resumed.text.lines().count()), (StatusCode::OK, 1), "{}", resumed.text);
    let page = register.get("/open-data").await.text;
    assert!(page.contains(CSV) && page.contains(current["files"][0]["sha256"].as_str().unwrap()), "{page}");
}

#[tokio::test]
async fn at_midnight_it_stops_at_once_and_is_gone_when_the_next_is_out() {
    let register = Register::with_a_penalty().with_daily();
    register.move_to(date(2027, 6, 1));
    assert_eq!(register.get(CSV).await.status, StatusCode::GONE);
    let next = "/bulk/credence-2027-06-01.csv";
    for waits in [next, "/api/v1/bulk"] {
        let answer = register.get(waits).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{waits}");
        assert!(!answer.header("retry-after").is_empty());
    }
    assert!(register.get("/open-data").await.text.contains("正在生成"));
    assert!(register.keep_daily() && !register.keep_daily());
    let table = register.get(next).await.text;
    assert!(table.contains(KNOWN) && !table.contains("示罚"), "{table}");
    let (old, unknown) = (register.get(CSV).await, register.get("/bulk/credence-2027-06-02.csv").await);
    assert_eq!((old.status, unknown.status), (StatusCode::GONE, StatusCode::NOT_FOUND));
    assert!(old.text.contains("bulk_replaced") || old.text.contains("已由新的文件取代"), "{}", old.text);
    let names = register.daily_names();
    assert!(names.iter().all(|name| !name.contains("2026-05-13")), "{names:?}");
}

#[tokio::test]
async fn what_is_withdrawn_in_the_course_of_the_day_is_handed_out_no_longer() {
    let register = Register::with_a_penalty();
    let row = crate::register::PENALTIES.replace("〔2026〕1号", "〔2026〕9号").replace("〔2026〕2号", "〔2026〕10号");
    let batch = register.send(AUTHORITY, &row);
    let register = register.with_daily();
    let position = register.get("/api/v1/bulk").await.json()["position"].clone();
    assert!(register.get(CSV).await.text.contains("〔2026〕9号"));
    register.withdraw(&batch);
    assert_eq!(register.get(CSV).await.status, StatusCode::SERVICE_UNAVAILABLE, "it holds what has ended");
    assert!(register.keep_daily());
    let table = register.get(CSV).await.text;
    assert!(table.contains("〔2026〕1号") && !table.contains("〔2026〕9号"), "{table}");
    // Who had the old file is told which two are gone, and nothing else of them.
    let told = register.get(&format!("/api/v1/changes?after={position}")).await.text;
    assert_eq!(told.lines().filter(|line| line.starts_with("{\"gone\":")).count(), 2, "{told}");
    assert_eq!(told.lines().count(), 3, "{told}");
    assert!(!register.get("/api/v1/changes?after=0").await.text.contains("gone"));
}
