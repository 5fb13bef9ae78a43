//! The bulk path: many keys looked up, many rows written. Here the two databases fork openly.
//!
//! SQLite runs one prepared statement a row on its only writer; PostgreSQL takes arrays and COPY BINARY.

pub(crate) mod name;
mod postgres;
mod sqlite;
pub(crate) mod version;

use crate::Result;
use crate::batch::Rejected;
use crate::connection::Connection;
use credence_domain::publicity::Restart;
use credence_domain::record::Identity;
use credence_domain::subject::Uscc;
use std::borrow::Cow;

/// The stored record of a key, as far as a decision needs it.
#[derive(Clone, Debug)]
pub struct Found {
    /// Owner.
    pub source: String,
    /// Deciding authority.
    pub authority: String,
    /// Stored state.
    pub state: String,
    /// Why publicity waits.
    pub hold: String,
    /// First day on which it was ever public.
    pub published_on: Option<i32>,
    /// First public day.
    pub from_on: Option<i32>,
    /// Last public day.
    pub through_on: Option<i32>,
    /// Area of registration when it was received; empty where it was not known.
    pub registered_area: String,
    /// Number of the change that made this version.
    pub seq: i64,
    /// Salt of the commitment; none when erased.
    pub salt: Option<[u8; 16]>,
    /// Salt of the hidden half; none when erased.
    pub salt2: Option<[u8; 16]>,
    /// The commitment.
    pub commitment: [u8; 32],
    /// From when its period counts anew, where whoever asked looked for that.
    pub restart: Option<Restart>,
}

/// What is known of an organisation when a change begins.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// Current name.
    pub name: String,
    /// The name folded.
    pub folded: String,
    /// Registered, or only named by a record.
    pub registered: bool,
    /// Area of registration.
    pub area: String,
    /// Number of the last change.
    pub seq: i64,
    /// False when nobody has named this organisation before.
    pub known: bool,
}

/// A row of `record` as it is written.
#[derive(Clone, Debug)]
pub struct RecordRow<'a> {
    pub uscc: &'a str,
    pub identity: Identity,
    pub reference: [u8; 16],
    pub item: &'a str,
    pub source: &'a str,
    pub authority: &'a str,
    pub decided_on: i32,
    pub state: &'a str,
    pub hold: &'a str,
    pub class: &'a str,
    pub class_stated: bool,
    pub pack: &'a str,
    pub due_on: Option<i32>,
    pub due_by_law_on: Option<i32>,
    pub due_provisional: bool,
    pub published_on: Option<i32>,
    pub from_on: Option<i32>,
    pub through_on: Option<i32>,
    pub repair_from_on: Option<i32>,
    pub version: i32,
    pub seq: i64,
    pub at: i64,
    pub salt: [u8; 16],
    pub salt2: [u8; 16],
    pub commitment: [u8; 32],
    pub authority_area: &'a str,
    pub registered_area: Cow<'a, str>,
}

/// What a change leaves of an organisation's row.
#[derive(Clone, Debug)]
pub struct HeadRow<'a> {
    pub uscc: &'a str,
    pub name: &'a str,
    pub folded: &'a str,
    pub known: bool,
    pub seq: i64,
    pub conflicts: i64,
    pub registration: Option<&'a crate::change::Registration>,
}

/// Looks up the records of many keys, in order. On PostgreSQL call [`heads`] first: it locks.
pub(crate) fn records(connection: &mut Connection, keys: &[(Uscc, Identity)]) -> Result<Vec<Option<Found>>> {
    match connection {
        Connection::Sqlite(lite) => sqlite::records(lite.raw(), keys),
        Connection::Postgres(pg) => postgres::records(pg, keys),
    }
}

/// Looks up organisations, in ascending order of their codes, and (PostgreSQL) locks those that there are until the
/// transaction ends. A new one is written by [`put_heads`]: whoever comes second violates its key and begins again.
pub(crate) fn heads(connection: &mut Connection, usccs: &[Uscc]) -> Result<Vec<Head>> {
    match connection {
        Connection::Sqlite(lite) => sqlite::heads(lite.raw(), usccs),
        Connection::Postgres(pg) => postgres::heads(pg, usccs),
    }
}

/// Keeps rejected rows of a batch; a line that is there already stays as it is.
pub(crate) fn insert_rejects(connection: &mut Connection, batch: &[u8; 16], rows: &[Rejected]) -> Result<()> {
    match connection {
        Connection::Sqlite(lite) => sqlite::insert_rejects(lite.raw(), batch, rows),
        Connection::Postgres(pg) => postgres::insert_rejects(pg, batch, rows),
    }
}

/// Fills in how rejected rows stood in the file, by line.
pub(crate) fn fill_rejected(connection: &mut Connection, batch: &[u8; 16], rows: &[(u32, Vec<u8>)]) -> Result<()> {
    match connection {
        Connection::Sqlite(lite) => sqlite::fill_rejected(lite.raw(), batch, rows),
        Connection::Postgres(pg) => postgres::fill_rejected(pg, batch, rows),
    }
}

/// Writes new records.
pub(crate) fn insert_records(connection: &mut Connection, rows: &[RecordRow<'_>]) -> Result<()> {
    match connection {
        Connection::Sqlite(lite) => sqlite::insert_records(lite.raw(), rows),
        Connection::Postgres(pg) => postgres::insert_records(pg, rows),
    }
}

/// Writes contents.
pub(crate) fn insert_contents(connection: &mut Connection, rows: &[(i64, &str, Cow<'_, [u8]>)]) -> Result<()> {
    match connection {
        Connection::Sqlite(lite) => sqlite::insert_contents(lite.raw(), rows),
        Connection::Postgres(pg) => postgres::insert_contents(pg, rows),
    }
}

/// Writes the heads of the organisations touched.
pub(crate) fn put_heads(connection: &mut Connection, rows: &[HeadRow<'_>], now: i64) -> Result<()> {
    match connection {
        Connection::Sqlite(lite) => sqlite::put_heads(lite.raw(), rows, now),
        Connection::Postgres(pg) => postgres::put_heads(pg, rows, now),
    }
}

/// Adds differences, by what is counted and day, to the days of the counters.
pub(crate) fn add_counts(connection: &mut Connection, rows: &[(&str, i32, i64)]) -> Result<()> {
    match connection {
        Connection::Sqlite(lite) => sqlite::add_counts(lite.raw(), rows),
        Connection::Postgres(pg) => postgres::add_counts(pg, rows),
    }
}

const RECORD_COLUMNS: &str = "uscc, identity, reference, item, source, authority, decided_on, state, hold, class, \
     class_stated, pack, due_on, due_by_law_on, due_provisional, published_on, from_on, through_on, repair_from_on, \
     version, seq, at, salt, salt2, commitment, authority_area, registered_area";
