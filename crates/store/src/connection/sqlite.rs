//! SQLite: one file, one writer, readers that never wait.

use super::{Row, Value};
use crate::{Result, StoreError};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{OpenFlags, ToSql};
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// A SQLite connection with its statements kept.
#[derive(Debug)]
pub struct Lite {
    inner: rusqlite::Connection,
    // `$1` becomes `?1` once per statement text; texts are static, so their address is their name.
    texts: HashMap<(usize, usize), String>,
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(n) => ValueRef::Integer(*n),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl Lite {
    /// Opens for reading only. A register on a medium or in a folder that this user cannot write (a copy that was kept)
    /// is read as it lies, provided nothing waits in its write-ahead log: a command may open it so, a
    /// server may not ([`Lite::only_as_it_lies`]).
    ///
    /// # Errors
    /// When there is no such file or it is no database; `ReadOnly` when the folder cannot be written and the
    /// write-ahead log holds what the file does not.
    pub fn reader(path: &Path) -> Result<Self> {
        if !path.exists() {
            let path = path.display();
            return Err(StoreError::Foreign(format!("{path} is not there; import or demo makes one")));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        match Self::reader_at(path, flags) {
            Err(StoreError::ReadOnly) if path.is_file() && log_is_empty(path) => {
                Self::reader_at(Path::new(&as_it_lies(path)?), flags | OpenFlags::SQLITE_OPEN_URI)
            }
            opened => opened,
        }
    }

    /// Whether a register can only be read as it lies: nobody who does so hears of a later change.
    #[must_use]
    pub fn only_as_it_lies(path: &Path) -> bool {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        matches!(Self::reader_at(path, flags), Err(StoreError::ReadOnly))
    }

    fn reader_at(path: &Path, flags: OpenFlags) -> Result<Self> {
        let inner = rusqlite::Connection::open_with_flags(path, flags)?;
        inner.execute_batch("pragma query_only = on; pragma cache_size = -16384; pragma busy_timeout = 10000;")?;
        // The first look at the file, where a folder that cannot be written shows.
        inner.query_row("select count(*) from sqlite_schema", [], |_| Ok(()))?;
        inner.set_prepared_statement_cache_capacity(128);
        Ok(Self { inner, texts: HashMap::new() })
    }

    /// Opens for reading by key: pages are looked at where the operating system keeps them (the first two gigabytes of
    /// the file) and copied nowhere. Whoever looks through the register takes [`Lite::reader`]: what is mapped counts as
    /// this process's memory once it was touched.
    ///
    /// # Errors
    /// When there is no such file or it is no database.
    pub fn reader_by_key(path: &Path) -> Result<Self> {
        let reader = Self::reader(path)?;
        reader.inner.execute_batch("pragma mmap_size = 2147418112;")?;
        Ok(reader)
    }

    /// Opens for writing, making the file when it is not there, for its owner alone: it holds what is not public, and SQLite gives
    /// the files beside it the same rights. Whoever opens it to others does so by hand, and it stays so. What is deleted or replaced is overwritten where it stood: what
    /// an erasure takes is in no page that the file keeps. A commit that finds 512 MB in the write-ahead log moves them
    /// into the file: pages that many commits have touched are moved once.
    ///
    /// # Errors
    /// When the folder or file cannot be written, or it is no database.
    pub fn writer(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        // Where it is there already, or cannot be made, the next line says so.
        let _ = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let inner = rusqlite::Connection::open_with_flags(path, flags)?;
        inner.execute_batch(
            "pragma page_size = 8192; pragma journal_mode = wal; pragma synchronous = full;
             pragma cache_size = -65536; pragma wal_autocheckpoint = 65536; pragma busy_timeout = 10000;
             pragma foreign_keys = off; pragma temp_store = memory; pragma secure_delete = on;",
        )?;
        inner.set_prepared_statement_cache_capacity(128);
        Ok(Self { inner, texts: HashMap::new() })
    }

    fn statement(&mut self, sql: &'static str) -> Result<rusqlite::CachedStatement<'_>> {
        let text = self.texts.entry((sql.as_ptr() as usize, sql.len())).or_insert_with(|| sql.replace('$', "?"));
        Ok(self.inner.prepare_cached(text)?)
    }

    pub(super) fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64> {
        let mut statement = self.statement(sql)?;
        Ok(statement.execute(rusqlite::params_from_iter(values))? as u64)
    }

    pub(super) fn each(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
        mut look: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.statement(sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            look(&Row::Sqlite(row))?;
        }
        Ok(())
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<()> {
        Ok(self.inner.execute_batch(sql)?)
    }

    /// Moves what the write-ahead log holds into the file. `Passive` never waits; `Truncate` empties the log.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn checkpoint(&self, truncate: bool) -> Result<()> {
        let sql = if truncate { "pragma wal_checkpoint(truncate)" } else { "pragma wal_checkpoint(passive)" };
        self.inner.query_row(sql, [], |_| Ok(()))?;
        Ok(())
    }

    /// Moves the write-ahead log into the file and empties it; waits for readers. False where one kept it from being emptied.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn empty_log(&self) -> Result<bool> {
        let busy: i64 = self.inner.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0))?;
        Ok(busy == 0)
    }

    /// The connection itself, for what only SQLite has (online backup).
    pub fn raw(&self) -> &rusqlite::Connection {
        &self.inner
    }
}

/// Whether everything committed stands in the file itself.
fn log_is_empty(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).map_or(true, |found| found.len() == 0)
}

/// The address under which SQLite reads a file without making its shared memory beside it.
fn as_it_lies(path: &Path) -> Result<String> {
    let whole = std::path::absolute(path)?;
    let text = whole.to_str().ok_or(StoreError::ReadOnly)?;
    let text = text.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Ok(format!("file:{text}?immutable=1"))
}
