//! Lists as page, file, feed and JSON: the same records in each, and none in any the day after the last.

use crate::register::{KNOWN, Register, UNREGISTERED};
use axum::http::StatusCode;

#[tokio::test]
async fn page_file_feed_and_json_of_a_list_name_the_same_records() {
    let register = Register::with_a_penalty();
    let json = register.get("/api/v1/lists?item=penalty").await.json();
    let items = json["items"].as_array().unwrap();
    let listed: Vec<&str> = items.iter().map(|entry| entry["uscc"].as_str().unwrap()).collect();
    assert_eq!(listed, [UNREGISTERED, KNOWN], "the newest decision first");
    let page = register.get("/lists?item=penalty").await.text;
    let file = register.get("/lists.csv?item=penalty").await;
    let feed = register.get("/lists.atom?item=penalty").await;
    assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
    for entry in items {
        let (uscc, id) = (entry["uscc"].as_str().unwrap(), entry["id"].as_str().unwrap());
        assert!(page.contains(&format!("/organisations/{uscc}#record-{id}")), "{page}");
        assert!(file.text.contains(uscc), "{}", file.text);
        assert!(feed.text.contains(&format!("urn:credence:record:{id}")), "{}", feed.text);
    }
    let rss = register.get("/lists.rss?item=penalty").await;
    assert_eq!(rss.header("content-type"), "application/rss+xml; charset=utf-8");
    let told = elements(&rss.text);
    let of = |path: &str| told.iter().filter(|(at, _)| at == path).map(|(_, text)| text.as_str()).collect::<Vec<_>>();
    let ids: Vec<_> =
        items.iter().map(|entry| format!("urn:credence:record:{}", entry["id"].as_str().unwrap())).collect();
    assert_eq!(of("rss/channel/item/guid"), ids);
    assert_eq!(of("rss/channel/item/pubDate"), ["Wed, 13 May 2026 00:00:00 +0800"; 2]);
    assert!(of("rss/channel/item/link")[0].starts_with("http://localhost/organisations/"));
    assert_eq!(
        (of("rss/channel/title").len(), of("rss/channel/link").len(), of("rss/channel/description").len()),
        (1, 1, 1)
    );
    assert!(page.contains("未登记") && page.contains("一般失信（待认定）"), "{page}");
    assert!(file.text.contains(",'=未来商贸有限公司,"), "{}", file.text);

    register.move_to(jiff::civil::date(2027, 6, 1));
    for address in
        ["/lists?item=penalty", "/lists.csv?item=penalty", "/lists.atom?item=penalty", "/lists.rss?item=penalty"]
    {
        let after = register.get(address).await.text;
        assert!(!after.contains(KNOWN) && !after.contains("示罚"), "{address}: {after}");
    }
    assert!(register.get("/lists?item=penalty").await.text.contains("今天没有公示中的记录"));
}

#[tokio::test]
async fn pages_of_a_list_join_and_a_wrong_day_is_told_beside_its_field() {
    let register = Register::with_a_penalty();
    let first = register.get("/api/v1/lists?item=penalty&limit=1").await.json();
    let next = first["next"].as_str().unwrap();
    let second = register.get(&format!("/api/v1/lists?item=penalty&limit=1&cursor={next}")).await.json();
    assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
    assert!(second["next"].is_null());
    let page = register.get("/lists?item=penalty&from=2026-13-01").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("id=\"from-error\""), "{}", page.text);
    for (address, field) in [
        ("/api/v1/lists?from=2026-13-01", "from"),
        ("/api/v1/lists?item=arrears", "item"),
        ("/api/v1/lists?class=x", "class"),
    ] {
        let refused = register.get(address).await;
        assert_eq!((refused.status, refused.json()["field"].as_str().unwrap()), (StatusCode::BAD_REQUEST, field));
    }
}

#[tokio::test]
async fn the_overview_counts_every_public_item_and_leaves_out_the_shared_ones() {
    let page = Register::with_a_penalty().get("/lists").await.text;
    for said in ["基础信息", "失信信息", "其他信息", "href=\"/lists?item=penalty\"", "2026年5月13日 12:00"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("item=arrears"), "{page}");
}

#[tokio::test]
async fn large_type_is_a_choice_and_the_only_cookie() {
    let register = Register::empty();
    assert!(register.get("/accessibility").await.headers.get("set-cookie").is_none());
    let chosen = register.get("/accessibility?type=large").await;
    assert!(chosen.header("set-cookie").starts_with("type=large; ") && chosen.text.contains("class=\"large\""));
    let request = axum::http::Request::get("/").header("cookie", "type=large").body(axum::body::Body::empty());
    assert!(register.ask(request.unwrap()).await.text.contains("<html lang=\"zh-Hans\" class=\"large\">"));
}

/// The texts of a document with their paths; it fails where it is not well-formed.
fn elements(document: &str) -> Vec<(String, String)> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(document);
    let (mut path, mut text, mut found) = (Vec::new(), String::new(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                path.push(start.name().as_ref().to_owned());
                text.clear();
            }
            Event::Text(more) => text.push_str(&more),
            Event::End(_) => {
                found.push((path.join("/"), text.trim().to_owned()));
                path.pop();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(path.is_empty(), "{path:?} is left open");
    found
}
