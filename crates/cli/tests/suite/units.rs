//! Units, areas, consents and subscriptions on the command line.

use crate::{credence, json, sqlite};
use std::process::Output;

const CITY: &str = "123799000000000510";
const OFFICE: &str = "11379900000000086M";
const FIRM: &str = "91379900MA0TE5T16G";
const HEADER: &str = "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM";

#[test]
fn a_citys_unit_is_entered_changed_from_a_day_lets_the_office_correct_and_takes_its_changes() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite(folder.path());
    let run = |line: &str, code: i32| -> Output {
        let output = credence(&database).args(line.split_whitespace()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{line}: {said}");
        output
    };
    let refused = |line: &str, code: &str| {
        let said = String::from_utf8(run(line, 3).stderr).unwrap();
        assert!(said.starts_with(code), "{line}: {said}");
    };
    run("area set 379900 --name 示范省 --level province", 0);
    run("area set 379920 --name 青禾市 --level city --parent 示范省", 0);
    run("area set 379930 --name 旧城市 --level city", 0);
    run("area set 379930 --until 2018-12-31 --into 青禾市", 0);
    refused("area set 379940 --name 某市 --level city --parent 379999", "area_unknown");
    run(&format!("unit set {CITY} --name 青禾市生态环境局 --level city --area 青禾市"), 0);
    refused(&format!("unit set {CITY} --area 旧城市"), "area_ended");
    refused(&format!("unit set {CITY} --parent {CITY}"), "unit_circle");
    run(&format!("unit set {CITY} --sector 环保"), 0);
    run(&format!("unit set {CITY} --sector 生态环境 --from 2030-01-01"), 0);
    refused(&format!("unit set {CITY} --sector 环境 --from 2029-12-31"), "date_before_state");
    let shown = json(&run(&format!("--json unit show {CITY}"), 0));
    let sectors = shown["history"].as_array().unwrap().iter().map(|state| state["sector"].as_str().unwrap());
    assert_eq!(sectors.collect::<Vec<_>>(), ["环保", "生态环境"]);
    let later = json(&run("--json unit list --on 2030-01-01", 0));
    assert!(later.as_array().unwrap().iter().any(|unit| unit["sector"] == "生态环境"));

    let send = |grounds: &str| {
        let row = format!(
            "某厂,法人及非法人组织,{FIRM},青环罚〔2026〕1号,类型,{grounds},依据,罚款,罚款,5,2026-04-10,青禾市生态环境局,{CITY},青禾市生态环境局,{CITY}"
        );
        std::fs::write(folder.path().join("file.csv"), format!("{HEADER}\n{row}\n")).unwrap();
    };
    let import = format!("import {} --source {CITY}", folder.path().join("file.csv").display());
    send("事实");
    run(&format!("unit subscribe {CITY} --as 甲"), 0);
    run(&import, 0);
    let registration = format!("name,uscc,established,city\n某厂,{FIRM},2015-01-01,青禾市\n");
    std::fs::write(folder.path().join("registration.csv"), registration).unwrap();
    run(&format!("import {} --source {OFFICE}", folder.path().join("registration.csv").display()), 0);
    send("更正后的事实");
    let behalf = format!("{import} --acting {OFFICE} --as 甲 --second 乙 --reason 停电");
    refused(&behalf, "consent_needed");
    run(&format!("unit consent give {CITY} --to {OFFICE} --item penalty --as 丙 --reason 停电"), 0);
    let done = json(&run(&format!("--json {behalf}"), 0));
    assert_eq!(done["corrected"], 1);
    let consents = json(&run(&format!("--json unit consent list {CITY}"), 0));
    let number = consents[0]["number"].as_str().unwrap();
    run(&format!("unit consent end {number} --as 丙 --reason 恢复"), 0);
    send("再次更正");
    refused(&behalf, "consent_needed");
    let changes = json(&run(&format!("--json unit changes {CITY} --after -1"), 0));
    let penalties = changes["items"].as_array().unwrap().iter().filter(|change| change["item"] == "penalty").count();
    assert_eq!((penalties, changes["next"].is_null()), (2, true), "{changes}");
    run("verify", 0);
}
