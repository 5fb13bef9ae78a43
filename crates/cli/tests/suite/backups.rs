//! Backups on the command line: made while another process imports, restored into the other database, killed in the middle.

use crate::{credence, json, sqlite};
use credence_testkit::penalties;
use credence_testkit::stores::TestStore;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

fn ran(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn digest(database: &str) -> serde_json::Value {
    json(&ran(credence(database).args(["--json", "digest"])))["state_digest"].clone()
}

fn import(database: &str, file: &Path) -> Command {
    let mut command = credence(database);
    command.args(["import", "--secrecy-review", "演练", "--source", &penalties::source()]).arg(file);
    command
}

/// Where a PostgreSQL register of a test stands.
fn url(store: &TestStore) -> String {
    match &store.address {
        credence_app::Address::Postgres(url) => url.clone(),
        credence_app::Address::Sqlite(path) => format!("sqlite:{}", path.display()),
    }
}

#[test]
fn a_backup_is_made_while_an_import_runs_and_restored_after_being_killed_in_the_middle() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite(folder.path());
    let (first, second) = (folder.path().join("first.csv"), folder.path().join("second.csv"));
    penalties::write(&first, 5_000, 1).unwrap();
    penalties::write(&second, 25_000, 2).unwrap();
    assert!(import(&database, &first).output().unwrap().status.code().is_some());
    // The register is marked by its first backup; the next one needs no writer.
    let at = |name: &str| folder.path().join(name).display().to_string();
    ran(credence(&database).args(["backup", &at("quiet")]));
    let mut running = import(&database, &second).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let made = json(&ran(credence(&database).args(["--json", "backup", &at("busy")])));
    running.wait().unwrap();
    assert_eq!(made["differences"], serde_json::json!([]));
    let key = at("register.db.backup-key");

    // Restored into either database: first killed at several moments, then to the end.
    let other = TestStore::postgres();
    for target in [format!("sqlite:{}", at("restored.db")), url(&other)] {
        let restore = || {
            let mut command = credence(&target);
            command.args(["--json", "--backup-key", &key, "restore", &at("busy")]);
            command
        };
        for millis in [1, 40, 120] {
            let mut killed = restore().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(millis));
            killed.kill().unwrap();
            if killed.wait().unwrap().success() {
                break;
            }
            // Half a register opens for nobody.
            let tried = credence(&target).args(["--json", "digest"]).output().unwrap();
            assert!(!tried.status.success(), "{tried:?}");
        }
        let done = restore().output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success() || said.contains("register_not_empty"), "{said}");
        assert_eq!(digest(&target), made["state_digest"]);
        let verified = ran(credence(&target).args(["--json", "verify"]));
        assert_eq!(json(&verified)["state_digest"], made["state_digest"]);
    }

    // There and back again.
    let copy = TestStore::postgres();
    ran(credence(&database).args(["copy", "--to", &url(&copy)]));
    ran(credence(&url(&copy)).args(["copy", "--to", &format!("sqlite:{}", at("back.db"))]));
    assert_eq!(digest(&format!("sqlite:{}", at("back.db"))), digest(&database));

    // Wrong input is told by its code.
    let refused = |arguments: &[&str], expected: &str| {
        let output = credence(&database).args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(expected), "{said}");
    };
    refused(&["backup", &at("busy")], "foreign_folder");
    refused(&["restore", &at("busy")], "register_not_empty");
    refused(&["backup", "--check", &at("nothing")], "backup_damaged");
    refused(&["--backup-key", &at("nothing"), "backup", &at("third")], "backup_key_gone");
    let data = folder.path().join("busy/credence-backup.data");
    let mut bytes = std::fs::read(&data).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&data, bytes).unwrap();
    refused(&["backup", "--check", &at("busy")], "backup_damaged");
}
