//! 十二: no letter is missing: the letters of a unit are numbered without gaps within a year.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::{Reading, listings};
use crate::verify::officers::files;
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
    let mut cases = BTreeMap::new();
    listings(connection, reading, |listing| drop(cases.insert(listing.head.number.clone(), listing.example(""))))?;
    for file in files(connection, reading)? {
        cases.insert(file.head.number.clone(), file.example(""));
    }
    // Letters on listings and letters to persons are numbered together.
    let mut years: BTreeMap<(String, i64), Vec<(i64, Example)>> = BTreeMap::new();
    credence_store::listing::each_letter(connection, |letter| {
        if let Some(example) = cases.get(&letter.number) {
            years.entry((letter.unit, letter.year)).or_default().push((letter.serial, example.clone()));
        }
        Ok(())
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
