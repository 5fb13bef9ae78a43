//! `rulebook/exchange/*.toml` of platforms: dated, with a basis; they are given nothing that is not public, and every form can be read.

use super::access::dated;
use super::{Finding, Place};
use crate::catalog::Disclosure;
use crate::national::{Platform, PlatformVersion};
use std::collections::BTreeSet;

/// The most rows that a package may hold.
const ROWS_MAX: u32 = 50_000;

/// Judges an adapter.
pub(super) fn lint(place: &Place<'_>, platform: &Platform, findings: &mut Vec<Finding>) {
    let versions: Vec<_> = platform.versions.iter().map(|v| (v.effective_from, v.effective_to, &v.basis)).collect();
    dated(place, &platform.code, &versions, findings);
    for (i, version) in platform.versions.iter().enumerate() {
        let mut wrong = |at: &str, reason: String| {
            findings.push(place.finding(&format!("/version/{i}{at}"), "platform_invalid", reason))
        };
        if !(1..=ROWS_MAX).contains(&version.package_rows) || !(1..=60).contains(&version.answer_days) {
            wrong("", format!("每包行数须为1至{ROWS_MAX}，等待回执须为1至60个工作日"));
        }
        let mut known = BTreeSet::new();
        for (j, code) in version.items.iter().enumerate() {
            let item = place.rulebook.items.get(code);
            let edition =
                item.and_then(|item| item.version_on(version.effective_from).or_else(|| item.versions.last()));
            let public = edition.is_some_and(|edition| edition.disclosure == Disclosure::Public);
            if !known.insert(code) || !public {
                wrong(
                    &format!("/items/{j}"),
                    format!("{code}重复、不在数据清单中，或不是依法公开的事项：只向外提供已公开的信息"),
                );
            }
        }
        for (form, headers) in forms(version) {
            let distinct: BTreeSet<&str> = headers.iter().copied().collect();
            if headers.iter().any(|header| header.trim().is_empty()) || distinct.len() < headers.len() {
                wrong(&format!("/{form}"), "列名不能为空，也不能重复".to_owned());
            }
        }
        for (form, yes, no) in words(version) {
            let distinct: BTreeSet<&String> = yes.iter().chain(no).collect();
            if yes.is_empty() || no.is_empty() || distinct.len() < yes.len() + no.len() {
                wrong(&format!("/{form}"), "两种结果各须有说法，且不能相同".to_owned());
            }
        }
        for (j, answer) in version.answer_codes.iter().enumerate() {
            let again = version.answer_codes.iter().take(j).any(|other| other.code == answer.code);
            if again || answer.code.trim().is_empty() || answer.name.trim().is_empty() {
                wrong(&format!("/answer_code/{j}"), format!("答复代码{}重复，或没有说明", answer.code));
            }
        }
    }
}

/// The headers of every form.
fn forms(version: &PlatformVersion) -> Vec<(&'static str, Vec<&str>)> {
    let PlatformVersion { sent, operations, receipt, count, holding, .. } = version;
    let mut forms = vec![
        ("sent", vec![&sent.line, &sent.operation, &sent.id, &sent.version]),
        ("operations", vec![&operations.insert, &operations.update, &operations.delete]),
        (
            "receipt",
            vec![&receipt.id, &receipt.version, &receipt.operation, &receipt.result, &receipt.code, &receipt.field],
        ),
        ("count", vec![&count.item, &count.day, &count.count]),
        ("holding", vec![&holding.id, &holding.version]),
    ];
    if let Some(copy) = &version.copy {
        forms.push(("copy", vec![&copy.id, &copy.state, &copy.through]));
    }
    if let Some(case) = &version.case {
        let headers = vec![
            &case.reference,
            &case.window_on,
            &case.id,
            &case.rectified,
            &case.clauses,
            &case.signed_on,
            &case.papers,
        ];
        forms.push(("case", headers));
    }
    forms.into_iter().map(|(form, headers)| (form, headers.into_iter().map(String::as_str).collect())).collect()
}

/// The words of each form that says one thing or the other.
fn words(version: &PlatformVersion) -> Vec<(&'static str, &[String], &[String])> {
    let mut words = vec![("receipt", version.receipt.accepted.as_slice(), version.receipt.refused.as_slice())];
    if let Some(copy) = &version.copy {
        words.push(("copy", copy.public.as_slice(), copy.ended.as_slice()));
    }
    words
}
