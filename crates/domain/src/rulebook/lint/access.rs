//! Access: purposes, sign-in and policies have their days and their basis. What a policy's words allow is judged by the
//! engine that reads them.

use super::{Finding, Place, version};
use crate::access::Access;
use crate::provision::Basis;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Judges the room; an edition without it says nothing of access.
pub(super) fn lint<'p>(place: &impl Fn(&str) -> Option<Place<'p>>, access: &Access, findings: &mut Vec<Finding>) {
    if let (Some(purposes), Some(place)) = (&access.purposes, place("access/purposes.toml")) {
        let versions: Vec<_> = purposes.versions.iter().map(|v| (v.effective_from, v.effective_to, &v.basis)).collect();
        dated(&place, &purposes.code, &versions, findings);
        for (i, edition) in purposes.versions.iter().enumerate() {
            let mut known = BTreeSet::new();
            for (j, purpose) in edition.purposes.iter().enumerate() {
                if !known.insert(&purpose.code) || purpose.name.trim().is_empty() {
                    let pointer = format!("/version/{i}/purpose/{j}");
                    let reason = format!("查询目的{}重复，或没有中文名称", purpose.code);
                    findings.push(place.finding(&pointer, "purpose_invalid", reason));
                }
            }
        }
    }
    if let (Some(sign_in), Some(place)) = (&access.sign_in, place("access/sign_in.toml")) {
        let versions: Vec<_> = sign_in.versions.iter().map(|v| (v.effective_from, v.effective_to, &v.basis)).collect();
        dated(&place, &sign_in.code, &versions, findings);
        for (i, rules) in sign_in.versions.iter().enumerate() {
            let minutes =
                [rules.locked_minutes, rules.session_minutes, rules.invitation_minutes, rules.representative_minutes];
            let sound = rules.password_min_characters >= 8
                && (1..=4).contains(&rules.password_kinds_min)
                && rules.failures_max >= 1
                && minutes.into_iter().all(|minutes| (1..=525_600).contains(&minutes));
            if !sound {
                let reason = "密码至少8个字符、1至4类字符，失败次数至少1次，各时限为1分钟至1年";
                findings.push(place.finding(&format!("/version/{i}"), "sign_in_invalid", reason));
            }
        }
    }
    if let (Some(misuse), Some(place)) = (&access.misuse, place("access/misuse.toml")) {
        let versions: Vec<_> = misuse.versions.iter().map(|v| (v.effective_from, v.effective_to, &v.basis)).collect();
        dated(&place, &misuse.code, &versions, findings);
        for (i, rules) in misuse.versions.iter().enumerate() {
            if !(0 <= rules.work_begins_hour
                && rules.work_begins_hour < rules.work_ends_hour
                && rules.work_ends_hour <= 24)
            {
                let reason = "工作时间须在0至24时之间，开始早于结束";
                findings.push(place.finding(&format!("/version/{i}"), "misuse_invalid", reason));
            }
        }
    }
    for (key, policy) in &access.policies {
        let Some(place) = place(&format!("access/{key}.toml")) else { continue };
        let versions: Vec<_> = policy.versions.iter().map(|v| (v.effective_from, v.effective_to, &v.basis)).collect();
        dated(&place, &policy.code, &versions, findings);
    }
}

pub(super) fn dated(
    place: &Place<'_>,
    code: &str,
    versions: &[(Date, Option<Date>, &Vec<Basis>)],
    findings: &mut Vec<Finding>,
) {
    place.code(code, findings);
    let intervals: Vec<_> = versions.iter().map(|(from, to, _)| (*from, *to)).collect();
    version::intervals(place, "/version", &intervals, findings);
    for (i, (_, _, basis)) in versions.iter().enumerate() {
        let pointer = format!("/version/{i}/basis");
        version::named(place, &pointer, basis, findings);
        if basis.is_empty() {
            findings.push(place.finding(&pointer, "basis_missing", "访问规则没有依据"));
        }
    }
}
