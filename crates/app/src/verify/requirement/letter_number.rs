//! 十二: no letter is missing: the letters of a unit are numbered without gaps within a year.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_store::connection::Connection;
use credence_store::letter;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "letter_number",
    source: FOUNDING,
    article: "十二",
    demand: "letters of a unit are numbered 1, 2, 3, … within a year",
    check: Check::Whole(check),
};

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut years: BTreeMap<(String, i64), Vec<(i64, String)>> = BTreeMap::new();
    letter::each(connection, |letter| {
        years.entry((letter.unit, letter.year)).or_default().push((letter.serial, letter.uscc));
        Ok(())
    })?;
    for ((unit, year), mut numbers) in years {
        numbers.sort_unstable();
        let missing = (1..).zip(&numbers).find(|(wanted, (serial, _))| wanted != serial).map(|(wanted, _)| wanted);
        tally.expect(missing.is_none(), || {
            // An act that speaks of the organisation to which the last letter went.
            let party = numbers.pop().map(|(_, uscc)| uscc).unwrap_or_default();
            let act = reading.acts.iter().find(|(_, act)| *act.uscc == *party).map(|(id, _)| hex(id));
            let problem = format!("letter {} of {year} is missing", missing.unwrap_or_default());
            Example { uscc: unit, act, record: None, problem }
        });
    }
    Ok(())
}
