//! Whose grade is shown: by law, and decided for everyone.

use super::{Finding, Place, version};
use crate::evaluation::Disclosure;

/// Judges the rule.
pub(super) fn lint(place: &Place<'_>, disclosure: &Disclosure, findings: &mut Vec<Finding>) {
    place.code(&disclosure.code, findings);
    let intervals: Vec<_> = disclosure.versions.iter().map(|v| (v.effective_from, v.effective_to)).collect();
    version::intervals(place, "/version", &intervals, findings);
    for (i, edition) in disclosure.versions.iter().enumerate() {
        let pointer = format!("/version/{i}/basis");
        version::named(place, &pointer, &edition.basis, findings);
        if edition.basis.is_empty() {
            findings.push(place.finding(&pointer, "basis_missing", "信用等级的公示没有依据"));
        }
        let pointer = format!("/version/{i}/rule");
        let last_holds_for_all = edition.rules.last().is_some_and(|rule| rule.regions.is_empty());
        let earlier = edition.rules.split_last().map_or(&[][..], |(_, earlier)| earlier);
        if !last_holds_for_all || earlier.iter().any(|rule| rule.regions.is_empty()) {
            let reason = "最后一条规则且仅最后一条规则不写地区，适用于其余主体";
            findings.push(place.finding(&pointer, "disclosure_incomplete", reason));
        }
        for (j, rule) in edition.rules.iter().enumerate().filter(|(_, rule)| rule.show.is_empty()) {
            let reason = format!("第{}条规则没有写明公示何者的等级（{}）", j + 1, rule.regions.join("、"));
            findings.push(place.finding(&format!("{pointer}/{j}"), "disclosure_incomplete", reason));
        }
    }
}
