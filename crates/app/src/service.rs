//! The platform as its readers meet it: one rulebook, a pool of reading connections, one clock.

use crate::query::proof::KnownChunks;
use crate::search::Names;
use crate::{AppError, Result};
use credence_domain::rulebook::Rulebook;
use credence_store::body::Unpacker;
use credence_store::clock::Clock;
use credence_store::connection::Connection;
use credence_store::scope::View;
use credence_store::unit::{self, Unit};
use credence_store::{Address, Reader};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Readers kept open when nobody asks.
const IDLE_READERS: usize = 8;

/// Everything a reader needs.
#[derive(Debug)]
pub struct Service {
    address: Address,
    rulebook: Arc<Rulebook>,
    clock: Clock,
    /// `--today`: what reads ask; writes are refused meanwhile.
    moved_to: Option<Date>,
    demonstration: bool,
    idle: Mutex<Vec<Idle>>,
    names: Arc<Names>,
    chunks: KnownChunks,
}

/// A reading connection that nobody uses just now, with the unpacker that goes with it.
#[derive(Debug)]
struct Idle {
    reader: Reader,
    unpacker: Option<Unpacker>,
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
        let idle = Mutex::new(vec![Idle { reader, unpacker: None }]);
        let (rulebook, chunks) = (Arc::new(rulebook), KnownChunks::default());
        Ok(Self { address, rulebook, clock, moved_to: today, demonstration, idle, names: Arc::default(), chunks })
    }

    /// The rulebook in force.
    #[must_use]
    pub fn rulebook(&self) -> &Rulebook {
        &self.rulebook
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
    pub(crate) fn real_today(&self) -> Date {
        self.clock.today()
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

    /// Reads through one of the pool's connections.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&mut Connection) -> credence_store::Result<T>) -> Result<T> {
        self.with_idle(|idle| read(idle.reader.connection()))
    }

    /// Reads records with their contents through one of the pool's connections.
    pub(crate) fn read_bodies<T>(
        &self,
        read: impl FnOnce(&mut Connection, &mut Unpacker) -> credence_store::Result<T>,
    ) -> Result<T> {
        self.with_idle(|idle| {
            let unpacker = match &mut idle.unpacker {
                Some(unpacker) => unpacker,
                none => none.insert(Unpacker::new()?),
            };
            read(idle.reader.connection(), unpacker)
        })
    }

    fn with_idle<T>(&self, read: impl FnOnce(&mut Idle) -> credence_store::Result<T>) -> Result<T> {
        let taken = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut taken = match taken {
            Some(taken) => taken,
            None => Idle { reader: self.address.reader()?, unpacker: None },
        };
        let found = read(&mut taken)?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_READERS {
            idle.push(taken);
        }
        Ok(found)
    }

    /// The directory of units by code.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn units(&self) -> Result<BTreeMap<String, Unit>> {
        Ok(self.read(unit::list)?.into_iter().map(|unit| (unit.uscc.clone(), unit)).collect())
    }

    /// Whether the register answers: for readiness.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn ready(&self) -> Result<()> {
        self.read(|connection| credence_store::open::mark(connection, "schema_version")).map(|_| ())
    }
}
