//! 条例 20, Order 36 art. 12: organisations only; no natural person is ever a subject.

use super::{Check, REGULATION, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;
use credence_domain::catalog::Role;

pub const REQUIREMENT: Requirement = Requirement {
    id: "natural_person",
    source: REGULATION,
    article: "二十",
    demand: "no record has a natural person as its subject",
    check: Check::Record(check),
};

fn check(case: &Case<'_>, tally: &mut Tally) {
    let class = case.value(Role::SubjectClass);
    if class.is_empty() {
        return;
    }
    tally.expect(!class.contains("自然人"), || case.example("subject is a natural person"));
}
