//! Numbers of identity papers on their way into the register: sealed before a row is packed. Only rows that carry one cost
//! anything.

use credence_store::clock::Chance;
use credence_store::secret::{Keyring, Owner, Secrets, field};
use credence_store::{Result, StoreError};
use jiff::civil::Date;
use serde_json::{Map, Value};

/// How one thread seals.
#[derive(Debug)]
pub enum Sealing {
    /// With the register's keys.
    Keys {
        /// Where they are.
        keyring: Keyring,
        /// The key of the register's blind index, once it has one.
        index: Option<String>,
        /// For nonces.
        chance: Box<Chance>,
        /// Day of receipt.
        today: Date,
    },
    /// A dry run writes nothing that stays and needs no keys: numbers are left out of what it packs.
    Without,
}

impl Sealing {
    /// The other half as it is kept, and what is sealed in it.
    ///
    /// # Errors
    /// When the keys are not there or not the register's, or chance fails.
    pub fn seal(&mut self, owner: Owner<'_>, other: &str, fields: &[&str]) -> Result<(String, Option<Secrets>)> {
        match self {
            Self::Without => without(other, fields).map(|kept| (kept, None)),
            Self::Keys { keyring, index, chance, today } => {
                let keys = keyring.sealing(index.as_deref(), chance, *today)?;
                let sealed = field::seal(&keys, chance, owner, other, fields)?;
                Ok(sealed.map_or_else(|| (other.to_owned(), None), |(kept, secrets)| (kept, Some(secrets))))
            }
        }
    }
}

fn without(other: &str, fields: &[&str]) -> Result<String> {
    let damaged = |_| StoreError::Inconsistent("a record's content is no JSON".to_owned());
    let mut found: Map<String, Value> = serde_json::from_str(other).map_err(damaged)?;
    found.retain(|field, _| !fields.contains(&field.as_str()));
    Ok(Value::Object(found).to_string())
}
