//! The one write path. State, the act that made it and its pending row are one transaction, or nothing.
//!
//! Serves promise 4 of the design: no change without a trace. Whatever concerns one organisation takes its next number
//! `seq`; what concerns none is numbered under the acting unit. Nothing here touches a row that different organisations
//! share, so only two changes to the same organisation wait for each other.

use crate::act::{self, ActId, Draft};
use crate::body::Packer;
use crate::clock::{Chance, Clock};
use crate::connection::Connection;
use crate::counter::{self, Differences};
use crate::group::Group;
use crate::log::{LogKey, Promised, Signed, checkpoint};
use crate::open::Address;
use crate::secret::Keyring;
use crate::{Result, StoreError, sequencer, values};
use serde_json::{Map, Value};
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Rows of one act: positions in a chunk fit 12 bits, and leaf 0 of the act's tree is its header.
pub const CHUNK_ROWS: usize = 4096;
/// Chunk numbers are microseconds since 2020-01-01, made greater than every earlier one.
const CHUNK_EPOCH_MICROS: i64 = 1_577_836_800_000_000;
/// The instant from which a chunk's number was made, in microseconds.
#[must_use]
pub fn chunk_instant(chunk: i64) -> i64 {
    chunk + CHUNK_EPOCH_MICROS
}

/// The lowest chunk number that an act of an instant can have.
pub(crate) fn chunk_of(at_micros: i64) -> i64 {
    at_micros - CHUNK_EPOCH_MICROS
}

/// How often a change that met another writer is tried again.
const TRIES: usize = 8;

/// What a registration says of an organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registration {
    /// Registration status as the registrar writes it.
    pub status: String,
    /// Area of registration: GB/T 2260 code or name.
    pub area: String,
    /// Kind of organisation.
    pub kind: String,
    /// Day of establishment.
    pub established_on: Option<i32>,
}

/// The writing end of a store.
#[derive(Debug)]
pub struct Writer {
    pub(crate) connection: Connection,
    pub(crate) clock: Clock,
    pub(crate) chance: Chance,
    pub(crate) packer: Packer,
    /// The last chunk's number, shared by the connections of one import: none of them takes another's.
    pub(crate) last_chunk: Arc<AtomicI64>,
    pub(crate) address: Address,
    pub(crate) group: Group,
    /// Who signs the log.
    pub(crate) log_key: LogKey,
    /// The acts that were done since it was emptied: for the promises of whoever is answered.
    pub(crate) done: Vec<Promised>,
    /// Holds `FILE.writer` locked as long as a writer of this process lives (SQLite).
    pub(crate) _lock: Option<Arc<File>>,
}

/// A change under way.
#[derive(Debug)]
pub struct Change<'w> {
    /// The connection, inside the transaction.
    pub connection: &'w mut Connection,
    /// Randomness for salts and references.
    pub chance: &'w mut Chance,
    /// Packs contents.
    pub packer: &'w mut Packer,
    /// The act's identity.
    pub id: ActId,
    /// The act's instant.
    pub now: i64,
    address: &'w Address,
    chunk: i64,
    uscc: Option<String>,
    commitments: Vec<[u8; 32]>,
    numbered_unit: Option<(String, i64)>,
    /// What changes in the counters (see [`counter::moved`]).
    pub(crate) counts: Differences,
    /// What the header says besides its draft: what is only known while the change is made.
    pub(crate) said: Map<String, Value>,
}

/// Salts, place and commitment of one change.
#[derive(Clone, Copy, Debug)]
pub struct Sealed {
    /// Where its content stands: chunk × 4096 + position.
    pub at: i64,
    /// Salt of the commitment.
    pub salt: [u8; 16],
    /// Salt of the hidden half.
    pub salt2: [u8; 16],
    /// The commitment.
    pub commitment: [u8; 32],
}

