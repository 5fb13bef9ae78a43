//! Accounts (账户): staff, representatives of organisations, partners and administrators, from the first entry to the end.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十八 (主体权益保护, 信息安全). An account is entered by one administrator and granted by another
//! (三员分立); its holder takes it up with both halves of an invitation, so that neither of them can be him. Whether somebody
//! may do a thing is decided by [`crate::access`] before these are called.

mod enter;
mod open;
mod password;
mod representative;
mod second_factor;
mod sign_in;
mod stand;
mod take_up;
mod view;

pub use credence_store::account::Deputy;
pub use enter::{Asked, Entered, enter, reset};
pub use open::{Person, SessionView, end_session};
pub use representative::{Bound, Delegation, bind, delegate, invite, unbind};
pub use second_factor::{SecondFactor, begin_second_factor, confirm_second_factor, drop_second_factor};
pub use sign_in::{Credentials, SignedIn};
pub use stand::{Change, end, resume, set_deputy, suspend};
pub use take_up::{Invited, TakenUp, change_password, take_up};
pub use view::{AccountView, BindingView, list};

pub(crate) use enter::{grant, refuse};
pub(crate) use second_factor::code_at;

use crate::{AppError, Result};
use credence_domain::access::{Role, SignInVersion};
use credence_domain::rulebook::Rulebook;
use credence_store::account::Account;
use credence_store::act::Draft;
use jiff::civil::Date;
use serde_json::Map;

/// The law behind what is done to accounts.
const BASIS: &str = "鲁信用办〔2019〕8号 十八";

/// The rules of signing in on a day: the edition's, else those that the program ships.
///
/// # Errors
/// `fault` where neither has any.
pub fn rules(rulebook: &Rulebook, day: Date) -> Result<SignInVersion> {
    if let Some(rules) = rulebook.access.sign_in.as_ref().and_then(|rules| rules.on(day)) {
        return Ok(rules.clone());
    }
    let shipped = crate::rulebook::shipped()?;
    let rules = shipped.access.sign_in.as_ref().and_then(|rules| rules.on(day)).cloned();
    rules.ok_or_else(|| AppError::Rulebook("no edition says how to sign in".to_owned()))
}

/// An act on an account: its header names the account and nobody's name.
fn draft(kind: &'static str, actor: &str, reason: &str, account: &str, rulebook: &Rulebook, day: Date) -> Draft {
    let mut details = Map::new();
    details.insert("account".to_owned(), account.into());
    Draft {
        kind,
        actor: actor.to_owned(),
        second: None,
        purpose: "access",
        basis: BASIS.to_owned(),
        reason: reason.to_owned(),
        rulebook: rulebook.digest,
        as_of: day,
        batch: None,
        details,
    }
}

/// The unit under which acts on an account are numbered: its own, and the office's for a representative.
fn numbered_under(unit: &str) -> &str {
    if unit.is_empty() { crate::rulebook::PLATFORM_UNIT } else { unit }
}

/// The role of an account as it is stored.
fn role(account: &Account) -> Result<Role> {
    let unknown = || credence_store::StoreError::Inconsistent(format!("account with role {:?}", account.role));
    Ok(Role::from_code(&account.role).ok_or_else(unknown)?)
}

/// A reason that a person gave: it must say something.
///
/// # Errors
/// `reason_missing`.
pub(crate) fn reason(text: &str) -> Result<&str> {
    let text = text.trim();
    if is_blank(text) {
        return Err(AppError::refused("reason_missing", "reason", "请写明理由"));
    }
    if text.chars().count() > 500 || text.chars().any(char::is_control) {
        return Err(AppError::refused("bad_parameter", "reason", "理由最长500个字符，且不得含控制字符"));
    }
    Ok(text)
}

/// Whether a text says nothing: white space and marks that nobody sees.
pub(crate) fn is_blank(text: &str) -> bool {
    credence_domain::catalog::fold::fold(text).is_empty()
}

/// Whether two names are one person's: width, case, white space and marks that nobody sees make no other.
pub(crate) fn is_same_name(one: &str, other: &str) -> bool {
    let folded = |name: &str| credence_domain::record::identity::fold(name);
    folded(one) == folded(other)
}

/// A short text of a form, perhaps empty.
///
/// # Errors
/// `bad_parameter` beyond so many characters, or with control characters.
pub(crate) fn short<'t>(text: &'t str, field: &'static str, most: usize) -> Result<&'t str> {
    let text = text.trim();
    if text.chars().count() > most || text.chars().any(char::is_control) {
        return Err(AppError::refused("bad_parameter", field, format!("最长{most}个字符，且不得含控制字符")));
    }
    Ok(text)
}
