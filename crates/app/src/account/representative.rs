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
use credence_store::account::{self, Account, AccountId, Entry, binding, invitation};
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

/// A representative lets another speak for one of his organisations, until a day. A day that is over ends at once what he
/// delegated before.
///
/// # Errors
/// `forbidden` for an organisation that is not his or was itself delegated to him, `delegate_invalid` for himself and for whom
/// somebody else bound to it, `bad_parameter` for a day that is over or after his own last one; or a fault.
pub fn delegate(
    writer: &mut Writer,
    rulebook: &Rulebook,
    by: &Account,
    organisations: &[String],
    asked: &Delegation,
) -> Result<()> {
    let today = writer.clock().today();
    let other = account::find(writer.connection(), &asked.account)?;
    let standing = match &other {
        Some(other) => binding::find(writer.connection(), &asked.uscc, &other.id)?.filter(|one| !one.is_over(today)),
        None => None,
    };
    let is_his = standing.as_ref().is_some_and(|standing| standing.bound_by == by.name);
    if let Some(other) = other.as_ref().filter(|_| is_his && asked.through_on < today) {
        let end = End { uscc: &asked.uscc, by: &by.name, reason: "委托人终止委托", is_of_office: false };
        return end_with_delegations(writer, rulebook, (&other.name, &other.id), end);
    }
    judge_giver(writer, by, organisations, asked)?;
    let other = other.filter(|other| {
        other.role == Role::Organisation.code() && other.state == AccountState::Active.code() && other.id != by.id
    });
    let refused = |text: &str| AppError::refused("delegate_invalid", "account", text);
    let other = other.ok_or_else(|| refused("受托人须有另一个在用的信用主体代表账户"))?;
    if standing.is_some() && !is_his {
        return Err(refused("该账户已由信用管理部门核验或由他人委托代表该主体，不能另行委托"));
    }
    let mut act = draft("representative_delegation", &by.name, "", &other.name, rulebook, today);
    act.details.insert("organisation".to_owned(), asked.uscc.clone().into());
    act.details.insert("through_on".to_owned(), asked.through_on.to_string().into());
    writer.change(&act, |change| {
        binding::bind(change, &asked.uscc, &other.id, &by.name, today, Some(asked.through_on))?;
        change.number_under_unit(PLATFORM_UNIT)
    })?;
    Ok(())
}

/// Whoever delegates holds a binding that the office made, and gives no longer than he has it himself.
///
/// # Errors
/// `forbidden`, `bad_parameter`, or a fault.
fn judge_giver(writer: &mut Writer, by: &Account, organisations: &[String], asked: &Delegation) -> Result<()> {
    let today = writer.clock().today();
    let forbidden = |text: &str| AppError::refused("forbidden", "uscc", text);
    let own = binding::find(writer.connection(), &asked.uscc, &by.id)?
        .filter(|own| own.holds_on(today) && organisations.contains(&asked.uscc))
        .ok_or_else(|| forbidden("只能就本账户代表的信用主体办理委托"))?;
    let giver = account::find(writer.connection(), &own.bound_by)?;
    if giver.is_some_and(|giver| giver.role == Role::Organisation.code()) {
        return Err(forbidden("受托代表不能转委托，须由信用管理部门核验的代表人办理"));
    }
    let late = |text: &str| AppError::refused("bad_parameter", "through_on", text);
    if asked.through_on < today {
        return Err(late("委托截止日须为今天或以后"));
    }
    if own.through_on.is_some_and(|last| last < asked.through_on) {
        return Err(late("委托截止日不得晚于委托人自己的代表期限"));
    }
    Ok(())
}

/// Ends a binding by the office, and with it what its holder delegated for the organisation; a code for it that he has not used
/// is void. Whoever delegated ends that by [`delegate`].
///
/// # Errors
/// `not_found`, or a fault.
pub fn unbind(writer: &mut Writer, rulebook: &Rulebook, name: &str, uscc: &str, by: &str, reason: &str) -> Result<()> {
    let account = account::find(writer.connection(), name)?.ok_or(AppError::NotFound)?;
    end_with_delegations(writer, rulebook, (name, &account.id), End { uscc, by, reason, is_of_office: true })
}

/// The end of a binding: for which organisation, by whom and why.
#[derive(Clone, Copy)]
struct End<'e> {
    uscc: &'e str,
    by: &'e str,
    reason: &'e str,
    /// The office ends this very binding: its code that was not used is void with it.
    is_of_office: bool,
}

/// Ends what a holder delegated for an organisation and then his own binding, each by an act that names its account: were it cut
/// short, his own still stands and it is done again.
///
/// # Errors
/// `not_found` where nobody is bound, or a fault.
fn end_with_delegations(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (name, id): (&str, &AccountId),
    end: End<'_>,
) -> Result<()> {
    let bound = binding::find(writer.connection(), end.uscc, id)?.filter(|bound| bound.ended_at.is_none());
    bound.ok_or(AppError::NotFound)?;
    for (delegate, id) in delegates(writer, name, end.uscc)? {
        end_one(writer, rulebook, (&delegate, &id), End { is_of_office: false, ..end })?;
    }
    if end_one(writer, rulebook, (name, id), end)? { Ok(()) } else { Err(AppError::NotFound) }
}

/// Whom a holder let speak for an organisation, and whom these let, as older programs allowed.
fn delegates(writer: &mut Writer, name: &str, uscc: &str) -> Result<Vec<(String, AccountId)>> {
    let (mut found, mut givers) = (Vec::new(), vec![name.to_owned()]);
    while let Some(giver) = givers.pop() {
        for one in binding::delegated_by(writer.connection(), uscc, &giver)? {
            if one.0 != name && !found.contains(&one) {
                givers.push(one.0.clone());
                found.push(one);
            }
        }
    }
    Ok(found)
}

/// Ends one binding by an act; false when none holds.
fn end_one(writer: &mut Writer, rulebook: &Rulebook, (name, id): (&str, &AccountId), end: End<'_>) -> Result<bool> {
    let today = writer.clock().today();
    let mut act = draft("representative_end", end.by, end.reason, name, rulebook, today);
    act.details.insert("organisation".to_owned(), end.uscc.into());
    let (ended, _) = writer.change(&act, |change| {
        let ended = binding::end(change, end.uscc, id)?;
        if ended && end.is_of_office {
            invitation::void(change, id, "binding", end.uscc)?;
        }
        if ended {
            change.number_under_unit(PLATFORM_UNIT)?;
        }
        Ok(ended)
    })?;
    Ok(ended)
}
