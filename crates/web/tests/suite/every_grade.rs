//! A province of 300 organisations: page, interface and explanation give the same grade of each, every grade adds up, and
//! a day that changes one changes it in all of them with nothing running.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use credence_app::collect::{self, Request as Import};
use credence_app::evaluation::{Sweep, sweep};
use credence_app::{Clock, Service, View};
use credence_domain::subject::Uscc;
use credence_testkit::both_stores;
use credence_testkit::province::{self, Plan};
use credence_testkit::stores::TestStore;
use credence_web::AppState;
use jiff::civil::{Date, date};
use serde_json::Value;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tower::ServiceExt;

struct Province {
    usccs: Vec<String>,
    service: Arc<Service>,
    state: AppState,
    clock: Clock,
    runtime: Runtime,
}

impl Province {
    fn new(store: &TestStore) -> Self {
        let plan = Plan { organisations: 300, seed: 11, today: date(2026, 7, 1) };
        let clock = Clock::fixed(province::receipt_days(&plan)[0]);
        let mut writer = store.address.writer(clock.clone()).unwrap();
        let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
        for unit in province::units() {
            credence_app::directory::set(&mut writer, &unit, &rulebook).unwrap();
        }
        for file in province::files(&plan, &rulebook) {
            clock.move_to(file.received_on);
            let path = store.folder.join(&file.name);
            std::fs::write(&path, &file.bytes).unwrap();
            let request = Import {
                path,
                source: Uscc::parse(&file.source_uscc).unwrap(),
                item: None,
                rejects: None,
                dry_run: false,
                secrecy_review: "审查员（示例）".to_owned(),
                channel: "demo",
                instruction: None,
                window_bytes: credence_app::collect::WINDOW_BYTES,
            };
            collect::import(&mut writer, &rulebook, &request, &mut |_| {}).unwrap();
        }
        clock.move_to(plan.today);
        let swept = sweep(&mut writer, &rulebook, &Sweep::default(), &mut |_| {}).unwrap();
        assert!(swept.evaluated > 200 && swept.not_evaluated > 0 && swept.grades.len() >= 3, "{swept:?}");
        drop(writer);
        let service = Arc::new(Service::open(store.address.clone(), clock.clone(), None).unwrap());
        let state = AppState::new(Arc::clone(&service));
        let mut province = Self { usccs: Vec::new(), service, state, clock, runtime: Runtime::new().unwrap() };
        let mut next = Value::Null;
        loop {
            let cursor = next.as_str().map_or_else(String::new, |next| format!("&cursor={next}"));
            let page = province.json(&format!("/api/v1/organisations?limit=100{cursor}"));
            let found = page["items"].as_array().unwrap().iter().map(|one| one["uscc"].as_str().unwrap().to_owned());
            province.usccs.extend(found);
            next = page["next"].clone();
            if next.is_null() {
                return province;
            }
        }
    }

    fn get(&self, address: &str) -> String {
        let request = Request::get(address).body(Body::empty()).unwrap();
        self.runtime.block_on(async {
            let response = credence_web::router(self.state.clone()).oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{address}");
            String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
        })
    }

    fn json(&self, address: &str) -> Value {
        serde_json::from_str(&self.get(address)).unwrap()
    }

    /// The grade of an organisation, after every channel was held against the others.
    fn grade(&self, uscc: &str, day: Date) -> Value {
        let told = self.json(&format!("/api/v1/organisations/{uscc}/evaluation"));
        // What `credence explain --json` prints.
        let explained = self.service.evaluation(&View::public(day), uscc).unwrap();
        assert_eq!(told, serde_json::to_value(explained).unwrap(), "{uscc}");
        let page = self.get(&format!("/organisations/{uscc}"));
        let Some(grade) = told["grade"].as_str() else {
            assert!(told["points"].is_null() && told["base"].is_null() && told["lines"] == Value::Array(vec![]));
            assert!(!page.contains("data-grade") && !page.contains("data-points"), "{uscc}");
            return told;
        };
        let lines = told["lines"].as_array().unwrap();
        let sum: i64 = lines.iter().map(|line| line["points"].as_i64().unwrap()).sum();
        assert_eq!(told["points"].as_i64().unwrap(), told["base"].as_i64().unwrap() + sum, "{uscc}");
        assert!(page.contains(&format!("data-grade=\"{grade}\"")), "{uscc}");
        assert!(page.contains(&format!("data-points=\"{}\"", told["points"])), "{uscc}");
        // Whose grade it is stands beside it: in the demonstration's region the model's, whatever national result is on file.
        assert_eq!(told["model"], "demonstration", "{uscc}");
        let rule = told["disclosure"].as_str().unwrap();
        assert!(rule.contains("示例模型") && page.contains(rule), "{uscc}");
        // A line for each record that is shown, and for no other.
        let records = self.json(&format!("/api/v1/organisations/{uscc}"));
        let records = records["records"].as_array().unwrap();
        let national = records.iter().filter(|record| record["item"] == "evaluation_national").count();
        assert_eq!(page.contains("id=\"evaluation_national\""), national > 0, "{uscc}");
        let shown: Vec<&Value> = records.iter().map(|record| &record["id"]).collect();
        assert!(lines.iter().all(|line| shown.contains(&&line["record"])), "{uscc}");
        told
    }
}

fn page_interface_and_explanation_give_every_organisation_the_same_grade_before_and_after_midnight(store: &TestStore) {
    let province = Province::new(store);
    let today = date(2026, 7, 1);
    assert!(province.usccs.len() >= 300);
    let mut foretold: Vec<(Date, String, Value)> = Vec::new();
    let (mut graded, mut silent) = (0, 0);
    for uscc in &province.usccs {
        let told = province.grade(uscc, today);
        if told["grade"].is_null() {
            silent += 1;
        } else {
            graded += 1;
            assert_eq!(&uscc[2..8], "379900", "nobody real is graded");
        }
        for change in told["would_change"].as_array().unwrap().iter().filter(|change| change["kind"] == "date") {
            foretold.push((change["on"].as_str().unwrap().parse().unwrap(), uscc.clone(), change.clone()));
        }
    }
    assert!(graded > 200 && silent > 0, "{graded} graded, {silent} not");
    foretold.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
    assert!(!foretold.is_empty(), "no grade changes by itself");
    for (day, uscc, change) in foretold.iter().take(5) {
        province.clock.move_to(*day);
        let told = province.grade(uscc, *day);
        assert_eq!((&told["grade"], &told["points"]), (&change["grade"], &change["points"]), "{uscc} on {day}");
    }
}

both_stores!(page_interface_and_explanation_give_every_organisation_the_same_grade_before_and_after_midnight);
