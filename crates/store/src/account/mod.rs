//! Accounts (账户): who works with the platform, in which unit and role. What changes an account is an act of its unit; a
//! session or a failed attempt is none, and is written by [`crate::change::Writer::note`].
//!
//! Serves 鲁信用办〔2019〕8号 art. 十八. Passwords are kept as Argon2 hashes, tokens and codes as SHA-256 of random bytes.

pub mod binding;
pub mod invitation;
pub mod mail;
mod put;
pub mod second_factor;
pub mod session;

pub use put::{Deputy, Entry, decide, enter, set_deputy, set_password, set_state};

use crate::connection::{Connection, Row};
use crate::{Result, StoreError, values};
use jiff::civil::Date;

/// Identity of an account.
pub type AccountId = [u8; 16];

/// An account.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Identity.
    pub id: AccountId,
    /// What its holder signs in with; acts name it.
    pub name: String,
    /// Its holder's name: shown to administrators and never in an act.
    pub holder: String,
    /// Its holder's number in the unit (工号): nobody is two administrators.
    pub staff_number: String,
    /// Code of the role.
    pub role: String,
    /// The unit; empty for a representative.
    pub unit: String,
    /// Code of the state.
    pub state: String,
    /// Argon2 hash of the password; empty before one is set.
    pub password: String,
    /// The second factor (TOTP), its secret sealed.
    pub second_factor: Option<second_factor::SecondFactor>,
    /// The last time step whose code was used: none is used twice.
    pub second_factor_step: i64,
    /// Failures in a row.
    pub failed: i64,
    /// Locked until this instant.
    pub locked_until: Option<i64>,
    /// Who entered it.
    pub entered_by: String,
    /// When.
    pub entered_at: i64,
    /// Who granted the role.
    pub granted_by: String,
    /// When.
    pub granted_at: Option<i64>,
    /// Last day on which it opens anything.
    pub ends_on: Option<Date>,
    /// Who stands in for its holder, and when.
    pub deputy: Option<Deputy>,
}

impl std::fmt::Debug for Account {
    /// Never the holder, the hash or the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("name", &self.name)
            .field("role", &self.role)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// The columns that [`read`] reads, with what follows them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, name, holder, staff_number, role, unit, state, password, second_factor, \
             second_factor_step, failed, locked_until, entered_by, entered_at, granted_by, granted_at, \
             ends_on, deputy, deputy_from_on, deputy_through_on, second_factor_key \
             from account ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Account> {
    let deputy = row.string(17)?;
    Ok(Account {
        id: row.array(0)?,
        name: row.string(1)?,
        holder: row.string(2)?,
        staff_number: row.string(3)?,
        role: row.string(4)?,
        unit: row.string(5)?,
        state: row.string(6)?,
        password: row.string(7)?,
        second_factor: second_factor::read(row, 8, 20)?,
        second_factor_step: row.int(9)?,
        failed: row.int(10)?,
        locked_until: row.opt_int(11)?,
        entered_by: row.string(12)?,
        entered_at: row.int(13)?,
        granted_by: row.string(14)?,
        granted_at: row.opt_int(15)?,
        ends_on: row.opt_date(16)?,
        deputy: match (row.opt_date(18)?, row.opt_date(19)?) {
            (Some(from_on), Some(through_on)) if !deputy.is_empty() => {
                Some(Deputy { name: deputy, from_on, through_on })
            }
            (None, None) if deputy.is_empty() => None,
            _ => return Err(StoreError::Inconsistent(format!("account {} has half a deputy", row.text(1)?))),
        },
    })
}

/// The account with a name.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, name: &str) -> Result<Option<Account>> {
    connection.first(select!("where name = $1"), values![name], read)
}

/// The account with an identity.
///
/// # Errors
/// Whatever the database says.
pub fn by_id(connection: &mut Connection, id: &AccountId) -> Result<Option<Account>> {
    connection.first(select!("where id = $1"), values![id], read)
}

/// Every account in order of names.
///
/// # Errors
/// Whatever the database says.
pub fn list(connection: &mut Connection) -> Result<Vec<Account>> {
    connection.rows(select!("order by name"), &[], read)
}

/// Accounts of a unit in order of names.
///
/// # Errors
/// Whatever the database says.
pub fn of_unit(connection: &mut Connection, unit: &str) -> Result<Vec<Account>> {
    connection.rows(select!("where unit = $1 order by name"), values![unit], read)
}

/// Whether there is any account: a register without one has no administrator yet.
///
/// # Errors
/// Whatever the database says.
pub fn any(connection: &mut Connection) -> Result<bool> {
    Ok(connection.first("select 1 from account limit 1", &[], |row| row.int(0))?.is_some())
}
