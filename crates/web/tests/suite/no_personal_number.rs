//! No identity or telephone number leaves the platform: a province that holds such numbers wherever a sender can put them is
//! asked for everything that anyone may ask, and what comes back is looked through, letter by letter. The same for what is
//! logged meanwhile.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use credence_app::collect::{self, Report, Request as Import};
use credence_app::daily::Daily;
use credence_app::listing::Clerk;
use credence_app::officer;
use credence_app::review::{self, Decision};
use credence_app::{Clock, Service, View, Writer};
use credence_domain::access::Action;
use credence_domain::canonical::hex;
use credence_domain::officer::Role as OfficerRole;
use credence_domain::record::personal::{carries_personal_number, carries_whole_identity_number};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_testkit::both_stores;
use credence_testkit::province::{self, Format, Plan, Row, Sheet};
use credence_testkit::stores::TestStore;
use credence_web::{AppState, Kind};
use jiff::civil::{Date, date};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};
use tokio::runtime::Runtime;
use tower::ServiceExt;

const OFFICE: &str = "11379900000000086M";
const PHONE: &str = "13900000000";
const CERTIFICATE: &str = "37990019850505003";
/// Who holds an office, and is in no public answer.
const OFFICER: &str = "欧阳责示例";
const TODAY: Date = date(2026, 7, 1);
const FORMAT: Format =
    Format { gb18030: false, byte_order_mark: false, tabs: false, codes: true, turned: 0, wide: false, slashes: false };

/// Built in the unused region 379900, with the check digit that makes it a number: nobody's.
fn identity_number(body: &str) -> String {
    let with = |check: char| format!("{body}{check}");
    "0123456789X".chars().map(with).find(|number| carries_whole_identity_number(number)).unwrap()
}

fn person() -> String {
    identity_number("37990019900101001")
}

fn agent() -> String {
    identity_number("37990019920202002")
}

/// Everything that the process has logged, at every level.
fn logged() -> &'static Mutex<Vec<u8>> {
    static LOGGED: OnceLock<Mutex<Vec<u8>>> = OnceLock::new();
    LOGGED.get_or_init(|| {
        let filter = tracing_subscriber::EnvFilter::new("trace");
        let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(|| Log).finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
        Mutex::default()
    })
}

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        logged().lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

struct Province {
    state: AppState,
    service: Arc<Service>,
    runtime: Runtime,
    usccs: Vec<String>,
}

fn import(store: &TestStore, writer: &mut Writer, rulebook: &Rulebook, file: (&str, &[u8]), source: &str) -> Report {
    let path = store.folder.join(file.0);
    std::fs::write(&path, file.1).unwrap();
    let request = Import {
        path,
        source: Uscc::parse(source).unwrap(),
        item: None,
        rejects: None,
        dry_run: false,
        secrecy_review: "审查员（示例）".to_owned(),
        channel: "demo",
        instruction: None,
        window_bytes: credence_app::collect::WINDOW_BYTES,
    };
    collect::import(writer, rulebook, &request, &mut |_| {}).unwrap()
}

