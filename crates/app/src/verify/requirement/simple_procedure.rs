//! 条例 13: penalties by simple procedure are not in the data list.

use super::{Check, REGULATION, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;
use credence_domain::catalog::Role;

pub const REQUIREMENT: Requirement = Requirement {
    id: "simple_procedure",
    source: REGULATION,
    article: "十三",
    demand: "no penalty by simple procedure is on file, and none that may be one is public without a review",
    check: Check::Record(check),
};

fn check(case: &Case<'_>, tally: &mut Tally) {
    if case.stored.item != "penalty" || case.stored.state == "erased" {
        return;
    }
    let says = case.value(Role::Procedure).contains("简易");
    let waits = case.stored.hold == "maybe_simple_procedure" && case.stored.from_on.is_some();
    tally.expect(!says && !waits, || case.example("penalty by simple procedure"));
}
