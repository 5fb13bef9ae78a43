//! Keys (密钥) of source units: issued and revoked by the office, asked for by every write over HTTP.

use crate::service::Service;
use crate::{AppError, Result, Writer};
use credence_domain::access::KeyScope;
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::clock::instant_text;
use credence_store::connection::Connection;
pub use credence_store::key::Key;
use credence_store::{key, unit};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A key as the office sees it: never the key itself.
#[derive(Clone, Debug, Serialize)]
pub struct KeyView {
    /// Its number.
    pub number: String,
    /// The unit that sends with it.
    pub source: String,
    /// Instant of issue.
    pub issued_at: String,
    /// Who issued it.
    pub issued_by: String,
    /// Last day on which it opens anything.
    pub expires_on: Option<Date>,
    /// Instant of revocation.
    pub revoked_at: Option<String>,
    /// Codes of the items that it may send; none: every item.
    pub items: Vec<String>,
    /// Codes of the actions that it may do; none: all that systems of units may.
    pub actions: Vec<String>,
}

/// A key that is wanted for a unit's system.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// The unit that will send with it.
    pub source: String,
    /// Last day on which it opens anything; open when absent.
    #[serde(default, deserialize_with = "crate::day::read_optional")]
    pub expires_on: Option<Date>,
    /// Items that it may send; none: every item.
    #[serde(default)]
    pub items: Vec<String>,
    /// Actions that it may do; none: all that systems of units may.
    #[serde(default)]
    pub actions: Vec<String>,
}

impl Wanted {
    /// A key that is narrowed to nothing.
    #[must_use]
    pub fn whole(source: Uscc, expires_on: Option<Date>) -> Self {
        Self { source: source.to_string(), expires_on, items: Vec::new(), actions: Vec::new() }
    }

    /// What is issued, if it can be.
    ///
    /// # Errors
    /// `unit_unknown`, `bad_parameter` for an end that has passed, an item that is not in the list or an action to which no key can
    /// be narrowed, or a fault.
    pub(crate) fn examine(
        &self,
        connection: &mut Connection,
        rulebook: &Rulebook,
        today: Date,
        (by, second, reason): (&str, Option<&str>, &str),
    ) -> Result<key::New> {
        if unit::find(connection, &self.source, today)?.is_none() {
            let text = format!("单位目录中没有{}，请先用 credence unit set 登记该单位", self.source);
            return Err(AppError::refused("unit_unknown", "source", text));
        }
        if self.expires_on.is_some_and(|day| day < today) {
            return Err(AppError::refused("bad_parameter", "expires", "有效期截止日已过，请填写今天或以后的日期"));
        }
        // An empty name among those given would be dropped, and a list of nothing else narrow nothing.
        for (field, codes) in [("items", &self.items), ("actions", &self.actions)] {
            if codes.iter().any(|code| code.trim().is_empty() || code.contains(',')) {
                return Err(AppError::refused(
                    "bad_parameter",
                    field,
                    "列出的代码不能为空；不加限制的，请不要填写这一项",
                ));
            }
        }
        let scope = KeyScope::read(&self.items.join(","), &self.actions.join(","));
        if let Some(item) = scope.items.iter().find(|item| !rulebook.items.contains_key(*item)) {
            let text = format!("数据清单中没有事项{item}");
            return Err(AppError::refused("bad_parameter", "items", text));
        }
        if let Some(action) = scope.unknown_action() {
            let known: Vec<&str> = KeyScope::ACTIONS.iter().map(|(action, _)| action.code()).collect();
            let text = format!("密钥不能限于{action}，可用的有：{}", known.join("、"));
            return Err(AppError::refused("bad_parameter", "actions", text));
        }
        let (by, second, reason) = (by.to_owned(), second.map(str::to_owned), reason.to_owned());
        Ok(key::New { source: self.source.clone(), expires_on: self.expires_on, scope, by, second, reason })
    }
}

