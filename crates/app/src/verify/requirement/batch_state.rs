//! 六: nothing of a batch that waits is public unless a person has looked at the record, and nothing of a withdrawn one at all.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;
use credence_domain::record::meeting::{WITHDRAWN_BY_OWNER, WITHDRAWN_ON_OBJECTION, WITHDRAWN_WITH_BATCH};

pub const REQUIREMENT: Requirement = Requirement {
    id: "batch_state",
    source: FOUNDING,
    article: "六",
    demand: "no content of a batch that waits or was withdrawn is public, and a record is withdrawn by an act only",
    check: Check::Record(check),
};

fn check(case: &Case<'_>, tally: &mut Tally) {
    let Some(origin) = case.origin else { return };
    // What publishes a listing ends in the act of whatever it rests on, which may be a batch's (`listing_record` asks).
    if case.of_listing {
        return;
    }
    let public = case.stored.from_on.is_some();
    // What was let go already, or stood in another's words, stays public while the batch that says it again waits.
    let stood = case.earlier.iter().any(|version| version.state == "accepted");
    let problem = match origin.batch_state.as_str() {
        "held" if public && origin.kind != "review" && !stood => Some("public, though its batch waits"),
        "withdrawn" if case.stored.state == "accepted" => Some("stands, though its batch was withdrawn"),
        _ if case.stored.hold == WITHDRAWN_WITH_BATCH && origin.kind == "import" => Some("withdrawn without an act"),
        _ if case.stored.hold == WITHDRAWN_BY_OWNER && origin.kind == "import" => Some("taken back without an act"),
        _ if case.stored.hold == WITHDRAWN_ON_OBJECTION && origin.kind == "import" => Some("withdrawn without an act"),
        _ => None,
    };
    tally.expect(problem.is_none(), || case.example(problem.unwrap_or_default()));
}
