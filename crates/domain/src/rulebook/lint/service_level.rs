//! `rulebook/exchange/service_levels.toml`: dated, with a basis, and promises that can be measured.

use super::access::dated;
use super::{Finding, Place};
use crate::service_level::{ServiceLevels, WITHIN_MS};

pub(super) fn lint(place: &Place<'_>, levels: &ServiceLevels, findings: &mut Vec<Finding>) {
    let versions: Vec<_> = levels.versions.iter().map(|v| (v.effective_from, v.effective_to, &v.basis)).collect();
    dated(place, &levels.code, &versions, findings);
    for (i, rules) in levels.versions.iter().enumerate() {
        let mut wrong = |at: String, reason: &str| findings.push(place.finding(&at, "service_level_invalid", reason));
        if !(1..=60).contains(&rules.window_minutes) {
            wrong(format!("/version/{i}"), "统计窗口须为1至60分钟");
        }
        for (j, promise) in rules.tiers.iter().enumerate() {
            let at = format!("/version/{i}/tier/{j}");
            if !WITHIN_MS.contains(&promise.within_ms) {
                wrong(at.clone(), "时限须为5、10、50、250、1000或10000毫秒");
            }
            if promise.share_per_mille > 1_000 || promise.available_per_mille > 1_000 {
                wrong(at.clone(), "比例不能超过1000‰");
            }
            if rules.tiers.iter().take(j).any(|other| other.code == promise.code) {
                wrong(at, "同一类请求只能写一次");
            }
        }
    }
}
