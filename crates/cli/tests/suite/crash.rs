//! kill -9 in the middle of an import, again and again: whole chunks stay, the import goes on, nothing is lost.

use crate::{credence, json, sqlite};
use credence_testkit::province::{Chance, Format, Plan, Row, Sheet, organisations};
use credence_testkit::stores::TestStore;
use jiff::civil::Date;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

const OFFICE: &str = "11379900000000086M";
const ROWS: usize = 200_000;
const KILLS: usize = 10;

/// A penalty file of 200,000 rows.
fn write_file(path: &Path) {
    let rulebook = credence_app::rulebook::shipped().unwrap();
    let plan = Plan { organisations: 50_000, seed: 7, today: Date::new(2026, 11, 24).unwrap() };
    let subjects = organisations(&plan);
    let rows = (0..ROWS).map(|i| {
        let subject = &subjects[(i * 7919) % subjects.len()];
        let row: Row = [
            ("CF_XDR_MC", subject.name.clone()),
            ("CF_XDR_LB", "法人及非法人组织".to_owned()),
            ("CF_XDR_SHXYM", subject.uscc.clone()),
            ("CF_FRDB", subject.representative.clone()),
            ("CF_WSH", format!("云环罚〔2026〕{i}号")),
            ("CF_WFXW", "超标排放污染物".to_owned()),
            ("CF_SY", "经查，当事人排放口污染物浓度超过排放标准。".to_owned()),
            ("CF_YJ", "《排污许可管理条例》第三十四条".to_owned()),
            ("CF_CFLB", "罚款".to_owned()),
            ("CF_NR", "处以罚款".to_owned()),
            ("CF_NR_FK", format!("{}", 1 + i % 90)),
            ("CF_JDRQ", if i % 1000 == 17 { "2025-13-01".to_owned() } else { "2026-04-30".to_owned() }),
            ("CF_CFJG", "云海市生态环境局".to_owned()),
            ("CF_CFJGDM", OFFICE.to_owned()),
            ("CF_SJLY", "云海市生态环境局".to_owned()),
            ("CF_SJLYDM", OFFICE.to_owned()),
        ]
        .into_iter()
        .collect();
        row
    });
    let format = Format {
        gb18030: true,
        byte_order_mark: false,
        tabs: false,
        codes: true,
        turned: 0,
        wide: false,
        slashes: true,
    };
    std::fs::write(path, Sheet { rows: rows.collect() }.write(&rulebook, "penalty", format)).unwrap();
}

fn digest(database: &str) -> serde_json::Value {
    let verified = credence(database).args(["--json", "verify"]).output().unwrap();
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
    json(&verified)["state_digest"].clone()
}

fn import(database: &str, file: &Path) -> std::process::Command {
    let mut command = credence(database);
    command.args(["--json", "import", "--source", OFFICE]).arg(file);
    command
}

#[test]
fn an_import_killed_again_and_again_ends_as_an_undisturbed_one_on_both_databases() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("penalties.csv");
    write_file(&file);
    let whole = sqlite(folder.path());
    let undisturbed = import(&whole, &file).output().unwrap();
    assert_eq!(undisturbed.status.code(), Some(3), "some rows are wrong on purpose");
    let undisturbed = json(&undisturbed);
    assert_eq!(undisturbed["read"], ROWS);
    let expected = digest(&whole);

    let killed_folder = tempfile::tempdir().unwrap();
    let postgres = match TestStore::postgres().address {
        credence_app::Address::Postgres(url) => url,
        credence_app::Address::Sqlite(_) => unreachable!("a PostgreSQL register has a URL"),
    };
    let mut chance = Chance::new(u64::from(std::process::id()), "crash");
    for database in [sqlite(killed_folder.path()), postgres] {
        let mut killed = 0;
        while killed < KILLS {
            let mut running = import(&database, &file).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(60 + chance.below(500) as u64));
            if running.try_wait().unwrap().is_some() {
                break;
            }
            running.kill().unwrap();
            running.wait().unwrap();
            killed += 1;
            if killed % 3 == 0 {
                // It passes on what a kill left, where there is a register already.
                let between = credence(&database).args(["--json", "verify"]).output().unwrap();
                let failures = json(&between)["requirements"]
                    .as_array()
                    .map_or(0, |all| all.iter().filter(|one| one["failed"] != 0).count());
                assert_eq!(failures, 0, "{}", String::from_utf8_lossy(&between.stdout));
            }
        }
        let done = import(&database, &file).output().unwrap();
        let report = json(&done);
        // A last kill may have come after the end: then the whole file is unchanged.
        if report["unchanged"] == 0 {
            for count in ["read", "accepted", "rejected", "held"] {
                assert_eq!(report[count], undisturbed[count], "{count} of {database}");
            }
        }
        assert_eq!(digest(&database), expected, "{database} after {killed} kills");
    }
}
