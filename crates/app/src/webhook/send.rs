//! The sender (推送): brings every subscription what is due, one delivery at a time, until it is acknowledged.
//!
//! At least once, in order. An attempt is written down before it is made; its position moves on with the acknowledgement, in one
//! transaction. What is sent again is read anew: while it says the same it goes out under the same id, so that a receiver who
//! had it already passes over it; when it says something else, because a record has ended meanwhile, it is another message.

use super::batch::Batch;
use super::{Messenger, Webhook, key, webhook};
use crate::current::Current;
use crate::desk::Desk;
use crate::rest::Rest;
use crate::rulebook::PLATFORM_UNIT;
use crate::{Result, Service};
use credence_courier::CourierError;
use credence_domain::access::AccountState;
use credence_domain::canonical::hex;
use credence_domain::record::value::day_number;
use credence_domain::webhook::{Halt, State, TRIES_MAX, wait_seconds};
use credence_ledger::MessageSigner;
use credence_store::clock::seconds_after;
use credence_store::connection::Connection;
use credence_store::webhook::{Delivery, Due};
use credence_store::{account, key as api_key};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How often it looks whether something is due.
const LOOKS_EVERY: Duration = Duration::from_millis(250);
/// How long it leaves alone what could not be read or written.
const LEAVES_ALONE: Duration = Duration::from_secs(5);
/// For how long a subscription is taken for one attempt, in seconds: longer than any attempt lasts.
const LEASE_SECONDS: i64 = 60;

/// Brings what is due, for one serving process.
#[derive(Debug)]
pub struct Sender {
    service: Current,
    desk: Arc<Desk>,
    messenger: Messenger,
    busy: Mutex<BTreeSet<String>>,
    rest: Rest,
}

/// A delivery that was written down and not yet made.
#[derive(Debug)]
pub struct Prepared {
    hook: Webhook,
    delivery: Delivery,
    body: Vec<u8>,
    open_items: String,
    lease: [u8; 16],
    signers: Vec<MessageSigner>,
}

impl Prepared {
    /// The subscription.
    #[must_use]
    pub fn webhook(&self) -> &str {
        &self.hook.id
    }
}

/// What came of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver answered with a status.
    Answered(u16),
    /// It did not answer, or not in time, or not in the form.
    NoAnswer,
    /// Its address leads where nothing is sent.
    Forbidden,
}

impl Outcome {
    fn status(self) -> Option<u16> {
        match self {
            Outcome::Answered(status) => Some(status),
            Outcome::NoAnswer | Outcome::Forbidden => None,
        }
    }

    fn problem(self) -> &'static str {
        match self {
            Outcome::Answered(_) => "status",
            Outcome::NoAnswer => "no_answer",
            Outcome::Forbidden => "forbidden_address",
        }
    }
}

impl Sender {
    /// A sender that has not begun.
    #[must_use]
    pub fn new(service: Arc<Service>, desk: Arc<Desk>, messenger: Messenger) -> Self {
        let service = Current::new(service);
        Self { service, desk, messenger, busy: Mutex::default(), rest: Rest::default() }
    }

    /// Brings what is due until [`Sender::stop`] is called: for one of several threads, so that a receiver who does not answer
    /// keeps the others waiting for nothing.
    pub fn work(&self) {
        loop {
            let wait = match self.turn() {
                Ok(true) => Duration::ZERO,
                Ok(false) => LOOKS_EVERY,
                Err(error) => {
                    tracing::warn!(code = error.code(), %error, "deliveries wait");
                    LEAVES_ALONE
                }
            };
            if self.rest.ends_within(wait) {
                return;
            }
        }
    }

    /// Ends [`Sender::work`].
    pub fn stop(&self) {
        self.rest.end();
    }

    /// One step of one subscription, if anything is due: false when nothing is.
    ///
    /// # Errors
    /// `webhook_key_gone`, `database_in_use`, or a fault.
    pub fn turn(&self) -> Result<bool> {
        let service = self.service.look_up()?;
        let Some(hook) = self.choose(&service)? else { return Ok(false) };
        let id = hook.id.clone();
        let done = self.step(&service, hook);
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        done
    }

