//! kill -9 in the middle of an import, again and again: whole chunks stay, the import goes on, nothing is lost.

use credence_testkit::soak::{self, Plan};
use credence_testkit::stores::TestStore;
use std::path::PathBuf;

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
