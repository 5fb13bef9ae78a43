//! The policies of the day, for a serving process: read once a day and edition.

use crate::service::Service;
use crate::{AppError, Result};
use credence_access::{Engine, Use};
use credence_domain::access::{Access, Action, Purpose, Role};
use credence_domain::rulebook::Rulebook;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The policies that were read last.
#[derive(Debug, Default)]
pub(crate) struct Grants(Mutex<Option<(Date, Arc<Granted>)>>);

/// The policies of a day, and which roles they let read a file for any purpose at all.
#[derive(Debug)]
pub struct Granted {
    engine: Engine,
    readers: BTreeSet<Role>,
}

impl Granted {
    /// Whether a role may do something; of reading a file, whether there is anything that it may read.
    #[must_use]
    pub fn allows(&self, role: Role, action: Action) -> bool {
        if action.is_about_an_item() { self.readers.contains(&role) } else { self.engine.allows(role, action) }
    }

    /// The same with the policies that said so. Of reading a file the policies speak item by item, so none is named here.
    #[must_use]
    pub fn explain(&self, role: Role, action: Action) -> (bool, Vec<String>) {
        if action.is_about_an_item() {
            return (self.allows(role, action), Vec::new());
        }
        self.engine.decide(role, action, None).map_or((false, Vec::new()), |said| (said.allowed, said.policies))
    }

    /// Whether a role may read an item for a purpose.
    #[must_use]
    pub fn may_read(&self, role: Role, of: &Use<'_>) -> bool {
        self.engine.may_read(role, of)
    }
}

impl Service {
    /// The policies of a day. Access is judged by today's rules, whatever day is asked for.
    ///
    /// # Errors
    /// When the edition's policies cannot be read: then nothing is allowed.
    pub fn granted(&self) -> Result<Arc<Granted>> {
        self.granted_on(self.real_today())
    }

    /// The policies of a day on which a request began.
    ///
    /// # Errors
    /// As [`Service::granted`].
    pub fn granted_on(&self, today: Date) -> Result<Arc<Granted>> {
        let mut held = self.grants().0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, granted)) = held.as_ref().filter(|(day, _)| *day == today) {
            return Ok(Arc::clone(granted));
        }
        let read = |access: &Access| Engine::on(access, today);
        let access = &self.rulebook().access;
        // An edition from before there were accounts: what the program ships decides.
        let read = if access.policies.is_empty() { read(&crate::rulebook::shipped()?.access) } else { read(access) };
        let engine = read.map_err(|error| AppError::Rulebook(error.to_string()))?;
        let purposes = self.purposes_on(today)?;
        let reads = |role: &Role| {
            self.rulebook().items.values().any(|item| {
                let disclosure = item.version_on(today).map_or("", |version| version.disclosure.code());
                purposes.iter().any(|purpose| {
                    let of = Use { item: &item.code, disclosure, purpose: &purpose.code, has_case: true };
                    engine.may_read(*role, &of)
                })
            })
        };
        let readers = Role::ALL.into_iter().filter(reads).collect();
        let granted = Arc::new(Granted { engine, readers });
        *held = Some((today, Arc::clone(&granted)));
        Ok(granted)
    }

    /// Whether a role may do something; of reading a file, whether there is anything that it may read.
    ///
    /// # Errors
    /// When the policies cannot be read.
    pub fn allows(&self, role: Role, action: Action) -> Result<bool> {
        Ok(self.granted()?.allows(role, action))
    }

    /// The purposes that may be named today.
    ///
    /// # Errors
    /// A broken shipped edition.
    pub fn purposes(&self) -> Result<Vec<Purpose>> {
        self.purposes_on(self.real_today())
    }

    fn purposes_on(&self, today: Date) -> Result<Vec<Purpose>> {
        let own = |rulebook: &Rulebook| rulebook.access.purposes.as_ref().map(|purposes| purposes.on(today).to_vec());
        match own(self.rulebook()) {
            Some(purposes) => Ok(purposes),
            None => Ok(own(&crate::rulebook::shipped()?).unwrap_or_default()),
        }
    }
}
