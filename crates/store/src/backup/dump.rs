//! Every row of a register, table by table, inside the caller's snapshot.

use super::shape::{Table, tables};
use crate::connection::{Connection, Value};
use crate::{Result, StoreError};
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::Type;
use rusqlite::types::ValueRef;

/// Who takes the rows.
pub(super) trait Sink {
    /// A table begins; the one before it has ended.
    ///
    /// # Errors
    /// What keeps it from being taken.
    fn table(&mut self, table: &Table) -> Result<()>;

    /// A row of it.
    ///
    /// # Errors
    /// What keeps it from being taken.
    fn row(&mut self, row: &[Value<'_>]) -> Result<()>;
}

/// Hands on every row.
pub(super) fn dump(connection: &mut Connection, sink: &mut dyn Sink) -> Result<()> {
    for table in tables(connection)? {
        sink.table(&table)?;
        // Leaves are read in their order: their root is computed on the way.
        let order = if table.name == "log_leaf" { " order by position" } else { "" };
        let sql = format!("select {} from {}{order}", table.listed(), table.name);
        match connection {
            Connection::Sqlite(lite) => from_sqlite(lite.raw(), &sql, table.columns.len(), sink)?,
            Connection::Postgres(pg) => from_postgres(pg.client(), &sql, sink)?,
        }
    }
    Ok(())
}

/// A value as SQLite gives it.
pub(super) fn cell_of(value: ValueRef<'_>) -> Result<Value<'_>> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Text(text) => Value::Text(std::str::from_utf8(text).map_err(|_| unexpected())?),
        ValueRef::Blob(bytes) => Value::Blob(bytes),
        ValueRef::Real(_) => return Err(unexpected()),
    })
}

/// The values of a row as PostgreSQL gives them.
pub(super) fn cells_of(row: &postgres::Row) -> Result<Vec<Value<'_>>> {
    let cell = |(at, column): (usize, &postgres::Column)| {
        Ok(match *column.type_() {
            Type::INT2 => row.try_get::<_, Option<i16>>(at)?.map(i64::from).into(),
            Type::INT4 => row.try_get::<_, Option<i32>>(at)?.map(i64::from).into(),
            Type::INT8 => row.try_get::<_, Option<i64>>(at)?.into(),
            Type::TEXT => row.try_get::<_, Option<&str>>(at)?.into(),
            Type::BYTEA => row.try_get::<_, Option<&[u8]>>(at)?.into(),
            _ => return Err(unexpected()),
        })
    };
    row.columns().iter().enumerate().map(cell).collect()
}

fn from_sqlite(connection: &rusqlite::Connection, sql: &str, columns: usize, sink: &mut dyn Sink) -> Result<()> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let mut cells = Vec::with_capacity(columns);
        for at in 0..columns {
            cells.push(cell_of(row.get_ref(at)?)?);
        }
        sink.row(&cells)?;
    }
    Ok(())
}

fn from_postgres(client: &mut postgres::Client, sql: &str, sink: &mut dyn Sink) -> Result<()> {
    let statement = client.prepare(sql)?;
    let none: [Value<'_>; 0] = [];
    let mut rows = client.query_raw(&statement, none.iter())?;
    while let Some(row) = rows.next()? {
        sink.row(&cells_of(&row)?)?;
    }
    Ok(())
}

fn unexpected() -> StoreError {
    StoreError::Inconsistent("a column holds a value of an unexpected kind".to_owned())
}
