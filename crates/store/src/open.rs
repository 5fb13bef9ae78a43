//! Opening a store: addresses, the writer's lock, readers.

use crate::account::second_factor;
use crate::body::Packer;
use crate::change::Writer;
use crate::clock::{Chance, Clock};
use crate::connection::Connection;
use crate::connection::postgres::Pg;
use crate::connection::sqlite::Lite;
use crate::log::LogKey;
use crate::{Result, StoreError, schema, values};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

/// How long a writing command waits for another to end.
const WAIT: Duration = Duration::from_secs(10);

/// Where a register stands.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL URL.
    Postgres(String),
}

impl std::fmt::Debug for Address {
    /// Never the URL: it may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Address::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Address::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

impl Address {
    /// Reads `sqlite:PATH` or `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError::Address`] for anything else.
    pub fn parse(text: &str) -> Result<Self> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return Ok(Address::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Address::Postgres(text.to_owned()));
        }
        Err(StoreError::Address(text.to_owned()))
    }

    /// Opens the writing end, making and migrating the register where needed. On SQLite this takes `FILE.writer` and
    /// waits up to ten seconds for another process to let it go.
    ///
    /// # Errors
    /// [`StoreError::InUse`] naming the holder; [`StoreError::ReadOnly`]; [`StoreError::Newer`]; or a fault.
    pub fn writer(&self, clock: Clock) -> Result<Writer> {
        self.writer_within(clock, WAIT)
    }

    /// The same, waiting so long for another process.
    ///
    /// # Errors
    /// As [`Address::writer`].
    pub fn writer_within(&self, clock: Clock, wait: Duration) -> Result<Writer> {
        let lock = match self {
            Address::Sqlite(path) => Some(Arc::new(take_lock(path, wait)?)),
            Address::Postgres(_) => None,
        };
        self.writer_under(clock, lock, LogKey::of(self))
    }

    fn writer_under(&self, clock: Clock, lock: Option<Arc<File>>, log_key: LogKey) -> Result<Writer> {
        let mut connection = self.connect()?;
        schema::migrate(&mut connection)?;
        let mut writer = Writer {
            connection,
            clock,
            chance: Chance::default(),
            packer: Packer::new()?,
            last_chunk: Arc::default(),
            address: self.clone(),
            group: Default::default(),
            log_key,
            done: Vec::new(),
            _lock: lock,
        };
        writer.read_last_chunk()?;
        seal_second_factors(&mut writer)?;
        Ok(writer)
    }

    /// The right to write to a register that nobody may have made yet, as it lies.
    pub(crate) fn unopened(&self) -> Result<(Connection, Option<Arc<File>>)> {
        let lock = match self {
            Address::Sqlite(path) => Some(Arc::new(take_lock(path, WAIT)?)),
            Address::Postgres(_) => None,
        };
        Ok((self.connect()?, lock))
    }

    /// A connection that writes.
    pub(crate) fn connect(&self) -> Result<Connection> {
        Ok(match self {
            Address::Sqlite(path) => Connection::Sqlite(Lite::writer(path)?),
            Address::Postgres(url) => Connection::Postgres(Box::new(Pg::connect(url)?.by_keys()?)),
        })
    }

    /// Whether the register can be read but shows no later change: a SQLite file in a folder that this user cannot write.
    /// Good enough for one command, not for a server, whose answers must end when publicity ends.
    #[must_use]
    pub fn shows_no_change(&self) -> bool {
        matches!(self, Address::Sqlite(path) if Lite::only_as_it_lies(path))
    }

    /// Whether a newer program has written the register, so that this one may read it and no more.
    ///
    /// # Errors
    /// As [`Address::reader`].
    pub fn is_of_newer(&self) -> Result<bool> {
        Ok(schema::check_readable(self.reader()?.connection())? > schema::VERSION)
    }

    /// Opens a reading end. It never waits for a writer and never writes.
    ///
    /// # Errors
    /// When there is no register or a newer program forbids reading it.
    pub fn reader(&self) -> Result<Reader> {
        self.reader_with(Lite::reader)
    }

    /// Opens a reading end for questions by key.
    ///
    /// # Errors
    /// As [`Address::reader`].
    pub fn reader_by_key(&self) -> Result<Reader> {
        self.reader_with(Lite::reader_by_key)
    }

    fn reader_with(&self, open: impl FnOnce(&Path) -> Result<Lite>) -> Result<Reader> {
        let mut connection = match self {
            Address::Sqlite(path) => Connection::Sqlite(open(path)?),
            Address::Postgres(url) => Connection::Postgres(Box::new(Pg::connect(url)?)),
        };
        schema::check_readable(&mut connection)?;
        Ok(Reader { connection })
    }
}

