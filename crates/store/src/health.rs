//! How a register fares: its schema, who writes, the size of its write-ahead log, the disk, what waits. Reading only.

use crate::change::chunk_instant;
use crate::connection::Connection;
use crate::open::Address;
use crate::{Result, schema, values};
use jiff::civil::Date;
use std::path::Path;

/// The place where a SQLite register stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Who holds the writer's lock: process and command; none when nobody writes.
    pub holder: Option<String>,
    /// Bytes of the write-ahead log.
    pub wal_bytes: u64,
    /// Bytes of the database file.
    pub file_bytes: u64,
    /// Bytes that are free on its disk.
    pub free_bytes: u64,
}

/// The place of a SQLite register; none for PostgreSQL, whose server looks after its own.
///
/// # Errors
/// When the file or its disk cannot be asked.
pub fn place(address: &Address) -> Result<Option<Place>> {
    let Address::Sqlite(path) = address else { return Ok(None) };
    let beside = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        std::path::PathBuf::from(name)
    };
    let bytes = |path: &Path| std::fs::metadata(path).map_or(0, |found| found.len());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let disk = rustix::fs::statvfs(folder).map_err(std::io::Error::from)?;
    Ok(Some(Place {
        holder: holder(&beside(".writer")),
        wal_bytes: bytes(&beside("-wal")),
        file_bytes: bytes(path),
        free_bytes: disk.f_bavail.saturating_mul(disk.f_frsize),
    }))
}

/// Who holds the lock: what it wrote into the file that it locks. A dead process holds nothing.
fn holder(lock: &Path) -> Option<String> {
    let file = std::fs::File::open(lock).ok()?;
    if file.try_lock_shared().is_ok() {
        return None;
    }
    Some(std::fs::read_to_string(lock).unwrap_or_default().trim().to_owned())
}

/// Schema version of the register and of this program.
///
/// # Errors
/// When it is no register, or a newer program forbids reading it.
pub fn versions(connection: &mut Connection) -> Result<(u32, u32)> {
    Ok((schema::check_readable(connection)?, schema::VERSION))
}

/// Acts that wait for their place in the log, and the instant of the oldest.
///
/// # Errors
/// Whatever the database says.
pub fn pending(connection: &mut Connection) -> Result<(u64, Option<i64>)> {
    let found = connection.first("select count(*), min(at) from act_pending", &[], |row| {
        Ok((row.int(0)?.unsigned_abs(), row.opt_int(1)?))
    })?;
    Ok(found.unwrap_or_default())
}

/// The instant of the last change of any file.
///
/// # Errors
/// Whatever the database says.
pub fn last_change(connection: &mut Connection) -> Result<Option<i64>> {
    let last = connection.first("select max(no) from chunk", &[], |row| row.opt_int(0))?;
    Ok(last.flatten().map(chunk_instant))
}

/// Batches in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batches {
    /// The state.
    pub state: String,
    /// How many.
    pub count: u64,
    /// Instant of receipt of the oldest.
    pub oldest_at: i64,
    /// Instant of receipt of the latest.
    pub latest_at: i64,
    /// Rows read by them.
    pub rows: u64,
    /// Rows that they refused.
    pub rejected: u64,
}

/// Batches by state, in order of the states.
///
/// # Errors
/// Whatever the database says.
pub fn batches(connection: &mut Connection) -> Result<Vec<Batches>> {
    connection.rows(
        "select state, count(*), min(received_at), max(received_at), cast(sum(read) as bigint),
                cast(sum(rejected) as bigint)
         from batch group by state order by state",
        &[],
        |row| {
            Ok(Batches {
                state: row.string(0)?,
                count: row.int(1)?.unsigned_abs(),
                oldest_at: row.int(2)?,
                latest_at: row.int(3)?,
                rows: row.int(4)?.unsigned_abs(),
                rejected: row.int(5)?.unsigned_abs(),
            })
        },
    )
}

/// Units that have sent batches and have no standing declaration of secrecy review on a day.
///
/// # Errors
/// Whatever the database says.
pub fn undeclared(connection: &mut Connection, on: Date) -> Result<Vec<String>> {
    connection.rows(
        "select u.uscc from unit u where exists (select 1 from batch b where b.source = u.uscc)
         and coalesce((select s.secrecy_officer from unit_state s where s.uscc = u.uscc and s.from_on <= $1
                       order by s.from_on desc, s.entered_at desc limit 1), '') = ''
         order by u.uscc",
        values![credence_domain::record::value::day_number(on)],
        |row| row.string(0),
    )
}

/// Records that wait for a person.
///
/// # Errors
/// Whatever the database says.
pub fn held(connection: &mut Connection) -> Result<u64> {
    let found = connection.first("select count(*) from record where state = 'held'", &[], |row| row.int(0))?;
    Ok(found.unwrap_or_default().unsigned_abs())
}
