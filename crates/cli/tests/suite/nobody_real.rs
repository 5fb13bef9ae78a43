//! Nobody real is graded: neither by `evaluate` nor by `explain`, which say so and exit with 3.

use crate::{credence, json, sqlite};

/// Codes with a right check digit outside region 379900; the names are made up.
const OUTSIDE: [&str; 2] = ["91370102MA3CXX001G", "91440300MA5EXAMP1F"];

#[test]
fn a_registry_outside_the_region_is_not_graded_by_evaluate_nor_by_explain() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite(folder.path());
    let file = folder.path().join("registry.csv");
    let rows = OUTSIDE.map(|code| format!("远方示例{code}有限公司,{code},2020-01-01\n")).concat();
    std::fs::write(&file, format!("name,uscc,established\n{rows}")).unwrap();
    let run = |arguments: &[&str]| credence(&database).arg("--json").args(arguments).output().unwrap();
    let imported = run(&["import", "--source", "11379900000000086M", file.to_str().unwrap()]);
    assert_eq!(json(&imported)["accepted"], OUTSIDE.len());
    let swept = run(&["evaluate", "--all"]);
    assert_eq!((swept.status.code(), &json(&swept)["evaluated"]), (Some(0), &0.into()));
    for code in OUTSIDE {
        for command in ["explain", "evaluate"] {
            let output = run(&[command, code]);
            let found = json(&output);
            assert_eq!(output.status.code(), Some(3), "{command} {code}");
            assert!(["grade", "base", "points", "model"].iter().all(|member| found[member].is_null()), "{found}");
            assert_eq!((&found["lines"], &found["reason"]), (&serde_json::json!([]), &"no_model_for_region".into()));
        }
    }
}
