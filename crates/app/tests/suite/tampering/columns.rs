//! Whatever column of whatever table is changed, verification says so: each is taken from the schema itself, minus those that
//! `testkit/src/unverified.txt` names with a reason. A new column is on neither side until somebody decides.

use super::scene::province;
use credence_app::Address;
use credence_app::verify::verify;
use credence_store::StoreError;
use credence_testkit::columns::unverified;
use credence_testkit::harm::Hand;
use credence_testkit::intruder::{Intruder, Unaltered};
use credence_testkit::province::Chance;
use credence_testkit::stores::TestStore;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Registers in which columns are changed side by side.
const COPIES: usize = 2;

/// What verification says of a register: the requirements that fail, each with an example, or what could not be read.
fn told(address: &Address) -> Vec<String> {
    match verify(address) {
        Ok(found) => {
            let failed = found.requirements.iter().filter(|outcome| outcome.failed > 0);
            let named = failed.filter(|outcome| outcome.examples.iter().any(|example| !example.problem.is_empty()));
            named.map(|outcome| outcome.id.to_owned()).collect()
        }
        Err(credence_app::AppError::Store(error @ (StoreError::Inconsistent(_) | StoreError::KeyMissing(_)))) => {
            vec![error.to_string()]
        }
        Err(error) => panic!("{error}"),
    }
}

/// A copy of a register with everything that lies beside it.
fn copied(file: &Path, name: &str) -> std::path::PathBuf {
    let copy = file.with_file_name(name);
    for ending in ["", ".keys", ".log-key", ".log-key.signed"] {
        let beside = |path: &Path| std::path::PathBuf::from(format!("{}{ending}", path.display()));
        if beside(file).exists() {
            std::fs::copy(beside(file), beside(&copy)).unwrap();
        }
    }
    copy
}

#[test]
fn a_change_of_any_column_of_any_table_is_found_or_the_list_says_why_not() {
    let store = TestStore::fast();
    province(&store, 40);
    let Address::Sqlite(whole) = &store.address else { panic!("a file") };
    let columns = Intruder::at(whole).columns();
    assert!(columns.len() > 400, "the schema was not read: {}", columns.len());
    let excepted = unverified();
    let is = |line: &&str| columns.iter().any(|(table, column)| format!("{table}.{column}") == **line);
    let gone: Vec<_> = excepted.keys().filter(|line| !is(line)).collect();
    assert!(gone.is_empty(), "no such columns: {gone:?}");
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for copy in 0..COPIES {
            let copy = copied(whole, &format!("altered-{copy}.db"));
            let (next, wrong, columns, excepted) = (&next, &wrong, &columns, &excepted);
            scope.spawn(move || {
                let (hand, address) = (Intruder::at(&copy), Address::Sqlite(copy));
                assert_eq!(told(&address), Vec::<String>::new());
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some((table, column)) = columns.get(place) else { break };
                    if excepted.contains_key(format!("{table}.{column}").as_str()) {
                        continue;
                    }
                    let altered = match hand.alter(table, column, place) {
                        Ok(altered) => altered,
                        Err(Unaltered::Refused) => continue,
                        Err(Unaltered::Empty) => {
                            wrong.lock().unwrap().push(format!("{table}.{column}: the register of the test has none"));
                            continue;
                        }
                    };
                    if told(&address).is_empty() {
                        wrong.lock().unwrap().push(format!("{table}.{column} was changed and nobody noticed"));
                    }
                    hand.mend(altered);
                }
                assert_eq!(told(&address), Vec::<String>::new(), "what was put back is not what it was");
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "verify must look at these, or the list must say why not: {wrong:#?}");
}

/// Records of a rare state are changed seldom by chance: every column of a record of every state that the register holds.
#[test]
fn a_change_of_any_column_of_a_record_is_found_in_whatever_state_it_is() {
    let store = TestStore::fast();
    province(&store, 20);
    let Address::Sqlite(file) = &store.address else { panic!("a file") };
    let hand = Intruder::at(file);
    let excepted = unverified();
    let columns = hand.columns().into_iter().filter(|(table, _)| table == "record");
    let columns: Vec<String> = columns.map(|(_, column)| column).collect();
    let mut unnoticed = Vec::new();
    for state in hand.texts("select distinct state from record order by 1") {
        for column in columns.iter().filter(|column| !excepted.contains_key(format!("record.{column}").as_str())) {
            let altered = match hand.alter_one_of("record", column, &format!("state = '{state}'"), 1) {
                Ok(altered) => altered,
                Err(Unaltered::Refused) => continue,
                Err(Unaltered::Empty) => panic!("no record is {state}"),
            };
            if told(&store.address).is_empty() {
                unnoticed.push(format!("{column} of a record that is {state}"));
            }
            hand.mend(altered);
        }
    }
    assert!(unnoticed.is_empty(), "changed, and nobody noticed: {unnoticed:#?}");
    assert_eq!(told(&store.address), Vec::<String>::new(), "what was put back is not what it was");
}

/// On PostgreSQL the tables that the public reads, by the hand that a drill has.
#[test]
fn a_change_of_any_column_of_records_organisations_and_acts_is_found_on_postgresql() {
    let store = TestStore::postgres();
    province(&store, 20);
    let Address::Postgres(address) = &store.address else { panic!("a server") };
    let mut hand = Hand::at(address).unwrap();
    let mut chance = Chance::new(11, "columns");
    let spots = hand.spots().unwrap();
    let public = spots.iter().filter(|spot| ["record", "subject", "act"].contains(&spot.table.as_str()));
    let mut looked_at = 0;
    for spot in public {
        let Some(harm) = hand.harm(spot, &mut chance).unwrap() else { continue };
        assert!(!told(&store.address).is_empty(), "{}.{} was changed and nobody noticed", spot.table, spot.column);
        hand.mend(&harm).unwrap();
        looked_at += 1;
    }
    assert!(looked_at > 35, "the test changed {looked_at} columns");
    assert_eq!(told(&store.address), Vec::<String>::new());
}
