//! The platform as its readers meet it: one rulebook, a pool of reading connections, one clock. Under another edition it is
//! another service over the same connections, so that no answer mixes two and nothing that was worked out outlives its edition.

use crate::access::Grants;
use crate::erasure::expire::{Expired, Files, expire};
use crate::query::proof::KnownChunks;
use crate::query::told::Known;
use crate::rulebook::PLATFORM_UNIT;
use crate::search::Names;
use crate::{AppError, Result};
use credence_domain::rulebook::Rulebook;
use credence_store::body::Unpacker;
use credence_store::clock::Clock;
use credence_store::connection::Connection;
use credence_store::scope::View;
use credence_store::secret::Keyring;
use credence_store::unit::{self, Unit};
use credence_store::{Address, Pen, Reader};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Readers of each kind kept open when nobody asks: as many as questions run at once, so that none is opened for one
/// question (which costs PostgreSQL a process).
const IDLE_READERS: usize = 16;

/// Everything a reader needs.
#[derive(Debug)]
pub struct Service {
    address: Address,
    rulebook: Arc<Rulebook>,
    clock: Clock,
    /// `--today`: what reads ask; writes are refused meanwhile.
    moved_to: Option<Date>,
    demonstration: bool,
    idle: Arc<Mutex<Vec<Reader>>>,
    by_key: Arc<Mutex<Vec<ByKey>>>,
    names: Arc<Names>,
    chunks: Arc<KnownChunks>,
    known: Known,
    pen: Arc<Pen>,
    grants: Grants,
    spool: Arc<OnceLock<PathBuf>>,
}

/// A connection for questions by key that nobody uses just now, with the unpacker that goes with it.
#[derive(Debug)]
struct ByKey {
    reader: Reader,
    unpacker: Unpacker,
}

impl Service {
    /// Opens a register for reading with the rulebook enacted in it.
    ///
    /// # Errors
    /// When there is no register; `bad_parameter` when `today` is moved on a register that no demonstration made.
    pub fn open(address: Address, clock: Clock, today: Option<Date>) -> Result<Self> {
        let mut reader = address.reader()?;
        let rulebook = crate::rulebook::in_force(reader.connection())?;
        let demonstration = credence_store::open::mark(reader.connection(), "demonstration")?.is_some();
        if today.is_some() && !demonstration {
            return Err(AppError::refused("bad_parameter", "today", "只有演示数据库可以移动日期"));
        }
        let pen = Arc::new(Pen::new(address.clone(), clock.clone()));
        let (idle, by_key) = (Arc::new(Mutex::new(vec![reader])), Arc::default());
        let (rulebook, chunks, known) = (Arc::new(rulebook), Arc::default(), Known::default());
        Ok(Self {
            address,
            rulebook,
            clock,
            moved_to: today,
            demonstration,
            idle,
            by_key,
            names: Arc::default(),
            chunks,
            known,
            pen,
            grants: Grants::default(),
            spool: Arc::default(),
        })
    }

    /// The service under the edition in force now; nothing while that is its own.
    ///
    /// # Errors
    /// A fault of the store, or an edition that cannot be read.
    pub fn succeeded(&self) -> Result<Option<Self>> {
        if self.read(credence_store::rulebook::digest_in_force)? == Some(self.rulebook.digest) {
            return Ok(None);
        }
        let mut reader = self.address.reader()?;
        let rulebook = Arc::new(crate::rulebook::in_force(reader.connection())?);
        Ok(Some(Self {
            rulebook,
            known: Known::default(),
            address: self.address.clone(),
            clock: self.clock.clone(),
            moved_to: self.moved_to,
            demonstration: self.demonstration,
            idle: Arc::clone(&self.idle),
            by_key: Arc::clone(&self.by_key),
            names: Arc::clone(&self.names),
            chunks: Arc::clone(&self.chunks),
            pen: Arc::clone(&self.pen),
            grants: Grants::default(),
            spool: Arc::clone(&self.spool),
        }))
    }

    /// The rulebook by which this service answers.
    #[must_use]
    pub fn rulebook(&self) -> &Rulebook {
        &self.rulebook
    }

    /// The same, for work that outlives the question.
    #[must_use]
    pub fn shared_rulebook(&self) -> Arc<Rulebook> {
        Arc::clone(&self.rulebook)
    }

    /// Where the register stands.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Today (Asia/Shanghai), or the day to which reads were moved. Ask once a request.
    #[must_use]
    pub fn today(&self) -> Date {
        self.moved_to.unwrap_or_else(|| self.clock.today())
    }

    /// Reads were moved to another day: writes are refused (`today_is_moved`).
    #[must_use]
    pub fn is_moved(&self) -> bool {
        self.moved_to.is_some()
    }

