//! Deliveries: what is on its way to the receiver of a subscription, one at a time, and what became of the earlier ones.
//!
//! An attempt is written down before it is made, so that a process that dies between the attempt and its answer leaves what the
//! next one needs: the id under which it was sent, its digest, and how far the receiver may know. A lease keeps two processes
//! from bringing the same thing at once.

use super::{Webhook, columns, read};
use crate::change::Writer;
use crate::connection::{Connection, Row};
use crate::{Result, values};

/// Deliveries that were acknowledged and are still shown.
const SHOWN: i64 = 100;
/// Deliveries of any state that are kept.
const KEPT: i64 = 1_000;

/// One delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its number among those of its subscription.
    pub number: i64,
    /// The id under which the receiver knows it again: another one where the body is another.
    pub id: String,
    /// SHA-256 of the body.
    pub digest: [u8; 32],
    /// The position behind which it begins.
    pub after: i64,
    /// The position through which it tells.
    pub position: i64,
    /// Ends before this day are in it.
    pub through_on: i32,
    /// Lines in it.
    pub lines: i64,
    /// `waiting`, `acknowledged` or `dead`.
    pub state: String,
    /// Attempts.
    pub tries: u32,
    /// Instant of the first attempt.
    pub first_at: i64,
    /// Instant of the last attempt.
    pub tried_at: i64,
    /// The status that the receiver answered last.
    pub status: Option<u16>,
    /// Code of what went wrong last; empty where nothing did.
    pub problem: String,
}

macro_rules! delivery {
    ($rest:literal) => {
        concat!(
            "select number, id, digest, after, position, through_on, lines, state, tries, first_at, tried_at, status, problem
             from webhook_delivery ",
            $rest
        )
    };
}

fn read_delivery(row: &Row<'_>) -> Result<Delivery> {
    Ok(Delivery {
        number: row.int(0)?,
        id: row.string(1)?,
        digest: row.array(2)?,
        after: row.int(3)?,
        position: row.int(4)?,
        through_on: row.opt_small(5)?.unwrap_or_default(),
        lines: row.int(6)?,
        state: row.string(7)?,
        tries: u32::try_from(row.int(8)?).unwrap_or(u32::MAX),
        first_at: row.int(9)?,
        tried_at: row.int(10)?,
        status: row.opt_int(11)?.and_then(|status| u16::try_from(status).ok()),
        problem: row.string(12)?,
    })
}

/// Deliveries of a subscription, the newest first; at most `limit` with numbers below one.
///
/// # Errors
/// Whatever the database says.
pub fn deliveries(connection: &mut Connection, webhook: &str, below: i64, limit: usize) -> Result<Vec<Delivery>> {
    connection.rows(
        delivery!("where webhook = $1 and number < $2 order by number desc limit $3"),
        values![webhook, below, i64::try_from(limit).unwrap_or(i64::MAX)],
        read_delivery,
    )
}

/// The delivery of a subscription that is on its way.
///
/// # Errors
/// Whatever the database says.
pub fn waiting(connection: &mut Connection, webhook: &str) -> Result<Option<Delivery>> {
    connection.first(
        delivery!("where webhook = $1 and state = 'waiting' order by number desc limit 1"),
        values![webhook],
        read_delivery,
    )
}

/// When something may be due: the log's size, the day and the instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Now, in microseconds.
    pub now: i64,
    /// Places of the log.
    pub size: i64,
    /// Today.
    pub today: i32,
}

/// Subscriptions that may have something to be told now and that nobody is telling, the longest overdue first.
///
/// # Errors
/// Whatever the database says.
pub fn due(connection: &mut Connection, due: Due, limit: usize) -> Result<Vec<Webhook>> {
    connection.rows(
        columns!(
            "where state = 'active' and next_at <= $1 and leased_until <= $1 and (position + 1 < $2 or told_on < $3)
             order by next_at, position, id limit $4"
        ),
        values![due.now, due.size, due.today, i64::try_from(limit).unwrap_or(i64::MAX)],
        read,
    )
}

/// The instant until which somebody is telling a subscription; 0 where nobody is.
///
/// # Errors
/// Whatever the database says.
pub fn busy_until(connection: &mut Connection, webhook: &str) -> Result<i64> {
    let found =
        connection.first("select leased_until from webhook where id = $1", values![webhook], |row| row.int(0))?;
    Ok(found.unwrap_or_default())
}

