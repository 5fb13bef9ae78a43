//! Letters of commitment have a basis and every clause that the law asks of them.

use super::{Finding, Place, version};
use crate::rulebook::commitment::{CommitmentLetter, REPAIR_CLAUSES};
use std::collections::BTreeSet;

/// Judges a letter.
pub(super) fn lint(place: &Place<'_>, letter: &CommitmentLetter, findings: &mut Vec<Finding>) {
    place.code(&letter.code, findings);
    let intervals: Vec<_> = letter.versions.iter().map(|v| (v.effective_from, v.effective_to)).collect();
    version::intervals(place, "/version", &intervals, findings);
    for (i, edition) in letter.versions.iter().enumerate() {
        let at = format!("/version/{i}");
        version::named(place, &format!("{at}/basis"), &edition.basis, findings);
        if edition.basis.is_empty() {
            findings.push(place.finding(&format!("{at}/basis"), "basis_missing", "承诺书没有依据"));
        }
        let mut known = BTreeSet::new();
        for (j, clause) in edition.clauses.iter().enumerate() {
            if !known.insert(clause.code.as_str()) || clause.text.trim().is_empty() {
                let reason = format!("条款{}重复或者没有内容", clause.code);
                findings.push(place.finding(&format!("{at}/clause/{j}"), "commitment_invalid", reason));
            }
        }
        if edition.title.trim().is_empty() || edition.liability.trim().is_empty() || edition.clauses.is_empty() {
            findings.push(place.finding(&at, "commitment_invalid", "承诺书须有标题、条款和违诺责任"));
        }
        let wanting = REPAIR_CLAUSES.iter().filter(|_| letter.code == "repair");
        for (code, word, law) in wanting {
            if edition.clause(code).is_none_or(|clause| !clause.text.contains(word)) {
                let reason = format!("承诺书缺少条款{code}，或者没有写明“{word}”（{law}）");
                findings.push(place.finding(&at, "commitment_invalid", reason));
            }
        }
    }
}
