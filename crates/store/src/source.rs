//! Units that sent the same content after the owner (后报来源), taken back with the batch that added them. Adding one is
//! [`crate::arrival`].
//!
//! Both the addition and its withdrawal stay as numbered changes of the organisation's file: the pair moves to a table of its
//! own, so that whoever asks for the sources of a record meets only those that stand.

use crate::change::{CHUNK_ROWS, Change};
use crate::connection::Connection;
use crate::revision::{RecordKey, next_number};
use crate::scope::View;
use crate::{Result, values};
use credence_domain::record::Identity;
use sha2::{Digest, Sha256};

/// A unit as a further source of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// The record.
    pub key: RecordKey,
    /// The unit.
    pub source: String,
}

/// The bytes that the commitment of an added source opens.
#[must_use]
pub fn added_statement(uscc: &str, identity: &Identity, source: &str) -> Vec<u8> {
    format!("{{\"identity\":\"{identity}\",\"source_added\":\"{source}\",\"uscc\":\"{uscc}\"}}").into_bytes()
}

/// The bytes that the commitment of its withdrawal opens.
#[must_use]
pub fn withdrawn_statement(uscc: &str, identity: &Identity, source: &str) -> Vec<u8> {
    format!("{{\"identity\":\"{identity}\",\"source_withdrawn\":\"{source}\",\"uscc\":\"{uscc}\"}}").into_bytes()
}

/// The digests of both halves of a statement on a source: the other half is empty.
pub(crate) fn halves(statement: &[u8]) -> ([u8; 32], [u8; 32]) {
    (Sha256::digest(statement).into(), Sha256::digest(b"{}").into())
}

fn range_of(chunk: i64) -> (i64, i64) {
    let first = chunk * CHUNK_ROWS as i64;
    (first, first + CHUNK_ROWS as i64)
}

/// The sources that a chunk added and that stand, in order of (code, identity). For the office only.
///
/// # Errors
/// Whatever the database says.
pub fn added_in(connection: &mut Connection, _view: &View, chunk: i64) -> Result<Vec<Added>> {
    let (first, behind) = range_of(chunk);
    connection.rows(
        "select uscc, identity, source from record_source where at >= $1 and at < $2 order by uscc, identity",
        values![first, behind],
        |row| Ok(Added { key: (row.string(0)?, Identity(row.array(1)?)), source: row.string(2)? }),
    )
}

/// How many sources that a chunk added were withdrawn. For the office only.
///
/// # Errors
/// Whatever the database says.
pub fn withdrawn_in(connection: &mut Connection, _view: &View, chunk: i64) -> Result<u64> {
    let (first, behind) = range_of(chunk);
    let count = connection.first(
        "select count(*) from record_source_withdrawn where at >= $1 and at < $2",
        values![first, behind],
        |row| row.int(0),
    )?;
    Ok(count.unwrap_or_default().unsigned_abs())
}

/// Takes a further source away; false where it does not stand. Call in the order of codes.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub fn withdraw(change: &mut Change<'_>, added: &Added) -> Result<bool> {
    let (uscc, identity) = (added.key.0.as_str(), &added.key.1);
    // Locks the file before it is looked at.
    change.connection.execute("update subject set due = 1 where uscc = $1", values![uscc])?;
    let stands = change.connection.first(
        "select 1 from record_source where uscc = $1 and identity = $2 and source = $3",
        values![uscc, &identity.0, added.source.as_str()],
        |row| row.int(0),
    )?;
    if stands.is_none() {
        return Ok(false);
    }
    let seq = next_number(change, uscc)?;
    let (public, other) = halves(&withdrawn_statement(uscc, identity, &added.source));
    let sealed = change.seal(uscc, seq, &public, &other)?;
    change.connection.execute(
        "insert into record_source_withdrawn(uscc, identity, source, seq, at, salt, salt2, commitment,
                withdrawn_seq, withdrawn_at, withdrawn_salt, withdrawn_salt2, withdrawn_commitment)
         select uscc, identity, source, seq, at, salt, salt2, commitment, $4, $5, $6, $7, $8
         from record_source where uscc = $1 and identity = $2 and source = $3",
        values![
            uscc,
            &identity.0,
            added.source.as_str(),
            seq,
            sealed.at,
            &sealed.salt,
            &sealed.salt2,
            &sealed.commitment
        ],
    )?;
    change.connection.execute(
        "delete from record_source where uscc = $1 and identity = $2 and source = $3",
        values![uscc, &identity.0, added.source.as_str()],
    )?;
    Ok(true)
}
