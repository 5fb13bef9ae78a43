//! 五: one code identifies the organisation; matching is by a valid code alone.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;
use credence_domain::catalog::Role;
use credence_domain::subject::Uscc;

pub const REQUIREMENT: Requirement = Requirement {
    id: "subject_code",
    source: FOUNDING,
    article: "五",
    demand: "every record stands under the valid unified social credit code that its content names",
    check: Check::Record(check),
};

fn check(case: &Case<'_>, tally: &mut Tally) {
    let named = case.value(Role::SubjectUscc);
    let same = named == case.stored.uscc || case.stored.state == "erased";
    tally.expect(same && Uscc::parse(&case.stored.uscc).is_ok(), || {
        case.example(format!("stands under {}, content names {named:?}", case.stored.uscc))
    });
}
