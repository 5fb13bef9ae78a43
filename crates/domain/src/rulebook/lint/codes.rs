//! The code book: every code has a Chinese text, no wording stands for two values.

use super::{Finding, Place};
use crate::catalog::codes::CodeKind;
use crate::catalog::fold::fold;
use std::collections::BTreeMap;

/// Judges the code book.
pub(super) fn lint(place: &Place<'_>, findings: &mut Vec<Finding>) {
    let codes = &place.rulebook.codes;
    for kind in CodeKind::ALL {
        for (code, wording) in codes.family(kind) {
            let chinese = wording.text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            if !chinese || wording.en.trim().is_empty() {
                let at = format!("/{}/{code}", kind.table());
                findings.push(place.finding(&at, "text_missing", format!("代码{code}缺少中文或英文说明")));
            }
        }
    }
    for (name, list) in &codes.list {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (i, value) in list.values.iter().enumerate() {
            for form in value.forms() {
                if let Some(other) = seen.insert(fold(form), &value.value) {
                    let at = format!("/list/{name}/values/{i}");
                    let reason = format!("代码表{name}中“{form}”同时表示{other}和{}", value.value);
                    findings.push(place.finding(&at, "alias_repeated", reason));
                }
            }
        }
    }
}
