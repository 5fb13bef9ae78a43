//! The key with which the log is signed: where its file is, how it is made, and the name under which it is registered.
//!
//! The file holds the private key as the tools of signed notes write it, and beside it the last checkpoint that was signed:
//! a register that was rolled back finds there what it has signed already, and is refused.

use crate::change::Writer;
use crate::clock::Chance;
use crate::connection::Connection;
use crate::error::LogProblem;
use crate::log::signer::{Local, Remote, Signer};
use crate::open::Address;
use crate::{Result, StoreError, act::Draft, secret, sequencer, values};
use credence_domain::canonical::hex;
use credence_ledger::{SigningKey, VerifierKey};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Names the file of the log's key.
const FILE_VARIABLE: &str = "CREDENCE_LOG_KEY";
/// Names the socket of the process that holds the key.
const SOCKET_VARIABLE: &str = "CREDENCE_LOG_SIGNER";

static NAMED: OnceLock<Place> = OnceLock::new();

/// Where the log's key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a file that this process reads.
    File(PathBuf),
    /// In another process, which signs what comes over this socket (`credence log sign`).
    Socket(PathBuf),
}

/// Names the place of the log's key for this process, before anything is opened. The first one stays.
pub fn use_place(place: Place) {
    let _ = NAMED.set(place);
}

/// The log's key of a register, looked for when it is needed first.
#[derive(Clone, Debug)]
pub struct LogKey {
    place: Place,
    found: Arc<Mutex<Option<Arc<dyn Signer>>>>,
}

impl LogKey {
    /// The key of a register: of the place that was named, of the environment, else of the file beside a SQLite register; for
    /// PostgreSQL of one in the user's folder for data, whose name tells the register apart.
    #[must_use]
    pub fn of(address: &Address) -> Self {
        let from = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let place = NAMED
            .get()
            .cloned()
            .or_else(|| from(SOCKET_VARIABLE).map(Place::Socket))
            .or_else(|| from(FILE_VARIABLE).map(Place::File))
            .unwrap_or_else(|| Place::File(secret::place_of(address, "log-key")));
        Self { place, found: Arc::default() }
    }

    /// The key at this place.
    #[must_use]
    pub fn at(place: Place) -> Self {
        Self { place, found: Arc::default() }
    }

