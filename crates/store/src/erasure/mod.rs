//! Erasure (删除): the content of a record, its salts and whatever says what it held go from every place that the inventory names
//! (docs/design/0014-erasure.md); its row stays without them, under a keyed digest of its identity.
//!
//! Serves 个人信息保护法 art. 四十七. An erasure is itself a numbered change of the organisation's file. Its act lists the number and
//! commitment of every change that it emptied, so that their numbers show no gap and their acts keep their roots. What quotes a
//! record elsewhere is [`quote`]; raw rows whose time is over are [`expired`].

pub mod again;
mod arriving;
pub mod expired;
pub mod quote;
mod told;

pub use arriving::met;
pub use told::{Erased, Leftover, Tombstone, each_erased, leftovers, tombstones};

use crate::backup::note::NotedChange;
use crate::change::{Change, Writer};
use crate::connection::Connection;
use crate::counter::{self, Publicity};
use crate::record::Stored;
use crate::revision::{RecordKey, next_number};
use crate::secret::{self, Keys};
use crate::{Result, StoreError, paper, source, values};
use credence_domain::canonical::hex;
use credence_domain::erasure::{Listed, statement};
use credence_domain::record::State;
use credence_domain::record::value::day_number;
use jiff::civil::Date;

/// A numbered change of a record: of a version, of an added source, or of its withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Numbered {
    seq: i64,
    at: i64,
    commitment: [u8; 32],
}

/// The changes of a record as backups remember them.
///
/// # Errors
/// Whatever the database says.
pub fn changes_noted(connection: &mut Connection, key: &RecordKey) -> Result<Vec<NotedChange>> {
    let identity = (key.0.as_str(), &key.1.0);
    let versions = connection.rows(
        "select seq from record where uscc = $1 and identity = $2
         union all select seq from record_version where uscc = $1 and identity = $2",
        values![identity.0, identity.1],
        |row| row.int(0),
    )?;
    let noted = |one: Numbered| NotedChange {
        seq: one.seq,
        at: one.at,
        commitment: hex(&one.commitment),
        version: versions.contains(&one.seq),
    };
    Ok(changes_of(connection, identity)?.into_iter().map(noted).collect())
}

fn changes_of(connection: &mut Connection, (uscc, identity): (&str, &[u8; 16])) -> Result<Vec<Numbered>> {
    connection.rows(
        "select seq, at, commitment from record where uscc = $1 and identity = $2
         union all select seq, at, commitment from record_version where uscc = $1 and identity = $2
         union all select seq, at, commitment from record_source where uscc = $1 and identity = $2
         union all select seq, at, commitment from record_source_withdrawn where uscc = $1 and identity = $2
         union all select withdrawn_seq, withdrawn_at, withdrawn_commitment from record_source_withdrawn
                   where uscc = $1 and identity = $2
         order by 1",
        values![uscc, identity],
        |row| Ok(Numbered { seq: row.int(0)?, at: row.int(1)?, commitment: row.array(2)? }),
    )
}

/// Every change of a record, as the act that erases it lists them: in order of numbers. For the office only.
///
/// # Errors
/// Whatever the database says.
pub fn changes_listed(connection: &mut Connection, key: &RecordKey) -> Result<Vec<Listed>> {
    let changes = changes_of(connection, (&key.0, &key.1.0))?;
    Ok(changes.iter().map(|one| Listed { number: one.seq, commitment: one.commitment }).collect())
}

/// The packed contents of every version of a record, oldest first. For the office only.
///
/// # Errors
/// Whatever the database says.
pub fn contents(connection: &mut Connection, key: &RecordKey) -> Result<Vec<Vec<u8>>> {
    connection.rows(
        "select c.body, c.at from record_content c join (
           select at from record where uscc = $1 and identity = $2
           union all select at from record_version where uscc = $1 and identity = $2) v on v.at = c.at
         where c.uscc = $1 and c.body is not null order by c.at",
        values![key.0.as_str(), &key.1.0],
        |row| Ok(row.blob(0)?.to_vec()),
    )
}

/// By which clause, on which day, and what the act says that it empties.
#[derive(Clone, Copy, Debug)]
pub struct Order<'o> {
    /// Code of the clause.
    pub clause: &'o str,
    /// The day.
    pub on: Date,
    /// Every change of the record.
    pub listed: &'o [Listed],
}

