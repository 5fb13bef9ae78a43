//! The hub: follows the log while anybody listens, and keeps what came last for all of them, within a number of bytes.
//! A listener names the batch it had last; when the next is gone already it has to catch up from the database.

use super::{Form, standing};
use crate::AppState;
use axum::body::Bytes;
use credence_app::stream::{Filter, Line, Replay};
use credence_app::{Result, Service};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// How often the log is looked at.
const LOOKED_AT_EVERY: Duration = Duration::from_millis(50);
/// What is kept for listeners that are a little behind, in bytes.
const KEPT_BYTES: usize = 16 << 20;
/// Lines of a batch, about: acts are told whole.
const BATCH_LINES: usize = 1_000;
/// Readers at once, of either form.
const READERS: usize = 1_000;

/// What came at one time.
#[derive(Debug)]
pub(super) struct Batch {
    number: u64,
    /// Where a listener stands behind it.
    pub(super) standing: Replay,
    lines: Vec<Line>,
    /// All of it as events, for whoever filters nothing.
    whole: Bytes,
    bytes: usize,
}

impl Batch {
    fn new(number: u64, standing: Replay, lines: Vec<Line>) -> Self {
        let whole = with_standing(&lines, &Filter::default(), &standing);
        let bytes = whole.len() + lines.iter().map(Line::bytes).sum::<usize>();
        Self { number, standing, lines, whole, bytes }
    }

    /// As events for a filter, with the place behind it.
    pub(super) fn events(&self, filter: &Filter) -> Bytes {
        if *filter == Filter::default() {
            self.whole.clone()
        } else {
            with_standing(&self.lines, filter, &self.standing)
        }
    }
}

fn with_standing(lines: &[Line], filter: &Filter, replay: &Replay) -> Bytes {
    let mut out = Form::Events.write(lines, filter);
    out.extend_from_slice(standing(replay.position(), &replay.through()).as_bytes());
    out.into()
}

/// What a listener is told.
pub(super) enum Told {
    /// The batch behind the one that he had last.
    Batch(Arc<Batch>),
    /// Nothing new.
    Nothing,
    /// What comes next for him is kept no longer.
    Behind,
}

/// Where the hub stands.
#[derive(Debug, Default)]
struct Ring {
    batches: VecDeque<Arc<Batch>>,
    bytes: usize,
    /// Number of the latest batch.
    latest: u64,
    /// Place behind the latest batch; none while nobody listens.
    standing: Option<Replay>,
    listeners: usize,
    /// Other items are public than before: whoever listened has to begin anew.
    turned: u64,
}

impl Ring {
    fn push(&mut self, standing: Replay, lines: Vec<Line>) {
        self.latest += 1;
        let batch = Batch::new(self.latest, standing.clone(), lines);
        self.bytes += batch.bytes;
        self.standing = Some(standing);
        self.batches.push_back(Arc::new(batch));
        while self.bytes > KEPT_BYTES && self.batches.len() > 1 {
            self.bytes -= self.batches.pop_front().map_or(0, |batch| batch.bytes);
        }
    }

    fn empty(&mut self) {
        self.batches.clear();
        self.bytes = 0;
        self.standing = None;
    }
}

/// Follows the log for all listeners.
#[derive(Debug)]
pub(crate) struct Hub {
    ring: Mutex<Ring>,
    news: watch::Sender<u64>,
    closed: watch::Sender<bool>,
    readers: Arc<Semaphore>,
}

impl Default for Hub {
    fn default() -> Self {
        let readers = Arc::new(Semaphore::new(READERS));
        Self { ring: Mutex::default(), news: watch::Sender::new(0), closed: watch::Sender::new(false), readers }
    }
}

/// A listener; the hub rests when the last is gone.
pub(super) struct Listening {
    hub: Arc<Hub>,
    /// The batch that he had last.
    number: u64,
    /// The place behind it.
    pub(super) from: Replay,
    turned: u64,
    news: watch::Receiver<u64>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.hub.ring().listeners -= 1;
    }
}

impl Hub {
    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place among those who read; none while all are taken.
    pub(crate) fn admit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.readers).try_acquire_owned().ok()
    }

    /// Lets every listener go: the server stops.
    pub(crate) fn close(&self) {
        self.closed.send_replace(true);
    }

    /// Resolves when the server stops.
    pub(super) async fn is_closed(&self) {
        let mut closed = self.closed.subscribe();
        // The sender lives as long as the hub.
        let _ = closed.wait_for(|closed| *closed).await;
    }

    /// Begins to listen at the hub's place, which it takes where nobody listens yet.
    ///
    /// # Errors
    /// A fault of the store.
    pub(super) async fn listen(self: &Arc<Self>, state: &AppState) -> Result<Listening> {
        let fresh = state.ask_at_length(Service::changes_now).await?;
        let mut ring = self.ring();
        let begins = ring.standing.is_none();
        let from = ring.standing.get_or_insert(fresh).clone();
        ring.listeners += 1;
        if begins {
            tokio::spawn(follow(Arc::clone(self), state.clone()));
        }
        let (number, turned) = (ring.latest, ring.turned);
        Ok(Listening { hub: Arc::clone(self), number, from, turned, news: self.news.subscribe() })
    }
}

impl Listening {
    /// What comes next.
    pub(super) fn next(&mut self) -> Told {
        let ring = self.hub.ring();
        if self.number == ring.latest {
            return Told::Nothing;
        }
        let first = ring.batches.front().map_or(u64::MAX, |batch| batch.number);
        let at = (self.number + 1).checked_sub(first).and_then(|at| usize::try_from(at).ok());
        match at.and_then(|at| ring.batches.get(at)) {
            Some(batch) => {
                self.number = batch.number;
                Told::Batch(Arc::clone(batch))
            }
            None => Told::Behind,
        }
    }

    /// Resolves when there may be more.
    pub(super) async fn news(&mut self) {
        // The sender lives as long as the hub.
        let _ = self.news.changed().await;
    }

    /// Whether other items are public now than when he began.
    pub(super) fn has_turned(&self) -> bool {
        self.hub.ring().turned != self.turned
    }
}

/// Follows the log until nobody listens.
async fn follow(hub: Arc<Hub>, state: AppState) {
    let mut clock = tokio::time::interval(LOOKED_AT_EVERY);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut public = None;
    loop {
        clock.tick().await;
        let from = {
            let mut ring = hub.ring();
            if ring.listeners == 0 {
                ring.empty();
                return;
            }
            ring.standing.clone()
        };
        let Some(mut standing) = from else { return };
        loop {
            let read = state.follow(move |service| {
                let piece = service.changes_since(&mut standing, BATCH_LINES)?;
                Ok((service.public_items_now(), standing, piece))
            });
            let (items, behind, piece) = match read.await {
                Ok(read) => read,
                Err(error) => {
                    // What fails now is tried again at the next look.
                    tracing::warn!(code = error.code(), %error, "the change stream cannot be followed");
                    break;
                }
            };
            standing = behind;
            if public.as_ref().is_some_and(|known| *known != items) {
                hub.ring().turned += 1;
                hub.news.send_modify(|_| {});
            }
            public = Some(items);
            let Some(piece) = piece else { break };
            let is_last = piece.is_last;
            let latest = {
                let mut ring = hub.ring();
                ring.push(standing.clone(), piece.lines);
                ring.latest
            };
            hub.news.send_replace(latest);
            if is_last {
                break;
            }
        }
    }
}
