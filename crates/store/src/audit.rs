//! What verification reads: acts, chunks, numbers, leaves, versions. Reading only; judging is `app::verify`.

use crate::connection::Connection;
use crate::{Result, values};
use credence_domain::record::Identity;
use std::collections::BTreeMap;

/// An act as it is stored.
#[derive(Clone, Debug)]
pub struct StoredAct {
    /// Organisation or unit under which it is kept.
    pub uscc: String,
    /// Identity.
    pub id: [u8; 16],
    /// Kind.
    pub kind: String,
    /// Salt of its header.
    pub salt: [u8; 16],
    /// Canonical header.
    pub header: String,
    /// Root of its tree.
    pub root: [u8; 32],
    /// Number of changes.
    pub changes: i64,
}

/// Hands on every act in order of (code, id).
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_act(connection: &mut Connection, mut look: impl FnMut(StoredAct) -> Result<()>) -> Result<()> {
    connection.each("select uscc, id, kind, salt, header, root, changes from act order by uscc, id", &[], |row| {
        look(StoredAct {
            uscc: row.string(0)?,
            id: row.array(1)?,
            kind: row.string(2)?,
            salt: row.array(3)?,
            header: row.string(4)?,
            root: row.array(5)?,
            changes: row.int(6)?,
        })
    })
}

/// A chunk: its act and the commitments in order.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// The act.
    pub act: [u8; 16],
    /// Commitments in order of positions.
    pub commitments: Vec<[u8; 32]>,
}

/// Every chunk by number.
///
/// # Errors
/// Whatever the database says.
pub fn chunks(connection: &mut Connection) -> Result<BTreeMap<i64, Chunk>> {
    let mut chunks = BTreeMap::new();
    connection.each("select no, act, commitments from chunk", &[], |row| {
        let commitments = row.blob(2)?.chunks_exact(32).filter_map(|hash| hash.try_into().ok()).collect();
        chunks.insert(row.int(0)?, Chunk { act: row.array(1)?, commitments });
        Ok(())
    })?;
    Ok(chunks)
}

/// A change with its number: of a record's version, standing or superseded, or of an added source.
#[derive(Clone, Debug)]
pub struct Numbered {
    /// The organisation.
    pub uscc: String,
    /// The record.
    pub identity: Identity,
    /// Number in the organisation's file.
    pub seq: i64,
    /// Where its content stands.
    pub at: i64,
    /// Commitment.
    pub commitment: [u8; 32],
}

/// Hands on every numbered change in order of (code, number).
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_numbered(connection: &mut Connection, mut look: impl FnMut(Numbered) -> Result<()>) -> Result<()> {
    connection.each(
        "select uscc, identity, seq, at, commitment from record
         union all select uscc, identity, seq, at, commitment from record_version
         union all select uscc, identity, seq, at, commitment from record_source
         order by 1, 3",
        &[],
        |row| {
            look(Numbered {
                uscc: row.string(0)?,
                identity: Identity(row.array(1)?),
                seq: row.int(2)?,
                at: row.int(3)?,
                commitment: row.array(4)?,
            })
        },
    )
}

/// The number of the last change of every organisation and, for units, of their acts on no organisation.
///
/// # Errors
/// Whatever the database says.
pub fn last_numbers(connection: &mut Connection) -> Result<(BTreeMap<String, i64>, BTreeMap<String, i64>)> {
    let organisations =
        connection.rows("select uscc, seq from subject", &[], |row| Ok((row.string(0)?, row.int(1)?)))?;
    let units = connection.rows("select uscc, seq from unit", &[], |row| Ok((row.string(0)?, row.int(1)?)))?;
    Ok((organisations.into_iter().collect(), units.into_iter().collect()))
}

/// A superseded version with its packed content.
#[derive(Clone, Debug)]
pub struct Superseded {
    /// The organisation.
    pub uscc: String,
    /// The record.
    pub identity: Identity,
    /// Owner then.
    pub source: String,
    /// State then.
    pub state: String,
    /// Hold then.
    pub hold: String,
    /// Number.
    pub seq: i64,
    /// Salts; none when erased.
    pub salts: Option<([u8; 16], [u8; 16])>,
    /// Commitment.
    pub commitment: [u8; 32],
    /// Packed content; none when erased.
    pub packed: Option<Vec<u8>>,
}

