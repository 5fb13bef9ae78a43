//! Working days, months and deadlines (期间): when something is due, and whether that is known yet.
//!
//! A working day (工作日) is what the State Council's yearly notice on holidays says it is: weekends may be worked and
//! weekdays off. The notices stand as dated data, one file a year under `rulebook/calendar/<year>.toml`, each the
//! deserialised form of [`Year`]. The day on which something happens is never counted (民法典 art. 201).
//!
//! Beyond the loaded years nothing is guessed: [`Calendar::workday`] refuses and names the year. A platform must not
//! refuse a record because a notice is not out yet, so [`Calendar::due`] answers with a date marked *provisional*,
//! which is shown as 待定 and never counts as late.
//!
//! A period that ends on a day off moves on (民法典 art. 203, 民事诉讼法 art. 85) only where [`Calendar::worked_from`] is asked: it fits
//! acts of a party, not the end of a burden.
//!
//! Deliberately not here: which deadline applies to what (that is [`crate::publicity`]), and today's date.
//!
//! The shipped years were made from the MIT-licensed PyPI package chinesecalendar 1.11.0 by writing every entry of
//! `chinese_calendar.constants.holidays` (`off = true`) and `.workdays` (`off = false`) of a year in order of date.

mod months;
mod year;

pub use months::last_day_of_months;
pub use year::{Day, Year};

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// The working days of the loaded years, indexed so that every answer is two look-ups.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Calendar {
    /// 1 January of the first loaded year.
    first: Date,
    /// 31 December of the last loaded year.
    last: Date,
    /// Every working day in order.
    working: Vec<Date>,
    /// At index i: how many working days lie before the i-th day of the calendar. One longer than the days.
    before: Vec<u32>,
    /// Years whose notice could not be named.
    unverified: Vec<i16>,
}

/// The calendar of this year is not loaded, so its working days are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the working-day calendar of {year} is not loaded")]
pub struct BeyondCalendar {
    /// The first year that would be needed.
    pub year: i16,
}

/// A calendar that cannot be: its files contradict each other or themselves.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// No year at all.
    #[error("no year is given")]
    Empty,
    /// Two files for one year.
    #[error("year {year} is given twice")]
    RepeatedYear {
        /// The year.
        year: i16,
    },
    /// A year between the first and the last is missing.
    #[error("year {year} is missing")]
    MissingYear {
        /// The year.
        year: i16,
    },
    /// A year that no civil calendar has.
    #[error("year {year} cannot be represented")]
    ImpossibleYear {
        /// The year.
        year: i16,
    },
    /// A day stands in the file of another year.
    #[error("{date} does not belong into the file of {year}")]
    OtherYear {
        /// The file's year.
        year: i16,
        /// The day.
        date: Date,
    },
    /// A day stands twice, or not in order.
    #[error("{date} is given twice or out of order")]
    RepeatedDay {
        /// The day.
        date: Date,
    },
    /// A weekday is marked as worked, which it is without saying.
    #[error("{date} is marked as worked but is no weekend day")]
    WorkedWeekday {
        /// The day.
        date: Date,
    },
}

/// A deadline (期限): the last day on which the duty is still met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last day in time.
    pub on: Date,
    /// True where the calendar ends before the deadline: `on` then counts every Monday to Friday beyond the calendar
    /// as a working day. It is shown as 待定 and nothing is ever late by it.
    pub provisional: bool,
}

impl Calendar {
    /// Builds the index from the year files, in any order.
    ///
    /// # Errors
    /// [`CalendarError`] when the years are not one unbroken run, or a file names impossible days.
    pub fn from_years(mut years: Vec<Year>) -> Result<Self, CalendarError> {
        years.sort_by_key(|y| y.year);
        let (Some(head), Some(tail)) = (years.first(), years.last()) else { return Err(CalendarError::Empty) };
        let impossible = |year| CalendarError::ImpossibleYear { year };
        let first = Date::new(head.year, 1, 1).map_err(|_| impossible(head.year))?;
        let last = Date::new(tail.year, 12, 31).map_err(|_| impossible(tail.year))?;
        let mut exceptions = Vec::new();
        for (expected, year) in (head.year..).zip(&years) {
            if year.year < expected {
                return Err(CalendarError::RepeatedYear { year: year.year });
            }
            if year.year > expected {
                return Err(CalendarError::MissingYear { year: expected });
            }
            year.check()?;
            exceptions.extend(year.days.iter().map(|d| (d.date, d.off)));
        }
        let unverified = years.iter().filter(|y| y.unverified).map(|y| y.year).collect();
        let (working, before) = index(first, last, &exceptions);
        Ok(Self { first, last, working, before, unverified })
    }

    /// First loaded year.
    #[must_use]
    pub fn first_year(&self) -> i16 {
        self.first.year()
    }

    /// Last loaded year.
    #[must_use]
    pub fn last_year(&self) -> i16 {
        self.last.year()
    }

    /// Loaded years whose notice is not known by number.
    #[must_use]
    pub fn unverified_years(&self) -> &[i16] {
        &self.unverified
    }

