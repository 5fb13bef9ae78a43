//! Every code that the program can answer with has its Chinese text in the code book.

use crate::files::{below, root, shipped};
use credence_domain::catalog::codes::CodeKind;
use credence_domain::record::state::State;
use std::collections::BTreeSet;

/// Code literals that stand directly behind one of these beginnings in the sources.
fn used_after(beginnings: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, text) in below(&root().join("crates"), ".rs") {
        let production = text.split("#[cfg(test)]").next().unwrap_or_default();
        for beginning in beginnings {
            for (at, _) in production.match_indices(beginning) {
                let rest = production[at + beginning.len()..].trim_start();
                let Some(literal) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()) else { continue };
                if !literal.is_empty() && literal.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
                    found.insert(literal.to_owned());
                }
            }
        }
    }
    found
}

#[test]
fn every_code_used_in_the_sources_has_a_chinese_text() {
    let codes = shipped().codes;
    let known = |code: &String| CodeKind::ALL.iter().any(|kind| codes.text(*kind, code).is_some());
    let used =
        used_after(&["reject(", "refuse(", "refused(", "Refuse(", "reject_text(", "error_text(", "code: ", "hold = "]);
    let missing: Vec<_> = used.iter().filter(|code| !known(code)).collect();
    assert!(missing.is_empty(), "codes without a Chinese text: {missing:?}");
}

#[test]
fn every_finding_of_the_linter_has_a_chinese_text() {
    let codes = shipped().codes;
    let mut used = BTreeSet::new();
    for (_, text) in below(&root().join("crates/domain/src/rulebook"), ".rs") {
        for literal in text.split('"').skip(1).step_by(2) {
            if codes.text(CodeKind::Finding, literal).is_some() {
                used.insert(literal.to_owned());
            }
        }
    }
    let listed: BTreeSet<String> = codes.finding.keys().cloned().collect();
    assert_eq!(listed.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new(), "listed but never found");
    let given = used_after(&["finding(\"\", ", "demand("]);
    assert!(given.iter().all(|code| codes.text(CodeKind::Finding, code).is_some()), "{given:?}");
}

#[test]
fn states_and_codes_of_usccs_have_a_chinese_text() {
    let codes = shipped().codes;
    for state in State::ALL {
        assert!(codes.text(CodeKind::State, state.code()).is_some(), "{state}");
    }
    for code in ["uscc_length", "uscc_symbol", "uscc_region", "uscc_check", "uscc_missing"] {
        assert!(codes.text(CodeKind::Reject, code).is_some(), "{code}");
    }
    assert!(!codes.reject_text("a_code_of_the_future").is_empty());
}

#[test]
fn old_wordings_of_penalty_kinds_become_those_in_force_and_no_heavier_kind_is_guessed() {
    let codes = shipped().codes;
    let kinds = codes.list("penalty_kind").unwrap();
    assert_eq!(kinds.find_all("没收违法所得、没收非法财物"), Some(vec!["没收违法所得", "没收非法财物"]));
    assert_eq!(kinds.find_all("暂扣或者吊销许可证、暂扣或者吊销执照"), Some(vec!["暂扣或者吊销许可证件"]));
    assert_eq!(kinds.find("其他-责令改正"), Some("其他-责令改正"));
    assert_eq!(kinds.find("训诫"), None);
}
