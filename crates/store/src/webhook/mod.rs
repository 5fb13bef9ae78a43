//! Webhooks (推送订阅): subscriptions to which changes are brought, how far each receiver has acknowledged them, and the
//! deliveries. Each begin, pause, resumption and end is an act, numbered under the unit that holds the subscription; what is on
//! its way is no state of the register and no act.
//!
//! Nothing that was sent is kept but its digest: what is sent again is read anew, so that what has ended meanwhile is not sent
//! again.

mod delivery;
pub mod key;

pub use delivery::{Delivery, Due, acknowledge, advance, busy_until, deliveries, due, fail, standing, take, waiting};

use crate::act::Draft;
use crate::change::Writer;
use crate::connection::{Connection, Row};
use crate::{Result, StoreError, values};
use credence_domain::canonical::hex;
use credence_domain::webhook::{Halt, State, host_of};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// The unit that holds it.
    pub unit: String,
    /// Number of the key or name of the account that made or resumed it.
    pub maker: String,
    /// Where changes are brought; empty once it was taken away.
    pub url: String,
    /// Items, between commas; all where empty.
    pub items: String,
    /// Areas of registration, between commas; all where empty.
    pub areas: String,
    /// Whether it is told of the tasks of its unit besides.
    pub tasks: bool,
    /// How it stands.
    pub state: State,
    /// Why it is paused or over.
    pub halt: Option<Halt>,
    /// The act that made it stand so.
    pub act: [u8; 16],
    /// Instant at which it was made.
    pub made_at: i64,
    /// Instant of its last act.
    pub changed_at: i64,
    /// The items that were public when it was told last, between commas.
    pub open_items: String,
    /// The position through which everything was acknowledged; -1 before the first.
    pub position: i64,
    /// Ends before this day were acknowledged.
    pub told_on: i32,
    /// The position up to which its receiver may have been told something, acknowledged or not.
    pub tried: i64,
    /// Instant of the last acknowledgement.
    pub acknowledged_at: Option<i64>,
    /// The earliest instant of the next attempt.
    pub next_at: i64,
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select id, unit, maker, url, items, areas, state, reason, act, made_at, changed_at, open_items, position, told_on,
                    tried, acknowledged_at, next_at, tasks from webhook ",
            $rest
        )
    };
}
use columns;

fn read(row: &Row<'_>) -> Result<Webhook> {
    let unknown = || StoreError::Inconsistent("a webhook in no known state".to_owned());
    let halt = match row.text(7)? {
        "" => None,
        code => Some(Halt::from_code(code).ok_or_else(unknown)?),
    };
    Ok(Webhook {
        id: row.string(0)?,
        unit: row.string(1)?,
        maker: row.string(2)?,
        url: row.string(3)?,
        items: row.string(4)?,
        areas: row.string(5)?,
        state: State::from_code(row.text(6)?).ok_or_else(unknown)?,
        halt,
        act: row.array(8)?,
        made_at: row.int(9)?,
        changed_at: row.int(10)?,
        open_items: row.string(11)?,
        position: row.int(12)?,
        told_on: row.opt_small(13)?.unwrap_or_default(),
        tried: row.int(14)?,
        acknowledged_at: row.opt_int(15)?,
        next_at: row.int(16)?,
        tasks: row.int(17)? != 0,
    })
}

/// Every subscription of a unit, or of all units, in order of units and of age.
///
/// # Errors
/// Whatever the database says.
pub fn list(connection: &mut Connection, unit: Option<&str>) -> Result<Vec<Webhook>> {
    match unit {
        Some(unit) => connection.rows(columns!("where unit = $1 order by made_at, id"), values![unit], read),
        None => connection.rows(columns!("order by unit, made_at, id"), &[], read),
    }
}

/// One subscription.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, id: &str) -> Result<Option<Webhook>> {
    connection.first(columns!("where id = $1"), values![id], read)
}

