//! The directory of units and areas, the pages of areas, and changes that go back to their unit.

use crate::openapi::{compare, document};
use crate::register::{Register, UNREGISTERED};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use credence_app::directory::{self, AreaPatch, Unit};
use credence_app::subscription;
use credence_domain::subject::Uscc;

const CITY: &str = "123799000000000510";
const OTHER: &str = "11379900000000086M";

/// A register with a penalty, an area with a county below it, and a city's unit.
fn register() -> Register {
    let register = Register::with_a_penalty();
    let mut writer = register.writer();
    let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
    let text = |text: &str| Some(text.to_owned());
    for (code, name, level, parent) in
        [("379920", "青禾市", "city", ""), ("379921", "石泉县", "county", "379920"), ("379910", "云海市", "city", "")]
    {
        let patch = AreaPatch { name: text(name), level: text(level), parent: text(parent), ..AreaPatch::default() };
        directory::set_area(&mut writer, code, &patch, None, &rulebook).unwrap();
    }
    let unit = Unit {
        uscc: CITY.to_owned(),
        name: "青禾市社会信用中心".to_owned(),
        level: "city".to_owned(),
        area: "青禾市".to_owned(),
        sector: "信用".to_owned(),
        secrecy_officer: "审查员（示例）".to_owned(),
        ..Unit::default()
    };
    directory::set(&mut writer, &unit, &rulebook).unwrap();
    drop(writer);
    register
}

/// Registers an organisation with a penalty in an area.
fn register_in(register: &Register, area: &str) {
    let mut writer = register.writer();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registration.csv");
    let text = format!("name,uscc,established,city\n=未来商贸有限公司,{UNREGISTERED},2015-01-01,{area}\n");
    std::fs::write(&path, text).unwrap();
    crate::register::import(&mut writer, path);
}

#[tokio::test]
async fn the_directory_is_public_and_keeps_the_officers_name_to_itself() {
    let (register, document) = (register(), document());
    for (path, address) in [
        ("/api/v1/units", "/api/v1/units".to_owned()),
        ("/api/v1/units/{uscc}", format!("/api/v1/units/{CITY}")),
        ("/api/v1/areas", "/api/v1/areas".to_owned()),
        ("/api/v1/areas/{area}", "/api/v1/areas/379920".to_owned()),
    ] {
        let answer = register.get(&address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text);
        assert!(!answer.text.contains("审查员"), "{address}");
        let content = &document["paths"][path]["get"]["responses"]["200"]["content"];
        compare(&document, &content["application/json"]["schema"], &answer.json(), path);
    }
    let page = register.get("/units").await;
    assert!(page.text.contains("青禾市社会信用中心") && page.text.contains("/areas/379920"), "{}", page.text);
    assert!(!page.text.contains("审查员"));
    let first = register.get("/api/v1/units?limit=1").await.json();
    let next = first["next"].as_str().unwrap();
    let second = register.get(&format!("/api/v1/units?limit=1&cursor={next}")).await.json();
    assert_ne!(first["items"][0]["uscc"], second["items"][0]["uscc"]);
    assert_eq!(register.get("/api/v1/units?cursor=zz").await.json()["code"], "bad_cursor");
}

#[tokio::test]
async fn an_areas_page_counts_what_is_public_there_and_below_it_and_names_its_units() {
    let register = register();
    register_in(&register, "石泉县");
    let of = |found: &serde_json::Value| {
        found["items"].as_array().unwrap().iter().map(|i| i["count"].as_u64().unwrap()).sum::<u64>()
    };
    for (area, organisations) in [("379920", 1), ("379921", 1), ("379910", 0)] {
        let found = register.get(&format!("/api/v1/areas/{area}")).await.json();
        assert_eq!(found["organisations"], organisations, "{found}");
        assert_eq!(of(&found) > 0, organisations > 0, "{found}");
        assert_eq!(found["latest"].as_array().unwrap().is_empty(), organisations == 0);
    }
    let page = register.get("/areas/%E9%9D%92%E7%A6%BE%E5%B8%82").await;
    for text in ["青禾市", "青禾市社会信用中心", "/areas/379921", "/lists?authority=", UNREGISTERED] {
        assert!(page.text.contains(text), "{text} on {}", page.text);
    }
    assert_eq!(register.get("/areas/nowhere").await.status, StatusCode::NOT_FOUND);
    assert!(register.get("/").await.text.contains("/areas/379921"));
}

#[tokio::test]
async fn a_unit_reads_the_changes_of_its_own_area_with_its_own_key() {
    let register = register();
    register_in(&register, "石泉县");
    let (own, other) = (register.key(CITY, None), register.key(OTHER, None));
    let ask = async |key: &str| {
        let request = Request::get(format!("/api/v1/units/{CITY}/changes?after=-1"));
        let request = request.header("authorization", format!("Bearer {key}")).body(Body::empty()).unwrap();
        register.ask(request).await
    };
    assert_eq!(ask("nothing").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(&other).await.status, StatusCode::FORBIDDEN);
    let refused = ask(&own).await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (StatusCode::CONFLICT, Some("not_subscribed")));
    let mut writer = register.writer();
    let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
    subscription::begin(&mut writer, &rulebook, Uscc::parse(CITY).unwrap(), "测试").unwrap();
    drop(writer);
    let found = ask(&own).await.json();
    let document = document();
    let content = &document["paths"]["/api/v1/units/{uscc}/changes"]["get"]["responses"]["200"]["content"];
    compare(&document, &content["application/json"]["schema"], &found, "changes");
    assert!(found["items"].as_array().unwrap().iter().any(|one| one["item"] == "penalty"), "{found}");
    // Behind the end of the log stands nothing, not even a fault of ours.
    let end = found["position"].as_i64().unwrap();
    for (after, expected) in [(end, StatusCode::OK), (end + 1, StatusCode::CONFLICT), (i64::MAX, StatusCode::CONFLICT)]
    {
        let request = Request::get(format!("/api/v1/units/{CITY}/changes?after={after}"));
        let request = request.header("authorization", format!("Bearer {own}")).body(Body::empty()).unwrap();
        let answer = register.ask(request).await;
        assert_eq!(answer.status, expected, "{after}: {}", answer.text);
        if expected == StatusCode::CONFLICT {
            assert_eq!(answer.json()["code"], "position_ahead");
        }
    }
}
