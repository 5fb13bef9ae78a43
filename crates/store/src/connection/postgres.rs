//! PostgreSQL 15 or newer, spoken to in step; the bulk path uses COPY BINARY (see `bulk::postgres`).

use super::{Row, Value};
use crate::{Result, StoreError};
use postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use postgres::{Client, Statement};
use std::collections::HashMap;

/// A PostgreSQL connection with its statements kept.
pub struct Pg {
    client: Client,
    statements: HashMap<(usize, usize), Statement>,
}

impl std::fmt::Debug for Pg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pg")
    }
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(n) if *ty == Type::INT2 => i16::try_from(*n)?.to_sql(ty, out),
            Value::Int(n) if *ty == Type::INT4 => i32::try_from(*n)?.to_sql(ty, out),
            Value::Int(n) => n.to_sql(&Type::INT8, out),
            Value::Text(text) => text.to_sql(ty, out),
            Value::Blob(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

pub(super) fn integer(row: &postgres::Row, at: usize) -> Result<Option<i64>> {
    let kind = row.columns().get(at).map(|c| c.type_().clone());
    Ok(match kind {
        Some(Type::INT2) => row.try_get::<_, Option<i16>>(at)?.map(i64::from),
        Some(Type::INT4) => row.try_get::<_, Option<i32>>(at)?.map(i64::from),
        _ => row.try_get::<_, Option<i64>>(at)?,
    })
}

impl Pg {
    /// Connects.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub fn connect(url: &str) -> Result<Self> {
        let mut client = super::tls::connect(url)?;
        client.batch_execute("set client_min_messages = warning; set timezone = 'UTC'")?;
        Ok(Self { client, statements: HashMap::new() })
    }

    /// A connection that looks rows up by their keys, as writers do. A plan that was made while a table was empty reads all of
    /// it, and is kept while it grows: every look then costs as much as the register has rows.
    ///
    /// # Errors
    /// Whatever the server says.
    pub fn by_keys(mut self) -> Result<Self> {
        self.client.batch_execute("set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off")?;
        Ok(self)
    }

    /// The statement of a text, prepared once.
    pub(crate) fn statement(&mut self, sql: &'static str) -> Result<Statement> {
        let name = (sql.as_ptr() as usize, sql.len());
        if let Some(statement) = self.statements.get(&name) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(name, statement.clone());
        Ok(statement)
    }

    /// The insertion of one row into a table, prepared once.
    pub(crate) fn insertion(
        &mut self,
        table: &'static str,
        columns: &'static str,
        types: &[Type],
    ) -> Result<Statement> {
        let name = (table.as_ptr() as usize, table.len());
        if let Some(statement) = self.statements.get(&name) {
            return Ok(statement.clone());
        }
        let places: Vec<String> = (1..=types.len()).map(|place| format!("${place}")).collect();
        let sql = format!("insert into {table}({columns}) values ({})", places.join(", "));
        let statement = self.client.prepare_typed(&sql, types)?;
        self.statements.insert(name, statement.clone());
        Ok(statement)
    }

    pub(super) fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64> {
        let statement = self.statement(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        Ok(self.client.execute(&statement, &values)?)
    }

    pub(super) fn each(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
        mut look: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        use postgres::fallible_iterator::FallibleIterator;
        let statement = self.statement(sql)?;
        let mut rows = self.client.query_raw(&statement, values.iter())?;
        while let Some(row) = rows.next()? {
            look(&Row::Postgres(&row))?;
        }
        Ok(())
    }

    /// As `each`, with parameters that only PostgreSQL has (arrays).
    pub(crate) fn each_of(
        &mut self,
        sql: &'static str,
        values: &[&(dyn ToSql + Sync)],
        mut look: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        use postgres::fallible_iterator::FallibleIterator;
        let statement = self.statement(sql)?;
        let mut rows = self.client.query_raw(&statement, values.iter().copied())?;
        while let Some(row) = rows.next()? {
            look(&Row::Postgres(&row))?;
        }
        Ok(())
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<()> {
        self.client.batch_execute(sql).map_err(StoreError::from)
    }

    /// The client itself, for what only PostgreSQL has (COPY, arrays, advisory locks).
    pub(crate) fn client(&mut self) -> &mut Client {
        &mut self.client
    }
}
