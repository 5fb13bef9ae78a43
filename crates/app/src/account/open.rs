//! Who asks: from the token of a request to a person with a role, a unit and the organisations for which he speaks.

use super::role;
use crate::desk::Desk;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::access::{AccountState, Role};
use credence_store::account::{self, Account, binding, session};
use credence_store::clock::instant_text;
use serde::Serialize;

/// A person who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account.
    pub account: Account,
    /// Its role.
    pub role: Role,
    /// The organisations for which it speaks today.
    pub organisations: Vec<String>,
    /// Number of the session.
    pub session: String,
}

impl Person {
    /// Whoever runs a command on the machine itself, in a role that he names: before there is an administrator somebody has to
    /// enter the first. What he does is recorded under that name.
    #[must_use]
    pub fn operator(name: &str, role: Role) -> Self {
        let account = Account {
            id: [0; 16],
            name: name.to_owned(),
            holder: String::new(),
            staff_number: String::new(),
            role: role.code().to_owned(),
            unit: crate::rulebook::PLATFORM_UNIT.to_owned(),
            state: AccountState::Active.code().to_owned(),
            password: String::new(),
            second_factor: None,
            second_factor_step: 0,
            failed: 0,
            locked_until: None,
            entered_by: String::new(),
            entered_at: 0,
            granted_by: String::new(),
            granted_at: None,
            ends_on: None,
            deputy: None,
        };
        Self { account, role, organisations: Vec::new(), session: String::new() }
    }

    /// A unit's own system, by the number of its key: what it does is recorded under that number.
    #[must_use]
    pub fn system(key: &str, unit: &str) -> Self {
        let mut system = Self::operator(key, Role::Key);
        system.account.unit = unit.to_owned();
        system
    }
}

/// A session as its holder sees it.
#[derive(Clone, Debug, Serialize)]
pub struct SessionView {
    /// Its number.
    pub number: String,
    /// When it began.
    pub began_at: String,
    /// When it ends by itself.
    pub expires_at: String,
    /// What it is used with, as it named itself.
    pub agent: String,
    /// The session that asks.
    pub current: bool,
}

/// No session that is open today has this token.
pub(crate) fn unauthorised() -> AppError {
    AppError::refused("unauthorised", "authorization", "登录已失效，请重新登录")
}

impl Service {
    /// The person whose open session has this token. What was suspended, revoked or has ended opens nothing from then on.
    ///
    /// # Errors
    /// `unauthorised` alike for whatever is not open; or a fault.
    pub fn person(&self, token: &str) -> Result<Person> {
        let (today, now) = (self.real_today(), self.now_micros());
        let found = self.read(|connection| {
            let Some(open) = session::find(connection, &session::digest(token))? else { return Ok(None) };
            if open.ended_at.is_some() || open.ends_at <= now {
                return Ok(None);
            }
            let Some(account) = account::by_id(connection, &open.account)? else { return Ok(None) };
            let bindings = binding::of_account(connection, &account.id)?;
            Ok(Some((open, account, bindings)))
        })?;
        let (open, account, bindings) = found.ok_or_else(unauthorised)?;
        if account.state != AccountState::Active.code() || account.ends_on.is_some_and(|last| last < today) {
            return Err(unauthorised());
        }
        let organisations =
            bindings.into_iter().filter(|binding| binding.holds_on(today)).map(|binding| binding.uscc).collect();
        Ok(Person { role: role(&account)?, account, organisations, session: open.number })
    }

    /// Who acts by a command, in a role: the account of that name, which must be in use and have that role; anyone only while no
    /// account of that role is in use, so that the first can be entered.
    ///
    /// # Errors
    /// `forbidden` saying which role is needed, or a fault.
    pub fn acting(&self, name: &str, needed: Role) -> Result<Person> {
        let (today, accounts) = (self.real_today(), self.read(account::list)?);
        let in_use = |account: &Account| {
            account.state == AccountState::Active.code() && account.ends_on.is_none_or(|last| today <= last)
        };
        let mut able =
            accounts.into_iter().filter(|account| account.role == needed.code() && in_use(account)).peekable();
        if able.peek().is_none() {
            return Ok(Person::operator(name, needed));
        }
        let text = format!("须以在用的{}账户办理（--as 账户名）", needed.name());
        let account = able.find(|account| account.name == name);
        let account = account.ok_or_else(|| AppError::refused("forbidden", "as", text))?;
        Ok(Person { account, role: needed, organisations: Vec::new(), session: String::new() })
    }

    /// Who acts by a command in his own role: the account of that name, which must be in use.
    ///
    /// # Errors
    /// `forbidden` where there is no such account in use; or a fault.
    pub fn acting_as(&self, name: &str) -> Result<Person> {
        let today = self.real_today();
        let found = self.read(|connection| {
            let Some(account) = account::find(connection, name)? else { return Ok(None) };
            let bindings = binding::of_account(connection, &account.id)?;
            Ok(Some((account, bindings)))
        })?;
        let in_use = |account: &Account| {
            account.state == AccountState::Active.code() && account.ends_on.is_none_or(|last| today <= last)
        };
        let (account, bindings) = found
            .filter(|(account, _)| in_use(account))
            .ok_or_else(|| AppError::refused("forbidden", "as", "须以在用的账户办理（--as 账户名）"))?;
        let organisations =
            bindings.into_iter().filter(|binding| binding.holds_on(today)).map(|one| one.uscc).collect();
        Ok(Person { role: role(&account)?, account, organisations, session: String::new() })
    }

    /// A person's open sessions.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn sessions(&self, person: &Person) -> Result<Vec<SessionView>> {
        let now = self.now_micros();
        let open = self.read(|connection| session::open_of(connection, &person.account.id, now))?;
        Ok(open
            .into_iter()
            .map(|open| SessionView {
                current: open.number == person.session,
                number: open.number,
                began_at: instant_text(open.began_at),
                expires_at: instant_text(open.ends_at),
                agent: open.agent,
            })
            .collect())
    }
}

/// Ends one of a person's sessions.
///
/// # Errors
/// `not_found` when none of his is open under this number; or a fault.
pub fn end_session(desk: &Desk, person: &Person, number: &str) -> Result<()> {
    let (id, number) = (person.account.id, number.to_owned());
    let ended = desk.act(move |writer| Ok(session::end(writer, &id, &number)?))?;
    if ended { Ok(()) } else { Err(AppError::NotFound) }
}
