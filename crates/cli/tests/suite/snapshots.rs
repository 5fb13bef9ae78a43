//! Snapshots on the command line: made once, swept, explained like the register, and refused with what to do.

use crate::{credence, json, sqlite};
use credence_testkit::penalties;
use std::process::Command;

fn refused(command: &mut Command, code: &str) {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with(code), "{output:?}");
}

#[test]
fn a_snapshot_is_made_swept_and_explained_and_what_is_no_snapshot_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite(folder.path());
    let at = |name: &str| folder.path().join(name).display().to_string();
    penalties::write(&folder.path().join("file.csv"), 300, 1).unwrap();
    let source = penalties::source();
    let import = ["import", "--secrecy-review", "演练", "--source", &source, &at("file.csv")].map(str::to_owned);
    credence(&database).args(import).output().unwrap();

    let made = json(&credence(&database).args(["--json", "snapshot", "make", &at("snapshot")]).output().unwrap());
    assert!(made["organisations"].as_u64().unwrap() > 0 && made["records"].as_u64().unwrap() > 0, "{made}");
    let out = at("results.parquet");
    let swept = ["--json", "snapshot", "sweep", &at("snapshot"), "--out", &out].map(str::to_owned);
    let swept = json(&credence(&database).args(swept).output().unwrap());
    assert_eq!((&swept["records"], &swept["organisations"]), (&made["records"], &made["organisations"]));
    assert!(std::path::Path::new(&out).exists());

    refused(credence(&database).args(["snapshot", "make", &at("snapshot")]), "foreign_folder");
    refused(credence(&database).args(["snapshot", "show", &at("nowhere")]), "snapshot_damaged");
    refused(credence(&database).args(["snapshot", "explain", &at("snapshot"), "91379900MA0TE00B51"]), "uscc_check");
    std::fs::write(folder.path().join("snapshot/organisations.parquet"), "no Parquet").unwrap();
    let broken = ["snapshot", "sweep", &at("snapshot"), "--out", &out].map(str::to_owned);
    refused(credence(&database).args(broken), "snapshot_damaged");
}
