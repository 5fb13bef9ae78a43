//! Keeping the log (日志值守): the serving process places what others left pending, signs what has grown, tells the witnesses
//! and thins out old checkpoints.

use super::Teller;
use super::newest;
use crate::Result;
use crate::service::Service;
use credence_store::Writer;
use credence_store::log::witness::{self, Told};
use credence_store::log::{checkpoint, key};
use credence_store::sequencer;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How often it looks.
const LOOKS_EVERY: Duration = Duration::from_millis(100);
/// Looks between two tellings of the same place: a second.
const TELLS_EVERY: u32 = 10;
/// Looks between two attempts to tell a place that failed: half a minute.
const TRIES_AGAIN_AFTER: u32 = 300;
/// Looks between two thinnings: an hour.
const THINS_EVERY: u32 = 36_000;

/// Keeps the log of one serving process.
#[derive(Debug)]
pub struct Keeper {
    service: Arc<Service>,
    teller: Teller,
    stopped: Mutex<bool>,
    wake: Condvar,
}

impl Keeper {
    /// A keeper that has not begun.
    #[must_use]
    pub fn new(service: Arc<Service>, teller: Teller) -> Self {
        Self { service, teller, stopped: Mutex::default(), wake: Condvar::new() }
    }

    /// Looks until [`Keeper::stop`] is called: for a thread of its own.
    pub fn work(&self) {
        let mut look: u32 = 0;
        loop {
            if let Err(error) = self.look(look) {
                // Another process may hold the register: it places its own acts, and the next look comes soon.
                tracing::debug!(code = error.code(), %error, "the log was not looked after");
            }
            look = look.wrapping_add(1);
            let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
            if *stopped {
                return;
            }
            let waited = self.wake.wait_timeout(stopped, LOOKS_EVERY).unwrap_or_else(PoisonError::into_inner);
            if *waited.0 {
                return;
            }
        }
    }

    /// Ends [`Keeper::work`].
    pub fn stop(&self) {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.wake.notify_all();
    }

    /// One look: what waits is placed and signed; now and then places are told and old checkpoints go.
    ///
    /// # Errors
    /// `database_in_use` while another process writes, or a fault.
    pub fn look(&self, look: u32) -> Result<()> {
        let behind = self.service.read(|connection| {
            let Some(present) = key::present(connection)? else { return Ok(false) };
            let signed = checkpoint::latest(connection, &present.origin)?.map_or(present.from_size, |last| last.size);
            Ok(sequencer::pending(connection)? > 0 || sequencer::size(connection)? > signed)
        })?;
        if behind {
            self.writer()?.sequence()?;
        }
        if look.is_multiple_of(TELLS_EVERY) {
            self.tell_all(look)?;
        }
        if look.is_multiple_of(THINS_EVERY) {
            let thick = self.service.read(|connection| Ok(checkpoint::all(connection)?.len() > 2_000))?;
            if thick {
                checkpoint::thin(self.writer()?.connection())?;
            }
        }
        Ok(())
    }

    fn writer(&self) -> Result<Writer> {
        Ok(self.service.pen().writer()?)
    }

    /// Tells every place that has not the newest checkpoint yet; gives how many took it.
    fn tell_all(&self, look: u32) -> Result<usize> {
        let due = self.service.read(|connection| {
            let Some((signed, _)) = newest(connection)? else { return Ok(None) };
            let tries_again = look.is_multiple_of(TRIES_AGAIN_AFTER);
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
    /// As [`Keeper::look`].
    pub fn tell_now(&self) -> Result<usize> {
        self.tell_all(0)
    }
}
