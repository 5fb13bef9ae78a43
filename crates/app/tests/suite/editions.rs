//! Which rulebook decides: the enacted one, whatever the program ships, and never one that nobody enacted.

use crate::desk::*;
use credence_app::{AppError, Clock, Service, calendar, rulebook};
use credence_domain::rulebook::Rulebook;
use credence_store::StoreError;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;

/// The shipped rulebook with one word changed, as an edition of its own.
fn another() -> (Vec<(String, String)>, Rulebook) {
    let mut files = rulebook::shipped_files();
    for (_, text) in files.iter_mut().filter(|(path, _)| path == "codes.toml") {
        *text = text.replace("重复的表头行（请删除）", "重复的表头行（请予删除）");
    }
    let changed = Rulebook::from_toml(files.clone()).unwrap();
    assert_ne!(changed.digest, rulebook::shipped().unwrap().digest);
    (files, changed)
}

fn a_newer_program_does_not_change_the_rules_by_itself_and_says_so(store: &TestStore) {
    let (_, older) = another();
    let mut desk = Desk::new(store);
    enact(&mut desk, &older);
    let (in_force, differs) = rulebook::in_force_or_first(&mut desk.writer).unwrap();
    assert_eq!((in_force.digest, differs), (older.digest, true));
    desk.rulebook = in_force;
    desk.send(vec![penalty(FIRM, "一号")]);
    desk.verify();
}

fn a_directory_that_nobody_enacted_is_refused(store: &TestStore) {
    let desk = Desk::new(store);
    let (files, _) = another();
    let dir = store.folder.join("rulebook");
    for (path, text) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let refused = rulebook::require_enacted(&dir, &desk.rulebook);
    assert_eq!(refused.unwrap_err().code(), "rulebook_not_enacted");
}

fn an_office_goes_back_to_an_edition_by_enacting_it_again(store: &TestStore) {
    let mut desk = Desk::new(store);
    let shipped = desk.rulebook.clone();
    desk.send(vec![penalty(FIRM, "一号")]);
    let (_, other) = another();
    enact(&mut desk, &other);
    assert_eq!(rulebook::in_force(desk.writer.connection()).unwrap().digest, other.digest);
    let back = rulebook::enact_edition(&mut desk.writer, &shipped, "甲", "乙", "回到原版本").unwrap();
    assert_eq!((back.new, back.again), (false, true));
    assert_eq!(rulebook::in_force(desk.writer.connection()).unwrap().digest, shipped.digest);
    let served = desk.service(today());
    assert_eq!(served.rulebook().digest, shipped.digest);
    // Both editions can still be read by their digests, and acts by either are verified.
    desk.rulebook = other.clone();
    for digest in [shipped.digest, other.digest] {
        let replayed = served.replay(FIRM, today(), &digest, credence_app::evaluation::Moment::EndOfDay).unwrap();
        assert_eq!(replayed.rulebook, credence_domain::canonical::hex(&digest));
    }
    desk.verify();
    // What stands is not enacted once more.
    let standing = rulebook::enact_edition(&mut desk.writer, &shipped, "甲", "乙", "再来一次").unwrap();
    assert_eq!((standing.new, standing.again), (false, false));
    let one = rulebook::enact_edition(&mut desk.writer, &other, "甲", " 甲 ", "一人");
    assert_eq!(one.unwrap_err().code(), "second_person_needed");
    assert_eq!(rulebook::in_force(desk.writer.connection()).unwrap().digest, shipped.digest);
    desk.verify();
}

