//! Pages for people: what they say when there is nothing to show.

use crate::register::Register;
use axum::http::StatusCode;

#[tokio::test]
async fn the_home_page_has_one_search_box_and_says_when_it_counted() {
    let page = Register::empty().get("/").await.text;
    assert_eq!(page.matches("<h1").count(), 1);
    assert_eq!(page.matches("type=\"search\"").count(), 1);
    assert!(page.contains("2026年5月13日 12:00"), "{page}");
    assert!(!page.contains("演示数据"));
}

#[tokio::test]
async fn an_empty_result_says_why_and_what_to_try() {
    let register = Register::empty();
    for (q, said) in [
        ("%E4%BA%91%E6%B5%B7", "只输入名称中最特别的两三个字"),
        ("%E4%BA%91", "2至200个字符"),
        ("370100200000010", "旧工商注册号"),
        ("91379900MA0TE5T16G", "没有它的信用档案"),
        ("91379900MA0TE5T16H", "校验位与前17位不符"),
        ("91379900MAOTE5T16G", "不使用字母 I、O、S、V、Z"),
    ] {
        let page = register.get(&format!("/search?q={q}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains(said), "{q}: {}", page.text);
    }
}

#[tokio::test]
async fn what_is_asked_never_becomes_markup() {
    let page = Register::empty().get("/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await.text;
    assert!(!page.contains("<script>alert"), "{page}");
}

#[tokio::test]
async fn marks_that_turn_the_direction_of_writing_do_not_reach_a_page() {
    let page = Register::empty().get("/search?q=%E4%BA%91%E2%80%AE%E6%B5%B7").await.text;
    assert!(page.contains("value=\"云海\"") && !page.contains('\u{202e}'), "{page}");
}

#[tokio::test]
async fn a_code_without_a_file_gets_the_page_of_what_is_missing() {
    let register = Register::empty();
    let page = register.get("/organisations/91379900MA0TE5T16G").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text.contains("没有找到"));
    let folded = register.get("/organisations/91379900ma0te5t16g").await;
    assert_eq!((folded.status.as_u16(), folded.header("location")), (308, "/organisations/91379900MA0TE5T16G"));
}
