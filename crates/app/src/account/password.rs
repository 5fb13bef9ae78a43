//! Passwords (密码): kept as Argon2id hashes with a salt of their own. Checking one takes as long where there is no account.

use crate::{AppError, Result};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use credence_domain::access::SignInVersion;

/// Hash of a password that nobody has: what is checked where there is no account.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy10aGlz$3yqU4Nw5n0hT0mC0s6m4kq1o6m8H7vV2mY5cQ1m0Xxk";

/// The hash of a password, with this salt.
///
/// # Errors
/// A fault of the hash function.
pub(super) fn hash(password: &str, salt: &[u8; 16]) -> Result<String> {
    let hashed: argon2::password_hash::Result<PasswordHash> =
        Argon2::default().hash_password_with_salt(password.as_bytes(), salt);
    hashed.map(|hash| hash.to_string()).map_err(|error| AppError::Io(std::io::Error::other(error.to_string())))
}

/// Whether a password is the one of a hash; with an empty hash it is none, and that takes as long.
pub(super) fn is_right(password: &str, hash: &str) -> bool {
    let nobody = hash.is_empty();
    let Ok(parsed) = PasswordHash::new(if nobody { NOBODY } else { hash }) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && !nobody
}

/// Judges a new password.
///
/// # Errors
/// `password_weak`, saying what it must be.
pub(super) fn judge(rules: &SignInVersion, account: &str, password: &str) -> Result<()> {
    let weak = |fault: credence_domain::access::PasswordFault| {
        AppError::refused("password_weak", "password", fault.text(rules))
    };
    rules.judge_password(account, password).map_err(weak)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_right_for_its_own_hash_alone() {
        let kept = hash("泰山-Sunrise-4", &[7; 16]).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$"));
        assert!(is_right("泰山-Sunrise-4", &kept) && !is_right("泰山-Sunrise-5", &kept));
        assert!(!is_right("", "") && !is_right("x", "nonsense"));
        assert!(PasswordHash::new(NOBODY).is_ok(), "the stand-in costs as much as any other");
        assert_ne!(kept, hash("泰山-Sunrise-4", &[8; 16]).unwrap());
    }
}
