//! Units (单位): what is dated of them, and how a change becomes a state from a day on.
//!
//! A change takes effect from a day. What was not known before is no change: it is filled in where it was missing, so that a
//! unit that an import entered with nothing but its code gets its level, area and regulator for all its days. Only the
//! standing declaration of secrecy review never reaches back.

use super::area::{before_the_latest, level_unknown, text_of};
use super::{Dated, Directory, LEVELS, REGULATORS, Refusal};
use jiff::civil::Date;
use std::sync::Arc;

/// A unit from a day on. What is empty is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitState {
    /// First day of this state; none: it always was so.
    pub from_on: Option<Date>,
    /// Instant at which it was entered.
    pub entered_at: i64,
    /// `province`, `city` or `county`.
    pub level: String,
    /// Area: code or name.
    pub area: Arc<str>,
    /// The unit above it.
    pub parent: String,
    /// Sector.
    pub sector: String,
    /// Chooses the rule pack; not known = other.
    pub regulator: String,
    /// Officer of the standing declaration of secrecy review.
    pub secrecy_officer: String,
    /// Day of that declaration.
    pub secrecy_on: Option<Date>,
}

impl Dated for UnitState {
    fn first_day(&self) -> Option<Date> {
        self.from_on
    }

    fn entered_at(&self) -> i64 {
        self.entered_at
    }
}

/// What is to be changed of a unit; what is not given stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitPatch {
    /// Level.
    pub level: Option<String>,
    /// Area.
    pub area: Option<String>,
    /// The unit above it.
    pub parent: Option<String>,
    /// Sector.
    pub sector: Option<String>,
    /// Regulator.
    pub regulator: Option<String>,
    /// Officer of the standing declaration.
    pub secrecy_officer: Option<String>,
    /// Day of that declaration.
    pub secrecy_on: Option<Date>,
}

impl UnitPatch {
    fn onto(&self, state: &UnitState) -> UnitState {
        let text = |given: &Option<String>, was: &String| given.as_ref().unwrap_or(was).clone();
        UnitState {
            level: text(&self.level, &state.level),
            area: self.area.as_deref().map_or_else(|| state.area.clone(), Into::into),
            parent: text(&self.parent, &state.parent),
            sector: text(&self.sector, &state.sector),
            regulator: text(&self.regulator, &state.regulator),
            secrecy_officer: text(&self.secrecy_officer, &state.secrecy_officer),
            secrecy_on: self.secrecy_on.or(state.secrecy_on),
            ..state.clone()
        }
    }

    /// The state with what it did not know and this says.
    fn fill(&self, state: &UnitState) -> UnitState {
        let fill = |given: &Option<String>, was: &String| match given {
            Some(new) if was.is_empty() => new.clone(),
            _ => was.clone(),
        };
        UnitState {
            level: fill(&self.level, &state.level),
            area: match &self.area {
                Some(new) if state.area.is_empty() => new.as_str().into(),
                _ => state.area.clone(),
            },
            parent: fill(&self.parent, &state.parent),
            sector: fill(&self.sector, &state.sector),
            regulator: fill(&self.regulator, &state.regulator),
            ..state.clone()
        }
    }
}

impl Directory {
    /// The states that a change of a unit enters: none where it says nothing new. In force from `from`, else from today; a
    /// new unit always was so unless a day is given.
    ///
    /// # Errors
    /// Why it cannot be so.
    pub fn plan(
        &self,
        uscc: &str,
        patch: &UnitPatch,
        from: Option<Date>,
        today: Date,
    ) -> Result<Vec<UnitState>, Refusal> {
        let day = from.unwrap_or(today);
        let Some(latest) = self.units.get(uscc).and_then(|states| states.last()) else {
            let new = UnitState { from_on: from, ..patch.onto(&UnitState::default()) };
            self.check(uscc, &new, patch, day)?;
            return Ok(vec![new]);
        };
        let next = patch.onto(latest);
        if next == *latest {
            return Ok(Vec::new());
        }
        self.check(uscc, &next, patch, day)?;
        if from.is_none() {
            let filled = patch.fill(latest);
            if next == filled {
                return Ok(vec![filled]);
            }
            if latest.from_on > Some(day) {
                return Err(before_the_latest("该单位", latest.from_on));
            }
            let next = UnitState { from_on: Some(day), ..next };
            return Ok(if filled == *latest { vec![next] } else { vec![filled, next] });
        }
        if latest.from_on > from {
            return Err(before_the_latest("该单位", latest.from_on));
        }
        Ok(vec![UnitState { from_on: from, ..next }])
    }

    fn check(&self, uscc: &str, next: &UnitState, patch: &UnitPatch, day: Date) -> Result<(), Refusal> {
        if !next.level.is_empty() && !LEVELS.contains(&next.level.as_str()) {
            return Err(level_unknown(&next.level));
        }
        if !next.regulator.is_empty() && !REGULATORS.contains(&next.regulator.as_str()) {
            let text = format!("监管类别“{}”无效，可用的值：{}", next.regulator, REGULATORS.join("、"));
            return Err(Refusal::new("regulator_unknown", "regulator", text));
        }
        if patch.area.as_deref().is_some_and(|area| !area.is_empty()) {
            self.check_area(&next.area, day)?;
        }
        if patch.parent.as_deref().is_some_and(|parent| !parent.is_empty()) {
            self.check_parent(uscc, &next.parent, day)?;
        }
        Ok(())
    }

    /// As long as no area was entered at all, an area is a mere word.
    fn check_area(&self, area: &str, day: Date) -> Result<(), Refusal> {
        if self.areas.by_code.is_empty() {
            return Ok(());
        }
        let Some(found) = self.areas.resolve(area, day) else {
            let text =
                format!("区域目录中没有“{area}”，或有几个区域同名，请先用 credence area set 登记，或改用区域代码");
            return Err(Refusal::new("area_unknown", "area", text));
        };
        if !found.is_there(day) {
            let into = self.areas.on(&found.merged_into, day).map(|into| format!("，已并入{}", into.name));
            let text = format!("{}已于{}撤销{}", found.name, text_of(found.until_on), into.unwrap_or_default());
            return Err(Refusal::new("area_ended", "area", format!("{text}，请改用现有区域")));
        }
        Ok(())
    }

    fn check_parent(&self, uscc: &str, parent: &str, day: Date) -> Result<(), Refusal> {
        let mut at = parent.to_owned();
        for _ in 0..=self.units.len() {
            if at == uscc {
                let text = format!("{uscc}不能直接或间接以自身为上级单位");
                return Err(Refusal::new("unit_circle", "parent", text));
            }
            let Some(above) = self.units.get(&at) else {
                let text = format!("单位目录中没有上级单位{at}，请先登记");
                return Err(Refusal::new("parent_unknown", "parent", text));
            };
            match super::in_force(above, day, super::LATEST) {
                Some(state) if !state.parent.is_empty() => at.clone_from(&state.parent),
                _ => return Ok(()),
            }
        }
        Err(Refusal::new("unit_circle", "parent", format!("{parent}的上级单位循环，请先更正")))
    }
}
