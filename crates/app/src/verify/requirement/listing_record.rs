//! 十二: an entry is public while it stands and not a day longer: the record that publishes it ends with it, and is hidden while the
//! decision is stayed.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::{Reading, listings};
use credence_domain::listing::{Case, State};
use credence_domain::record::value::{date_of, day_number};
use credence_store::connection::Connection;
use credence_store::kept_back::{NATIONAL_ENDED, SHIELDED};
use credence_store::record;
use credence_store::scope::View;
use jiff::civil::Date;

pub const REQUIREMENT: Requirement = Requirement {
    id: "listing_record",
    source: FOUNDING,
    article: "十二",
    demand: "the record of an entry is public while the entry stands, hidden while it is stayed, and ends with it",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut found = Vec::new();
    listings(connection, reading, |listing| found.push(listing))?;
    for listing in found {
        // What does not fold is told by `listing_served`.
        let Ok(case) = Case::fold(&listing.steps) else { continue };
        let Some(listed) = case.listed() else { continue };
        let identity = listing.head.identity;
        let view = View::office(Date::MAX);
        let stored = match identity {
            Some(identity) => record::find(connection, &view, &listing.head.uscc, &identity)?,
            None => None,
        };
        let last = match &case.state {
            State::Delisted(ended) => ended.on.yesterday().unwrap_or(ended.on).min(listed.decided.through_on),
            _ => listed.decided.through_on,
        };
        let problem = match stored {
            None => Some("no record publishes it".to_owned()),
            Some(stored) if stored.state == "withdrawn" => Some("its record was withdrawn beside it".to_owned()),
            Some(stored) if matches!(stored.state.as_str(), "erased" | "held") => None,
            Some(stored) => {
                let stayed = matches!(case.state, State::Listed(_)) && listed.is_stayed();
                let through = stored.through_on.and_then(date_of);
                let hidden = stored.state == "hidden";
                // What has ended on a national platform, or is shielded, is hidden besides (`ended_there_not_public`,
                // `repair_shielded`).
                let besides = matches!(stored.hold.as_str(), NATIONAL_ENDED | SHIELDED);
                if stayed != hidden && (stayed || !besides) {
                    Some(format!("stayed: {stayed}, its record is {} {}", stored.state, stored.hold))
                } else if stored.through_on.is_none_or(|day| day > day_number(last)) {
                    Some(format!("its last day is {last}, that of its record {through:?}"))
                } else {
                    None
                }
            }
        };
        tally.expect(problem.is_none(), || listing.example(problem.unwrap_or_default()));
    }
    Ok(())
}
