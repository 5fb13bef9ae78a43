//! How a thread that works as long as the process lives rests between its turns, and is told to stop.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The rest of such threads.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    stopped: Mutex<bool>,
    wake: Condvar,
}

impl Rest {
    /// Waits; true when it is told to stop, before or meanwhile.
    pub(crate) fn ends_within(&self, wait: Duration) -> bool {
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.wake.wait_timeout_while(stopped, wait, |stopped| !*stopped);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Tells everybody who rests here to stop.
    pub(crate) fn end(&self) {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.wake.notify_all();
    }
}
