//! 条例 13, 行政处罚法 51: a penalty that may have been imposed by simple procedure became public by a person's act only.

use super::{Check, REGULATION, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;
use credence_domain::catalog::Role;
use credence_domain::record::review::may_be_simple_procedure;

pub const REQUIREMENT: Requirement = Requirement {
    id: "review_recorded",
    source: REGULATION,
    article: "十三",
    demand: "a penalty that may be of simple procedure is public only after an act that states the ordinary one",
    check: Check::Record(check),
};

fn check(case: &Case<'_>, tally: &mut Tally) {
    let has_kinds = case.edition.is_some_and(|(_, version)| version.field_of(Role::PenaltyKinds).is_some());
    let (kinds, fine) = (case.value(Role::PenaltyKinds), case.value(Role::FineAmount));
    if !has_kinds || !may_be_simple_procedure(kinds, fine, case.value(Role::Procedure)) {
        return;
    }
    // What came in a file waits; whatever was carried on by an act had its review before.
    let straight = case.origin.is_some_and(|origin| origin.kind == "import");
    tally.expect(case.stored.from_on.is_none() || !straight, || {
        case.example("public as it came, though it may be of simple procedure")
    });
}
