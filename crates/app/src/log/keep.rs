//! Keeping the log (日志值守): the serving process places what others left pending, signs what has grown, tells the witnesses
//! and thins out old checkpoints.

use super::Teller;
use super::newest;
use crate::Result;
use crate::rest::Rest;
use crate::service::Service;
use credence_store::Writer;
use credence_store::log::witness::{self, Told};
use credence_store::log::{checkpoint, key};
use credence_store::sequencer;
use std::sync::Arc;
use std::time::Duration;

/// How often it looks whether something waits for its place or for a signature.
const LOOKS_EVERY: Duration = Duration::from_millis(100);
/// How long it leaves alone what could not be placed or signed.
const LEAVES_ALONE: Duration = Duration::from_secs(5);
/// How often places are told.
const TELLS_EVERY: Duration = Duration::from_secs(1);
/// Tellings between two attempts to tell a place that failed: half a minute.
const TRIES_AGAIN_AFTER: u32 = 30;
/// Tellings between two thinnings: an hour.
const THINS_EVERY: u32 = 3_600;
/// Checkpoints beyond which old ones go.
const THICK: usize = 2_000;

/// Keeps the log of one serving process.
#[derive(Debug)]
pub struct Keeper {
    service: Arc<Service>,
    teller: Teller,
    rest: Rest,
}

impl Keeper {
    /// A keeper that has not begun.
    #[must_use]
    pub fn new(service: Arc<Service>, teller: Teller) -> Self {
        Self { service, teller, rest: Rest::default() }
    }

    /// Places and signs what waits until [`Keeper::stop`] is called: for a thread of its own.
    pub fn place(&self) {
        loop {
            let left = self.look().unwrap_or_else(|error| {
                // Another process may hold the register: it places its own acts.
                tracing::debug!(code = error.code(), %error, "the log was not looked after");
                true
            });
            if self.rest.ends_within(if left { LEAVES_ALONE } else { LOOKS_EVERY }) {
                return;
            }
        }
    }

    /// Tells places and takes old checkpoints away until [`Keeper::stop`] is called: for another thread, for a place that
    /// does not answer must keep nothing from being signed.
    pub fn tell(&self) {
        let mut turn: u32 = 0;
        loop {
            let told = self.tell_all(turn.is_multiple_of(TRIES_AGAIN_AFTER));
            let thinned = if turn.is_multiple_of(THINS_EVERY) { self.thin() } else { Ok(()) };
            if let Err(error) = told.and(thinned) {
                tracing::debug!(code = error.code(), %error, "not everybody was told");
            }
            turn = turn.wrapping_add(1);
            if self.rest.ends_within(TELLS_EVERY) {
                return;
            }
        }
    }

    /// Ends [`Keeper::place`] and [`Keeper::tell`].
    pub fn stop(&self) {
        self.rest.end();
    }

    fn is_behind(&self) -> Result<bool> {
        self.service.read(|connection| {
            let waits = sequencer::pending(connection)? > 0;
            let Some(present) = key::present(connection)? else { return Ok(waits) };
            let signed = checkpoint::latest(connection, &present.origin)?.map_or(present.from_size, |last| last.size);
            Ok(waits || sequencer::size(connection)? > signed)
        })
    }

    /// One look: what waits is placed and signed. True when something is left that could not be.
    ///
    /// # Errors
    /// `database_in_use` while another process writes, or a fault.
    pub fn look(&self) -> Result<bool> {
        if !self.is_behind()? {
            return Ok(false);
        }
        // It waits for nobody: who holds the register places its own acts, and whoever acts here must not wait behind this.
        self.service.pen().writer_within(Duration::ZERO)?.sequence()?;
        self.is_behind()
    }

    fn thin(&self) -> Result<()> {
        if self.service.read(|connection| Ok(checkpoint::all(connection)?.len() > THICK))? {
            checkpoint::thin(self.writer()?.connection())?;
        }
        Ok(())
    }

    fn writer(&self) -> Result<Writer> {
        Ok(self.service.pen().writer()?)
    }

    /// Tells every place that has not the newest checkpoint yet, those that failed only now and then; gives how many took it.
    fn tell_all(&self, tries_again: bool) -> Result<usize> {
        let due = self.service.read(|connection| {
            let Some((signed, _)) = newest(connection)? else { return Ok(None) };
            let due = witness::list(connection)?.into_iter().filter(|place| {
                (place.size != signed.size || place.told_at.is_none()) && (place.problem.is_empty() || tries_again)
            });
            let due: Vec<_> = due.collect();
            Ok(Some((signed, due)))
        })?;
        let Some((signed, due)) = due else { return Ok(0) };
        let mut took = 0;
        for place in due {
            let told = self.service.read(|connection| Ok(self.teller.tell(connection, &place, &signed)))?;
            if let Told::Failed(problem) = &told {
                tracing::warn!(witness = %place.name, %problem, "a witness did not take the checkpoint");
            } else {
                took += 1;
            }
            let now = self.service.now_micros();
            witness::note(&mut self.writer()?, &signed.origin, &place.name, &told, now)?;
        }
        Ok(took)
    }

    /// Tells every place now, whatever became of the last attempt; gives how many took the newest checkpoint.
    ///
    /// # Errors
    /// `database_in_use` while another process writes, or a fault.
    pub fn tell_now(&self) -> Result<usize> {
        self.tell_all(true)
    }
}
