//! What a unit sees on a day: its own facts and those of the units below it, and, at a city or county, whatever concerns its
//! area.
//!
//! A unit of a city or county sees what the organs of its area made and what concerns organisations registered there (DESIGN
//! §7, Scope): its area, what lies below it that day, and what was merged into it by then. A unit of the province, or one
//! whose level is not known, sees what it made and what the units below it made. Which of that it may use, and for what, is
//! decided elsewhere.

use super::{Directory, LATEST};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What a unit sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// The unit itself and every unit whose facts are its own.
    pub units: BTreeSet<String>,
    /// Every text that names its areas: codes and names.
    pub areas: BTreeSet<String>,
}

impl Directory {
    /// What a unit sees on a day. A unit that is not in the directory sees what it made itself.
    #[must_use]
    pub fn sight(&self, uscc: &str, day: Date) -> Sight {
        let state = self.unit(uscc, day, LATEST);
        let area = state.filter(|state| matches!(state.level.as_str(), "city" | "county")).map(|state| &*state.area);
        let areas =
            area.filter(|area| !area.is_empty()).map_or_else(BTreeSet::new, |area| self.texts_within(area, day));
        let mut units = BTreeSet::from([uscc.to_owned()]);
        loop {
            let belongs = |uscc: &String| {
                let state = self.unit(uscc, day, LATEST)?;
                let below = units.contains(&state.parent);
                let there =
                    matches!(state.level.as_str(), "city" | "county") && self.is_within(&state.area, &areas, day);
                (below || there).then_some(())
            };
            let more: Vec<String> =
                self.units.keys().filter(|uscc| !units.contains(*uscc) && belongs(uscc).is_some()).cloned().collect();
            if more.is_empty() {
                return Sight { units, areas };
            }
            units.extend(more);
        }
    }

    /// Every text that names an area, one below it, or one that was merged into them.
    #[must_use]
    pub fn texts_within(&self, area: &str, day: Date) -> BTreeSet<String> {
        match self.areas.resolve(area, day) {
            Some(found) => self.areas.texts_of(&self.areas.within(&found.code, day)),
            // As long as it is not in the directory of areas, it is a mere word.
            None => BTreeSet::from([area.to_owned()]),
        }
    }

    fn is_within(&self, area: &str, texts: &BTreeSet<String>, day: Date) -> bool {
        texts.contains(area) || self.areas.resolve(area, day).is_some_and(|found| texts.contains(&found.code))
    }
}