/// What an act says of a subscription: never its address, which may hold a secret, but its host and a digest.
#[must_use]
pub fn told(hook: &Webhook) -> Map<String, Value> {
    let address: [u8; 32] = Sha256::digest(hook.url.as_bytes()).into();
    let mut told = Map::new();
    let mut put = |key: &str, value: Value| told.insert(key.to_owned(), value);
    put("webhook", hook.id.clone().into());
    put("holder", hook.unit.clone().into());
    put("maker", hook.maker.clone().into());
    put("host", host_of(&hook.url).into());
    put("address", hex(&address).into());
    put("item", hook.items.clone().into());
    put("area", hook.areas.clone().into());
    if hook.tasks {
        put("tasks", true.into());
    }
    put("state", hook.state.code().into());
    if let Some(halt) = hook.halt {
        put("halt", halt.code().into());
    }
    told
}

/// The kind of the act that leaves a subscription in a state.
fn kind(before: Option<State>, state: State) -> &'static str {
    match (before, state) {
        (None, _) => "webhook",
        (Some(_), State::Active) => "webhook_resume",
        (Some(_), State::Paused) => "webhook_pause",
        (Some(_), State::Ended) => "webhook_end",
    }
}

/// Writes a subscription as it stands from now on: a new one, or one that stood in the state `before`. False where another was
/// faster: then nothing was written. Its instants and its act are set here, and what lies unacknowledged becomes a dead letter
/// where it is halted for want of an answer.
///
/// # Errors
/// When the unit is not in the directory, or the database fails.
pub fn put(writer: &mut Writer, draft: &Draft, hook: &Webhook, before: Option<State>) -> Result<bool> {
    let mut draft = Draft { kind: kind(before, hook.state), ..draft.clone() };
    draft.details = told(hook);
    let (done, _) = writer.change(&draft, |change| {
        let (now, act) = (change.now, change.id);
        let reason = hook.halt.map_or("", Halt::code);
        let written = match before {
            None => change.connection.execute(
                "insert into webhook(id, unit, maker, url, items, areas, state, reason, act, made_at, changed_at, open_items,
                                     position, told_on, tried, tasks)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12, $13, $14, $15)",
                values![
                    hook.id.as_str(),
                    hook.unit.as_str(),
                    hook.maker.as_str(),
                    hook.url.as_str(),
                    hook.items.as_str(),
                    hook.areas.as_str(),
                    hook.state.code(),
                    reason,
                    &act,
                    now,
                    hook.open_items.as_str(),
                    hook.position,
                    hook.told_on,
                    hook.tried,
                    i64::from(hook.tasks)
                ],
            )?,
            Some(before) => change.connection.execute(
                "update webhook set maker = $3, url = $4, state = $5, reason = $6, act = $7, changed_at = $8, open_items = $9,
                        position = $10, told_on = $11, tried = $12, next_at = 0, lease = null, leased_until = 0
                 where id = $1 and state = $2",
                values![
                    hook.id.as_str(),
                    before.code(),
                    hook.maker.as_str(),
                    hook.url.as_str(),
                    hook.state.code(),
                    reason,
                    &act,
                    now,
                    hook.open_items.as_str(),
                    hook.position,
                    hook.told_on,
                    hook.tried
                ],
            )?,
        };
        if written == 0 {
            return Ok(false);
        }
        if hook.halt == Some(Halt::Unanswered) {
            change.connection.execute(
                "update webhook_delivery set state = 'dead' where webhook = $1 and state = 'waiting'",
                values![hook.id.as_str()],
            )?;
        } else if hook.state == State::Ended {
            // Nobody is told any more; what was said of the attempts goes.
            change.connection.execute("delete from webhook_delivery where webhook = $1", values![hook.id.as_str()])?;
        }
        change.number_under_unit(&hook.unit)?;
        Ok(true)
    })?;
    Ok(done)
}
