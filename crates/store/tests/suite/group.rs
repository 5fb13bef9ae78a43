//! Acts that come together are committed together, acknowledged after it, and never half done.

use crate::world::{FIRM, OFFICE, draft, fact, state, today, writer};
use credence_domain::record::value::day_number;
use credence_store::arrival::{Outcome, Sending, arrive};
use credence_store::clock::Clock;
use credence_store::connection::Connection;
use credence_store::group::{Acts, Work};
use credence_store::scope::View;
use credence_store::{Address, Pen, Result, StoreError, Writer, audit, record, sequencer};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::Date;
use std::sync::Arc;

/// One penalty by one act.
fn accept(writer: &mut Writer, number: &str, text: &str) -> Result<Outcome> {
    let rows = [fact(FIRM, number, text, Date::new(2027, 4, 10).unwrap())];
    let received_on = day_number(today());
    let sending = Sending { source: OFFICE, item: "penalty", received_on, batch: &[7; 16], corrects: None };
    let (outcomes, _) =
        writer.change(&draft(OFFICE), |change| arrive(change, sending, &rows, &mut |row, _| Ok(row.dates.clone())))?;
    Ok(outcomes[0])
}

fn numbers(writer: &mut Writer) -> Vec<i64> {
    let mut numbers = Vec::new();
    audit::each_step(writer.connection(), |step| {
        if let audit::Step::Change(change) = step {
            numbers.push(change.seq);
        }
        Ok(())
    })
    .unwrap();
    numbers
}

fn count(writer: &mut Writer) -> usize {
    record::of_organisation(writer.connection(), &View::office(today()), FIRM).unwrap().len()
}

