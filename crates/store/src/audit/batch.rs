//! Batches beside what came of them: changes on files by the chunk in which they were made.

use crate::change::CHUNK_ROWS;
use crate::connection::Connection;
use crate::{Result, batch::Counts, values};
use std::collections::BTreeMap;

/// A batch as far as acts and records speak of it.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Its identity.
    pub id: [u8; 16],
    /// Its number.
    pub number: String,
    /// The unit that sent it.
    pub source: String,
    /// Its item.
    pub item: String,
    /// State.
    pub state: String,
    /// Day of receipt.
    pub received_on: Option<i32>,
    /// Digest of the edition by which it was judged.
    pub rulebook: [u8; 32],
    /// What became of its rows.
    pub counts: Counts,
}

/// What stands on files of one chunk and item.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// First versions of records.
    pub first: i64,
    /// Later versions.
    pub later: i64,
    /// Versions, first or later, whose publicity waits.
    pub held: i64,
    /// Versions that stand in any other state than accepted: what is kept back for another reason may wait besides.
    pub kept_back: i64,
    /// Later versions by which a record ended: another took its place.
    pub ended: i64,
    /// Changes that were erased since, of whatever item.
    pub erased: i64,
}

/// Every batch in order of numbers.
///
/// # Errors
/// Whatever the database says.
pub fn batches(connection: &mut Connection) -> Result<Vec<Batch>> {
    connection.rows(
        "select id, number, source, item, state, received_on, rulebook, read, accepted, unchanged, corrected, rejected,
                held, withdrawn
         from batch order by number",
        &[],
        |row| {
            Ok(Batch {
                id: row.array(0)?,
                number: row.string(1)?,
                source: row.string(2)?,
                item: row.string(3)?,
                state: row.string(4)?,
                received_on: row.opt_small(5)?,
                rulebook: row.array(6)?,
                counts: Counts {
                    read: row.int(7)?,
                    accepted: row.int(8)?,
                    unchanged: row.int(9)?,
                    corrected: row.int(10)?,
                    rejected: row.int(11)?,
                    held: row.int(12)?,
                    withdrawn: row.int(13)?,
                },
            })
        },
    )
}

/// What stands on files, by chunk and item: some entries an act, never one a record. An act may change records of other items than
/// that of its batch: what rests on a record that it corrects ends with it.
///
/// # Errors
/// Whatever the database says.
pub fn changes(connection: &mut Connection) -> Result<BTreeMap<(i64, String), Changes>> {
    let mut chunks: BTreeMap<(i64, String), Changes> = BTreeMap::new();
    connection.each(
        "select at, version, state, item from record
         union all
         select v.at, v.version, v.state, r.item
         from record_version v join record r on r.uscc = v.uscc and r.identity = v.identity
         union all
         select at, 0, 'erased', '' from record_erased_change",
        values![],
        |row| {
            let chunk = chunks.entry((row.int(0)?.div_euclid(CHUNK_ROWS as i64), row.string(3)?)).or_default();
            // Of what was erased only its place is left.
            match (row.text(2)?, row.int(1)?) {
                ("erased", _) => chunk.erased += 1,
                (_, 1) => chunk.first += 1,
                (state, _) => {
                    chunk.later += 1;
                    chunk.ended += i64::from(state == "withdrawn");
                }
            }
            chunk.held += i64::from(row.text(2)? == "held");
            chunk.kept_back += i64::from(row.text(2)? != "accepted");
            Ok(())
        },
    )?;
    Ok(chunks)
}
