//! 五, 十六: every record has an owner unit in the directory, and its authority's code is valid.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;
use credence_domain::subject::Uscc;

pub const REQUIREMENT: Requirement = Requirement {
    id: "authority_known",
    source: FOUNDING,
    article: "十六",
    demand: "every record has an owner in the directory of units and an authority with a valid code",
    check: Check::Record(check),
};

fn check(case: &Case<'_>, tally: &mut Tally) {
    if case.stored.state == "erased" {
        return;
    }
    let owner = case.units.units.contains_key(case.stored.source.as_str());
    tally.expect(owner && Uscc::parse(&case.stored.authority).is_ok(), || {
        case.example(format!("owner {} or authority {} unknown", case.stored.source, case.stored.authority))
    });
}
