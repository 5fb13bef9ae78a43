//! 十二: nobody is listed, and nobody's listing is decided upon, without a prior notice that was served and time to answer; the
//! steps of every case are a lawful sequence, and the case stands where they lead.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::{Reading, listings};
use credence_domain::listing::{Case, Event};
use credence_store::connection::Connection;

pub const REQUIREMENT: Requirement = Requirement {
    id: "listing_served",
    source: FOUNDING,
    article: "十二",
    demand: "no listing is decided without a notice that was served; every case stands where its lawful steps lead",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    listings(connection, reading, |listing| {
        let decided = |event: &Event| matches!(event, Event::Listed { .. } | Event::NotListed { .. });
        let events = || listing.steps.iter().map(|step| &step.event);
        let served = events().take_while(|event| !decided(event)).any(|event| match event {
            Event::NoticeServed { service, .. } => {
                let written =
                    listing.letters.iter().any(|one| one.kind == "prior_notice" && one.letter == service.letter);
                written && !service.proof.is_empty()
            }
            _ => false,
        });
        let problem = match Case::fold(&listing.steps) {
            _ if events().any(decided) && !served => Some("decided without a notice that was served".to_owned()),
            Err(refusal) => Some(format!("its steps are no lawful sequence: {}", refusal.code())),
            Ok(case) if case.state.code() != listing.head.state => {
                Some("it stands elsewhere than its steps lead".to_owned())
            }
            Ok(_) => None,
        };
        tally.expect(problem.is_none(), || listing.example(problem.unwrap_or_default()));
    })
}
