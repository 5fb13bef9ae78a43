//! 六, 十八: what waits for a review, is withdrawn, hidden, repaired or past its end has no public day.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;

pub const REQUIREMENT: Requirement = Requirement {
    id: "held_not_public",
    source: FOUNDING,
    article: "六",
    demand: "only accepted records have public days, and none begins behind its end",
    check: Check::Record(check),
};

fn check(case: &Case<'_>, tally: &mut Tally) {
    let stored = case.stored;
    let known = credence_domain::record::State::from_code(&stored.state).is_some();
    let waits = stored.state != "accepted" || !stored.hold.is_empty();
    let behind = stored.from_on.zip(stored.through_on).is_some_and(|(from, through)| from > through);
    tally.expect(known && !(waits && stored.from_on.is_some()) && !behind, || {
        case.example(format!("state {} hold {:?} with public days", stored.state, stored.hold))
    });
}
