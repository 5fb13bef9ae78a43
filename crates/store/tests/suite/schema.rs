//! Opening: the writer's lock, newer databases, foreign files.

use crate::world::{FIRM, OFFICE, OTHER, SECOND_FIRM, today, writer};
use credence_store::clock::Clock;
use credence_store::connection::postgres::Pg;
use credence_store::connection::sqlite::Lite;
use credence_store::connection::{Connection, Row};
use credence_store::scope::View;
use credence_store::{Address, Result, StoreError, audit, open, record, unit};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use std::os::unix::fs::PermissionsExt;

fn a_register_is_made_for_its_owner_alone_and_stays_as_somebody_opened_it(store: &TestStore) {
    let first = writer(&store.address);
    let Address::Sqlite(path) = &store.address else { return };
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let mut log = path.clone().into_os_string();
    log.push("-wal");
    assert_eq!((mode(path), mode(log.as_ref())), (0o600, 0o600));
    drop(first);
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o640)).unwrap();
    drop(writer(&store.address));
    assert_eq!(mode(path), 0o640);
}

fn a_database_of_a_newer_version_is_refused_by_name_or_read_by_its_leave(store: &TestStore) {
    let mut first = writer(&store.address);
    open::set_mark(first.connection(), "schema_version", "99").unwrap();
    drop(first);
    assert!(store.address.reader().is_ok());
    assert!(matches!(store.address.writer(Clock::fixed(today())), Err(StoreError::ReadOnlyVersion { found: 99 })));
    let mut reader = store.address.reader().unwrap();
    if matches!(store.address, credence_store::Address::Postgres(_)) {
        open::set_mark(reader.connection(), "minimum_reader", "99").unwrap();
        assert!(matches!(store.address.reader(), Err(StoreError::Newer { found: 99, minimum: 99, .. })));
    }
}

fn a_database_of_an_older_version_is_brought_up_by_a_writer_and_refused_by_name_until_then(store: &TestStore) {
    let mut first = writer(&store.address);
    open::set_mark(first.connection(), "schema_version", "1").unwrap();
    drop(first);
    let refused = store.address.reader().map(drop);
    assert!(matches!(refused, Err(StoreError::Older { found: 1, .. })), "{refused:?}");
    assert_eq!(refused.unwrap_err().code(), "database_older");
}

/// Each step and the version stand in one transaction: what is killed or fails in the middle leaves what it found.
fn steps_that_fail_in_the_middle_leave_nothing_and_are_gone_through_again(store: &TestStore) {
    let mut in_the_way = raw(&store.address);
    in_the_way.batch("create table record_erased_change(own int)").unwrap();
    assert!(store.address.writer(Clock::fixed(today())).is_err());
    let left: Vec<String> =
        shape(&mut in_the_way).into_iter().filter(|line| !line.starts_with("record_erased_change ")).collect();
    assert_eq!(left, Vec::<String>::new());
    in_the_way.batch("drop table record_erased_change").unwrap();
    assert!(store.address.writer(Clock::fixed(today())).is_ok() && store.address.reader().is_ok());
}

fn writers_that_begin_together_make_one_register(store: &TestStore) {
    std::thread::scope(|scope| {
        let all: Vec<_> =
            (0..4).map(|_| scope.spawn(|| store.address.writer(Clock::fixed(today())).map(drop))).collect();
        for one in all {
            one.join().unwrap().unwrap();
        }
    });
    assert!(store.address.reader().is_ok());
}

fn a_reader_finds_no_register_where_there_is_none(store: &TestStore) {
    assert!(store.address.reader().is_err());
}

/// The steps before units were dated, as registers were made with them.
const EARLIER: [(&str, &str); 7] = [
    (
        include_str!("../../migrations/sqlite/0001_register.sql"),
        include_str!("../../migrations/postgres/0001_register.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0002_counters.sql"),
        include_str!("../../migrations/postgres/0002_counters.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0003_batches.sql"),
        include_str!("../../migrations/postgres/0003_batches.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0004_evaluation.sql"),
        include_str!("../../migrations/postgres/0004_evaluation.sql"),
    ),
    (include_str!("../../migrations/sqlite/0005_lists.sql"), include_str!("../../migrations/postgres/0005_lists.sql")),
    (
        include_str!("../../migrations/sqlite/0006_batch_window.sql"),
        include_str!("../../migrations/postgres/0006_batch_window.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0007_window_bytes.sql"),
        include_str!("../../migrations/postgres/0007_window_bytes.sql"),
    ),
];

fn raw(address: &Address) -> Connection {
    match address {
        Address::Sqlite(path) => Connection::Sqlite(Lite::writer(path).unwrap()),
        Address::Postgres(url) => Connection::Postgres(Box::new(Pg::connect(url).unwrap())),
    }
}

