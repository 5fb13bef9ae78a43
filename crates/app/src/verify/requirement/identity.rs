//! 五: one fact is one record; its identity follows from its content.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;
use credence_domain::record::Identity;

pub const REQUIREMENT: Requirement = Requirement {
    id: "identity",
    source: FOUNDING,
    article: "五",
    demand: "the identity of every record is that of its item and identity fields",
    check: Check::Record(check),
};

fn check(case: &Case<'_>, tally: &mut Tally) {
    let Some((item, version)) = case.edition else { return };
    if case.stored.state == "erased" {
        return;
    }
    let parts = version.identity.iter().map(|code| case.text(code));
    tally.expect(Identity::of(&item.code, parts) == case.stored.identity, || case.example("identity differs"));
}
