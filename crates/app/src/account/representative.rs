//! Representatives of organisations (信用主体代表): how one proves who he is is a code that the office hands out, or posts to the
//! registered address. A sign-on of the province can take its place: it would call [`bind`] with the codes that it vouches for.

use super::enter::judge_name;
use super::{draft, rules};
use crate::desk::Desk;
use crate::service::Service;
use crate::{AppError, Result, Writer};
use credence_domain::access::{AccountState, Role};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::account::{self, Account, Entry, binding, invitation};
use credence_store::scope::View;
use credence_store::subject;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::rulebook::PLATFORM_UNIT;

/// A code for a representative: the only answer that ever carries it.
#[derive(Clone, Serialize)]
pub struct Bound {
    /// Name of the account.
    pub account: String,
    /// The organisation.
    pub uscc: String,
    /// The code, to be handed out or posted to the registered address.
    pub code: String,
}

impl std::fmt::Debug for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bound").field("account", &self.account).field("uscc", &self.uscc).finish_non_exhaustive()
    }
}

/// To whom a representative hands part of his work.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delegation {
    /// The organisation.
    pub uscc: String,
    /// The other representative's account.
    pub account: String,
    /// Last day.
    #[serde(deserialize_with = "crate::day::read")]
    pub through_on: Date,
}

/// Makes a code by which a representative is bound to an organisation: with a new account, or one that he has.
///
/// # Errors
/// `not_found` for an organisation without a file, `bad_parameter`, `account_taken`, or a fault.
pub fn invite(
    writer: &mut Writer,
    rulebook: &Rulebook,
    name: &str,
    holder: &str,
    uscc: Uscc,
    by: &str,
) -> Result<Bound> {
    judge_name(name)?;
    let today = writer.clock().today();
    let rules = rules(rulebook, today)?;
    let view = View::office(today);
    subject::find(writer.connection(), &view, uscc.as_str())?.ok_or(AppError::NotFound)?;
    let standing = account::find(writer.connection(), name)?;
    let usable = |account: &Account| {
        account.role == Role::Organisation.code() && matches!(account.state.as_str(), "invited" | "active")
    };
    if standing.as_ref().is_some_and(|account| !usable(account)) {
        return Err(AppError::refused("account_taken", "account", "账户名已被使用，且不是可用的信用主体代表账户"));
    }
    let entry = match standing {
        Some(_) => None,
        None => Some(entry(name, holder)?),
    };
    let mut act = draft("representative_code", by, "", name, rulebook, today);
    act.details.insert("organisation".to_owned(), uscc.as_str().into());
    act.details.insert("entered".to_owned(), entry.is_some().into());
    let (code, _) = writer.change(&act, |change| {
        if let Some(entry) = &entry {
            account::enter(change, entry, by)?;
        }
        let missing = || credence_store::StoreError::Inconsistent(format!("account {name}"));
        let account = account::find(change.connection, name)?.ok_or_else(missing)?;
        if entry.is_some() {
            account::decide(change, &account, AccountState::Invited.code(), by)?;
        }
        let ends_at = rules.representative_ends(change.now);
        let of = invitation::For { account: &account.id, kind: "binding", uscc: uscc.as_str(), first: None, ends_at };
        let code = invitation::make(change, by, of)?;
        change.number_under_unit(PLATFORM_UNIT)?;
        Ok(code)
    })?;
    Ok(Bound { account: name.to_owned(), uscc: uscc.as_str().to_owned(), code })
}

/// A representative's account that is entered anew.
fn entry(name: &str, holder: &str) -> Result<Entry> {
    let holder = holder.trim();
    if holder.is_empty() || holder.chars().count() > 100 || holder.chars().any(char::is_control) {
        return Err(AppError::refused("bad_parameter", "holder", "请填写代表人姓名"));
    }
    Ok(Entry {
        name: name.to_owned(),
        holder: holder.to_owned(),
        staff_number: String::new(),
        role: Role::Organisation.code().to_owned(),
        unit: String::new(),
        ends_on: None,
    })
}