/// Takes a subscription for an attempt and writes the attempt down, before it is made: false where it does not stand any more
/// as `hook` says, or another has taken it.
///
/// # Errors
/// Whatever the database says; then nothing was written.
pub fn take(
    writer: &mut Writer,
    hook: &Webhook,
    delivery: &Delivery,
    lease: &[u8; 16],
    (now, until): (i64, i64),
) -> Result<bool> {
    writer.note(|connection| {
        let taken = connection.execute(
            "update webhook set lease = $2, leased_until = $3, tried = case when tried > $4 then tried else $4 end
             where id = $1 and state = 'active' and leased_until <= $5 and next_at <= $5 and position = $6 and told_on = $7",
            values![hook.id.as_str(), lease, until, delivery.position, now, hook.position, hook.told_on],
        )?;
        if taken == 0 {
            return Ok(false);
        }
        connection.execute(
            "insert into webhook_delivery(webhook, number, id, digest, after, position, through_on, lines, state, tries,
                                          first_at, tried_at, problem)
             values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $10, $11, '')
             on conflict (webhook, number) do update set id = excluded.id, digest = excluded.digest, after = excluded.after,
             position = excluded.position, through_on = excluded.through_on, lines = excluded.lines, tries = excluded.tries,
             tried_at = excluded.tried_at",
            values![
                hook.id.as_str(),
                delivery.number,
                delivery.id.as_str(),
                &delivery.digest,
                delivery.after,
                delivery.position,
                delivery.through_on,
                delivery.lines,
                i64::from(delivery.tries),
                delivery.first_at,
                delivery.tried_at
            ],
        )?;
        Ok(true)
    })
}

/// Moves a subscription on over what there is nothing to tell of: false where it does not stand any more as `hook` says, or
/// somebody is telling it.
///
/// # Errors
/// Whatever the database says; then nothing was written.
pub fn advance(
    writer: &mut Writer,
    hook: &Webhook,
    (position, told_on): (i64, i32),
    open_items: &str,
    now: i64,
) -> Result<bool> {
    writer.note(|connection| {
        let moved = connection.execute(
            "update webhook set position = $2, told_on = $3, open_items = $4, next_at = 0
             where id = $1 and state = 'active' and leased_until <= $5 and position = $6 and told_on = $7",
            values![hook.id.as_str(), position, told_on, open_items, now, hook.position, hook.told_on],
        )?;
        if moved > 0 {
            connection.execute(
                "delete from webhook_delivery where webhook = $1 and state = 'waiting'",
                values![hook.id.as_str()],
            )?;
        }
        Ok(moved > 0)
    })
}

/// Notes that a delivery was acknowledged: the subscription stands behind it. False where the lease was lost meanwhile: then it
/// is told again, under the same id while it says the same.
///
/// # Errors
/// Whatever the database says; then nothing was written.
pub fn acknowledge(
    writer: &mut Writer,
    webhook: &str,
    delivery: &Delivery,
    (lease, open_items): (&[u8; 16], &str),
    (status, now): (u16, i64),
) -> Result<bool> {
    writer.note(|connection| {
        let moved = connection.execute(
            "update webhook set position = $3, told_on = $4, open_items = $5, acknowledged_at = $6, next_at = 0, lease = null,
                    leased_until = 0
             where id = $1 and lease = $2 and state = 'active'",
            values![webhook, lease, delivery.position, delivery.through_on, open_items, now],
        )?;
        if moved == 0 {
            return Ok(false);
        }
        connection.execute(
            "update webhook_delivery set state = 'acknowledged', status = $3, problem = '' where webhook = $1 and number = $2",
            values![webhook, delivery.number, i64::from(status)],
        )?;
        connection.execute(
            "delete from webhook_delivery where webhook = $1
             and (number <= $2 or (number <= $3 and state = 'acknowledged'))",
            values![webhook, delivery.number - KEPT, delivery.number - SHOWN],
        )?;
        Ok(true)
    })
}

/// Notes that an attempt failed: the next one is made at `next_at` or later.
///
/// # Errors
/// Whatever the database says; then nothing was written.
pub fn fail(
    writer: &mut Writer,
    webhook: &str,
    number: i64,
    lease: &[u8; 16],
    (status, problem): (Option<u16>, &str),
    next_at: i64,
) -> Result<bool> {
    writer.note(|connection| {
        let freed = connection.execute(
            "update webhook set next_at = $3, lease = null, leased_until = 0 where id = $1 and lease = $2",
            values![webhook, lease, next_at],
        )?;
        connection.execute(
            "update webhook_delivery set status = $3, problem = $4 where webhook = $1 and number = $2",
            values![webhook, number, status.map(i64::from), problem],
        )?;
        Ok(freed > 0)
    })
}

/// How many subscriptions stand in each state, and how many of the active ones wait after a failure.
///
/// # Errors
/// Whatever the database says.
pub fn standing(connection: &mut Connection, now: i64) -> Result<(Vec<(String, u64)>, u64)> {
    let states = connection.rows("select state, count(*) from webhook group by state order by state", &[], |row| {
        Ok((row.string(0)?, row.int(1)?.unsigned_abs()))
    })?;
    let failing = connection.first(
        "select count(*) from webhook where state = 'active' and next_at > $1",
        values![now],
        |row| row.int(0),
    )?;
    Ok((states, failing.unwrap_or_default().unsigned_abs()))
}
