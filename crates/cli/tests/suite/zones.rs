//! The civil day is that of Asia/Shanghai, wherever the machine believes to be.

use crate::{credence, json, sqlite};
use credence_app::Clock;
use jiff::ToSpan;

const OFFICE: &str = "11379900000000086M";

/// East and west of Shanghai: at every moment one of the two has another day than it.
const ZONES: [&str; 3] = ["Asia/Shanghai", "America/New_York", "Pacific/Kiritimati"];

#[test]
fn the_zone_of_the_machine_changes_no_date_in_a_dry_run_or_an_import() {
    let folder = tempfile::tempdir().unwrap();
    let today = Clock::system().today();
    let file = folder.path().join("penalties.csv");
    let mut text = "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM\n".to_owned();
    for (number, decided) in (1..).zip([today, today.saturating_sub(1.day()), today.saturating_add(1.day())]) {
        text.push_str(&format!(
            "云海岳泰机械制造有限公司,法人及非法人组织,91379900MA0TE5T16G,示罚{number}号,未标注日期,事实,依据,罚款,罚款五万元,5,{decided},示范局,{OFFICE},示范局,{OFFICE}\n"
        ));
    }
    std::fs::write(&file, text).unwrap();
    let mut digests = Vec::new();
    for zone in ZONES {
        let dir = tempfile::tempdir().unwrap();
        let import = |extra: &[&str]| {
            let mut command = credence(&sqlite(dir.path()));
            command.env("TZ", zone).args(["--json", "import", "--secrecy-review", "测试", "--source", OFFICE]);
            json(&command.args(extra).arg(&file).output().unwrap())
        };
        let (dry, wet) = (import(&["--dry-run"]), import(&[]));
        for found in [&dry, &wet] {
            // Decided today is lawful and decided tomorrow is not, by the day of Shanghai.
            assert_eq!((&found["accepted"], &found["rejected"]), (&2.into(), &1.into()), "{zone}: {found}");
        }
        let mut command = credence(&sqlite(dir.path()));
        let verified = json(&command.env("TZ", zone).args(["--json", "verify"]).output().unwrap());
        // Over the day of decision, the deadline and the first and last public day of each record.
        digests.push(verified["state_digest"].as_str().unwrap().to_owned());
    }
    digests.dedup();
    assert_eq!(digests.len(), 1);
}
