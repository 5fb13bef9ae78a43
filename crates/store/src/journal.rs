//! The access journal (查询记录): who read what of an organisation beyond what is public, for which purpose and case. Each
//! entry is an act of the reader's unit with the same identity, so that none can be taken out or made up unseen.

use crate::act::{ActId, Draft};
use crate::change::{Change, Writer};
use crate::connection::{Connection, Row};
use crate::{Result, values};
use credence_domain::record::value::day_number;
use jiff::civil::Date;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The organisation.
    pub uscc: String,
    /// Instant.
    pub at: i64,
    /// Identity of the act.
    pub id: ActId,
    /// Name of the account.
    pub account: String,
    /// Its unit; empty for a representative.
    pub unit: String,
    /// Code of its role.
    pub role: String,
    /// Code of the purpose.
    pub purpose: String,
    /// Case number.
    pub case_number: String,
    /// What was read: `file`, `records`, ….
    pub what: String,
    /// The day from which the organisation sees it; absent while an investigation is not recorded as over.
    pub shown_from: Option<Date>,
}

/// What is to be noted.
#[derive(Clone, Debug)]
pub struct Reading<'r> {
    /// The organisation.
    pub uscc: &'r str,
    /// Name of the account.
    pub account: &'r str,
    /// Its unit; empty for a representative.
    pub unit: &'r str,
    /// Code of its role.
    pub role: &'r str,
    /// Code of the purpose.
    pub purpose: &'r str,
    /// Case number.
    pub case_number: &'r str,
    /// What is read.
    pub what: &'r str,
    /// The day from which the organisation sees it.
    pub shown_from: Option<Date>,
}

/// The columns that [`read`] reads, with what follows them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select uscc, at, id, account, unit, role, purpose, case_number, what, shown_from \
             from access_journal ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Entry> {
    Ok(Entry {
        uscc: row.string(0)?,
        at: row.int(1)?,
        id: row.array(2)?,
        account: row.string(3)?,
        unit: row.string(4)?,
        role: row.string(5)?,
        purpose: row.string(6)?,
        case_number: row.string(7)?,
        what: row.string(8)?,
        shown_from: row.opt_date(9)?,
    })
}

/// Notes a reading before anything is shown: an act numbered under the unit that answers for it.
///
/// # Errors
/// Whatever the database says; then nothing may be shown.
pub fn note(writer: &mut Writer, draft: &Draft, numbered_under: &str, reading: &Reading<'_>) -> Result<()> {
    note_all(writer, draft, numbered_under, std::slice::from_ref(reading))
}

/// The same for a page that shows several organisations at once: one act, an entry for each.
///
/// # Errors
/// Whatever the database says; then nothing may be shown.
pub fn note_all(writer: &mut Writer, draft: &Draft, numbered_under: &str, readings: &[Reading<'_>]) -> Result<()> {
    writer.change(draft, |change| {
        let (id, now) = (change.id, change.now);
        for reading in readings {
            change.connection.execute(
                "insert into access_journal(uscc, at, id, account, unit, role, purpose, case_number, what, shown_from)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                values![
                    reading.uscc,
                    now,
                    &id,
                    reading.account,
                    reading.unit,
                    reading.role,
                    reading.purpose,
                    reading.case_number,
                    reading.what,
                    reading.shown_from.map(day_number),
                ],
            )?;
        }
        change.number_under_unit(numbered_under)
    })?;
    Ok(())
}

/// Entries of an organisation after a place, latest first; with `shown_on` only those that it may see on that day.
///
/// # Errors
/// Whatever the database says.
pub fn of_organisation(
    connection: &mut Connection,
    uscc: &str,
    shown_on: Option<Date>,
    after: Option<(i64, ActId)>,
    limit: u32,
) -> Result<Vec<Entry>> {
    let (at, id) = after.unwrap_or((i64::MAX, [0xff; 16]));
    let sql = select!(
        "where uscc = $1 and (at < $2 or (at = $2 and id < $3)) and ($4 = 0 or shown_from <= $5)
         order by at desc, id desc limit $6"
    );
    let day = shown_on.map(day_number);
    connection.rows(sql, values![uscc, at, &id, day.is_some(), day.unwrap_or_default(), i64::from(limit)], read)
}

/// Lets the organisations see the looks of a case of a unit from a day on: the investigation is over.
///
/// # Errors
/// Whatever the database says.
pub fn show_case(change: &mut Change<'_>, unit: &str, case_number: &str, day: Date) -> Result<u64> {
    change.connection.execute(
        "update access_journal set shown_from = $3 where unit = $1 and case_number = $2 and shown_from is null",
        values![unit, case_number, day_number(day)],
    )
}

/// Lets an organisation see an account's looks of a span of time from a day on.
///
/// # Errors
/// Whatever the database says.
pub fn show(change: &mut Change<'_>, uscc: &str, account: &str, (from, until): (i64, i64), day: Date) -> Result<u64> {
    change.connection.execute(
        "update access_journal set shown_from = $5
         where uscc = $1 and account = $2 and at >= $3 and at < $4 and shown_from is null",
        values![uscc, account, from, until, day_number(day)],
    )
}

/// An account's entries of a span of time in order of instants, for the rules that look for misuse.
///
/// # Errors
/// Whatever the database says.
pub fn of_account(connection: &mut Connection, account: &str, from: i64, until: i64) -> Result<Vec<Entry>> {
    connection.rows(
        select!("where account = $1 and at >= $2 and at < $3 order by at, id"),
        values![account, from, until],
        read,
    )
}

/// Hands on every entry in order of organisations.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each(connection: &mut Connection, mut look: impl FnMut(Entry) -> Result<()>) -> Result<()> {
    connection.each(select!("order by uscc, at, id"), &[], |row| look(read(row)?))
}
