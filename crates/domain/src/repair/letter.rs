//! Letters of a repair (文书): a template of the rulebook filled from the case, and from nothing else.

use super::{Case, Desk, State, rule};
use crate::listing::{Refusal, fill_letter, told_day};
use crate::rulebook::letter::{LetterKind, TemplateVersion};
use std::collections::BTreeMap;

/// What a letter needs besides the case.
#[derive(Clone, Copy, Debug)]
pub struct LetterFacts<'f> {
    /// Name of the unit that signs.
    pub unit: &'f str,
    /// Name of the organisation.
    pub organisation: &'f str,
    /// Number within the unit's year.
    pub serial: u32,
}

/// A letter.
pub type Written = crate::listing::Letter;

type Places = BTreeMap<&'static str, String>;

/// The number that a letter of a kind gets.
///
/// # Errors
/// When the rulebook has no template in force.
pub fn number(desk: &Desk<'_>, kind: LetterKind, facts: &LetterFacts<'_>) -> Result<String, Refusal> {
    fill(&template(desk, kind)?.number, &head(desk, facts))
}

/// Writes a letter about a case as it stands after the step that the letter is for.
///
/// # Errors
/// When the rulebook has no template in force, or the case does not have what the letter must say.
pub fn write(desk: &Desk<'_>, kind: LetterKind, case: &Case, facts: &LetterFacts<'_>) -> Result<Written, Refusal> {
    let template = template(desk, kind)?;
    let mut places = head(desk, facts);
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
        (LetterKind::RepairRevocation, State::Revoked { ended, fault, sanction_through_on, barred_through_on, .. }) => {
            places.insert("facts", ended.reason.clone());
            places.insert("fault", fault.name().to_owned());
            places.insert("sanction_through", told_day(*sanction_through_on));
            places.insert("barred_through", told_day(*barred_through_on));
        }
        _ => return Err(rule::STATE_WRONG.because(case.state.code())),
    }
    let paragraphs: Result<Vec<String>, Refusal> = template.paragraphs.iter().map(|text| fill(text, &places)).collect();
    Ok(Written {
        kind,
        number: fill(&template.number, &places)?,
        title: fill(&template.title, &places)?,
        text: paragraphs?.join("\n"),
    })
}

fn template<'d>(desk: &Desk<'d>, kind: LetterKind) -> Result<&'d TemplateVersion, Refusal> {
    let template = desk.rulebook.letters.get(kind.code()).and_then(|template| template.version_on(desk.today));
    template.ok_or_else(|| rule::TEMPLATE_MISSING.because(kind.code()))
}

fn head(desk: &Desk<'_>, facts: &LetterFacts<'_>) -> Places {
    BTreeMap::from([
        ("unit", facts.unit.to_owned()),
        ("organisation", facts.organisation.to_owned()),
        ("year", desk.today.year().to_string()),
        ("serial", facts.serial.to_string()),
        ("date", told_day(desk.today)),
    ])
}

fn fill(text: &str, places: &Places) -> Result<String, Refusal> {
    fill_letter(text, places, &rule::PLACE_EMPTY)
}
