//! 十八: acts that concern no organisation are numbered without gaps under the acting unit.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::audit;
use credence_store::connection::Connection;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "unit_number",
    source: FOUNDING,
    article: "十八",
    demand: "acts on no organisation are numbered 1, 2, 3, … under the acting unit",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let last = audit::last_unit_numbers(connection)?;
    let mut numbers: BTreeMap<&str, Vec<(i64, &[u8; 16])>> = BTreeMap::new();
    for (id, act) in &reading.acts {
        if let Some((unit, number)) = &act.header.numbered {
            numbers.entry(unit).or_default().push((*number, id));
        }
    }
    for (unit, last) in &last {
        let mut found = numbers.remove(unit.as_str()).unwrap_or_default();
        found.sort_unstable();
        tally.expect(found.iter().map(|(number, _)| *number).eq(1..=*last), || Example {
            uscc: unit.clone(),
            act: found.last().map(|(_, id)| hex(*id)),
            problem: format!("{} numbered acts, last number {last}", found.len()),
            ..Example::default()
        });
    }
    for (unit, found) in numbers {
        tally.fail(Example {
            uscc: unit.to_owned(),
            act: found.last().map(|(_, id)| hex(*id)),
            problem: "acts of an unknown unit".to_owned(),
            ..Example::default()
        });
    }
    Ok(())
}
