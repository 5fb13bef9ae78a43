//! Signing in (登录): what a password must be, when an account is locked, how long a session lasts.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十八 (信息安全). The numbers are dated rules; chance and the instant are arguments.

use crate::provision::{Basis, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

const MICROS_A_MINUTE: i64 = 60_000_000;

/// The rules, in dated versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Stable code, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version", default)]
    pub versions: Vec<SignInVersion>,
}

/// The rules of a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInVersion {
    /// First day.
    pub effective_from: Date,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law or standard.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// True where a number is a setting of ours, for confirmation.
    #[serde(default)]
    pub unverified: bool,
    /// The shortest password, in characters.
    pub password_min_characters: usize,
    /// How many kinds of characters (upper, lower, digit, other) it mixes at least.
    pub password_kinds_min: usize,
    /// Passwords that everybody tries first; compared in lower case.
    #[serde(default)]
    pub password_refused: Vec<String>,
    /// Failures in a row that lock an account.
    pub failures_max: i64,
    /// How long it stays locked.
    pub locked_minutes: i64,
    /// How long a session lasts.
    pub session_minutes: i64,
    /// How long an invitation or a reset can be taken up.
    pub invitation_minutes: i64,
    /// How long a code of an organisation's representative can be taken up.
    pub representative_minutes: i64,
}

/// What is wrong with a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// Shorter than the rule.
    TooShort,
    /// Longer than can be sensible.
    TooLong,
    /// Too few kinds of characters.
    TooPlain,
    /// It holds the account's name.
    HoldsTheAccount,
    /// Everybody tries it.
    TooCommon,
}

/// Where an account stands after an attempt to sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempt {
    /// Failures in a row.
    pub failed: i64,
    /// Locked until this instant.
    pub locked_until: Option<i64>,
}

/// The longest password, in characters: what is hashed must end.
const PASSWORD_MAX_CHARACTERS: usize = 200;

impl SignIn {
    /// The rules on a day.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&SignInVersion> {
        self.versions.iter().find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }
}

impl SignInVersion {
    /// Judges a new password of an account.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn judge_password(&self, account: &str, password: &str) -> Result<(), PasswordFault> {
        let characters = password.chars().count();
        if characters < self.password_min_characters {
            return Err(PasswordFault::TooShort);
        }
        if characters > PASSWORD_MAX_CHARACTERS {
            return Err(PasswordFault::TooLong);
        }
        let has = |kind: fn(char) -> bool| usize::from(password.chars().any(kind));
        let kinds = has(|c| c.is_ascii_lowercase())
            + has(|c| c.is_ascii_uppercase())
            + has(|c| c.is_ascii_digit())
            + has(|c| !c.is_ascii_alphanumeric());
        if kinds < self.password_kinds_min {
            return Err(PasswordFault::TooPlain);
        }
        let (lower, account) = (password.to_lowercase(), account.to_lowercase());
        if account.chars().count() >= 4 && lower.contains(&account) {
            return Err(PasswordFault::HoldsTheAccount);
        }
        if self.password_refused.iter().any(|common| lower.contains(common.as_str())) {
            return Err(PasswordFault::TooCommon);
        }
        Ok(())
    }

    /// Where the account stands after a failure at an instant.
    #[must_use]
    pub fn failed(&self, before: Attempt, now: i64) -> Attempt {
        // A lock that has run out begins a new count.
        let count = if before.locked_until.is_some_and(|until| until <= now) { 0 } else { before.failed };
        let failed = count + 1;
        let locked = failed >= self.failures_max;
        Attempt { failed, locked_until: locked.then(|| now + self.locked_minutes * MICROS_A_MINUTE) }
    }

    /// The instant at which a session of now ends.
    #[must_use]
    pub fn session_ends(&self, now: i64) -> i64 {
        now + self.session_minutes * MICROS_A_MINUTE
    }

    /// The instant until which an invitation of now can be taken up.
    #[must_use]
    pub fn invitation_ends(&self, now: i64) -> i64 {
        now + self.invitation_minutes * MICROS_A_MINUTE
    }

    /// The instant until which a representative's code of now can be taken up.
    #[must_use]
    pub fn representative_ends(&self, now: i64) -> i64 {
        now + self.representative_minutes * MICROS_A_MINUTE
    }
}

impl Attempt {
    /// Whether the account is locked at an instant.
    #[must_use]
    pub fn is_locked(&self, now: i64) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }
}

impl PasswordFault {
    /// What to do, in Chinese.
    #[must_use]
    pub fn text(self, rules: &SignInVersion) -> String {
        match self {
            PasswordFault::TooShort => format!("密码至少{}个字符", rules.password_min_characters),
            PasswordFault::TooLong => format!("密码最多{PASSWORD_MAX_CHARACTERS}个字符"),
            PasswordFault::TooPlain => {
                format!("密码须含大写字母、小写字母、数字、其他字符中的至少{}类", rules.password_kinds_min)
            }
            PasswordFault::HoldsTheAccount => "密码不得包含账户名".to_owned(),
            PasswordFault::TooCommon => "密码含有常见词语，容易被猜到，请另设密码".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> SignInVersion {
        SignInVersion {
            effective_from: jiff::civil::date(2019, 12, 10),
            effective_to: None,
            basis: Vec::new(),
            unverified: true,
            password_min_characters: 12,
            password_kinds_min: 3,
            password_refused: vec!["password".to_owned()],
            failures_max: 5,
            locked_minutes: 15,
            session_minutes: 480,
            invitation_minutes: 4_320,
            representative_minutes: 43_200,
        }
    }

    #[test]
    fn a_password_is_long_mixed_and_not_what_everybody_tries() {
        let judge = |password: &str| rules().judge_password("clerk01", password);
        assert_eq!(judge("Ab1-short"), Err(PasswordFault::TooShort));
        assert_eq!(judge("alllowercaseletters"), Err(PasswordFault::TooPlain));
        assert_eq!(judge("My-Clerk01-2026"), Err(PasswordFault::HoldsTheAccount));
        assert_eq!(judge("MyPassword-2026"), Err(PasswordFault::TooCommon));
        assert_eq!(judge(&"aB1".repeat(100)), Err(PasswordFault::TooLong));
        assert_eq!(judge("泰山-Sunrise-4"), Ok(()));
    }

    #[test]
    fn the_fifth_failure_locks_and_a_lock_that_ran_out_begins_anew() {
        let mut at = Attempt::default();
        for _ in 0..4 {
            at = rules().failed(at, 0);
            assert!(!at.is_locked(0));
        }
        at = rules().failed(at, 0);
        let ends = 15 * MICROS_A_MINUTE;
        assert!(at.is_locked(ends - 1) && !at.is_locked(ends));
        assert_eq!(rules().failed(at, ends), Attempt { failed: 1, locked_until: None });
    }
}
