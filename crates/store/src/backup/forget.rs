//! What an erasure does to backups that were made before it: their key forgets what was erased, and keeps a note of what stands
//! in its place. Restoring such a backup fills in what the notes say, and the erasure is done again as an act.
//!
//! Serves 个人信息保护法 art. 四十七.

use super::key::{self, BackupKey, Label};
use super::note::{Left, Note, NotedChange};
use super::shape::{self, Table};
use crate::connection::{Connection, Value};
use crate::open::{self, Address};
use crate::{Result, StoreError, paper, values};
use credence_domain::canonical::{hex, unhex};
use rusqlite::types::ValueRef;
use serde_json::{Map, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A value that names a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl Part {
    fn value(&self) -> Value<'_> {
        match self {
            Part::Int(n) => Value::Int(*n),
            Part::Text(text) => Value::Text(text),
            Part::Blob(bytes) => Value::Blob(bytes),
        }
    }
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Part::Text(text.to_owned())
    }
}
impl From<i64> for Part {
    fn from(number: i64) -> Self {
        Part::Int(number)
    }
}
impl<const N: usize> From<&[u8; N]> for Part {
    fn from(bytes: &[u8; N]) -> Self {
        Part::Blob(bytes.to_vec())
    }
}

/// Rows that an erasure has emptied or taken away: the kind of their label, and what names them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touched {
    kind: &'static str,
    parts: Vec<Part>,
}

impl Touched {
    /// Rows of this kind (`backup::shape`) with this name.
    #[must_use]
    pub fn new(kind: &'static str, parts: Vec<Part>) -> Self {
        Self { kind, parts }
    }

    fn label(&self, key: &BackupKey) -> Label {
        let parts: Vec<Value<'_>> = self.parts.iter().map(Part::value).collect();
        shape::label(key, self.kind, &parts)
    }
}

/// An erasure, as backups remember it.
#[derive(Clone, Debug)]
pub struct Erasure<'e> {
    /// The organisation.
    pub uscc: &'e str,
    /// The identity that the record had.
    pub identity: &'e [u8; 16],
    /// Public reference of the record.
    pub reference: &'e [u8; 16],
    /// Its item.
    pub item: &'e str,
    /// The keyed digest of its identity.
    pub erased: [u8; 16],
    /// Code of the clause.
    pub clause: &'e str,
    /// The law.
    pub basis: &'e str,
    /// The act.
    pub act: [u8; 16],
    /// Every change of the record.
    pub changes: Vec<NotedChange>,
}

/// Where the key of a register's backups is; nothing where it has none.
///
/// # Errors
/// [`StoreError::BackupKeyGone`] or [`StoreError::BackupKeyOther`] where it has backups and their key is not at hand.
pub fn key_place(connection: &mut Connection, address: &Address) -> Result<Option<PathBuf>> {
    let Some(marked) = open::mark(connection, super::KEY_MARK)? else { return Ok(None) };
    let place = key::place(address);
    let key = BackupKey::read(&place)?;
    if key.id() == marked { Ok(Some(place)) } else { Err(StoreError::BackupKeyOther(marked)) }
}

/// Makes older backups forget what was erased: the last step inside the act that erases it. Should the act still be lost, too
/// much is forgotten rather than too little.
///
/// # Errors
/// Whatever the database or the disk says; the caller's transaction is then lost as a whole.
pub fn erased(connection: &mut Connection, place: &Path, erasure: &Erasure<'_>, touched: &[Touched]) -> Result<()> {
    let key = BackupKey::read(place)?;
    let uscc = erasure.uscc;
    let record = Touched::new("record", vec![uscc.into(), erasure.identity.into()]);
    let mut all: BTreeSet<Touched> = touched.iter().cloned().collect();
    for change in &erasure.changes {
        all.insert(Touched::new("content", vec![uscc.into(), change.at.into()]));
        for number in batches_of(connection, change.at >> 12)? {
            all.insert(Touched::new("waiting", vec![number.as_str().into()]));
        }
    }
    let consents = connection.rows(
        "select number from consent where uscc = $1 and identity = $2",
        values![uscc, &erasure.erased],
        |row| row.string(0),
    )?;
    all.extend(consents.iter().map(|number| Touched::new("consent", vec![number.as_str().into()])));
    let mut rows = Vec::new();
    for one in &all {
        if let (Some((table, column)), [part]) = (shape::kept(one.kind), one.parts.as_slice()) {
            let row = row_of(connection, table, column, part.value())?;
            rows.extend(row.map(|row| Left { label: one.label(&key).0, table: table.to_owned(), row }));
        }
    }
    let note = Note {
        label: record.label(&key).0,
        uscc: uscc.to_owned(),
        record: hex(erasure.reference),
        item: erasure.item.to_owned(),
        identity: hex(&erasure.erased),
        clause: erasure.clause.to_owned(),
        basis: erasure.basis.to_owned(),
        act: hex(&erasure.act),
        changes: erasure.changes.clone(),
        rows,
    };
    let labels: Vec<Label> = all.iter().chain([&record]).map(|one| one.label(&key)).collect();
    BackupKey::forget(place, &labels, Some(note))
}

