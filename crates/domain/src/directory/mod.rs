//! The directory of units and areas (单位目录, 区域): who stands where, on which day, and what follows for whom it sees.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十六: every obligation has an owner. Both are dated: a change takes effect from a civil day,
//! and the former state answers for its own days (莱芜 was merged into 济南 in 2019; what was decided before was decided in
//! 莱芜). Nothing is overwritten either: a state that was entered later for the same day takes the earlier one's place from
//! then on, so that what was known at any instant can be asked for again. Deliberately not here: names and other marks that
//! are not dated, accounts, what a role may do.

mod area;
mod sight;
mod unit;

pub use area::{Area, AreaPatch, Areas};
pub use sight::Sight;
pub use unit::{UnitPatch, UnitState};

use jiff::civil::Date;
use std::collections::BTreeMap;

/// Everything that was ever entered, whenever it is asked.
pub const LATEST: i64 = i64::MAX;

/// The levels of units and areas, from the top down.
pub const LEVELS: [&str; 3] = ["province", "city", "county"];

/// The kinds of regulator; an empty one is not known yet and counts as `other`.
pub const REGULATORS: [&str; 7] = ["market", "drug", "customs", "tax", "court", "finance", "other"];

/// Why the directory cannot be changed so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable code (rulebook/codes.toml).
    pub code: &'static str,
    /// Parameter.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub detail: String,
}

impl Refusal {
    fn new(code: &'static str, field: &'static str, detail: impl Into<String>) -> Self {
        Self { code, field, detail: detail.into() }
    }
}

/// A state that holds from a day on.
trait Dated {
    /// First day; none: it always was so.
    fn first_day(&self) -> Option<Date>;
    /// Instant at which it was entered.
    fn entered_at(&self) -> i64;
}

/// The state in force on a day, as it was known at an instant. States stand in order of (first day, entered).
fn in_force<T: Dated>(states: &[T], day: Date, known_at: i64) -> Option<&T> {
    states.iter().rev().find(|state| state.first_day() <= Some(day) && state.entered_at() <= known_at)
}

/// The states that hold today's knowledge, each with its last day: the history that people are shown.
fn history<T: Dated>(states: &[T]) -> Vec<(&T, Option<Date>)> {
    let mut standing: Vec<&T> = Vec::new();
    for state in states {
        if standing.last().is_some_and(|last| last.first_day() == state.first_day()) {
            standing.pop();
        }
        standing.push(state);
    }
    let ends = standing.iter().skip(1).map(|next| next.first_day().and_then(|day| day.yesterday().ok()));
    let ends: Vec<Option<Date>> = ends.chain([None]).collect();
    standing.into_iter().zip(ends).collect()
}

/// States of all units and areas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// States by the unit's code, in order of (first day, entered).
    pub units: BTreeMap<String, Vec<UnitState>>,
    /// The areas.
    pub areas: Areas,
}

impl Directory {
    /// The state of a unit on a day, as it was known at an instant.
    #[must_use]
    pub fn unit(&self, uscc: &str, day: Date, known_at: i64) -> Option<&UnitState> {
        in_force(self.units.get(uscc)?, day, known_at)
    }

    /// The states of a unit with their last days, oldest first.
    #[must_use]
    pub fn history(&self, uscc: &str) -> Vec<(&UnitState, Option<Date>)> {
        self.units.get(uscc).map_or_else(Vec::new, |states| history(states))
    }

    /// Where a fact was decided (决定机关所在区域): the deciding authority's area on the day of decision, else the sender's; empty where neither
    /// is known.
    #[must_use]
    pub fn authority_area(&self, authority: &str, source: &str, day: Date, known_at: i64) -> std::sync::Arc<str> {
        let area = |uscc| self.unit(uscc, day, known_at).map(|unit| &unit.area).filter(|area| !area.is_empty());
        area(authority).or_else(|| area(source)).cloned().unwrap_or_else(|| "".into())
    }
}

#[cfg(test)]
mod tests;
