//! The synthetic province goes through the importer as a department's files do, the same on both databases.

use credence_app::collect::{self, Request};
use credence_app::demonstration::Cases;
use credence_app::{Clock, Service, View, listing};
use credence_domain::listing::Event;
use credence_domain::subject::Uscc;
use credence_testkit::both_stores;
use credence_testkit::province::{self, DepartmentFile, Plan};
use credence_testkit::stores::TestStore;
use jiff::civil::date;
use std::collections::BTreeSet;

pub const PLAN: Plan = Plan { organisations: 300, seed: 2019, today: date(2026, 5, 6) };

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
            window_bytes: credence_app::collect::WINDOW_BYTES,
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

/// The province with the cases of its listings, each step on its day.
pub fn make_with_listings(store: &TestStore) {
    let clock = Clock::fixed(province::receipt_days(&PLAN)[0]);
    let mut writer = store.address.writer(clock.clone()).unwrap();
    let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
    for (code, area) in province::areas() {
        credence_app::directory::set_area(&mut writer, code, &area, None, &rulebook).unwrap();
    }
    credence_app::directory::set_all(&mut writer, &province::units(), &rulebook).unwrap();
    // Of the other files a case needs the registrations alone.
    let mut files = province::files(&PLAN, &rulebook);
    files.retain(|file| file.item == "registration");
    files.extend(province::grounds(&PLAN, &rulebook));
    files.sort_by_key(|file| (file.received_on, file.order));
    let mut cases = Cases::read(&mut writer, province::listings(&PLAN, &rulebook), PLAN.today).unwrap();
    for file in files {
        cases.until(&mut writer, &rulebook, &clock, file.received_on).unwrap();
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
            window_bytes: credence_app::collect::WINDOW_BYTES,
        };
        let report = collect::import(&mut writer, &rulebook, &request, &mut |_| {}).unwrap();
        assert!(file.item == "registration" || report.counts.rejected == 0, "{}", file.name);
    }
    cases.until(&mut writer, &rulebook, &clock, PLAN.today.tomorrow().unwrap()).unwrap();
    // What is done already is not done again.
    clock.move_to(PLAN.today);
    let mut again = Cases::read(&mut writer, province::listings(&PLAN, &rulebook), PLAN.today).unwrap();
    let before = credence_app::verify::state_digest(&store.address).unwrap();
    again.until(&mut writer, &rulebook, &clock, PLAN.today.tomorrow().unwrap()).unwrap();
    assert_eq!(credence_app::verify::state_digest(&store.address).unwrap(), before);
    writer.checkpoint(true).unwrap();
}

fn listings_stand_in_every_state_and_every_way_out_was_taken(store: &TestStore) {
    make_with_listings(store);
    let mut writer = store.address.writer(Clock::fixed(PLAN.today)).unwrap();
    let view = View::office(PLAN.today);
    let heads =
        credence_app::query::page::whole(None, |page| listing::list(writer.connection(), &view, None, page)).unwrap();
    assert_eq!(heads.len(), 17);
    // However long a page is, and with a state asked for, it is the same list.
    for (limit, state) in [(1, None), (4, None), (1, Some("listed")), (3, Some("delisted"))] {
        let (mut paged, mut cursor): (Vec<_>, Option<String>) = (Vec::new(), None);
        loop {
            let asked = (cursor.as_deref(), Some(limit));
            let page = listing::list(writer.connection(), &view, state, asked).unwrap();
            assert!(page.items.len() <= limit as usize && !page.items.is_empty());
            paged.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        let right: Vec<_> = heads.iter().filter(|head| state.is_none_or(|state| state == head.state)).collect();
        assert_eq!(paged.iter().collect::<Vec<_>>(), right);
    }
    let mut seen = BTreeSet::new();
    for head in &heads {
        let case = listing::show(writer.connection(), &view, &head.number).unwrap();
        seen.insert(head.state.clone());
        let marks = [("stayed", head.stayed), ("contested", case.contested && !head.stayed), ("public", case.public)];
        seen.extend(marks.into_iter().filter(|(_, holds)| *holds).map(|(mark, _)| mark.to_owned()));
        let last = case.steps.last().unwrap().kind;
        seen.extend(["stated", "hearing_asked"].contains(&last).then(|| format!("waits after {last}")));
        seen.insert(head.list.clone());
        for step in &case.steps {
            seen.insert(step.kind.to_owned());
            if let Event::Removed { cause, .. } = &step.taken.event {
                seen.insert(format!("removed by {}", cause.code()));
            }
            if let Event::RemedyDecided { outcome, .. } = &step.taken.event {
                seen.insert(format!("ruled {}", outcome.code()));
            }
        }
    }
    let wanted = [
        "proposed",
        "notified",
        "listed",
        "not_listed",
        "withdrawn",
        "delisted",
        "stayed",
        "contested",
        "public",
        "waits after stated",
        "waits after hearing_asked",
        "base_revoked",
        "removed by term",
        "removed by repair",
        "removed by base_revoked",
        "ruled revoked",
        "ruled changed",
        "talk_notified",
        "talk_held",
        "hearing_notified",
        "hearing_served",
        "hearing_held",
        "honesty_model",
        "market_regulation",
    ];
    let missing: Vec<_> = wanted.into_iter().filter(|one| !seen.contains(*one)).collect();
    assert!(missing.is_empty(), "{missing:?} of {seen:?}");
    drop(writer);
    let found = credence_app::verify::verify(&store.address).unwrap();
    let failed: Vec<_> = found.requirements.iter().filter(|outcome| outcome.failed > 0).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    for (id, least) in [
        ("listing_served", 17),
        ("listing_anew", 17),
        ("listing_removed", 17),
        ("listing_decided_apart", 17),
        ("listing_record", 10),
        ("letter_number", 4),
    ] {
        let outcome = found.requirements.iter().find(|outcome| outcome.id == id).unwrap();
        assert!(outcome.checked >= least, "{id}: {}", outcome.checked);
    }
}

both_stores!(listings_stand_in_every_state_and_every_way_out_was_taken,);

#[test]
fn the_province_has_every_item_every_common_error_and_passes_verify_alike_on_both_databases() {
    let stores = [TestStore::sqlite(), TestStore::postgres()];
    let [first, second] = stores.each_ref().map(make);
    assert_eq!(first.digest, second.digest);
    let rulebook = credence_app::rulebook::shipped().unwrap();
    // What a revoked repair leaves behind comes in no file.
    let sent = rulebook.items.keys().filter(|item| *item != "repair_dishonesty");
    assert_eq!(first.items, sent.cloned().collect());
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
