//! Letters of a repair (文书): a template of the rulebook filled from the case, and from nothing else.

use super::desk::first;
use super::{Case, Desk, Fault, State, rule};
use crate::listing::letter::{Places, fill, head, template, told_day, written};
use crate::listing::{Letter, LetterFacts, Refusal};
use crate::publicity::{self, Restart};
use crate::rulebook::letter::LetterKind;

/// The number that a letter of a kind gets.
///
/// # Errors
/// When the rulebook has no template in force.
pub fn number(desk: &Desk<'_>, kind: LetterKind, facts: &LetterFacts<'_>) -> Result<String, Refusal> {
    fill(&template(desk.rulebook, kind, desk.today)?.number, &head(facts, desk.today))
}

/// Writes a letter about a case as it stands after the step that the letter is for.
///
/// # Errors
/// When the rulebook has no template in force, or the case does not have what the letter must say.
pub fn write(desk: &Desk<'_>, kind: LetterKind, case: &Case, facts: &LetterFacts<'_>) -> Result<Letter, Refusal> {
    let template = template(desk.rulebook, kind, desk.today)?;
    let mut places = head(facts, desk.today);
    places.insert("uscc", case.applied.uscc.clone());
    places.insert("applied_on", told_day(case.applied_on));
    places.insert("document", case.applied.document.clone());
    match (kind, &case.state) {
        (LetterKind::RepairGrant, State::Granted { findings, related, conditions, .. }) => {
            let documents: Vec<&str> = related.iter().map(|one| one.document.as_str()).collect();
            places.insert("related", if documents.is_empty() { "无".to_owned() } else { documents.join("、") });
            places.insert("findings", findings.clone());
            let found: Vec<&str> = conditions.iter().map(|one| one.text.as_str()).collect();
            let told = if found.is_empty() { case.applied.conditions.clone() } else { found.join("；") };
            places.insert("conditions", told);
        }
        (LetterKind::RepairRefusal, State::Refused(ended) | State::NotAccepted(ended)) => {
            places.insert("reason", ended.reason.clone());
            places.insert("remedies", ended.remedies.join("；"));
        }
        (
            LetterKind::RepairRevocation,
            State::Revoked { ended, fault, sanction_through_on, barred_through_on, restart, reason, .. },
        ) => {
            places.insert("reason", reason.clone());
            places.insert(
                "period",
                restart.map_or_else(|| "原公示期照旧计算".to_owned(), |restart| counted_anew(&restart)),
            );
            places.insert("remedies", desk.rulebook.procedure.remedies_told(desk.today));
            places.insert("facts", ended.reason.clone());
            places.insert("fault", fault.name().to_owned());
            places.extend(heard(case));
            places.insert("sanction_through", told_day(*sanction_through_on));
            places.insert("barred_through", told_day(*barred_through_on));
        }
        (LetterKind::RepairRevocationNotice, _) => proposed(desk, case, &mut places)?,
        (LetterKind::RepairRevocationDropped, _) => {
            places.extend(heard(case));
            let reason = case.revocation.as_ref().and_then(|proposed| proposed.dropped.clone());
            places.insert("reason", reason.unwrap_or_default());
        }
        (LetterKind::RepairShield, State::Shielded { findings, kept, .. }) => {
            places.insert("findings", findings.clone());
            places.extend(plan(case));
            let told = if kept.is_empty() { "无".to_owned() } else { kept.join("、") };
            places.insert("kept", told);
        }
        (LetterKind::RepairRestoration, State::Restored(ended)) => {
            places.extend(plan(case));
            places.insert("remedies", desk.rulebook.procedure.remedies_told(desk.today));
            places.insert("reason", ended.reason.clone());
        }
        _ => return Err(rule::STATE_WRONG.because(case.state.code())),
    }
    written(kind, template, &places)
}

/// What is proposed, its law, and how the organisation is heard on it.
fn proposed(desk: &Desk<'_>, case: &Case, places: &mut Places) -> Result<(), Refusal> {
    let proposed = case.revoking().ok_or_else(|| rule::REVOCATION_MISSING.refuse())?;
    let (rules, pack) = (&desk.rulebook.publicity, first(&case.applied.procedure));
    let restart = publicity::restart(rules, pack, desk.today);
    let restart = restart.filter(|_| proposed.of_grant && proposed.fault != Fault::BrokenPromise);
    let (taken_back, stands) = match &case.state {
        State::Granted { .. } => {
            let anew = restart.map(|restart| {
                let end = if restart.no_early_end { "，不得提前停止公示" } else { "" };
                format!("公示期自撤销之日起重新计算{end}")
            });
            let anew = anew.unwrap_or_else(|| "原公示期照旧计算".to_owned());
            (format!("撤销准予信用修复的决定，恢复公示，{anew}"), "准予信用修复的决定继续有效")
        }
        State::Shielded { .. } => ("撤销临时屏蔽，恢复公示".to_owned(), "临时屏蔽继续有效"),
        _ => ("不予办理你单位的申请".to_owned(), "不对你单位的申请作出其他决定"),
    };
    let law = publicity::sanction_law(rules, pack, desk.today).ok_or_else(|| rule::SANCTION_UNKNOWN.because(pack))?;
    let span = |months: u32| match months % 12 {
        0 => format!("{}年", months / 12),
        _ => format!("{months}个月"),
    };
    let basis = law.basis.iter().map(|basis| basis.told());
    places.insert("facts", proposed.facts.clone());
    places.insert("fault", proposed.fault.name().to_owned());
    places.insert("basis", basis.collect::<Vec<_>>().join("、"));
    places.insert("taken_back", taken_back);
    places.insert("stands", stands.to_owned());
    places.insert("sanction_term", span(law.shown_months));
    places.insert("bar_term", span(law.barred_months));
    places.insert("answer_days", desk.statement_days()?.to_string());
    Ok(())
}

/// The notice of a revocation, its service, and what the organisation said to it.
fn heard(case: &Case) -> Vec<(&'static str, String)> {
    let Some(proposed) = &case.revocation else { return Vec::new() };
    let said = proposed.statements.iter().map(|one| format!("你单位于{}陈述、申辩：{}。", told_day(one.on), one.text));
    let said: String = said.collect();
    let served = proposed.served.as_ref().map(|heard| told_day(heard.service.served_on));
    let unheard = if proposed.waived.is_some() {
        "你单位明确放弃陈述、申辩。"
    } else if served.is_some() {
        "你单位在期限内没有提出陈述、申辩。"
    } else {
        "该告知书尚未送达。"
    };
    vec![
        ("notice", proposed.letter.clone()),
        ("served_on", served.unwrap_or_default()),
        ("answers", if said.is_empty() { unheard.to_owned() } else { said }),
    ]
}

/// From when a period counts anew, as letters and pages say it.
#[must_use]
pub fn counted_anew(restart: &Restart) -> String {
    let end = if restart.no_early_end { "，不得提前停止公示" } else { "" };
    format!("公示期自{}起重新计算{end}", told_day(restart.on))
}

/// The plan of a case and the ruling that approved it, in words.
fn plan(case: &Case) -> Vec<(&'static str, String)> {
    let told = |plan: &super::Plan| vec![("plan", plan.kind.name().to_owned()), ("ruling", plan.approved.told())];
    case.applied.plan.as_ref().map(told).unwrap_or_default()
}
