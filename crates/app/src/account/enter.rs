//! Entering an account and asking for a reset: the first of two administrators. Granting and refusing: the second.

use super::{draft, numbered_under, reason, role};
use crate::{AppError, Result, Writer};
use credence_domain::access::{AccountState, Event, Role, SignInVersion};
use credence_domain::canonical::{hex, unhex};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::account::{self, Account, Entry, invitation};
use credence_store::act::Draft;
use credence_store::change::Change;
use credence_store::proposal::{self, Proposal};
use credence_store::unit;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What is entered.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// What its holder will sign in with.
    pub account: String,
    /// Code of the role.
    pub role: String,
    /// Its holder's name.
    pub holder: String,
    /// Its holder's number in the unit.
    pub staff_number: String,
    /// The unit.
    pub unit: String,
    /// Last day on which it opens anything.
    #[serde(default, deserialize_with = "crate::day::read_optional")]
    pub ends_on: Option<Date>,
    /// Why it is needed.
    pub reason: String,
}

/// An account that was entered, or whose reset was asked for.
#[derive(Clone, Serialize)]
pub struct Entered {
    /// Name of the account.
    pub account: String,
    /// The proposal on which the second person decides.
    pub proposal: String,
    /// First half of the invitation: shown this once, to be handed to the holder.
    pub first_half: String,
}

impl std::fmt::Debug for Entered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entered")
            .field("account", &self.account)
            .field("proposal", &self.proposal)
            .finish_non_exhaustive()
    }
}

/// The shortest and longest name of an account.
const NAME_CHARACTERS: std::ops::RangeInclusive<usize> = 3..=40;

/// Judges a name: lower-case letters, digits, `.`, `_`, `-`, a letter first, so that it is never somebody's number.
pub(super) fn judge_name(name: &str) -> Result<()> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
    let sound = NAME_CHARACTERS.contains(&name.len())
        && name.bytes().all(allowed)
        && name.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
    if sound {
        return Ok(());
    }
    let text = "账户名为3至40个小写字母、数字、点、下划线或连字符，以字母开头，不要使用手机号或身份证号";
    Err(AppError::refused("bad_parameter", "account", text))
}

/// Judges a text about a person.
fn judge_text(field: &str, text: &str) -> Result<()> {
    let length = text.trim().chars().count();
    if (1..=100).contains(&length) && !text.chars().any(char::is_control) {
        return Ok(());
    }
    Err(AppError::refused("bad_parameter", field, "须为1至100个字符，且不得含控制字符"))
}

/// Enters an account; its role waits for the second person.
///
/// # Errors
/// `bad_parameter`, `unit_unknown`, `account_taken`, `administrators_apart`, `reason_missing`, or a fault.
pub fn enter(writer: &mut Writer, rulebook: &Rulebook, asked: &Asked, by: &str) -> Result<Entered> {
    judge_name(&asked.account)?;
    judge_text("holder", &asked.holder)?;
    judge_text("staff_number", &asked.staff_number)?;
    let why = reason(&asked.reason)?;
    let role = Role::from_code(&asked.role).filter(|role| role.works_in_a_unit()).ok_or_else(|| {
        let text = "没有这一角色，或该角色不由管理员开户（信用主体代表由信用管理部门核验）";
        AppError::refused("bad_parameter", "role", text)
    })?;
    let today = writer.clock().today();
    if asked.ends_on.is_some_and(|last| last < today) {
        return Err(AppError::refused("bad_parameter", "ends_on", "截止日已过，请填写今天或以后的日期"));
    }
    let unit = Uscc::parse(&asked.unit).map_err(|error| AppError::refused(error.code(), "unit", "单位代码无效"))?;
    if unit::find(writer.connection(), unit.as_str(), today)?.is_none() {
        let text = format!("单位目录中没有{unit}，请先登记该单位");
        return Err(AppError::refused("unit_unknown", "unit", text));
    }
    if account::find(writer.connection(), &asked.account)?.is_some() {
        return Err(AppError::refused("account_taken", "account", "账户名已被使用（注销的账户名也不再使用）"));
    }
    apart(writer, role, unit.as_str(), asked.staff_number.trim())?;
    let entry = Entry {
        name: asked.account.clone(),
        holder: asked.holder.trim().to_owned(),
        staff_number: asked.staff_number.trim().to_owned(),
        role: role.code().to_owned(),
        unit: unit.as_str().to_owned(),
        ends_on: asked.ends_on,
    };
    let mut act = draft("account_entry", by, why, &entry.name, rulebook, today);
    act.details.insert("role".to_owned(), role.code().into());
    // Said where there is none, too: an act that is silent is one of an older program.
    act.details.insert("ends_on".to_owned(), entry.ends_on.map(|day| day.to_string()).into());
    let asked = ("account", entry.name.as_str(), entry.unit.as_str());
    propose(writer, &act, asked, |change| account::enter(change, &entry, by).map(drop))
}

