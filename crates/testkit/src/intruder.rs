//! Whoever changes a SQLite register behind the program's back: to show that it is found.

use credence_store::body::{Packer, Unpacker};
use rusqlite::{Connection, params};
use serde_json::{Map, Value};
use std::path::Path;

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
