//! Specimens of bad rules in `examples/rulebook-bad`: each must be refused at its file, line and reason.

use crate::files::{below, root, shipped_files};
use credence_domain::rulebook::{Finding, Rulebook};
use std::collections::BTreeMap;

/// What a specimen expects: `file`, `line`, `code` and `words` of one finding; `needs` where the fault shows only beside
/// the shipped files.
fn expectation(text: &str) -> BTreeMap<&str, &str> {
    text.lines().filter_map(|line| line.split_once(": ")).map(|(key, value)| (key.trim(), value.trim())).collect()
}

fn meets(finding: &Finding, expected: &BTreeMap<&str, &str>) -> bool {
    finding.file == expected["file"]
        && finding.code == expected["code"]
        && finding.line.to_string() == expected["line"]
        && finding.reason.contains(expected["words"])
}

fn lines(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_specimen_is_refused_with_file_line_and_reason() {
    let home = root().join("examples/rulebook-bad");
    let mut seen = 0;
    for entry in std::fs::read_dir(&home).unwrap() {
        let dir = entry.unwrap().path();
        if !dir.is_dir() {
            continue;
        }
        let name = dir.file_name().unwrap().to_string_lossy().into_owned();
        let expect = std::fs::read_to_string(dir.join("expect.txt")).unwrap();
        let expected = expectation(&expect);
        let own = below(&dir, ".toml");
        let kept = shipped_files().into_iter().filter(|(path, _)| !own.iter().any(|(mine, _)| mine == path));
        let overlaid = Rulebook::from_toml(kept.chain(own.clone())).expect_err(&name);
        assert!(overlaid.iter().any(|found| meets(found, &expected)), "{name}:\n{}", lines(&overlaid));
        assert!(overlaid.iter().all(|found| found.file == expected["file"]), "{name}:\n{}", lines(&overlaid));
        let alone = Rulebook::from_toml(own).expect_err(&name);
        assert!(alone.iter().any(|found| meets(found, &expected)) || expected.contains_key("needs"), "{name} alone");
        seen += 1;
    }
    assert!(seen >= 30, "{seen} specimens");
}