/// Makes older backups forget rows whose time is over.
///
/// # Errors
/// Io.
pub fn expired(place: &Path, touched: &[Touched]) -> Result<()> {
    let key = BackupKey::read(place)?;
    let labels: Vec<Label> = touched.iter().map(|one| one.label(&key)).collect();
    BackupKey::forget(place, &labels, None)
}

/// Numbers of the batch whose act holds a chunk.
fn batches_of(connection: &mut Connection, chunk: i64) -> Result<Vec<String>> {
    connection.rows(
        "select b.number from chunk c join act a on a.uscc = c.uscc and a.id = c.act join batch b on b.id = a.batch
         where c.no = $1",
        values![chunk],
        |row| row.string(0),
    )
}

/// A row as it stands, by one column.
fn row_of(
    connection: &mut Connection,
    table: &str,
    column: &str,
    named: Value<'_>,
) -> Result<Option<Map<String, serde_json::Value>>> {
    let tables = shape::tables(connection)?;
    let Some(Table { columns, .. }) = tables.into_iter().find(|one| one.name == table) else { return Ok(None) };
    let mut values = Vec::new();
    let mut take = |row: &[Value<'_>]| values.extend(row.iter().map(told));
    let sql = format!(
        "select {} from {table} where {column} = ",
        Table { name: String::new(), columns: columns.clone() }.listed()
    );
    match connection {
        Connection::Sqlite(lite) => {
            let mut statement = lite.raw().prepare(&format!("{sql}?1"))?;
            let mut rows = statement.query([named])?;
            if let Some(row) = rows.next()? {
                let cells: rusqlite::Result<Vec<ValueRef<'_>>> = (0..columns.len()).map(|at| row.get_ref(at)).collect();
                let cells: Result<Vec<Value<'_>>> = cells?.into_iter().map(super::dump::cell_of).collect();
                take(&cells?);
            }
        }
        Connection::Postgres(pg) => {
            let statement = pg.client().prepare(&format!("{sql}$1"))?;
            if let Some(row) = pg.client().query_opt(&statement, &[&named])? {
                take(&super::dump::cells_of(&row)?);
            }
        }
    }
    Ok((!values.is_empty()).then(|| columns.into_iter().zip(values).collect()))
}

fn told(value: &Value<'_>) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Int(n) => (*n).into(),
        Value::Text(text) => (*text).into(),
        Value::Blob(bytes) => json!({ "hex": hex(bytes) }),
    }
}

/// Fills in what stands in place of what was forgotten, inside the load's last transaction. The organisation's counters and the
/// erasure itself follow: see [`crate::erasure::again`].
pub(super) fn fill(connection: &mut Connection, key: &BackupKey, forgotten: &BTreeSet<Label>) -> Result<()> {
    // A backup from before there were any has no such table.
    let papers = shape::tables(connection)?.iter().any(|table| table.name == "paper");
    for note in key.notes() {
        for left in note.rows.iter().filter(|left| forgotten.contains(&Label(left.label))) {
            put_back(connection, left)?;
        }
        if forgotten.contains(&Label(note.label)) {
            record_left(connection, key, note, forgotten)?;
        }
        connection.execute(
            "update subject set conflicts = (select count(*) from name_conflict c
               where c.uscc = subject.uscc and c.resolved = '') where uscc = $1",
            values![note.uscc.as_str()],
        )?;
        if papers {
            paper::count_anew(connection, &note.uscc)?;
        }
    }
    Ok(())
}