/// Every column of every table, and every index, as the database tells them.
fn shape(connection: &mut Connection) -> Vec<String> {
    let text = |row: &Row<'_>| -> Result<String> { row.string(0) };
    match connection {
        Connection::Sqlite(_) => connection.rows(
            "select m.name || ' ' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || coalesce(c.dflt_value, '-')
                    || ' ' || c.pk from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'
             union all select name || ' ' || sql from sqlite_master where type = 'index' and sql is not null order by 1",
            &[],
            text,
        ),
        Connection::Postgres(_) => connection.rows(
            "select table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
                    || coalesce(column_default, '-') || ' ' || coalesce(collation_name, '-')
             from information_schema.columns where table_schema = current_schema()
             union all select indexdef from pg_indexes where schemaname = current_schema() order by 1",
            &[],
            text,
        ),
    }
    .unwrap()
}

fn an_older_register_is_brought_to_the_shape_of_a_new_one_and_keeps_what_it_knew(store: &TestStore) {
    let mut older = raw(&store.address);
    for (sqlite, postgres) in EARLIER {
        older.batch(if matches!(older, Connection::Sqlite(_)) { sqlite } else { postgres }).unwrap();
    }
    let bytes = if matches!(older, Connection::Sqlite(_)) { "zeroblob(16)" } else { "'\\x00'::bytea" };
    older
        .batch(&format!(
            "insert into meta(key, value) values ('schema_version', '7'), ('minimum_reader', '1');
             insert into unit(uscc, name, level, area, regulator) values ('{OFFICE}', '甲局', 'city', '云海市', 'market');
             insert into unit(uscc, name) values ('{OTHER}', '只有代码的单位');
             insert into subject(uscc, name, folded, area, first_at) values ('{FIRM}', '甲厂', '甲厂', '青禾市', 0);
             insert into subject(uscc, name, folded, first_at) values ('{SECOND_FIRM}', '乙厂', '乙厂', 0);
             insert into record(uscc, identity, reference, item, source, authority, decided_on, state, version, seq, at,
                                commitment)
             values ('{FIRM}', {bytes}, {bytes}, 'penalty', '{OTHER}', '{OFFICE}', 20000, 'held', 1, 1, 0, {bytes}),
                    ('{SECOND_FIRM}', {bytes}, {bytes}, 'penalty', '{OFFICE}', '{OTHER}', 20000, 'held', 1, 1, 1, {bytes});
             insert into chunk(no, uscc, act, commitments) values (41, '{FIRM}', {bytes}, {bytes});"
        ))
        .unwrap();
    drop(older);
    let upgraded = store.address.writer(Clock::fixed(today())).unwrap();
    drop(upgraded);
    let fresh = store.twin();
    drop(fresh.address.writer(Clock::fixed(today())).unwrap());
    let mut found = raw(&store.address);
    assert_eq!(shape(&mut found), shape(&mut raw(&fresh.address)));
    let units = unit::list(&mut found, today()).unwrap();
    let told: Vec<_> = units.iter().map(|one| (&*one.uscc, &*one.level, &*one.area, &*one.regulator)).collect();
    assert_eq!(told, [(OFFICE, "city", "云海市", "market"), (OTHER, "", "", "")]);
    let areas = found
        .rows("select authority_area, registered_area from record order by uscc desc", &[], |row| {
            Ok((row.string(0)?, row.string(1)?))
        })
        .unwrap();
    let of = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert_eq!(areas, [of("云海市", "青禾市"), of("云海市", "")]);
    assert_eq!(audit::areas_kept_from(&mut found).unwrap(), 42);
    let _ = record::count_by_item(&mut found, &View::office(today())).unwrap();
}

both_stores!(
    a_register_is_made_for_its_owner_alone_and_stays_as_somebody_opened_it,
    a_database_of_an_older_version_is_brought_up_by_a_writer_and_refused_by_name_until_then,
    an_older_register_is_brought_to_the_shape_of_a_new_one_and_keeps_what_it_knew,
    a_database_of_a_newer_version_is_refused_by_name_or_read_by_its_leave,
    a_reader_finds_no_register_where_there_is_none,
    steps_that_fail_in_the_middle_leave_nothing_and_are_gone_through_again,
    writers_that_begin_together_make_one_register,
);

#[test]
fn a_reader_can_neither_write_nor_be_kept_out_by_the_writer() {
    let store = TestStore::sqlite();
    let _writer = writer(&store.address);
    let mut reader = store.address.reader().unwrap();
    assert!(open::set_mark(reader.connection(), "x", "y").is_err());
}

#[test]
fn a_folder_that_cannot_be_written_is_named_as_such() {
    let address = credence_store::Address::Sqlite("/proc/register.db".into());
    assert!(matches!(address.writer(Clock::fixed(today())), Err(StoreError::ReadOnly | StoreError::Io(_))));
}

#[test]
fn a_register_that_is_not_there_is_named_and_not_made_by_reading() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nothing.db");
    let refused = Address::Sqlite(path.clone()).reader().unwrap_err();
    assert!(refused.to_string().contains("nothing.db is not there"), "{refused}");
    assert_eq!((refused.code(), path.exists()), ("bad_parameter", false));
}
