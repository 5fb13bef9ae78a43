//! 十五: a granted repair has ended its record and published its commitment; a revoked one is recorded; no record is repaired without a
//! repair.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::{Reading, listings};
use crate::verify::repairs::{of_organisation, repairs};
use credence_domain::listing::Event;
use credence_domain::record::Identity;
use credence_domain::repair::State;
use credence_store::connection::Connection;
use credence_store::scope::View;
use credence_store::{measure, record, repair};
use jiff::civil::Date;
use std::collections::BTreeSet;

pub const REQUIREMENT: Requirement = Requirement {
    id: "repair_ends",
    source: FOUNDING,
    article: "十五",
    demand: "what was repaired is ended in every channel with its measures, its commitment is on the file, a revoked repair is recorded, and nothing is repaired without a repair or back on its list without a revocation",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let view = View::office(Date::MAX);
    let mut granted: BTreeSet<(String, Identity)> = BTreeSet::new();
    let mut revoked: BTreeSet<(String, Identity, String)> = BTreeSet::new();
    for kept in repairs(connection, reading)? {
        // What does not fold is told by `repair_lawful`.
        let Some(case) = &kept.case else { continue };
        let (uscc, identity) = (kept.head.uscc.as_str(), kept.head.identity);
        let stored = record::find(connection, &view, uscc, &identity)?;
        let state = stored.as_ref().map_or("erased", |stored| stored.state.as_str());
        if matches!(case.state, State::Granted { .. }) {
            granted.insert((uscc.to_owned(), identity));
            for one in case.related() {
                granted.insert((uscc.to_owned(), repair::related_identity(one)?));
            }
        }
        if let State::Revoked { was_granted: true, ended, .. } = &case.state {
            revoked.insert((uscc.to_owned(), identity, ended.letter.clone()));
        }
        let mut problem = match &case.state {
            State::Granted { .. } if !matches!(state, "repaired" | "erased") => Some(format!("its record is {state}")),
            State::Revoked { .. } if state == "repaired" => {
                Some("it was revoked and its record is repaired".to_owned())
            }
            open if open.is_open() && matches!(state, "repaired" | "withdrawn" | "erased") => {
                Some(format!("it is open and its record is {state}"))
            }
            _ => None,
        };
        if matches!(case.state, State::Granted { .. }) && problem.is_none() {
            let resting = measure::resting_on(connection, uscc, &case.applied.record)?;
            let stands = resting.iter().any(|head| head.state != "ended" && case.last_on <= head.through_on);
            problem = stands.then(|| "a measure that rests on its record stands".to_owned());
        }
        for one in case.related() {
            let found = record::find(connection, &view, uscc, &repair::related_identity(one)?)?;
            let state = found.as_ref().map_or("erased", |stored| stored.state.as_str());
            let stands = match &case.state {
                State::Granted { .. } => !matches!(state, "repaired" | "withdrawn" | "erased"),
                _ => state == "repaired",
            };
            if stands && problem.is_none() {
                problem = Some(format!("the penalty {} that goes with its entry is {state}", one.document));
            }
        }
        let wanted: &[&str] = match &case.state {
            State::Granted { .. } => &["commitment"],
            State::Revoked { was_granted: true, .. } => &["commitment", "repair_dishonesty"],
            State::Revoked { .. } => &["repair_dishonesty"],
            _ => &[],
        };
        if problem.is_none() && !wanted.is_empty() {
            let held = record::of_organisation(connection, &view, uscc)?;
            let missing = wanted.iter().find(|item| held.iter().all(|stored| stored.item != **item));
            problem = missing.map(|item| format!("the file has no {item}"));
        }
        tally.expect(problem.is_none(), || kept.example(problem.unwrap_or_default()));
    }
    listings(connection, reading, |listing| {
        for step in &listing.steps {
            let Event::Restored { document, .. } = &step.event else { continue };
            let cause = listing.head.identity.map(|identity| (listing.head.uscc.clone(), identity, document.clone()));
            let founded = cause.is_some_and(|cause| revoked.contains(&cause));
            tally.expect(founded, || listing.example("its entry came back and no repair of it was revoked"));
        }
    })?;
    for (uscc, identity) in record::in_state(connection, "repaired")? {
        let problem = "a record is repaired and no repair was granted".to_owned();
        tally.expect(granted.contains(&(uscc.clone(), identity)), || of_organisation(reading, uscc, problem));
    }
    Ok(())
}
