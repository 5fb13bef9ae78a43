//! Letters of a repair (文书): a template of the rulebook filled from the case, and from nothing else.

use super::{Case, Desk, State, rule};
use crate::listing::letter::{fill, head, template, told_day, written};
use crate::listing::{Letter, LetterFacts, Refusal};
use crate::publicity::Restart;
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
        (LetterKind::RepairGrant, State::Granted { findings, .. }) => {
            places.insert("findings", findings.clone());
            places.insert("conditions", case.applied.conditions.clone());
        }
        (LetterKind::RepairRefusal, State::Refused(ended) | State::NotAccepted(ended)) => {
            places.insert("reason", ended.reason.clone());
            places.insert("remedies", ended.remedies.join("；"));
        }
        (
            LetterKind::RepairRevocation,
            State::Revoked { ended, fault, sanction_through_on, barred_through_on, restart, .. },
        ) => {
            places.insert(
                "period",
                restart.map_or_else(|| "原公示期照旧计算".to_owned(), |restart| counted_anew(&restart)),
            );
            places.insert("remedies", desk.rulebook.procedure.remedies_told(desk.today));
            places.insert("facts", ended.reason.clone());
            places.insert("fault", fault.name().to_owned());
            places.insert("sanction_through", told_day(*sanction_through_on));
            places.insert("barred_through", told_day(*barred_through_on));
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
