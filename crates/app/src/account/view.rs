//! Accounts as administrators see them: never a hash, never a secret.

use super::role;
use crate::Result;
use crate::service::Service;
use credence_domain::access::{AccountState, Role};
use credence_store::account::{self, binding};
use credence_store::clock::instant_text;
use jiff::civil::Date;
use serde::Serialize;

/// An account.
#[derive(Clone, Debug, Serialize)]
pub struct AccountView {
    /// Its name.
    pub account: String,
    /// Its holder's name.
    pub holder: String,
    /// Its holder's number in the unit.
    pub staff_number: String,
    /// Code of its role.
    pub role: Role,
    /// Its unit; empty for a representative.
    pub unit: String,
    /// Where it stands.
    pub state: AccountState,
    /// Whether it has a second factor.
    pub second_factor: bool,
    /// Locked after failures.
    pub locked: bool,
    /// Who entered it.
    pub entered_by: String,
    /// When.
    pub entered_at: String,
    /// Who granted the role; empty before.
    pub granted_by: String,
    /// Last day on which it opens anything.
    pub ends_on: Option<Date>,
    /// Who stands in for its holder today; empty for nobody.
    pub deputy: String,
    /// The organisations for which it speaks today.
    pub organisations: Vec<BindingView>,
}

/// One binding.
#[derive(Clone, Debug, Serialize)]
pub struct BindingView {
    /// The organisation.
    pub uscc: String,
    /// Who bound it.
    pub bound_by: String,
    /// Last day; open when absent.
    pub through_on: Option<Date>,
}

/// Every account in order of names.
///
/// # Errors
/// A fault of the store.
pub fn list(service: &Service) -> Result<Vec<AccountView>> {
    let (today, now) = (service.real_today(), service.now_micros());
    let found = service.read(|connection| {
        let mut found = Vec::new();
        for account in account::list(connection)? {
            let bindings =
                if account.unit.is_empty() { binding::of_account(connection, &account.id)? } else { Vec::new() };
            found.push((account, bindings));
        }
        Ok(found)
    })?;
    let view = |(account, bindings): (account::Account, Vec<binding::Binding>)| -> Result<AccountView> {
        let deputy = account.deputy.as_ref().filter(|deputy| deputy.from_on <= today && today <= deputy.through_on);
        Ok(AccountView {
            role: role(&account)?,
            state: AccountState::from_code(&account.state).unwrap_or(AccountState::Ended),
            second_factor: account.second_factor.is_some(),
            locked: account.locked_until.is_some_and(|until| now < until),
            entered_at: instant_text(account.entered_at),
            deputy: deputy.map(|deputy| deputy.name.clone()).unwrap_or_default(),
            organisations: bindings
                .into_iter()
                .filter(|binding| binding.holds_on(today))
                .map(|binding| BindingView {
                    uscc: binding.uscc,
                    bound_by: binding.bound_by,
                    through_on: binding.through_on,
                })
                .collect(),
            account: account.name,
            holder: account.holder,
            staff_number: account.staff_number,
            unit: account.unit,
            entered_by: account.entered_by,
            granted_by: account.granted_by,
            ends_on: account.ends_on,
        })
    };
    found.into_iter().map(view).collect()
}
