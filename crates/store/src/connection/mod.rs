//! One connection to either database behind three verbs: execute, rows, batch.
//!
//! SQL text is written once with `$1` parameters. What must differ forks openly where it is used (see `bulk`).

pub mod postgres;
pub mod sqlite;
pub mod tls;

use crate::{Result, StoreError};

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// NULL.
    Null,
    /// Integers, day numbers, instants, booleans as 0 and 1.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Value::Int(value)
    }
}
impl From<i32> for Value<'_> {
    fn from(value: i32) -> Self {
        Value::Int(i64::from(value))
    }
}
impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Value::Int(i64::from(value))
    }
}
impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Value::Text(value)
    }
}
impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(value: &'a [u8]) -> Self {
        Value::Blob(value)
    }
}
impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Value::Blob(value)
    }
}
impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// Parameters from values of any kind.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::connection::Value::from($value)),*] };
}

/// A row being read.
#[derive(Debug)]
pub enum Row<'a> {
    /// From SQLite.
    Sqlite(&'a rusqlite::Row<'a>),
    /// From PostgreSQL.
    Postgres(&'a ::postgres::Row),
}

impl Row<'_> {
    /// An integer, `None` for NULL.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn opt_int(&self, at: usize) -> Result<Option<i64>> {
        match self {
            Row::Sqlite(row) => Ok(row.get(at)?),
            Row::Postgres(row) => postgres::integer(row, at),
        }
    }

    /// An integer.
    ///
    /// # Errors
    /// When the column holds something else or NULL.
    pub fn int(&self, at: usize) -> Result<i64> {
        self.opt_int(at)?.ok_or_else(|| null(at))
    }

    /// A day number or version, `None` for NULL.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn opt_small(&self, at: usize) -> Result<Option<i32>> {
        self.opt_int(at)?.map(|n| i32::try_from(n).map_err(|_| null(at))).transpose()
    }

    /// A date from its day number, `None` for NULL.
    ///
    /// # Errors
    /// When the column holds no day number.
    pub fn opt_date(&self, at: usize) -> Result<Option<jiff::civil::Date>> {
        Ok(self.opt_small(at)?.and_then(credence_domain::record::value::date_of))
    }

    /// A text, `None` for NULL.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn opt_text(&self, at: usize) -> Result<Option<&str>> {
        match self {
            Row::Sqlite(row) => {
                row.get_ref(at)?.as_str_or_null().map_err(|error| StoreError::Inconsistent(error.to_string()))
            }
            Row::Postgres(row) => Ok(row.try_get(at)?),
        }
    }

    /// A text.
    ///
    /// # Errors
    /// When the column holds something else or NULL.
    pub fn text(&self, at: usize) -> Result<&str> {
        self.opt_text(at)?.ok_or_else(|| null(at))
    }

    /// A text of its own.
    ///
    /// # Errors
    /// When the column holds something else or NULL.
    pub fn string(&self, at: usize) -> Result<String> {
        self.text(at).map(str::to_owned)
    }

    /// Bytes, `None` for NULL.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn opt_blob(&self, at: usize) -> Result<Option<&[u8]>> {
        match self {
            Row::Sqlite(row) => {
                row.get_ref(at)?.as_blob_or_null().map_err(|error| StoreError::Inconsistent(error.to_string()))
            }
            Row::Postgres(row) => Ok(row.try_get(at)?),
        }
    }

    /// Bytes.
    ///
    /// # Errors
    /// When the column holds something else or NULL.
    pub fn blob(&self, at: usize) -> Result<&[u8]> {
        self.opt_blob(at)?.ok_or_else(|| null(at))
    }

    /// Bytes of a known length.
    ///
    /// # Errors
    /// When the column holds something else, NULL or another length.
    pub fn array<const N: usize>(&self, at: usize) -> Result<[u8; N]> {
        self.blob(at)?.try_into().map_err(|_| null(at))
    }

    /// Bytes of a known length, `None` for NULL.
    ///
    /// # Errors
    /// When the column holds something else or another length.
    pub fn opt_array<const N: usize>(&self, at: usize) -> Result<Option<[u8; N]>> {
        self.opt_blob(at)?.map(|bytes| bytes.try_into().map_err(|_| null(at))).transpose()
    }
}

fn null(at: usize) -> StoreError {
    StoreError::Inconsistent(format!("column {at} holds an unexpected value"))
}

/// A connection to either database.
#[derive(Debug)]
pub enum Connection {
    /// A SQLite file.
    Sqlite(sqlite::Lite),
    /// A PostgreSQL server.
    Postgres(Box<postgres::Pg>),
}

impl Connection {
    /// Executes one statement; gives the number of rows it touched.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64> {
        match self {
            Connection::Sqlite(lite) => lite.execute(sql, values),
            Connection::Postgres(pg) => pg.execute(sql, values),
        }
    }

    /// Runs a query and maps each row.
    ///
    /// # Errors
    /// Whatever the database or `map` says.
    pub fn rows<T>(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        self.each(sql, values, |row| {
            found.push(map(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Runs a query and hands each row on without keeping any.
    ///
    /// # Errors
    /// Whatever the database or `look` says.
    pub fn each(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
        look: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        match self {
            Connection::Sqlite(lite) => lite.each(sql, values, look),
            Connection::Postgres(pg) => pg.each(sql, values, look),
        }
    }

    /// The first row of a query, if there is one.
    ///
    /// # Errors
    /// Whatever the database or `map` says.
    pub fn first<T>(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(sql, values, map)?.into_iter().next())
    }

    /// Runs statements without parameters (migrations, transactions).
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn batch(&mut self, sql: &str) -> Result<()> {
        match self {
            Connection::Sqlite(lite) => lite.batch(sql),
            Connection::Postgres(pg) => pg.batch(sql),
        }
    }

    pub(crate) fn begin(&mut self) -> Result<()> {
        self.batch(match self {
            Connection::Sqlite(_) => "begin immediate",
            Connection::Postgres(_) => "begin",
        })
    }

    /// Runs `work` inside the open transaction: all of it or nothing of it. Beside an error stands whether the
    /// transaction is still open.
    pub(crate) fn savepoint<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> std::result::Result<T, (StoreError, bool)> {
        self.batch("savepoint act").map_err(|error| (error, false))?;
        match work(self).and_then(|done| self.batch("release savepoint act").map(|()| done)) {
            Ok(done) => Ok(done),
            Err(error) => {
                // A full disk rolls the whole transaction back by itself: then there is no savepoint to go back to.
                let open = match self {
                    Connection::Sqlite(lite) => !lite.raw().is_autocommit(),
                    Connection::Postgres(_) => true,
                };
                let back = open && self.batch("rollback to savepoint act; release savepoint act").is_ok();
                Err((error, back))
            }
        }
    }

    /// Runs `work` in one transaction: all of it or nothing. On PostgreSQL `begin` is read committed with row locks
    /// taken in the order of codes; on SQLite it takes the writer's lock at once.
    ///
    /// # Errors
    /// What `work` or the database says; then nothing was written.
    pub fn transaction<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.begin()?;
        match work(self).and_then(|done| self.batch("commit").map(|()| done)) {
            Ok(done) => Ok(done),
            Err(error) => {
                // After an error the transaction may already be gone (a full disk rolls back by itself).
                let _ = self.batch("rollback");
                Err(error)
            }
        }
    }
}