impl Change<'_> {
    /// Commits to one change of an organisation's file with its number: the next leaf of the act.
    ///
    /// # Errors
    /// When the act already holds [`CHUNK_ROWS`] changes or chance fails.
    pub fn seal(&mut self, uscc: &str, seq: i64, public: &[u8; 32], other: &[u8; 32]) -> Result<Sealed> {
        if self.commitments.len() >= CHUNK_ROWS {
            return Err(StoreError::Inconsistent("an act holds at most 4096 changes".to_owned()));
        }
        let (salt, salt2) = (self.chance.bytes()?, self.chance.bytes()?);
        let commitment = commitment(&salt, &salt2, seq, public, other);
        let at = self.chunk * CHUNK_ROWS as i64 + self.commitments.len() as i64;
        if self.uscc.is_none() {
            self.uscc = Some(uscc.to_owned());
        }
        self.commitments.push(commitment);
        Ok(Sealed { at, salt, salt2, commitment })
    }

    /// Where the register's keys are.
    #[must_use]
    pub fn keyring(&self) -> Keyring {
        Keyring::of(self.address)
    }

    /// Numbers an act that concerns no organisation under the acting unit.
    ///
    /// # Errors
    /// When the unit is not in the directory.
    pub fn number_under_unit(&mut self, unit: &str) -> Result<()> {
        self.connection.execute("update unit set seq = seq + 1 where uscc = $1", values![unit])?;
        let seq = self
            .connection
            .first("select seq from unit where uscc = $1", values![unit], |row| row.int(0))?
            .ok_or_else(|| StoreError::Inconsistent(format!("acting unit {unit} is not in the directory")))?;
        self.numbered_unit = Some((unit.to_owned(), seq));
        Ok(())
    }
}

/// The commitment of a change: SHA-256(0x01 ‖ salt ‖ SHA-256(public) ‖ rest), rest = SHA-256(salt2 ‖ seq ‖
/// SHA-256(other)).
#[must_use]
pub fn commitment(salt: &[u8; 16], salt2: &[u8; 16], seq: i64, public: &[u8; 32], other: &[u8; 32]) -> [u8; 32] {
    let rest = credence_ledger::rest(salt2, seq.unsigned_abs(), other);
    credence_ledger::commitment(salt, public, &rest)
}

