//! 十二: whoever left a list comes back for what is new alone. No document carries a second case for a list, nor any case after an entry on
//! it was removed, but where the ruling that took the earlier decision back orders the act made anew.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::{Listing, Reading, listings};
use credence_domain::listing::{Case, Earlier, Event};
use credence_store::connection::Connection;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "listing_anew",
    source: FOUNDING,
    article: "十二",
    demand: "no listing rests on a document that has carried another before, unless a ruling orders it made anew",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut found = Vec::new();
    listings(connection, reading, |listing| found.push(listing))?;
    let mut on: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (at, listing) in found.iter().enumerate() {
        let Some(Event::Proposed { bases, uscc, .. }) = listing.steps.first().map(|step| &step.event) else { continue };
        for base in bases {
            on.entry((uscc.clone(), base.record.clone())).or_default().push(at);
        }
    }
    for listing in &found {
        let Some(Event::Proposed { bases, uscc, list, ordered, .. }) = listing.steps.first().map(|step| &step.event)
        else {
            continue;
        };
        let opened = listing.places.first().copied().unwrap_or_default();
        let others = bases.iter().filter_map(|base| on.get(&(uscc.clone(), base.record.clone()))).flatten();
        let others = others.filter_map(|at| found.get(*at)).filter(|other| other.head.number != listing.head.number);
        let used =
            others.filter_map(|other| before(other, opened)).find(|earlier| earlier.leaves(list, ordered).is_err());
        tally.expect(used.is_none(), || {
            let earlier = used.map(|one| one.number).unwrap_or_default();
            listing.example(format!("its document has carried listing {earlier}"))
        });
    }
    Ok(())
}

/// An earlier case as it stood when another was proposed.
fn before(other: &Listing, opened: i64) -> Option<Earlier> {
    let taken = other.places.iter().filter(|place| **place < opened).count();
    let case = Case::fold(other.steps.get(..taken)?).ok()?;
    Some(Earlier::of(&other.head.number, &case))
}
