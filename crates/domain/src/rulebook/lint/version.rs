//! Versions of a rule: there is one, none ends before it begins, none overlaps another; each has a basis.

use super::{Finding, Place};
use crate::provision::{Basis, Level};
use jiff::civil::Date;

/// Judges the intervals of a rule's versions; `at` is the pointer of the array.
pub(super) fn intervals(place: &Place<'_>, at: &str, versions: &[(Date, Option<Date>)], findings: &mut Vec<Finding>) {
    if versions.is_empty() {
        findings.push(place.finding(at, "no_version", "没有任何版本"));
    }
    for (i, (from, to)) in versions.iter().enumerate() {
        if to.is_some_and(|to| to < *from) {
            let reason = format!("版本自{from}起，却早在此前终止");
            findings.push(place.finding(&format!("{at}/{i}/effective_to"), "version_order", reason));
        }
        let later = versions.iter().enumerate().skip(i + 1);
        for (j, (next, next_to)) in later {
            let apart = to.is_some_and(|to| to < *next) || next_to.is_some_and(|to| to < *from);
            if !apart {
                let until = to.map_or("长期".to_owned(), |to| to.to_string());
                let reason = format!("版本重叠：{from}至{until}的版本与{next}起的版本同时有效");
                findings.push(place.finding(&format!("{at}/{j}/effective_from"), "versions_overlap", reason));
            } else if next < from {
                let pointer = format!("{at}/{j}/effective_from");
                findings.push(place.finding(
                    &pointer,
                    "version_order",
                    format!("版本须按生效日期排列：{next}在{from}之后"),
                ));
            }
        }
    }
}

/// True for texts that may carry a burden: local regulation and above, central documents among them.
pub(super) fn carries_burden(basis: &Basis) -> bool {
    matches!(
        basis.level,
        Level::LocalRegulation | Level::CentralDocument | Level::AdministrativeRegulation | Level::Law
    )
}

/// Every basis names its text and its article.
pub(super) fn named(place: &Place<'_>, at: &str, basis: &[Basis], findings: &mut Vec<Finding>) {
    for (i, one) in basis.iter().enumerate() {
        let numeral = one.article.strip_prefix('第').is_none() && !one.article.ends_with('条');
        if one.title.trim().is_empty() || one.article.trim().is_empty() || !numeral {
            let reason = "依据须写明文件名称和条号（条号不写“第”“条”，全文写“-”）";
            findings.push(place.finding(&format!("{at}/{i}"), "basis_missing", reason));
        }
    }
}
