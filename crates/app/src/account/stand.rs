//! Suspending, resuming and ending an account; deputies, and handing over of open work when someone leaves.

use super::{draft, numbered_under, reason};
use crate::{AppError, Result, Writer, queue};
use credence_domain::access::{AccountState, Event};
use credence_domain::rulebook::Rulebook;
use credence_store::account::{self, Account, Deputy};
use credence_store::{assignment, incident};

/// Who does it, and why.
#[derive(Clone, Copy, Debug)]
pub struct Change<'c> {
    /// Name of the account that acts.
    pub by: &'c str,
    /// Why.
    pub reason: &'c str,
}

fn find(writer: &mut Writer, name: &str) -> Result<Account> {
    account::find(writer.connection(), name)?.ok_or(AppError::NotFound)
}

fn after(account: &Account, event: Event) -> Result<AccountState> {
    let state = AccountState::from_code(&account.state);
    state.and_then(|state| state.after(event).ok()).ok_or_else(|| {
        let name = state.map_or("未知", AccountState::name);
        AppError::refused("account_state", "account", format!("账户当前为“{name}”，不能这样办理"))
    })
}

/// Suspends an account: every session of it ends.
///
/// # Errors
/// `not_found`, `account_state`, `reason_missing`, `own_account`, or a fault.
pub fn suspend(writer: &mut Writer, rulebook: &Rulebook, name: &str, change: Change<'_>) -> Result<()> {
    step(writer, rulebook, name, change, ("account_suspension", Event::Suspend))
}

/// Lets an account sign in again.
///
/// # Errors
/// As [`suspend`].
pub fn resume(writer: &mut Writer, rulebook: &Rulebook, name: &str, change: Change<'_>) -> Result<()> {
    step(writer, rulebook, name, change, ("account_resumption", Event::Resume))
}

fn step(
    writer: &mut Writer,
    rulebook: &Rulebook,
    name: &str,
    change: Change<'_>,
    (kind, event): (&'static str, Event),
) -> Result<()> {
    let why = reason(change.reason)?;
    if change.by == name {
        return Err(AppError::refused("own_account", "account", "不能办理自己的账户，请由另一名管理员办理"));
    }
    let account = find(writer, name)?;
    let state = after(&account, event)?;
    let act = draft(kind, change.by, why, name, rulebook, writer.clock().today());
    writer.change(&act, |change| {
        account::set_state(change, &account.id, state.code())?;
        change.number_under_unit(numbered_under(&account.unit))
    })?;
    Ok(())
}

/// Ends an account for good. What its holder had taken in hand goes to a successor, who must be named where there is any; what was
/// assigned to it and still waits goes to him too, and where none is named it is the unit's again. How much was handed over.
///
/// # Errors
/// `hand_over_needed` with how much there is, `successor_invalid`, or as [`suspend`].
pub fn end(
    writer: &mut Writer,
    rulebook: &Rulebook,
    name: &str,
    successor: Option<&str>,
    change: Change<'_>,
) -> Result<usize> {
    let why = reason(change.reason)?;
    if change.by == name {
        return Err(AppError::refused("own_account", "account", "不能办理自己的账户，请由另一名管理员办理"));
    }
    let account = find(writer, name)?;
    let state = after(&account, Event::End)?;
    let mut work = incident::owned(writer.connection(), name)?;
    let today = writer.clock().today();
    let assigned = queue::open_of(writer.connection(), rulebook, today, name)?;
    let successor = match (successor.filter(|name| !name.is_empty()), work.len()) {
        (None, 0) => None,
        (None, count) => {
            let text = format!("该账户有{count}件未办结的工作，请指定接办人");
            return Err(AppError::refused("hand_over_needed", "successor", text));
        }
        (Some(other), _) => Some(able(writer, &account, other)?.name),
    };
    let mut act = draft("account_end", change.by, why, name, rulebook, today);
    if let Some(successor) = &successor {
        act.details.insert("successor".to_owned(), successor.clone().into());
    }
    let by = change.by;
    writer.change(&act, |change| {
        account::set_state(change, &account.id, state.code())?;
        for incident in &mut work {
            incident.owner = successor.clone().unwrap_or_default();
            incident::put(change, incident)?;
        }
        for task in &assigned {
            assignment::put(change, &task.task(), successor.as_deref(), by)?;
        }
        change.number_under_unit(numbered_under(&account.unit))
    })?;
    Ok(work.len() + if successor.is_some() { assigned.len() } else { 0 })
}

/// Another account that can do the work of this one: active, of the same role and unit.
fn able(writer: &mut Writer, account: &Account, other: &str) -> Result<Account> {
    let found = account::find(writer.connection(), other)?;
    let fits = |found: &Account| {
        found.state == AccountState::Active.code()
            && (&found.role, &found.unit) == (&account.role, &account.unit)
            && found.id != account.id
    };
    found.filter(fits).ok_or_else(|| {
        AppError::refused("successor_invalid", "successor", "接办人、代理人须为同一单位、同一角色的在用账户")
    })
}

/// Names who stands in for the holder for some days, or nobody.
///
/// # Errors
/// `not_found`, `successor_invalid`, `bad_parameter` for days that end before they begin, `reason_missing`, or a fault.
pub fn set_deputy(
    writer: &mut Writer,
    rulebook: &Rulebook,
    name: &str,
    deputy: Option<&Deputy>,
    change: Change<'_>,
) -> Result<()> {
    let why = reason(change.reason)?;
    let account = find(writer, name)?;
    let today = writer.clock().today();
    let mut act = draft("deputy", change.by, why, name, rulebook, today);
    if let Some(deputy) = deputy {
        able(writer, &account, &deputy.name)?;
        if deputy.through_on < deputy.from_on || deputy.through_on < today {
            return Err(AppError::refused("bad_parameter", "through_on", "代理期限须在今天以后结束，且不早于开始日"));
        }
        act.details.insert("deputy".to_owned(), deputy.name.clone().into());
        act.details.insert("from_on".to_owned(), deputy.from_on.to_string().into());
        act.details.insert("through_on".to_owned(), deputy.through_on.to_string().into());
    }
    writer.change(&act, |change| {
        account::set_deputy(change, &account.id, deputy)?;
        change.number_under_unit(numbered_under(&account.unit))
    })?;
    Ok(())
}
