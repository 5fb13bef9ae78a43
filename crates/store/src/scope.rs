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
}

impl View {
    /// What anyone may see on a day.
    #[must_use]
    pub fn public(today: Date) -> Self {
        Self { scope: Scope::Public, today }
    }

    /// What the office may see on a day.
    #[must_use]
    pub fn office(today: Date) -> Self {
        Self { scope: Scope::Office, today }
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
