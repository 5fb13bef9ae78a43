//! `credence national`: what a script hands over and takes in.

use crate::{credence, json, sqlite};
use std::process::Output;

const PENALTY: &str = "\
CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM
云海岳泰机械制造有限公司,法人及非法人组织,91379900MA0TE5T16G,示罚〔2026〕1号,未标注日期,事实,依据,罚款,罚款五万元,5,2026-04-10,示范局,11379900000000086M,示范局,11379900000000086M
";

#[test]
fn a_script_hands_over_takes_answers_in_and_is_told_of_what_it_cannot_read() {
    let folder = tempfile::tempdir().unwrap();
    let (database, root) = (sqlite(folder.path()), folder.path().join("national"));
    std::fs::create_dir(&root).unwrap();
    let file = folder.path().join("penalties.csv");
    std::fs::write(&file, PENALTY).unwrap();
    let run = |arguments: &[&str]| -> Output { credence(&database).arg("--json").args(arguments).output().unwrap() };
    let sent = run(&["import", file.to_str().unwrap(), "--source", "11379900000000086M", "--secrecy-review", "审查员"]);
    assert_eq!(sent.status.code(), Some(0), "{sent:?}");
    let look = || run(&["national", "run", "--folder", root.to_str().unwrap()]);
    let first = look();
    assert_eq!((first.status.code(), &json(&first)["rows"]), (Some(0), &2.into()), "{first:?}");
    assert_eq!(json(&look())["rows"], 0, "what is on its way is not sent again");
    let china = root.join("credit_china");
    let data = std::fs::read_to_string(china.join("out/penalty-000001.csv")).unwrap();
    let id = data.lines().nth(1).unwrap().split(',').nth(2).unwrap().to_owned();
    let manifest = std::fs::read(china.join("out/penalty-000001.manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!((&manifest["rows"], &manifest["sequence"]), (&1.into(), &1.into()));
    let header = "数据标识,版本号,操作标识,处理结果,错误代码,错误字段\n";
    std::fs::write(china.join("in/receipt-penalty-000001.csv"), format!("{header}{id},1,I,不详,,\n")).unwrap();
    let unread = look();
    assert_eq!((unread.status.code(), &json(&unread)["refused"]), (Some(3), &1.into()));
    let answer = format!("{header}{id},1,I,失败,FIELD,CF_NR\n");
    std::fs::write(china.join("in/receipt-penalty-000001.csv"), answer).unwrap();
    assert_eq!(look().status.code(), Some(0));
    let shown = run(&["national", "show", "credit_china"]);
    let refused = &json(&shown)[0]["refused"][0];
    assert_eq!(
        (&refused["record"], &refused["code"], &refused["field"]),
        (&id.as_str().into(), &"FIELD".into(), &"CF_NR".into())
    );
    assert_eq!(run(&["national", "again", "credit_china", &id]).status.code(), Some(0));
    let twice = run(&["national", "again", "credit_china", &id]);
    assert!(String::from_utf8_lossy(&twice.stderr).starts_with("not_refused"), "{twice:?}");
    assert_eq!(json(&look())["rows"], 1, "it goes out in a package of its own");
    let copy = format!("数据标识,公示状态,公示截止日期\n{id},已撤下,\n");
    std::fs::write(china.join("in/copy-1.csv"), copy).unwrap();
    assert_eq!(json(&look())["differences"], 1);
    let settle = |keep| {
        run(&["national", "settle", "credit_china", &id, "--keep", keep, "--reason", "函2026-1", "--as", "核对人"])
    };
    assert_eq!(settle("ours").status.code(), Some(0));
    assert_ne!(settle("ours").status.code(), Some(0), "there is nothing to settle any more");
    assert_eq!(run(&["verify"]).status.code(), Some(0));
}
