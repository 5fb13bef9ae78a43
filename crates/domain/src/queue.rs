//! Queues (待办): how near the last day of a task is, as a light and in words (鲁信用办〔2019〕8号 arts. 十二, 十三, 十五 and 十八 set
//! the terms; the clocks themselves belong to the rooms that start them).
//!
//! A light is never colour alone: each has its words (WCAG 2.2, 1.4.1). Whether a task is late is told by its last day and by
//! nothing else; how many working days are left or over is counted by the calendar, and where that is not published the light
//! is 待定 and nobody is late. Deliberately not here: which tasks there are, and for whom (`app::queue`).

use crate::calendar::{Calendar, Due};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Within so many working days a last day is near.
pub const SOON_WORKING_DAYS: u32 = 2;

/// How near a last day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// The last day is over.
    Late,
    /// It is today.
    DueToday,
    /// It comes within [`SOON_WORKING_DAYS`] working days.
    DueSoon,
    /// It is further off.
    InTime,
    /// It lies where no calendar is published.
    Provisional,
    /// Nothing runs.
    NoClock,
}

impl Light {
    /// Every light, the most pressing first.
    pub const ALL: [Self; 6] =
        [Self::Late, Self::DueToday, Self::DueSoon, Self::InTime, Self::Provisional, Self::NoClock];

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::DueToday => "due_today",
            Self::DueSoon => "due_soon",
            Self::InTime => "in_time",
            Self::Provisional => "provisional",
            Self::NoClock => "no_clock",
        }
    }

    /// The light of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|light| light.code() == code)
    }

    /// Its words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Late => "已逾期",
            Self::DueToday => "今日到期",
            Self::DueSoon => "即将到期",
            Self::InTime => "期限内",
            Self::Provisional => "期限待定",
            Self::NoClock => "无期限",
        }
    }

    /// Its colour in words.
    #[must_use]
    pub const fn colour(self) -> &'static str {
        match self {
            Self::Late => "红",
            Self::DueToday => "橙",
            Self::DueSoon => "黄",
            Self::InTime => "绿",
            Self::Provisional | Self::NoClock => "灰",
        }
    }
}

/// A light with what stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// The light.
    pub light: Light,
    /// Working days from tomorrow to the last day; of one that is over, the working days since, less than zero. None where
    /// nothing runs or the calendar does not say.
    pub working_days: Option<i32>,
}

impl Reading {
    /// Light and days in words.
    #[must_use]
    pub fn told(&self) -> String {
        match (self.light, self.working_days) {
            (Light::Late, Some(0)) => "逾期不足1个工作日".to_owned(),
            (Light::Late, Some(days)) => format!("逾期{}个工作日", days.unsigned_abs()),
            (Light::DueSoon | Light::InTime, Some(0)) => "还有不足1个工作日".to_owned(),
            (Light::DueSoon | Light::InTime, Some(days)) => format!("还有{days}个工作日"),
            (light, _) => light.name().to_owned(),
        }
    }
}

