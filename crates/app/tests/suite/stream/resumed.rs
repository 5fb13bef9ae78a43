//! Where a reader may go on from, and what it is never told.

use super::world::{ITEMS, OFFICE, World, fact, firm, send};
use credence_app::stream::{ChangesRequest, Piece};
use credence_app::{Address, AppError, Service};
use credence_store::{open, sequencer};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::ToSpan;
use serde_json::Value;
use std::sync::mpsc;

fn read(service: &Service, after: i64) -> Result<(Vec<Value>, i64), AppError> {
    let mut replay = service.changes_begin(&ChangesRequest { after: Some(after), ..Default::default() })?;
    let mut told = Vec::new();
    loop {
        let Piece { lines, is_last } = service.read_on(&mut replay, service.log_size()? - 1, usize::MAX)?;
        told.extend(lines.iter().map(|line| serde_json::from_str::<Value>(&line.text).unwrap()));
        if is_last {
            return Ok((told, replay.position()));
        }
    }
}

fn a_line_names_a_record_and_its_digests_and_never_its_content(store: &TestStore) {
    let mut world = World::new(store, 0);
    let (_, stands) = read(&world.service(), -1).unwrap();
    let row = fact(&firm(0), "penalty", "示罚〔2026〕1号", "超标排放", None);
    let digest = credence_domain::canonical::hex(&row.public_digest);
    send(&mut world.writer, ITEMS[0], vec![row]);
    world.sequence();
    let (told, now) = read(&world.service(), stands).unwrap();
    assert_eq!((told.len(), now), (1, stands + 1));
    let line = &told[0];
    assert_eq!((&line["position"], &line["item"], &line["version"]), (&now.into(), &"penalty".into(), &1.into()));
    assert_eq!((&line["uscc"], &line["areas"][0]), (&firm(0).into(), &"云海市".into()));
    assert_eq!(line["public_digest"].as_str().unwrap(), digest);
    assert_eq!(line["link"], format!("/api/v1/organisations/{}/records", firm(0)));
    assert!(!line.to_string().contains("超标"), "{line}");
    let mut names: Vec<_> = line.as_object().unwrap().keys().map(String::as_str).collect();
    let all = ["act", "areas", "commitment", "id", "item", "link", "position", "public_digest", "uscc", "version"];
    names.sort_unstable();
    assert_eq!(names, all);
}

fn an_end_by_date_is_told_to_who_knew_the_record_and_to_nobody_else(store: &TestStore) {
    let mut world = World::new(store, 0);
    let (_, before) = read(&world.service(), -1).unwrap();
    let today = world.today();
    send(&mut world.writer, "penalty", vec![fact(&firm(0), "penalty", "1", "一", Some(today))]);
    world.sequence();
    let (told, knew) = read(&world.service(), before).unwrap();
    let reference = told[0]["id"].clone();
    world.next_day();
    assert_eq!(read(&world.service(), knew).unwrap().0, [serde_json::json!({"gone": reference})]);
    assert!(read(&world.service(), before).unwrap().0.is_empty(), "it never heard of it");
    assert!(read(&world.service(), 0).unwrap().0.iter().all(|line| line["gone"].is_null()));
}

fn who_stayed_away_too_long_begins_anew_and_who_missed_nothing_does_not(store: &TestStore) {
    let mut world = World::new(store, 0);
    let head = world.service().log_size().unwrap() - 1;
    let days = i64::from(world.service().rulebook().stream.retention_days(world.today()));
    world.clock.move_to(world.today() + (days + 5).days());
    assert!(read(&world.service(), head).is_ok(), "nothing has happened since");
    send(&mut world.writer, "penalty", vec![fact(&firm(0), "penalty", "1", "一", None)]);
    world.sequence();
    assert!(read(&world.service(), head).is_ok(), "what it has not heard of is new");
    world.clock.move_to(world.today() + (days + 1).days());
    assert_eq!(read(&world.service(), head).unwrap_err().code(), "position_too_old");
    assert!(read(&world.service(), head + 1).is_ok());
    assert!(read(&world.service(), 0).is_ok() && read(&world.service(), -1).is_ok());
    assert_eq!(read(&world.service(), head + 2).unwrap_err().code(), "position_ahead");
    assert_eq!(read(&world.service(), -2).unwrap_err().code(), "bad_parameter");
    for cursor in ["zz", "00", &credence_domain::canonical::hex(b"1\x1f9\x1f1\x1f0\x1f1\x1f\x1f\x1f")] {
        let request = ChangesRequest { cursor: Some((*cursor).to_owned()), ..Default::default() };
        assert_eq!(world.service().changes_begin(&request).unwrap_err().code(), "bad_cursor", "{cursor}");
    }
}