/// Nobody is two administrators.
fn apart(writer: &mut Writer, role: Role, unit: &str, staff_number: &str) -> Result<()> {
    if !role.is_administrator() {
        return Ok(());
    }
    let held = account::of_unit(writer.connection(), unit)?;
    let other = held.iter().any(|account| {
        super::is_same_name(&account.staff_number, staff_number)
            && account.state != AccountState::Ended.code()
            && Role::from_code(&account.role).is_some_and(|held| held.is_administrator() && held != role)
    });
    if other {
        let text = "系统、安全、审计管理员须由不同的人担任，此人已担任其中之一";
        return Err(AppError::refused("administrators_apart", "role", text));
    }
    Ok(())
}

/// Asks for a new password of an account whose holder lost his.
///
/// # Errors
/// `not_found`, `account_state`, `reason_missing`, or a fault.
pub fn reset(writer: &mut Writer, rulebook: &Rulebook, name: &str, why: &str, by: &str) -> Result<Entered> {
    let why = reason(why)?;
    let account = account::find(writer.connection(), name)?.ok_or(AppError::NotFound)?;
    let state = account.state.as_str();
    // Of a representative whoever resets has seen the person again; a code of the office alone sets no password of one in use.
    if !matches!(state, "invited" | "active") || (role(&account)? == Role::Organisation && state != "active") {
        let text = "只有待启用的工作账户和在用的账户可以重置；待启用的信用主体代表请由信用管理部门重新核验";
        return Err(AppError::refused("account_state", "account", text));
    }
    let act = draft("proposal", by, why, name, rulebook, writer.clock().today());
    propose(writer, &act, ("account_reset", name, &account.unit), |_| Ok(()))
}

/// Does what is entered and asks for the second person's word, in one act.
fn propose(
    writer: &mut Writer,
    act: &Draft,
    (kind, name, unit): (&str, &str, &str),
    mut first_of_all: impl FnMut(&mut Change<'_>) -> credence_store::Result<()>,
) -> Result<Entered> {
    let (first_half, first) = invitation::half(writer)?;
    let details = json!({ "first": hex(&first) }).to_string();
    let (asked, _) = writer.change(act, |change| {
        let asked = proposal::Asked { kind, unit, uscc: "", subject: name, details: &details };
        let Some(asked) = proposal::ask(change, act, asked)? else { return Ok(None) };
        first_of_all(change)?;
        change.number_under_unit(numbered_under(unit))?;
        Ok(Some(asked))
    })?;
    let proposal = asked.ok_or_else(|| AppError::refused("already_proposed", "account", "已有相同的提请等待复核"))?;
    Ok(Entered { account: name.to_owned(), proposal: proposal.id, first_half })
}

/// Grants what a proposal asks for and gives the second half of the invitation.
pub(crate) fn grant(
    change: &mut Change<'_>,
    rules: &SignInVersion,
    proposal: &Proposal,
    account: &Account,
    by: &str,
) -> credence_store::Result<String> {
    if proposal.kind == "account" {
        account::decide(change, account, AccountState::Invited.code(), by)?;
    }
    let details: serde_json::Value = serde_json::from_str(&proposal.details).unwrap_or_default();
    let first = details.get("first").and_then(serde_json::Value::as_str).and_then(unhex);
    let of = invitation::For {
        account: &account.id,
        kind: "account",
        uscc: "",
        first: first.and_then(|first| first.try_into().ok()),
        ends_at: rules.invitation_ends(change.now),
    };
    invitation::make(change, by, of)
}

/// Refuses what a proposal asks for: an account that was never granted ends.
pub(crate) fn refuse(
    change: &mut Change<'_>,
    proposal: &Proposal,
    account: &Account,
    by: &str,
) -> credence_store::Result<()> {
    let state = AccountState::from_code(&account.state).and_then(|state| state.after(Event::Refuse).ok());
    match state {
        Some(state) if proposal.kind == "account" => account::decide(change, account, state.code(), by),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::judge_name;

    #[test]
    fn a_name_is_never_somebodys_number() {
        for name in ["13800138000", "370102199001011234", "AB", "张三", "a b", "-x1"] {
            assert!(judge_name(name).is_err(), "{name}");
        }
        assert!(judge_name("clerk.yunhai-01").is_ok());
    }
}
