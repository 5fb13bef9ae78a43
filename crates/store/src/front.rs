//! Staging tables (前置库): a schema in a PostgreSQL database that a department's system fills and the platform empties. It is no
//! part of the register, which may be of either kind, and nothing in it is believed before the importer has judged it.
//!
//! One table for each item, a column for each field, all text. A row bears the unit of the login role that inserted it, and
//! no other: the database itself holds that by row security. Rows are never changed by their senders; the platform says
//! beside each what became of it.

use crate::{Result, StoreError};
use postgres::{Client, Transaction};

/// The schema.
pub const SCHEMA: &str = "credence_front";
/// The most rows in a batch.
const ROWS_MOST: i64 = 5_000;
/// "front": one process at a time empties the tables.
const LOCK: i64 = 0x0066_726f_6e74;
/// Columns that senders fill beside the fields.
const ASKED: [&str; 4] = ["cr_mark", "cr_operation", "cr_reason", "cr_secrecy_review"];

/// A staging table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The item's code, which is the table's name.
    pub item: String,
    /// Columns for its fields.
    pub columns: Vec<String>,
}

/// A batch of rows that was taken and whose receipts are not written yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Number of the batch.
    pub number: String,
    /// Item.
    pub item: String,
    /// The unit that sent.
    pub unit: String,
}

/// A row as it was staged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// Its number in the table.
    pub row: i64,
    /// The sender's mark: rows of different marks never share a batch.
    pub mark: String,
    /// Operation; empty without one.
    pub operation: String,
    /// Why.
    pub reason: String,
    /// Who answers for the secrecy review.
    pub secrecy_review: String,
    /// Values in the order of the table's columns.
    pub values: Vec<String>,
}

/// What became of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowReceipt {
    /// The row.
    pub row: i64,
    /// `accepted`, `corrected`, `unchanged`, `withdrawn`, `held` or `rejected`.
    pub state: String,
    /// Stable code of the refusal.
    pub code: String,
    /// The field.
    pub field: String,
    /// What is wrong and what to do.
    pub detail: String,
    /// Public reference of the record.
    pub record: String,
}

/// The staging tables, opened by the role that made them.
pub struct Front {
    client: Client,
}

impl std::fmt::Debug for Front {
    /// Never the address: it may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Front")
    }
}

/// A name inside the schema. Items and fields are named in the rulebook by letters, digits and underscores alone.
fn quoted(name: &str) -> Result<String> {
    let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if name.is_empty() || name.len() > 63 || !plain {
        return Err(StoreError::Inconsistent(format!("{name:?} cannot name a table or column")));
    }
    Ok(format!("\"{name}\""))
}

fn table(item: &str) -> Result<String> {
    Ok(format!("{SCHEMA}.{}", quoted(item)?))
}

