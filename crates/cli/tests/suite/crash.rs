//! kill -9 in the middle of an import, again and again: whole chunks stay, the import goes on, nothing is lost. The same of a server that
//! departments write to: whatever it acknowledged is there, and every checkpoint that it gave out begins the log.

use credence_testkit::serving;
use credence_testkit::soak::{self, Plan};
use credence_testkit::stores::TestStore;
use std::path::{Path, PathBuf};

/// On each of the two databases: twenty in all.
const KILLS: usize = 10;

#[test]
fn an_import_killed_again_and_again_ends_as_an_undisturbed_one_on_both_databases() {
    let plan = Plan {
        binary: PathBuf::from(env!("CARGO_BIN_EXE_credence")),
        kills: KILLS,
        rows: 200_000,
        verify_every: 4,
        seed: u64::from(std::process::id()),
    };
    let undisturbed = soak::undisturbed(&plan).unwrap();
    for empty in [TestStore::sqlite, TestStore::postgres] {
        let done = soak::run(&plan, &undisturbed, empty, &mut |_| ()).unwrap();
        assert_eq!(done.kills, KILLS);
        assert!(done.verified > 0 && done.imports > 0, "{done:?}");
    }
}

#[test]
fn a_server_killed_again_and_again_keeps_what_it_acknowledged_on_both_databases() {
    let binary = Path::new(env!("CARGO_BIN_EXE_credence"));
    for empty in [TestStore::sqlite, TestStore::postgres] {
        let done = serving::run(binary, KILLS, empty, u64::from(std::process::id()), &mut |_| ()).unwrap();
        assert_eq!(done.kills, KILLS);
        assert!(done.acknowledged > 0 && done.checkpoints > 0 && done.verified > 0, "{done:?}");
    }
}
