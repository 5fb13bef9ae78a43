//! Sessions (会话): a token opens one until it ends or is revoked. Only its SHA-256 is kept.

use super::AccountId;
use crate::change::Writer;
use crate::connection::{Connection, Row};
use crate::{Result, values};
use credence_domain::canonical::hex;
use sha2::{Digest, Sha256};

/// How a token begins: so that it is told from a department's key.
pub const TOKEN_PREFIX: &str = "session_";

/// A session, as far as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token.
    pub digest: [u8; 32],
    /// Its number: says nothing about the token.
    pub number: String,
    /// Whose it is.
    pub account: AccountId,
    /// When it began.
    pub began_at: i64,
    /// When it ends by itself.
    pub ends_at: i64,
    /// When it was ended.
    pub ended_at: Option<i64>,
    /// What its holder works with, as it named itself.
    pub agent: String,
}

/// What is kept of a token or code: also how it is found.
#[must_use]
pub fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn read(row: &Row<'_>) -> Result<Session> {
    Ok(Session {
        digest: row.array(0)?,
        number: row.string(1)?,
        account: row.array(2)?,
        began_at: row.int(3)?,
        ends_at: row.int(4)?,
        ended_at: row.opt_int(5)?,
        agent: row.string(6)?,
    })
}

/// The columns that [`read`] reads, with what follows them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select digest, number, account, began_at, ends_at, ended_at, agent \
             from session ",
            $rest
        )
    };
}

/// Begins a session and gives its token, this once; failures before it are forgotten.
///
/// # Errors
/// Whatever the database says.
pub fn begin(writer: &mut Writer, account: &AccountId, ends_at: i64, agent: &str) -> Result<(String, Session)> {
    let token = format!("{TOKEN_PREFIX}{}", hex(&writer.chance.bytes::<32>()?));
    let session = Session {
        digest: digest(&token),
        number: format!("S{}", hex(&writer.chance.bytes::<6>()?).to_uppercase()),
        account: *account,
        began_at: writer.clock.now_micros(),
        ends_at,
        ended_at: None,
        agent: agent.to_owned(),
    };
    writer.note(|connection| {
        connection.execute(
            "insert into session(digest, number, account, began_at, ends_at, agent) values ($1, $2, $3, $4, $5, $6)",
            values![&session.digest, session.number.as_str(), account, session.began_at, ends_at, agent],
        )?;
        connection.execute("update account set failed = 0, locked_until = null where id = $1", values![account])
    })?;
    Ok((token, session))
}

/// Keeps a failed attempt to sign in: `after` says from where the account stands now (failures, locked until) where it stands
/// then, so that attempts at the same time all count. Gives where it stands.
///
/// # Errors
/// Whatever the database says.
pub fn fail(
    writer: &mut Writer,
    account: &AccountId,
    after: impl FnOnce(i64, Option<i64>) -> (i64, Option<i64>),
) -> Result<Option<i64>> {
    writer.note(|connection| {
        // Whoever counts at the same time waits here.
        connection.execute("update account set failed = failed where id = $1", values![account])?;
        let standing =
            connection.first("select failed, locked_until from account where id = $1", values![account], |row| {
                Ok((row.int(0)?, row.opt_int(1)?))
            })?;
        let (failed, locked_until) = standing.unwrap_or_default();
        let (failed, locked_until) = after(failed, locked_until);
        connection.execute(
            "update account set failed = $2, locked_until = $3 where id = $1",
            values![account, failed, locked_until],
        )?;
        Ok(locked_until)
    })
}

/// The session of a token.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, digest: &[u8; 32]) -> Result<Option<Session>> {
    connection.first(select!("where digest = $1"), values![digest], read)
}

/// Sessions of an account that are open at an instant, latest first.
///
/// # Errors
/// Whatever the database says.
pub fn open_of(connection: &mut Connection, account: &AccountId, now: i64) -> Result<Vec<Session>> {
    let sql = select!(
        "where account = $1 and ended_at is null and ends_at > $2
         order by began_at desc, number"
    );
    connection.rows(sql, values![account, now], read)
}

/// Ends one session of an account by its number; false when none is open.
///
/// # Errors
/// Whatever the database says.
pub fn end(writer: &mut Writer, account: &AccountId, number: &str) -> Result<bool> {
    let now = writer.clock.now_micros();
    writer.note(|connection| {
        let ended = connection.execute(
            "update session set ended_at = $3 where account = $1 and number = $2 and ended_at is null",
            values![account, number, now],
        )?;
        Ok(ended > 0)
    })
}

/// Ends every session of every account at its own end: of a register that was restored nobody knows who had signed out since.
///
/// # Errors
/// Whatever the database says.
pub(crate) fn end_restored(connection: &mut Connection) -> Result<()> {
    connection.execute("update session set ended_at = ends_at where ended_at is null", &[])?;
    Ok(())
}

/// Ends every session of an account.
pub(super) fn end_all(connection: &mut Connection, account: &AccountId, now: i64) -> Result<()> {
    connection
        .execute("update session set ended_at = $2 where account = $1 and ended_at is null", values![account, now])?;
    Ok(())
}
