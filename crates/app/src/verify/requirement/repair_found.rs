//! 十五: no repair is granted but with every condition of its order found met, one by one.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Reading;
use crate::verify::repairs::{Kept, repairs};
use credence_domain::repair::Desk;
use credence_store::connection::Connection;

pub const REQUIREMENT: Requirement = Requirement {
    id: "repair_found",
    source: FOUNDING,
    article: "十五",
    demand: "every repair that was granted under a rulebook that names conditions was granted with each of those that the order of its application asks for found met",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    for kept in repairs(connection, reading)? {
        if let Some(missing) = missing(&kept, reading) {
            tally.expect(missing.is_empty(), || kept.example(format!("nothing was found of {missing}")));
        }
    }
    Ok(())
}

/// Conditions of which nothing was found; nothing where it was not granted, or the rulebook of that act names none.
fn missing(kept: &Kept, reading: &Reading) -> Option<String> {
    let ((act, found), case) = (kept.granted.as_ref()?, kept.case.as_ref()?);
    let rulebook = reading.rulebooks.get(&reading.acts.get(act)?.header.rulebook?)?;
    let desk = Desk { rulebook, by: "", today: case.applied_on };
    let asked: Vec<_> = desk.conditions(&case.applied, case.applied_on).collect();
    if asked.is_empty() {
        return None;
    }
    let missing = asked.into_iter().filter(|one| found.iter().all(|met| met.code != one.code));
    Some(missing.map(|one| one.code.as_str()).collect::<Vec<_>>().join(", "))
}
