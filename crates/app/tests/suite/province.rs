//! The synthetic province goes through the importer as a department's files do, the same on both databases.

use credence_app::collect::{self, Request};
use credence_app::{Clock, Service, View};
use credence_domain::subject::Uscc;
use credence_testkit::province::{self, DepartmentFile, Plan};
use credence_testkit::stores::TestStore;
use jiff::civil::date;
use std::collections::BTreeSet;

const PLAN: Plan = Plan { organisations: 300, seed: 2019, today: date(2026, 5, 6) };

struct Province {
    items: BTreeSet<String>,
    rejects: BTreeSet<String>,
    held: i64,
    corrected: i64,
    service: Service,
    digest: String,
}

fn make(store: &TestStore) -> Province {
    let clock = Clock::fixed(province::receipt_days(&PLAN)[0]);
    let mut writer = store.address.writer(clock.clone()).unwrap();
    let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
    for (code, area) in province::areas() {
        credence_app::directory::set_area(&mut writer, code, &area, None, &rulebook).unwrap();
    }
    for unit in province::units() {
        credence_app::directory::set(&mut writer, &unit, &rulebook).unwrap();
    }
    let (mut items, mut batches, mut held, mut corrected) = (BTreeSet::new(), Vec::new(), 0, 0);
    for file in province::files(&PLAN, &rulebook) {
        clock.move_to(file.received_on);
        let path = store.folder.join(&file.name);
        std::fs::write(&path, &file.bytes).unwrap();
        let request = Request {
            path,
            source: Uscc::parse(&file.source_uscc).unwrap(),
            item: None,
            rejects: None,
            dry_run: false,
            secrecy_review: String::new(),
            channel: "demo",
            instruction: None,
        };
        let report = collect::import(&mut writer, &rulebook, &request, &mut |_| {})
            .unwrap_or_else(|error| panic!("{}: {error}", file.name));
        assert_eq!(report.item, file.item, "{}: the header chooses the item", file.name);
        if report.counts.accepted > 0 {
            items.insert(report.item);
        }
        (held, corrected) = (held + report.counts.held, corrected + report.counts.corrected);
        batches.push(report.batch);
    }
    let service = Service::open(store.address.clone(), Clock::fixed(PLAN.today), None).unwrap();
    let rejects = batches.iter().flat_map(|batch| service.batch(batch).unwrap().rejects).map(|reject| reject.code);
    let rejects = rejects.collect();
    let digest = credence_app::verify::state_digest(&store.address).unwrap();
    Province { items, rejects, held, corrected, service, digest }
}

#[test]
fn the_province_has_every_item_every_common_error_and_passes_verify_alike_on_both_databases() {
    let stores = [TestStore::sqlite(), TestStore::postgres()];
    let [first, second] = stores.each_ref().map(make);
    assert_eq!(first.digest, second.digest);
    let rulebook = credence_app::rulebook::shipped().unwrap();
    assert_eq!(first.items, rulebook.items.keys().cloned().collect());
    let missing: Vec<_> = province::REJECTS.iter().filter(|code| !first.rejects.contains(**code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(first.held > 10 && first.corrected > 10);
    let view = View::public(PLAN.today);
    let penalised = province::organisations(&PLAN).into_iter().filter(|o| {
        let records = first.service.organisation(&view, &o.uscc).unwrap().records;
        records.iter().any(|record| record.item == "penalty")
    });
    assert!(penalised.count() >= 30);
    let found = credence_app::verify::verify(&stores[0].address).unwrap();
    let failed: Vec<_> = found.requirements.iter().filter(|outcome| outcome.failed > 0).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(found.requirements.iter().filter(|outcome| outcome.checked > 0).count() >= 10);
}

#[test]
fn a_province_is_a_function_of_its_seed_and_concerns_nobody_real() {
    let rulebook = credence_app::rulebook::shipped().unwrap();
    let files = |seed| province::files(&Plan { seed, ..PLAN }, &rulebook);
    let first = files(2019);
    assert_eq!(first, files(2019));
    assert_ne!(first, files(2020));
    let ours = |uscc: &str| uscc.get(2..8) == Some("379900");
    assert!(province::organisations(&PLAN).iter().all(|o| ours(&o.uscc)));
    assert!(province::units().iter().all(|unit| ours(&unit.uscc)));
    let older = |file: &DepartmentFile| file.bytes.windows(7).any(|bytes| bytes == b"CF_XZJG" || bytes == b"XK_XZJG");
    for item in ["penalty", "permit"] {
        assert!(first.iter().any(|file| file.item == item && older(file)), "{item} in the form of 2015");
    }
}