fn on_a_day_that_was_moved_to_what_ends_by_then_is_told(store: &TestStore) {
    let mut world = World::new(store, 0);
    open::set_mark(world.writer.connection(), "demonstration", "finished").unwrap();
    let today = world.today();
    send(&mut world.writer, "penalty", vec![fact(&firm(0), "penalty", "1", "一", Some(today + 3.days()))]);
    world.sequence();
    let (told, stands) = read(&world.service(), -1).unwrap();
    let reference = told.last().unwrap()["id"].clone();
    let moved = |day| Service::open(store.address.clone(), world.clock.clone(), Some(day)).unwrap();
    assert!(read(&moved(today + 3.days()), stands).unwrap().0.is_empty());
    assert_eq!(read(&moved(today + 4.days()), stands).unwrap().0, [serde_json::json!({"gone": reference})]);
    assert!(read(&moved(today + 4.days()), -1).unwrap().0.iter().all(|line| line["id"] != reference));
}

fn where_other_items_are_public_than_before_a_reader_begins_anew(store: &TestStore) {
    let mut world = World::new(store, 0);
    let head = world.service().log_size().unwrap() - 1;
    let mut files = credence_app::rulebook::shipped_files();
    // Nothing that is not public is handed over to another platform.
    files.retain(|(path, _)| {
        !matches!(path.as_str(), "exchange/credit_china.toml" | "exchange/enterprise_publicity.toml")
    });
    let (_, text) = files.iter_mut().find(|(path, _)| path == "data/penalty.toml").unwrap();
    *text = text.replace("disclosure = \"public\"", "disclosure = \"shared\"");
    let edition = credence_app::rulebook::read(files).unwrap();
    let (digest, body) = (edition.digest, edition.canonical());
    let today = world.today();
    credence_store::rulebook::enact(&mut world.writer, &digest, &body, OFFICE, Some(OFFICE), "试验", today).unwrap();
    world.sequence();
    assert_eq!(read(&world.service(), head).unwrap_err().code(), "position_too_old");
    assert!(read(&world.service(), head + 1).is_ok(), "it has begun under this edition");
}

both_stores!(
    a_line_names_a_record_and_its_digests_and_never_its_content,
    an_end_by_date_is_told_to_who_knew_the_record_and_to_nobody_else,
    who_stayed_away_too_long_begins_anew_and_who_missed_nothing_does_not,
    on_a_day_that_was_moved_to_what_ends_by_then_is_told,
    where_other_items_are_public_than_before_a_reader_begins_anew,
);

/// On SQLite there is one writer; here an act that began first commits last.
#[test]
fn an_act_that_commits_late_is_not_missed() {
    let store = TestStore::postgres();
    assert!(matches!(store.address, Address::Postgres(_)));
    let mut world = World::new(&store, 0);
    let (_, start) = read(&world.service(), -1).unwrap();
    let (began, has_begun) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let mut late = store.address.writer(world.clock.clone()).unwrap();
    let late = std::thread::spawn(move || {
        let today = late.clock().today();
        let rows = [fact(&firm(0), "penalty", "late", "晚", None)];
        let sending = credence_store::arrival::Sending {
            source: OFFICE,
            item: "penalty",
            received_on: credence_domain::record::value::day_number(today),
            batch: &[7; 16],
            corrects: None,
        };
        let draft = super::world::draft("import", today);
        let done = late.change(&draft, |change| {
            let arrived = credence_store::arrival::arrive(change, sending, &rows, &mut |row, _| Ok(row.dates.clone()));
            began.send(()).unwrap();
            may_go.recv().unwrap();
            arrived
        });
        done.unwrap();
    });
    has_begun.recv().unwrap();
    send(&mut world.writer, "penalty", vec![fact(&firm(1), "penalty", "early", "早", None)]);
    world.sequence();
    let (told, stands) = read(&world.service(), start).unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["uscc"], stands), (&firm(1).into(), start + 1));
    go.send(()).unwrap();
    late.join().unwrap();
    sequencer::run(world.writer.connection()).unwrap();
    let (told, _) = read(&world.service(), stands).unwrap();
    assert_eq!((told.len(), &told[0]["uscc"]), (1, &firm(0).into()));
}
