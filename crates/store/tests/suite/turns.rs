//! What only one server of a register does at a time.

use credence_store::clock::Clock;
use credence_store::proposal::turn;
use credence_testkit::stores::TestStore;

/// How many wait for the turn: the lower half of the lock's number is "wers".
fn waiting(store: &TestStore) -> i64 {
    let mut reader = store.address.reader().unwrap();
    let sql = "select count(*) from pg_locks where locktype = 'advisory' and not granted and objid::int8 = 2003137139";
    reader.connection().first(sql, &[], |row| row.int(0)).unwrap().unwrap()
}

#[test]
fn two_servers_answer_proposals_one_after_the_other() {
    let store = TestStore::postgres();
    drop(store.address.writer(Clock::system()).unwrap());
    let held = turn(&store.address).unwrap();
    assert!(held.is_some());
    std::thread::scope(|scope| {
        let next = scope.spawn(|| turn(&store.address).map(|next| next.is_some()));
        while waiting(&store) == 0 {
            assert!(!next.is_finished(), "two hold the turn at once");
            std::thread::yield_now();
        }
        drop(held);
        assert!(next.join().unwrap().unwrap());
    });
    assert!(turn(&TestStore::sqlite().address).unwrap().is_none());
}
