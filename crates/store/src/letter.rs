//! Letters (文书) of cases of every kind, numbered per unit and year: what they say is kept as it was written, and the act that
//! writes one holds its digest.

use crate::change::Change;
use crate::connection::{Connection, Row};
use crate::{Result, StoreError, values};
use credence_domain::canonical::{hex, to_vec};
use credence_domain::listing::Letter;
use credence_domain::record::value::{date_of, day_number};
use jiff::civil::Date;
use serde_json::json;
use sha2::{Digest, Sha256};

/// A letter as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLetter {
    /// The unit that signs.
    pub unit: String,
    /// The year.
    pub year: i64,
    /// Number within the unit's year.
    pub serial: i64,
    /// The organisation.
    pub uscc: String,
    /// Number of the case.
    pub number: String,
    /// What it is.
    pub kind: String,
    /// Its number as written.
    pub letter: String,
    /// Title.
    pub title: String,
    /// Text.
    pub body: String,
    /// Its day.
    pub made_on: Date,
}

impl KeptLetter {
    /// The digest of everything that is kept of it: the act that wrote it says this in its header.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let all = json!({
            "unit": self.unit, "year": self.year, "serial": self.serial, "uscc": self.uscc, "number": self.number,
            "kind": self.kind, "letter": self.letter, "title": self.title, "body": self.body,
            "made_on": self.made_on.to_string(),
        });
        Sha256::digest(to_vec(&all)).into()
    }
}

/// The letters of a case, in order.
///
/// # Errors
/// Whatever the database says.
pub fn of_case(connection: &mut Connection, (uscc, number): (&str, &str)) -> Result<Vec<KeptLetter>> {
    connection.rows(
        "select unit, year, serial, uscc, number, kind, letter, title, body, made_on from listing_letter
         where uscc = $1 and number = $2 order by year, serial",
        values![uscc, number],
        letter,
    )
}

fn letter(row: &Row<'_>) -> Result<KeptLetter> {
    Ok(KeptLetter {
        unit: row.string(0)?,
        year: row.int(1)?,
        serial: row.int(2)?,
        uscc: row.string(3)?,
        number: row.string(4)?,
        kind: row.string(5)?,
        letter: row.string(6)?,
        title: row.string(7)?,
        body: row.string(8)?,
        made_on: row.opt_small(9)?.and_then(date_of).unwrap_or_default(),
    })
}

/// Every letter of every unit, in order of unit, year and number: for whoever verifies.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each(connection: &mut Connection, mut look: impl FnMut(KeptLetter) -> Result<()>) -> Result<()> {
    connection.each(
        "select unit, year, serial, uscc, number, kind, letter, title, body, made_on from listing_letter
         order by unit, year, serial",
        &[],
        |row| look(letter(row)?),
    )
}

/// The next number of a unit's letters in a year. The unit's row is locked until the change ends, so that no number is given
/// twice and none is left out; organisations share it, which the law wants and the rest of the writer's path avoids.
///
/// # Errors
/// [`StoreError::Inconsistent`] where the unit is not in the directory.
pub fn next_serial(change: &mut Change<'_>, unit: &str, year: i16) -> Result<u32> {
    let locked = change.connection.execute("update unit set seq = seq where uscc = $1", values![unit])?;
    if locked != 1 {
        return Err(StoreError::Inconsistent(format!("signing unit {unit} is not in the directory")));
    }
    let last = change.connection.first(
        "select coalesce(max(serial), 0) from listing_letter where unit = $1 and year = $2",
        values![unit, i64::from(year)],
        |row| row.int(0),
    )?;
    Ok(u32::try_from(last.unwrap_or_default() + 1).unwrap_or(u32::MAX))
}

/// Keeps a letter, and its digest for the header of the act that writes it.
///
/// # Errors
/// Whatever the database says.
pub fn keep(
    change: &mut Change<'_>,
    (uscc, number): (&str, &str),
    (unit, serial, on): (&str, u32, Date),
    letter: &Letter,
) -> Result<()> {
    let kept = KeptLetter {
        unit: unit.to_owned(),
        year: i64::from(on.year()),
        serial: i64::from(serial),
        uscc: uscc.to_owned(),
        number: number.to_owned(),
        kind: letter.kind.code().to_owned(),
        letter: letter.number.clone(),
        title: letter.title.clone(),
        body: letter.text.clone(),
        made_on: on,
    };
    let letters = change.said.entry("letters").or_insert_with(|| json!([]));
    if let Some(letters) = letters.as_array_mut() {
        letters.push(hex(&kept.digest()).into());
    }
    change.connection.execute(
        "insert into listing_letter(unit, year, serial, uscc, number, kind, letter, title, body, made_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            kept.unit.as_str(),
            kept.year,
            kept.serial,
            kept.uscc.as_str(),
            kept.number.as_str(),
            kept.kind.as_str(),
            kept.letter.as_str(),
            kept.title.as_str(),
            kept.body.as_str(),
            day_number(on)
        ],
    )?;
    Ok(())
}
