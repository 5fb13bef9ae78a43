//! A profile read with one statement says what its parts say one by one.

use crate::world::*;
use credence_store::scope::View;
use credence_store::{Writer, evaluation, profile, record, subject};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::civil::Date;

fn last() -> Date {
    Date::new(2027, 4, 10).unwrap()
}

fn shown(writer: &mut Writer, view: &View) -> usize {
    profile::find(writer.connection(), view, FIRM).unwrap().unwrap().entries.len()
}

fn one_statement_says_what_its_parts_say(store: &TestStore) {
    let mut writer = writer(&store.address);
    let view = View::public(today());
    assert!(profile::find(writer.connection(), &view, FIRM).unwrap().is_none());
    send(&mut writer, OFFICE, "registration", vec![registration(FIRM, "云海旧名有限公司")]);
    send(&mut writer, OFFICE, "registration", vec![registration(FIRM, "云海新名有限公司")]);
    for number in ["一号", "二号", "三号"] {
        send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, number, "甲", last())]);
    }
    send(&mut writer, OTHER, "penalty", vec![fact(FIRM, "二号", "甲", last())]);
    let found = profile::find(writer.connection(), &view, FIRM).unwrap().unwrap();
    assert_eq!(Some(found.organisation), subject::find(writer.connection(), &view, FIRM).unwrap());
    assert_eq!(found.former_names, subject::former_names(writer.connection(), &view, FIRM).unwrap());
    assert!(!found.former_names.is_empty());
    let records = record::of_organisation(writer.connection(), &view, FIRM).unwrap();
    let places = |records: &[record::Stored]| records.iter().map(|one| (one.identity.0, one.at)).collect::<Vec<_>>();
    let stored: Vec<record::Stored> = found.entries.iter().map(|entry| entry.record.clone()).collect();
    assert_eq!(places(&stored), places(&records));
    let more: Vec<&String> = found.entries.iter().flat_map(|entry| &entry.more_sources).collect();
    assert_eq!(more, [OTHER]);
}

fn a_profile_shows_a_record_to_its_last_public_day_and_to_the_office_behind_it(store: &TestStore) {
    let mut writer = writer(&store.address);
    send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "一号", "甲", last())]);
    let after = last().tomorrow().unwrap();
    assert_eq!(shown(&mut writer, &View::public(last())), 1);
    assert_eq!(shown(&mut writer, &View::public(after)), 0);
    // What has ended is not public for a day gone by either.
    assert_eq!(shown(&mut writer, &View::public(after).at(last())), 0);
    assert_eq!(shown(&mut writer, &View::office(after)), 1);
}

fn what_was_known_at_an_instant_goes_by_the_acts_and_not_by_their_places(store: &TestStore) {
    let mut writer = writer(&store.address);
    let office = View::office(today());
    let number_at =
        |writer: &mut Writer, instant| evaluation::number_at(writer.connection(), &office, FIRM, instant).unwrap();
    let before = writer.clock().now_micros();
    send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "一号", "甲", last())]);
    assert_eq!((number_at(&mut writer, before), number_at(&mut writer, before + 1_000_000)), (0, 1));
    // The clock of this machine was a day ahead when that was written: what comes now has a later place and an earlier instant.
    let clock = writer.clock().clone();
    clock.move_to(today().yesterday().unwrap());
    let instant = clock.now_micros();
    send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "二号", "乙", last())]);
    assert_eq!((number_at(&mut writer, instant), number_at(&mut writer, instant + 1_000_000)), (0, 2));
    assert_eq!(number_at(&mut writer, before), 2, "and with it what it stands on");
}

both_stores!(
    one_statement_says_what_its_parts_say,
    a_profile_shows_a_record_to_its_last_public_day_and_to_the_office_behind_it,
    what_was_known_at_an_instant_goes_by_the_acts_and_not_by_their_places,
);
