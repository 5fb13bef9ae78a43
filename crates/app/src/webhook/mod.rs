//! Webhooks (推送订阅): changes are brought to whoever asked for them and showed that he wants them, signed, in order, until he
//! has acknowledged them.
//!
//! What is brought are lines of the change stream ([`crate::stream`]): references and digests of what is public now, and of what
//! is public no longer its opaque reference. [`keep`] begins, pauses, resumes and ends subscriptions, [`send`] brings what is
//! due, [`check`] is the receiver's side. Messages are those of the Standard Webhooks specification
//! (docs/design/0016-webhooks.md).

mod batch;
mod check;
mod keep;
mod key;
mod message;
mod send;

pub use credence_ledger::MessageKey;

pub use check::{Checked, Received, Seen, check};
pub use keep::{Asked, From, Holder, add, pause, remove, resume};
pub use key::{KeyView, new_key, retire_key};
pub use message::Messenger;
pub use send::{Outcome, Prepared, Sender};

use crate::query::page;
use crate::stream::{day_text, words};
use crate::{AppError, Result, Service};
use credence_domain::webhook::host_of;
use credence_store::clock::instant_text;
use credence_store::webhook::{self, Delivery, Webhook};
use serde::Serialize;

/// A subscription as its holder sees it; others see the host of its address alone.
#[derive(Clone, Debug, Serialize)]
pub struct WebhookView {
    /// Its id.
    pub id: String,
    /// The unit that holds it.
    pub unit: String,
    /// The key or account that made or resumed it.
    pub maker: String,
    /// Where changes are brought.
    pub url: String,
    /// Items; all where empty.
    pub item: Vec<String>,
    /// Areas of registration; all where empty.
    pub area: Vec<String>,
    /// Whether it is told of the unit's tasks besides.
    pub tasks: bool,
    /// `active`, `paused` or `ended`.
    pub state: &'static str,
    /// The same in Chinese.
    pub state_name: &'static str,
    /// Why it is paused or over.
    pub halt: Option<&'static str>,
    /// The same in Chinese, with what to do.
    pub halt_name: Option<&'static str>,
    /// The position through which everything was acknowledged; -1 before the first.
    pub position: i64,
    /// The day of which this is true.
    pub through: String,
    /// Places of the log behind its position.
    pub behind: i64,
    /// When it was made.
    pub made_at: String,
    /// When it was last changed.
    pub changed_at: String,
    /// When the last delivery was acknowledged.
    pub acknowledged_at: Option<String>,
    /// When a delivery that failed is tried again.
    pub next_try_at: Option<String>,
    /// What is on its way, or lies as a dead letter.
    pub unacknowledged: Option<DeliveryView>,
}

/// A delivery: what was tried and what came of it, never what it said.
#[derive(Clone, Debug, Serialize)]
pub struct DeliveryView {
    /// Its number among those of the subscription.
    pub number: i64,
    /// The id under which it was sent last.
    pub id: String,
    /// The position behind which it begins.
    pub after: i64,
    /// The position through which it tells.
    pub position: i64,
    /// The day of which it tells.
    pub through: String,
    /// Lines in it.
    pub lines: i64,
    /// `waiting`, `acknowledged` or `dead`.
    pub state: String,
    /// Attempts.
    pub tries: u32,
    /// Instant of the first attempt.
    pub first_at: String,
    /// Instant of the last attempt.
    pub tried_at: String,
    /// The status that the receiver answered last.
    pub status: Option<u16>,
    /// What went wrong last: `status`, `no_answer` or `forbidden_address`.
    pub problem: Option<String>,
}

/// How subscriptions fare, for whoever runs the platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Brought to.
    pub active: u64,
    /// Paused.
    pub paused: u64,
    /// Active and waiting after a failure.
    pub failing: u64,
}

fn delivery_view(delivery: Delivery) -> DeliveryView {
    DeliveryView {
        number: delivery.number,
        id: delivery.id,
        after: delivery.after,
        position: delivery.position,
        through: day_text(delivery.through_on),
        lines: delivery.lines,
        state: delivery.state,
        tries: delivery.tries,
        first_at: instant_text(delivery.first_at),
        tried_at: instant_text(delivery.tried_at),
        status: delivery.status,
        problem: Some(delivery.problem).filter(|problem| !problem.is_empty()),
    }
}

