//! The letter that tells the result (异议处理结果告知书, 复核决定书): a template of the rulebook filled from the case, and from nothing else.

use super::{Case, Decision, Desk, Remedy, rule};
use crate::listing::letter::{fill, head, template, told_day, written};
use crate::listing::{Letter, LetterFacts, Refusal};
use crate::rulebook::letter::LetterKind;

/// The number that a letter of a kind gets.
///
/// # Errors
/// When the rulebook has no template in force.
pub fn number(desk: &Desk<'_>, kind: LetterKind, facts: &LetterFacts<'_>) -> Result<String, Refusal> {
    fill(&template(desk.rulebook, kind, desk.today)?.number, &head(facts, desk.today))
}

/// Writes the letter about the decision that a case now has.
///
/// # Errors
/// When the rulebook has no template in force, or nothing was decided.
pub fn write(desk: &Desk<'_>, kind: LetterKind, case: &Case, facts: &LetterFacts<'_>) -> Result<Letter, Refusal> {
    let template = template(desk.rulebook, kind, desk.today)?;
    let of_appeal = case.appeal.as_ref().and_then(|appeal| appeal.decision.as_ref());
    let decision = if kind == LetterKind::ObjectionAppeal { of_appeal } else { case.decision.as_ref() };
    let decision = decision.ok_or_else(|| rule::STATE_WRONG.because(case.standing.code()))?;
    let mut places = head(facts, desk.today);
    places.insert("uscc", case.filed.uscc.clone());
    places.insert("matter", case.filed.matter.name().to_owned());
    places.insert("record", case.filed.title.clone());
    places.insert("received_on", told_day(case.filed.statement.received_on));
    places.insert("result", decision.decided.outcome.name().to_owned());
    places.insert("done", done(decision));
    places.insert("reason", decision.decided.reason.clone());
    places.insert("remedies", remedies(desk, decision));
    written(kind, template, &places)
}

/// What is done, in words.
fn done(decision: &Decision) -> String {
    let told = decision.decided.remedies.iter().map(|remedy| match remedy {
        Remedy::Corrected { changes } => {
            let each = changes.iter().map(|one| format!("“{}”由“{}”更正为“{}”", one.name, one.old, one.new));
            each.collect::<Vec<_>>().join("，")
        }
        Remedy::Withdrawn { document } => format!("该信息已撤下（{document}）"),
        Remedy::Noted { text } => text.clone(),
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() { "该信息不作更正".to_owned() } else { told.join("；") }
}

fn remedies(desk: &Desk<'_>, decision: &Decision) -> String {
    let by_law = desk.rulebook.procedure.remedies_told(desk.today);
    match decision.decided.appeal_days {
        Some(days) => format!("如不服本答复，可以自收到之日起{days}个工作日内申请复核；也{by_law}"),
        None => format!("如不服本答复，{by_law}"),
    }
}
