//! Papers of cases as files on the command line: handed in, cited by their paths, saved to the byte, and verified.

use crate::{credence, json};
use credence_testkit::paper::{pdf, png};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;

#[test]
fn papers_are_handed_in_cited_by_their_paths_and_saved_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("demo");
    let database = format!("sqlite:{}", dir.join("credence.db").display());
    let made = credence(&database)
        .args(["demo", "--organisations", "60", "--no-serve", "--dir", dir.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    let run = |line: &[&str]| credence(&database).arg("--json").args(line).output().unwrap();
    let accounts: Value = serde_json::from_slice(&std::fs::read(dir.join("accounts.json")).unwrap()).unwrap();
    let party = accounts.as_array().unwrap().iter().find(|one| one["role"] == "organisation").unwrap();
    let party = party["account"].as_str().unwrap();
    let all = json(&run(&["account", "list"]));
    let bound = all.as_array().unwrap().iter().find(|one| one["account"] == party).unwrap();
    let uscc = bound["organisations"][0]["uscc"].as_str().unwrap();
    let path = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let receipt = path("收据.pdf", &pdf("收据（示例）"));
    let put = |path: &str| run(&["paper", "put", path, "--uscc", uscc, "--as", "甲"]);
    let kept = json(&put(&receipt));
    assert_eq!((&kept["name"], &kept["media_type"]), (&"收据.pdf".into(), &"application/pdf".into()));
    let digest = kept["digest"].as_str().unwrap();
    let refused = |output: std::process::Output, code: &str| {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(3) && said.starts_with(code), "{said}");
    };
    refused(put(&path("收据.png", &pdf("收据（示例）"))), "paper_type_wrong");
    refused(put(&path("说明.txt", b"text")), "paper_type_unknown");
    let out = folder.path().join("out.pdf");
    let get =
        |digest: &str| run(&["paper", "get", digest, "--uscc", uscc, "--out", out.to_str().unwrap(), "--as", "甲"]);
    assert_eq!(get(digest).status.code(), Some(3), "no case cites it");
    let own = json(&run(&["own", uscc, "--as", party]));
    let record = own["records"][0]["id"].as_str().unwrap();
    let filing =
        format!(r#"{{"matter":"complaint","record":"{record}","ground":"办理拖延（示例）","contested":["handling"]}}"#);
    let photo = path("照片.png", &png("照片（示例）"));
    let files = ["--evidence", receipt.as_str(), "--evidence", &photo];
    let case = json(&run(&[&["objection", "file", filing.as_str(), "--as", "甲"][..], &files].concat()));
    assert_eq!(case["files"].as_array().map(Vec::len), Some(2), "{case:#}");
    assert_eq!(case["evidence"][0]["file"], true);
    assert_eq!(json(&get(digest))["digest"], digest);
    assert_eq!(std::fs::read(&out).unwrap(), pdf("收据（示例）"));
    assert_eq!(std::fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o600);
    assert_ne!(get(digest).status.code(), Some(0), "no file is overwritten");
    let number = case["number"].as_str().unwrap();
    let step = ["objection", "step", number, r#"{"act":"withdraw","reason":"x"}"#, "--as", "甲"];
    refused(run(&[&step[..], &files].concat()), "bad_parameter");
    // A repair by the same way, where a record may be repaired today.
    let records = own["records"].as_array().unwrap().iter().filter_map(|one| one["id"].as_str());
    let told = json(&run(&[vec!["repair", "notice"], records.collect()].concat()));
    if let Some(one) = told.as_array().unwrap().iter().find(|one| one["notice"]["eligible"] == true) {
        let notice = &one["notice"];
        let clauses: Vec<&Value> = notice["clauses"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
        let asked = serde_json::json!({ "record": one["record"], "rectified": "已整改（示例）", "clauses": clauses })
            .to_string();
        let kinds = notice["papers"].as_array().unwrap().iter().filter_map(|one| one["kind"].as_str());
        let papers: Vec<String> = kinds.map(|kind| format!("{kind}={receipt}")).collect();
        let mut line = vec!["repair", "apply", asked.as_str(), "--as", "甲"];
        line.extend(papers.iter().flat_map(|paper| ["--paper", paper.as_str()]));
        let case = json(&run(&line));
        assert!(case["papers"].as_array().unwrap().iter().all(|paper| paper["digest"] == digest), "{case:#}");
    }
    let verified = json(&run(&["verify"]));
    let requirements = verified["requirements"].as_array().unwrap();
    assert!(requirements.iter().all(|one| one["failed"] == 0), "{verified:#}");
    let kept = requirements.iter().find(|one| one["id"] == "paper_kept").unwrap();
    assert!(kept["checked"].as_u64() >= Some(4), "{kept}");
}
