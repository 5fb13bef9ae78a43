//! Letters (文书): a template of the rulebook filled from the case, and from nothing else.

use super::{Case, Cause, Desk, Refusal, State, rule};
use crate::rulebook::Rulebook;
use crate::rulebook::letter::{LetterKind, TemplateVersion};
use jiff::civil::Date;
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// What it is.
    pub kind: LetterKind,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its paragraphs, joined by line breaks.
    pub text: String,
}

/// The number that a letter of a kind gets.
///
/// # Errors
/// When the rulebook has no template in force.
pub fn number(desk: &Desk<'_>, kind: LetterKind, facts: &LetterFacts<'_>) -> Result<String, Refusal> {
    let template = template(desk.rulebook, kind, desk.today)?;
    let places = head(facts, desk.today);
    fill(&template.number, &places)
}

/// Writes a letter about a case as it stands after the step that the letter is for.
///
/// # Errors
/// When the rulebook has no template in force, or the case does not have what the letter must say.
pub fn write(desk: &Desk<'_>, kind: LetterKind, case: &Case, facts: &LetterFacts<'_>) -> Result<Letter, Refusal> {
    let template = template(desk.rulebook, kind, desk.today)?;
    let mut places = head(facts, desk.today);
    places.insert("uscc", case.uscc.clone());
    places.insert("list", case.list_name.clone());
    body(desk, kind, case, &mut places)?;
    written(kind, template, &places)
}

/// A template with its places filled.
pub(crate) fn written(kind: LetterKind, template: &TemplateVersion, places: &Places) -> Result<Letter, Refusal> {
    let paragraphs: Result<Vec<String>, Refusal> = template.paragraphs.iter().map(|text| fill(text, places)).collect();
    Ok(Letter {
        kind,
        number: fill(&template.number, places)?,
        title: fill(&template.title, places)?,
        text: paragraphs?.join("\n"),
    })
}

pub(crate) type Places = BTreeMap<&'static str, String>;

pub(crate) fn template(rulebook: &Rulebook, kind: LetterKind, today: Date) -> Result<&TemplateVersion, Refusal> {
    let template = rulebook.letters.get(kind.code()).and_then(|template| template.version_on(today));
    template.ok_or_else(|| rule::LETTER_TEMPLATE_MISSING.because(kind.code()))
}

pub(crate) fn head(facts: &LetterFacts<'_>, today: Date) -> Places {
    BTreeMap::from([
        ("unit", facts.unit.to_owned()),
        ("organisation", facts.organisation.to_owned()),
        ("year", today.year().to_string()),
        ("serial", facts.serial.to_string()),
        ("date", told_day(today)),
    ])
}

