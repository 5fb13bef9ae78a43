//! The service of a thread that works as long as the process lives: under the edition of the rulebook that is in force at each turn.

use crate::{Result, Service};
use std::sync::{Arc, Mutex, PoisonError};

/// The service of such a thread.
#[derive(Debug)]
pub(crate) struct Current(Mutex<Arc<Service>>);

impl Current {
    pub(crate) fn new(service: Arc<Service>) -> Self {
        Self(Mutex::new(service))
    }

    /// As it stood when it was looked up last.
    pub(crate) fn standing(&self) -> Arc<Service> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Under the edition in force.
    ///
    /// # Errors
    /// A fault of the store, or an edition that cannot be read.
    pub(crate) fn look_up(&self) -> Result<Arc<Service>> {
        let standing = self.standing();
        let Some(next) = standing.succeeded()? else { return Ok(standing) };
        let next = Arc::new(next);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&next);
        Ok(next)
    }
}
