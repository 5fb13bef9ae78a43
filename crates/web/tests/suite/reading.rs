//! What everyone may read about the rules: the data list, the method, about; and that no link of a page leads nowhere.

use crate::register::{KNOWN, Register};
use axum::http::StatusCode;
use std::collections::BTreeSet;

#[tokio::test]
async fn the_data_list_names_edition_items_fields_and_basis() {
    let register = Register::empty();
    let page = register.get("/data-list").await.text;
    let list = register.get("/api/v1/data-list").await.json();
    assert!(page.contains(list["edition"]["digest"].as_str().unwrap()), "{page}");
    for item in list["items"].as_array().unwrap() {
        let code = item["code"].as_str().unwrap();
        assert!(page.contains(&format!("href=\"/data-list/{code}\"")), "{code}");
        let of_item = register.get(&format!("/data-list/{code}")).await.text;
        for field in item["fields"].as_array().unwrap() {
            assert!(of_item.contains(field["code"].as_str().unwrap()), "{code}: {field}");
        }
        for basis in item["basis"].as_array().unwrap() {
            assert!(of_item.contains(basis["title"].as_str().unwrap()), "{code}: {basis}");
        }
    }
    assert_eq!(register.get("/data-list/nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_method_shows_every_weight_and_says_that_it_demonstrates() {
    let register = Register::empty();
    let page = register.get("/method").await.text;
    let models = register.get("/api/v1/models").await.json();
    for model in models["items"].as_array().unwrap() {
        assert!(page.contains(model["notice"].as_str().unwrap()), "{page}");
        for weight in model["version"]["weights"].as_array().unwrap() {
            assert!(page.contains(weight["item_name"].as_str().unwrap()), "{weight}");
            assert!(page.contains(&format!("{:+}</td>", weight["points"].as_i64().unwrap())), "{weight}");
        }
    }
}

/// Addresses of our own that a page links to, without the part after #.
fn links(page: &str) -> BTreeSet<String> {
    let own = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let own = own.filter(|address| address.starts_with('/'));
    own.filter_map(|address| address.split('#').next()).map(|address| address.replace("&#38;", "&")).collect()
}

#[tokio::test]
async fn no_link_of_any_page_leads_nowhere() {
    let register = Register::with_a_penalty();
    let mut waiting: BTreeSet<String> =
        ["/".to_owned(), "/design".to_owned(), format!("/organisations/{KNOWN}")].into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(address) = waiting.pop_first() {
        let answer = register.get(&address).await;
        // Pages of people who work here lead to the page on which one signs in.
        let of_people = ["/workbench", "/account"].contains(&address.as_str());
        let expected = if of_people { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
        assert_eq!(answer.status, expected, "{address}");
        if answer.header("content-type").starts_with("text/html") {
            waiting.extend(links(&answer.text).into_iter().filter(|address| !seen.contains(address)));
        }
        seen.insert(address);
    }
    for expected in ["/lists", "/lists.csv?item=penalty", "/data-list/penalty", "/method", "/about", "/accessibility"] {
        assert!(seen.contains(expected), "{expected}: {seen:?}");
    }
}
