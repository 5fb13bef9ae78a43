//! One step of a case, written once: the step, its letter, its mark, and what it does to the record, or nothing.

use super::correct::{Prepared, prepare};
use super::file::{Actor, named};
use super::view::{CaseView, show};
use super::{Doing, OBJECTION, folded, moved};
use crate::evaluation::keep;
use crate::listing::{case_draft, refused};
use crate::review::rules::Rules;
use crate::{AppError, Result, Writer};
use credence_domain::listing::{LetterFacts, Refusal};
use credence_domain::objection::{self, Case, Channel, Desk, Event, Step, rule};
use credence_domain::paper::files_of_objection;
use credence_domain::record::State;
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::letter::LetterKind;
use credence_store::scope::View;
use credence_store::{letter as letters, objection as kept, paper, record, subject};

type Made = (Step, Case, Option<LetterKind>);

/// Takes one step of a case.
///
/// # Errors
/// What the rules refuse, `not_found` for a case that he does not see, or a fault.
pub fn step(writer: &mut Writer, rulebook: &Rulebook, actor: &Actor, number: &str, doing: &Doing) -> Result<CaseView> {
    let done = step_waiting(writer, rulebook, actor, number, doing)?;
    writer.sequence()?;
    Ok(done)
}

/// The same for a writer of many, who places their acts in the log together.
pub(super) fn step_waiting(
    writer: &mut Writer,
    rulebook: &Rulebook,
    actor: &Actor,
    number: &str,
    doing: &Doing,
) -> Result<CaseView> {
    let today = writer.clock().today();
    let head = kept::find(writer.connection(), &actor.clerk.view, number)?.ok_or(AppError::NotFound)?;
    let case = folded(writer.connection(), &head)?;
    let refuse = |refusal: Refusal| refused(&refusal);
    if doing.is_of_the_party() && !actor.unit.is_empty() {
        let on_paper = !matches!(case.filed.statement.channel, Channel::Online {});
        // The unit that a body asks for its file knows that it was filed, however the case came.
        let told = matches!(doing, Doing::FileRemedy { .. }) && case.serving_unit() == Some(&actor.unit);
        rule::WRONG_UNIT.demand(told || (on_paper && actor.unit == case.filed.handler)).map_err(refuse)?;
    }
    if matches!(doing, Doing::RuleRemedy { .. }) {
        let made = case.serving_unit().is_some_and(|unit| unit == actor.unit);
        rule::WRONG_UNIT.demand(made || actor.unit == case.filed.handler).map_err(refuse)?;
    }
    let keyring = writer.keyring();
    let mut rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
    let prepared = match doing.deciding() {
        Some(deciding) => Some(prepare(writer, &mut rules, (&case, &actor.clerk.name), deciding)?),
        None => None,
    };
    let signing = signing_unit(doing, &case);
    let (unit_name, referred) = (named(writer, signing, today)?, referred(writer, doing, today)?);
    let organisation =
        subject::find(writer.connection(), &View::office(today), &head.uscc)?.ok_or(AppError::NotFound)?;
    let facts = |serial| LetterFacts { unit: &unit_name, organisation: &organisation.name, serial };
    let desk = Desk { rulebook, by: &actor.clerk.name, unit: &actor.unit, today };
    let about = disputable(writer, (&head, &case), today)?;
    let make = |serial: u32| -> std::result::Result<Made, Refusal> {
        made(&desk, &case, doing, (prepared.as_ref(), referred.as_deref(), about), &facts(serial))
    };
    // What would be refused is refused before anything is written: with a number that is given to nobody.
    let (taken, trial, letter) = make(0).map_err(refuse)?;
    let files = crate::paper::known(writer.connection(), &head.uscc, &files_of_objection(&taken.event))?;
    if let Some(kind) = letter {
        objection::write(&desk, kind, &trial, &facts(0)).map_err(refuse)?;
    }
    let details = [("objection", number), ("matter", head.matter.code())];
    let draft = case_draft(doing.kind(), &actor.clerk, OBJECTION, details, rulebook, today);
    writer.change(&draft, |change| {
        let standing = kept::lock(change, &head.uscc, number)?.filter(|standing| standing.steps == head.steps);
        let standing = standing.ok_or_else(|| moved(number))?;
        let serial = match letter {
            Some(_) => letters::next_serial(change, signing, today.year())?,
            None => 0,
        };
        let (step, next, _) = make(serial).map_err(|_| moved(number))?;
        kept::append(change, (number, standing.steps), &step, &next)?;
        paper::cite(change, &head.uscc, (paper::Matter::Objection, number), &files)?;
        let mut document = String::new();
        if let Some(kind) = letter {
            let written = objection::write(&desk, kind, &next, &facts(serial)).map_err(|_| moved(number))?;
            letters::keep(change, (&head.uscc, number), (signing, serial, today), &written)?;
            document = written.number;
        }
        if let Some(prepared) = &prepared {
            prepared.carry_out(change, &mut rules, (&actor.clerk.name, &document))?;
        }
        keep(change, rulebook, &head.uscc, today)
    })?;
    show(writer.connection(), &actor.clerk.view, number)
}