fn damaged() -> StoreError {
    StoreError::Backup("a note of the backup key cannot be read".to_owned())
}

fn record_left(connection: &mut Connection, key: &BackupKey, note: &Note, forgotten: &BTreeSet<Label>) -> Result<()> {
    let bytes = |text: &str| unhex(text).ok_or_else(damaged);
    let (identity, reference) = (bytes(&note.identity)?, bytes(&note.record)?);
    let uscc = note.uscc.as_str();
    // A change that came after the backup is not in it.
    let mut there = Vec::new();
    for change in &note.changes {
        let found =
            connection.first("select 1 from chunk where no = $1", values![change.at >> 12], |row| row.int(0))?;
        if found.is_some() {
            there.push(change);
        }
    }
    let versions = there.iter().filter(|change| change.version).count();
    let Some(standing) = there.iter().rev().find(|change| change.version) else { return Ok(()) };
    for change in &there {
        let commitment = bytes(&change.commitment)?;
        let content = Touched::new("content", vec![uscc.into(), change.at.into()]);
        if forgotten.contains(&content.label(key)) {
            connection.execute("insert into record_content(at, uscc) values ($1, $2)", values![change.at, uscc])?;
        }
        if change.seq != standing.seq {
            connection.execute(
                "insert into record_erased_change(uscc, seq, identity, at, commitment) values ($1, $2, $3, $4, $5)",
                values![uscc, change.seq, identity.as_slice(), change.at, commitment.as_slice()],
            )?;
        }
    }
    connection.execute(
        "insert into record(uscc, identity, reference, item, source, authority, decided_on, state, version, seq, at, commitment)
         values ($1, $2, $3, $4, '', '', 0, 'erased', $5, $6, $7, $8)",
        values![
            uscc,
            identity.as_slice(),
            reference.as_slice(),
            note.item.as_str(),
            versions as i64,
            standing.seq,
            standing.at,
            bytes(&standing.commitment)?.as_slice()
        ],
    )?;
    Ok(())
}

fn put_back(connection: &mut Connection, left: &Left) -> Result<()> {
    let known = shape::tables(connection)?;
    let table = known.iter().find(|table| table.name == left.table).ok_or_else(damaged)?;
    let columns: Vec<String> = table.columns.iter().filter(|column| left.row.contains_key(*column)).cloned().collect();
    let table = Table { name: table.name.clone(), columns };
    let parts: Option<Vec<Option<Part>>> =
        table.columns.iter().map(|column| left.row.get(column).and_then(part)).collect();
    let parts = parts.ok_or_else(damaged)?;
    let values: Vec<Value<'_>> = parts.iter().map(|part| part.as_ref().map_or(Value::Null, Part::value)).collect();
    let places = |sign: &str| (1..=values.len()).map(|place| format!("{sign}{place}")).collect::<Vec<_>>().join(", ");
    let sql = format!("insert into {}({}) values ", table.name, table.listed());
    match connection {
        Connection::Sqlite(lite) => {
            lite.raw().execute(&format!("{sql}({})", places("?")), rusqlite::params_from_iter(&values))?;
        }
        Connection::Postgres(pg) => {
            let statement = pg.client().prepare(&format!("{sql}({})", places("$")))?;
            let values: Vec<&(dyn postgres::types::ToSql + Sync)> =
                values.iter().map(|value| value as &(dyn postgres::types::ToSql + Sync)).collect();
            pg.client().execute(&statement, &values)?;
        }
    }
    Ok(())
}

/// A value of a note: the outer nothing is no value at all, the inner one NULL.
fn part(value: &serde_json::Value) -> Option<Option<Part>> {
    match value {
        serde_json::Value::Null => Some(None),
        serde_json::Value::Number(n) => Some(Some(Part::Int(n.as_i64()?))),
        serde_json::Value::String(text) => Some(Some(Part::Text(text.clone()))),
        serde_json::Value::Object(bytes) => Some(Some(Part::Blob(unhex(bytes.get("hex")?.as_str()?)?))),
        _ => None,
    }
}
