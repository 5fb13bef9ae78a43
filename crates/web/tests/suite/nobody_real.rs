//! Nobody real is graded: a registry of codes outside the demonstration's region has its pages and answers, and in none of
//! them a grade, points or a class.

use crate::register::{self, KNOWN, Register};
use axum::http::StatusCode;
use credence_domain::subject::Uscc;
use serde_json::Value;

/// Codes with a right check digit in regions that exist; the names below are made up.
fn outside() -> Vec<String> {
    let bodies = ["91370102MA3CXX00", "91440300MA5EXAMP", "91110105MA00XX00", "93370200MA3TXX00"];
    let symbols = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let code = |body: &str, seventeenth: char| {
        symbols
            .chars()
            .map(|check| format!("{body}{seventeenth}{check}"))
            .find(|code| Uscc::parse(code).is_ok())
            .unwrap()
    };
    bodies.iter().flat_map(|body| ['1', '2', '3'].map(|seventeenth| code(body, seventeenth))).collect()
}

fn registered() -> (Register, Vec<String>) {
    let register = Register::with_a_penalty();
    let codes = outside();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.csv");
    let mut text = "name,uscc,established,type,capital,scope,city\n".to_owned();
    for (number, code) in codes.iter().enumerate() {
        text.push_str(&format!("远方示例第{number}号有限公司,{code},2020-01-01,有限责任公司,,,某市\n"));
    }
    std::fs::write(&path, text).unwrap();
    let mut writer = register.writer();
    let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
    register::import(&mut writer, path);
    let swept = credence_app::evaluation::sweep(&mut writer, &rulebook, &Default::default(), &mut |_| {}).unwrap();
    assert_eq!(swept.evaluated, 1, "the one of the demonstration's region");
    drop(writer);
    (register, codes)
}

/// The members of a document that would grade somebody, wherever they stand, where they say something.
fn verdicts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| verdicts(item, found)),
        Value::Object(members) => {
            for (name, value) in members {
                let says = !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty());
                let grades =
                    ["grade", "word", "base", "points", "lines", "would_change", "model"].contains(&name.as_str());
                if says && (grades || (name.starts_with("class") && value.as_bool() != Some(false))) {
                    found.push(format!("{name}: {value}"));
                }
                verdicts(value, found);
            }
        }
        _ => {}
    }
}

/// What a page would mark, where it marks somebody.
const MARKS: [&str; 5] = ["data-grade", "data-points", "data-class", "一般失信", "严重失信行为"];

#[tokio::test]
async fn a_registry_outside_the_region_has_no_grade_points_or_class_in_any_channel() {
    let (register, codes) = registered();
    for code in &codes {
        for address in ["", "/records", "/evaluation"] {
            let answer = register.get(&format!("/api/v1/organisations/{code}{address}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{code}{address}");
            let mut found = Vec::new();
            verdicts(&answer.json(), &mut found);
            assert!(found.is_empty(), "{code}{address}: {found:?}");
        }
        let evaluation = register.get(&format!("/api/v1/organisations/{code}/evaluation")).await.json();
        assert_eq!(evaluation["reason"], "no_model_for_region");
        let page = register.get(&format!("/organisations/{code}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains(code.as_str()));
        for mark in MARKS {
            assert!(!page.text.contains(mark), "{code}: {mark}");
        }
    }
    let q = "%E8%BF%9C%E6%96%B9%E7%A4%BA%E4%BE%8B";
    let listed = register.get(&format!("/api/v1/organisations?limit=100&q={q}")).await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), codes.len());
    let mut found = Vec::new();
    verdicts(&listed, &mut found);
    assert!(found.is_empty(), "{found:?}");
    for address in ["/search", "/search.csv"] {
        let page = register.get(&format!("{address}?q={q}")).await.text;
        assert!(page.contains(codes[0].as_str()), "{address}: {page}");
        assert!(MARKS.iter().all(|mark| !page.contains(mark)), "{address}: {page}");
    }
    // Lists, files and feeds know them only as registered, if at all.
    for address in ["/lists", "/lists.csv", "/lists.atom", "/api/v1/lists"] {
        let penalties = register.get(&format!("{address}?item=penalty")).await.text;
        assert!(penalties.contains(KNOWN) && codes.iter().all(|code| !penalties.contains(code.as_str())), "{address}");
        let registrations = register.get(&format!("{address}?item=registration")).await.text;
        assert!(MARKS.iter().all(|mark| !registrations.contains(mark)), "{address}: {registrations}");
    }
    // The marks that were looked for are those that a page has where somebody is graded.
    let graded = register.get(&format!("/organisations/{KNOWN}")).await.text;
    assert!(graded.contains("data-grade") && graded.contains("data-points") && graded.contains("一般失信"), "{graded}");
    let mut found = Vec::new();
    verdicts(&register.get(&format!("/api/v1/organisations/{KNOWN}/evaluation")).await.json(), &mut found);
    assert!(!found.is_empty());
}