/// Binds a representative who is signed in to another organisation, by its code.
///
/// # Errors
/// `invitation_invalid`, or a fault.
pub fn bind(service: &Service, desk: &Desk, account: &Account, code: &str) -> Result<String> {
    let invalid = || AppError::refused("invitation_invalid", "code", "核验码无效、已使用、已过期，或不是发给本账户的");
    let (today, now) = (service.real_today(), service.now_micros());
    let found = service.read(|connection| invitation::find(connection, code))?;
    let found = found
        .filter(|found| found.used_at.is_none() && now < found.ends_at)
        .filter(|found| found.kind == "binding" && found.account == account.id)
        .ok_or_else(invalid)?;
    let mut act = draft("representative_binding", &account.name, "", &account.name, service.rulebook(), today);
    act.details.insert("organisation".to_owned(), found.uscc.clone().into());
    let (uscc, id, by) = (found.uscc.clone(), account.id, account.entered_by.clone());
    let bound = desk.act(move |writer| {
        let (bound, _) = writer.change(&act, |change| {
            if !invitation::take_up(change, &found)? {
                return Ok(false);
            }
            binding::bind(change, &found.uscc, &id, &by, today, None)?;
            change.number_under_unit(PLATFORM_UNIT)?;
            Ok(true)
        })?;
        Ok(bound)
    })?;
    if bound { Ok(uscc) } else { Err(invalid()) }
}

/// A representative lets another speak for one of his organisations, until a day.
///
/// # Errors
/// `forbidden` for an organisation that is not his, `delegate_invalid`, `bad_parameter`, or a fault.
pub fn delegate(
    writer: &mut Writer,
    rulebook: &Rulebook,
    by: &Account,
    organisations: &[String],
    asked: &Delegation,
) -> Result<()> {
    let today = writer.clock().today();
    if !organisations.contains(&asked.uscc) {
        return Err(AppError::refused("forbidden", "uscc", "只能就本账户代表的信用主体办理委托"));
    }
    if asked.through_on < today {
        return Err(AppError::refused("bad_parameter", "through_on", "委托截止日须为今天或以后"));
    }
    let other = account::find(writer.connection(), &asked.account)?.filter(|other| {
        other.role == Role::Organisation.code() && other.state == AccountState::Active.code() && other.id != by.id
    });
    let other = other.ok_or_else(|| {
        let text = "受托人须有另一个在用的信用主体代表账户";
        AppError::refused("delegate_invalid", "account", text)
    })?;
    let mut act = draft("representative_delegation", &by.name, "", &other.name, rulebook, today);
    act.details.insert("organisation".to_owned(), asked.uscc.clone().into());
    act.details.insert("through_on".to_owned(), asked.through_on.to_string().into());
    writer.change(&act, |change| {
        binding::bind(change, &asked.uscc, &other.id, &by.name, today, Some(asked.through_on))?;
        change.number_under_unit(PLATFORM_UNIT)
    })?;
    Ok(())
}

/// Ends a binding: by the office, by the organisation's representative who delegated, or by its holder.
///
/// # Errors
/// `not_found`, or a fault.
pub fn unbind(writer: &mut Writer, rulebook: &Rulebook, name: &str, uscc: &str, by: &str, reason: &str) -> Result<()> {
    let account = account::find(writer.connection(), name)?.ok_or(AppError::NotFound)?;
    let today = writer.clock().today();
    let mut act = draft("representative_end", by, reason, name, rulebook, today);
    act.details.insert("organisation".to_owned(), uscc.into());
    let (ended, _) = writer.change(&act, |change| {
        let ended = binding::end(change, uscc, &account.id)?;
        if ended {
            change.number_under_unit(PLATFORM_UNIT)?;
        }
        Ok(ended)
    })?;
    if ended { Ok(()) } else { Err(AppError::NotFound) }
}
