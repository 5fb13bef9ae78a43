//! The derived index of names and codes beside a register: opened or built, kept up with the acts, asked.
//!
//! It is one per serving process and is never needed: while it is missing, damaged, another register's or far behind, SQL
//! answers the same question. What is public does not depend on it; it holds names and codes only.

mod keep;
mod place;

use crate::Result;
use crate::service::Service;
use credence_domain::record::text::fold_alike;
use credence_search::{Index, Query};
use credence_store::Address;
use credence_store::act::ActId;
use credence_store::names::{self, Head, Known};
use credence_store::scope::View;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

pub use keep::Rebuilt;

/// An index that is further behind than this many acts catches up in the background.
const ACTS_AT_ONCE: u64 = 8;
/// Each question looks at every organisation that differs from what was built: more than this, and it is built again.
const CHANGED_MOST: usize = 4096;

/// The index of a service.
#[derive(Debug, Default)]
pub(crate) struct Names {
    standing: RwLock<Option<Standing>>,
    /// Wanted at all: `serve` keeps an index, a single command does not.
    wanted: AtomicBool,
    /// Somebody is opening, building or catching up.
    busy: AtomicBool,
    /// Questions that the index has answered.
    answered: AtomicU64,
}

#[derive(Debug)]
struct Standing {
    index: Index,
    /// Acts without a leaf that were read already.
    ahead: HashSet<ActId>,
}

/// Whether the index may answer.
enum Freshness {
    Fresh,
    /// A few acts behind, which are read at once.
    Behind(Head),
    /// Far behind: in the background.
    FarBehind,
    /// Missing, or not of this register.
    Unusable,
}

impl Names {
    fn freshness(&self, head: Head) -> Freshness {
        let standing = self.standing.read().unwrap_or_else(PoisonError::into_inner);
        let Some(Standing { index, ahead }) = &*standing else { return Freshness::Unusable };
        let size = index.position().size;
        match head.size.checked_sub(size) {
            // The log never shrinks: this is the index of another register, or of a later state of this one.
            None => Freshness::Unusable,
            Some(0) if head.pending.iter().all(|(act, _)| ahead.contains(act)) => Freshness::Fresh,
            Some(behind) if behind + head.pending.len() as u64 > ACTS_AT_ONCE => Freshness::FarBehind,
            Some(_) => Freshness::Behind(head),
        }
    }
}

impl Service {
    /// Codes that match, with their rank; `None` when SQL must answer.
    pub(crate) fn matches(&self, view: &View, query: &Query) -> Result<Option<Vec<(i64, String)>>> {
        if !self.names().wanted.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let head = self.read(names::head)?;
        match self.names().freshness(head) {
            Freshness::Fresh => {}
            Freshness::Behind(head) => self.read(|connection| self.names().catch_up(connection, view, &head))?,
            Freshness::FarBehind | Freshness::Unusable => {
                self.keep_search();
                return Ok(None);
            }
        }
        let standing = self.names().standing.read().unwrap_or_else(PoisonError::into_inner);
        let Some(Standing { index, .. }) = &*standing else { return Ok(None) };
        let (found, changed) = (index.search(query), index.changed());
        drop(standing);
        match found {
            Ok(hits) => {
                self.names().answered.fetch_add(1, Ordering::Relaxed);
                if changed > CHANGED_MOST {
                    self.rebuild_in_background();
                }
                Ok(Some(hits))
            }
            Err(_) => {
                // A file that went bad under us: away with it, SQL answers.
                self.names().put(None);
                self.keep_search();
                Ok(None)
            }
        }
    }

    /// Keeps an index from now on: opens or builds it in the background; SQL answers until it is ready.
    pub fn keep_search(&self) {
        self.names().wanted.store(true, Ordering::Relaxed);
        keep::in_background(self.names_shared(), self.address().clone(), self.public_view(), keep::Work::Bring);
    }

    /// Builds the index anew in the background where one is kept and something was taken out of what it holds.
    pub(crate) fn rebuild_search_if_kept(&self, changed: bool) {
        if changed && self.names().wanted.load(Ordering::Relaxed) {
            self.names().put(None);
            self.rebuild_in_background();
        }
    }

    fn rebuild_in_background(&self) {
        keep::in_background(self.names_shared(), self.address().clone(), self.public_view(), keep::Work::Rebuild);
    }

    /// Builds the index anew, now, and uses it from now on.
    ///
    /// # Errors
    /// A fault of the store, or of the folder.
    pub fn rebuild_search(&self) -> Result<Rebuilt> {
        self.names().wanted.store(true, Ordering::Relaxed);
        keep::rebuild(&self.names_shared(), self.address(), &self.public_view())
    }

    /// The index is there and answers; what it lacks it reads before the next answer.
    #[must_use]
    pub fn search_is_ready(&self) -> bool {
        self.names().standing.read().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// How many questions the index has answered; SQL answered the others.
    #[must_use]
    pub fn answered_by_index(&self) -> u64 {
        self.names().answered.load(Ordering::Relaxed)
    }

    fn names_shared(&self) -> Arc<Names> {
        Arc::clone(self.names())
    }
}

/// Removes the index on file: it holds a name that was erased, and is built anew by whoever needs it.
///
/// # Errors
/// When it is there and cannot be removed.
pub(crate) fn forget(address: &Address) -> Result<()> {
    match place::file(address).map(std::fs::remove_file) {
        Some(Err(error)) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn entry(known: Known) -> credence_search::Entry {
    let Known { uscc, names, aliases, area, status } = known;
    let names = names.iter().map(|name| fold_alike(name)).collect();
    credence_search::Entry { uscc, names, aliases, area, status }
}
