//! What changes an account: each an act of its unit, whose header names the account and never its holder or a secret.

use super::{Account, AccountId};
use crate::change::Change;
use crate::{Result, values};
use credence_domain::record::value::day_number;
use jiff::civil::Date;

/// What is entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What its holder signs in with.
    pub name: String,
    /// Its holder's name.
    pub holder: String,
    /// Its holder's number in the unit.
    pub staff_number: String,
    /// Code of the role asked for.
    pub role: String,
    /// The unit; empty for a representative.
    pub unit: String,
    /// Last day on which it opens anything.
    pub ends_on: Option<Date>,
}

/// Who stands in for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deputy {
    /// Name of the deputy's account.
    pub name: String,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub through_on: Date,
}

/// Enters an account as part of an act; its role waits for a second person.
///
/// # Errors
/// Whatever the database says; a name that is taken is a conflict of keys.
pub fn enter(change: &mut Change<'_>, entry: &Entry, by: &str) -> Result<AccountId> {
    let id: AccountId = change.chance.bytes()?;
    let now = change.now;
    change.connection.execute(
        "insert into account(id, name, holder, staff_number, role, unit, state, entered_by, entered_at, ends_on)
         values ($1, $2, $3, $4, $5, $6, 'proposed', $7, $8, $9)",
        values![
            &id,
            entry.name.as_str(),
            entry.holder.as_str(),
            entry.staff_number.as_str(),
            entry.role.as_str(),
            entry.unit.as_str(),
            by,
            now,
            entry.ends_on.map(day_number),
        ],
    )?;
    Ok(id)
}

/// The second person's word on the role: the state that follows.
///
/// # Errors
/// Whatever the database says.
pub fn decide(change: &mut Change<'_>, account: &Account, state: &str, by: &str) -> Result<()> {
    change.connection.execute(
        "update account set state = $2, granted_by = $3, granted_at = $4 where id = $1",
        values![&account.id, state, by, change.now],
    )?;
    Ok(())
}

/// Another state; whoever may no longer sign in loses every session, and with the account its mail address
/// and its second factor go.
///
/// # Errors
/// Whatever the database says.
pub fn set_state(change: &mut Change<'_>, id: &AccountId, state: &str) -> Result<()> {
    change.connection.execute("update account set state = $2 where id = $1", values![id, state])?;
    if state != "active" {
        super::session::end_all(change.connection, id, change.now)?;
    }
    if state == "ended" {
        super::mail::take_off(change.connection, id, change.now)?;
        super::second_factor::drop(change.connection, id)?;
    }
    Ok(())
}

/// A password as its hash. It ends every session and every lock.
///
/// # Errors
/// Whatever the database says.
pub fn set_password(change: &mut Change<'_>, id: &AccountId, hash: &str) -> Result<()> {
    change.connection.execute(
        "update account set password = $2, state = 'active', failed = 0, locked_until = null where id = $1",
        values![id, hash],
    )?;
    super::session::end_all(change.connection, id, change.now)
}

/// Who stands in for the holder, or nobody.
///
/// # Errors
/// Whatever the database says.
pub fn set_deputy(change: &mut Change<'_>, id: &AccountId, deputy: Option<&Deputy>) -> Result<()> {
    change.connection.execute(
        "update account set deputy = $2, deputy_from_on = $3, deputy_through_on = $4 where id = $1",
        values![
            id,
            deputy.map_or("", |deputy| deputy.name.as_str()),
            deputy.map(|deputy| day_number(deputy.from_on)),
            deputy.map(|deputy| day_number(deputy.through_on)),
        ],
    )?;
    Ok(())
}
