//! Numbers of identity papers at rest, and papers that were handed in as files: sealed with keys that do not lie in the register.
//!
//! Serves 个人信息保护法 art. 五十一 and 山东省社会信用条例 art. 四十二. [`field`] seals and opens, [`keys`] are the keys,
//! [`cipher`] the ciphers; here is where keys are found, and which contents of the register are sealed. What is hashed is
//! always the plain content. Masking for people is `domain::record::personal`.

pub mod cipher;
pub mod field;
pub mod keys;
pub mod private;
mod rotate;
mod same;

pub use field::{Owner, Secrets};
pub use keys::{KeyId, KeyTold, Keys};
pub use rotate::{reseal, sealed_by_key};
pub use same::{Carrier, carriers};

use crate::clock::Chance;
use crate::connection::Connection;
use crate::connection::postgres::Pg;
use crate::open::Address;
use crate::{Result, StoreError, open, values};
use credence_domain::canonical::hex;
use credence_domain::record::Identity;
use credence_domain::subject::Uscc;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Names the file with the keys.
const FILE_VARIABLE: &str = "CREDENCE_KEYS";
/// Holds the keys themselves, as the file would.
const TEXT_VARIABLE: &str = "CREDENCE_KEYS_TEXT";
/// The mark of the key of the blind index, from the first sealed number on: with another one equal numbers would not meet.
const INDEX_MARK: &str = "secret_index";

static NAMED: OnceLock<PathBuf> = OnceLock::new();

/// Names the file with the keys for this process, before anything is opened (`--keys FILE`). The first one stays.
pub fn use_file(place: PathBuf) {
    let _ = NAMED.set(place);
}

/// Where the keys of a register are, and the keys once they were needed.
#[derive(Clone, Debug)]
pub struct Keyring {
    place: Place,
    found: Arc<Mutex<Option<Arc<Keys>>>>,
}

#[derive(Clone, Debug)]
enum Place {
    File(PathBuf),
    /// In the environment.
    Text,
}

impl Keyring {
    /// The keys of a register: of the file that was named, of the environment, else of the file beside a SQLite register;
    /// for PostgreSQL of one in the user's folder for data, whose name tells the register apart.
    #[must_use]
    pub fn of(address: &Address) -> Self {
        let named = NAMED.get().cloned().or_else(|| std::env::var_os(FILE_VARIABLE).map(PathBuf::from));
        let place = match named {
            Some(place) => Place::File(place),
            None if std::env::var_os(TEXT_VARIABLE).is_some() => Place::Text,
            None => Place::File(place_of(address, "keys")),
        };
        Self { place, found: Arc::default() }
    }

    /// The file; none where the keys are in the environment.
    #[must_use]
    pub fn place(&self) -> Option<&Path> {
        match &self.place {
            Place::File(place) => Some(place),
            Place::Text => None,
        }
    }

    fn read(&self) -> Result<Option<Keys>> {
        match &self.place {
            Place::File(place) if !place.exists() => Ok(None),
            Place::File(place) => Keys::read(place).map(Some),
            Place::Text => Keys::parse(&std::env::var(TEXT_VARIABLE).unwrap_or_default()).map(Some),
        }
    }

    /// The keys for opening what is sealed; none at all where there is no file, so that only a register without sealed
    /// numbers is read without keys.
    ///
    /// # Errors
    /// As [`Keys::read`].
    pub fn opening(&self) -> Result<Arc<Keys>> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keys) = &*found {
            return Ok(Arc::clone(keys));
        }
        match self.read()? {
            Some(keys) => Ok(Arc::clone(found.insert(Arc::new(keys)))),
            None => Ok(Arc::new(Keys::none())),
        }
    }

    /// The keys for sealing, made where the register has sealed nothing yet. `mark` is the register's [`index_mark`].
    ///
    /// # Errors
    /// As [`Keys::read`]; [`StoreError::KeysGone`] when the register has sealed numbers and its keys are not there;
    /// [`StoreError::KeysOther`] when these are another register's.
    pub fn sealing(&self, mark: Option<&str>, chance: &mut Chance, today: Date) -> Result<Arc<Keys>> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if found.is_none() {
            *found = self.read()?.map(Arc::new);
        }
        let keys = match (&*found, &self.place, mark) {
            (Some(keys), ..) => Arc::clone(keys),
            (None, Place::File(place), None) => {
                let keys = Arc::new(Keys::make(place, chance, today)?);
                tracing::warn!(place = %place.display(), "made keys for identity numbers: keep a copy of this file elsewhere");
                Arc::clone(found.insert(keys))
            }
            (None, ..) => return Err(StoreError::KeysGone),
        };
        match mark {
            Some(mark) if mark != keys.index_id().to_string() => Err(StoreError::KeysOther),
            _ => Ok(keys),
        }
    }

    /// Adds a key to the file; what is new is sealed with it.
    ///
    /// # Errors
    /// [`StoreError::KeysGone`] where there is no file, or as [`Keys::add`].
    pub fn add(&self, chance: &mut Chance, today: Date) -> Result<Arc<Keys>> {
        let place = self.place().filter(|place| place.exists()).ok_or(StoreError::KeysGone)?;
        let keys = Arc::new(Keys::add(place, chance, today)?);
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&keys));
        Ok(keys)
    }
}

