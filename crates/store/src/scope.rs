//! Which rows a reader may see. Chosen here alone; every function on subject data takes one.

use jiff::civil::Date;

/// Who reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Anyone: what is public on the day.
    Public,
    /// The credit office and its auditors: every version and state.
    Office,
}

/// Scope and day of one request: one `today` however long it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Who reads.
    pub scope: Scope,
    /// Civil day (Asia/Shanghai) on which it is asked.
    pub today: Date,
    /// Civil day for which it is asked: today, unless [`View::at`] says otherwise.
    pub as_of: Date,
}

impl View {
    /// What anyone may see on a day.
    #[must_use]
    pub fn public(today: Date) -> Self {
        Self { scope: Scope::Public, today, as_of: today }
    }

    /// What the office may see on a day.
    #[must_use]
    pub fn office(today: Date) -> Self {
        Self { scope: Scope::Office, today, as_of: today }
    }

    /// The same reader asking for another day. What the public gets is what was in force then *and is public today*.
    #[must_use]
    pub fn at(self, as_of: Date) -> Self {
        Self { as_of, ..self }
    }

    /// The latest first public day, as a day number, that shows a record in this view: it had begun on both days.
    pub(crate) fn begun_by(&self) -> i32 {
        credence_domain::record::value::day_number(self.as_of.min(self.today))
    }

    /// The earliest last public day that shows a record in this view: it has ended on neither day.
    pub(crate) fn lasts_to(&self) -> i32 {
        credence_domain::record::value::day_number(self.as_of.max(self.today))
    }

    /// Whether a record already read is shown in this view.
    pub(crate) fn shows(&self, state: &str, from_on: Option<i32>, through_on: Option<i32>) -> bool {
        self.scope == Scope::Office
            || is_public(state, from_on, through_on, self.begun_by())
                && is_public(state, from_on, through_on, self.lasts_to())
    }

    /// 1 for the office, 0 for the public: the first parameter of the fragment [`VISIBLE`].
    pub(crate) fn sees_all(&self) -> i64 {
        i64::from(self.scope == Scope::Office)
    }

    pub(crate) fn day(&self) -> i32 {
        credence_domain::record::value::day_number(self.today)
    }
}

/// Whether a record is public on a day: the one rule, for rows already read.
#[must_use]
pub fn is_public(state: &str, from_on: Option<i32>, through_on: Option<i32>, today: i32) -> bool {
    state == "accepted" && from_on.is_some_and(|from| from <= today) && through_on.is_none_or(|last| today <= last)
}
