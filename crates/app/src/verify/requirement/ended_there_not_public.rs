//! 六: where a national platform has ended a record, it is not public here while nobody has looked; a difference is found and settled by
//! acts.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_domain::national::Difference;
use credence_domain::record::State;
use credence_store::clock::civil_date;
use credence_store::connection::Connection;
use credence_store::national::difference;
use credence_store::record;
use credence_store::scope::View;

pub const REQUIREMENT: Requirement = Requirement {
    id: "ended_there_not_public",
    source: FOUNDING,
    article: "六",
    demand: "what has ended on a national platform is not public here until a person has settled the difference, and differences are found and settled by acts",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let last = reading.acts.values().map(|act| act.header.at).max().unwrap_or_default();
    let view = View::office(civil_date(last));
    for (kept, found_by, settled_by) in difference::all(connection)? {
        let stored = record::by_reference(connection, &view, &kept.reference)?;
        let public = stored.is_some_and(|stored| stored.state == State::Accepted.code());
        let open = kept.settled_on.is_none();
        let problem = if open && kept.kind == Difference::EndedThere && public {
            Some("it has ended there and is public here")
        } else if !reading.acts.contains_key(&found_by) {
            Some("no act has found it")
        } else if open == settled_by.is_some_and(|act| reading.acts.contains_key(&act)) {
            Some("no act has settled it")
        } else {
            None
        };
        tally.expect(problem.is_none(), || Example {
            uscc: kept.uscc.clone(),
            act: Some(hex(&found_by)),
            record: Some(hex(&kept.reference)),
            problem: format!("difference with {}: {}", kept.platform, problem.unwrap_or_default()),
        });
    }
    Ok(())
}
