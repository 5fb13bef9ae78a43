//! Subscriptions (数据回流订阅): units that take the changes of their areas, and these changes in the order of the log.
//!
//! What is given are references: position, organisation, record. Content is fetched when it is read, under the reader's scope
//! then; a change of a record that the unit may not see is not among them.

use crate::act::Draft;
use crate::change::{CHUNK_ROWS, Writer};
use crate::connection::{Connection, Row};
use crate::scope::View;
use crate::{Result, values};
use serde_json::Map;

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The unit.
    pub unit: String,
    /// Size of the log when it began.
    pub since: i64,
    /// Instant at which it began.
    pub subscribed_at: i64,
    /// Who asked for it.
    pub subscribed_by: String,
    /// Instant at which it was ended.
    pub ended_at: Option<i64>,
}

fn read(row: &Row<'_>) -> Result<Subscription> {
    Ok(Subscription {
        unit: row.string(0)?,
        since: row.int(1)?,
        subscribed_at: row.int(2)?,
        subscribed_by: row.string(3)?,
        ended_at: row.opt_int(4)?,
    })
}

/// The standing subscription of a unit.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, unit: &str) -> Result<Option<Subscription>> {
    connection.first(
        "select unit, since, subscribed_at, subscribed_by, ended_at from subscription
         where unit = $1 and ended_at is null",
        values![unit],
        read,
    )
}

fn draft(kind: &'static str, unit: &str, actor: &str, rulebook: &[u8; 32], today: jiff::civil::Date) -> Draft {
    let mut details = Map::new();
    details.insert("subscriber".to_owned(), unit.into());
    Draft {
        kind,
        actor: actor.to_owned(),
        second: None,
        purpose: "sharing",
        basis: "鲁信用办〔2019〕8号 五".to_owned(),
        reason: String::new(),
        rulebook: *rulebook,
        as_of: today,
        batch: None,
        details,
    }
}

/// Begins a unit's subscription; false when it has one. Numbered under the unit.
///
/// # Errors
/// When the unit is not in the directory, or the database fails.
pub fn begin(writer: &mut Writer, unit: &str, actor: &str, rulebook: &[u8; 32]) -> Result<bool> {
    if find(&mut writer.connection, unit)?.is_some() {
        return Ok(false);
    }
    let since = i64::try_from(crate::sequencer::size(&mut writer.connection)?).unwrap_or(i64::MAX);
    let draft = draft("subscription", unit, actor, rulebook, writer.clock.today());
    writer.change(&draft, |change| {
        change.connection.execute(
            "insert into subscription(unit, since, subscribed_at, subscribed_by) values ($1, $2, $3, $4)
             on conflict (unit) do update set since = excluded.since, subscribed_at = excluded.subscribed_at,
                    subscribed_by = excluded.subscribed_by, ended_at = null",
            values![unit, since, change.now, actor],
        )?;
        change.number_under_unit(unit)
    })?;
    Ok(true)
}

/// Ends a unit's subscription; false when it has none.
///
/// # Errors
/// Whatever the database says.
pub fn end(writer: &mut Writer, unit: &str, actor: &str, rulebook: &[u8; 32]) -> Result<bool> {
    let draft = draft("subscription_end", unit, actor, rulebook, writer.clock.today());
    let (ended, _) = writer.change(&draft, |change| {
        let now = change.now;
        let ended = change.connection.execute(
            "update subscription set ended_at = $2 where unit = $1 and ended_at is null",
            values![unit, now],
        )?;
        if ended > 0 {
            change.number_under_unit(unit)?;
        }
        Ok(ended > 0)
    })?;
    Ok(ended)
}

/// A change of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Place of the act in the log.
    pub position: i64,
    /// Instant of the act.
    pub at: i64,
    /// Kind of the act.
    pub kind: String,
    /// The organisation.
    pub uscc: String,
    /// The record's public reference.
    pub reference: [u8; 16],
    /// Item.
    pub item: String,
}

/// Places of the log that are looked at for one answer.
const LOOKED_AT: i64 = 1_000;

/// What changed about organisations of the view's areas, behind a place of the log, as far as the view may see it now; in
/// order of places, and of (code, identity) under one. Whole acts, so that there may be more than `limit`. Beside it the
/// last place that was looked at.
///
/// # Errors
/// Whatever the database says.
pub fn changes(connection: &mut Connection, view: &View, after: i64, limit: usize) -> Result<(Vec<Changed>, i64)> {
    let acts = connection.rows(
        "select l.position, l.act, c.no, a.at, a.kind from log_leaf l
         left join chunk c on c.act = l.act and c.uscc = l.uscc
         left join act a on a.uscc = l.uscc and a.id = l.act
         where l.position > $1 order by l.position limit $2",
        values![after, LOOKED_AT],
        |row| Ok((row.int(0)?, row.opt_int(2)?, row.opt_int(3)?, row.opt_text(4)?.unwrap_or_default().to_owned())),
    )?;
    let (mut found, mut last) = (Vec::new(), after);
    for (position, chunk, at, kind) in acts {
        last = position;
        let (Some(chunk), Some(at)) = (chunk, at) else { continue };
        let first = chunk * CHUNK_ROWS as i64;
        connection.each(
            concat!(
                "select r.uscc, r.reference, r.item
                 from (select distinct uscc from record_content where at >= $1 and at < $2) k
                 join record r on r.uscc = k.uscc join subject s on s.uscc = r.uscc
                 where ((r.at >= $1 and r.at < $2)
                        or exists (select 1 from record_version v where v.uscc = r.uscc and v.identity = r.identity
                                   and v.at >= $1 and v.at < $2))
                   and (replace($7, '\u{1f}' || r.registered_area || '\u{1f}', '') <> $7
                        or replace($7, '\u{1f}' || s.area || '\u{1f}', '') <> $7)
                   and ",
                visible!("$3", "$4", "$5", "$6", "$7"),
                " order by r.uscc, r.identity"
            ),
            values![
                first,
                first + CHUNK_ROWS as i64,
                view.kind(),
                view.begun_by(),
                view.lasts_to(),
                view.words(),
                view.areas()
            ],
            |row| {
                found.push(Changed {
                    position,
                    at,
                    kind: kind.clone(),
                    uscc: row.string(0)?,
                    reference: row.array(1)?,
                    item: row.string(2)?,
                });
                Ok(())
            },
        )?;
        if found.len() >= limit {
            break;
        }
    }
    Ok((found, last))
}
