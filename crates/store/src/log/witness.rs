//! Who is told of checkpoints: folders that somebody else keeps too, and witnesses that cosign. Telling is the caller's.

use crate::act::Draft;
use crate::change::Writer;
use crate::connection::{Connection, Row};
use crate::{Result, StoreError, values};

/// A place that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Its name; for one that cosigns the name of its key.
    pub name: String,
    /// How it is told.
    pub kind: Kind,
    /// The folder, or the address before `/add-checkpoint`.
    pub target: String,
    /// The key with which it cosigns; empty for a folder.
    pub vkey: String,
    /// The size of the last checkpoint that it took.
    pub size: u64,
    /// When it took it, in microseconds; none when it never did.
    pub told_at: Option<i64>,
    /// Why the last attempt failed; empty when it did not.
    pub problem: String,
}

/// How a place is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file a checkpoint.
    Folder,
    /// The protocol of C2SP tlog-witness.
    Http,
}

impl Kind {
    /// Its word in the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Http => "http",
        }
    }
}

const COLUMNS: &str = "select name, kind, target, vkey, size, told_at, problem from log_witness
     where until is null order by name";

fn read(row: &Row<'_>) -> Result<Witness> {
    let kind = match row.text(1)? {
        "folder" => Kind::Folder,
        "http" => Kind::Http,
        other => return Err(StoreError::Inconsistent(format!("a witness of kind {other}"))),
    };
    Ok(Witness {
        name: row.string(0)?,
        kind,
        target: row.string(2)?,
        vkey: row.string(3)?,
        size: row.int(4)?.unsigned_abs(),
        told_at: row.opt_int(5)?,
        problem: row.string(6)?,
    })
}

/// Everyone who is told, by name.
///
/// # Errors
/// Whatever the database says.
pub fn list(connection: &mut Connection) -> Result<Vec<Witness>> {
    connection.rows(COLUMNS, &[], read)
}

/// Adds a place, or says anew where one of this name is: an act numbered under `unit`.
///
/// # Errors
/// Whatever the database says.
pub fn add(writer: &mut Writer, draft: &Draft, unit: &str, witness: &Witness) -> Result<()> {
    let mut draft = draft.clone();
    for (key, value) in [("witness", &witness.name), ("target", &witness.target), ("vkey", &witness.vkey)] {
        draft.details.insert(key.to_owned(), value.clone().into());
    }
    writer.change(&draft, |change| {
        change.number_under_unit(unit)?;
        change.connection.execute(
            "insert into log_witness(name, kind, target, vkey, act, since) values ($1, $2, $3, $4, $5, $6)
             on conflict (name) do update set kind = excluded.kind, target = excluded.target, vkey = excluded.vkey,
             act = excluded.act, since = excluded.since, until = null, size = 0, told_at = null, problem = ''",
            values![
                witness.name.as_str(),
                witness.kind.word(),
                witness.target.as_str(),
                witness.vkey.as_str(),
                &change.id,
                change.now
            ],
        )?;
        Ok(())
    })?;
    Ok(())
}

/// Tells a place no more; false when nobody of this name is told. An act numbered under `unit`.
///
/// # Errors
/// Whatever the database says.
pub fn remove(writer: &mut Writer, draft: &Draft, unit: &str, name: &str) -> Result<bool> {
    let mut draft = draft.clone();
    draft.details.insert("witness_removed".to_owned(), name.into());
    let (removed, _) = writer.change(&draft, |change| {
        let now = change.now;
        let changed = change
            .connection
            .execute("update log_witness set until = $2 where name = $1 and until is null", values![name, now])?;
        if changed > 0 {
            change.number_under_unit(unit)?;
        }
        Ok(changed > 0)
    })?;
    Ok(removed)
}

/// What became of telling a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It took the checkpoint of this size, and cosigned it where it cosigns.
    Took {
        /// The size.
        size: u64,
        /// The line of its cosignature.
        line: Option<String>,
    },
    /// It did not; why.
    Failed(String),
}

/// Notes what became of telling a place: no state of the register.
///
/// # Errors
/// Whatever the database says.
pub fn note(writer: &mut Writer, origin: &str, name: &str, told: &Told, now: i64) -> Result<()> {
    writer.note(|connection| {
        match told {
            Told::Took { size, line } => {
                let size = i64::try_from(*size).unwrap_or(i64::MAX);
                connection.execute(
                    "update log_witness set size = $2, told_at = $3, problem = '' where name = $1",
                    values![name, size, now],
                )?;
                if let Some(line) = line {
                    connection.execute(
                        "insert into log_cosignature(origin, size, witness, line, at) values ($1, $2, $3, $4, $5)
                         on conflict (origin, size, witness) do nothing",
                        values![origin, size, name, line.as_str(), now],
                    )?;
                }
            }
            Told::Failed(problem) => {
                connection
                    .execute("update log_witness set problem = $2 where name = $1", values![name, problem.as_str()])?;
            }
        }
        Ok(())
    })
}