/// Whether a decision that falls can be made again: the record is there, and no other case of its kind about it is open.
fn disputable(writer: &mut Writer, (head, case): (&kept::Head, &Case), today: jiff::civil::Date) -> Result<bool> {
    let office = View::office(today);
    let found = record::find(writer.connection(), &office, &head.uscc, &head.identity)?;
    if !found.is_some_and(|stored| stored.state != State::Erased.code() && stored.packed.is_some()) {
        return Ok(false);
    }
    for other in kept::about(writer.connection(), &head.uscc, &head.identity)? {
        let another = other.number != head.number && other.matter == case.filed.matter;
        if another && folded(writer.connection(), &other)?.is_open_on(today) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The unit that signs the letter of a decision.
fn signing_unit<'c>(doing: &Doing, case: &'c Case) -> &'c str {
    let referred = case.appeal.as_ref().and_then(|appeal| appeal.referred.as_ref());
    match (doing, referred) {
        (Doing::DecideAppeal(_), Some((unit, _))) => unit,
        _ => &case.filed.handler,
    }
}

/// The name of the unit to which an appeal goes.
fn referred(writer: &mut Writer, doing: &Doing, today: jiff::civil::Date) -> Result<Option<String>> {
    let Doing::Refer { unit } = doing else { return Ok(None) };
    let unknown = || AppError::refused("unit_unknown", "unit", format!("单位目录中没有{unit}"));
    let found = credence_store::unit::find(writer.connection(), unit, today)?.ok_or_else(unknown)?;
    Ok(Some(found.name))
}

fn made(
    desk: &Desk<'_>,
    case: &Case,
    doing: &Doing,
    (prepared, referred, about): (Option<&Prepared>, Option<&str>, bool),
    facts: &LetterFacts<'_>,
) -> std::result::Result<Made, Refusal> {
    let plain = |event: Event| desk.take(case, event).map(|(step, case)| (step, case, None));
    let remedies = prepared.map(|prepared| prepared.remedies.as_slice()).unwrap_or_default();
    match doing {
        Doing::Push {} => plain(Event::Pushed {}),
        Doing::Accept {} => desk.accept(case).map(|(step, case)| (step, case, None)),
        Doing::Extend { until_on, reason } => {
            plain(Event::Extended { until_on: *until_on, reason: reason.trim().to_owned() })
        }
        Doing::Check { found, text, evidence, revoked_on } => {
            desk.check(case, (*found, text), evidence, *revoked_on).map(|(step, case)| (step, case, None))
        }
        Doing::Decide(asked) => {
            let kind = LetterKind::ObjectionResult;
            let letter = objection::number(desk, kind, facts)?;
            let made = desk.decide(case, &letter, (asked.outcome, remedies, &asked.reason));
            made.map(|(step, case)| (step, case, Some(kind)))
        }
        Doing::DecideAppeal(asked) => {
            let kind = LetterKind::ObjectionAppeal;
            let letter = objection::number(desk, kind, facts)?;
            let made = desk.decide_appeal(case, &letter, (asked.outcome, remedies, &asked.reason));
            made.map(|(step, case)| (step, case, Some(kind)))
        }
        Doing::Appeal { ground } => desk.appeal(case, ground).map(|(step, case)| (step, case, None)),
        Doing::Refer { unit } => {
            plain(Event::Referred { unit: unit.clone(), name: referred.unwrap_or(unit).to_owned() })
        }
        Doing::Serve { letter, delivery } => {
            desk.serve_decision(case, letter.as_deref(), delivery).map(|(step, case)| (step, case, None))
        }
        Doing::FileRemedy { letter, filed, papers } => {
            let made = desk.file_remedy(case, letter.as_deref(), (filed, papers));
            made.map(|(step, case)| (step, case, None))
        }
        Doing::RuleRemedy { ruled } => desk.rule_remedy(case, ruled, about).map(|(step, case)| (step, case, None)),
        Doing::Withdraw { reason } => {
            rule::REASON_MISSING.demand(desk.unit.is_empty() || !reason.trim().is_empty())?;
            plain(Event::Withdrawn { reason: reason.trim().to_owned() })
        }
        Doing::Print {} => plain(Event::Printed {}),
        Doing::Refuse { reason } => plain(Event::Refused { reason: reason.trim().to_owned() }),
    }
}