impl Front {
    /// Connects.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub fn open(url: &str) -> Result<Self> {
        let mut client = crate::connection::tls::connect(url)?;
        client.batch_execute("set client_min_messages = warning; set timezone = 'UTC'")?;
        Ok(Self { client })
    }

    /// Makes the schema, its tables and the columns that they lack; takes nothing away. Gives how many columns were added.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn install(&mut self, tables: &[Table]) -> Result<u64> {
        let mut transaction = self.client.transaction()?;
        transaction.batch_execute(include_str!("../migrations/front.sql"))?;
        let mut added = 0;
        for Table { item, columns } in tables {
            let (name, policy) = (table(item)?, quoted(&format!("{item}_own"))?);
            transaction.batch_execute(&format!(
                "create table if not exists {name}(
                   cr_row bigint generated always as identity primary key,
                   cr_unit text not null default {SCHEMA}.own_unit(), cr_mark text, cr_operation text, cr_reason text,
                   cr_secrecy_review text, cr_state text not null default 'new', cr_batch text, cr_received_at timestamptz,
                   cr_code text, cr_field text, cr_detail text, cr_record text);
                 create index if not exists {new} on {name}(cr_row) where cr_state = 'new';
                 create index if not exists {batch} on {name}(cr_batch);
                 alter table {name} enable row level security;
                 drop policy if exists {policy} on {name};
                 create policy {policy} on {name} using (cr_unit = {SCHEMA}.own_unit())
                   with check (cr_unit = {SCHEMA}.own_unit() and cr_state = 'new')",
                new = quoted(&format!("{item}_new"))?,
                batch = quoted(&format!("{item}_batch"))?,
            ))?;
            for column in columns {
                let standing = transaction.query(
                    "select 1 from information_schema.columns
                     where table_schema = $1 and table_name = $2 and column_name = $3",
                    &[&SCHEMA, item, column],
                )?;
                if standing.is_empty() {
                    transaction.batch_execute(&format!("alter table {name} add column {} text", quoted(column)?))?;
                    added += 1;
                }
            }
        }
        let roles = transaction.query(
            "select s.role from credence_front.sender s join pg_roles r on r.rolname = s.role order by s.role",
            &[],
        )?;
        for role in roles {
            grant(&mut transaction, role.try_get(0)?, tables)?;
        }
        transaction.commit()?;
        Ok(added)
    }

    /// Lets a login role send for a unit: it may insert rows and see its own. False where there is no such role.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn admit(&mut self, role: &str, unit: &str, tables: &[Table]) -> Result<bool> {
        let mut transaction = self.client.transaction()?;
        if transaction.query("select 1 from pg_roles where rolname = $1", &[&role])?.is_empty() {
            return Ok(false);
        }
        transaction.execute(
            "insert into credence_front.sender(role, unit) values ($1, $2)
             on conflict (role) do update set unit = excluded.unit",
            &[&role, &unit],
        )?;
        grant(&mut transaction, role, tables)?;
        transaction.commit()?;
        Ok(true)
    }

    /// The tables as they were made, with the columns that they have: an edition may name more than was installed.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn installed(&mut self, tables: Vec<Table>) -> Result<Vec<Table>> {
        let found = self.client.query(
            "select table_name::text, column_name::text from information_schema.columns where table_schema = $1",
            &[&SCHEMA],
        )?;
        let mut standing = std::collections::BTreeSet::new();
        for row in found {
            standing.insert((row.try_get::<_, String>(0)?, row.try_get::<_, String>(1)?));
        }
        let has = |item: &str, column: &str| standing.contains(&(item.to_owned(), column.to_owned()));
        let made = tables.into_iter().filter(|table| has(&table.item, "cr_row"));
        let with = |mut table: Table| {
            table.columns.retain(|column| has(&table.item, column));
            table
        };
        Ok(made.map(with).collect())
    }

    /// Takes the right to empty the tables for as long as this is open; false while another process has it.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn lock(&mut self) -> Result<bool> {
        Ok(self.client.query_one("select pg_try_advisory_lock($1)", &[&LOCK])?.try_get(0)?)
    }

    /// Batches that were taken and whose receipts are not written, in the order in which they were taken.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn open_batches(&mut self) -> Result<Vec<Taken>> {
        let rows = self.client.query(
            "select number, item, unit from credence_front.batch where told_at is null order by taken_at, number",
            &[],
        )?;
        rows.iter()
            .map(|row| Ok(Taken { number: row.try_get(0)?, item: row.try_get(1)?, unit: row.try_get(2)? }))
            .collect()
    }

    /// Takes the next rows of one unit out of a table, in their order, as the batch of this number: up to a change of mark
    /// or reviewer, or to the first that `ends` the batch. Nothing where there is no new row.
    ///
    /// # Errors
    /// Whatever the database says; then nothing was taken.
    pub fn take(&mut self, of: &Table, number: &str, mut ends: impl FnMut(&Staged) -> bool) -> Result<Option<Taken>> {
        let name = table(&of.item)?;
        let mut transaction = self.client.transaction()?;
        let first = format!("select cr_unit from {name} where cr_state = 'new' order by cr_row limit 1");
        let Some(first) = transaction.query_opt(first.as_str(), &[])? else { return Ok(None) };
        let unit: String = first.try_get(0)?;
        let new = format!(
            "select {} from {name} where cr_state = 'new' and cr_unit = $1 order by cr_row limit {ROWS_MOST} for update",
            selected(&of.columns)?
        );
        let mut taken: Vec<i64> = Vec::new();
        let mut before: Option<Staged> = None;
        for row in transaction.query(new.as_str(), &[&unit])? {
            let row = staged(&row, of.columns.len())?;
            let other = |b: &Staged| (&b.mark, &b.secrecy_review) != (&row.mark, &row.secrecy_review);
            if before.as_ref().is_some_and(other) || ends(&row) {
                break;
            }
            taken.push(row.row);
            before = Some(row);
        }
        let update = format!("update {name} set cr_state = 'taken', cr_batch = $1 where cr_row = any($2)");
        transaction.execute(update.as_str(), &[&number, &taken])?;
        transaction.execute(
            "insert into credence_front.batch(number, item, unit) values ($1, $2, $3)",
            &[&number, &of.item, &unit],
        )?;
        transaction.commit()?;
        Ok(Some(Taken { number: number.to_owned(), item: of.item.clone(), unit }))
    }

    /// The rows of a batch in their order.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn rows(&mut self, of: &Table, number: &str) -> Result<Vec<Staged>> {
        let (name, columns) = (table(&of.item)?, selected(&of.columns)?);
        let sql = format!("select {columns} from {name} where cr_batch = $1 order by cr_row");
        self.client.query(sql.as_str(), &[&number])?.iter().map(|row| staged(row, of.columns.len())).collect()
    }

    /// Writes what became of each row of a batch: of all of them or of none.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn tell(&mut self, taken: &Taken, received_micros: i64, receipts: &[RowReceipt]) -> Result<()> {
        let name = table(&taken.item)?;
        let rows: Vec<i64> = receipts.iter().map(|receipt| receipt.row).collect();
        let column = |of: fn(&RowReceipt) -> &str| receipts.iter().map(of).collect::<Vec<&str>>();
        let (states, codes) = (column(|r| &r.state), column(|r| &r.code));
        let (fields, details, records) = (column(|r| &r.field), column(|r| &r.detail), column(|r| &r.record));
        let sql = format!(
            "update {name} t set cr_state = g.state, cr_code = nullif(g.code, ''), cr_field = nullif(g.field, ''),
               cr_detail = nullif(g.detail, ''), cr_record = nullif(g.record, ''),
               cr_received_at = to_timestamp($7::bigint / 1000000.0)
             from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
               as g(row, state, code, field, detail, record)
             where t.cr_row = g.row and t.cr_batch = $8"
        );
        let mut transaction = self.client.transaction()?;
        transaction.execute(
            sql.as_str(),
            &[&rows, &states, &codes, &fields, &details, &records, &received_micros, &taken.number],
        )?;
        let told = "update credence_front.batch set told_at = now() where number = $1";
        transaction.execute(told, &[&taken.number])?;
        transaction.commit()?;
        Ok(())
    }

    /// Takes away rows whose receipts were given for batches received before an instant; gives how many.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn expire(&mut self, of: &Table, before_micros: i64) -> Result<u64> {
        let name = table(&of.item)?;
        let sql = format!(
            "delete from {name} where cr_state not in ('new', 'taken')
             and cr_received_at < to_timestamp($1::bigint / 1000000.0)"
        );
        Ok(self.client.execute(sql.as_str(), &[&before_micros])?)
    }
}

