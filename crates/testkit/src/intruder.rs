//! Whoever changes a SQLite register behind the program's back: to show that it is found.

use crate::columns::speaking;
use credence_store::body::{Packer, Unpacker};
use rusqlite::types::Value as Held;
use rusqlite::{Connection, params, params_from_iter};
use serde_json::{Map, Value};
use std::path::Path;

/// How a column is put back.
#[derive(Debug)]
pub struct Altered {
    put: String,
    values: Vec<Held>,
}

/// Why nothing was altered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unaltered {
    /// The table is empty.
    Empty,
    /// A check or a key of the database takes no other value.
    Refused,
}

/// Other values of the same kind, the likeliest first: a number beside it, a text or bytes that differ in one place.
fn others(held: &Held, kind: &str) -> Vec<Held> {
    match held {
        Held::Integer(number @ 0..=1) => vec![Held::Integer(1 - number)],
        Held::Integer(number) => [number ^ 1, number + 1, number + 100_000].map(Held::Integer).to_vec(),
        Held::Blob(bytes) => {
            let mut bytes = bytes.clone();
            match bytes.first_mut() {
                Some(first) => *first ^= 1,
                None => bytes.push(1),
            }
            vec![Held::Blob(bytes)]
        }
        Held::Text(text) => {
            let mut signs = text.chars();
            let first = if signs.next() == Some('z') { 'y' } else { 'z' };
            vec![Held::Text(format!("{first}{}", signs.as_str()))]
        }
        // Where nothing is, something that the column takes.
        _ if kind == "blob" => vec![Held::Blob(vec![1; 16])],
        _ if kind == "text" => vec![Held::Text("x".to_owned())],
        _ => vec![Held::Integer(1)],
    }
}

/// A hand inside the file.
#[derive(Debug)]
pub struct Intruder(Connection);

impl Intruder {
    /// Reaches into a register.
    ///
    /// # Panics
    /// When there is none.
    #[allow(clippy::expect_used, reason = "a test that cannot tamper has failed")]
    #[must_use]
    pub fn at(file: &Path) -> Self {
        Self(Connection::open(file).expect("a register"))
    }

    /// Runs statements.
    ///
    /// # Panics
    /// When they fail.
    #[allow(clippy::expect_used, reason = "a test that cannot tamper has failed")]
    pub fn sql(&self, statements: &str) {
        self.0.execute_batch(statements).expect("statements");
    }

    /// The texts that a question finds.
    ///
    /// # Panics
    /// When it cannot be asked.
    #[allow(clippy::expect_used, reason = "a test that cannot tamper has failed")]
    #[must_use]
    pub fn texts(&self, sql: &str) -> Vec<String> {
        let mut statement = self.0.prepare(sql).expect("a question");
        let rows = statement.query_map([], |row| row.get(0)).expect("texts");
        rows.collect::<Result<_, _>>().expect("texts")
    }

    /// Every column of every table as `(table, column)`.
    ///
    /// # Panics
    /// When the schema cannot be read.
    #[allow(clippy::expect_used, reason = "a test that cannot tamper has failed")]
    #[must_use]
    pub fn columns(&self) -> Vec<(String, String)> {
        let sql = "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c
                   where m.type = 'table' and m.name not like 'sqlite_%' order by m.name, c.cid";
        let mut statement = self.0.prepare(sql).expect("a schema");
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("a schema");
        rows.collect::<Result<_, _>>().expect("a schema")
    }

    /// Changes a column in one row, chosen by `seed` among those that have something there, or among all where none has; gives how it
    /// is put back.
    ///
    /// # Errors
    /// [`Unaltered`] where there is no row, or the database takes no other value.
    ///
    /// # Panics
    /// When the table cannot be read.
    #[allow(clippy::expect_used, reason = "a test that cannot tamper has failed")]
    pub fn alter(&self, table: &str, column: &str, seed: usize) -> Result<Altered, Unaltered> {
        self.alter_one_of(table, column, speaking(table), seed)
    }