/// Erases a record that [`crate::revision::lock`] has read, and the files of its cases; gives the number of the erasure and what
/// went of those files.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the record has changed since it was listed; or whatever the database says: the caller's
/// transaction is then lost as a whole.
pub fn erase(change: &mut Change<'_>, standing: &Stored, keys: &Keys, order: Order<'_>) -> Result<(i64, paper::Gone)> {
    let (uscc, old) = (standing.uscc.as_str(), &standing.identity.0);
    let changes = changes_of(change.connection, (uscc, old))?;
    if !changes
        .iter()
        .map(|one| Listed { number: one.seq, commitment: one.commitment })
        .eq(order.listed.iter().copied())
    {
        return Err(StoreError::Conflict("the record changed meanwhile".to_owned()));
    }
    secret::bind_index(change.connection, &keys.index_id())?;
    let new = keys.erased_identity(uscc, &standing.identity).0;
    let erased = State::Erased.code();
    let before = Publicity { state: &standing.state, from_on: standing.from_on, through_on: standing.through_on };
    counter::moved(change, &standing.item, Some(before), Publicity { state: erased, from_on: None, through_on: None });
    let seq = next_number(change, uscc)?;
    let (public, other) = source::halves(&statement(uscc, &hex(&standing.reference), order.clause));
    let sealed = change.seal(uscc, seq, &public, &other)?;
    for one in &changes {
        change
            .connection
            .execute("update record_content set body = null where at = $1 and uscc = $2", values![one.at, uscc])?;
        change.connection.execute("delete from record_secret where uscc = $1 and at = $2", values![uscc, one.at])?;
        if one.seq != standing.seq {
            change.connection.execute(
                "insert into record_erased_change(uscc, seq, identity, at, commitment) values ($1, $2, $3, $4, $5)",
                values![uscc, one.seq, &new, one.at, &one.commitment],
            )?;
        }
    }
    for gone in GONE {
        change.connection.execute(gone, values![uscc, old])?;
    }
    // Kept again by whoever erases, from what still stands.
    change.connection.execute("delete from evaluation where uscc = $1", values![uscc])?;
    change.connection.execute(
        "update record set identity = $3, state = $4, source = '', authority = '', decided_on = 0, hold = '', class = '',
           class_stated = 0, pack = '', due_on = null, due_by_law_on = null, due_provisional = 0, published_on = null,
           from_on = null, through_on = null, repair_from_on = null, salt = null, salt2 = null, authority_area = '',
           registered_area = ''
         where uscc = $1 and identity = $2",
        values![uscc, old, &new, erased],
    )?;
    change
        .connection
        .execute("update consent set identity = $3 where uscc = $1 and identity = $2", values![uscc, old, &new])?;
    let (act, on) = (change.id, day_number(order.on));
    change.connection.execute(
        "insert into record_erased(uscc, identity, clause, act, erased_on, seq, at, salt, salt2, commitment)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![uscc, &new, order.clause, &act, on, seq, sealed.at, &sealed.salt, &sealed.salt2, &sealed.commitment],
    )?;
    let files = paper::erase(change, uscc, &standing.identity)?;
    Ok((seq, files))
}

/// Rows that go as a whole: what they say of the record is content, or was computed from it.
const GONE: [&str; 6] = [
    "delete from record_version where uscc = $1 and identity = $2",
    "delete from record_source where uscc = $1 and identity = $2",
    "delete from record_source_withdrawn where uscc = $1 and identity = $2",
    "delete from record_secret_mark where uscc = $1 and identity = $2",
    "delete from record_withheld where uscc = $1 and identity = $2",
    "delete from secrecy_claim where uscc = $1 and identity = $2",
];

/// Tables that an erasure empties: on PostgreSQL their dead rows go at once.
const EMPTIED: [&str; 15] = [
    "vacuum record",
    "vacuum record_content",
    "vacuum record_version",
    "vacuum record_source",
    "vacuum record_source_withdrawn",
    "vacuum record_secret_mark",
    "vacuum record_withheld",
    "vacuum secrecy_claim",
    "vacuum batch_reject",
    "vacuum proposal",
    "vacuum evaluation",
    "vacuum act",
    "vacuum subject_name",
    "vacuum paper",
    "vacuum paper_case",
];

impl Writer {
    /// Leaves nothing of what was erased where only the database's own files would show it: the write-ahead log of SQLite is moved
    /// into the file and emptied, dead rows of PostgreSQL are cleared. False where a reader kept the log from being emptied:
    /// then it is done by the next one that empties it.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn clear_erased(&mut self) -> Result<bool> {
        match &mut self.connection {
            Connection::Sqlite(lite) => lite.empty_log(),
            Connection::Postgres(_) => {
                EMPTIED.into_iter().try_for_each(|sql| self.connection.batch(sql))?;
                Ok(true)
            }
        }
    }
}