fn row(fields: &[(&'static str, &str)]) -> Row {
    fields.iter().map(|(code, value)| (*code, (*value).to_owned())).collect()
}

fn penalty(uscc: &str, number: &str, more: &[(&'static str, &str)]) -> Row {
    let (person, agent) = (person(), agent());
    let mut fields = vec![
        ("CF_XDR_MC", "示范机械制造有限公司"),
        ("CF_XDR_LB", "法人及非法人组织"),
        ("CF_XDR_SHXYM", uscc),
        ("CF_FRDB", "王示一"),
        ("CF_FR_ZJLX", "身份证"),
        ("CF_FR_ZJHM", person.as_str()),
        ("CF_XDR_ZJLX", "身份证"),
        ("CF_XDR_ZJHM", agent.as_str()),
        ("CF_WSH", number),
        ("CF_WFXW", "未按规定标注"),
        ("CF_SY", "经查，当事人未按规定标注。"),
        ("CF_YJ", "依据"),
        ("CF_CFLB", "罚款"),
        ("CF_NR", "罚款五万元"),
        ("CF_NR_FK", "5"),
        ("CF_JDRQ", "2026-06-20"),
        ("CF_CFJG", "示范局"),
        ("CF_CFJGDM", OFFICE),
        ("CF_SJLY", "示范局"),
        ("CF_SJLYDM", OFFICE),
        ("BZ", "经办人电话13900000000"),
    ];
    fields.extend(more);
    row(&fields)
}

fn inspection(uscc: &str) -> Row {
    row(&[
        ("inspection_number", "检查一号"),
        ("authority_name", "示范局"),
        ("authority_uscc", OFFICE),
        ("name", "示范机械制造有限公司"),
        ("uscc", uscc),
        ("result", "未发现问题"),
        ("inspected_on", "2026-06-20"),
        ("inspectors", "张示二"),
        ("certificates", CERTIFICATE),
        ("address", "示范路1号，电话13900000000"),
        ("source_name", "示范局"),
        ("source_uscc", OFFICE),
    ])
}

impl Province {
    fn new(store: &TestStore) -> Self {
        let plan = Plan { organisations: 30, seed: 5, today: TODAY };
        let clock = Clock::fixed(province::receipt_days(&plan)[0]);
        let mut writer = store.address.writer(clock.clone()).unwrap();
        let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
        for unit in province::units() {
            credence_app::directory::set(&mut writer, &unit, &rulebook).unwrap();
        }
        for file in province::files(&plan, &rulebook) {
            clock.move_to(file.received_on);
            import(store, &mut writer, &rulebook, (&file.name, &file.bytes), &file.source_uscc);
        }
        clock.move_to(TODAY);
        let service = Arc::new(Service::open(store.address.clone(), clock, None).unwrap());
        let state = AppState::new(Arc::clone(&service));
        let mut province = Self { state, service, runtime: Runtime::new().unwrap(), usccs: Vec::new() };
        let found = province.json("/api/v1/organisations?limit=100");
        let codes = found["items"].as_array().unwrap().iter().map(|one| one["uscc"].as_str().unwrap().to_owned());
        province.usccs = codes.collect();
        province.plant(store, &mut writer, &rulebook);
        let daily = Arc::new(Daily::open(&store.folder.join("bulk")).unwrap());
        daily.make(&province.service).unwrap();
        province.state = province.state.with_daily(daily);
        province
    }

    /// Puts numbers wherever a sender can: in the fields that are for them, in remarks, in public texts, in a wrong row.
    fn plant(&self, store: &TestStore, writer: &mut Writer, rulebook: &Rulebook) {
        let with = |text: &str| format!("当事人{}，电话{PHONE}，{text}", person());
        let mut rows = Vec::new();
        for (at, uscc) in self.usccs.iter().take(8).enumerate() {
            rows.push(penalty(uscc, &format!("示罚〔2026〕{at}号"), &[]));
            rows.push(penalty(uscc, &format!("示罚〔2026〕10{at}号"), &[("CF_SY", &with("未按规定标注。"))]));
            rows.push(penalty(uscc, &format!("示罚〔2026〕20{at}号"), &[("CF_SY", &with("已遮蔽。"))]));
        }
        rows.push(penalty(&self.usccs[0], "示罚〔2026〕300号", &[("CF_NR_FK", &person()), ("CF_YXQ", PHONE)]));
        let sheet = Sheet { rows }.write(rulebook, "penalty", FORMAT);
        let report = import(store, writer, rulebook, ("numbers.csv", &sheet), OFFICE);
        assert_eq!((report.counts.accepted, report.counts.held, report.counts.rejected), (24, 16, 1), "{report:?}");
        // A responsible person with name and number, of whom nothing is public.
        let today = self.service.real_today();
        let clerk = Clerk { name: "甲".to_owned(), view: View::office(today) };
        for uscc in self.usccs.iter().take(4) {
            let held = officer::Entering {
                uscc: uscc.clone(),
                unit: OFFICE.to_owned(),
                role: OfficerRole::ActualController,
                name: OFFICER.to_owned(),
                identity_number: person(),
                from_on: today,
                through_on: None,
                evidence: "任免文件".to_owned(),
            };
            officer::enter(writer, rulebook, &clerk, &held).unwrap();
        }
        let rows = self.usccs.iter().take(4).map(|uscc| inspection(uscc)).collect();
        let sheet = Sheet { rows }.write(rulebook, "inspection", FORMAT);
        assert_eq!(import(store, writer, rulebook, ("inspections.csv", &sheet), OFFICE).counts.accepted, 4);
        let held = self.service.held_records().unwrap();
        let redacted = held.iter().filter(|one| one.document_number.starts_with("示罚〔2026〕20"));
        let decision = Decision { actor: "甲", reason: "遮蔽", secrecy_review: "" };
        let ids: Vec<String> = redacted.map(|one| one.id.clone()).collect();
        assert_eq!(ids.len(), 8);
        for id in ids {
            review::redact(writer, rulebook, &id, "CF_SY", decision).unwrap();
        }
    }

    fn ask(&self, address: &str) -> (StatusCode, String, Vec<u8>) {
        let request = Request::get(address).body(Body::empty()).unwrap();
        self.runtime.block_on(async {
            let response = credence_web::router(self.state.clone()).oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let headers: Vec<String> =
                parts.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
            (parts.status, headers.join("\n"), to_bytes(body, usize::MAX).await.unwrap().to_vec())
        })
    }

    fn json(&self, address: &str) -> Value {
        serde_json::from_slice(&self.ask(address).2).unwrap()
    }

    /// Every address that anyone may ask, with everything that there is in the place of its parameters.
    fn addresses(&self) -> Vec<String> {
        let rulebook = credence_app::rulebook::shipped().unwrap();
        let items: Vec<&String> = rulebook.items.keys().collect();
        let areas: Vec<String> = self.json("/api/v1/areas")["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|area| area["area"].as_str().or(area["code"].as_str()).unwrap().to_owned())
            .collect();
        let files: Vec<String> = ["csv", "jsonl"].iter().map(|form| format!("credence-{TODAY}.{form}")).collect();
        let mut proofs: Vec<(String, String, String)> = Vec::new();
        for uscc in &self.usccs {
            let records = self.json(&format!("/api/v1/organisations/{uscc}/records?limit=100"));
            for record in records["items"].as_array().unwrap() {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                proofs.push((uscc.clone(), text(&record["id"]), text(&record["proof"]["act"])));
            }
        }
        proofs.retain(|(.., act)| !act.is_empty());
        let acts: Vec<String> = proofs.iter().map(|(.., act)| act.clone()).collect();
        let list = self.json("/api/v1/measures");
        let measures = list["measures"].as_array().unwrap().iter();
        let measures: Vec<String> = measures.map(|measure| measure["code"].as_str().unwrap().to_owned()).collect();
        let width = self.json("/api/v1/log")["size"].as_u64().unwrap().min(255);
        let tiles = [format!("0/000.p/{width}"), format!("entries/000.p/{width}")];
        let mut found = Vec::new();
        for route in credence_web::routes().iter().filter(|r| r.action == Action::ReadPublic && r.kind != Kind::Asset) {
            assert_eq!(route.method, "GET", "{}: a public route that writes is not looked at here", route.path);
            let named = |name: &str, values: &[String]| -> Vec<String> {
                values.iter().map(|value| route.path.replace(name, value)).collect()
            };
            let codes: Vec<String> = self.usccs.iter().cloned().chain([OFFICE.to_owned()]).collect();
            let all: Vec<String> = items.iter().map(|item| (*item).clone()).collect();
            found.extend(match route.path.split_once('{').map(|(_, rest)| rest.split('}').next().unwrap()) {
                None => vec![route.path.to_owned()],
                Some("uscc") if route.path.contains("{id}") => {
                    let of = |(uscc, id, _): &(String, String, String)| {
                        route.path.replace("{uscc}", uscc).replace("{id}", id)
                    };
                    proofs.iter().map(of).collect()
                }
                Some("act") => named("{act}", &acts),
                Some("*path") => named("{*path}", &tiles),
                Some("uscc") => named("{uscc}", &codes),
                Some("item") => named("{item}", &all),
                Some("area") => named("{area}", &areas),
                Some("code") => named("{code}", &measures),
                Some("record") => named("{record}", &proofs.iter().map(|(_, id, _)| id.clone()).collect::<Vec<_>>()),
                // No repair has a number that anybody could guess.
                Some("number") => named("{number}", &["20260101-0".to_owned()]),
                Some("name") => named("{name}", &files),
                Some(other) => {
                    assert!(other.is_empty(), "{}: nothing is known to put for {other}", route.path);
                    Vec::new()
                }
            });
        }
        for path in ["/search", "/search.csv", "/api/v1/organisations"] {
            for q in ["%E7%A4%BA%E8%8C%83", "3799", &person(), &agent(), PHONE, CERTIFICATE] {
                found.push(format!("{path}?q={q}"));
            }
        }
        for path in ["/lists", "/lists.csv", "/lists.atom", "/api/v1/lists"] {
            found.extend(items.iter().map(|item| format!("{path}?item={item}&limit=100")));
            found.push(format!("{path}?authority={OFFICE}&limit=100"));
        }
        found
    }
}

/// Runs of letters and digits that are a number of someone's: digits inside digests and encodings are none.
fn numbers_in(text: &str) -> Vec<&str> {
    let of_a_run = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '０'..='９');
    let runs = text.split(|c| !of_a_run(c)).filter(|run| (11..=18 * 3).contains(&run.len()));
    runs.filter(|run| carries_personal_number(run) && run.chars().all(|c| c.is_numeric() || "xX".contains(c))).collect()
}

/// A body as people and programs read it: what is in base64 stands in it as text.
fn opened(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body).into_owned();
    let Ok(json) = serde_json::from_str::<Value>(&text) else { return text };
    let mut publics = Vec::new();
    collect_publics(&json, &mut publics);
    format!("{text}\n{}", publics.join("\n"))
}

fn collect_publics(json: &Value, found: &mut Vec<String>) {
    match json {
        Value::Object(members) => {
            if let Some(public) = members.get("public").and_then(Value::as_str) {
                found.push(base64(public));
            }
            members.values().for_each(|value| collect_publics(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| collect_publics(value, found)),
        _ => {}
    }
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits = 0u32;
    let mut held = 0;
    let mut bytes = Vec::new();
    for letter in text.bytes().filter_map(|byte| LETTERS.iter().position(|letter| *letter == byte)) {
        bits = bits << 6 | letter as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn no_number_of_a_person_is_in_any_public_answer_nor_in_the_log(store: &TestStore) {
    logged();
    let province = Province::new(store);
    let planted = [person(), agent(), PHONE.to_owned(), CERTIFICATE.to_owned()];
    let sealed: Vec<String> = planted.iter().map(|number| hex(number.as_bytes())).collect();
    let mut seen = BTreeSet::new();
    for address in province.addresses() {
        let (status, headers, body) = province.ask(&address);
        assert!(!status.is_server_error(), "{address}: {status}");
        let whole = format!("{headers}\n{}", opened(&body));
        // What a visitor types comes back to the visitor alone, except an identity number.
        let typed = |number: &String| address.ends_with(number.as_str()) && (number == PHONE || number == CERTIFICATE);
        for number in planted.iter().chain(&sealed).filter(|number| !typed(number)) {
            assert!(!whole.contains(number.as_str()), "{address} shows {number}");
        }
        assert!(!whole.contains(OFFICER), "{address} shows a responsible person");
        let shown: Vec<&str> = numbers_in(&whole).into_iter().filter(|number| !address.ends_with(number)).collect();
        assert!(shown.is_empty(), "{address} shows {shown:?}");
        for line in headers.lines().filter(|line| line.starts_with(header::LOCATION.as_str())) {
            assert!(!planted.iter().any(|number| line.contains(number.as_str())), "{line}");
        }
        for document in ["示罚〔2026〕1号", "示罚〔2026〕101号", "示罚〔2026〕201号", "检查一号"] {
            if whole.contains(document) {
                seen.insert(document);
            }
        }
    }
    let expected = ["检查一号", "示罚〔2026〕1号", "示罚〔2026〕201号"];
    assert!(seen.iter().copied().eq(expected), "what was looked through holds the records: {seen:?}");
    for q in [person(), agent()] {
        let refused = province.json(&format!("/api/v1/organisations?q={q}"));
        assert_eq!(refused["code"], "person_not_searchable");
    }
    let found = credence_app::verify::verify(province.service.address()).unwrap();
    assert!(!found.has_failures());
    let log = String::from_utf8_lossy(&logged().lock().unwrap()).into_owned();
    assert!(log.contains("made keys for identity numbers"), "nothing was logged");
    assert!(planted.iter().all(|number| !log.contains(number.as_str())), "a number stands in the log");
    assert!(!log.contains(OFFICER), "a responsible person stands in the log");
    let named = province.json("/api/v1/organisations?q=%E6%AC%A7%E9%98%B3%E8%B4%A3%E7%A4%BA%E4%BE%8B");
    assert!(named["items"].as_array().is_none_or(Vec::is_empty), "a responsible person is searched: {named}");
}

both_stores!(no_number_of_a_person_is_in_any_public_answer_nor_in_the_log);

#[test]
fn the_scan_finds_a_number_wherever_it_stands() {
    let number = person();
    for text in
        [format!("<p>证件号{number}。</p>"), format!("{{\"x\":\"{PHONE}\"}}"), "电话１３９０００００００0,".to_owned()]
    {
        assert_eq!(numbers_in(&text).len(), 1, "{text}");
    }
    assert!(numbers_in("W/\"13912345678a\" 91379900MA0TE5T16G 123799000000000510 1774972800000000").is_empty());
    assert_eq!(base64("eyJ4Ijoi5LqRIn0="), "{\"x\":\"云\"}");
}
