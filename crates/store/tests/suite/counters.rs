//! Counters by per-day differences: right on every day, folded or not, after corrections and a change of names.

use crate::world::{FIRM, OFFICE, OTHER, SECOND_FIRM, draft, fact, registration, send, today, writer};
use credence_domain::record::value::day_number;
use credence_store::arrival::{Sending, arrive};
use credence_store::counter::{self, organisations, public_records};
use credence_store::scope::View;
use credence_store::{Writer, sequencer};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::ToSpan;
use jiff::civil::Date;

fn penalties(writer: &mut Writer, day: Date) -> u64 {
    let counts = public_records(writer.connection(), &View::public(day)).unwrap();
    counts.into_iter().find(|(item, _)| item == "penalty").map_or(0, |(_, count)| count)
}

fn agree(writer: &mut Writer) -> bool {
    counter::stored(writer.connection()).unwrap() == counter::recounted(writer.connection()).unwrap()
}

fn a_record_counts_from_its_first_public_day_to_its_last_and_on_no_other(store: &TestStore) {
    let mut writer = writer(&store.address);
    let ends: Vec<Date> = [0, 1, 1, 40].map(|days| today() + days.days()).to_vec();
    let rows = ends.iter().enumerate().map(|(i, end)| fact(FIRM, &format!("{i}号"), "甲", *end));
    send(&mut writer, OFFICE, "penalty", rows.collect());
    for (day, count) in [(-1, 0), (0, 4), (1, 3), (2, 1), (40, 1), (41, 0)] {
        assert_eq!(penalties(&mut writer, today() + day.days()), count, "{day}");
    }
    assert!(agree(&mut writer));
}

fn what_the_sequencer_has_not_folded_yet_counts_too(store: &TestStore) {
    let mut writer = writer(&store.address);
    let rows = vec![fact(FIRM, "一号", "甲", today())];
    let sending =
        Sending { source: OFFICE, item: "penalty", received_on: day_number(today()), batch: &[7; 16], corrects: None };
    writer
        .change(&draft(OFFICE), |change| arrive(change, sending, &rows, &mut |row, _| Ok(row.dates.clone())))
        .unwrap();
    assert_eq!(penalties(&mut writer, today()), 1);
    assert!(agree(&mut writer));
    sequencer::run(writer.connection()).unwrap();
    assert_eq!((penalties(&mut writer, today()), organisations(writer.connection()).unwrap()), (1, (0, 1)));
    assert!(agree(&mut writer));
}

fn a_correction_moves_the_count_and_a_hold_takes_it_away(store: &TestStore) {
    let mut writer = writer(&store.address);
    let (soon, late) = (today() + 3.days(), today() + 30.days());
    send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "一号", "甲", late)]);
    send(&mut writer, OFFICE, "penalty", vec![fact(FIRM, "一号", "乙", soon)]);
    assert_eq!([soon, late].map(|day| penalties(&mut writer, day)), [1, 0]);
    let mut waits = fact(FIRM, "一号", "丙", late);
    waits.hold = "personal_number";
    send(&mut writer, OFFICE, "penalty", vec![waits]);
    assert_eq!([today(), soon, late].map(|day| penalties(&mut writer, day)), [0, 0, 0]);
    assert!(agree(&mut writer));
}

fn organisations_are_counted_once_and_move_when_their_registration_arrives(store: &TestStore) {
    let mut writer = writer(&store.address);
    assert_eq!(organisations(writer.connection()).unwrap(), (0, 0));
    send(&mut writer, OFFICE, "penalty", [FIRM, SECOND_FIRM].map(|uscc| fact(uscc, "一号", "甲", today())).to_vec());
    assert_eq!(organisations(writer.connection()).unwrap(), (0, 2));
    send(&mut writer, OTHER, "registration", vec![registration(FIRM, "云海某公司")]);
    send(&mut writer, OTHER, "registration", vec![registration(FIRM, "云海新公司")]);
    assert_eq!(organisations(writer.connection()).unwrap(), (1, 1));
    assert!(agree(&mut writer));
}

both_stores!(
    a_record_counts_from_its_first_public_day_to_its_last_and_on_no_other,
    what_the_sequencer_has_not_folded_yet_counts_too,
    a_correction_moves_the_count_and_a_hold_takes_it_away,
    organisations_are_counted_once_and_move_when_their_registration_arrives,
);
