//! The letter that tells the result (异议处理结果告知书, 复核决定书): a template of the rulebook filled from the case, and from nothing else.

use super::{Case, Decision, Desk, Remedy, rule};
use crate::listing::{self, Letter, LetterFacts, Refusal, fill, told_day};
use crate::rulebook::letter::{LetterKind, TemplateVersion};
use std::collections::BTreeMap;

/// The number that a letter of a kind gets.
///
/// # Errors
/// When the rulebook has no template in force.
pub fn number(desk: &Desk<'_>, kind: LetterKind, facts: &LetterFacts<'_>) -> Result<String, Refusal> {
    fill(&template(desk, kind)?.number, &head(desk, facts))
}

/// Writes the letter about the decision that a case now has.
///
/// # Errors
/// When the rulebook has no template in force, or nothing was decided.
pub fn write(desk: &Desk<'_>, kind: LetterKind, case: &Case, facts: &LetterFacts<'_>) -> Result<Letter, Refusal> {
    let template = template(desk, kind)?;
    let of_appeal = case.appeal.as_ref().and_then(|appeal| appeal.decision.as_ref());
    let decision = if kind == LetterKind::ObjectionAppeal { of_appeal } else { case.decision.as_ref() };
    let decision = decision.ok_or_else(|| rule::STATE_WRONG.because(case.standing.code()))?;
    let mut places = head(desk, facts);
    places.insert("uscc", case.filed.uscc.clone());
    places.insert("matter", case.filed.matter.name().to_owned());
    places.insert("record", case.filed.title.clone());
    places.insert("received_on", told_day(case.filed.statement.received_on));
    places.insert("result", decision.decided.outcome.name().to_owned());
    places.insert("done", done(decision));
    places.insert("reason", decision.decided.reason.clone());
    places.insert("remedies", remedies(decision));
    let paragraphs: Result<Vec<String>, Refusal> = template.paragraphs.iter().map(|text| fill(text, &places)).collect();
    Ok(Letter {
        kind,
        number: fill(&template.number, &places)?,
        title: fill(&template.title, &places)?,
        text: paragraphs?.join("\n"),
    })
}

fn template<'d>(desk: &'d Desk<'_>, kind: LetterKind) -> Result<&'d TemplateVersion, Refusal> {
    let template = desk.rulebook.letters.get(kind.code()).and_then(|template| template.version_on(desk.today));
    template.ok_or_else(|| listing::rule::LETTER_TEMPLATE_MISSING.because(kind.code()))
}

fn head(desk: &Desk<'_>, facts: &LetterFacts<'_>) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("unit", facts.unit.to_owned()),
        ("organisation", facts.organisation.to_owned()),
        ("year", desk.today.year().to_string()),
        ("serial", facts.serial.to_string()),
        ("date", told_day(desk.today)),
    ])
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

fn remedies(decision: &Decision) -> String {
    match decision.decided.appeal_until {
        Some(last) => {
            format!("如不服本答复，可以在{}前申请复核，也可以依法申请行政复议或者提起行政诉讼", told_day(last))
        }
        None => "如不服本答复，可以依法申请行政复议或者提起行政诉讼".to_owned(),
    }
}
