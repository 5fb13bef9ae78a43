//! Letters to a person. They are written with the place of the name left open ([`PERSON`]) and kept so: the name is put in when a
//! letter is read, so that erasing it in one place erases it everywhere.

use super::case::{Case, State};
use super::desk::Desk;
use super::rule;
use crate::listing::letter::{Places, answers, fill, head, template, told_day, written};
use crate::listing::{Letter, LetterFacts, Refusal};
use crate::rulebook::letter::LetterKind;

/// The place of the name in a letter that is kept.
pub const PERSON: &str = "{person}";

/// The number that a letter of a kind gets.
///
/// # Errors
/// When the rulebook has no template in force.
pub fn number(desk: &Desk<'_>, kind: LetterKind, facts: &LetterFacts<'_>) -> Result<String, Refusal> {
    let template = template(desk.rulebook, kind, desk.today)?;
    fill(&template.number, &head(facts, desk.today))
}

/// Writes a letter about a case as it stands after the step that the letter is for.
///
/// # Errors
/// When the rulebook has no template in force, or the case does not have what the letter must say.
pub fn write(desk: &Desk<'_>, kind: LetterKind, case: &Case, facts: &LetterFacts<'_>) -> Result<Letter, Refusal> {
    let template = template(desk.rulebook, kind, desk.today)?;
    let mut places = head(facts, desk.today);
    body(desk, kind, case, &mut places)?;
    written(kind, template, &places)
}

/// A letter with the name in its place.
#[must_use]
pub fn named(text: &str, name: &str) -> String {
    text.replace(PERSON, name)
}

fn body(desk: &Desk<'_>, kind: LetterKind, case: &Case, places: &mut Places) -> Result<(), Refusal> {
    let wrong = || rule::STATE_WRONG.because(case.state.code());
    let about = &case.proposed;
    places.insert("person", PERSON.to_owned());
    places.insert("uscc", about.uscc.clone());
    places.insert("role", about.role.name().to_owned());
    places.insert("list", about.list_name.clone());
    places.insert("listing_number", about.document.clone());
    let conduct = format!("{}至{}", told_day(about.conduct_from_on), told_day(about.conduct_through_on));
    places.insert("conduct", conduct);
    places.insert("facts", about.facts.clone());
    places.insert("ground", about.basis.clone());
    places.insert("consequence", about.consequence.clone());
    places.insert("keeper", about.keeper.clone());
    if let Some(notified) = case.notified() {
        places.insert("served_on", told_day(notified.service.served_on));
        let mode = desk.rulebook.procedure.mode(&notified.service.mode, notified.service.delivered_on);
        places.insert("service_mode", mode.map_or_else(|| notified.service.mode.clone(), |mode| mode.name.clone()));
        places.insert("answers", answers(&notified.statements, notified.waived));
    }
    match (kind, &case.state) {
        (LetterKind::OfficerNotice, State::Proposed) => {
            places.insert("term", format!("最长至{}，随名单终止", told_day(about.latest_on)));
            places.insert("answer_days", desk.rules()?.answer_working_days.to_string());
        }
        (LetterKind::OfficerDecision, State::Decided(decided)) => {
            // How long it lasts here is said by its last day; the years of the clause are the longest that the law knows.
            let (years, consequence) = years_of(&about.consequence);
            let longest = years.map(|years| format!("（依据规定的最长期限为{years}年）")).unwrap_or_default();
            places.insert("consequence", consequence.to_owned());
            places.insert("term", format!("至{}止{longest}", told_day(decided.through_on)));
            places.insert("reason", decided.reason.clone());
            places.insert("remedies", decided.told.join("；"));
        }
        (LetterKind::OfficerDismissal, State::Dismissed(dismissed)) => {
            places.insert("reason", dismissed.reason.clone());
        }
        _ => return Err(wrong()),
    }
    Ok(())
}

/// The years with which a consequence begins (五年内不得…), and the rest.
fn years_of(consequence: &str) -> (Option<&str>, &str) {
    let numeral = |years: &&str| years.chars().all(|c| "一二三四五六七八九十".contains(c)) && !years.is_empty();
    let found = consequence.split_once("年内").filter(|(years, _)| numeral(years));
    found.map_or((None, consequence), |(years, rest)| (Some(years), rest))
}
