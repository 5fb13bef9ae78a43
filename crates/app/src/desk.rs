//! The desk (办理): where a server does single acts. They share commits (`store::group`), wait for none but acts on the same
//! organisation, and are answered when they are safe. What takes long has a writer of its own beside them.

use crate::service::Service;
use crate::{AppError, Result, Writer};
use credence_store::Pen;
use credence_store::clock::Chance;
use credence_store::group::Acts;
use credence_store::log::Promised;
use std::sync::{Arc, Mutex, PoisonError};

/// The desk of one process.
#[derive(Debug)]
pub struct Desk {
    shared: Arc<Shared>,
    /// The acts that were done here since the desk was opened for whoever is answered.
    done: Mutex<Vec<Promised>>,
}

#[derive(Debug)]
struct Shared {
    acts: Acts,
    pen: Arc<Pen>,
    chance: Mutex<Chance>,
}

impl Desk {
    /// Opens the desk; nothing is taken before there is work.
    ///
    /// # Errors
    /// When no thread can be made.
    pub fn open(service: &Service) -> Result<Self> {
        let pen = Arc::clone(service.pen());
        let shared = Shared { acts: Acts::open(&pen)?, pen, chance: Mutex::default() };
        Ok(Self { shared: Arc::new(shared), done: Mutex::default() })
    }

    /// The same desk for one more who is answered: the acts that are done for him are told apart from others'.
    #[must_use]
    pub fn for_one(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), done: Mutex::default() }
    }

    /// The acts that were done here since the last look, in their order: what is promised to whoever is answered.
    pub fn take_done(&self) -> Vec<Promised> {
        std::mem::take(&mut *self.done.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Does one piece of work and answers after its commit. It refuses before it writes, or not at all.
    ///
    /// # Errors
    /// What `work` or the database says; then it has written nothing.
    pub fn act<T: Send + 'static>(&self, mut work: impl FnMut(&mut Writer) -> Result<T> + Send + 'static) -> Result<T> {
        let (done, acts) = self.shared.acts.act(move |writer| match work(writer) {
            Ok(done) => Ok(Ok(done)),
            Err(AppError::Store(error)) => Err(error),
            Err(refused) => Ok(Err(refused)),
        })?;
        self.done.lock().unwrap_or_else(PoisonError::into_inner).extend(acts);
        done
    }

    /// Does work of many acts with a writer of its own.
    ///
    /// # Errors
    /// What `work` or the database says.
    pub fn at_length<T>(&self, work: impl FnOnce(&mut Writer) -> Result<T>) -> Result<T> {
        work(&mut self.writer()?)
    }

    /// A writer of its own, beside the others of this process.
    ///
    /// # Errors
    /// What the database says.
    pub fn writer(&self) -> Result<Writer> {
        Ok(self.shared.pen.writer()?)
    }

    /// Random bytes.
    ///
    /// # Errors
    /// When chance fails.
    pub(crate) fn chance<const N: usize>(&self) -> Result<[u8; N]> {
        Ok(self.shared.chance.lock().unwrap_or_else(PoisonError::into_inner).bytes()?)
    }

    /// The salt of a password.
    pub(crate) fn salt(&self) -> Result<[u8; 16]> {
        self.chance()
    }
}
