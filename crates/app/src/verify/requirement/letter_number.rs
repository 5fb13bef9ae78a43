//! 十二: no letter is missing: the letters of a unit are numbered without gaps within a year.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::connection::Connection;
use credence_store::listing;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "letter_number",
    source: FOUNDING,
    article: "十二",
    demand: "letters of a unit are numbered 1, 2, 3, … within a year",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut years: BTreeMap<(String, i64), Vec<i64>> = BTreeMap::new();
    // Cases of every room take their numbers from one series.
    listing::each_letter(connection, |letter| {
        years.entry((letter.unit, letter.year)).or_default().push(letter.serial);
        Ok(())
    })?;
    for ((unit, year), mut numbers) in years {
        numbers.sort_unstable();
        let missing = (1..).zip(&numbers).find(|(wanted, serial)| wanted != *serial).map(|(wanted, _)| wanted);
        tally.expect(missing.is_none(), || {
            let problem = format!("letter {} of {year} is missing", missing.unwrap_or_default());
            let of_unit = reading.acts.iter().find(|(_, act)| *act.uscc == *unit);
            let act = of_unit.or_else(|| reading.acts.iter().next()).map(|(id, _)| hex(id));
            Example { uscc: unit, act, record: None, problem }
        });
    }
    Ok(())
}
