//! Bindings (代表人绑定): for which organisations a representative speaks, from when until when.

use super::AccountId;
use crate::change::Change;
use crate::connection::{Connection, Row};
use crate::{Result, values};
use credence_domain::record::value::day_number;
use jiff::civil::Date;

/// One binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The organisation.
    pub uscc: String,
    /// The representative's account.
    pub account: AccountId,
    /// Who bound it: an officer, or the representative who delegated.
    pub bound_by: String,
    /// When.
    pub bound_at: i64,
    /// First day.
    pub from_on: Date,
    /// Last day; open when absent.
    pub through_on: Option<Date>,
    /// When it was ended.
    pub ended_at: Option<i64>,
    /// The account that delegated it is suspended, or has ended: it rests as long.
    pub rests: bool,
}

impl Binding {
    /// Whether it holds on a day, as far as is known now.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from_on <= day && !self.is_over(day) && !self.rests
    }

    /// Whether it was ended, or its last day is before a day.
    #[must_use]
    pub fn is_over(&self, day: Date) -> bool {
        self.ended_at.is_some() || self.through_on.is_some_and(|last| last < day)
    }
}

/// The columns that [`read`] reads, with what follows them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select uscc, account, bound_by, bound_at, from_on, through_on, ended_at, \
             (select count(*) from account g \
              where g.name = account_organisation.bound_by and g.unit = '' and g.state in ('suspended', 'ended')) \
             from account_organisation ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Binding> {
    Ok(Binding {
        uscc: row.string(0)?,
        account: row.array(1)?,
        bound_by: row.string(2)?,
        bound_at: row.int(3)?,
        from_on: row.opt_date(4)?.unwrap_or(Date::MAX),
        through_on: row.opt_date(5)?,
        ended_at: row.opt_int(6)?,
        rests: row.int(7)? > 0,
    })
}

/// Bindings of an account, in order of codes.
///
/// # Errors
/// Whatever the database says.
pub fn of_account(connection: &mut Connection, account: &AccountId) -> Result<Vec<Binding>> {
    let sql = select!("where account = $1 order by uscc");
    connection.rows(sql, values![account], read)
}

/// The binding of an account to an organisation, over or not.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, uscc: &str, account: &AccountId) -> Result<Option<Binding>> {
    connection.first(select!("where uscc = $1 and account = $2"), values![uscc, account], read)
}

/// Accounts, by name, that a representative let speak for an organisation, as far as nobody ended it.
///
/// # Errors
/// Whatever the database says.
pub fn delegated_by(connection: &mut Connection, uscc: &str, giver: &str) -> Result<Vec<(String, AccountId)>> {
    connection.rows(
        "select a.name, a.id from account_organisation b join account a on a.id = b.account
         where b.uscc = $1 and b.bound_by = $2 and b.ended_at is null order by a.name",
        values![uscc, giver],
        |row| Ok((row.string(0)?, row.array(1)?)),
    )
}

/// Bindings of an organisation, latest first.
///
/// # Errors
/// Whatever the database says.
pub fn of_organisation(connection: &mut Connection, uscc: &str) -> Result<Vec<Binding>> {
    let sql = select!("where uscc = $1 order by bound_at desc, account");
    connection.rows(sql, values![uscc], read)
}

/// Every binding, ended or not, in order of codes and accounts: for whoever verifies.
///
/// # Errors
/// Whatever the database says.
pub fn all(connection: &mut Connection) -> Result<Vec<Binding>> {
    connection.rows(select!("order by uscc, account"), &[], read)
}

/// Binds an account to an organisation, anew where it was bound before.
///
/// # Errors
/// Whatever the database says.
pub fn bind(
    change: &mut Change<'_>,
    uscc: &str,
    account: &AccountId,
    by: &str,
    from_on: Date,
    through_on: Option<Date>,
) -> Result<()> {
    let now = change.now;
    change.connection.execute(
        "insert into account_organisation(uscc, account, bound_by, bound_at, from_on, through_on)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (uscc, account) do update set bound_by = excluded.bound_by, bound_at = excluded.bound_at,
                from_on = excluded.from_on, through_on = excluded.through_on, ended_at = null",
        values![uscc, account, by, now, day_number(from_on), through_on.map(day_number)],
    )?;
    Ok(())
}

/// Ends a binding; false when none holds.
///
/// # Errors
/// Whatever the database says.
pub fn end(change: &mut Change<'_>, uscc: &str, account: &AccountId) -> Result<bool> {
    let now = change.now;
    let ended = change.connection.execute(
        "update account_organisation set ended_at = $3 where uscc = $1 and account = $2 and ended_at is null",
        values![uscc, account, now],
    )?;
    Ok(ended > 0)
}
