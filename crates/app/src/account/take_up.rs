//! Taking up an invitation, and changing one's own password. Both end every session that was open.

use super::{draft, numbered_under, password, role, rules};
use crate::desk::Desk;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::access::{AccountState, Attempt, Event, Role};
use credence_store::account::invitation::{self, Invitation};
use credence_store::account::{self, Account, binding, second_factor};
use serde::{Deserialize, Serialize};

/// What a holder brings with him.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invited {
    /// The code; of two halves, the second (from the security administrator).
    pub code: String,
    /// The first half (from the system administrator); empty for a representative.
    #[serde(default)]
    pub first_half: String,
    /// The password that he sets.
    pub password: String,
}

impl std::fmt::Debug for Invited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Invited { … }")
    }
}

/// An account that was taken up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TakenUp {
    /// Its name: to sign in with.
    pub account: String,
    /// Code of its role.
    pub role: Role,
}

/// Whether an invitation may set the password of an account: what binds a representative never replaces one that was set, for
/// one office alone hands it out.
fn may_open(found: &Invitation, account: &Account) -> bool {
    found.kind != "binding" || account.password.is_empty()
}

/// Takes up an account, or a reset of it. A representative's code takes up only an account that never was; the holder of one
/// in use gives it when he is signed in ([`super::bind`]).
///
/// # Errors
/// `invitation_invalid` alike for what is unknown, used, out of date or half, and for a representative's code to an account in
/// use, which stays good; `password_weak`; or a fault.
pub fn take_up(service: &Service, desk: &Desk, invited: &Invited) -> Result<TakenUp> {
    let invalid = || {
        let text = "邀请码无效、已使用或已过期；工作账户须同时填写系统管理员和安全管理员分别交付的两部分";
        AppError::refused("invitation_invalid", "code", text)
    };
    let (today, now) = (service.real_today(), service.now_micros());
    let rules = rules(service.rulebook(), today)?;
    let found = service.read(|connection| {
        let Some(found) = invitation::find(connection, &invited.code)? else { return Ok(None) };
        Ok(account::by_id(connection, &found.account)?.map(|account| (found, account)))
    })?;
    let (found, account) = found
        .filter(|(found, _)| found.used_at.is_none() && now < found.ends_at && found.has_first(&invited.first_half))
        .ok_or_else(invalid)?;
    let state = AccountState::from_code(&account.state).and_then(|state| state.after(Event::TakeUp).ok());
    if state.is_none() || !may_open(&found, &account) {
        return Err(invalid());
    }
    password::judge(&rules, &account.name, &invited.password)?;
    let hash = password::hash(&invited.password, &desk.salt()?)?;
    let mut act = draft("account_take_up", &account.name, "", &account.name, service.rulebook(), today);
    if found.kind == "binding" {
        act.details.insert("organisation".to_owned(), found.uscc.clone().into());
    }
    let (name, role, unit) = (account.name.clone(), role(&account)?, account.unit.clone());
    let taken = desk.act(move |writer| {
        let (taken, _) = writer.change(&act, |change| {
            // Another code may have opened the account since.
            let standing = account::by_id(change.connection, &account.id)?;
            if !standing.is_some_and(|standing| may_open(&found, &standing)) || !invitation::take_up(change, &found)? {
                return Ok(false);
            }
            account::set_password(change, &account.id, &hash)?;
            // Whoever lost his password may have lost the second factor with it.
            second_factor::drop(change.connection, &account.id)?;
            if found.kind == "binding" {
                binding::bind(change, &found.uscc, &account.id, &account.entered_by, today, None)?;
            }
            change.number_under_unit(numbered_under(&unit))?;
            Ok(true)
        })?;
        Ok(taken)
    })?;
    if taken { Ok(TakenUp { account: name, role }) } else { Err(invalid()) }
}

/// Changes one's own password.
///
/// # Errors
/// `sign_in_refused` when the old one is not right, `password_weak`, or a fault.
pub fn change_password(service: &Service, desk: &Desk, account: &Account, old: &str, new: &str) -> Result<()> {
    let today = service.real_today();
    let rules = rules(service.rulebook(), today)?;
    let attempt = Attempt { failed: account.failed, locked_until: account.locked_until };
    if attempt.is_locked(service.now_micros()) {
        return Err(super::sign_in::refused());
    }
    if !password::is_right(old, &account.password) {
        service.failed_attempt(desk, &rules, account)?;
        return Err(AppError::refused("sign_in_refused", "password", "原密码不正确"));
    }
    password::judge(&rules, &account.name, new)?;
    let hash = password::hash(new, &desk.salt()?)?;
    let act = draft("password_change", &account.name, "", &account.name, service.rulebook(), today);
    let (id, unit) = (account.id, account.unit.clone());
    desk.act(move |writer| {
        writer.change(&act, |change| {
            account::set_password(change, &id, &hash)?;
            change.number_under_unit(numbered_under(&unit))
        })?;
        Ok(())
    })
}
