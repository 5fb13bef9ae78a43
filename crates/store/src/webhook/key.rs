//! The keys under which deliveries are signed: private ones in a file that its owner alone may read, one a line, the newest first;
//! public ones registered by acts. A delivery is signed with every key of the file that is registered and was not retired, so
//! that receivers can change from one to the next.

use crate::act::Draft;
use crate::change::Writer;
use crate::connection::Connection;
use crate::open::Address;
use crate::secret::{self, private};
use crate::{Result, StoreError, values};
use credence_ledger::{MessageKey, MessageSigner};
use std::path::PathBuf;

/// Names the file of the keys.
const FILE_VARIABLE: &str = "CREDENCE_WEBHOOK_KEY";

/// A registered key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The public key, as it is written.
    pub key: String,
    /// The act that registered it.
    pub act: [u8; 16],
    /// Instant from which on it signs.
    pub since: i64,
    /// Instant at which it was retired.
    pub until: Option<i64>,
}

/// Where the private keys of a register are: in the file that the environment names, else beside a SQLite register; for
/// PostgreSQL in the user's folder for data under a name that tells the register apart.
#[must_use]
pub fn place(address: &Address) -> PathBuf {
    std::env::var_os(FILE_VARIABLE).map_or_else(|| secret::place_of(address, "webhook-key"), PathBuf::from)
}

/// Every key that was ever registered, the newest first.
///
/// # Errors
/// Whatever the database says.
pub fn registered(connection: &mut Connection) -> Result<Vec<Registered>> {
    connection.rows("select vkey, act, since, until from webhook_key order by since desc, vkey", &[], |row| {
        Ok(Registered { key: row.string(0)?, act: row.array(1)?, since: row.int(2)?, until: row.opt_int(3)? })
    })
}

/// The keys that sign: those of the file that are registered and were not retired; none where the file is not there.
///
/// # Errors
/// When others may read the file or it holds no keys; whatever the database says.
pub fn signers(connection: &mut Connection, address: &Address) -> Result<Vec<MessageSigner>> {
    let place = place(address);
    if !place.exists() {
        return Ok(Vec::new());
    }
    let open: Vec<String> =
        registered(connection)?.into_iter().filter(|key| key.until.is_none()).map(|key| key.key).collect();
    let held = read(&private::read(&place)?)?;
    Ok(held.into_iter().filter(|one| open.contains(&one.verifier().to_string())).collect())
}

fn read(text: &str) -> Result<Vec<MessageSigner>> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let bad = |error: credence_ledger::NoteError| StoreError::KeysBad(error.to_string());
    lines.map(|line| MessageSigner::parse(line).map_err(bad)).collect()
}

/// Makes a key, puts it before those of the file and registers it by an act numbered under `unit`; gives its public half.
///
/// # Errors
/// When the file cannot be written, or the database fails.
pub fn make(writer: &mut Writer, draft: &Draft, unit: &str) -> Result<MessageKey> {
    let signer = MessageSigner::from_seed(&writer.chance().bytes()?);
    let place = place(writer.address());
    let line = format!("{}\n", signer.secret());
    if place.exists() {
        let held = private::read(&place)?;
        private::replace(&place, &format!("{line}{held}"))?;
    } else {
        private::write_new(&place, &line)?;
    }
    let key = signer.verifier();
    let text = key.to_string();
    let mut draft = Draft { kind: "webhook_key", ..draft.clone() };
    draft.details.insert("webhook_key".to_owned(), text.clone().into());
    writer.change(&draft, |change| {
        change.number_under_unit(unit)?;
        change.connection.execute(
            "insert into webhook_key(vkey, act, since) values ($1, $2, $3)",
            values![text.as_str(), &change.id, change.now],
        )?;
        Ok(())
    })?;
    Ok(key)
}

/// Retires a key by an act numbered under `unit` and takes its private half out of the file; false where no key of this name
/// signs.
///
/// # Errors
/// When the file cannot be written, or the database fails.
pub fn retire(writer: &mut Writer, draft: &Draft, unit: &str, key: &str) -> Result<bool> {
    let mut draft = Draft { kind: "webhook_key", ..draft.clone() };
    draft.details.insert("webhook_key_retired".to_owned(), key.into());
    let (retired, _) = writer.change(&draft, |change| {
        let now = change.now;
        let retired = change
            .connection
            .execute("update webhook_key set until = $2 where vkey = $1 and until is null", values![key, now])?;
        if retired > 0 {
            change.number_under_unit(unit)?;
        }
        Ok(retired > 0)
    })?;
    let place = place(writer.address());
    if retired && place.exists() {
        let left: Vec<MessageSigner> =
            read(&private::read(&place)?)?.into_iter().filter(|one| one.verifier().to_string() != key).collect();
        private::replace(&place, &left.iter().map(|one| format!("{}\n", one.secret())).collect::<String>())?;
    }
    Ok(retired)
}
