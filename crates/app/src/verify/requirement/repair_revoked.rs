//! 十五: no repair is revoked but as it was proposed, told and answered, and by another person.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Reading;
use crate::verify::repairs::{Kept, repairs};
use credence_domain::repair::{Case, Revocation, State};
use credence_domain::rulebook::Rulebook;
use credence_store::connection::Connection;
use credence_store::letter;
use jiff::civil::Date;
use std::collections::BTreeSet;

pub const REQUIREMENT: Requirement = Requirement {
    id: "repair_revoked",
    source: FOUNDING,
    article: "十五",
    demand: "every repair that was revoked under a rulebook that lets the organisation be heard was revoked for what a notice had told that was served, after the days for a statement or its waiver, by another person than whoever proposed it",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut letters = BTreeSet::new();
    letter::each(connection, |letter| {
        letters.insert((letter.number.clone(), letter.kind.clone(), letter.letter.clone()));
        Ok(())
    })?;
    let look = |kept: &Kept, kind: &str, letter: &str| {
        letters.contains(&(kept.head.number.clone(), kind.to_owned(), letter.to_owned()))
    };
    for kept in repairs(connection, reading)? {
        // What does not fold is told by `repair_lawful`.
        let Some(case) = &kept.case else { continue };
        let problem = match (&case.state, &case.revocation) {
            (State::Revoked { .. }, _) => fault(&kept, case, reading),
            _ => None,
        };
        // A notice that was given tells of every proposal, whatever came of it.
        let told = |proposed: &Revocation| look(&kept, "repair_revocation_notice", &proposed.letter);
        let unwritten = case.revocation.as_ref().is_some_and(|proposed| !told(proposed));
        let problem = problem.or_else(|| unwritten.then(|| "the notice of its revocation is missing".to_owned()));
        let asked = case.revocation.is_some() || matches!(case.state, State::Revoked { .. });
        if asked {
            tally.expect(problem.is_none(), || kept.example(problem.unwrap_or_default()));
        }
    }
    Ok(())
}

/// What is wrong with a revocation; nothing where the rulebook of its act did not let anybody be heard.
fn fault(kept: &Kept, case: &Case, reading: &Reading) -> Option<String> {
    let State::Revoked { ended, fault, .. } = &case.state else { return None };
    let rulebook = kept.rulebook(reading)?;
    rulebook.procedure.repair_rules(ended.on)?.statement_working_days?;
    let Some(proposed) = &case.revocation else { return Some("it was revoked and nobody had proposed it".to_owned()) };
    let Some(heard) = &proposed.served else {
        return Some("it was revoked before its notice was served".to_owned());
    };
    let until = until(rulebook, proposed)?;
    let problem = if ended.by == proposed.by {
        "it was revoked by whoever proposed it"
    } else if (proposed.fault, proposed.facts.as_str()) != (*fault, ended.reason.as_str()) {
        "it was revoked for something else than its notice told"
    } else if proposed.waived.as_ref().is_some_and(|waived| !waived.by_party && waived.by == proposed.by) {
        "whoever proposed its revocation entered the waiver"
    } else if (ended.on <= until && proposed.waived.is_none()) || heard.service.served_on < proposed.on {
        "it was revoked before the days for a statement were over"
    } else {
        return None;
    };
    Some(problem.to_owned())
}

/// The last day for a statement, as the rulebook of the decision counts it.
fn until(rulebook: &Rulebook, proposed: &Revocation) -> Option<Date> {
    let heard = proposed.served.as_ref()?;
    let desk = credence_domain::repair::Desk { rulebook, by: "", today: heard.service.served_on };
    Some(desk.heard_until(heard))
}
