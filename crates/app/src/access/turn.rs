//! Answers to proposals are given one after another, whichever of the servers of a register they come to: what is carried out and what is
//! said of it are two acts.

use crate::{Result, Service};
use credence_store::Reader;
use std::sync::{Mutex, MutexGuard, PoisonError};

static ANSWERING: Mutex<()> = Mutex::new(());

/// Held while an answer is given.
pub(super) struct Turn {
    _here: MutexGuard<'static, ()>,
    _among_servers: Option<Reader>,
}

/// Waits for the turn to answer.
///
/// # Errors
/// A fault of the store.
pub(super) fn take(service: &Service) -> Result<Turn> {
    let here = ANSWERING.lock().unwrap_or_else(PoisonError::into_inner);
    let among_servers = credence_store::proposal::turn(service.address())?;
    Ok(Turn { _here: here, _among_servers: among_servers })
}