    fn step(&self, service: &Service, hook: Webhook) -> Result<bool> {
        match self.prepare(service, hook)? {
            Step::Nothing => Ok(false),
            Step::Moved => Ok(true),
            Step::Ready(prepared) => {
                let outcome = self.bring(&prepared);
                self.settle(*prepared, outcome)?;
                Ok(true)
            }
        }
    }

    /// Writes the next delivery down, without making it: none when nothing is due. Whoever goes no further leaves what a process
    /// leaves that dies there.
    ///
    /// # Errors
    /// As [`Sender::turn`].
    pub fn prepare_next(&self) -> Result<Option<Prepared>> {
        let service = self.service.look_up()?;
        while let Some(hook) = self.choose(&service)? {
            let id = hook.id.clone();
            let step = self.prepare(&service, hook);
            self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            match step? {
                Step::Ready(prepared) => return Ok(Some(*prepared)),
                Step::Nothing => return Ok(None),
                Step::Moved => {}
            }
        }
        Ok(None)
    }

    /// The longest overdue subscription that no other thread has, taken for this one.
    fn choose(&self, service: &Service) -> Result<Option<Webhook>> {
        let due = Due { now: service.now_micros(), size: service.log_size()?, today: day_number(service.today()) };
        let taken = self.busy.lock().unwrap_or_else(PoisonError::into_inner).len();
        let found = service.read(|connection| webhook::due(connection, due, taken + 1))?;
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let free = found.into_iter().find(|hook| !busy.contains(&hook.id));
        if let Some(hook) = &free {
            busy.insert(hook.id.clone());
        }
        Ok(free)
    }

    fn prepare(&self, service: &Service, hook: Webhook) -> Result<Step> {
        let today = service.real_today();
        if !service.read(|connection| maker_stands(connection, &hook.maker, today))? {
            return self.halt(service, &hook, State::Paused, Halt::MakerGone);
        }
        let last = service.read(|connection| webhook::deliveries(connection, &hook.id, i64::MAX, 1))?.pop();
        let waiting = last.as_ref().filter(|last| last.state == "waiting");
        // What was tried today is tried again as it was, if it still says the same.
        let day = day_number(service.today());
        let until = waiting.filter(|one| one.through_on == day).map(|one| one.position);
        let batch = match service.webhook_batch(&hook, until)? {
            Ok(batch) => batch,
            Err(halt) => return self.halt(service, &hook, State::Paused, halt),
        };
        let now = service.now_micros();
        if batch.lines == 0 {
            let Batch { position, told_on, open_items, .. } = batch;
            let moved = self
                .desk
                .act(move |writer| Ok(webhook::advance(writer, &hook, (position, told_on), &open_items, now)?))?;
            return Ok(if moved { Step::Moved } else { Step::Nothing });
        }
        let signers = key::signers(service)?;
        let digest: [u8; 32] = Sha256::digest(&batch.body).into();
        let known = last.as_ref().filter(|last| last.state != "acknowledged" && last.digest == digest);
        let id = match known {
            Some(known) => known.id.clone(),
            None => format!("msg_{}", hex(&self.desk.chance::<16>()?)),
        };
        let number = last.as_ref().map_or(1, |last| last.number + i64::from(waiting.is_none()));
        let delivery = Delivery {
            number,
            id,
            digest,
            after: hook.position,
            position: batch.position,
            through_on: batch.told_on,
            lines: i64::try_from(batch.lines).unwrap_or(i64::MAX),
            state: "waiting".to_owned(),
            tries: waiting.map_or(0, |one| one.tries) + 1,
            first_at: waiting.map_or(now, |one| one.first_at),
            tried_at: now,
            status: None,
            problem: String::new(),
        };
        let lease: [u8; 16] = self.desk.chance()?;
        let (of, attempt, until) = (hook.clone(), delivery.clone(), seconds_after(now, LEASE_SECONDS));
        let taken = self.desk.act(move |writer| Ok(webhook::take(writer, &of, &attempt, &lease, (now, until))?))?;
        if !taken {
            return Ok(Step::Nothing);
        }
        let Batch { body, open_items, .. } = batch;
        Ok(Step::Ready(Box::new(Prepared { hook, delivery, body, open_items, lease, signers })))
    }

