//! Notices on their way by mail: taken for an attempt before it is made, tried again, and dead when the mail server refuses them for
//! good or for days. No address is here: it is opened where a message is written, and nowhere else.

use crate::account::AccountId;
use crate::change::Writer;
use crate::connection::{Connection, Row};
use crate::{Result, values};

/// A message that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The organisation.
    pub uscc: String,
    /// Number of the notice.
    pub number: String,
    /// Whose address it goes to.
    pub account: AccountId,
    /// Attempts.
    pub tries: u32,
}

/// How a message ended, or that it is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The mail server has taken it.
    Sent,
    /// It lies as a dead letter: with the status, if any, and the code of what went wrong.
    Dead(Option<u16>, &'static str),
    /// Nobody is to have it any more.
    Dropped,
    /// It is tried again at an instant.
    Again(Option<u16>, &'static str, i64),
}

/// How many messages stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// On their way.
    pub waiting: u64,
    /// On their way after a failure.
    pub failing: u64,
    /// Dead letters.
    pub dead: u64,
    /// Taken by the mail server.
    pub sent: u64,
}

fn read(row: &Row<'_>) -> Result<Waiting> {
    Ok(Waiting {
        uscc: row.string(0)?,
        number: row.string(1)?,
        account: row.array(2)?,
        tries: u32::try_from(row.int(3)?).unwrap_or(u32::MAX),
    })
}

/// The message that is longest due and that nobody has.
///
/// # Errors
/// Whatever the database says.
pub fn due(connection: &mut Connection, now: i64) -> Result<Option<Waiting>> {
    connection.first(
        "select uscc, number, account, tries from notice_mail
         where state = 'waiting' and next_at <= $1 and leased_until <= $1 order by next_at, uscc, number limit 1",
        values![now],
        read,
    )
}

/// Takes a message for an attempt until an instant and counts the attempt: false where another was faster.
///
/// # Errors
/// Whatever the database says; then nothing was written.
pub fn take(writer: &mut Writer, one: &Waiting, lease: &[u8; 16], (now, until): (i64, i64)) -> Result<bool> {
    writer.note(|connection| {
        let taken = connection.execute(
            "update notice_mail set lease = $3, leased_until = $4, tries = tries + 1, tried_at = $5
             where uscc = $1 and number = $2 and state = 'waiting' and leased_until <= $5 and tries = $6",
            values![one.uscc.as_str(), one.number.as_str(), lease, until, now, i64::from(one.tries)],
        )?;
        Ok(taken == 1)
    })
}

/// Writes down what came of an attempt: false where the lease was lost, then another makes it.
///
/// # Errors
/// Whatever the database says; then nothing was written.
pub fn settle(writer: &mut Writer, one: &Waiting, lease: &[u8; 16], settled: Settled) -> Result<bool> {
    let (state, status, problem, next_at) = match settled {
        Settled::Sent => ("sent", None, "", 0),
        Settled::Dead(status, problem) => ("dead", status, problem, 0),
        Settled::Dropped => ("dropped", None, "", 0),
        Settled::Again(status, problem, next_at) => ("waiting", status, problem, next_at),
    };
    writer.note(|connection| {
        let done = connection.execute(
            "update notice_mail set state = $4, status = $5, problem = $6, next_at = $7, lease = null, leased_until = 0
             where uscc = $1 and number = $2 and lease = $3 and state = 'waiting'",
            values![one.uscc.as_str(), one.number.as_str(), lease, state, status.map(i64::from), problem, next_at],
        )?;
        Ok(done == 1)
    })
}

/// The code of where a notice's message stands; none where it goes by no mail.
///
/// # Errors
/// Whatever the database says.
pub fn state_of(connection: &mut Connection, uscc: &str, number: &str) -> Result<Option<String>> {
    let sql = "select state from notice_mail where uscc = $1 and number = $2";
    connection.first(sql, values![uscc, number], |row| row.string(0))
}

/// How many messages stand where.
///
/// # Errors
/// Whatever the database says.
pub fn standing(connection: &mut Connection) -> Result<Standing> {
    let found = connection.rows(
        "select state, case when tries > 0 then 1 else 0 end as tried, count(*) from notice_mail
         group by state, case when tries > 0 then 1 else 0 end order by 1, 2",
        &[],
        |row| Ok((row.string(0)?, row.int(1)? > 0, row.int(2)?.unsigned_abs())),
    )?;
    let mut standing = Standing::default();
    for (state, tried, count) in found {
        match state.as_str() {
            "waiting" => {
                standing.waiting += count;
                standing.failing += if tried { count } else { 0 };
            }
            "dead" => standing.dead += count,
            "sent" => standing.sent += count,
            _ => {}
        }
    }
    Ok(standing)
}
