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
async fn the_measures_list_quotes_every_clause_and_says_what_has_no_basis() {
    let register = Register::empty();
    let page = register.get("/measures").await.text;
    let list = register.get("/api/v1/measures").await.json();
    assert!(page.contains(list["edition"]["digest"].as_str().unwrap()));
    let measures = list["measures"].as_array().unwrap();
    for measure in measures.iter().filter(|measure| measure["code"].as_str().unwrap().len() > 6) {
        let code = measure["code"].as_str().unwrap();
        assert!(page.contains(&format!("href=\"/measures/{code}\"")), "{code}");
        let of_measure = register.get(&format!("/measures/{code}")).await.text;
        let clause = measure["clause"].as_str().unwrap();
        assert!(of_measure.contains(clause) && !clause.is_empty(), "{code}");
        for basis in measure["basis"].as_array().unwrap() {
            assert!(of_measure.contains(basis["title"].as_str().unwrap()), "{code}: {basis}");
        }
    }
    let told = |text: &str| {
        let examples = list["examples"].as_array().unwrap();
        examples.iter().find(|example| example["text"].as_str().unwrap().contains(text)).unwrap().clone()
    };
    for nothing in ["飞机", "公开谴责"] {
        let example = told(nothing);
        assert_eq!((&example["resolved"], example["measures"].as_array().unwrap().len()), (&"no_basis".into(), 0));
        assert!(page.contains(example["explanation"].as_str().unwrap()));
    }
    assert_eq!(told("授信")["resolved"], "informs");
    assert_eq!(told("招标投标")["resolved"], "in_list");
    assert_eq!(register.get("/measures/nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_list_says_by_whom_on_what_law_for_how_long_and_how_one_leaves_it() {
    let register = Register::empty();
    let page = register.get("/lists/definitions").await.text;
    let lists = register.get("/api/v1/lists/definitions").await.json();
    let lists = lists["definitions"].as_array().unwrap();
    assert!(lists.len() >= 10, "{lists:?}");
    for line in lists {
        let code = line["code"].as_str().unwrap();
        assert!(page.contains(&format!("href=\"/lists/definitions/{code}\"")), "{code}");
        let one = register.get(&format!("/api/v1/lists/definitions/{code}")).await.json();
        let shown = register.get(&format!("/lists/definitions/{code}")).await.text;
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let mut said = vec![text(&one["name"]), text(&one["department"])];
        for (list, key) in [("basis", "title"), ("criteria", "text"), ("base_documents", "text"), ("exits", "name")] {
            said.extend(one[list].as_array().unwrap().iter().map(|part| text(&part[key])));
        }
        assert!(!one["basis"].as_array().unwrap().is_empty(), "{code} rests on nothing");
        for part in said {
            assert!(shown.contains(&part), "{code}: {part}");
        }
    }
    let market = register.get("/api/v1/lists/definitions/market_regulation").await.json();
    assert_eq!((&market["notice"]["answer_working_days"], &market["notice"]["own_days"]), (&5.into(), &false.into()));
    assert_eq!(market["basis"][0]["level"], "administrative_regulation");
    assert!(register.get("/lists").await.text.contains("/lists/definitions"), "the portal leads there");
    assert_eq!(register.get("/lists/definitions/nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn behaviour_items_lead_to_measures_and_memoranda_carry_nothing_of_their_own() {
    let register = Register::empty();
    let page = register.get("/behaviours").await.text;
    let behaviours = register.get("/api/v1/behaviours").await.json();
    for behaviour in behaviours["behaviours"].as_array().unwrap() {
        let code = behaviour["code"].as_str().unwrap();
        assert!(page.contains(&format!("id=\"{code}\"")), "{code}");
        for measure in behaviour["measures"].as_array().unwrap() {
            let one = register.get(&format!("/api/v1/measures/{}", measure["code"].as_str().unwrap())).await.json();
            let back = one["behaviours"].as_array().unwrap();
            assert!(back.iter().any(|one| one["code"] == code), "{code}: {one}");
        }
    }
    let memoranda = register.get("/api/v1/memoranda").await.json();
    let memoranda = memoranda["memoranda"].as_array().unwrap();
    assert!(!memoranda.is_empty() && memoranda.iter().all(|one| one["is_basis"] == false));
    for sentence in memoranda.iter().flat_map(|one| one["sentences"].as_array().unwrap()) {
        let carried = !sentence["measures"].as_array().unwrap().is_empty();
        assert_eq!(sentence["no_basis"].as_str().unwrap().is_empty(), carried, "{sentence}");
    }
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
        let of_people = address.starts_with("/workbench") || address == "/account";
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
