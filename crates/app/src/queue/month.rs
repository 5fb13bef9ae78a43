//! A queue as a month: each day with what is due on it, and whether it is worked.

use super::{Kind, TaskView, Which};
use crate::account::Person;
use crate::service::Service;
use crate::{AppError, Result};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

/// A day of the month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayView {
    /// The day.
    pub on: Date,
    /// Whether it is worked; `null` where no calendar is published.
    pub working: Option<bool>,
    /// It belongs to the month and not to the weeks around its ends.
    pub in_month: bool,
    /// What is due on it.
    pub tasks: Vec<TaskView>,
}

/// A month in weeks from Monday to Sunday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MonthView {
    /// Its first day.
    pub first_on: Date,
    /// Today.
    pub today: Date,
    /// Its weeks.
    pub weeks: Vec<Vec<DayView>>,
    /// How many tasks have no last day.
    pub without_a_day: usize,
    /// Late tasks whose last day lies before the month's weeks.
    pub before: usize,
    /// Kinds of which more cases may be open than were looked at.
    pub more: Vec<Kind>,
}

impl Service {
    /// What waits for a person, by last day, in the weeks of a month (`YYYY-MM`; today's where none is named).
    ///
    /// # Errors
    /// `bad_parameter` for what is no month; or a fault.
    pub fn queue_month(&self, person: &Person, which: &Which, month: Option<&str>) -> Result<MonthView> {
        let today = self.today();
        let bad = || AppError::refused("bad_parameter", "month", "月份应为 YYYY-MM");
        let first_on = match month.filter(|month| !month.is_empty()) {
            Some(text) => credence_domain::record::value::date(&format!("{text}-01")).ok_or_else(bad)?,
            None => today.first_of_month(),
        };
        let (found, more) = self.gathered(person, which)?;
        let tasks = self.shown(&found)?;
        let monday = i64::from(first_on.weekday().to_monday_zero_offset());
        let mut on = first_on.checked_sub(monday.days()).map_err(|_| bad())?;
        let before = tasks.iter().filter(|task| task.due_on.is_some_and(|due| due < on)).count();
        let mut weeks = Vec::new();
        while weeks.is_empty() || (on.first_of_month() == first_on) {
            let mut week = Vec::with_capacity(7);
            for _ in 0..7 {
                week.push(DayView {
                    on,
                    working: self.rulebook().calendar.is_working_day(on).ok(),
                    in_month: on.first_of_month() == first_on,
                    tasks: tasks.iter().filter(|task| task.due_on == Some(on)).cloned().collect(),
                });
                on = on.tomorrow().map_err(|_| bad())?;
            }
            weeks.push(week);
        }
        let without_a_day = tasks.iter().filter(|task| task.due_on.is_none()).count();
        Ok(MonthView { first_on, today, weeks, without_a_day, before, more })
    }
}

impl MonthView {
    /// The month as addresses name it.
    #[must_use]
    pub fn code(&self) -> String {
        self.first_on.strftime("%Y-%m").to_string()
    }

    /// The months before and after.
    #[must_use]
    pub fn around(&self) -> (String, String) {
        let text = |day: Date| day.strftime("%Y-%m").to_string();
        (text(self.first_on.saturating_sub(1.month())), text(self.first_on.saturating_add(1.month())))
    }
}
