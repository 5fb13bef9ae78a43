//! The tables of a register, and under which label a backup seals each row of them.

use super::key::{BackupKey, Label};
use crate::connection::{Connection, Value};
use crate::{Result, values};

/// A table as it stands in a register or in a backup.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in their order.
    pub columns: Vec<String>,
}

impl Table {
    fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| name == column)
    }

    /// The columns as SQL lists them.
    pub(super) fn listed(&self) -> String {
        self.columns.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    }
}

/// Computed from the others, and computed again by whoever loads them.
const DERIVED: [&str; 3] = ["count_day", "count_pending", "evaluation"];

/// Which rows an erasure or the end of a term of keeping may have to reach, and what names them: table, kind of label, columns.
/// Everything else is sealed under one key. The suite holds this list against the inventory of columns.
const REACHED: [(&str, &str, &[&str]); 22] = [
    ("record", "record", &["uscc", "identity"]),
    ("record_version", "record", &["uscc", "identity"]),
    ("record_source", "record", &["uscc", "identity"]),
    ("record_source_withdrawn", "record", &["uscc", "identity"]),
    ("record_secret_mark", "record", &["uscc", "identity"]),
    ("record_withheld", "record", &["uscc", "identity"]),
    ("secrecy_claim", "record", &["uscc", "identity"]),
    ("record_content", "content", &["uscc", "at"]),
    ("record_secret", "content", &["uscc", "at"]),
    ("batch_reject", "rejects", &["batch"]),
    ("act", "act", &["id"]),
    ("batch", "batch", &["id"]),
    ("consent", "consent", &["number"]),
    ("incident", "incident", &["id"]),
    ("proposal", "proposal", &["id"]),
    ("officer_person", "officer", &["uscc", "number"]),
    ("paper", "paper", &["uscc", "digest"]),
    ("paper_case", "cited", &["uscc", "matter", "number"]),
    ("subject_name", "name", &["uscc", "folded"]),
    ("name_conflict", "name", &["uscc", "folded"]),
    ("subject_alias", "alias", &["uscc", "value"]),
    (super::WAITING, "waiting", &["batch"]),
];

/// Tables whose rows are sealed one by one.
pub fn reached() -> impl Iterator<Item = &'static str> {
    REACHED.iter().map(|(table, ..)| *table).filter(|table| !table.starts_with('#'))
}

/// Rows that an erasure empties of what they quote and leaves standing: their table and the column that names them.
pub(super) fn kept(kind: &str) -> Option<(&'static str, &'static str)> {
    let standing = ["act", "batch", "consent", "incident", "proposal"];
    let found = REACHED.iter().filter(|(_, one, _)| *one == kind && standing.contains(one));
    found.map(|(table, _, columns)| (*table, columns.first().copied().unwrap_or_default())).next()
}

/// Tables that a backup leaves out, for they are computed from the others.
#[must_use]
pub fn derived() -> &'static [&'static str] {
    &DERIVED
}

/// How the rows of a table are labelled.
#[derive(Clone, Debug)]
pub(super) struct Labelling {
    kind: &'static str,
    places: Vec<usize>,
}

impl Labelling {
    /// Of a table; nothing where its rows are sealed together.
    pub(super) fn of(table: &Table) -> Option<Self> {
        let (_, kind, columns) = REACHED.iter().find(|(name, ..)| *name == table.name)?;
        Some(Self { kind, places: columns.iter().filter_map(|column| table.place(column)).collect() })
    }

    /// The label of a row.
    pub(super) fn label(&self, key: &BackupKey, row: &[Value<'_>]) -> Label {
        let parts: Vec<Value<'_>> = self.places.iter().filter_map(|place| row.get(*place).copied()).collect();
        label(key, self.kind, &parts)
    }
}

/// The label of what these values name.
pub(crate) fn label(key: &BackupKey, kind: &str, parts: &[Value<'_>]) -> Label {
    let bytes = |part: &Value<'_>| match part {
        Value::Null => Vec::new(),
        Value::Int(n) => n.to_be_bytes().to_vec(),
        Value::Text(text) => text.as_bytes().to_vec(),
        Value::Blob(bytes) => bytes.to_vec(),
    };
    let parts: Vec<Vec<u8>> = parts.iter().map(bytes).collect();
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    key.label(kind, &parts)
}

/// The tables of a register that a backup holds, in order of names.
///
/// # Errors
/// Whatever the database says.
pub fn tables(connection: &mut Connection) -> Result<Vec<Table>> {
    let row = |row: &crate::connection::Row<'_>| Ok((row.string(0)?, row.string(1)?));
    let found: Vec<(String, String)> = match connection {
        Connection::Sqlite(_) => connection.rows(
            "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c
             where m.type = 'table' and m.name not like 'sqlite_%' order by m.name, c.cid",
            values![],
            row,
        )?,
        Connection::Postgres(_) => connection.rows(
            "select c.table_name::text, c.column_name::text from information_schema.columns c
             join information_schema.tables t on t.table_name = c.table_name and t.table_schema = c.table_schema
             where c.table_schema = current_schema() and t.table_type = 'BASE TABLE'
             order by c.table_name::text collate \"C\", c.ordinal_position",
            values![],
            row,
        )?,
    };
    let mut tables: Vec<Table> = Vec::new();
    for (name, column) in found {
        match tables.last_mut().filter(|table| table.name == name) {
            Some(table) => table.columns.push(column),
            None => tables.push(Table { name, columns: vec![column] }),
        }
    }
    tables.retain(|table| !DERIVED.contains(&table.name.as_str()));
    Ok(tables)
}