impl Writer {
    /// Does one act: `work` changes state and seals each change; the act and its pending row are written with them.
    /// When `work` seals nothing and numbers no unit there is no act, and what it wrote (progress, a batch's counters)
    /// is committed alone. A meeting of two writers is tried again with the same act.
    ///
    /// # Errors
    /// What `work` or the database says; then nothing was written.
    pub fn change<T>(
        &mut self,
        draft: &Draft,
        mut work: impl FnMut(&mut Change<'_>) -> Result<T>,
    ) -> Result<(T, Option<ActId>)> {
        let id: ActId = self.chance.bytes()?;
        let mut tries = 0;
        loop {
            match self.change_once(id, draft, &mut work) {
                Err(StoreError::Conflict(_)) if tries < TRIES && self.group == Group::None => {
                    tries += 1;
                    self.read_last_chunk()?;
                }
                done => return done,
            }
        }
    }

    fn change_once<T>(
        &mut self,
        id: ActId,
        draft: &Draft,
        work: &mut impl FnMut(&mut Change<'_>) -> Result<T>,
    ) -> Result<(T, Option<ActId>)> {
        let now = self.clock.now_micros();
        let chunk = self.next_chunk(now);
        let salt = self.chance.bytes()?;
        let (chance, packer, address) = (&mut self.chance, &mut self.packer, &self.address);
        let mut made = None;
        let mut act = |connection: &mut Connection| {
            let mut change = Change {
                connection,
                chance,
                packer,
                id,
                now,
                address,
                chunk,
                uscc: None,
                commitments: Vec::new(),
                numbered_unit: None,
                counts: Differences::new(),
                said: Map::new(),
            };
            let done = work(&mut change)?;
            let Change { uscc, commitments, numbered_unit, counts, said, .. } = change;
            let uscc = uscc.as_deref().or(numbered_unit.as_ref().map(|(unit, _)| unit.as_str()));
            let Some(uscc) = uscc else {
                let counted = counts.is_empty();
                let refused = || StoreError::Inconsistent("a counter changed without an act".to_owned());
                return counted.then_some((done, None)).ok_or_else(refused);
            };
            let mut draft = draft.clone();
            if let Some((unit, seq)) = &numbered_unit {
                draft.details.insert("unit".to_owned(), unit.clone().into());
                draft.details.insert("unit_seq".to_owned(), Value::from(*seq));
            }
            draft.details.extend(said);
            let counts = counter::left(counts)?;
            let (commitments, counts) = (commitments.as_slice(), counts.as_deref());
            let whole = act::Made { uscc, id: &id, at: now, salt: &salt, chunk, commitments, counts };
            let root = act::insert(connection, &draft, &whole)?;
            made = Some(Promised { act: id, root, at: now });
            Ok((done, Some(id)))
        };
        let done = match self.group {
            Group::None => self.connection.transaction(act)?,
            Group::Whole => act(&mut self.connection).inspect_err(|_| self.group = Group::Lost)?,
            Group::Open | Group::Lost => self.connection.savepoint(act).map_err(|(error, open)| {
                // Two writers that met are told apart act by act.
                if !open || matches!(error, StoreError::Conflict(_)) {
                    self.group = Group::Lost;
                }
                error
            })?,
        };
        self.done.extend(made);
        Ok(done)
    }

    /// Gives every act that waits its place in the log, and signs what is committed. That nobody signs just now is no failure:
    /// the acts stand, and the next one who signs covers them.
    ///
    /// # Errors
    /// Whatever the database says while acts are placed.
    pub fn sequence(&mut self) -> Result<u64> {
        let placed = sequencer::run(&mut self.connection)?;
        if let Err(error) = self.sign() {
            tracing::warn!(code = error.code(), %error, "the log is not signed");
        }
        Ok(placed)
    }

    /// As [`Writer::sequence`], unless somebody else is placing acts just now (PostgreSQL): then he who comes next places
    /// these too, at the latest whoever keeps the log.
    ///
    /// # Errors
    /// As [`Writer::sequence`].
    pub fn sequence_if_free(&mut self) -> Result<u64> {
        if sequencer::is_free(&mut self.connection)? { self.sequence() } else { Ok(0) }
    }

    /// Signs the log when it has grown since the last checkpoint; gives the new one.
    ///
    /// # Errors
    /// [`StoreError::Log`] when it cannot be signed; a fault of the database.
    pub fn sign(&mut self) -> Result<Option<Signed>> {
        checkpoint::sign(&mut self.connection, &self.log_key, self.clock.now_micros())
    }

    /// Where the log's key is.
    #[must_use]
    pub fn log_key(&self) -> &LogKey {
        &self.log_key
    }

    /// Random bytes, for what is made beside an act.
    pub fn chance(&mut self) -> &mut Chance {
        &mut self.chance
    }

    /// A fresh connection to the same register, under the same lock.
    pub(crate) fn reconnect(&mut self) -> Result<()> {
        self.connection = self.address.connect()?;
        self.read_last_chunk()
    }

    fn next_chunk(&self, now: i64) -> i64 {
        let next = |last: i64| (now - CHUNK_EPOCH_MICROS).max(last + 1);
        let taken = self.last_chunk.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(next(last)));
        taken.map_or_else(next, next)
    }

    /// A second writing end beside this one, where the database has room for two: PostgreSQL. Two changes to the same
    /// organisation still wait for each other. `None` on SQLite, which has one writer.
    ///
    /// # Errors
    /// When the server refuses another connection.
    pub fn companion(&self) -> Result<Option<Writer>> {
        if matches!(self.connection, Connection::Sqlite(_)) {
            return Ok(None);
        }
        Ok(Some(Writer {
            connection: self.address.connect()?,
            clock: self.clock.clone(),
            chance: Chance::default(),
            packer: Packer::new()?,
            last_chunk: Arc::clone(&self.last_chunk),
            address: self.address.clone(),
            group: Group::default(),
            log_key: self.log_key.clone(),
            done: Vec::new(),
            _lock: None,
        }))
    }

    /// Where the register's keys are.
    #[must_use]
    pub fn keyring(&self) -> Keyring {
        Keyring::of(&self.address)
    }

    /// Where the register stands.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Writes what is no state of the register and no act: a session, a failed attempt to sign in. Nothing that a page or an
    /// answer shows of an organisation is written here.
    ///
    /// # Errors
    /// What `work` or the database says; then nothing was written.
    pub fn note<T>(&mut self, work: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        match self.group {
            Group::None => self.connection.transaction(work),
            Group::Whole => work(&mut self.connection).inspect_err(|_| self.group = Group::Lost),
            Group::Open | Group::Lost => self.connection.savepoint(work).map_err(|(error, open)| {
                if !open || matches!(error, StoreError::Conflict(_)) {
                    self.group = Group::Lost;
                }
                error
            }),
        }
    }

    /// A reading end of the same register.
    ///
    /// # Errors
    /// As [`Address::reader`].
    pub fn reader(&self) -> Result<crate::Reader> {
        self.address.reader()
    }

    pub(crate) fn read_last_chunk(&mut self) -> Result<()> {
        let last = self.connection.first("select coalesce(max(no), 0) from chunk", &[], |row| row.int(0))?.unwrap_or(0);
        self.last_chunk.fetch_max(last, Ordering::Relaxed);
        Ok(())
    }

    /// Moves what the write-ahead log holds into the file (SQLite); `whole` empties the log. Nothing on PostgreSQL.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn checkpoint(&self, whole: bool) -> Result<()> {
        match &self.connection {
            Connection::Sqlite(lite) => lite.checkpoint(whole),
            Connection::Postgres(_) => Ok(()),
        }
    }

    /// The clock that dates what this writer does.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The connection, for reading what the writer itself has committed.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }
}
