//! Signed checkpoints: made from what is committed, kept, and thinned out.

use crate::connection::Connection;
use crate::error::LogProblem;
use crate::log::key::{self, LogKey};
use crate::log::signer::Signer;
use crate::sequencer::{self, Tiles};
use crate::{Result, StoreError, values};
use credence_ledger::witness::{Refusal, Request};
use credence_ledger::{Checkpoint, Note, TileTree};

/// Checkpoints that are kept whatever became of them, and as many cosigned ones of those before.
const KEPT: i64 = 1_000;

/// A checkpoint that was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The log's name.
    pub origin: String,
    /// How many leaves it covers.
    pub size: u64,
    /// The signed note.
    pub note: String,
    /// When it was signed, in microseconds.
    pub at: i64,
}

fn broken(error: impl std::fmt::Display) -> StoreError {
    StoreError::Inconsistent(format!("log tiles: {error}"))
}

/// The request to a signer or witness that has seen `old` leaves: the checkpoint of the first `size` leaves, with the proof
/// that it continues them. `signed` is the note where a witness is asked.
///
/// # Errors
/// When tiles are missing, or `old` is the larger.
pub fn request(connection: &mut Connection, old: u64, told: &Checkpoint, signed: Option<&str>) -> Result<Request> {
    let tiles = Tiles::new(connection);
    let proof = TileTree::new(&tiles, told.size).consistency(old).map_err(broken)?;
    Ok(Request { old, proof, checkpoint: signed.map_or_else(|| told.to_string(), str::to_owned) })
}

/// The checkpoint of the log as it stands in the database.
///
/// # Errors
/// When tiles are missing.
pub fn standing(connection: &mut Connection, origin: &str) -> Result<Checkpoint> {
    let (size, root) = sequencer::root(connection)?;
    Ok(Checkpoint { origin: origin.to_owned(), size, root })
}

/// The last checkpoint that was signed under a name.
///
/// # Errors
/// Whatever the database says.
pub fn latest(connection: &mut Connection, origin: &str) -> Result<Option<Signed>> {
    connection.first(
        "select origin, size, note, at from log_checkpoint where origin = $1 order by size desc limit 1",
        values![origin],
        signed,
    )
}

/// The first checkpoint kept that covers a leaf.
///
/// # Errors
/// Whatever the database says.
pub fn covering(connection: &mut Connection, origin: &str, position: u64) -> Result<Option<Signed>> {
    connection.first(
        "select origin, size, note, at from log_checkpoint where origin = $1 and size > $2 order by size limit 1",
        values![origin, i64::try_from(position).unwrap_or(i64::MAX)],
        signed,
    )
}

/// Every checkpoint kept, of every name, by size.
///
/// # Errors
/// Whatever the database says.
pub fn all(connection: &mut Connection) -> Result<Vec<Signed>> {
    connection.rows("select origin, size, note, at from log_checkpoint order by size, origin", &[], signed)
}

fn signed(row: &crate::connection::Row<'_>) -> Result<Signed> {
    Ok(Signed { origin: row.string(0)?, size: row.int(1)?.unsigned_abs(), note: row.string(2)?, at: row.int(3)? })
}

/// Signs the log when it has grown since the last checkpoint, with the registered key; gives what was signed. Call it
/// outside a transaction: only what is committed is read.
///
/// # Errors
/// [`StoreError::Log`] when it cannot be signed; a fault of the database.
pub fn sign(connection: &mut Connection, key: &LogKey, now: i64) -> Result<Option<Signed>> {
    let Some(registered) = key::present(connection)? else { return Ok(None) };
    let last = latest(connection, &registered.origin)?.map_or(registered.from_size, |last| last.size);
    if sequencer::size(connection)? <= last {
        return Ok(None);
    }
    let signer = key.signer_of(&registered)?;
    connection.transaction(|connection| {
        sequencer::lock(connection)?;
        let told = standing(connection, &registered.origin)?;
        let old = latest(connection, &registered.origin)?.map_or(0, |last| last.size);
        if told.size <= old {
            return Ok(None);
        }
        let signature = signature(connection, &*signer, old, &told)?;
        let note = Note { text: told.to_string(), signatures: vec![signature] }.to_string();
        connection.execute(
            "insert into log_checkpoint(origin, size, note, at) values ($1, $2, $3, $4)",
            values![told.origin.as_str(), i64::try_from(told.size).unwrap_or(i64::MAX), note.as_str(), now],
        )?;
        Ok(Some(Signed { origin: told.origin, size: told.size, note, at: now }))
    })
}

