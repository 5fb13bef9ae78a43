//! 十四: a person is held to account after his own notice, by another than whoever proposed it, and no longer than his organisation is
//! listed; a stay of the listing rests it.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::{Reading, listings};
use crate::verify::officers::{Folded, files};
use credence_domain::listing;
use credence_domain::officer::{Case, State};
use credence_store::connection::Connection;
use credence_store::officer::Kind;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "officer_decided",
    source: FOUNDING,
    article: "十四",
    demand: "every responsible person was served a notice, heard or past his time, decided on by another, and goes with the listing: at rest while it is stayed, ended with it",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut cases = BTreeMap::new();
    listings(connection, reading, |listing| {
        if let Ok(case) = listing::Case::fold(&listing.steps) {
            cases.insert(listing.head.number.clone(), case);
        }
    })?;
    for file in files(connection, reading)? {
        let problem = match &file.folded {
            Some(Folded::Case(case)) => apart(case).or_else(|| with_listing(case, cases.get(&case.proposed.listing))),
            None if file.head.kind == Kind::Case => Some("its steps do not follow".to_owned()),
            _ => continue,
        };
        tally.expect(problem.is_none(), || file.example(problem.unwrap_or_default()));
    }
    Ok(())
}

fn apart(case: &Case) -> Option<String> {
    let (by, notified) = match (&case.state, case.decided()) {
        (State::Dismissed(dismissed), _) => (&dismissed.by, &dismissed.notified),
        (_, Some(decided)) => (&decided.by, &decided.notified),
        _ => return None,
    };
    if *by == case.proposed_by {
        return Some("its proposer decided it".to_owned());
    }
    notified.service.proof.is_empty().then(|| "its notice was never served".to_owned())
}

fn with_listing(case: &Case, listing: Option<&listing::Case>) -> Option<String> {
    let Some(listing) = listing else { return Some("it rests on no listing".to_owned()) };
    if listing.unit != case.proposed.unit || listing.uscc != case.proposed.uscc {
        return Some("its listing is another's".to_owned());
    }
    let open = matches!(case.state, State::Proposed | State::Notified(_));
    match (&listing.state, &case.state) {
        (listing::State::Listed(listed), State::Decided(decided)) => {
            // What had run out before the listing moved stays as it ended.
            let over = decided.through_on < listing.last_on;
            if listed.decided.through_on < decided.through_on {
                Some("it lasts longer than its listing".to_owned())
            } else if !over && decided.rests != listed.is_stayed() {
                Some("it does not rest as its listing does".to_owned())
            } else {
                None
            }
        }
        (listing::State::Delisted(end), State::Decided(decided)) => {
            (end.on <= decided.through_on).then(|| "its listing ended and it stands".to_owned())
        }
        (listing::State::Listed(_), _) => None,
        (_, _) if open => Some("its listing does not stand and it goes on".to_owned()),
        (listing::State::Delisted(_), _) => None,
        (state, _) => Some(format!("its listing is {}", state.code())),
    }
}
