//! Nothing past its last public day is visible in any channel, at any day asked, and nobody presses a button.
//!
//! A synthetic province is imported once a database; then only the clock moves. For every item with an end, the record
//! that ends first is looked for in every channel there is: each route of the table, counters, lists, evaluation.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use credence_app::collect::{self, Request as Import};
use credence_app::{Clock, Service, View};
use credence_domain::access::Action;
use credence_domain::subject::Uscc;
use credence_testkit::both_stores;
use credence_testkit::province::{self, Plan};
use credence_testkit::stores::TestStore;
use credence_web::{AppState, Kind};
use jiff::civil::Date;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// A public record as the interface told it.
#[derive(Clone, Debug)]
struct Seen {
    uscc: String,
    id: String,
    item: String,
    document: Option<String>,
    from: Date,
    through: Option<Date>,
}

/// The province as anyone may ask it, on whatever day the clock stands.
struct Province {
    state: AppState,
    service: Arc<Service>,
    clock: Clock,
    runtime: Runtime,
}

fn today() -> Date {
    Date::new(2026, 7, 1).unwrap()
}

impl Province {
    fn new(store: &TestStore) -> Self {
        let plan = Plan { organisations: 60, seed: 7, today: today() };
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
            let source = Uscc::parse(&file.source_uscc).unwrap();
            let request = Import {
                path,
                source,
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
        drop(writer);
        clock.move_to(today());
        let service = Arc::new(Service::open(store.address.clone(), clock.clone(), None).unwrap());
        let state = AppState::new(Arc::clone(&service));
        Self { state, service, clock, runtime: Runtime::new().unwrap() }
    }

    fn ask(&self, request: Request<Body>) -> (StatusCode, String, String) {
        self.runtime.block_on(async {
            let response = credence_web::router(self.state.clone()).oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let tag = parts.headers.get(header::ETAG).map(|tag| tag.to_str().unwrap().to_owned()).unwrap_or_default();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            (parts.status, tag, String::from_utf8_lossy(&body).into_owned())
        })
    }

    fn get(&self, address: &str) -> String {
        self.ask(Request::get(address).body(Body::empty()).unwrap()).2
    }

    fn json(&self, address: &str) -> Value {
        serde_json::from_str(&self.get(address)).unwrap()
    }

    /// Every item of a list, page by page.
    fn list(&self, path: &str) -> Vec<Value> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.json(&format!("{path}?limit=100&cursor={cursor}"));
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => return items,
            }
        }
    }

    /// Everything that is public on the clock's day.
    fn records(&self) -> Vec<Seen> {
        let mut seen = Vec::new();
        for organisation in self.list("/api/v1/organisations") {
            let uscc = organisation["uscc"].as_str().unwrap().to_owned();
            for record in self.list(&format!("/api/v1/organisations/{uscc}/records")) {
                let text = |key: &str| record[key].as_str().map(str::to_owned);
                seen.push(Seen {
                    uscc: uscc.clone(),
                    id: text("id").unwrap(),
                    item: text("item").unwrap(),
                    document: text("document_number").filter(|number| !number.is_empty()),
                    from: text("public_from_on").unwrap().parse().unwrap(),
                    through: text("public_through_on").map(|day| day.parse().unwrap()),
                });
            }
        }
        seen
    }

    /// Public records by item, as the home page counts them.
    fn counters(&self) -> BTreeMap<String, u64> {
        let home = self.json("/api/v1/counters");
        let items = home["items"].as_array().unwrap().iter();
        items.map(|item| (item["item"].as_str().unwrap().to_owned(), item["count"].as_u64().unwrap())).collect()
    }

    /// The bodies of every route that could speak of a record, with their addresses.
    fn channels(&self, record: &Seen) -> Vec<(String, String)> {
        let routes = credence_web::routes().into_iter();
        let asked = routes.filter(|route| route.method == "GET" && route.kind != Kind::Asset);
        let mut bodies: Vec<(String, String)> = asked
            .map(|route| {
                let address = route.path.replace("{uscc}", &record.uscc);
                let address = address.split('/').map(|part| if part.starts_with('{') { &record.id } else { part });
                let address = address.collect::<Vec<_>>().join("/");
                // Whoever may not ask gets no answer but his own question back.
                let (status, _, body) = self.ask(Request::get(&address).body(Body::empty()).unwrap());
                let refused = route.action != Action::ReadPublic && route.action != Action::SignIn;
                assert_eq!(status == StatusCode::UNAUTHORIZED, refused, "{address}");
                let body = if refused { body.replace(&address, "") } else { body };
                (address, body)
            })
            .collect();
        for path in ["/search", "/search.csv", "/api/v1/organisations"] {
            for query in [Some(&record.uscc), record.document.as_ref(), Some(&record.id)].into_iter().flatten() {
                // The page repeats what was asked, so only other traces count there.
                let query: String = query.chars().skip(1).filter(char::is_ascii_alphanumeric).collect();
                let address = format!("{path}?q={query}");
                bodies.push((address.clone(), self.get(&address).replace(&query, "")));
            }
        }
        bodies
    }

    fn is_in_file(&self, record: &Seen) -> bool {
        let listed = self.list(&format!("/api/v1/organisations/{}/records", record.uscc));
        let [page, twin] = ["", "/api/v1"].map(|root| self.get(&format!("{root}/organisations/{}", record.uscc)));
        let found = listed.iter().any(|one| one["id"] == record.id.as_str());
        assert_eq!([page, twin].map(|body| body.contains(&record.id)), [found, found], "{record:?}");
        found
    }
}

