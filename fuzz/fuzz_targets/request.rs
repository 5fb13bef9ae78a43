//! HTTP requests under libFuzzer: an empty register, asked by a department's system with its key.

#![no_main]
use axum::Router;
use axum::body::to_bytes;
use credence_app::batch::Intake;
use credence_app::desk::Desk;
use credence_app::{Address, Clock, Service, directory, key, rulebook};
use credence_domain::subject::Uscc;
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

struct Place {
    runtime: Runtime,
    router: Router,
    token: String,
    _folder: TempDir,
}

static PLACE: LazyLock<Place> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Clock::fixed(jiff::civil::date(2026, 5, 13));
    let address = Address::Sqlite(folder.path().join("register.db"));
    let mut writer = address.writer(clock.clone()).expect("a register");
    let (rules, _) = rulebook::in_force_or_first(&mut writer).expect("the rulebook");
    let uscc = "11379900000000086M";
    let unit = directory::Unit { uscc: uscc.to_owned(), name: "示范局".to_owned(), ..directory::Unit::default() };
    directory::set(&mut writer, &unit, &rules).expect("a unit");
    let source = Uscc::parse(uscc).expect("a code");
    let token = key::issue(&mut writer, &rules, source, None, "模糊测试").expect("a key").key;
    drop(writer);
    let service = Arc::new(Service::open(address, clock, None).expect("the register"));
    let intake = Intake::open(Arc::clone(&service), &folder.path().join("spool")).expect("an intake");
    let desk = Desk::open(&service).expect("a desk");
    let state = credence_web::AppState::new(service).with_intake(Arc::new(intake)).with_desk(Arc::new(desk));
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    Place { runtime, router: credence_web::router(state), token, _folder: folder }
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some(request) = credence_fuzz::web::request(data, Some(&PLACE.token)) else { return };
    let asked = format!("{} {}", request.method(), request.uri());
    PLACE.runtime.block_on(async {
        let answer = PLACE.router.clone().oneshot(request).await.expect("an answer");
        let (head, body) = answer.into_parts();
        let kind = head.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
        let body = if head.status.is_success() {
            Vec::new()
        } else {
            to_bytes(body, 1 << 20).await.unwrap_or_default().to_vec()
        };
        credence_fuzz::web::judge(&asked, head.status, &kind, &String::from_utf8_lossy(&body));
    });
});
