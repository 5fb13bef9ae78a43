//! Periods in months and years (按月、年计算的期间).
//!
//! The day of the same number in the last month is the period's *last* day; where the month has no such day, its end
//! is. 税务总局令第54号 art. 25 says so inside a credit rule, 民法典 arts. 201 and 202 in general.

use jiff::civil::Date;

/// Last day, inclusive, of a period of `months` that begins on the day after `start`. Saturates at [`Date::MAX`].
#[must_use]
pub fn last_day_of_months(start: Date, months: u32) -> Date {
    let total = i64::from(start.year()) * 12 + i64::from(start.month()) - 1 + i64::from(months);
    let (Ok(year), Ok(month)) = (i16::try_from(total.div_euclid(12)), i8::try_from(total.rem_euclid(12) + 1)) else {
        return Date::MAX;
    };
    match Date::new(year, month, 1) {
        Ok(first) => Date::new(year, month, start.day().min(first.days_in_month())).unwrap_or(Date::MAX),
        Err(_) => Date::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::last_day_of_months;
    use jiff::civil::{Date, date};
    use proptest::prelude::*;

    #[test]
    fn the_corresponding_day_is_the_last_day() {
        assert_eq!(last_day_of_months(date(2026, 4, 10), 3), date(2026, 7, 10));
        assert_eq!(last_day_of_months(date(2026, 11, 30), 12), date(2027, 11, 30));
    }

    #[test]
    fn a_month_without_the_day_ends_the_period_at_its_end() {
        assert_eq!(last_day_of_months(date(2020, 8, 31), 6), date(2021, 2, 28));
        assert_eq!(last_day_of_months(date(2023, 11, 30), 3), date(2024, 2, 29));
        assert_eq!(last_day_of_months(date(2024, 2, 29), 36), date(2027, 2, 28));
    }

    #[test]
    fn a_period_past_the_end_of_time_saturates() {
        assert_eq!(last_day_of_months(date(9999, 12, 1), 1), Date::MAX);
        assert_eq!(last_day_of_months(date(2026, 1, 1), u32::MAX), Date::MAX);
    }

    proptest! {
        #[test]
        fn a_later_start_never_ends_earlier(day in 0i32..20_000, months in 0u32..80) {
            let start = date(2000, 1, 1).saturating_add(jiff::Span::new().days(day));
            let next = start.tomorrow().unwrap();
            prop_assert!(last_day_of_months(start, months) <= last_day_of_months(next, months));
        }
    }
}