/// The record of each item that ends first.
fn first_to_end(seen: &[Seen]) -> Vec<Seen> {
    let mut first: BTreeMap<&str, &Seen> = BTreeMap::new();
    for record in seen.iter().filter(|record| record.through.is_some()) {
        let standing = first.entry(&record.item).or_insert(record);
        if record.through < standing.through {
            *standing = record;
        }
    }
    first.into_values().cloned().collect()
}

fn nothing_past_its_last_public_day_is_visible_in_any_channel(store: &TestStore) {
    let province = Province::new(store);
    let seen = province.records();
    let ending = first_to_end(&seen);
    let items: Vec<&str> = ending.iter().map(|record| record.item.as_str()).collect();
    assert!(items.len() >= 2 && items.contains(&"penalty"), "{items:?}");
    let counted = |day: Date| {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let on = seen.iter().filter(|record| record.from <= day && record.through.is_none_or(|last| day <= last));
        on.for_each(|record| *counts.entry(record.item.clone()).or_default() += 1);
        counts
    };
    assert_eq!(province.counters(), counted(today()));
    for record in &ending {
        let last = record.through.unwrap();
        let next = last.tomorrow().unwrap();
        province.clock.move_to(last);
        assert!(province.is_in_file(record), "on its last day: {record:?}");
        assert_eq!(province.counters(), counted(last), "{last}");
        let page = format!("/organisations/{}", record.uscc);
        let (_, tag, _) = province.ask(Request::get(&page).body(Body::empty()).unwrap());

        province.clock.move_to(next);
        assert!(!province.is_in_file(record), "the day after: {record:?}");
        assert_eq!(province.counters(), counted(next), "{next}");
        let asked = Request::get(&page).header(header::IF_NONE_MATCH, &tag).body(Body::empty()).unwrap();
        assert_eq!(province.ask(asked).0, StatusCode::OK, "yesterday's page is no longer good");
        for (address, body) in province.channels(record) {
            assert!(!body.contains(&record.id), "{address} names {record:?}");
            let number =
                record.document.as_ref().filter(|_| seen.iter().filter(|r| r.document == record.document).count() == 1);
            assert!(number.is_none_or(|number| !body.contains(number)), "{address} shows {record:?}");
        }
        // Asked about the past, the answer is what was in force then and is public today.
        for day in [record.from, last, today()] {
            let view = View::public(province.service.today()).at(day);
            let file = province.service.organisation(&view, &record.uscc).unwrap();
            let evaluation = province.service.evaluation(&view, &record.uscc).unwrap();
            assert!(file.records.iter().all(|one| one.id != record.id), "{day}: {record:?}");
            assert!(evaluation.lines.iter().all(|line| line.record != record.id), "{day}: {record:?}");
        }
    }
}

fn nothing_is_visible_before_its_first_public_day(store: &TestStore) {
    let province = Province::new(store);
    let seen = province.records();
    let mut first: BTreeMap<&str, &Seen> = BTreeMap::new();
    seen.iter().for_each(|record| {
        first.entry(&record.item).or_insert(record);
    });
    for record in first.into_values() {
        province.clock.move_to(record.from.yesterday().unwrap());
        assert!(!province.is_in_file(record), "{record:?}");
        for (address, body) in province.channels(record) {
            assert!(!body.contains(&record.id), "{address} names {record:?}");
        }
        province.clock.move_to(record.from);
        assert!(province.is_in_file(record), "{record:?}");
        let before = View::public(today()).at(record.from.yesterday().unwrap());
        let file = province.service.organisation(&before, &record.uscc).unwrap();
        assert!(file.records.iter().all(|one| one.id != record.id), "{record:?}");
    }
}

fn an_answer_that_spans_midnight_is_of_one_day(store: &TestStore) {
    let province = Province::new(store);
    let record = first_to_end(&province.records()).into_iter().find(|record| record.item == "penalty").unwrap();
    let last = record.through.unwrap();
    province.clock.move_to(last);
    let (file, counters) = (format!("/organisations/{}", record.uscc), "/api/v1/counters");
    let addresses =
        [file.clone(), format!("/api/v1{file}"), format!("/api/v1{file}/records"), format!("/api/v1{file}/evaluation")];
    let whole: Vec<String> = addresses.iter().map(|address| province.get(address)).collect();
    let count = province.json(counters)["items"].clone();
    for (address, whole) in addresses.iter().zip(&whole) {
        // Every look at the clock after the first is on the next day.
        province.clock.move_to_last_instant(last);
        assert_eq!(&province.get(address), whole, "{address}");
        assert_ne!(&province.get(address), whole, "{address}: the next answer is of the next day");
    }
    province.clock.move_to_last_instant(last);
    let counted = province.json(counters);
    assert_eq!((&counted["items"], counted["as_of"].as_str()), (&count, Some(last.to_string().as_str())));
    assert_ne!(province.json(counters)["items"], count);
}

both_stores!(
    nothing_past_its_last_public_day_is_visible_in_any_channel,
    nothing_is_visible_before_its_first_public_day,
    an_answer_that_spans_midnight_is_of_one_day,
);
