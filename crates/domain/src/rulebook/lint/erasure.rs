//! Erasure: clauses have names of their own and stand in a law that may carry a burden; periods are days, with their basis.

use super::{Finding, Place, version};
use crate::erasure::Rules;
use std::collections::BTreeSet;

/// The longest time that a rejected row may be kept, in days.
const REJECTED_DAYS_MOST: u32 = 1096;

/// Judges the room; an edition without it erases nothing.
pub(super) fn lint<'p>(place: &impl Fn(&str) -> Option<Place<'p>>, rules: &Rules, findings: &mut Vec<Finding>) {
    if let (Some(clauses), Some(place)) = (&rules.clauses, place("erasure/clauses.toml")) {
        place.code(&clauses.code, findings);
        let intervals: Vec<_> = clauses.versions.iter().map(|v| (v.effective_from, v.effective_to)).collect();
        version::intervals(&place, "/version", &intervals, findings);
        for (i, edition) in clauses.versions.iter().enumerate() {
            let mut known = BTreeSet::new();
            if edition.clauses.is_empty() {
                findings.push(place.finding(&format!("/version/{i}"), "clause_invalid", "没有任何条款"));
            }
            for (j, clause) in edition.clauses.iter().enumerate() {
                let pointer = format!("/version/{i}/clause/{j}");
                let provision = clause.provision();
                version::named(&place, &pointer, std::slice::from_ref(&provision), findings);
                if !known.insert(&clause.code) || clause.name.trim().is_empty() || clause.cases.trim().is_empty() {
                    let reason = format!("删除条款{}重复，或没有名称、适用情形", clause.code);
                    findings.push(place.finding(&pointer, "clause_invalid", reason));
                }
                if !version::carries_burden(&provision) {
                    let reason = format!("删除条款{}的依据至少应为地方性法规", clause.code);
                    findings.push(place.finding(&pointer, "clause_invalid", reason));
                }
            }
        }
    }
    if let (Some(retention), Some(place)) = (&rules.retention, place("erasure/retention.toml")) {
        place.code(&retention.code, findings);
        let intervals: Vec<_> = retention.versions.iter().map(|v| (v.effective_from, v.effective_to)).collect();
        version::intervals(&place, "/version", &intervals, findings);
        for (i, periods) in retention.versions.iter().enumerate() {
            let pointer = format!("/version/{i}");
            version::named(&place, &format!("{pointer}/basis"), &periods.basis, findings);
            if periods.basis.is_empty() {
                findings.push(place.finding(&format!("{pointer}/basis"), "basis_missing", "保存期限没有依据"));
            }
            if !(1..=REJECTED_DAYS_MOST).contains(&periods.rejected_days) {
                let reason = format!("退回行的保存期限须为1至{REJECTED_DAYS_MOST}天");
                findings.push(place.finding(&pointer, "retention_invalid", reason));
            }
        }
    }
}
