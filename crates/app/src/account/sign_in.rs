//! Signing in: account, password and, where it was set up, a code of the second factor. Every refusal reads the same, and
//! checking takes as long where there is no such account.

use super::{password, role, rules, second_factor};
use crate::desk::Desk;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::access::{AccountState, Attempt, Role, SignInVersion};
use credence_store::account::{self, Account, session};
use credence_store::clock::instant_text;
use serde::{Deserialize, Serialize};

/// What somebody signs in with.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// Name of the account.
    pub account: String,
    /// Its password.
    pub password: String,
    /// Code of the second factor.
    #[serde(default)]
    pub code: Option<String>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials { … }")
    }
}

/// A session that began: the only answer that ever carries its token.
#[derive(Clone, Serialize)]
pub struct SignedIn {
    /// The token.
    pub token: String,
    /// Code of the role.
    pub role: Role,
    /// When the session ends.
    pub expires_at: String,
    /// How long that is.
    #[serde(skip)]
    pub lasts_seconds: i64,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn")
            .field("role", &self.role)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// The longest text that is looked at.
const TEXT_MAX_BYTES: usize = 1_000;

pub(super) fn refused() -> AppError {
    let text = "账户、密码或动态码不正确，或账户已锁定、停用。连续多次失败会锁定一段时间，请稍后再试或联系管理员";
    AppError::refused("sign_in_refused", "", text)
}

impl Service {
    /// Signs in.
    ///
    /// # Errors
    /// `sign_in_refused` alike for everything that is not right; `secret_key_missing` where a second factor is sealed with a key
    /// that is not there; or a fault.
    pub fn sign_in(&self, desk: &Desk, credentials: &Credentials, agent: &str) -> Result<SignedIn> {
        let texts = [Some(&credentials.account), Some(&credentials.password), credentials.code.as_ref()];
        if texts.into_iter().flatten().any(|text| text.len() > TEXT_MAX_BYTES || text.contains('\0')) {
            return Err(refused());
        }
        let (today, now) = (self.real_today(), self.now_micros());
        let rules = rules(self.rulebook(), today)?;
        let found = self.read(|connection| account::find(connection, &credentials.account))?;
        let kept = found.as_ref().map_or("", |account| account.password.as_str());
        let right = password::is_right(&credentials.password, kept);
        let Some(account) = found else { return Err(refused()) };
        let attempt = Attempt { failed: account.failed, locked_until: account.locked_until };
        let open = account.state == AccountState::Active.code() && account.ends_on.is_none_or(|last| today <= last);
        if attempt.is_locked(now) || !open {
            return Err(refused());
        }
        // What is sealed is opened behind the right password only: a missing key tells nobody else that there is something.
        let code = credentials.code.as_deref();
        let checked = if right { second_factor::check(&account, &self.keyring(), code, now)? } else { None };
        let step = match checked {
            Some(step) => step,
            None => {
                self.failed_attempt(desk, &rules, &account)?;
                return Err(refused());
            }
        };
        let ends_at = rules.session_ends(now);
        let agent: String = agent.chars().filter(|c| !c.is_control()).take(120).collect();
        let id = account.id;
        let token = desk.act(move |writer| {
            // A code opens once, also when two ask at the same time.
            if let Some(step) = step
                && !account::second_factor::used(writer, &id, step)?
            {
                return Ok(None);
            }
            Ok(Some(session::begin(writer, &id, ends_at, &agent)?.0))
        })?;
        let token = token.ok_or_else(refused)?;
        Ok(SignedIn {
            token,
            role: role(&account)?,
            expires_at: instant_text(ends_at),
            lasts_seconds: (ends_at - now) / 1_000_000,
        })
    }

    /// Counts a failure against the account.
    pub(super) fn failed_attempt(&self, desk: &Desk, rules: &SignInVersion, account: &Account) -> Result<()> {
        let (id, now, rules) = (account.id, self.now_micros(), rules.clone());
        let locked = desk.act(move |writer| {
            let after = |failed, locked_until| {
                let after = rules.failed(Attempt { failed, locked_until }, now);
                (after.failed, after.locked_until)
            };
            Ok(session::fail(writer, &id, after)?)
        })?;
        if locked.is_some() {
            tracing::warn!(account = account.name, "locked after failed attempts");
        }
        Ok(())
    }
}