/// Where a register's file of this kind lies when nobody names another place: beside a SQLite register, for PostgreSQL in the
/// user's folder for data under a name that tells the register apart.
pub(crate) fn place_of(address: &Address, kind: &str) -> PathBuf {
    match address {
        Address::Sqlite(path) => {
            let mut name = path.as_os_str().to_owned();
            name.push(format!(".{kind}"));
            name.into()
        }
        Address::Postgres(url) => {
            let folder = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
            let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".local/share");
            let digest: [u8; 32] = Sha256::digest(url.as_bytes()).into();
            let name = hex(digest.get(..12).unwrap_or_default());
            folder.unwrap_or_else(home).join("credence").join(format!("{name}.{kind}"))
        }
    }
}

/// The id of the key of the register's blind index; none before its first sealed number.
///
/// # Errors
/// Whatever the database says.
pub fn index_mark(connection: &mut Connection) -> Result<Option<String>> {
    open::mark(connection, INDEX_MARK)
}

/// The sealed fields of a content that is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept<'a> {
    pub(crate) uscc: Uscc,
    pub(crate) identity: Identity,
    pub(crate) at: i64,
    pub(crate) secrets: &'a Secrets,
}

/// The first to seal or erase something says with which key of the index: what comes with another is refused.
pub(crate) fn bind_index(connection: &mut Connection, index: &KeyId) -> Result<()> {
    let index = index.to_string();
    connection.execute(
        "insert into meta(key, value) values ($1, $2) on conflict (key) do nothing",
        values![INDEX_MARK, index.as_str()],
    )?;
    if index_mark(connection)?.as_deref() == Some(index.as_str()) { Ok(()) } else { Err(StoreError::KeysOther) }
}

/// The keys, with the one of the register's index among them: for looking up what only that key tells.
///
/// # Errors
/// [`StoreError::KeysGone`] where they are not there, [`StoreError::KeysOther`] where they are another register's.
pub(crate) fn index_keys(connection: &mut Connection, keyring: &Keyring) -> Result<Arc<Keys>> {
    let keys = keyring.opening()?;
    let mark = index_mark(connection)?;
    if mark.as_deref() == Some(keys.index_id().to_string().as_str()) {
        Ok(keys)
    } else if keys.active().is_none() {
        Err(StoreError::KeysGone)
    } else {
        Err(StoreError::KeysOther)
    }
}

/// Notes which contents are sealed and under which key, and takes the marks of their numbers into the blind index.
pub(crate) fn keep(connection: &mut Connection, rows: &[Kept<'_>]) -> Result<()> {
    let Some(first) = rows.first() else { return Ok(()) };
    bind_index(connection, &first.secrets.index)?;
    match connection {
        Connection::Postgres(pg) => keep_all(pg, rows),
        Connection::Sqlite(_) => rows.iter().try_for_each(|row| keep_one(connection, row)),
    }
}

fn keep_one(connection: &mut Connection, row: &Kept<'_>) -> Result<()> {
    connection.execute(
        "insert into record_secret(uscc, at, key) values ($1, $2, $3)",
        values![row.uscc.as_str(), row.at, &row.secrets.key.0],
    )?;
    for (field, mark) in &row.secrets.marks {
        connection.execute(
            "insert into record_secret_mark(uscc, identity, field, mark) values ($1, $2, $3, $4)",
            values![row.uscc.as_str(), &row.identity.0, field.as_str(), mark],
        )?;
    }
    Ok(())
}

fn keep_all(pg: &mut Pg, rows: &[Kept<'_>]) -> Result<()> {
    let statement = pg.statement(
        "insert into record_secret(uscc, at, key) select * from unnest($1::text[], $2::int8[], $3::bytea[])",
    )?;
    let usccs: Vec<&str> = rows.iter().map(|row| row.uscc.as_str()).collect();
    let places: Vec<i64> = rows.iter().map(|row| row.at).collect();
    let keys: Vec<&[u8]> = rows.iter().map(|row| row.secrets.key.0.as_slice()).collect();
    pg.client().execute(&statement, &[&usccs, &places, &keys])?;
    let statement = pg.statement(
        "insert into record_secret_mark(uscc, identity, field, mark)
         select * from unnest($1::text[], $2::bytea[], $3::text[], $4::bytea[])",
    )?;
    let marks = || rows.iter().flat_map(|row| row.secrets.marks.iter().map(move |(field, mark)| (row, field, mark)));
    let usccs: Vec<&str> = marks().map(|(row, ..)| row.uscc.as_str()).collect();
    let identities: Vec<&[u8]> = marks().map(|(row, ..)| row.identity.0.as_slice()).collect();
    let fields: Vec<&str> = marks().map(|(_, field, _)| field.as_str()).collect();
    let digests: Vec<&[u8]> = marks().map(|(.., mark)| mark.as_slice()).collect();
    pg.client().execute(&statement, &[&usccs, &identities, &fields, &digests])?;
    Ok(())
}

/// Takes the numbers of records out of the blind index: another version takes their place.
pub(crate) fn forget(connection: &mut Connection, records: &[(Uscc, Identity)]) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    if let Connection::Postgres(pg) = connection {
        let statement = pg.statement(
            "delete from record_secret_mark m using unnest($1::text[], $2::bytea[]) as k(u, i)
             where m.uscc = k.u collate \"C\" and m.identity = k.i",
        )?;
        let usccs: Vec<&str> = records.iter().map(|(uscc, _)| uscc.as_str()).collect();
        let identities: Vec<&[u8]> = records.iter().map(|(_, identity)| identity.0.as_slice()).collect();
        pg.client().execute(&statement, &[&usccs, &identities])?;
        return Ok(());
    }
    for (uscc, identity) in records {
        connection.execute(
            "delete from record_secret_mark where uscc = $1 and identity = $2",
            values![uscc.as_str(), &identity.0],
        )?;
    }
    Ok(())
}