    /// The same among the rows of which a condition holds.
    ///
    /// # Errors
    /// As [`Self::alter`].
    ///
    /// # Panics
    /// When the table cannot be read.
    #[allow(clippy::expect_used, reason = "a test that cannot tamper has failed")]
    pub fn alter_one_of(&self, table: &str, column: &str, rows: &str, seed: usize) -> Result<Altered, Unaltered> {
        let keys: Vec<String> = {
            let sql = "select name from pragma_table_info(?1) where pk > 0 order by pk";
            let mut statement = self.0.prepare(sql).expect("a table");
            let rows = statement.query_map([table], |row| row.get(0)).expect("a table");
            rows.collect::<Result<_, _>>().expect("a table")
        };
        let read = |has: &str| -> Vec<Vec<Held>> {
            let sql = format!("select {}, {column} from {table} {has} order by {}", keys.join(", "), keys.join(", "));
            let mut statement = self.0.prepare(&sql).expect("a table");
            let rows = statement.query_map([], |row| (0..=keys.len()).map(|at| row.get(at)).collect()).expect("rows");
            rows.collect::<Result<_, _>>().expect("rows")
        };
        let (condition, has) = (rows, format!("where {column} is not null and {column} <> '' and {rows}"));
        let mut rows = read(&has);
        if rows.is_empty() {
            rows = read(&format!("where {condition}"));
        }
        // Beside the values made up, those of other rows: what a check of the database takes.
        let beside: Vec<Held> = rows.iter().filter_map(|row| row.last().cloned()).take(64).collect();
        let chosen = seed.checked_rem(rows.len()).ok_or(Unaltered::Empty)?;
        let mut key = rows.swap_remove(chosen);
        let before = key.pop().ok_or(Unaltered::Empty)?;
        let at = keys.iter().position(|name| name == column);
        let clauses: Vec<String> = keys.iter().zip(2..).map(|(name, place)| format!("{name} = ?{place}")).collect();
        let put = format!("update {table} set {column} = ?1 where {}", clauses.join(" and "));
        let kind = "select lower(type) from pragma_table_info(?1) where name = ?2";
        let kind: String = self.0.query_row(kind, [table, column], |row| row.get(0)).expect("a column");
        for other in others(&before, &kind).into_iter().chain(beside).filter(|other| *other != before) {
            let values = [other.clone()].into_iter().chain(key.iter().cloned());
            if self.0.execute(&put, params_from_iter(values)).is_ok() {
                if let Some(place) = at.and_then(|at| key.get_mut(at)) {
                    *place = other;
                }
                return Ok(Altered { put, values: [before.clone()].into_iter().chain(key).collect() });
            }
        }
        Err(Unaltered::Refused)
    }

    /// Puts back what was altered.
    ///
    /// # Panics
    /// When it cannot be.
    #[allow(clippy::expect_used, reason = "a test that cannot tamper has failed")]
    pub fn mend(&self, altered: Altered) {
        assert_eq!(self.0.execute(&altered.put, params_from_iter(altered.values)).expect("an update"), 1);
    }

    /// Changes the published fields of one public record of an item, leaving everything else as it is.
    ///
    /// # Panics
    /// When there is no such record.
    pub fn content(&self, item: &str, change: impl FnOnce(&mut Map<String, Value>)) {
        self.body(item, |public, _| {
            if let Some(fields) = public.get_mut("content").and_then(Value::as_object_mut) {
                change(fields);
            }
        });
    }

    /// The same with the fields that are not published.
    ///
    /// # Panics
    /// When there is no such record.
    pub fn other(&self, item: &str, change: impl FnOnce(&mut Map<String, Value>)) {
        self.body(item, |_, other| change(other));
    }

    #[allow(clippy::expect_used, reason = "a test that cannot tamper has failed")]
    fn body(&self, item: &str, change: impl FnOnce(&mut Value, &mut Map<String, Value>)) {
        let (at, packed): (i64, Vec<u8>) = self
            .0
            .query_row(
                "select c.at, c.body from record r join record_content c on c.at = r.at and c.uscc = r.uscc
                 where r.item = ?1 and r.from_on is not null order by r.uscc, r.identity limit 1",
                [item],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .expect("a public record");
        let body = Unpacker::new().and_then(|mut unpacker| unpacker.unpack(&packed)).expect("a content");
        let mut public: Value = serde_json::from_str(&body.public).expect("a public half");
        let mut other = serde_json::from_str(&body.other_content).expect("another half");
        change(&mut public, &mut other);
        let (public, other) = (public.to_string(), Value::Object(other).to_string());
        let packed = Packer::new().and_then(|mut packer| packer.pack(&public, &other, &body.notes));
        let packed = packed.expect("a packed content");
        self.0.execute("update record_content set body = ?2 where at = ?1", params![at, packed]).expect("an update");
    }
}
