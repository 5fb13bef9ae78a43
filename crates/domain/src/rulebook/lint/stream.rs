//! `rulebook/exchange/stream.toml`: dated, with a basis, and a time that is of use.

use super::access::dated;
use super::{Finding, Place};
use crate::stream::Stream;

pub(super) fn lint(place: &Place<'_>, stream: &Stream, findings: &mut Vec<Finding>) {
    let versions: Vec<_> = stream.versions.iter().map(|v| (v.effective_from, v.effective_to, &v.basis)).collect();
    dated(place, &stream.code, &versions, findings);
    for (i, rules) in stream.versions.iter().enumerate() {
        if !(1..=366).contains(&rules.retention_days) {
            let reason = "续读期限须为1至366天";
            findings.push(place.finding(&format!("/version/{i}"), "stream_invalid", reason));
        }
    }
}