    /// Whether a day is worked.
    ///
    /// # Errors
    /// [`BeyondCalendar`] outside the loaded years.
    pub fn is_working_day(&self, day: Date) -> Result<bool, BeyondCalendar> {
        let beyond = BeyondCalendar { year: day.year() };
        let at = self.offset(day).ok_or(beyond)?;
        match (self.before.get(at), self.before.get(at + 1)) {
            (Some(here), Some(next)) => Ok(here < next),
            _ => Err(beyond),
        }
    }

    /// The `n`-th working day after a day; the day itself for `n = 0`.
    ///
    /// # Errors
    /// [`BeyondCalendar`] with the first year that is missing for the answer.
    pub fn workday(&self, day: Date, n: u32) -> Result<Date, BeyondCalendar> {
        if n == 0 {
            return Ok(day);
        }
        let next = day.tomorrow().map_err(|_| BeyondCalendar { year: day.year() })?;
        let at = self.offset(next).ok_or(BeyondCalendar { year: next.year() })?;
        let passed = self.before.get(at).copied().unwrap_or_default() as usize;
        let nth = passed.saturating_add(n as usize - 1);
        self.working.get(nth).copied().ok_or(BeyondCalendar { year: self.last.year().saturating_add(1) })
    }

    /// The `n`-th working day before a day (for "n days before the hearing"); the day itself for `n = 0`.
    ///
    /// # Errors
    /// [`BeyondCalendar`] with the year that is missing for the answer.
    pub fn workday_before(&self, day: Date, n: u32) -> Result<Date, BeyondCalendar> {
        if n == 0 {
            return Ok(day);
        }
        let at = self.offset(day).ok_or(BeyondCalendar { year: day.year() })?;
        let passed = self.before.get(at).copied().unwrap_or_default() as usize;
        let earlier = BeyondCalendar { year: self.first.year().saturating_sub(1) };
        let nth = passed.checked_sub(n as usize).ok_or(earlier)?;
        self.working.get(nth).copied().ok_or(earlier)
    }

    /// How many working days lie after a day, up to and with another; none where the second is no later.
    ///
    /// # Errors
    /// [`BeyondCalendar`] with the first of the two years that is not loaded.
    pub fn working_days(&self, after: Date, through: Date) -> Result<u32, BeyondCalendar> {
        let until = |day: Date| -> Result<u32, BeyondCalendar> {
            let beyond = BeyondCalendar { year: day.year() };
            let at = self.offset(day).ok_or(beyond)?;
            self.before.get(at + 1).copied().ok_or(beyond)
        };
        Ok(until(through)?.saturating_sub(until(after)?))
    }

    /// The deadline of `n` working days after a day: exact within the calendar, provisional beyond it. Saturates at
    /// the last representable day.
    #[must_use]
    pub fn due(&self, day: Date, n: u32) -> Due {
        match self.workday(day, n) {
            Ok(on) => Due { on, provisional: false },
            Err(_) => Due { on: self.estimate(day, n), provisional: true },
        }
    }

    /// The day itself where it is worked, else the next one that is: where the period of a party's act ends that would end on a day
    /// off. Provisional where the calendar does not say; saturates at the last representable day.
    #[must_use]
    pub fn worked_from(&self, day: Date) -> Due {
        let (mut on, mut provisional) = (day, false);
        loop {
            let worked = self.is_working_day(on);
            provisional |= worked.is_err();
            if worked.unwrap_or_else(|_| !is_weekend(on)) {
                return Due { on, provisional };
            }
            let Ok(next) = on.tomorrow() else { return Due { on, provisional } };
            on = next;
        }
    }

    /// Counts by the calendar where it is loaded and by Monday to Friday elsewhere.
    fn estimate(&self, day: Date, n: u32) -> Date {
        let (mut on, mut left) = (day, n);
        while left > 0 {
            let Ok(next) = on.tomorrow() else { return on };
            on = next;
            if self.is_working_day(on).unwrap_or_else(|_| !is_weekend(on)) {
                left -= 1;
            }
        }
        on
    }

    /// Days from the calendar's first day; none outside the loaded years.
    fn offset(&self, day: Date) -> Option<usize> {
        if day < self.first || self.last < day {
            return None;
        }
        usize::try_from(day.duration_since(self.first).as_hours() / 24).ok()
    }
}

/// Saturday or Sunday.
fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// All working days of a run of years, and the running count before each day.
fn index(first: Date, last: Date, exceptions: &[(Date, bool)]) -> (Vec<Date>, Vec<u32>) {
    let mut working = Vec::new();
    let mut before = Vec::new();
    let mut count = 0;
    let mut exceptions = exceptions.iter().peekable();
    for day in first.series(1.day()).take_while(|d| *d <= last) {
        before.push(count);
        let named = exceptions.next_if(|(date, _)| *date == day);
        if named.map_or(!is_weekend(day), |(_, off)| !off) {
            working.push(day);
            count += 1;
        }
    }
    before.push(count);
    (working, before)
}

#[cfg(test)]
mod tests;