    /// Where it is.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The last checkpoint that was signed with the key of this place, a bare text, where what remembers it is at hand: a key behind a
    /// socket keeps its memory to itself.
    ///
    /// # Errors
    /// When the memory cannot be read.
    pub fn remembered(&self) -> Result<Option<String>> {
        let Place::File(file) = &self.place else { return Ok(None) };
        match std::fs::read_to_string(Local::memory_of(file)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Who signs; nothing where there is no key.
    ///
    /// # Errors
    /// When the file can be read by others or is no key, or nobody answers at the socket.
    pub fn signer(&self) -> Result<Option<Arc<dyn Signer>>> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(signer) = &*found {
            return Ok(Some(Arc::clone(signer)));
        }
        let signer: Arc<dyn Signer> = match &self.place {
            Place::File(file) if !file.exists() => return Ok(None),
            Place::File(file) => Arc::new(Local::read(file)?),
            Place::Socket(socket) => Arc::new(Remote::at(socket)?),
        };
        Ok(Some(Arc::clone(found.insert(signer))))
    }

    /// Who signs with the key that a register names. Where another one was found earlier it is looked for anew, for somebody
    /// may have begun another name meanwhile.
    ///
    /// # Errors
    /// As [`LogKey::signer`]; [`LogProblem::Gone`] where there is none, [`LogProblem::Other`] where it is another one.
    pub fn signer_of(&self, registered: &Registered) -> Result<Arc<dyn Signer>> {
        let known = self.signer()?;
        let found = match known.filter(|signer| signer.verifier() == registered.key) {
            Some(signer) => return Ok(signer),
            None => {
                *self.found.lock().unwrap_or_else(PoisonError::into_inner) = None;
                self.signer()?.ok_or(StoreError::Log(LogProblem::Gone))?
            }
        };
        if found.verifier() == registered.key {
            Ok(found)
        } else {
            Err(StoreError::Log(LogProblem::Other(registered.key.to_string())))
        }
    }

    /// Makes a key under a name, in place of the one that is there; that one's file is kept under the name of its id. A key
    /// behind a socket is not made here but by the process that holds it.
    ///
    /// # Errors
    /// When the file cannot be written, or as [`LogKey::signer`].
    pub fn make(&self, origin: &str, chance: &mut Chance) -> Result<Arc<dyn Signer>> {
        if let Place::File(file) = &self.place {
            if file.exists() {
                set_aside(file)?;
            }
            make(file, origin, chance)?;
            *self.found.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        self.signer()?.ok_or_else(|| StoreError::Log(LogProblem::Gone))
    }
}

/// Makes a key under a name and writes its file, which must not be there.
///
/// # Errors
/// When the name cannot stand in a note or the file cannot be written.
pub fn make(file: &Path, origin: &str, chance: &mut Chance) -> Result<VerifierKey> {
    let key = SigningKey::from_seed(origin, &chance.bytes()?)
        .map_err(|error| StoreError::Log(LogProblem::Bad(error.to_string())))?;
    secret::private::write_new(file, &format!("{}\n", key.secret()))?;
    Ok(key.verifier())
}

/// Keeps an earlier key's file under the name of its id: with one key two logs would be signed.
fn set_aside(file: &Path) -> Result<()> {
    let id = Local::read(file).map_or_else(|_| "unread".to_owned(), |key| format!("{:08x}", key.verifier().id()));
    for path in [file.to_owned(), Local::memory_of(file)] {
        let mut aside = path.clone().into_os_string();
        aside.push(format!(".{id}.old"));
        if path.exists() {
            std::fs::rename(&path, aside)?;
        }
    }
    Ok(())
}

/// A name for a log that was given none: under a top-level name that is never anyone's (RFC 2606).
///
/// # Errors
/// When chance fails.
pub fn some_name(chance: &mut Chance) -> Result<String> {
    let random: [u8; 8] = chance.bytes()?;
    Ok(format!("credence.invalid/{}", hex(&random)))
}

/// A name under which the log was or is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The log's name.
    pub origin: String,
    /// The key that checks its signatures.
    pub key: VerifierKey,
    /// The size of the log when it was registered.
    pub from_size: u64,
}

/// The names under which the log was signed, the present one last.
///
/// # Errors
/// Whatever the database says, or a key that cannot be read.
pub fn registered(connection: &mut Connection) -> Result<Vec<Registered>> {
    connection.rows("select origin, vkey, from_size from log_key order by at, origin", &[], |row| {
        let key = VerifierKey::parse(row.text(1)?)
            .map_err(|error| StoreError::Inconsistent(format!("the log's key: {error}")))?;
        Ok(Registered { origin: row.string(0)?, key, from_size: row.int(2)?.unsigned_abs() })
    })
}

/// The name under which the log is signed now; none before the first.
///
/// # Errors
/// As [`registered`].
pub fn present(connection: &mut Connection) -> Result<Option<Registered>> {
    Ok(registered(connection)?.pop())
}

/// Registers the key of a signer: from then on the log is signed with it. The act names it and is numbered under `unit`.
///
/// # Errors
/// Whatever the database says.
pub fn register(writer: &mut Writer, draft: &Draft, unit: &str, key: &VerifierKey) -> Result<()> {
    let mut draft = draft.clone();
    draft.details.insert("log_key".to_owned(), key.to_string().into());
    let (origin, vkey) = (key.name().to_owned(), key.to_string());
    writer.change(&draft, |change| {
        change.number_under_unit(unit)?;
        let size = i64::try_from(sequencer::size(change.connection)?).unwrap_or(i64::MAX);
        change.connection.execute(
            "insert into log_key(origin, vkey, act, from_size, at) values ($1, $2, $3, $4, $5)",
            values![origin.as_str(), vkey.as_str(), &change.id, size, change.now],
        )?;
        Ok(())
    })?;
    Ok(())
}
