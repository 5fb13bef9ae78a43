//! A snapshot says of today what the register says, and nothing of any other day.

use crate::desk::*;
use credence_app::daily::Daily;
use credence_app::evaluation::snapshot::{self, each_outcome};
use credence_app::evaluation::{Sweep, sweep};
use credence_app::{Clock, View};
use credence_domain::record::value::day_number;
use credence_store::evaluation;
use credence_testkit::both_stores;
use credence_testkit::crowd::{self, Crowd};
use credence_testkit::stores::TestStore;
use jiff::civil::date;

fn everyone_has_the_points_that_the_register_keeps(store: &TestStore) {
    let mut desk = Desk::new(store);
    let crowd = Crowd { organisations: 300, records: 6_000, seed: 3 };
    crowd::put(&crowd, &store.address).unwrap();
    sweep(&mut desk.writer, &desk.rulebook, &Sweep::default(), &mut |_| {}).unwrap();
    let mut kept = Vec::new();
    evaluation::each(desk.writer.connection(), &View::office(today()), |one| {
        kept.push((
            one.uscc,
            one.model,
            one.scored.grade.letter().to_owned(),
            one.scored.points,
            one.scored.next_change_on,
        ));
        Ok(())
    })
    .unwrap();

    let (place, out) = (store.folder.join("snapshot"), store.folder.join("results.parquet"));
    let made = snapshot::make(&store.address, &desk.clock, &place).unwrap();
    assert_eq!((made.head.as_of, made.organisations), (today(), 300));
    assert!(made.records > 2_000 && made.records < 6_000, "what has ended or was withdrawn is not in it: {made:?}");
    let found = snapshot::sweep(&place, &desk.rulebook, today(), &out).unwrap();
    assert_eq!((found.organisations, found.records), (300, made.records));
    let mut told = Vec::new();
    each_outcome(&out, |one| {
        told.push((one.uscc.to_owned(), one.model.to_owned(), one.grade.to_owned(), one.points, one.next_change_on));
    })
    .unwrap();
    assert_eq!(told, kept);
    assert_eq!(found.grades.values().sum::<u64>(), 264);
}

fn it_explains_as_the_page_does_and_under_other_weights_too(store: &TestStore) {
    let mut desk = registered(store);
    desk.send(vec![penalty(FIRM, "一号"), penalty(FIRM, "二号"), penalty("91379900MA0TE00B50", "三号")]);
    let place = store.folder.join("snapshot");
    snapshot::make(&store.address, &desk.clock, &place).unwrap();
    let daily = Daily::open(&store.folder.join("daily")).unwrap().make(&desk.service(today())).unwrap();
    assert_eq!(
        snapshot::make(&store.address, &desk.clock, &store.folder.join("again")).unwrap().records,
        daily.records
    );
    let explain = |rulebook, uscc| snapshot::explain(&place, rulebook, today(), uscc);
    let told = explain(&desk.rulebook, FIRM).unwrap();
    let page = desk.service(today()).evaluation(&View::public(today()), FIRM).unwrap();
    assert_eq!((told.points, told.lines.len()), (Some(880), 2));
    assert_eq!((told.lines, told.would_change, told.model), (page.lines, page.would_change, page.model));
    assert_eq!(explain(&desk.rulebook, "91379900MA0TE00B50").unwrap().reason, Some("unregistered"));
    assert_eq!(explain(&desk.rulebook, "91370100MA0TE00B5X").unwrap_err().code(), "not_found");

    let files = credence_app::rulebook::shipped_files().into_iter().map(|(file, text)| {
        let text = text.replace("points = -60, article", "points = -70, article");
        (file, text)
    });
    let other = credence_app::rulebook::read(files.collect()).unwrap();
    assert_eq!(explain(&other, FIRM).unwrap().points, Some(860));
    let again = desk.service(today()).evaluation(&View::public(today()), FIRM).unwrap();
    assert_eq!(again.points, Some(880), "nothing was enacted");
}

fn the_day_after_its_day_it_is_refused_and_a_new_one_no_longer_holds_what_has_ended(store: &TestStore) {
    let mut desk = registered(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let (last, next) = (date(2027, 4, 30), date(2027, 5, 1));
    let made = |name: &str, day| {
        let place = store.folder.join(name);
        let made = snapshot::make(&store.address, &Clock::fixed(day), &place).unwrap();
        (place, made.records)
    };
    let (place, before) = made("last", last);
    let (_, after) = made("next", next);
    assert_eq!(before, after + 1, "{}", day_number(next));
    let out = store.folder.join("results.parquet");
    let refused = |day| snapshot::sweep(&place, &desk.rulebook, day, &out).unwrap_err().code();
    assert_eq!((refused(next), refused(today())), ("snapshot_other_day", "snapshot_other_day"));
    assert_eq!(snapshot::explain(&place, &desk.rulebook, next, FIRM).unwrap_err().code(), "snapshot_other_day");
    assert!(!out.exists());

    let again = snapshot::make(&store.address, &Clock::fixed(last), &place).unwrap_err();
    assert_eq!(again.code(), "foreign_folder");
    std::fs::write(place.join("records.parquet"), "PAR1 and no more").unwrap();
    assert_eq!(snapshot::head(&place).unwrap_err().code(), "snapshot_damaged");
    assert_eq!(snapshot::head(&store.folder.join("nowhere")).unwrap_err().code(), "snapshot_damaged");
}

both_stores!(
    everyone_has_the_points_that_the_register_keeps,
    it_explains_as_the_page_does_and_under_other_weights_too,
    the_day_after_its_day_it_is_refused_and_a_new_one_no_longer_holds_what_has_ended,
);
