//! Keys (密钥) of source units: issued and revoked by the office, asked for by every write over HTTP.

use crate::service::Service;
use crate::{AppError, Result, Writer};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::clock::instant_text;
pub use credence_store::key::Key;
use credence_store::{key, unit};
use jiff::civil::Date;
use serde::Serialize;

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
    }
}

/// Issues a key to a unit of the directory.
///
/// # Errors
/// `unit_unknown`, `bad_parameter` for an end that has passed, or a fault.
pub fn issue(
    writer: &mut Writer,
    rulebook: &Rulebook,
    source: Uscc,
    expires_on: Option<Date>,
    actor: &str,
) -> Result<Issued> {
    let today = writer.clock().today();
    if unit::find(writer.connection(), source.as_str(), today)?.is_none() {
        let text = format!("单位目录中没有{source}，请先用 credence unit set 登记该单位");
        return Err(AppError::refused("unit_unknown", "source", text));
    }
    if expires_on.is_some_and(|day| day < today) {
        return Err(AppError::refused("bad_parameter", "expires", "有效期截止日已过，请填写今天或以后的日期"));
    }
    let (secret, issued) = key::issue(writer, source.as_str(), expires_on, actor, &rulebook.digest)?;
    writer.sequence()?;
    Ok(Issued { key: secret, view: view(issued) })
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