fn acts_from_many_threads_are_all_numbered_and_all_in_the_log(store: &TestStore) {
    drop(writer(&store.address));
    let acts = Arc::new(Acts::open(&Arc::new(Pen::new(store.address.clone(), Clock::fixed(today())))).unwrap());
    let threads: Vec<_> = (0..8)
        .map(|thread| {
            let acts = Arc::clone(&acts);
            std::thread::spawn(move || {
                for number in 0..12 {
                    let name = format!("{thread}-{number}号");
                    let (outcome, done) = acts.act(move |writer| accept(writer, &name, "甲")).unwrap();
                    assert_eq!((outcome, done.len()), (Outcome::Accepted, 1));
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    drop(acts);
    let mut writer = writer(&store.address);
    assert_eq!(numbers(&mut writer), (1..=96).collect::<Vec<_>>());
    sequencer::run(writer.connection()).unwrap();
    let size = sequencer::size(writer.connection()).unwrap();
    let pending = sequencer::pending(writer.connection()).unwrap();
    assert_eq!((size, pending), (96 + 2, 0), "two units and ninety-six acts");
}

fn what_fails_in_a_group_costs_the_others_nothing(store: &TestStore) {
    let mut writer = writer(&store.address);
    let refused = || StoreError::Inconsistent("refused".to_owned());
    let mut first = |writer: &mut Writer| accept(writer, "一号", "甲").map(|_| ());
    let mut half = |writer: &mut Writer| {
        let rows = [fact(FIRM, "二号", "甲", Date::new(2027, 4, 10).unwrap())];
        let sending = Sending {
            source: OFFICE,
            item: "penalty",
            received_on: day_number(today()),
            batch: &[7; 16],
            corrects: None,
        };
        writer
            .change(&draft(OFFICE), |change| {
                arrive(change, sending, &rows, &mut |row, _| Ok(row.dates.clone()))?;
                Err::<(), _>(refused())
            })
            .map(|_| ())
    };
    let mut last = |writer: &mut Writer| accept(writer, "三号", "甲").map(|_| ());
    let works: &mut [&mut Work<'_>] = &mut [&mut first, &mut half, &mut last];
    let results = writer.group(works).unwrap();
    assert_eq!(results.iter().map(|result| result.is_ok()).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!((count(&mut writer), numbers(&mut writer)), (2, vec![1, 2]));
}

both_stores!(
    acts_from_many_threads_are_all_numbered_and_all_in_the_log,
    what_fails_in_a_group_costs_the_others_nothing,
);

#[test]
fn acts_that_stand_together_are_all_done_or_none_even_when_a_failure_is_passed_over() {
    let store = TestStore::sqlite();
    let mut writer = writer(&store.address);
    let refuse = |writer: &mut Writer| {
        let refused = || StoreError::Inconsistent("refused".to_owned());
        writer.change(&draft(OFFICE), |_| Err::<(), _>(refused())).map(|_| ())
    };
    let told = writer.together(&mut |writer| accept(writer, "一号", "甲").and_then(|_| refuse(writer)));
    assert!(told.is_err());
    let passed_over = writer.together(&mut |writer| {
        accept(writer, "二号", "甲")?;
        let _ = refuse(writer);
        accept(writer, "三号", "甲").map(|_| ())
    });
    assert!(passed_over.is_err());
    assert_eq!((count(&mut writer), numbers(&mut writer)), (0, vec![]));
    writer
        .together(&mut |writer| ["四号", "五号"].iter().try_for_each(|n| accept(writer, n, "甲").map(|_| ())))
        .unwrap();
    assert_eq!((count(&mut writer), numbers(&mut writer)), (2, vec![1, 2]));
}

#[test]
fn a_full_disk_in_a_group_loses_nothing_acknowledged_and_keeps_nothing_half() {
    let store = TestStore::sqlite();
    let mut writer = writer(&store.address);
    accept(&mut writer, "零号", "甲").unwrap();
    let limit = |writer: &mut Writer, pages: i64| {
        let Connection::Sqlite(lite) = writer.connection() else { panic!("a file") };
        let now: i64 = lite.raw().query_row("pragma page_count", [], |row| row.get(0)).unwrap();
        lite.raw().execute_batch(&format!("pragma max_page_count = {}", now + pages)).unwrap();
    };
    limit(&mut writer, 3);
    // Text that zstd cannot make small: each act needs pages of its own.
    let noise = |seed: u64| {
        let mut state = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from_u32(0x4e00 + (state % 20_000) as u32).unwrap()
        };
        (0..6_000).map(|_| next()).collect::<String>()
    };
    let mut full_alone = 0;
    let texts: Vec<String> = (0..6).map(noise).collect();
    let mut works: Vec<Box<Work<'_>>> = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        works.push(Box::new(move |writer: &mut Writer| accept(writer, &format!("{number}号"), text).map(|_| ())));
    }
    let mut borrowed: Vec<&mut Work<'_>> = works.iter_mut().map(|work| &mut **work).collect();
    let results = writer.group(&mut borrowed).unwrap();
    drop(borrowed);
    drop(works);
    for result in &results {
        match result {
            Ok(()) => {}
            Err(StoreError::DiskFull) => full_alone += 1,
            Err(other) => panic!("{other}"),
        }
    }
    // The group was lost; on the fresh connection, which has no such limit, each act was done alone.
    assert_eq!((results.len(), full_alone), (6, 0));
    let acknowledged = results.iter().filter(|result| result.is_ok()).count();
    assert_eq!(count(&mut writer), acknowledged + 1);
    assert_eq!(numbers(&mut writer), (1..=acknowledged as i64 + 1).collect::<Vec<_>>());
    // A disk that stays full refuses the act alone and leaves nothing of it.
    limit(&mut writer, 0);
    let before = state(&mut writer);
    let text = noise(99);
    assert!(matches!(accept(&mut writer, "满", &text), Err(StoreError::DiskFull)));
    assert_eq!((state(&mut writer), count(&mut writer)), (before, acknowledged + 1));
}

#[test]
fn a_second_writer_is_told_who_writes_and_one_that_waits_gets_its_turn() {
    let store = TestStore::sqlite();
    let first = writer(&store.address);
    let second = store.address.writer_within(Clock::fixed(today()), std::time::Duration::from_millis(1));
    match second {
        Err(StoreError::InUse { holder }) => assert!(holder.starts_with(&std::process::id().to_string()), "{holder}"),
        other => panic!("{other:?}"),
    }
    assert!(store.address.reader().is_ok(), "reading always runs");
    drop(first);
    assert!(store.address.writer_within(Clock::fixed(today()), std::time::Duration::from_millis(1)).is_ok());
}

#[test]
fn a_register_in_a_folder_that_cannot_be_written_is_read_and_not_written() {
    let store = TestStore::sqlite();
    let Address::Sqlite(path) = store.address.clone() else { panic!("a file") };
    let first = writer(&store.address);
    first.checkpoint(true).unwrap();
    drop(first);
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions.clone()).unwrap();
    let refused = store.address.writer_within(Clock::fixed(today()), std::time::Duration::from_millis(1));
    // Whoever may write everything (root) is not stopped by a file's mode.
    if let Err(error) = refused {
        assert_eq!(error.code(), "read_only");
    } else {
        assert!(std::fs::OpenOptions::new().write(true).open(&path).is_ok());
    }
    assert!(store.address.reader().is_ok());
}
