//! A drill on a copy of either database: every exercise passes, and the register itself is as it was.

use crate::{credence, json, sqlite};
use credence_app::Address;
use credence_testkit::penalties;
use credence_testkit::stores::TestStore;

#[test]
fn a_drill_passes_on_a_copy_of_either_database_and_leaves_the_register_alone() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite(folder.path());
    let file = folder.path().join("penalties.csv");
    penalties::write(&file, 2_000, 77).unwrap();
    let mut import = credence(&database);
    import.args(["import", "--secrecy-review", "测试", "--source", &penalties::source()]).arg(&file);
    assert!(import.output().unwrap().status.code().is_some());
    let digest = || json(&credence(&database).args(["--json", "digest"]).output().unwrap());
    let before = digest();
    let server = TestStore::postgres();
    let Address::Postgres(url) = &server.address else { unreachable!() };
    for on in [None, Some(url)] {
        let mut drill = credence(&database);
        drill.args(["--json", "drill", "--rounds", "2", "--rows", "2000"]);
        if let Some(url) = on {
            drill.args(["--on", url]);
        }
        let output = drill.output().unwrap();
        let told = json(&output);
        assert_eq!((told["passed"].as_bool(), output.status.code()), (Some(true), Some(0)), "{told:#}");
        let done = told["exercises"].as_array().unwrap();
        assert_eq!(done.len(), 9, "{told:#}");
        let idle = done.iter().filter(|one| one["rounds"] == 0).count();
        assert_eq!(idle, 1, "{told:#}");
    }
    assert_eq!(digest(), before);
    let taken = credence(&database).args(["drill", "--on", &database]).output().unwrap();
    assert!(String::from_utf8_lossy(&taken.stderr).contains("register_not_empty"));
}