fn the_calendar_of_next_year_is_loaded_by_two_persons_and_decides_at_once(store: &TestStore) {
    let mut desk = Desk::new(store);
    let before = rulebook::in_force(desk.writer.connection()).unwrap();
    let last = before.calendar.last_year();
    assert!(before.calendar.workday(jiff::civil::date(last, 12, 31), 5).is_err());
    let published = format!(
        r#"{{"year":{year},"papers":["x"],"days":[{{"name":"元旦","date":"{year}-01-01","isOffDay":true}}]}}"#,
        year = last + 1
    );
    let wrong = |text: &str| calendar::year_of(text, None).unwrap_err().code().to_owned();
    assert_eq!([wrong("{}"), wrong("year = 1"), wrong(r#"{"year":2030,"days":[]}"#)], ["bad_parameter"; 3]);
    let unsaid = calendar::year_of(&published, None).unwrap();
    assert!(unsaid.unverified);
    let year = calendar::year_of(&published, Some("国办发明电〔2099〕1号")).unwrap();
    assert!(!year.unverified);
    let alone = calendar::load(&mut desk.writer, &year, "甲", "甲 ", "");
    assert_eq!(alone.unwrap_err().code(), "second_person_needed");
    let mut other_year = year.clone();
    other_year.year += 1;
    let refused = calendar::load(&mut desk.writer, &other_year, "甲", "乙", "");
    assert_eq!(refused.unwrap_err().code(), "rulebook_invalid");
    assert_eq!(rulebook::in_force(desk.writer.connection()).unwrap().digest, before.digest);

    let loaded = calendar::load(&mut desk.writer, &year, "甲", "乙", "").unwrap();
    assert!(loaded.enacted.new && !loaded.replaced);
    let after = rulebook::in_force(desk.writer.connection()).unwrap();
    assert_eq!(after.calendar.last_year(), last + 1);
    assert!(after.calendar.workday(jiff::civil::date(last, 12, 31), 5).is_ok());
    assert_eq!(after.evaluation_digest(), before.evaluation_digest());
    // A later notice replaces it.
    let again = calendar::load(&mut desk.writer, &unsaid, "甲", "乙", "通知有更正").unwrap();
    assert!(again.replaced && again.unverified);
    assert_eq!(calendar::years(desk.writer.connection()).unwrap().last(), Some(&unsaid));
    desk.verify();
}

fn the_edition_in_force_is_written_out_and_read_back_as_the_same(store: &TestStore) {
    let mut desk = Desk::new(store);
    let files = rulebook::files_in_force(desk.writer.connection()).unwrap();
    let dir = store.folder.join("exported");
    rulebook::export(&files, &dir).unwrap();
    assert_eq!(rulebook::from_directory(&dir).unwrap().digest, desk.rulebook.digest);
    assert_eq!(rulebook::export(&files, &dir).unwrap_err().code(), "foreign_folder");
}

both_stores!(
    the_calendar_of_next_year_is_loaded_by_two_persons_and_decides_at_once,
    the_edition_in_force_is_written_out_and_read_back_as_the_same,
    an_office_goes_back_to_an_edition_by_enacting_it_again,
    a_newer_program_does_not_change_the_rules_by_itself_and_says_so,
    a_directory_that_nobody_enacted_is_refused,
);

fn enact(desk: &mut Desk<'_>, edition: &Rulebook) {
    let dir = desk.store.folder.join("older");
    for (path, text) in another().0 {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let enacted = rulebook::enact(&mut desk.writer, &dir, "甲", "乙", "试行").unwrap();
    assert_eq!(enacted.digest, credence_domain::canonical::hex(&edition.digest));
}

#[test]
fn whoever_changes_which_edition_is_in_force_without_an_act_is_found() {
    let store = TestStore::sqlite();
    let mut desk = Desk::new(&store);
    let (_, other) = another();
    enact(&mut desk, &other);
    desk.writer.checkpoint(true).unwrap();
    let credence_app::Address::Sqlite(path) = store.address.clone() else { panic!("a file") };
    for (number, tampering) in [
        "delete from rulebook_enactment where number = 2",
        "update rulebook_enactment set number = number - 3; update rulebook_enactment set number = -number",
        "insert into rulebook_enactment select 3, digest, enacted_at, act from rulebook_enactment where number = 1",
    ]
    .into_iter()
    .enumerate()
    {
        let copy = store.folder.join(format!("copy-{number}.db"));
        std::fs::copy(&path, &copy).unwrap();
        credence_testkit::intruder::Intruder::at(&copy).sql(tampering);
        let found = credence_app::verify::verify(&credence_app::Address::Sqlite(copy)).unwrap();
        let outcome = found.requirements.iter().find(|outcome| outcome.id == "rulebook").unwrap();
        assert!(outcome.failed > 0 && outcome.examples.iter().all(|example| example.act.is_some()), "{tampering}");
    }
}

#[test]
fn a_register_whose_rules_do_not_have_their_digest_is_read_by_nobody() {
    let store = TestStore::sqlite();
    let mut desk = Desk::new(&store);
    desk.send(vec![penalty(FIRM, "一号")]);
    desk.writer.checkpoint(true).unwrap();
    let credence_app::Address::Sqlite(path) = store.address.clone() else { panic!("a file") };
    credence_testkit::intruder::Intruder::at(&path).sql("update rulebook set digest = zeroblob(32)");
    let open = || Service::open(store.address.clone(), Clock::fixed(today()), None);
    let refused = open();
    assert!(matches!(refused, Err(AppError::Store(StoreError::Inconsistent(_)))), "{refused:?}");
    credence_testkit::intruder::Intruder::at(&path).sql("update rulebook_enactment set digest = zeroblob(32)");
    let refused = open();
    assert!(matches!(refused, Err(AppError::Rulebook(_))), "{refused:?}");
}