/// The light of a last day on a day.
#[must_use]
pub fn read(calendar: &Calendar, due: Option<Due>, today: Date) -> Reading {
    let Some(due) = due else { return Reading { light: Light::NoClock, working_days: None } };
    if due.provisional {
        return Reading { light: Light::Provisional, working_days: None };
    }
    let days = |after, through| calendar.working_days(after, through).ok().and_then(|days| i32::try_from(days).ok());
    if due.on < today {
        return Reading { light: Light::Late, working_days: days(due.on, today).map(|over| -over) };
    }
    if due.on == today {
        return Reading { light: Light::DueToday, working_days: Some(0) };
    }
    match days(today, due.on) {
        None => Reading { light: Light::Provisional, working_days: None },
        Some(left) => {
            let soon = left.unsigned_abs() <= SOON_WORKING_DAYS;
            Reading { light: if soon { Light::DueSoon } else { Light::InTime }, working_days: Some(left) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Day, Year};
    use jiff::civil::date;
    use std::collections::BTreeSet;

    /// 2026 with the days off around 1 May (1 to 5 May, 9 May worked), and no other year.
    fn calendar() -> Calendar {
        let day = |date, off| Day { date, name: "劳动节".to_owned(), off };
        let off = [1, 2, 3, 4, 5].map(|at| day(date(2026, 5, at), true));
        let days = off.into_iter().chain([day(date(2026, 5, 9), false)]).collect();
        Calendar::from_years(vec![Year { year: 2026, notices: Vec::new(), unverified: true, days }]).unwrap()
    }

    fn on(due: Date, today: Date) -> (Light, Option<i32>) {
        let reading = read(&calendar(), Some(Due { on: due, provisional: false }), today);
        (reading.light, reading.working_days)
    }

    #[test]
    fn the_light_follows_the_last_day_across_the_holidays_and_the_end_of_a_month() {
        let due = date(2026, 5, 7);
        // 29 and 30 April are worked, 1 to 5 May are off, 6 and 7 May are worked.
        assert_eq!(on(due, date(2026, 4, 28)), (Light::InTime, Some(4)));
        assert_eq!(on(due, date(2026, 4, 29)), (Light::InTime, Some(3)));
        assert_eq!(on(due, date(2026, 4, 30)), (Light::DueSoon, Some(2)));
        assert_eq!(on(due, date(2026, 5, 4)), (Light::DueSoon, Some(2)), "a holiday takes nothing away");
        assert_eq!(on(due, date(2026, 5, 6)), (Light::DueSoon, Some(1)));
        assert_eq!(on(due, due), (Light::DueToday, Some(0)));
        assert_eq!(on(due, date(2026, 5, 8)), (Light::Late, Some(-1)));
        assert_eq!(on(due, date(2026, 5, 9)), (Light::Late, Some(-2)), "a worked Saturday counts");
        assert_eq!(on(due, date(2026, 5, 10)), (Light::Late, Some(-2)));
    }

    #[test]
    fn a_last_day_that_nobody_works_is_late_on_the_day_after_it() {
        let due = date(2026, 5, 30);
        assert_eq!(on(due, date(2026, 5, 29)), (Light::DueSoon, Some(0)), "a Saturday: nothing is left to work");
        assert_eq!(on(due, date(2026, 5, 30)), (Light::DueToday, Some(0)));
        let (light, days) = on(due, date(2026, 5, 31));
        assert_eq!((light, days), (Light::Late, Some(0)));
        assert_eq!(Reading { light, working_days: days }.told(), "逾期不足1个工作日");
        assert_eq!(on(due, date(2026, 6, 1)), (Light::Late, Some(-1)));
    }

    #[test]
    fn beyond_the_calendar_nobody_is_told_that_he_is_in_time_or_late() {
        let provisional = Due { on: date(2026, 5, 7), provisional: true };
        let reading = read(&calendar(), Some(provisional), date(2026, 6, 1));
        assert_eq!(reading, Reading { light: Light::Provisional, working_days: None });
        assert_eq!(on(date(2027, 1, 4), date(2026, 12, 31)), (Light::Provisional, None));
        assert_eq!(on(date(2026, 12, 31), date(2026, 12, 31)), (Light::DueToday, Some(0)));
        // What has certainly run out is late; by how many working days no calendar says.
        assert_eq!(on(date(2026, 12, 31), date(2027, 1, 1)), (Light::Late, None));
        assert_eq!(reading.told(), "期限待定");
    }

    #[test]
    fn what_has_no_clock_has_the_light_of_none() {
        let reading = read(&calendar(), None, date(2026, 5, 7));
        assert_eq!((reading.light, reading.working_days), (Light::NoClock, None));
    }

    #[test]
    fn every_light_has_a_code_and_words_of_its_own_beside_its_colour() {
        let codes: BTreeSet<_> = Light::ALL.into_iter().map(Light::code).collect();
        let names: BTreeSet<_> = Light::ALL.into_iter().map(Light::name).collect();
        assert_eq!((codes.len(), names.len()), (6, 6));
        for light in Light::ALL {
            assert_eq!(Light::from_code(light.code()), Some(light));
            assert_eq!(serde_json::to_value(light).unwrap(), light.code());
            assert!(!light.colour().is_empty());
        }
        assert_eq!(Light::from_code("red"), None);
    }
}