/// What a sender may do in the tables: insert what it sends, see what is its own, and nothing else.
fn grant(transaction: &mut Transaction<'_>, role: &str, tables: &[Table]) -> Result<()> {
    // A role's name is any text: quoted as PostgreSQL quotes names.
    let role = format!("\"{}\"", role.replace('"', "\"\""));
    transaction.batch_execute(&format!(
        "grant usage on schema {SCHEMA} to {role}; grant execute on function {SCHEMA}.own_unit() to {role}"
    ))?;
    for Table { item, columns } in tables {
        let name = table(item)?;
        let mut filled: Vec<String> = ASKED.iter().map(|column| quoted(column)).collect::<Result<_>>()?;
        for column in columns {
            filled.push(quoted(column)?);
        }
        let filled = filled.join(", ");
        transaction
            .batch_execute(&format!("grant select on {name} to {role}; grant insert ({filled}) on {name} to {role}"))?;
    }
    Ok(())
}

fn selected(columns: &[String]) -> Result<String> {
    let mut sql = "cr_row, coalesce(cr_mark, ''), coalesce(cr_operation, ''), coalesce(cr_reason, ''), \
                   coalesce(cr_secrecy_review, '')"
        .to_owned();
    for column in columns {
        sql.push_str(&format!(", coalesce({}, '')", quoted(column)?));
    }
    Ok(sql)
}

fn staged(row: &postgres::Row, columns: usize) -> Result<Staged> {
    Ok(Staged {
        row: row.try_get(0)?,
        mark: row.try_get(1)?,
        operation: row.try_get(2)?,
        reason: row.try_get(3)?,
        secrecy_review: row.try_get(4)?,
        values: (0..columns).map(|at| row.try_get(5 + at)).collect::<std::result::Result<_, _>>()?,
    })
}
