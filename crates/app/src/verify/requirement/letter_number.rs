//! 十二: no letter is missing: the letters of a unit are numbered without gaps within a year.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::{Reading, listings};
use crate::verify::{Example, Tally};
use credence_store::connection::Connection;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "letter_number",
    source: FOUNDING,
    article: "十二",
    demand: "letters of a unit are numbered 1, 2, 3, … within a year",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut years: BTreeMap<(String, i64), Vec<(i64, Example)>> = BTreeMap::new();
    listings(connection, reading, |listing| {
        for letter in &listing.letters {
            let numbers = years.entry((letter.unit.clone(), letter.year)).or_default();
            numbers.push((letter.serial, listing.example("")));
        }
    })?;
    for ((unit, year), mut numbers) in years {
        numbers.sort_by_key(|(serial, _)| *serial);
        let missing = (1..).zip(&numbers).find(|(wanted, (serial, _))| wanted != serial).map(|(wanted, _)| wanted);
        tally.expect(missing.is_none(), || {
            let last = numbers.pop().map(|(_, example)| example).unwrap_or_default();
            let problem = format!("letter {} of {year} is missing", missing.unwrap_or_default());
            Example { uscc: unit, problem, ..last }
        });
    }
    Ok(())
}
