//! One year's notice as data: the shape of `rulebook/calendar/<year>.toml`.

use super::{CalendarError, is_weekend};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A year of the working-day calendar, as published in the State Council's notice (部分节假日安排的通知).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// The civil year; the file is named after it.
    pub year: i16,
    /// Document numbers of the notice and of those that changed it, in order.
    pub notices: Vec<String>,
    /// True where no notice could be named with certainty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
    /// Days off and worked weekend days, ascending. A day that is not named is worked from Monday to Friday.
    pub days: Vec<Day>,
}

/// One named day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// The holiday to which it belongs, in Chinese.
    pub name: String,
    /// True: off (放假). False: a weekend day that is worked (上班).
    pub off: bool,
}

impl Year {
    /// Days in their year, ascending, and only weekend days marked as worked.
    pub(super) fn check(&self) -> Result<(), CalendarError> {
        let mut previous: Option<Date> = None;
        for day in &self.days {
            let date = day.date;
            if date.year() != self.year {
                return Err(CalendarError::OtherYear { year: self.year, date });
            }
            if previous.is_some_and(|p| p >= date) {
                return Err(CalendarError::RepeatedDay { date });
            }
            if !day.off && !is_weekend(date) {
                return Err(CalendarError::WorkedWeekday { date });
            }
            previous = Some(date);
        }
        Ok(())
    }
}
