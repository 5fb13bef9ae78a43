//! Incidents of misuse (滥用线索): what the rules over the access journal found, until a person has worked it off. An incident
//! is a lead and no judgement; opening one, its finding, its hand-over and its end are acts.

use crate::act::Draft;
use crate::change::{Change, Writer};
use crate::connection::{Connection, Row};
use crate::{Result, values};
use credence_domain::canonical::hex;
use credence_domain::record::value::day_number;
use jiff::civil::Date;

/// An incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Its number.
    pub id: String,
    /// Code of the rule that found it.
    pub rule: String,
    /// Name of the account that it is about.
    pub account: String,
    /// Its unit.
    pub unit: String,
    /// The day on which it happened.
    pub day: Date,
    /// What was found, as JSON.
    pub facts: String,
    /// Code of its state.
    pub state: String,
    /// When it was opened.
    pub opened_at: i64,
    /// Who works it off.
    pub owner: String,
    /// What was found out.
    pub finding: String,
    /// The discipline organ to which it was handed over.
    pub handed_to: String,
    /// When those affected were told.
    pub notified_at: Option<i64>,
    /// When it was closed.
    pub closed_at: Option<i64>,
}

/// The columns that [`read`] reads, with what follows them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, rule, account, unit, day, facts, state, opened_at, owner, finding, handed_to, \
             notified_at, closed_at \
             from incident ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Incident> {
    Ok(Incident {
        id: row.string(0)?,
        rule: row.string(1)?,
        account: row.string(2)?,
        unit: row.string(3)?,
        day: row.opt_date(4)?.unwrap_or(Date::MIN),
        facts: row.string(5)?,
        state: row.string(6)?,
        opened_at: row.int(7)?,
        owner: row.string(8)?,
        finding: row.string(9)?,
        handed_to: row.string(10)?,
        notified_at: row.opt_int(11)?,
        closed_at: row.opt_int(12)?,
    })
}

/// Opens an incident; nothing when the same rule found the same account on the same day before.
///
/// # Errors
/// Whatever the database says.
pub fn open(
    writer: &mut Writer,
    draft: &Draft,
    numbered_under: &str,
    (rule, account, unit, day): (&str, &str, &str, Date),
    facts: &str,
) -> Result<bool> {
    let id = format!("I{}", hex(&writer.chance.bytes::<10>()?).to_uppercase());
    let (opened, _) = writer.change(draft, |change| {
        let now = change.now;
        let opened = change.connection.execute(
            "insert into incident(id, rule, account, unit, day, facts, state, opened_at)
             values ($1, $2, $3, $4, $5, $6, 'open', $7) on conflict do nothing",
            values![id.as_str(), rule, account, unit, day_number(day), facts, now],
        )?;
        if opened > 0 {
            change.number_under_unit(numbered_under)?;
        }
        Ok(opened > 0)
    })?;
    Ok(opened)
}

/// Keeps what was done about it.
///
/// # Errors
/// Whatever the database says.
pub fn put(change: &mut Change<'_>, incident: &Incident) -> Result<()> {
    change.connection.execute(
        "update incident set state = $2, owner = $3, finding = $4, handed_to = $5, notified_at = $6, closed_at = $7
         where id = $1",
        values![
            incident.id.as_str(),
            incident.state.as_str(),
            incident.owner.as_str(),
            incident.finding.as_str(),
            incident.handed_to.as_str(),
            incident.notified_at,
            incident.closed_at,
        ],
    )?;
    Ok(())
}

/// Who works it off, from now on; nobody in particular where the name is empty.
///
/// # Errors
/// Whatever the database says.
pub fn hold(change: &mut Change<'_>, id: &str, owner: &str) -> Result<()> {
    change.connection.execute("update incident set owner = $2 where id = $1", values![id, owner])?;
    Ok(())
}

/// The incident with a number.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, id: &str) -> Result<Option<Incident>> {
    connection.first(select!("where id = $1"), values![id], read)
}

/// At most so many incidents behind an instant and number, latest first.
///
/// # Errors
/// Whatever the database says.
pub fn list(connection: &mut Connection, after: Option<(i64, &str)>, limit: u32) -> Result<Vec<Incident>> {
    let (at, id) = after.unwrap_or((i64::MAX, ""));
    connection.rows(
        select!("where opened_at <= $1 and (opened_at < $1 or id > $2) order by opened_at desc, id limit $3"),
        values![at, id, i64::from(limit)],
        read,
    )
}

/// The incidents that are not closed, whoever has taken them, the oldest first, at most so many.
///
/// # Errors
/// Whatever the database says.
pub fn waiting(connection: &mut Connection, limit: u32) -> Result<Vec<Incident>> {
    connection.rows(select!("where closed_at is null order by opened_at, id limit $1"), values![i64::from(limit)], read)
}

/// The incidents that somebody has taken and not closed.
///
/// # Errors
/// Whatever the database says.
pub fn owned(connection: &mut Connection, owner: &str) -> Result<Vec<Incident>> {
    connection.rows(select!("where closed_at is null and owner = $1 order by opened_at desc, id"), values![owner], read)
}
