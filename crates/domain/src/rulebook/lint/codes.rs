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

/// What the rules of publicity name, the code book knows, and the other way round.
pub(super) fn known_to_law(place: &Place<'_>, findings: &mut Vec<Finding>) {
    let Some(rules) = &place.rulebook.publicity else { return };
    if let Some(list) = place.rulebook.codes.list("penalty_kind") {
        for (i, value) in list.values.iter().enumerate() {
            if !rules.kinds().kinds.iter().any(|kind| kind.names.contains(&value.value)) {
                let reason = format!("处罚种类{}在repair/kinds.toml中没有对应", value.value);
                findings.push(place.finding(&format!("/list/penalty_kind/values/{i}"), "reference_missing", reason));
            }
        }
    }
    if let Some(list) = place.rulebook.codes.list("act_kind") {
        let uses = rules.packs().iter().flat_map(|pack| pack.uses.iter().map(|found| &found.act));
        let named = uses.chain(rules.deadlines().iter().flat_map(|line| &line.acts));
        for act in named.filter(|act| list.entry(act).is_none()) {
            let reason = format!("repair/中的行为种类{act}不在代码表act_kind内");
            findings.push(place.finding("/list/act_kind", "reference_missing", reason));
        }
    }
}
