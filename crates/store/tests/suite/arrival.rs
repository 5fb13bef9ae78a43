//! What arrives is numbered, sealed and logged, alike on both databases.

use crate::world::*;
use credence_store::arrival::Outcome::*;
use credence_store::scope::View;
use credence_store::{audit, record, sequencer, subject};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::Date;

fn through() -> Date {
    Date::new(2027, 4, 10).unwrap()
}

fn a_row_sent_twice_changes_nothing_and_a_changed_one_makes_a_new_version(store: &TestStore) {
    let mut writer = writer(&store.address);
    assert_eq!(send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "一号", "甲", through())]), [Accepted]);
    let once = state(&mut writer);
    assert_eq!(send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "一号", "甲", through())]), [Unchanged]);
    assert_eq!(once, state(&mut writer));
    assert_eq!(send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "一号", "乙", through())]), [Corrected]);
    let found = record::of_organisation(writer.connection(), &View::public(today()), FIRM).unwrap();
    assert_eq!((found.len(), found[0].version, found[0].seq), (1, 2, 2));
    assert_ne!(once, state(&mut writer));
}

fn only_the_owner_corrects_and_another_unit_adds_a_source_once(store: &TestStore) {
    let mut writer = writer(&store.address);
    send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "一号", "甲", through())]);
    for _ in 0..2 {
        assert_eq!(send(&mut writer, OTHER, "penalty", vec![fact(FIRM, "一号", "甲", through())]), [Unchanged]);
    }
    assert_eq!(record::more_sources(writer.connection(), FIRM).unwrap().len(), 1);
    let changed = vec![fact(FIRM, "一号", "乙", through())];
    assert_eq!(send(&mut writer, OTHER, "penalty", changed), [Refused("owned_by_other_source")]);
}

fn the_authority_becomes_the_owner_when_it_sends(store: &TestStore) {
    let mut writer = writer(&store.address);
    send(&mut writer, OTHER, "penalty", vec![fact(FIRM, "一号", "甲", through())]);
    assert_eq!(send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "一号", "甲", through())]), [Unchanged]);
    let found = record::of_organisation(writer.connection(), &View::public(today()), FIRM).unwrap();
    assert_eq!(found[0].source, OFFICE);
    let changed = vec![fact(FIRM, "一号", "乙", through())];
    assert_eq!(send(&mut writer, OTHER, "penalty", changed), [Refused("owned_by_other_source")]);
}

fn a_record_past_its_last_public_day_is_gone_and_never_comes_back(store: &TestStore) {
    let last = Date::new(2026, 11, 24).unwrap();
    let mut writer = writer(&store.address);
    send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "一号", "甲", last)]);
    let seen = |writer: &mut credence_store::Writer, day| {
        record::of_organisation(writer.connection(), &View::public(day), FIRM).unwrap().len()
    };
    assert_eq!(seen(&mut writer, last), 1);
    assert_eq!(seen(&mut writer, last.tomorrow().unwrap()), 0);
    writer.clock().move_to(last.tomorrow().unwrap());
    assert_eq!(send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "一号", "甲", last)]), [Unchanged]);
    assert_eq!(send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "一号", "乙", last)]), [Refused("record_ended")]);
}

fn a_registration_names_the_organisation_and_keeps_its_former_name(store: &TestStore) {
    let mut writer = writer(&store.address);
    let view = View::public(today());
    send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "一号", "甲", through())]);
    let unregistered = subject::find(writer.connection(), &view, FIRM).unwrap().unwrap();
    assert!(!unregistered.registered);
    send(&mut writer, OTHER, "registration", vec![registration(FIRM, "云海旧名有限公司")]);
    send(&mut writer, OTHER, "registration", vec![registration(FIRM, "云海新名有限公司")]);
    let found = subject::find(writer.connection(), &view, FIRM).unwrap().unwrap();
    assert_eq!((found.registered, found.name.as_str()), (true, "云海新名有限公司"));
    let former = subject::former_names(writer.connection(), &view, FIRM).unwrap();
    assert!(former.contains(&"云海旧名有限公司".to_owned()), "{former:?}");
    // Found by either name, and by part of the code.
    for query in ["旧名有限", "新名", "MA0TE5T16G", "ma0te5t16g"] {
        let hits = subject::search(writer.connection(), &view, query, &Default::default(), None, 20).unwrap();
        assert_eq!(hits.len(), 1, "{query}");
    }
    // A different name on a known code never rejects a row: it is a conflict for a person.
    assert_eq!(send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "二号", "甲", through())]), [Accepted]);
    send(
        &mut writer,
        OFFICE,
        "penalty",
        vec![{
            let mut row = fact(FIRM, "三号", "甲", through());
            row.name = "完全不同的名字".into();
            row
        }],
    );
    let conflicts = credence_store::conflict::open(writer.connection(), &View::office(today()), 10).unwrap();
    assert!(conflicts.iter().any(|conflict| conflict.sent == "完全不同的名字"), "{conflicts:?}");
}

fn every_change_is_numbered_and_every_act_has_its_leaf(store: &TestStore) {
    let mut writer = writer(&store.address);
    let rows = (0..50).map(|i| fact(if i % 2 == 0 { FIRM } else { SECOND_FIRM }, &format!("{i}号"), "甲", through()));
    send(&mut writer, OFFICE, "penalty", rows.collect());
    let mut numbers = Vec::new();
    audit::each_step(writer.connection(), |step| {
        if let audit::Step::Change(change) = step {
            numbers.push((change.uscc, change.seq));
        }
        Ok(())
    })
    .unwrap();
    let expected = [FIRM, SECOND_FIRM].map(|uscc| (1..=25).map(move |seq| (uscc.to_owned(), seq)));
    let mut expected: Vec<_> = expected.into_iter().flatten().collect();
    expected.sort();
    assert_eq!(numbers, expected);
    assert_eq!(sequencer::pending(writer.connection()).unwrap(), 0);
    // Two units entered and one chunk.
    let (size, root) = sequencer::root(writer.connection()).unwrap();
    assert_eq!(size, 3);
    let mut hashes = Vec::new();
    audit::each_leaf(writer.connection(), |leaf| {
        hashes.push(credence_ledger::leaf_hash(&credence_ledger::entry(&leaf.root)));
        Ok(())
    })
    .unwrap();
    assert_eq!(root, credence_ledger::root(&hashes));
}

both_stores!(
    a_row_sent_twice_changes_nothing_and_a_changed_one_makes_a_new_version,
    only_the_owner_corrects_and_another_unit_adds_a_source_once,
    the_authority_becomes_the_owner_when_it_sends,
    a_record_past_its_last_public_day_is_gone_and_never_comes_back,
    a_registration_names_the_organisation_and_keeps_its_former_name,
    every_change_is_numbered_and_every_act_has_its_leaf,
);

#[test]
fn both_databases_have_the_same_state_digest_for_the_same_acts() {
    let digests = [TestStore::sqlite(), TestStore::postgres()].map(|store| {
        let mut writer = writer(&store.address);
        send(&mut writer, OFFICE, "penalty", (0..20).map(|i| fact(FIRM, &format!("{i}号"), "甲", through())).collect());
        send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "3号", "乙", through())]);
        send(&mut writer, OTHER, "registration", vec![registration(SECOND_FIRM, "青禾市某公司")]);
        state(&mut writer)
    });
    assert_eq!(digests[0], digests[1]);
}