/// Whether it is kept for the record only: its holder took it away.
fn is_removed(hook: &Webhook) -> bool {
    hook.url.is_empty()
}

impl Service {
    /// The subscriptions of a unit, or of all units for whoever oversees them. Those that were taken away are not among them.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn webhooks(&self, unit: Option<&str>) -> Result<Vec<WebhookView>> {
        let found = self.read(|connection| webhook::list(connection, unit))?;
        found.into_iter().filter(|hook| !is_removed(hook)).map(|hook| self.webhook_view(hook, unit)).collect()
    }

    /// One subscription.
    ///
    /// # Errors
    /// `not_found` for another unit's as for none, or a fault.
    pub fn webhook(&self, id: &str, unit: Option<&str>) -> Result<WebhookView> {
        let hook = self.webhook_of(id, unit)?;
        self.webhook_view(hook, unit)
    }

    /// The deliveries of a subscription, the newest first.
    ///
    /// # Errors
    /// `not_found` as [`Service::webhook`], `bad_parameter`, `bad_cursor`, or a fault.
    pub fn webhook_deliveries(
        &self,
        id: &str,
        unit: Option<&str>,
        (cursor, limit): (Option<&str>, Option<u32>),
    ) -> Result<page::Page<DeliveryView>> {
        let hook = self.webhook_of(id, unit)?;
        let limit = page::limit(limit)? as usize;
        let below = match cursor.filter(|cursor| !cursor.is_empty()) {
            Some(cursor) => cursor.parse::<i64>().map_err(|_| page::bad_cursor())?,
            None => i64::MAX,
        };
        let mut found = self.read(|connection| webhook::deliveries(connection, &hook.id, below, limit + 1))?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|last| last.number.to_string());
        Ok(page::Page { items: found.into_iter().map(delivery_view).collect(), next })
    }

    /// How subscriptions fare.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn webhook_standing(&self) -> Result<Standing> {
        let now = self.now_micros();
        let (states, failing) = self.read(|connection| webhook::standing(connection, now))?;
        let of = |state: &str| states.iter().find(|(known, _)| known == state).map_or(0, |(_, count)| *count);
        Ok(Standing { active: of("active"), paused: of("paused"), failing })
    }

    /// A subscription of a unit, or of any for whoever oversees them.
    fn webhook_of(&self, id: &str, unit: Option<&str>) -> Result<Webhook> {
        let found = self.read(|connection| webhook::find(connection, id))?;
        let own = |hook: &Webhook| unit.is_none_or(|unit| unit == hook.unit) && !is_removed(hook);
        found.filter(own).ok_or(AppError::NotFound)
    }

    fn webhook_view(&self, hook: Webhook, unit: Option<&str>) -> Result<WebhookView> {
        let (last, size) = self.read(|connection| {
            let last = webhook::deliveries(connection, &hook.id, i64::MAX, 1)?.pop();
            Ok((last, credence_store::sequencer::size(connection)?))
        })?;
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        let unacknowledged = last.filter(|last| last.state != "acknowledged");
        let waits = hook.next_at > 0 && unacknowledged.as_ref().is_some_and(|one| one.state == "waiting");
        Ok(WebhookView {
            // An address may hold a secret of the receiver's: it is its holder's alone.
            url: if unit.is_some() { hook.url.clone() } else { host_of(&hook.url).to_owned() },
            item: words(&hook.items).into_iter().collect(),
            area: words(&hook.areas).into_iter().collect(),
            tasks: hook.tasks,
            state: hook.state.code(),
            state_name: hook.state.name(),
            halt: hook.halt.map(credence_domain::webhook::Halt::code),
            halt_name: hook.halt.map(credence_domain::webhook::Halt::name),
            position: hook.position,
            through: day_text(hook.told_on),
            behind: size - 1 - hook.position,
            made_at: instant_text(hook.made_at),
            changed_at: instant_text(hook.changed_at),
            acknowledged_at: hook.acknowledged_at.map(instant_text),
            next_try_at: waits.then(|| instant_text(hook.next_at)),
            unacknowledged: unacknowledged.map(delivery_view),
            id: hook.id,
            unit: hook.unit,
            maker: hook.maker,
        })
    }
}
