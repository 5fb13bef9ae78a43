//! Opening: the writer's lock, newer databases, foreign files.

use crate::world::{today, writer};
use credence_store::clock::Clock;
use credence_store::{StoreError, open};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;

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

fn a_reader_finds_no_register_where_there_is_none(store: &TestStore) {
    assert!(store.address.reader().is_err());
}

both_stores!(
    a_database_of_an_older_version_is_brought_up_by_a_writer_and_refused_by_name_until_then,
    a_database_of_a_newer_version_is_refused_by_name_or_read_by_its_leave,
    a_reader_finds_no_register_where_there_is_none,
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