/// Hands on every superseded version.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_superseded(connection: &mut Connection, mut look: impl FnMut(Superseded) -> Result<()>) -> Result<()> {
    connection.each(
        "select v.uscc, v.identity, v.source, v.state, v.hold, v.seq, v.salt, v.salt2, v.commitment, c.body
         from record_version v left join record_content c on c.at = v.at and c.uscc = v.uscc
         order by v.uscc, v.identity, v.version",
        &[],
        |row| {
            look(Superseded {
                uscc: row.string(0)?,
                identity: Identity(row.array(1)?),
                source: row.string(2)?,
                state: row.string(3)?,
                hold: row.string(4)?,
                seq: row.int(5)?,
                salts: row.opt_array(6)?.zip(row.opt_array(7)?),
                commitment: row.array(8)?,
                packed: row.opt_blob(9)?.map(<[u8]>::to_vec),
            })
        },
    )
}

/// An added source with what its commitment opens.
#[derive(Clone, Debug)]
pub struct AddedSource {
    /// The organisation.
    pub uscc: String,
    /// The record.
    pub identity: Identity,
    /// The unit.
    pub source: String,
    /// Number.
    pub seq: i64,
    /// Salts; none when erased.
    pub salts: Option<([u8; 16], [u8; 16])>,
    /// Commitment.
    pub commitment: [u8; 32],
}

/// Every added source.
///
/// # Errors
/// Whatever the database says.
pub fn added_sources(connection: &mut Connection) -> Result<Vec<AddedSource>> {
    connection.rows(
        "select uscc, identity, source, seq, salt, salt2, commitment from record_source order by uscc, identity, source",
        &[],
        |row| {
            Ok(AddedSource {
                uscc: row.string(0)?,
                identity: Identity(row.array(1)?),
                source: row.string(2)?,
                seq: row.int(3)?,
                salts: row.opt_array(4)?.zip(row.opt_array(5)?),
                commitment: row.array(6)?,
            })
        },
    )
}

/// A place in the log.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Position.
    pub position: i64,
    /// The act.
    pub act: [u8; 16],
    /// The organisation or unit of the act.
    pub uscc: String,
    /// Root that the entry names.
    pub root: [u8; 32],
}

/// Every leaf in order, and every pending act as (act, code, root).
///
/// # Errors
/// Whatever the database says.
#[allow(clippy::type_complexity, reason = "two lists of the same reading")]
pub fn log(connection: &mut Connection) -> Result<(Vec<Leaf>, Vec<([u8; 16], String, [u8; 32])>)> {
    let leaves = connection.rows("select position, act, uscc, root from log_leaf order by position", &[], |row| {
        Ok(Leaf { position: row.int(0)?, act: row.array(1)?, uscc: row.string(2)?, root: row.array(3)? })
    })?;
    let pending = connection.rows("select id, uscc, root from act_pending order by id", &[], |row| {
        Ok((row.array(0)?, row.string(1)?, row.array(2)?))
    })?;
    Ok((leaves, pending))
}

/// Runs a reading in one snapshot, so that what is compared belongs together.
///
/// # Errors
/// What `work` or the database says.
pub fn snapshot<T>(connection: &mut Connection, work: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
    connection.batch(match connection {
        Connection::Sqlite(_) => "begin",
        Connection::Postgres(_) => "begin isolation level repeatable read read only",
    })?;
    let done = work(connection);
    connection.batch("commit")?;
    done
}

/// Names and registration marks of every organisation, in order of their codes.
///
/// # Errors
/// Whatever the database says.
pub fn organisations(connection: &mut Connection) -> Result<Vec<(String, String, bool)>> {
    connection.rows("select uscc, name, registered from subject order by uscc", values![], |row| {
        Ok((row.string(0)?, row.string(1)?, row.int(2)? != 0))
    })
}
