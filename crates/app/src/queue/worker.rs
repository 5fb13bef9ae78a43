//! Who may do what waits: the person, for whom he stands in, and everybody of his unit.

use super::{Kind, Waiting, other, repair};
use crate::Result;
use crate::access::{Granted, works_everywhere};
use crate::account::Person;
use crate::rulebook::PLATFORM_UNIT;
use crate::service::Service;
use credence_domain::access::{AccountState, Action, Role};
use credence_store::account::{self, Account};
use credence_store::connection::Connection;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A person at his queue.
pub(super) struct Worker {
    pub(super) account: Account,
    pub(super) role: Role,
    /// Accounts of his units by name.
    pub(super) colleagues: BTreeMap<String, Account>,
    granted: Arc<Granted>,
    today: Date,
}

impl Service {
    /// A person at his queue, with those of his unit.
    pub(super) fn worker(&self, person: &Person) -> Result<Worker> {
        let (granted, today) = (self.granted()?, self.real_today());
        let units = units_of(person.role, &person.account.unit);
        let found = self.read(|connection| {
            let mut found = BTreeMap::new();
            for unit in units {
                found.extend(account::of_unit(connection, &unit)?.into_iter().map(|one| (one.name.clone(), one)));
            }
            Ok(found)
        })?;
        let (account, role) = (person.account.clone(), person.role);
        Ok(Worker { account, role, colleagues: found, granted, today })
    }
}

/// The units for which somebody of a role and unit works: the office works for the platform besides.
pub(super) fn units_of(role: Role, unit: &str) -> Vec<String> {
    let mut found: Vec<String> = Some(unit.to_owned()).filter(|unit| !unit.is_empty()).into_iter().collect();
    if role == Role::Office && unit != PLATFORM_UNIT {
        found.push(PLATFORM_UNIT.to_owned());
    }
    found
}

/// Whether somebody of a role and unit acts for the unit for which a task waits, as the rooms have it.
fn acts_for(role: Role, own: &str, waiting: &Waiting) -> bool {
    let (unit, platform) = (waiting.unit.as_str(), waiting.unit == PLATFORM_UNIT);
    let office = role == Role::Office;
    match waiting.kind {
        Kind::Proposal => works_everywhere(role) || own == unit,
        Kind::Held => other::reviews(role),
        Kind::Claim | Kind::Incident => true,
        Kind::Objection => {
            if office {
                platform
            } else {
                own == unit
            }
        }
        Kind::Repair if waiting.step == repair::PUSH => office && platform,
        Kind::Listing | Kind::Officer => own == unit || (office && platform),
        Kind::Measure | Kind::Repair => own == unit,
    }
}

impl Worker {
    pub(super) fn allows(&self, action: Action) -> bool {
        self.granted.allows(self.role, action)
    }

    pub(super) fn units(&self) -> Vec<String> {
        units_of(self.role, &self.account.unit)
    }

    /// Whether he may do it.
    pub(super) fn may_take(&self, connection: &mut Connection, waiting: &Waiting) -> credence_store::Result<bool> {
        self.could(connection, &self.account, self.role, waiting)
    }

    /// Whether an account may do it: in use, of the unit, with the right, and with no part in it where another must do it.
    pub(super) fn could(
        &self,
        connection: &mut Connection,
        account: &Account,
        role: Role,
        waiting: &Waiting,
    ) -> credence_store::Result<bool> {
        Ok(self.is_in_use(account)
            && acts_for(role, &account.unit, waiting)
            && self.granted.allows(role, waiting.step.action)
            && !self.had_a_part(connection, account, waiting)?)
    }

    /// Whether an account, or another of the same person, is kept from it by his own part.
    pub(super) fn had_a_part(
        &self,
        connection: &mut Connection,
        account: &Account,
        waiting: &Waiting,
    ) -> credence_store::Result<bool> {
        for name in &waiting.not_by {
            if *name == account.name {
                return Ok(true);
            }
            let other = self.known(connection, name)?;
            let same = other.is_some_and(|other| {
                !other.staff_number.is_empty()
                    && (&other.unit, &other.staff_number) == (&account.unit, &account.staff_number)
            });
            if same {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether an account opens anything today.
    pub(super) fn is_in_use(&self, account: &Account) -> bool {
        account.state == AccountState::Active.code() && account.ends_on.is_none_or(|last| self.today <= last)
    }

    /// An account by its name: of his own units, or of another that shares the work.
    pub(super) fn known(&self, connection: &mut Connection, name: &str) -> credence_store::Result<Option<Account>> {
        match self.colleagues.get(name) {
            Some(known) => Ok(Some(known.clone())),
            None => account::find(connection, name),
        }
    }

    /// Who stands in for an account today; the deputy of the account room (`account::set_deputy`) and nobody else.
    pub(super) fn deputy_of(
        &self,
        connection: &mut Connection,
        account: &Account,
    ) -> credence_store::Result<Option<Account>> {
        let deputy = account.deputy.as_ref();
        let Some(deputy) = deputy.filter(|one| one.from_on <= self.today && self.today <= one.through_on) else {
            return Ok(None);
        };
        let found = self.known(connection, &deputy.name)?;
        let fits = |one: &Account| self.is_in_use(one) && (&one.role, &one.unit) == (&account.role, &account.unit);
        Ok(found.filter(fits))
    }

    /// Whether an account could do it or its deputy could; an account that nobody knows any more could not.
    pub(super) fn holds(
        &self,
        connection: &mut Connection,
        name: &str,
        waiting: &Waiting,
    ) -> credence_store::Result<bool> {
        let Some(account) = self.known(connection, name)? else { return Ok(false) };
        let role = Role::from_code(&account.role).unwrap_or(Role::Public);
        if self.could(connection, &account, role, waiting)? {
            return Ok(true);
        }
        match self.deputy_of(connection, &account)? {
            Some(deputy) => self.could(connection, &deputy, role, waiting),
            None => Ok(false),
        }
    }
}
