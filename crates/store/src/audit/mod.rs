//! What verification reads: acts, chunks, numbers, leaves, records with their versions. Reading only; judging is
//! `app::verify`. However large the register is, nothing here holds more than some thousand records.

mod act;
mod area;
mod batch;
mod case;
mod key;
mod name;
mod record;
mod registration;

pub use act::{Leaf, StoredAct, Tile, each_act, each_chunk, each_leaf, each_pending, each_tile, last_unit_numbers};
pub use area::{Version, areas_kept_from, each_version};
pub use batch::{Batch, Changes, batches, changes};
pub use case::{Base, Columns, RelatedRow, Table, bases, columns, related};
pub use key::{LogKey, log_keys};
pub use name::{Name, each_content, named_after, names_between};
pub use record::{
    ChangedSource, Numbered, Page, Registered, SourceChange, Step, Superseded, each_changed_source, each_organisation,
    each_page, each_record, each_step,
};
pub use registration::{Subject, Told, each_subject};

use crate::connection::Connection;
use crate::{Result, values};

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

/// A record that stands under an organisation and the act that was the last to touch it: who to name where a finding is
/// about the whole file. Either may be missing.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    /// The organisation.
    pub uscc: String,
    /// A record's public reference.
    pub record: Option<[u8; 16]>,
    /// An act.
    pub act: Option<[u8; 16]>,
}

/// A record of an item that begins or ends its publicity on a day, else the act placed last: who a wrong counter is about.
///
/// # Errors
/// Whatever the database says.
pub fn witness_of_day(connection: &mut Connection, item: &str, day: i32) -> Result<Witness> {
    let record = connection.first(
        "select uscc, reference from record where item = $1 and (from_on = $2 or through_on = $3) limit 1",
        values![item, day, day.saturating_sub(1)],
        |row| Ok(Witness { uscc: row.string(0)?, record: Some(row.array(1)?), act: None }),
    )?;
    if let Some(record) = record {
        return Ok(record);
    }
    let act = connection.first("select uscc, act from log_leaf order by position desc limit 1", &[], |row| {
        Ok(Witness { uscc: row.string(0)?, record: None, act: Some(row.array(1)?) })
    })?;
    Ok(act.unwrap_or_default())
}
