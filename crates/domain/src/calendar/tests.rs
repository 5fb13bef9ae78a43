//! Working days against the vectors of the law and of the notices.

use super::{BeyondCalendar, Calendar, CalendarError, Day, Due, Year};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::sync::LazyLock;

static SHIPPED: LazyLock<Calendar> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rulebook/calendar");
    let years = std::fs::read_dir(folder).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        let year: Year = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(path.file_stem().unwrap().to_str().unwrap(), year.year.to_string());
        year
    });
    Calendar::from_years(years.collect()).unwrap()
});

fn plain(year: i16, days: Vec<Day>) -> Year {
    Year { year, notices: vec![], unverified: false, days }
}

fn day(date: Date, off: bool) -> Day {
    Day { date, name: "春节".to_owned(), off }
}

#[test]
fn the_shipped_years_run_from_2004_to_2026() {
    assert_eq!((SHIPPED.first_year(), SHIPPED.last_year()), (2004, 2026));
    assert_eq!(SHIPPED.unverified_years(), [2004, 2005, 2006]);
}

/// Computed with chinesecalendar 1.11.0, not with this code.
#[test]
fn every_shipped_year_has_its_number_of_working_days() {
    let expected = [
        252, 250, 251, 249, 251, 250, 250, 250, 249, 250, 250, 249, 250, 249, 250, 250, 249, 250, 249, 249, 251, 248,
        248,
    ];
    for (year, count) in (2004..).zip(expected) {
        let days = date(year, 1, 1).series(jiff::Span::new().days(1)).take_while(|d| d.year() == year);
        assert_eq!(days.filter(|d| SHIPPED.is_working_day(*d).unwrap()).count(), count, "{year}");
    }
}

#[test]
fn working_days_are_counted_from_the_next_day() {
    let vectors = [
        ("2019-12-10", 7, "2019-12-19"),
        ("2019-09-27", 7, "2019-10-12"),
        ("2025-01-24", 7, "2025-02-10"),
        ("2025-09-26", 20, "2025-10-30"),
        ("2026-02-12", 7, "2026-02-28"),
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-04-01", 7, "2026-04-13"),
        ("2026-04-29", 3, "2026-05-07"),
        ("2026-04-30", 7, "2026-05-13"),
        ("2026-04-30", 10, "2026-05-18"),
        ("2026-09-18", 20, "2026-10-22"),
    ];
    for (from, n, to) in vectors {
        let (from, to): (Date, Date) = (from.parse().unwrap(), to.parse().unwrap());
        assert_eq!(SHIPPED.workday(from, n), Ok(to), "{from} + {n}");
        assert_eq!(SHIPPED.due(from, n), Due { on: to, provisional: false });
    }
}

#[test]
fn beyond_the_calendar_the_missing_year_is_named() {
    assert_eq!(SHIPPED.workday(date(2026, 12, 28), 7), Err(BeyondCalendar { year: 2027 }));
    assert_eq!(SHIPPED.workday(date(2027, 6, 1), 1), Err(BeyondCalendar { year: 2027 }));
    assert_eq!(SHIPPED.workday(date(2003, 6, 1), 1), Err(BeyondCalendar { year: 2003 }));
    assert_eq!(SHIPPED.is_working_day(date(2027, 1, 1)), Err(BeyondCalendar { year: 2027 }));
    assert_eq!(SHIPPED.workday(Date::MAX, 1), Err(BeyondCalendar { year: 9999 }));
    assert_eq!(BeyondCalendar { year: 2027 }.to_string(), "the working-day calendar of 2027 is not loaded");
}

#[test]
fn the_last_working_day_of_the_calendar_is_still_known() {
    assert_eq!(SHIPPED.workday(date(2026, 12, 28), 3), Ok(date(2026, 12, 31)));
    assert_eq!(SHIPPED.workday(date(2003, 12, 31), 1), Ok(date(2004, 1, 2)));
}