/// What each kind says of the case.
fn body(desk: &Desk<'_>, kind: LetterKind, case: &Case, places: &mut Places) -> Result<(), Refusal> {
    let wrong = || rule::STATE_WRONG.because(case.state.code());
    let (_, edition) = desk.edition(&case.list, case.proposed_on)?;
    places.insert("facts", case.facts.clone());
    places.insert("criterion", case.criterion.clone());
    let bases = case.bases.iter().map(|base| {
        let number = if base.number.is_empty() { "无文号" } else { &base.number };
        format!("{}{}（{}）", base.authority, number, told_day(base.decided_on))
    });
    places.insert("bases", bases.collect::<Vec<_>>().join("、"));
    let basis = edition.basis.iter().map(|basis| match basis.article.as_str() {
        "-" => format!("《{}》", basis.title),
        article => format!("《{}》第{article}条", basis.title),
    });
    places.insert("basis", basis.collect::<Vec<_>>().join("、"));
    if let Some(notified) = case.notified() {
        places.insert("served_on", told_day(notified.service.served_on));
        let mode = desk.rulebook.procedure.mode(&notified.service.mode, notified.service.delivered_on);
        places.insert("service_mode", mode.map_or_else(|| notified.service.mode.clone(), |mode| mode.name.clone()));
        places.insert("answers", answers(&notified.statements, notified.waived));
    }
    match (kind, &case.state) {
        (LetterKind::PriorNotice, State::Proposed) => {
            let names: Vec<String> = desk.possible_measures(&case.list).map(|measure| measure.name).collect();
            places.insert("possible_measures", or_none(&names));
            let months = edition.term_months.map(|n| format!("自公示之日起{n}个月，依法可以提前移出"));
            places.insert("term", months.unwrap_or_else(|| "按照名单规定的期限".to_owned()));
            places.insert("answer_days", desk.answer_days(edition).to_string());
        }
        (LetterKind::Decision, State::Listed(listed)) => {
            let decided = &listed.decided;
            let exits = decided
                .exits
                .iter()
                .map(|way| format!("{}（{}起）：{}", way.name, told_day(way.from_on), way.conditions.join("，")));
            places.insert("exits", exits.collect::<Vec<_>>().join("；"));
            places.insert("nature", decided.findings.nature.trim().to_owned());
            places.insert("circumstances", decided.findings.circumstances.trim().to_owned());
            places.insert("harm", decided.findings.harm.trim().to_owned());
            places.insert("measures", named(&decided.measures));
            places.insert("listed_on", told_day(decided.on));
            places.insert("term", format!("至{}止", told_day(decided.through_on)));
            places.insert("objection", decided.objection.clone());
            places.insert("remedies", decided.remedies.join("；"));
        }
        (LetterKind::NoListing, State::NotListed(dismissed)) => {
            places.insert("reason", dismissed.reason.clone());
        }
        (LetterKind::Removal, State::Delisted(ended)) => {
            places.insert("listing_number", ended.listed.decided.letter.clone());
            places.insert("listed_on", told_day(ended.listed.decided.on));
            places.insert("cause", ended.cause.told());
            // By term it left the list on the day after its last, whenever that is told.
            let left_on = match ended.cause {
                Cause::Term => ended.listed.decided.through_on.tomorrow().unwrap_or(ended.on),
                _ => ended.on,
            };
            places.insert("removed_on", told_day(left_on));
            places.insert("measures", named(&ended.listed.decided.measures));
        }
        (LetterKind::HearingNotice, State::Notified(notified)) => {
            let hearing = notified.hearing.as_ref().ok_or_else(wrong)?;
            let notice = hearing.notice.as_ref().ok_or_else(wrong)?;
            places.insert("asked_on", told_day(hearing.asked_on));
            places.insert("hearing_on", told_day(notice.hearing_on));
            places.insert("hearing_time", format!("{}时{:02}分", notice.time.hour(), notice.time.minute()));
            places.insert("place", notice.place.clone());
            places.insert("presided_by", notice.presided_by.clone());
        }
        (LetterKind::TalkNotice, _) => {
            let talk = case.talks.last().ok_or_else(wrong)?;
            places.insert("facts", talk.matter.clone());
            places.insert("talk", talk.kind.name().to_owned());
            places.insert("talk_on", told_day(talk.talk_on));
            places.insert("place", talk.place.clone());
        }
        _ => return Err(wrong()),
    }
    Ok(())
}

pub(crate) fn answers(statements: &[super::Statement], waived: bool) -> String {
    if statements.is_empty() {
        let told = if waived {
            "当事人明确放弃陈述、申辩。"
        } else {
            "当事人在期限内未提出陈述、申辩。"
        };
        return told.to_owned();
    }
    let told = statements.iter().map(|statement| match &statement.answer {
        Some((true, reason)) => format!("当事人提出：{}；经复核予以采纳：{reason}。", statement.text),
        Some((false, reason)) => format!("当事人提出：{}；经复核不予采纳：{reason}。", statement.text),
        None => format!("当事人提出：{}。", statement.text),
    });
    told.collect()
}

fn named(measures: &[super::MeasureTaken]) -> String {
    let names: Vec<String> = measures.iter().map(|measure| format!("{}（{}）", measure.name, measure.body)).collect();
    or_none(&names)
}

fn or_none(names: &[String]) -> String {
    if names.is_empty() { "无".to_owned() } else { names.join("、") }
}

pub(crate) fn told_day(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// Fills the places of a text; an empty one is refused, for a letter with a gap says less than it must.
pub(crate) fn fill(text: &str, places: &Places) -> Result<String, Refusal> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (place, beyond) = after.split_once('}').unwrap_or((after, ""));
        let value = places.get(place).filter(|value| !value.trim().is_empty());
        let value = value.ok_or_else(|| rule::LETTER_PLACE_EMPTY.because(place))?;
        // What a person wrote ends with a full stop often, and so does the sentence into which it is put: one is enough.
        let stops = beyond.starts_with(['。', '；', '，']);
        let value = value.strip_suffix('。').filter(|_| stops).unwrap_or(value);
        // And it begins with the word before its place now and then: 因…….
        let begins = filled.ends_with('因');
        filled.push_str(value.trim_start().strip_prefix('因').filter(|_| begins).unwrap_or(value));
        rest = beyond.strip_prefix('。').filter(|_| value.ends_with("。”")).unwrap_or(beyond);
    }
    filled.push_str(rest);
    Ok(filled)
}
