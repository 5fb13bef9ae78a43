//! What may have to be told: letters, measures and supplements that somebody who may see them has had no notice of, and who is to be
//! told of the clocks of a case. Each question is bounded, and what was told drops out of it.

use crate::account::AccountId;
use crate::connection::{Connection, Row};
use crate::{Result, values};
use credence_domain::record::value::day_number;
use jiff::civil::Date;

/// Something that happened, and one who is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The organisation.
    pub uscc: String,
    /// Number of the case.
    pub case_number: String,
    /// Kind of the letter; empty for anything else.
    pub letter: String,
    /// What tells it from the other events of the case.
    pub event: String,
    /// Who is to be told.
    pub account: AccountId,
}

fn read(row: &Row<'_>) -> Result<Happened> {
    Ok(Happened {
        uscc: row.string(0)?,
        case_number: row.string(1)?,
        letter: row.string(2)?,
        event: row.string(3)?,
        account: row.array(4)?,
    })
}

/// A question about what happened to organisations since a day ($1), asked today ($2), of those who are bound to them and in use,
/// and were not told.
macro_rules! untold {
    ($what:literal, $event:literal, $from:literal, $kind:literal, $when:literal) => {
        concat!(
            "select e.uscc, e.number, ",
            $what,
            ", ",
            $event,
            ", b.account from ",
            $from,
            " e join account_organisation b on b.uscc = e.uscc and b.ended_at is null and b.from_on <= $2
                  and (b.through_on is null or b.through_on >= $2)
             join account a on a.id = b.account and a.state = 'active' and (a.ends_on is null or a.ends_on >= $2)
             where ",
            $when,
            " and not exists (select 1 from notice n where n.uscc = e.uscc and n.account = b.account and n.kind = '",
            $kind,
            "' and n.case_number = e.number and n.event = ",
            $event,
            ") order by b.account, e.uscc, e.number limit $3"
        )
    };
}

fn ask(
    connection: &mut Connection,
    sql: &'static str,
    (from, today): (Date, Date),
    limit: usize,
) -> Result<Vec<Happened>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection.rows(sql, values![day_number(from), day_number(today), limit], read)
}

/// Letters since a day of which a representative has had no notice.
///
/// # Errors
/// Whatever the database says.
pub fn letters(connection: &mut Connection, days: (Date, Date), limit: usize) -> Result<Vec<Happened>> {
    let sql = untold!(
        "e.kind",
        "e.unit || '/' || e.year || '/' || e.serial",
        "listing_letter",
        "letter_made",
        "e.made_on >= $1 and e.made_on <= $2"
    );
    ask(connection, sql, days, limit)
}

/// Repairs that wait since a day or later for papers, of which a representative has had no notice.
///
/// # Errors
/// Whatever the database says.
pub fn supplements(connection: &mut Connection, days: (Date, Date), limit: usize) -> Result<Vec<Happened>> {
    let sql = untold!("''", "'asked'", "repair", "supplement_asked", "e.state = 'wanting' and e.moved_on >= $1");
    ask(connection, sql, days, limit)
}

/// Measures whose first day lies between a day and today, of which a representative has had no notice.
///
/// # Errors
/// Whatever the database says.
pub fn measures_begun(connection: &mut Connection, days: (Date, Date), limit: usize) -> Result<Vec<Happened>> {
    let sql = untold!("''", "'begun'", "measure", "measure_begun", "e.from_on >= $1 and e.from_on <= $2");
    ask(connection, sql, days, limit)
}

/// Measures that ended between a day and today, by a step or with their last day, of which a representative has had no notice.
///
/// # Errors
/// Whatever the database says.
pub fn measures_ended(connection: &mut Connection, days: (Date, Date), limit: usize) -> Result<Vec<Happened>> {
    let sql = untold!(
        "''",
        "'ended'",
        "measure",
        "measure_ended",
        "((e.state = 'ended' and e.moved_on >= $1 and e.moved_on <= $2)
          or (e.state <> 'ended' and e.through_on >= $1 and e.through_on < $2))"
    );
    ask(connection, sql, days, limit)
}

/// The accounts in use that speak for an organisation today.
///
/// # Errors
/// Whatever the database says.
pub fn representatives(connection: &mut Connection, uscc: &str, today: Date) -> Result<Vec<AccountId>> {
    connection.rows(
        "select a.id from account_organisation b join account a on a.id = b.account
         where b.uscc = $1 and b.ended_at is null and b.from_on <= $2 and (b.through_on is null or b.through_on >= $2)
           and a.state = 'active' and (a.ends_on is null or a.ends_on >= $2) order by a.id",
        values![uscc, day_number(today)],
        |row| row.array(0),
    )
}

/// The accounts in use of a unit today, each with the code of its role.
///
/// # Errors
/// Whatever the database says.
pub fn staff(connection: &mut Connection, unit: &str, today: Date) -> Result<Vec<(AccountId, String)>> {
    connection.rows(
        "select id, role from account where unit = $1 and state = 'active' and (ends_on is null or ends_on >= $2)
         order by id",
        values![unit, day_number(today)],
        |row| Ok((row.array(0)?, row.string(1)?)),
    )
}
