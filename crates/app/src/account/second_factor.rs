//! The second factor (动态码, TOTP of RFC 6238): set up by its holder, confirmed by a first code, dropped with a code. A code
//! opens once. The secret is kept sealed (`credence_store::account::second_factor`).

use super::{draft, numbered_under};
use crate::desk::Desk;
use crate::service::Service;
use crate::{AppError, Result};
use credence_store::account::{Account, second_factor};
use credence_store::secret::Keyring;
use serde::Serialize;
use totp_rs::{Builder, Secret, Totp};

/// Seconds of a time step.
const STEP_SECONDS: u64 = 30;
const MICROS_A_SECOND: i64 = 1_000_000;

/// A second factor being set up: the only answer that ever carries its secret.
#[derive(Clone, Serialize)]
pub struct SecondFactor {
    /// The secret, in base 32, to be typed into an authenticator.
    pub secret: String,
    /// The same as an address that authenticators read.
    pub address: String,
}

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecondFactor { … }")
    }
}

fn totp(secret: &[u8]) -> Result<Totp> {
    // Six digits, SHA-1 and half a minute: what every authenticator reads; one step of drift either way.
    let built = Builder::new().with_secret(Secret::from(secret.to_vec())).with_skew(1).with_step_duration(STEP_SECONDS);
    built.build().map_err(|error| AppError::Io(std::io::Error::other(error.to_string())))
}

/// The time step of a code that is right at an instant.
fn step_of(secret: &[u8], code: &str, now: i64) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(now / MICROS_A_SECOND).ok()?;
    let step = totp(secret).ok()?.check(&code, seconds)?;
    i64::try_from(step).ok()
}

/// What an authenticator shows at an instant (microseconds) for a secret in base 32: for demonstrations, whose secrets none holds.
///
/// # Errors
/// `second_factor_wrong` for what is no secret.
pub(crate) fn code_at(secret: &str, now: i64) -> Result<String> {
    let wrong = || AppError::refused("second_factor_wrong", "secret", "动态码密钥无法读取");
    let secret = Secret::try_from_base32(secret).map_err(|_| wrong())?;
    let seconds = u64::try_from(now / MICROS_A_SECOND).map_err(|_| wrong())?;
    Ok(totp(secret.as_ref())?.generate(seconds).to_string())
}

/// Whether the code of an attempt is right: `None` when it is not, the step that it used where there is a second factor.
///
/// # Errors
/// `secret_key_missing` where the secret is sealed with a key that is not there, or a fault: never a way past it.
pub(super) fn check(account: &Account, keyring: &Keyring, code: Option<&str>, now: i64) -> Result<Option<Option<i64>>> {
    let Some(factor) = &account.second_factor else { return Ok(Some(None)) };
    let secret = factor.open(&account.id, &*keyring.opening()?)?;
    let step = step_of(&secret, code.unwrap_or_default(), now);
    Ok(step.filter(|step| *step > account.second_factor_step).map(Some))
}

/// Begins to set one up: nothing is kept before the first code confirms it.
///
/// # Errors
/// `second_factor_set` when there is one; or a fault.
pub fn begin_second_factor(desk: &Desk, account: &Account) -> Result<SecondFactor> {
    if account.second_factor.is_some() {
        let text = "已设置动态码；更换前请先用动态码停用原有的";
        return Err(AppError::refused("second_factor_set", "", text));
    }
    let secret = Secret::from(desk.chance::<20>()?.to_vec()).to_base32();
    let issuer = "Credence";
    let address = format!("otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}", account.name);
    Ok(SecondFactor { secret, address })
}

/// Keeps a second factor whose first code is right, sealed.
///
/// # Errors
/// `second_factor_wrong`; `secret_keys_gone` and its kin where the register's keys are not there; or a fault.
pub fn confirm_second_factor(
    service: &Service,
    desk: &Desk,
    account: &Account,
    secret: &str,
    code: &str,
) -> Result<()> {
    let wrong = || AppError::refused("second_factor_wrong", "code", "动态码不正确，请核对手机时间后重试");
    let secret = Secret::try_from_base32(secret).map_err(|_| wrong())?;
    let secret: Vec<u8> = secret.as_ref().to_vec();
    if secret.len() < 16 || account.second_factor.is_some() || step_of(&secret, code, service.now_micros()).is_none() {
        return Err(wrong());
    }
    keep(service, desk, account, Some(secret))
}

/// Gives the second factor up, with a code of it.
///
/// # Errors
/// `second_factor_wrong`; as [`check`]; or a fault.
pub fn drop_second_factor(service: &Service, desk: &Desk, account: &Account, code: &str) -> Result<()> {
    let wrong = || AppError::refused("second_factor_wrong", "code", "动态码不正确或已使用，请等待下一个动态码");
    let right = || check(account, &service.keyring(), Some(code), service.now_micros());
    if account.second_factor.is_none() || right()?.is_none() {
        return Err(wrong());
    }
    keep(service, desk, account, None)
}

fn keep(service: &Service, desk: &Desk, account: &Account, secret: Option<Vec<u8>>) -> Result<()> {
    let mut act = draft("second_factor", &account.name, "", &account.name, service.rulebook(), service.real_today());
    act.details.insert("set".to_owned(), secret.is_some().into());
    let (id, unit, today) = (account.id, account.unit.clone(), service.real_today());
    desk.act(move |writer| {
        writer.change(&act, |change| {
            match &secret {
                Some(secret) => second_factor::set(change, &id, secret, today)?,
                None => second_factor::drop(change.connection, &id)?,
            }
            change.number_under_unit(numbered_under(&unit))
        })?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_the_standard_is_right_within_a_step_and_no_longer() {
        // RFC 6238, appendix B, SHA-1: at 59 s the code of eight digits is 94287082.
        let secret = b"12345678901234567890";
        let at = |seconds: i64| step_of(secret, "287082", seconds * MICROS_A_SECOND);
        assert_eq!(at(59), Some(1));
        assert_eq!(at(89), Some(1));
        assert_eq!(at(120), None);
        assert_eq!(step_of(secret, "000000", 59 * MICROS_A_SECOND), None);
    }
}
