//! Service, remedies and the clocks of measures: each has a basis, a code of its own and, for a remedy, one period.

use super::{Finding, Place, version};
use crate::rulebook::procedure::Procedure;
use std::collections::BTreeSet;

/// What every file of the room has: a code of its own, versions that do not overlap, a basis with a name.
macro_rules! dated {
    ($place:expr, $rule:expr, $findings:expr) => {
        $place.code(&$rule.code, $findings);
        let intervals: Vec<_> = $rule.versions.iter().map(|v| (v.effective_from, v.effective_to)).collect();
        version::intervals(&$place, "/version", &intervals, $findings);
        for (i, edition) in $rule.versions.iter().enumerate() {
            version::named(&$place, &format!("/version/{i}/basis"), &edition.basis, $findings);
        }
    };
}

/// Judges the room.
pub(super) fn lint<'p>(place: &impl Fn(&str) -> Option<Place<'p>>, rules: &Procedure, findings: &mut Vec<Finding>) {
    if let (Some(modes), Some(place)) = (&rules.service, place("procedure/service.toml")) {
        dated!(place, modes, findings);
        for (i, edition) in modes.versions.iter().enumerate() {
            let at = format!("/version/{i}");
            let mut known = BTreeSet::new();
            for (j, mode) in edition.modes.iter().enumerate() {
                if !known.insert(&mode.code) || mode.name.trim().is_empty() || mode.proof.trim().is_empty() {
                    let reason = format!("送达方式{}重复，或者没有名称、凭证", mode.code);
                    findings.push(place.finding(&format!("{at}/mode/{j}"), "procedure_invalid", reason));
                }
            }
            if edition.modes.is_empty() || edition.basis.is_empty() {
                findings.push(place.finding(&at, "procedure_invalid", "没有送达方式或者没有依据"));
            }
        }
    }
    if let (Some(clocks), Some(place)) = (&rules.measure, place("procedure/measure.toml")) {
        dated!(place, clocks, findings);
        for (i, edition) in clocks.versions.iter().enumerate() {
            let at = format!("/version/{i}");
            let days = [edition.acknowledge_working_days, edition.report_working_days, edition.lift_working_days];
            let sound = days.iter().flatten().all(|days| (1..=250).contains(days));
            if !sound || edition.basis.is_empty() {
                findings.push(place.finding(&at, "procedure_invalid", "措施的期限须在1至250个工作日之间，并写明依据"));
            }
        }
    }
    if let (Some(rules), Some(place)) = (&rules.repair, place("procedure/repair.toml")) {
        dated!(place, rules, findings);
        for (i, edition) in rules.versions.iter().enumerate() {
            let at = format!("/version/{i}");
            let papers = !edition.demands.is_empty() && edition.demands.iter().all(|demand| !demand.papers.is_empty());
            let days = [
                edition.push_working_days,
                edition.follow_working_days,
                edition.statement_working_days,
                edition.revocation_working_days,
            ];
            let days = days.iter().flatten().all(|days| (1..=250).contains(days));
            if !papers || !days || edition.basis.is_empty() || edition.remedies.is_empty() {
                let reason = "信用修复须写明依据、必备材料、救济途径，各项期限须在1至250个工作日之间";
                findings.push(place.finding(&at, "procedure_invalid", reason));
            }
        }
    }
    if let (Some(terms), Some(place)) = (&rules.objection, place("procedure/objection.toml")) {
        dated!(place, terms, findings);
        for (i, edition) in terms.versions.iter().enumerate() {
            let at = format!("/version/{i}");
            let days = [
                edition.complaint_working_days,
                edition.appeal_working_days,
                edition.appeal_decision_working_days,
                edition.reply_review_working_days,
            ];
            let lengths = [edition.reply_characters_max, edition.statement_characters_max];
            let sound = days.iter().all(|days| (1..=250).contains(days))
                && lengths.iter().all(|length| (50..=10_000).contains(length));
            if !sound || edition.basis.is_empty() {
                let reason = "异议的期限须在1至250个工作日之间，字数须在50至10000之间，并写明依据";
                findings.push(place.finding(&at, "procedure_invalid", reason));
            }
        }
    }
    if let (Some(rules), Some(place)) = (&rules.officer, place("procedure/officer.toml")) {
        dated!(place, rules, findings);
        for (i, edition) in rules.versions.iter().enumerate() {
            let at = format!("/version/{i}");
            let days = [
                edition.answer_working_days,
                edition.hand_over_working_days,
                edition.recall_working_days,
                edition.inform_working_days,
            ];
            let told = !edition.inform_of_body.is_empty() && !edition.inform_of_official.is_empty();
            if !days.iter().all(|days| (1..=250).contains(days)) || edition.basis.is_empty() || !told {
                let reason = "责任人员的期限须在1至250个工作日之间，并写明依据和通报对象";
                findings.push(place.finding(&at, "procedure_invalid", reason));
            }
        }
    }
    if let (Some(remedies), Some(place)) = (&rules.remedy, place("procedure/remedy.toml")) {
        dated!(place, remedies, findings);
        for (i, edition) in remedies.versions.iter().enumerate() {
            let at = format!("/version/{i}");
            let mut known = BTreeSet::new();
            for (j, remedy) in edition.remedies.iter().enumerate() {
                if !known.insert(&remedy.code) || remedy.days.is_some() == remedy.months.is_some() {
                    let reason = format!("救济途径{}重复，或者没有唯一的期限", remedy.code);
                    findings.push(place.finding(&format!("{at}/remedy/{j}"), "procedure_invalid", reason));
                }
                let first = |code: &String| edition.told_with_a_decision().any(|other| other.code == *code);
                if remedy.after.as_ref().is_some_and(|code| !first(code)) {
                    let reason = format!("救济途径{}接在没有规定的救济途径之后", remedy.code);
                    findings.push(place.finding(&format!("{at}/remedy/{j}/after"), "procedure_invalid", reason));
                }
            }
            if edition.remedies.is_empty() || edition.basis.is_empty() {
                findings.push(place.finding(&at, "procedure_invalid", "没有救济途径或者没有依据"));
            }
        }
    }
}