#[test]
fn a_deadline_beyond_the_calendar_is_provisional_and_counts_weekends_only() {
    assert_eq!(SHIPPED.due(date(2026, 12, 28), 7), Due { on: date(2027, 1, 6), provisional: true });
    assert_eq!(SHIPPED.due(date(1999, 1, 1), 1), Due { on: date(1999, 1, 4), provisional: true });
    assert_eq!(SHIPPED.due(Date::MAX, 5), Due { on: Date::MAX, provisional: true });
}

#[test]
fn a_period_that_ends_on_a_day_off_moves_to_the_next_day_that_is_worked() {
    let moved = |day: &str| SHIPPED.worked_from(day.parse().unwrap());
    let exact = |on| Due { on, provisional: false };
    assert_eq!(moved("2026-04-10"), exact(date(2026, 4, 10)), "a Friday");
    assert_eq!(moved("2026-04-11"), exact(date(2026, 4, 13)), "a Saturday");
    assert_eq!(moved("2026-05-01"), exact(date(2026, 5, 6)), "a holiday of five days");
    assert_eq!(moved("2026-05-09"), exact(date(2026, 5, 9)), "a Saturday that is worked");
    assert_eq!(moved("2027-01-04"), Due { on: date(2027, 1, 4), provisional: true });
    assert_eq!(moved("2027-01-02"), Due { on: date(2027, 1, 4), provisional: true });
    assert_eq!(SHIPPED.worked_from(Date::MAX), Due { on: Date::MAX, provisional: true });
}

#[test]
fn working_days_before_a_hearing_are_counted_backwards() {
    assert_eq!(SHIPPED.workday_before(date(2026, 3, 10), 7), Ok(date(2026, 2, 28)));
    assert_eq!(SHIPPED.workday_before(date(2004, 1, 2), 1), Err(BeyondCalendar { year: 2003 }));
}

#[test]
fn a_calendar_with_a_hole_or_a_double_is_refused() {
    let years = |list: &[i16]| Calendar::from_years(list.iter().map(|y| plain(*y, vec![])).collect());
    assert_eq!(years(&[]), Err(CalendarError::Empty));
    assert_eq!(years(&[2020, 2022]), Err(CalendarError::MissingYear { year: 2021 }));
    assert_eq!(years(&[2020, 2020]), Err(CalendarError::RepeatedYear { year: 2020 }));
    assert!(years(&[2021, 2020]).is_ok());
}

#[test]
fn a_year_file_with_impossible_days_is_refused() {
    let year = |days| Calendar::from_years(vec![plain(2026, days)]);
    let (monday, sunday) = (date(2026, 3, 2), date(2026, 3, 1));
    assert_eq!(year(vec![day(monday, false)]), Err(CalendarError::WorkedWeekday { date: monday }));
    assert_eq!(year(vec![day(sunday, false), day(sunday, true)]), Err(CalendarError::RepeatedDay { date: sunday }));
    let other = date(2025, 3, 1);
    assert_eq!(year(vec![day(other, true)]), Err(CalendarError::OtherYear { year: 2026, date: other }));
}

#[test]
fn a_year_file_with_an_unknown_key_is_refused() {
    assert!(toml::from_str::<Year>("year = 2026\nnotices = []\ndays = []\nholidays = []\n").is_err());
}

proptest! {
    #[test]
    fn working_days_add_up(start in 0i32..8000, a in 0u32..60, b in 0u32..60) {
        let day = date(2004, 1, 1).saturating_add(jiff::Span::new().days(start));
        let whole = SHIPPED.workday(day, a + b);
        let parts = SHIPPED.workday(day, a).and_then(|mid| SHIPPED.workday(mid, b));
        prop_assert_eq!(whole, parts);
        let estimate = SHIPPED.due(SHIPPED.due(day, a).on, b);
        prop_assert_eq!(estimate.on, SHIPPED.due(day, a + b).on);
    }

    #[test]
    fn counting_back_undoes_counting_forward(start in 0i32..8000, n in 1u32..60) {
        let day = date(2004, 1, 1).saturating_add(jiff::Span::new().days(start));
        let from = SHIPPED.workday(day, 1).unwrap();
        let to = SHIPPED.workday(from, n).unwrap();
        prop_assert_eq!(SHIPPED.workday_before(to, n), Ok(from));
    }
}
