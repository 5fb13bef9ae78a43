//! The inventory of every place that may hold content (`tests/inventory.txt`) is what people review; here it is held against
//! the schema of both databases and against what an erasure does.

use crate::world::{FIRM, OFFICE, OTHER, draft, fact, send, today, writer};
use credence_store::arrival::Outcome;
use credence_store::clock::Chance;
use credence_store::connection::{Connection, Row};
use credence_store::erasure::{self, Order};
use credence_store::revision::lock;
use credence_store::scope::View;
use credence_store::{Address, Result, Writer, backup, record, values};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

const INVENTORY: &str = include_str!("../inventory.txt");
const KINDS: [&str; 13] = [
    "content",
    "column",
    "salt",
    "identity",
    "keys",
    "name",
    "text",
    "derived",
    "commitment",
    "digest",
    "case",
    "person",
    "none",
];

/// Kinds of which nothing stays.
const EMPTIED: [&str; 4] = ["content", "column", "salt", "keys"];

fn inventory() -> BTreeMap<&'static str, &'static str> {
    let mut found = BTreeMap::new();
    for line in INVENTORY.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (column, kind) = line.split_once(' ').unwrap();
        assert!(KINDS.contains(&kind), "{line}: no such kind");
        assert!(found.insert(column, kind).is_none(), "{line}: twice");
    }
    found
}

fn columns(address: &Address) -> Vec<String> {
    let mut reader = address.reader().unwrap();
    let name = |row: &Row<'_>| -> Result<String> { row.string(0) };
    match reader.connection() {
        lite @ Connection::Sqlite(_) => lite.rows(
            "select m.name || '.' || c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'",
            &[],
            name,
        ),
        pg @ Connection::Postgres(_) => pg.rows(
            "select table_name || '.' || column_name from information_schema.columns where table_schema = current_schema()",
            &[],
            name,
        ),
    }
    .unwrap()
}

/// Backups seal a row by itself where an erasure may have to reach it, and leave out what is computed.
#[test]
fn backups_can_forget_every_row_that_may_hold_content() {
    let stays = ["none", "commitment", "digest", "case"];
    let holding = inventory().into_iter().filter(|(_, kind)| !stays.contains(kind));
    let tables: BTreeSet<&str> = holding.filter_map(|(column, _)| column.split('.').next()).collect();
    // Roots, tiles and commitments stay wherever they stand.
    let reached: BTreeSet<&str> = backup::shape::reached().chain(backup::shape::derived().iter().copied()).collect();
    let missing: Vec<_> = tables.difference(&reached).collect();
    assert!(missing.is_empty(), "backup::shape must name these tables: {missing:?}");
}

fn every_column_of_the_schema_has_one_line_and_every_line_a_column(store: &TestStore) {
    drop(writer(&store.address));
    let (columns, inventory) = (columns(&store.address), inventory());
    assert!(columns.len() > 300, "the schema was not read: {}", columns.len());
    let unlisted: Vec<_> = columns.iter().filter(|column| !inventory.contains_key(column.as_str())).collect();
    assert!(unlisted.is_empty(), "may these hold content? tests/inventory.txt must say: {unlisted:?}");
    let gone: Vec<_> = inventory.keys().filter(|line| !columns.iter().any(|column| column == *line)).collect();
    assert!(gone.is_empty(), "no such columns: {gone:?}");
}

/// Statements that are put together stay for the length of the test.
fn leaked(sql: String) -> &'static str {
    Box::leak(sql.into_boxed_str())
}

fn an_erasure_leaves_nothing_in_a_column_whose_kind_says_that_it_is_emptied(store: &TestStore) {
    let mut writer = writer(&store.address);
    let through = Date::new(2099, 1, 1).unwrap();
    send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "一号", "第一版", through)]);
    send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "一号", "第二版", through)]);
    send(&mut writer, OTHER, "penalty", vec![fact(FIRM, "一号", "第二版", through)]);
    let emptied: Vec<_> = inventory().into_iter().filter(|(_, kind)| EMPTIED.contains(kind)).collect();
    let left = |writer: &mut Writer| -> Vec<&'static str> {
        let holds = |column: &str| {
            let (table, column) = column.split_once('.').unwrap();
            let sql = leaked(match store.address {
                Address::Sqlite(_) => format!(
                    "select count(*) from {table} where {column} is not null and cast({column} as text) not in ('', '0')"
                ),
                Address::Postgres(_) => format!(
                    "select count(*) from {table} where {column} is not null and {column}::text not in ('', '0', '\\x')"
                ),
            });
            writer.connection().first(sql, &[], |row| row.int(0)).unwrap().unwrap() > 0
        };
        let mut holds = holds;
        emptied.iter().map(|(column, _)| *column).filter(|column| holds(column)).collect()
    };
    let before = left(&mut writer);
    for column in ["record_content.body", "record.salt", "record.source", "record_version.salt2", "record_source.salt"]
    {
        assert!(before.contains(&column), "the test shows nothing of {column}");
    }
    let view = View::office(today());
    let identity = fact(FIRM, "一号", "", through).identity;
    let key = (FIRM.to_owned(), identity);
    let keys = writer.keyring().sealing(None, &mut Chance::default(), today()).unwrap();
    let listed = erasure::changes_listed(writer.connection(), &key).unwrap();
    assert_eq!(listed.iter().map(|one| one.number).collect::<Vec<_>>(), [1, 2, 3]);
    let order = Order { clause: "personal_information", on: today(), listed: &listed };
    writer
        .change(&draft(OFFICE), |change| {
            let standing = lock(change, &view, &key)?.unwrap();
            erasure::erase(change, &standing, &keys, order)
        })
        .unwrap();
    assert!(writer.clear_erased().unwrap());
    assert_eq!(left(&mut writer), Vec::<&str>::new());
    for column in columns(&store.address) {
        let (table, column) = column.split_once('.').unwrap();
        let sql = leaked(match store.address {
            Address::Sqlite(_) => format!("select count(*) from {table} where {column} = $1"),
            Address::Postgres(_) => {
                format!("select count(*) from {table} where {column}::text = '\\x' || encode($1, 'hex')")
            }
        });
        let found = writer.connection().first(sql, values![&identity.0], |row| row.int(0)).unwrap();
        assert_eq!(found, Some(0), "{table}.{column} holds the identity");
    }
    // Known again by the keyed digest alone.
    let again = send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "一号", "第三版", through)]);
    assert_eq!(again, [Outcome::Refused("erased")]);
    assert!(record::find(writer.connection(), &view, FIRM, &identity).unwrap().is_none());
}

both_stores!(
    every_column_of_the_schema_has_one_line_and_every_line_a_column,
    an_erasure_leaves_nothing_in_a_column_whose_kind_says_that_it_is_emptied,
);
