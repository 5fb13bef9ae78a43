//! Clocks beside repair (程序期限): acceptance, answers, objections, listing, hearings. The shape of
//! `rulebook/repair/clocks.toml`.

use super::Sure;
use crate::calendar::{Calendar, Due, last_day_of_months};
use crate::provision::Basis;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct ClocksFile {
    /// The lines.
    #[serde(rename = "clock")]
    pub clocks: Vec<Clock>,
}

/// How binding a clock is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// 应当
    #[default]
    Must,
    /// 可以
    May,
    /// 一般: the usual length; an extended case is not late by it.
    Usual,
}

/// One clock. Exactly one of its three lengths is given (the linter sees to it).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Code.
    pub code: String,
    /// The pack or law to which it belongs.
    pub pack: String,
    /// What must happen, in Chinese.
    pub event: String,
    /// From which event it counts, in Chinese.
    pub start: String,
    /// Length in working days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<u32>,
    /// Length in calendar days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_days: Option<u32>,
    /// Length in months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// Counts back from the event (working days only).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub backwards: bool,
    /// What it ends may not end earlier.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_early_end: bool,
    /// How binding.
    #[serde(default)]
    pub duty: Duty,
    /// First day in force.
    pub effective_from: Date,
    /// Last day in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// What follows when a plan of reorganisation fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_failed: Option<String>,
    /// What follows when it is carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_completed: Option<String>,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The law.
    pub basis: Vec<Basis>,
    /// Certainty.
    pub sure: Sure,
    /// True where a number is known from memory only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

impl Clock {
    /// The last day in time after an event (or before it, for a clock that counts back). Provisional beyond the
    /// calendar.
    #[must_use]
    pub fn due(&self, calendar: &Calendar, event_on: Date) -> Due {
        let exact = |on| Due { on, provisional: false };
        match (self.working_days, self.calendar_days, self.months) {
            (Some(n), _, _) if self.backwards => match calendar.workday_before(event_on, n) {
                Ok(on) => exact(on),
                Err(_) => Due { on: event_on.saturating_sub(i64::from(n).days()), provisional: true },
            },
            (Some(n), _, _) => calendar.due(event_on, n),
            (None, Some(n), _) => exact(event_on.saturating_add(i64::from(n).days())),
            (None, None, months) => exact(last_day_of_months(event_on, months.unwrap_or_default())),
        }
    }
}