    /// Makes an attempt.
    #[must_use]
    pub fn bring(&self, prepared: &Prepared) -> Outcome {
        let Prepared { hook, delivery, body, signers, .. } = prepared;
        let now = self.service.standing().now_micros();
        match self.messenger.bring(signers, &hook.url, (&delivery.id, now), body) {
            Ok(answer) => Outcome::Answered(answer.status),
            Err(CourierError::Forbidden(_)) => Outcome::Forbidden,
            Err(CourierError::NoAnswer(_) | CourierError::Certificates(_)) => Outcome::NoAnswer,
        }
    }

    /// Writes down what came of an attempt.
    ///
    /// # Errors
    /// A fault of the store: then the delivery is made again.
    pub fn settle(&self, prepared: Prepared, outcome: Outcome) -> Result<()> {
        let Prepared { hook, delivery, open_items, lease, .. } = prepared;
        let service = self.service.look_up()?;
        let now = service.now_micros();
        if let Outcome::Answered(status @ 200..=299) = outcome {
            let acknowledged = self.desk.act(move |writer| {
                let taken = (&lease, open_items.as_str());
                Ok(webhook::acknowledge(writer, &hook.id, &delivery, taken, (status, now))?)
            })?;
            if !acknowledged {
                tracing::debug!("an acknowledgement came too late: it is told again");
            }
            return Ok(());
        }
        if outcome == Outcome::Answered(410) {
            self.halt(&service, &hook, State::Ended, Halt::ReceiverGone)?;
            return Ok(());
        }
        let (status, problem, tries) = (outcome.status(), outcome.problem(), delivery.tries);
        tracing::debug!(webhook = %hook.id, ?status, problem, tries, "a delivery was not acknowledged");
        let [chance] = self.desk.chance()?;
        let (id, number, next_at) =
            (hook.id.clone(), delivery.number, seconds_after(now, i64::from(wait_seconds(tries, chance))));
        self.desk.act(move |writer| Ok(webhook::fail(writer, &id, number, &lease, (status, problem), next_at)?))?;
        if tries >= TRIES_MAX {
            self.halt(&service, &hook, State::Paused, Halt::Unanswered)?;
        }
        Ok(())
    }

    /// Pauses or ends a subscription by itself: an act of the platform.
    fn halt(&self, service: &Service, hook: &Webhook, state: State, halt: Halt) -> Result<Step> {
        tracing::warn!(webhook = %hook.id, unit = %hook.unit, halt = halt.code(), "a subscription is halted");
        let rulebook = service.shared_rulebook();
        let before = hook.state;
        let id = hook.id.clone();
        self.desk.act(move |writer| {
            // As it stands now: how far it was told may have changed since it was chosen.
            let Some(standing) = webhook::find(writer.connection(), &id)? else { return Ok(()) };
            let halted = Webhook { state, halt: Some(halt), ..standing };
            let draft = key::draft(&rulebook, writer, PLATFORM_UNIT, None, "");
            webhook::put(writer, &draft, &halted, Some(before))?;
            Ok(())
        })?;
        Ok(Step::Moved)
    }
}

/// What came of looking at a subscription that was due.
enum Step {
    /// Another was faster.
    Nothing,
    /// It was moved on or halted.
    Moved,
    /// A delivery was written down.
    Ready(Box<Prepared>),
}

/// Whether the key or account that made a subscription still opens anything; whoever acted at the console has neither.
fn maker_stands(connection: &mut Connection, maker: &str, today: jiff::civil::Date) -> credence_store::Result<bool> {
    if let Some(key) = api_key::list(connection)?.into_iter().find(|key| key.number == maker) {
        return Ok(key.revoked_at.is_none() && key.expires_on.is_none_or(|last| today <= last));
    }
    let Some(account) = account::find(connection, maker)? else { return Ok(true) };
    let open = account.state == AccountState::Active.code();
    Ok(open && account.ends_on.is_none_or(|last| today <= last))
}
