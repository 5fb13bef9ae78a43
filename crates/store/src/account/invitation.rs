//! Invitations (邀请码): what is handed out once to take up an account, a reset, or a representative's binding. Only its
//! SHA-256 is kept; a new one takes the place of those before.
//!
//! An invitation of staff has two halves, one from each administrator, so that neither of them can take up an account that
//! is meant for another (三员分立).

use super::AccountId;
use super::session::digest;
use crate::change::{Change, Writer};
use crate::connection::Connection;
use crate::{Result, values};

/// An invitation, as far as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// SHA-256 of the code, or of its second half.
    pub digest: [u8; 32],
    /// SHA-256 of the first half, where there are two.
    pub first: Option<[u8; 32]>,
    /// Whose it is.
    pub account: AccountId,
    /// `account` (first use, or a reset) or `binding` (a representative's organisation).
    pub kind: String,
    /// The organisation, for a binding.
    pub uscc: String,
    /// Until when it can be taken up.
    pub ends_at: i64,
    /// When it was.
    pub used_at: Option<i64>,
}

/// Symbols of a code: none that is mistaken for another when it is read from paper.
const SYMBOLS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A code of 100 bits in groups of five, from 20 random bytes: one can be read out and typed.
fn code(chance: &[u8; 20]) -> String {
    let mut code = String::with_capacity(24);
    for (at, byte) in chance.iter().enumerate() {
        if at > 0 && at % 5 == 0 {
            code.push('-');
        }
        let symbol = SYMBOLS.get(usize::from(byte % 32)).copied().unwrap_or(b'2');
        code.push(char::from(symbol));
    }
    code
}

/// A code as it was typed: case, spaces and strokes do not matter.
#[must_use]
pub fn folded(typed: &str) -> String {
    let kept = typed.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_uppercase());
    kept.collect()
}

/// Half of a code, to be given out this once, with its SHA-256.
///
/// # Errors
/// When chance fails.
pub fn half(writer: &mut Writer) -> Result<(String, [u8; 32])> {
    let code = code(&writer.chance.bytes()?);
    let kept = digest(&folded(&code));
    Ok((code, kept))
}

/// Whose an invitation is and what it opens.
#[derive(Clone, Copy, Debug)]
pub struct For<'a> {
    /// The account.
    pub account: &'a AccountId,
    /// `account` or `binding`.
    pub kind: &'a str,
    /// The organisation, for a binding.
    pub uscc: &'a str,
    /// SHA-256 of the first half, where there are two.
    pub first: Option<[u8; 32]>,
    /// Until when it can be taken up.
    pub ends_at: i64,
}

/// Makes a code, or its second half, and gives it out, this once; earlier ones of the same kind and organisation are void.
///
/// # Errors
/// Whatever the database says.
pub fn make(change: &mut Change<'_>, by: &str, of: For<'_>) -> Result<String> {
    let For { account, kind, uscc, first, ends_at } = of;
    let code = code(&change.chance.bytes()?);
    let now = change.now;
    void(change, account, kind, uscc)?;
    change.connection.execute(
        "insert into invitation(digest, first, account, kind, uscc, made_by, made_at, ends_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![&digest(&folded(&code)), first.as_ref(), account, kind, uscc, by, now, ends_at],
    )?;
    Ok(code)
}

/// Makes void what an account was handed out of a kind and for an organisation and has not taken up.
///
/// # Errors
/// Whatever the database says.
pub fn void(change: &mut Change<'_>, account: &AccountId, kind: &str, uscc: &str) -> Result<()> {
    let now = change.now;
    change.connection.execute(
        "update invitation set used_at = $4 where account = $1 and kind = $2 and uscc = $3 and used_at is null",
        values![account, kind, uscc, now],
    )?;
    Ok(())
}

impl Invitation {
    /// Whether what was typed as the first half is the one that belongs to it.
    #[must_use]
    pub fn has_first(&self, typed: &str) -> bool {
        self.first.is_none_or(|first| first == digest(&folded(typed)))
    }
}

/// The invitation with a code as it was typed.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, typed: &str) -> Result<Option<Invitation>> {
    connection.first(
        "select digest, account, kind, uscc, ends_at, used_at, first from invitation where digest = $1",
        values![&digest(&folded(typed))],
        |row| {
            Ok(Invitation {
                digest: row.array(0)?,
                account: row.array(1)?,
                kind: row.string(2)?,
                uscc: row.string(3)?,
                ends_at: row.int(4)?,
                used_at: row.opt_int(5)?,
                first: row.opt_array(6)?,
            })
        },
    )
}

/// Takes it up; false when somebody was quicker.
///
/// # Errors
/// Whatever the database says.
pub fn take_up(change: &mut Change<'_>, invitation: &Invitation) -> Result<bool> {
    let now = change.now;
    let taken = change.connection.execute(
        "update invitation set used_at = $2 where digest = $1 and used_at is null",
        values![&invitation.digest, now],
    )?;
    Ok(taken > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_a_hundred_bits_and_can_be_typed_as_one_likes() {
        let code = code(&core::array::from_fn(|at| at as u8 * 13));
        assert_eq!(code.len(), 23);
        assert_eq!(folded(&code).len(), 20);
        assert_eq!(folded(&format!(" {} ", code.to_lowercase())), folded(&code));
        assert_eq!(256 % SYMBOLS.len(), 0, "no symbol is likelier than another");
    }
}