    /// What anyone may see today.
    #[must_use]
    pub fn public_view(&self) -> View {
        View::public(self.today())
    }

    /// The register is a synthetic province.
    #[must_use]
    pub fn is_demonstration(&self) -> bool {
        self.demonstration
    }

    /// The day it really is, wherever reads were moved to.
    #[must_use]
    pub fn real_today(&self) -> Date {
        self.clock.today()
    }

    /// Where the register's keys are.
    pub(crate) fn keyring(&self) -> Keyring {
        Keyring::of(&self.address)
    }

    /// The writing right of this process.
    pub(crate) fn pen(&self) -> &Arc<Pen> {
        &self.pen
    }

    pub(crate) fn grants(&self) -> &Grants {
        &self.grants
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn names(&self) -> &Arc<Names> {
        &self.names
    }

    pub(crate) fn now_micros(&self) -> i64 {
        self.clock.now_micros()
    }

    /// The trees of chunks, for proofs.
    pub(crate) fn chunks(&self) -> &KnownChunks {
        &self.chunks
    }

    /// What the rules say of records, as far as it was worked out.
    pub(crate) fn known(&self) -> &Known {
        &self.known
    }

    /// Reads through one of the pool's connections.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&mut Connection) -> credence_store::Result<T>) -> Result<T> {
        with_idle(&self.idle, || self.address.reader(), |reader| read(reader.connection()))
    }

    /// Reads a few rows by their keys, contents among them, through a connection that is made for it.
    pub(crate) fn read_by_key<T>(
        &self,
        read: impl FnOnce(&mut Connection, &mut Unpacker) -> credence_store::Result<T>,
    ) -> Result<T> {
        let open = || Ok(ByKey { reader: self.address.reader_by_key()?, unpacker: Unpacker::new()? });
        with_idle(&self.by_key, open, |ByKey { reader, unpacker }| read(reader.connection(), unpacker))
    }

    /// Gives every act that waits its place in the log: for a command that ends, where no server does it.
    ///
    /// # Errors
    /// `database_in_use`, or a fault.
    pub fn sequence(&self) -> Result<()> {
        Ok(self.pen.writer()?.sequence().map(|_| ())?)
    }

    /// Says in which folder this process keeps what was sent.
    pub fn keep_spool(&self, folder: &Path) {
        let _ = self.spool.set(folder.to_owned());
    }

    /// The folder in which this process keeps what was sent; none where it takes nothing in.
    #[must_use]
    pub fn spool(&self) -> Option<&Path> {
        self.spool.get().map(PathBuf::as_path)
    }

    /// Takes away rejected rows whose time is over: for a server, once a day.
    ///
    /// # Errors
    /// `database_in_use`, `clause_unknown`, or a fault.
    pub fn expire(&self) -> Result<Expired> {
        let files = self.spool().map(Files::in_folder);
        expire(&mut self.pen.writer()?, self.rulebook(), PLATFORM_UNIT, files.as_ref())
    }

    /// The directory of units as it stands today, by code.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn units(&self) -> Result<BTreeMap<String, Unit>> {
        let units = self.read(|connection| unit::list(connection, self.today()))?;
        Ok(units.into_iter().map(|unit| (unit.uscc.clone(), unit)).collect())
    }

    /// All units as they stand on a day, in order of their codes, with the officers of their declarations: for the office.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn units_for_office(&self, day: Date) -> Result<Vec<Unit>> {
        let mut units = self.read(|connection| unit::list(connection, day))?;
        for unit in units.iter_mut().filter(|unit| unit.regulator.is_empty()) {
            "other".clone_into(&mut unit.regulator);
        }
        Ok(units)
    }

    /// What a unit may see today: what is public, and what is its own as the directory of the day says.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn unit_view(&self, uscc: &str) -> Result<View> {
        let today = self.today();
        let directory = self.read(unit::directory)?;
        Ok(View::unit(uscc, &directory.sight(uscc, today), today))
    }

    /// Whether the register answers: for readiness.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn ready(&self) -> Result<()> {
        self.read(|connection| credence_store::open::mark(connection, "schema_version")).map(|_| ())
    }
}

/// Reads through a connection that is idle or newly opened, and keeps it where nothing went wrong.
fn with_idle<R, T>(
    pool: &Mutex<Vec<R>>,
    open: impl FnOnce() -> credence_store::Result<R>,
    read: impl FnOnce(&mut R) -> credence_store::Result<T>,
) -> Result<T> {
    let taken = pool.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let mut taken = match taken {
        Some(taken) => taken,
        None => open()?,
    };
    let found = read(&mut taken)?;
    let mut idle = pool.lock().unwrap_or_else(PoisonError::into_inner);
    if idle.len() < IDLE_READERS {
        idle.push(taken);
    }
    Ok(found)
}