/// Asks the signer, which may have signed more than the register remembers: a kill between its signature and our commit.
fn signature(
    connection: &mut Connection,
    signer: &dyn Signer,
    old: u64,
    told: &Checkpoint,
) -> Result<credence_ledger::note::Signature> {
    let asked = signer.checkpoint(&request(connection, old, told, None)?);
    let Err(StoreError::Log(LogProblem::Refused(Refusal::Conflict(signed)))) = asked else { return asked };
    let rolled_back = || StoreError::Log(LogProblem::RolledBack { signed, size: told.size });
    if signed > told.size {
        return Err(rolled_back());
    }
    match signer.checkpoint(&request(connection, signed, told, None)?) {
        Err(StoreError::Log(LogProblem::Refused(Refusal::Inconsistent))) => Err(rolled_back()),
        other => other,
    }
}

/// The newest checkpoint that a witness has cosigned, with the lines of all who have; nothing where none has.
///
/// # Errors
/// Whatever the database says.
pub fn cosigned(connection: &mut Connection, origin: &str) -> Result<Option<(Signed, Vec<String>)>> {
    let newest = connection.first(
        "select c.origin, c.size, c.note, c.at from log_checkpoint c
         join log_cosignature w on w.origin = c.origin and w.size = c.size
         where c.origin = $1 order by c.size desc limit 1",
        values![origin],
        signed,
    )?;
    let Some(newest) = newest else { return Ok(None) };
    let lines = cosignatures(connection, origin, newest.size)?;
    Ok(Some((newest, lines)))
}

/// The lines of a checkpoint's cosignatures.
///
/// # Errors
/// Whatever the database says.
pub fn cosignatures(connection: &mut Connection, origin: &str, size: u64) -> Result<Vec<String>> {
    connection.rows(
        "select line from log_cosignature where origin = $1 and size = $2 order by witness",
        values![origin, i64::try_from(size).unwrap_or(i64::MAX)],
        |row| row.string(0),
    )
}

/// A checkpoint's note with its cosignatures behind the log's own signature.
#[must_use]
pub fn with_cosignatures(note: &str, lines: &[String]) -> String {
    lines.iter().fold(note.to_owned(), |note, line| format!("{note}{line}\n"))
}

/// Forgets old checkpoints: a later one covers all that an earlier one covers, and whoever was given one can still prove that
/// the log begins with it. Kept are the newest thousand, and a thousand of those that a witness has cosigned.
///
/// # Errors
/// Whatever the database says.
pub fn thin(connection: &mut Connection) -> Result<u64> {
    connection.transaction(|connection| {
        let oldest = connection.first(
            "select size from log_checkpoint order by size desc limit 1 offset $1",
            values![KEPT - 1],
            |row| row.int(0),
        )?;
        let oldest_cosigned = connection.first(
            "select size from (select distinct size from log_cosignature) c order by size desc limit 1 offset $1",
            values![KEPT - 1],
            |row| row.int(0),
        )?;
        if let Some(size) = oldest_cosigned {
            connection.execute("delete from log_cosignature where size < $1", values![size])?;
        }
        let Some(size) = oldest else { return Ok(0) };
        connection.execute(
            "delete from log_checkpoint where size < $1 and not exists (select 1 from log_cosignature w
             where w.origin = log_checkpoint.origin and w.size = log_checkpoint.size)",
            values![size],
        )
    })
}
