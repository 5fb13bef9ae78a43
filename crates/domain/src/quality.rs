//! The quality (数据质量) of what a department sends in a month: acceptance, completeness, timeliness, publicity, reports
//! that are missing. Serves 鲁信用办〔2019〕8号 arts. 六 and 十六.
//!
//! Pure counting: every figure follows again from what is stored. Timeliness tells the working target from the legal
//! deadline: nobody is called unlawful on the target alone. Not here: which records belong to whom, and ranking.

use crate::calendar::Calendar;
use crate::record::State;
use jiff::civil::Date;
use serde::Serialize;

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    first: Date,
}

impl Month {
    /// The month of a day.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self { first: day.first_of_month() }
    }

    /// Reads `YYYY-MM`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() == 2)?;
        Some(Self { first: Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()? })
    }

    /// Its first day.
    #[must_use]
    pub fn first(self) -> Date {
        self.first
    }

    /// Its last day.
    #[must_use]
    pub fn last(self) -> Date {
        self.first.last_of_month()
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

/// A part of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Cases that hold.
    pub part: u64,
    /// Cases.
    pub whole: u64,
    /// Thousandths, rounded half up; null where there is no case.
    pub per_mille: Option<u64>,
}

impl Share {
    /// A share; a part is never greater than its whole.
    #[must_use]
    pub fn new(part: u64, whole: u64) -> Self {
        let part = part.min(whole);
        Self { part, whole, per_mille: (part * 2000 + whole).checked_div(whole * 2) }
    }
}

/// A record as its quality is judged. Days are day numbers.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Stored state.
    pub state: State,
    /// No field that is expected is empty.
    pub complete: bool,
    /// Its item is public today.
    pub disclosed: bool,
    /// Earliest deadline of publicity; none where it need not be public.
    pub due_on: Option<i32>,
    /// Legal deadline.
    pub due_by_law_on: Option<i32>,
    /// The deadline reaches beyond the published calendar: nothing is late by it.
    pub due_provisional: bool,
    /// First day on which it was ever public.
    pub published_on: Option<i32>,
}

/// Counts over the records of a department and month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records on file.
    pub records: u64,
    /// Without an empty field that is expected.
    pub complete: u64,
    /// Must be public, by the rules of the day.
    pub publishable: u64,
    /// Have been.
    pub published: u64,
    /// Judged by the clock: published, or past their deadline.
    pub judged: u64,
    /// In time by the earliest deadline.
    pub in_time: u64,
    /// Late by the earliest deadline.
    pub late: u64,
    /// Late by the legal one.
    pub late_by_law: u64,
    /// Wait for a person and are due by tomorrow or past due.
    pub due: u64,
}

impl Counts {
    /// Counts a record as it stands on a day.
    pub fn add(&mut self, facts: &Facts, today: i32) {
        self.records += 1;
        self.complete += u64::from(facts.complete);
        let Some(due_on) = facts.due_on.filter(|_| facts.disclosed) else { return };
        let waits = facts.published_on.is_none();
        if waits && matches!(facts.state, State::Withdrawn | State::Repaired | State::Erased | State::Hidden) {
            // Ended before it was ever public: there was nothing to publish any more.
            return;
        }
        self.publishable += 1;
        self.published += u64::from(!waits);
        self.due += u64::from(waits && facts.state == State::Held && due_on <= today + 1);
        if facts.due_provisional {
            return;
        }
        let shown_on = facts.published_on.unwrap_or(i32::MAX);
        let passed = |due: i32| due < shown_on && due < today.max(facts.published_on.unwrap_or(today));
        if !waits || due_on < today {
            self.judged += 1;
            self.in_time += u64::from(!passed(due_on));
            self.late += u64::from(passed(due_on));
            self.late_by_law += u64::from(facts.due_by_law_on.is_some_and(passed));
        }
    }
}

/// The days whose decisions are due on a day, when they must be public within so many working days: none when the day is
/// not worked, or lies beyond the calendar.
#[must_use]
pub fn decided_for(calendar: &Calendar, due_on: Date, working_days: u32) -> Vec<Date> {
    let mut found = Vec::new();
    let mut day = due_on;
    // Holidays never make a month of so few working days.
    for _ in 0..working_days.saturating_mul(3) + 30 {
        let Ok(before) = day.yesterday() else { break };
        day = before;
        match calendar.workday(day, working_days) {
            Ok(on) if on == due_on => found.push(day),
            Ok(on) if on < due_on => break,
            _ => {}
        }
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: i32 = 20_000;

    fn facts() -> Facts {
        Facts {
            state: State::Accepted,
            complete: true,
            disclosed: true,
            due_on: Some(TODAY - 10),
            due_by_law_on: Some(TODAY - 5),
            due_provisional: false,
            published_on: Some(TODAY - 10),
        }
    }

    fn counted(facts: Facts) -> Counts {
        let mut counts = Counts::default();
        counts.add(&facts, TODAY);
        counts
    }

    fn clock(counts: Counts) -> [u64; 4] {
        [counts.judged, counts.in_time, counts.late, counts.late_by_law]
    }

    #[test]
    fn the_last_day_is_in_time_the_day_after_is_late_and_unlawful_only_past_the_legal_deadline() {
        assert_eq!(clock(counted(facts())), [1, 1, 0, 0]);
        let published = |on| Facts { published_on: Some(on), ..facts() };
        assert_eq!(clock(counted(published(TODAY - 9))), [1, 0, 1, 0]);
        assert_eq!(clock(counted(published(TODAY - 5))), [1, 0, 1, 0]);
        assert_eq!(clock(counted(published(TODAY - 4))), [1, 0, 1, 1]);
        assert_eq!(clock(counted(Facts { due_provisional: true, ..published(TODAY) })), [0, 0, 0, 0]);
    }

    #[test]
    fn what_waits_is_late_once_its_deadline_has_passed_and_due_the_day_before() {
        let held = |due_on| Facts {
            state: State::Held,
            due_on: Some(due_on),
            due_by_law_on: None,
            published_on: None,
            ..facts()
        };
        let seen = |due_on| {
            let counts = counted(held(due_on));
            [counts.due, counts.judged, counts.late]
        };
        assert_eq!([TODAY - 1, TODAY, TODAY + 1, TODAY + 2].map(seen), [[1, 1, 1], [1, 0, 0], [1, 0, 0], [0, 0, 0]]);
        let withdrawn = counted(Facts { state: State::Withdrawn, ..held(TODAY - 1) });
        assert_eq!((withdrawn.records, withdrawn.publishable, withdrawn.late), (1, 0, 0));
        let shared = counted(Facts { disclosed: false, ..facts() });
        assert_eq!((shared.records, shared.publishable), (1, 0));
    }

    #[test]
    fn shares_are_rounded_half_up_and_say_nothing_about_nothing() {
        assert_eq!(
            [(1, 3), (2, 3), (1, 2000), (3, 3)].map(|(p, w)| Share::new(p, w).per_mille),
            [333, 667, 1, 1000].map(Some)
        );
        assert_eq!(Share::new(0, 0).per_mille, None);
        assert_eq!(Month::parse("2026-02").map(|month| month.last().to_string()).as_deref(), Some("2026-02-28"));
        assert_eq!(["2026-13", "2026-1", "26-01", "2026"].map(Month::parse), [None; 4]);
    }
}
