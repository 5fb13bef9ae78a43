//! Rows into an empty register of either database. Until the last of them is in, the register is marked as unfinished and no
//! command opens it; a load that was cut off is begun again.

use super::cell;
use super::dump::Sink;
use super::shape::Table;
use crate::connection::{Connection, Value};
use crate::open::{self, Address};
use crate::{Result, StoreError, counter, schema, values};
use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::Type;
use std::fs::File;
use std::sync::Arc;

/// Rows of one transaction on SQLite.
const AT_ONCE: u64 = 200_000;
/// Bytes of one COPY on PostgreSQL.
const COPIED_BYTES: usize = 8 << 20;

/// A register being filled.
pub(super) struct Loader {
    connection: Connection,
    _lock: Option<Arc<File>>,
    table: Option<Table>,
    known: Vec<Table>,
    insert: String,
    waiting: Vec<u8>,
    since: u64,
    marks: Vec<(String, String)>,
    indexes: Vec<String>,
}

impl Loader {
    /// Begins: the register is made with the schema of what is loaded.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`] where something is in it; [`StoreError::Newer`] when this program does not know the schema.
    pub(super) fn begin(address: &Address, version: u32, name: &str) -> Result<Self> {
        if version > schema::VERSION {
            return Err(StoreError::Newer { found: version, minimum: version, known: schema::VERSION });
        }
        let (mut connection, lock) = address.unopened()?;
        if schema::is_filled(&mut connection)? {
            return Err(StoreError::NotEmpty);
        }
        schema::bring_to(&mut connection, version, name)?;
        if let Connection::Sqlite(_) = connection {
            connection.batch("pragma synchronous = off; pragma secure_delete = off; pragma cache_size = -131072")?;
        }
        let known = super::shape::tables(&mut connection)?;
        let indexes = put_indexes_aside(&mut connection)?;
        for table in &known {
            if table.name != "meta" {
                connection.batch(&format!("delete from {}", table.name))?;
            }
        }
        connection.batch("delete from count_day; delete from count_pending")?;
        Ok(Self {
            connection,
            _lock: lock,
            table: None,
            known,
            insert: String::new(),
            waiting: Vec::new(),
            since: 0,
            marks: Vec::new(),
            indexes,
        })
    }

    fn flush(&mut self) -> Result<()> {
        let Some(table) = &self.table else { return Ok(()) };
        match &mut self.connection {
            Connection::Sqlite(lite) => {
                if !lite.raw().is_autocommit() {
                    lite.raw().execute_batch("commit")?;
                }
            }
            Connection::Postgres(pg) if !self.waiting.is_empty() => {
                let client = pg.client();
                let listed = table.listed();
                let statement = client.prepare(&format!("select {listed} from {} where false", table.name))?;
                let types: Vec<Type> = statement.columns().iter().map(|column| column.type_().clone()).collect();
                let sink = client.copy_in(&format!("copy {}({listed}) from stdin binary", table.name))?;
                let mut writer = BinaryCopyInWriter::new(sink, &types);
                let (mut from, mut row) = (self.waiting.as_slice(), Vec::new());
                while !from.is_empty() {
                    cell::take(&mut from, &mut row, table.columns.len())?;
                    writer.write_raw(row.iter())?;
                }
                writer.finish()?;
            }
            Connection::Postgres(_) => {}
        }
        self.waiting.clear();
        self.since = 0;
        Ok(())
    }

    /// The rows are in: `fill` adds what it has, what is computed from them is computed, and the register can be opened, all
    /// in one transaction.
    ///
    /// # Errors
    /// Whatever the database says.
    pub(super) fn finish_with(mut self, fill: impl FnOnce(&mut Connection) -> Result<()>) -> Result<()> {
        self.flush()?;
        for sql in &self.indexes {
            self.connection.batch(sql)?;
        }
        let marks = std::mem::take(&mut self.marks);
        if let Connection::Sqlite(_) = self.connection {
            self.connection.batch("pragma synchronous = full; pragma secure_delete = on")?;
        }
        self.connection.transaction(|connection| {
            fill(connection)?;
            for ((counted, day), difference) in counter::recounted(connection)? {
                connection.execute(
                    "insert into count_day(counted, day, difference) values ($1, $2, $3)",
                    values![counted.as_str(), day, difference],
                )?;
            }
            connection.execute("update subject set due = 1", &[])?;
            connection.execute("delete from meta", &[])?;
            marks.iter().try_for_each(|(key, value)| open::set_mark(connection, key, value))
        })?;
        schema::migrate(&mut self.connection)?;
        match &mut self.connection {
            Connection::Sqlite(lite) => drop(lite.empty_log()?),
            Connection::Postgres(_) => self.connection.batch("analyze")?,
        }
        Ok(())
    }

    /// A mark that the register bears from the moment it opens, whatever was marked in what is loaded.
    pub(super) fn mark(&mut self, key: &str, value: &str) {
        self.marks.push((key.to_owned(), value.to_owned()));
    }
}

/// Takes away the indexes that are no keys and gives the texts that make them again: rows come in faster without them.
fn put_indexes_aside(connection: &mut Connection) -> Result<Vec<String>> {
    let row = |row: &crate::connection::Row<'_>| Ok((row.string(0)?, row.string(1)?));
    let found: Vec<(String, String)> = match connection {
        Connection::Sqlite(_) => connection.rows(
            "select name, sql from sqlite_master where type = 'index' and sql is not null order by name",
            &[],
            row,
        )?,
        Connection::Postgres(_) => connection.rows(
            "select i.indexname::text, i.indexdef from pg_indexes i
             where i.schemaname = current_schema() and not exists (
               select 1 from pg_constraint c where c.conname = i.indexname
                 and c.connamespace = (select oid from pg_namespace where nspname = current_schema()))
             order by 1",
            &[],
            row,
        )?,
    };
    for (name, _) in &found {
        connection.batch(&format!("drop index {name}"))?;
    }
    Ok(found.into_iter().map(|(_, sql)| sql).collect())
}

impl Sink for Loader {
    fn table(&mut self, table: &Table) -> Result<()> {
        self.flush()?;
        let fits = self
            .known
            .iter()
            .any(|known| known.name == table.name && table.columns.iter().all(|column| known.columns.contains(column)));
        if !fits {
            return Err(StoreError::Backup(format!("the table {} does not belong to its schema", table.name)));
        }
        let places: Vec<String> = (1..=table.columns.len()).map(|place| format!("?{place}")).collect();
        self.insert = format!("insert into {}({}) values ({})", table.name, table.listed(), places.join(", "));
        self.table = Some(table.clone());
        Ok(())
    }

    fn row(&mut self, row: &[Value<'_>]) -> Result<()> {
        if self.table.as_ref().is_some_and(|table| table.name == "meta") {
            if let [Value::Text(key), Value::Text(value)] = row {
                self.marks.push(((*key).to_owned(), (*value).to_owned()));
            }
            return Ok(());
        }
        match &mut self.connection {
            Connection::Sqlite(lite) => {
                if lite.raw().is_autocommit() {
                    lite.raw().execute_batch("begin immediate")?;
                }
                lite.raw().prepare_cached(&self.insert)?.execute(rusqlite::params_from_iter(row))?;
                self.since += 1;
                if self.since >= AT_ONCE {
                    self.flush()?;
                }
            }
            Connection::Postgres(_) => {
                cell::put(&mut self.waiting, row);
                if self.waiting.len() >= COPIED_BYTES {
                    self.flush()?;
                }
            }
        }
        Ok(())
    }
}
