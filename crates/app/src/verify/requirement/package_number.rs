//! 六: nothing that a department sent is missing: its packages of an item are numbered without gaps, each number stands for one
//! file, and one that failed as a whole is the only one that another may follow.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::batch;
use credence_store::connection::Connection;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "package_number",
    source: FOUNDING,
    article: "六",
    demand: "packages of a unit and item are numbered 1, 2, 3, … and each number stands for one file that was taken in",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut numbers: BTreeMap<(String, String), Vec<batch::Numbered>> = BTreeMap::new();
    for package in batch::numbered(connection)? {
        numbers.entry((package.source.clone(), package.item.clone())).or_default().push(package);
    }
    for ((unit, item), packages) in numbers {
        let last = packages.last().map_or(0, |package| package.sequence);
        let missing = (1..=last).find(|number| packages.iter().all(|package| package.sequence != *number));
        let twice = packages.iter().filter(|one| !one.failed).zip(packages.iter().filter(|one| !one.failed).skip(1));
        let twice = twice.filter(|(one, next)| one.sequence == next.sequence).map(|(one, _)| one.sequence).next();
        tally.expect(missing.is_none() && twice.is_none(), || {
            let of = |id: &[u8; 16]| packages.iter().any(|package| package.id == *id);
            let act = reading.acts.iter().find(|(_, act)| act.header.batch.as_ref().is_some_and(of));
            let problem = match (missing, twice) {
                (Some(missing), _) => format!("{item}: package {missing} of {last} is missing"),
                (_, twice) => format!("{item}: two files bear number {}", twice.unwrap_or_default()),
            };
            Example { uscc: unit.clone(), act: act.map(|(id, _)| hex(id)), problem, ..Example::default() }
        });
    }
    Ok(())
}
