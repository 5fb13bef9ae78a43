//! 十四: where a public body is listed, those above it are to be informed: the duty is there, and stays until each is.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::{Reading, listings};
use crate::verify::officers::{Folded, files};
use credence_domain::listing::{Case, Event, State, Step};
use credence_domain::officer::{Because, because};
use credence_domain::rulebook::listing::Nature;
use credence_store::connection::Connection;
use credence_store::listing;
use std::collections::{BTreeMap, BTreeSet};

pub const REQUIREMENT: Requirement = Requirement {
    id: "officer_told",
    source: FOUNDING,
    article: "十四",
    demand: "every listing of a public body has its duty to inform those above, and every such duty rests on a listing of its unit",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut entered = BTreeSet::new();
    listings(connection, reading, |listing| {
        let case = Case::fold(&listing.steps).ok().filter(|case| case.listed().is_some());
        entered.extend(case.map(|case| (listing.head.number.clone(), case.uscc, case.unit)));
    })?;
    let mut told = BTreeSet::new();
    for file in files(connection, reading)? {
        let Some(Folded::Duty(duty)) = &file.folded else { continue };
        let rests = entered.contains(&(duty.listing.clone(), duty.uscc.clone(), duty.unit.clone()));
        tally.expect(rests, || file.example("it rests on no listing of this organisation by this unit"));
        told.insert(duty.listing.clone());
    }
    // By which edition each listing was decided.
    let mut decided = BTreeMap::new();
    listing::each_step(connection, |step| {
        if matches!(serde_json::from_str(&step.body), Ok(Step { event: Event::Listed { .. }, .. })) {
            decided.insert(step.number, step.at);
        }
        Ok(())
    })?;
    listings(connection, reading, |listing| {
        let Ok(case) = Case::fold(&listing.steps) else { return };
        let entered = matches!(case.state, State::Listed(_) | State::Delisted(_)) && case.nature == Nature::Adverse;
        let listed = listing.steps.iter().find(|step| matches!(step.event, Event::Listed { .. }));
        let Some(step) = listed.filter(|_| entered) else { return };
        // The edition of that act says who is a public body; what came before such a rule owes nothing.
        let rulebook = decided.get(&listing.head.number).and_then(|at| reading.rulebook_at(*at));
        let rules = rulebook.and_then(|rulebook| rulebook.procedure.officer_rules(step.on));
        let owes = rules.is_some_and(|rules| because(rules, &case.uscc, "") == Some(Because::PublicBody));
        if owes {
            tally.expect(told.contains(&listing.head.number), || {
                listing.example("nobody above this public body is to be informed")
            });
        }
    })
}
