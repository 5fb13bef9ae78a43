//! 十二: who proposes a listing does not decide it, nor its repair, nor an objection to it.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::{Reading, listings};
use credence_domain::listing::{Cause, Event};
use credence_store::connection::Connection;

pub const REQUIREMENT: Requirement = Requirement {
    id: "listing_decided_apart",
    source: FOUNDING,
    article: "十二",
    demand: "a listing is decided by another person than its proposer",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    listings(connection, reading, |listing| {
        let proposer = listing.steps.first().map(|step| step.by.as_str());
        let decides = |event: &Event| match event {
            Event::Listed { .. } | Event::NotListed { .. } => true,
            Event::Removed { cause, .. } => matches!(cause, Cause::Repair { .. } | Cause::Objection { .. }),
            _ => false,
        };
        let own = listing.steps.iter().any(|step| decides(&step.event) && Some(step.by.as_str()) == proposer);
        tally.expect(!own, || listing.example("decided by the person who proposed it"));
    })
}
