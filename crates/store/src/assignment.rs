//! Assignments (分派、转办): who of a unit does what waits for it in a case. They belong to the unit's own order of work: an act of
//! the unit makes each, nothing of a file changes by it, and nobody gets a right by it (`app::queue`). What waits in no case (a proposal,
//! a held record, a claim, an incident) is assigned in the same way; its organisation may be none.

use crate::change::Change;
use crate::connection::{Connection, Row};
use crate::{Result, values};

/// What is assigned: one step of one case, in one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task<'t> {
    /// The organisation.
    pub uscc: &'t str,
    /// Code of the room.
    pub kind: &'t str,
    /// Number of the case.
    pub number: &'t str,
    /// The unit for which it waits.
    pub unit: &'t str,
    /// Code of the step.
    pub what: &'t str,
}

/// To whom, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Name of the account.
    pub account: String,
    /// Name of the account that assigned it.
    pub assigned_by: String,
    /// When.
    pub at: i64,
}

/// A task that an account holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The organisation; empty where it is about none.
    pub uscc: String,
    /// Code of the room.
    pub kind: String,
    /// Number of the case.
    pub number: String,
    /// The unit for which it waits.
    pub unit: String,
    /// Code of the step.
    pub what: String,
}

impl Held {
    /// The task.
    #[must_use]
    pub fn task(&self) -> Task<'_> {
        Task { uscc: &self.uscc, kind: &self.kind, number: &self.number, unit: &self.unit, what: &self.what }
    }
}

/// All that was assigned to an account and to nobody since, whether or not the step still waits.
///
/// # Errors
/// Whatever the database says.
pub fn of_account(connection: &mut Connection, account: &str) -> Result<Vec<Held>> {
    let read = |row: &Row<'_>| {
        Ok(Held {
            uscc: row.string(0)?,
            kind: row.string(1)?,
            number: row.string(2)?,
            unit: row.string(3)?,
            what: row.string(4)?,
        })
    };
    connection.rows(
        "select uscc, kind, number, unit, what from task_assignment where account = $1
         order by uscc, kind, number, unit, what",
        values![account],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Assignment> {
    Ok(Assignment { account: row.string(0)?, assigned_by: row.string(1)?, at: row.int(2)? })
}

/// To whom a task is assigned.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, task: &Task<'_>) -> Result<Option<Assignment>> {
    connection.first(
        "select account, assigned_by, at from task_assignment
         where uscc = $1 and kind = $2 and number = $3 and unit = $4 and what = $5",
        values![task.uscc, task.kind, task.number, task.unit, task.what],
        read,
    )
}

/// Assigns a task, as part of an act; to nobody where no account is named. What was assigned before for the same step
/// falls.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub fn put(change: &mut Change<'_>, task: &Task<'_>, account: Option<&str>, by: &str) -> Result<()> {
    let now = change.now;
    change.connection.execute(
        "delete from task_assignment where uscc = $1 and kind = $2 and number = $3 and unit = $4 and what = $5",
        values![task.uscc, task.kind, task.number, task.unit, task.what],
    )?;
    if let Some(account) = account {
        change.connection.execute(
            "insert into task_assignment(uscc, kind, number, unit, what, account, assigned_by, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![task.uscc, task.kind, task.number, task.unit, task.what, account, by, now],
        )?;
    }
    Ok(())
}