/// A key that was just issued: the only answer that ever carries it.
#[derive(Clone, Serialize)]
pub struct Issued {
    /// The key, to be kept by the unit.
    pub key: String,
    /// What is known of it from now on.
    #[serde(flatten)]
    pub view: KeyView,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued").field("view", &self.view).finish_non_exhaustive()
    }
}

fn view(key: Key) -> KeyView {
    KeyView {
        number: key.number,
        source: key.source,
        issued_at: instant_text(key.issued_at),
        issued_by: key.issued_by,
        expires_on: key.expires_on,
        revoked_at: key.revoked_at.map(instant_text),
        items: key.scope.items,
        actions: key.scope.actions,
    }
}

/// Issues a key to a unit of the directory.
///
/// # Errors
/// As [`Wanted::examine`]; `four_eyes` where the second person is the first.
pub fn issue(
    writer: &mut Writer,
    rulebook: &Rulebook,
    wanted: &Wanted,
    by: (&str, Option<&str>, &str),
) -> Result<Issued> {
    let same = |second: &str| second.trim().to_lowercase() == by.0.trim().to_lowercase();
    if by.1.is_some_and(|second| same(second) || second.trim().is_empty()) {
        return Err(AppError::refused("four_eyes", "second", "签发和复核须由两人办理，且不得为同一人"));
    }
    let today = writer.clock().today();
    let new = wanted.examine(writer.connection(), rulebook, today, by)?;
    let (secret, issued) = key::issue(writer, &new, &rulebook.digest)?;
    writer.sequence()?;
    Ok(Issued { key: secret, view: view(issued) })
}

/// Refuses what a key may not send, by the number under which a file came; an account's name narrows nothing.
///
/// # Errors
/// `key_scope`, or a fault.
pub(crate) fn may_send(connection: &mut Connection, number: &str, item: &str) -> Result<()> {
    match key::by_number(connection, number)?.filter(|key| !key.scope.sends(item)) {
        Some(key) => Err(out_of_scope(&key.scope, item)),
        None => Ok(()),
    }
}

/// A key that may not send an item.
pub(crate) fn out_of_scope(scope: &KeyScope, item: &str) -> AppError {
    let text =
        format!("这把密钥只可报送{}，不可报送{item}；需要的，请向信用管理部门申请另一把", scope.items.join("、"));
    AppError::refused("key_scope", "item", text)
}

/// Revokes a key by its number; false when it was revoked before.
///
/// # Errors
/// `not_found`, or a fault.
pub fn revoke(writer: &mut Writer, rulebook: &Rulebook, number: &str, actor: &str, reason: &str) -> Result<bool> {
    let known = key::list(writer.connection())?.into_iter().find(|key| key.number == number);
    let revoked = key::revoke(writer, &known.ok_or(AppError::NotFound)?, actor, reason, &rulebook.digest)?;
    writer.sequence()?;
    Ok(revoked)
}

/// The same for an administrator, who says why.
///
/// # Errors
/// `reason_missing`, or as [`revoke`].
pub fn take_back(writer: &mut Writer, rulebook: &Rulebook, number: &str, actor: &str, reason: &str) -> Result<bool> {
    revoke(writer, rulebook, number, actor, crate::account::reason(reason)?)
}

impl Service {
    /// Every key ever issued.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn keys(&self) -> Result<Vec<KeyView>> {
        Ok(self.read(key::list)?.into_iter().map(view).collect())
    }

    /// The key that a request carries, if it opens anything today.
    ///
    /// # Errors
    /// `unauthorised` alike for a key that is unknown, revoked or expired; or a fault.
    pub fn authenticate(&self, secret: &str) -> Result<Key> {
        let found = self.read(|connection| key::find(connection, &key::digest(secret)))?;
        let today = self.real_today();
        found
            .filter(|key| key.revoked_at.is_none() && key.expires_on.is_none_or(|last| today <= last))
            .ok_or_else(unauthorised)
    }
}

/// No valid key came with the request.
#[must_use]
pub fn unauthorised() -> AppError {
    AppError::refused(
        "unauthorised",
        "authorization",
        "请登录，或者在 Authorization: Bearer 中提供有效的报送密钥或会话",
    )
}
