//! 十五, 十八: no period runs from the letter of a repair or an objection that nobody served, and each service is one that counts.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Reading;
use crate::verify::objections::objections;
use crate::verify::repairs::repairs;
use credence_domain::listing::{Contested, Service, Told};
use credence_domain::objection::{Case, Evidence, Standing};
use credence_domain::rulebook::Rulebook;
use credence_store::connection::Connection;
use credence_store::letter;
use jiff::ToSpan;
use std::collections::BTreeSet;

pub const REQUIREMENT: Requirement = Requirement {
    id: "decision_served",
    source: FOUNDING,
    article: "十八",
    demand: "every recorded service of a decision in a repair or an objection is of a letter of that case, not of a day before it, proved, by a way that an enacted edition knows, with the consent that it needs, and counts from the day that the edition gives; the days to appeal an answer run from it; what came of a remedy is shown by a paper, not of a day before its filing, and entered by another person",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut letters = BTreeSet::new();
    letter::each(connection, |letter| {
        letters.insert((letter.number, letter.letter));
        Ok(())
    })?;
    let written = |number: &str, told: &Told| letters.contains(&(number.to_owned(), told.letter.clone()));
    for kept in repairs(connection, reading)? {
        // What does not fold is told by `repair_lawful`.
        for told in kept.case.iter().flat_map(|case| &case.told) {
            for problem in told.filed.iter().filter(|one| one.ruled.is_some()).map(unfounded) {
                tally.expect(problem.is_none(), || kept.example(problem.unwrap_or_default()));
            }
            let Some(service) = &told.served else { continue };
            let problem = fault(reading, told, service, written(&kept.head.number, told));
            tally.expect(problem.is_none(), || kept.example(problem.unwrap_or_default()));
        }
    }
    for kept in objections(connection, reading)? {
        // What does not fold is told by `objection_marked`.
        let Some(case) = &kept.case else { continue };
        for told in &case.told {
            for problem in told.filed.iter().filter(|one| one.ruled.is_some()).map(unfounded) {
                tally.expect(problem.is_none(), || kept.example(problem.unwrap_or_default()));
            }
            let Some(service) = &told.served else { continue };
            let problem = fault(reading, told, service, written(&kept.head.number, told));
            let problem = problem.or_else(|| appealed_too_soon(reading, case, service));
            tally.expect(problem.is_none(), || kept.example(problem.unwrap_or_default()));
        }
    }
    Ok(())
}

/// What is wrong with a service.
fn fault(reading: &Reading, told: &Told, service: &Service, written: bool) -> Option<&'static str> {
    if !written {
        return Some("the letter that was served is missing");
    }
    if service.delivered_on < told.on {
        return Some("its letter was served before it was written");
    }
    if service.proof.trim().is_empty() {
        return Some("nothing proves the service of its letter");
    }
    let counts = reading.rulebooks.values().any(|rulebook| counts(rulebook, service));
    (!counts).then_some("no edition lets the service of its letter count so")
}

/// What is wrong with what came of a remedy.
fn unfounded(contested: &Contested) -> Option<&'static str> {
    let ruled = contested.ruled.as_ref()?;
    if ruled.papers.is_empty() || !ruled.papers.iter().all(Evidence::is_sound) {
        return Some("no paper shows what came of a remedy");
    }
    if ruled.on < contested.filed.on {
        return Some("a remedy was ruled on before it was filed");
    }
    (contested.ruled_by == contested.filed_by).then_some("one person entered a remedy and what came of it")
}

fn counts(rulebook: &Rulebook, service: &Service) -> bool {
    rulebook.procedure.mode(&service.mode, service.delivered_on).is_some_and(|mode| {
        let from = service.delivered_on.saturating_add(i64::from(mode.counted_after_days).days());
        !mode.incentive && from == service.served_on && (!mode.needs_consent || !service.consent.is_empty())
    })
}

/// Whether the days to appeal an answer end before they are over, counted from its service.
fn appealed_too_soon(reading: &Reading, case: &Case, service: &Service) -> Option<&'static str> {
    let decision = case.decision.as_ref().filter(|_| case.standing == Standing::Decided)?;
    let days = decision.decided.appeal_days.filter(|_| decision.decided.letter == service.letter)?;
    let given = decision.decided.appeal_until.is_some_and(|last| {
        reading.rulebooks.values().any(|rulebook| rulebook.calendar.due(service.served_on, days).on == last)
    });
    (!given).then_some("its days to appeal are not those from its service")
}

/// Whether what is kept of a service that is still due agrees with the case; a case of before services were recorded says nothing of it.
pub fn unserved(kept: Option<bool>, due: bool, told: &[Told]) -> bool {
    match kept {
        Some(kept) => kept == due,
        None => told.iter().all(|one| one.served.is_none() && one.filed.is_empty()),
    }
}
