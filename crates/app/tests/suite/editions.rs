//! Which rulebook decides: the enacted one, whatever the program ships, and never one that nobody enacted.

use crate::desk::*;
use credence_app::{AppError, Clock, Service, rulebook};
use credence_domain::rulebook::Rulebook;
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

both_stores!(
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
fn a_register_whose_rules_do_not_have_their_digest_is_read_by_nobody() {
    let store = TestStore::sqlite();
    let mut desk = Desk::new(&store);
    desk.send(vec![penalty(FIRM, "一号")]);
    desk.writer.checkpoint(true).unwrap();
    let credence_app::Address::Sqlite(path) = store.address.clone() else { panic!("a file") };
    credence_testkit::intruder::Intruder::at(&path).sql("update rulebook set digest = zeroblob(32)");
    let refused = Service::open(store.address.clone(), Clock::fixed(today()), None);
    assert!(matches!(refused, Err(AppError::Rulebook(_))), "{refused:?}");
}