/// The reading end of a store.
#[derive(Debug)]
pub struct Reader {
    pub(crate) connection: Connection,
}

impl Reader {
    /// The connection, for the reading functions of this crate.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

/// The writing right of one process: whoever in it writes shares one lock, taken when the first begins and let go when the
/// last has ended, so that a command finds the register free beside an idle server.
#[derive(Debug)]
pub struct Pen {
    address: Address,
    clock: Clock,
    held: Mutex<Weak<File>>,
    log_key: LogKey,
}

impl Pen {
    /// The right to write to a register; nothing is taken yet.
    #[must_use]
    pub fn new(address: Address, clock: Clock) -> Self {
        let log_key = LogKey::of(&address);
        Self { address, clock, held: Mutex::default(), log_key }
    }

    /// A writer beside others of this process. SQLite itself makes their transactions wait for each other.
    ///
    /// # Errors
    /// As [`Address::writer`].
    pub fn writer(&self) -> Result<Writer> {
        self.writer_within(WAIT)
    }

    /// The same, waiting so long for another process.
    ///
    /// # Errors
    /// As [`Address::writer`].
    pub fn writer_within(&self, wait: Duration) -> Result<Writer> {
        let log_key = self.log_key.clone();
        let Address::Sqlite(path) = &self.address else {
            return self.address.writer_under(self.clock.clone(), None, log_key);
        };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let lock = match held.upgrade() {
            Some(lock) => lock,
            None => Arc::new(take_lock(path, wait)?),
        };
        *held = Arc::downgrade(&lock);
        self.address.writer_under(self.clock.clone(), Some(lock), log_key)
    }

    /// Where the register stands.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The log's key.
    #[must_use]
    pub fn log_key(&self) -> &LogKey {
        &self.log_key
    }
}

/// Seals secrets of second factors from before they were sealed. Where the keys are not at hand they stay as they lie, which
/// `verify` names, and everything else goes on.
fn seal_second_factors(writer: &mut Writer) -> Result<()> {
    match second_factor::seal_readable(writer) {
        Ok(0) => Ok(()),
        Ok(secrets) => {
            tracing::info!(secrets, "sealed the secrets of second factors");
            Ok(())
        }
        Err(
            error
            @ (StoreError::KeysGone | StoreError::KeysOther | StoreError::KeysBad(_) | StoreError::KeysExposed(_)),
        ) => {
            tracing::warn!(code = error.code(), %error, "secrets of second factors lie readable");
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn take_lock(database: &Path, wait: Duration) -> Result<File> {
    let mut name = database.as_os_str().to_owned();
    name.push(".writer");
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&name).map_err(
        |error| match error.kind() {
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly,
            std::io::ErrorKind::StorageFull => StoreError::DiskFull,
            _ => StoreError::Io(error),
        },
    )?;
    let watch = Clock::stopwatch();
    while file.try_lock().is_err() {
        if watch.elapsed() >= wait {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            return Err(StoreError::InUse { holder: holder.trim().to_owned() });
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let command = command(std::env::args().skip(1));
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "{} ({command})", std::process::id())?;
    Ok(file)
}

/// The command that a process runs: the first word that is neither an option nor the value of one. Options before the command have
/// a value, but for `--json`.
fn command(mut words: impl Iterator<Item = String>) -> String {
    while let Some(word) = words.next() {
        match word.as_str() {
            "--json" => {}
            option if option.starts_with("--") && option.contains('=') => {}
            option if option.starts_with("--") => {
                words.next();
            }
            _ => return word,
        }
    }
    String::new()
}

/// A mark of the deployment (`demo`, …).
///
/// # Errors
/// Whatever the database says.
pub fn mark(connection: &mut Connection, key: &str) -> Result<Option<String>> {
    connection.first("select value from meta where key = $1", values![key], |row| row.string(0))
}

/// Sets a mark of the deployment. It concerns no subject and no rule.
///
/// # Errors
/// Whatever the database says.
pub fn set_mark(connection: &mut Connection, key: &str, value: &str) -> Result<()> {
    connection.execute(
        "insert into meta(key, value) values ($1, $2) on conflict (key) do update set value = excluded.value",
        values![key, value],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn whoever_waits_for_the_lock_reads_the_command_that_holds_it() {
        for line in ["serve", "--database sqlite:a.db serve --listen x", "--json --database=a.db serve"] {
            assert_eq!(command(line.split(' ').map(str::to_owned)), "serve", "{line}");
        }
        assert_eq!(command(std::iter::empty()), "");
    }
}
