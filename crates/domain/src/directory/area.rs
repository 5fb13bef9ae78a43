//! Areas (行政区划): code or name, level, the area above, the days on which they are there, and what became of them.

use super::{Dated, LATEST, LEVELS, Refusal, history, in_force};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// An area from a day on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Its code: GB/T 2260 digits, or a name where there is no code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// `province`, `city` or `county`.
    pub level: String,
    /// Code of the area above; empty for none.
    pub parent: String,
    /// First day of this state; none: it always was so.
    pub from_on: Option<Date>,
    /// Its last day; none while it is there.
    pub until_on: Option<Date>,
    /// Code of the area that took it in; empty for none.
    pub merged_into: String,
    /// Instant at which this was entered.
    #[serde(skip)]
    pub entered_at: i64,
}

impl Dated for Area {
    fn first_day(&self) -> Option<Date> {
        self.from_on
    }

    fn entered_at(&self) -> i64 {
        self.entered_at
    }
}

impl Area {
    /// Whether it is there on a day for which this state answers.
    #[must_use]
    pub fn is_there(&self, day: Date) -> bool {
        self.until_on.is_none_or(|last| day <= last)
    }
}

/// What is to be changed of an area; what is not given stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AreaPatch {
    /// Name.
    pub name: Option<String>,
    /// Level.
    pub level: Option<String>,
    /// The area above: code or name; empty for none.
    pub parent: Option<String>,
    /// Last day.
    pub until_on: Option<Date>,
    /// The area that takes it in: code or name.
    pub merged_into: Option<String>,
}

/// All areas by code, each with its states in order of (first day, entered).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// The states.
    pub by_code: BTreeMap<String, Vec<Area>>,
}

impl Areas {
    /// The state of an area on a day, whether it is there or not any more.
    #[must_use]
    pub fn on(&self, code: &str, day: Date) -> Option<&Area> {
        in_force(self.by_code.get(code)?, day, LATEST)
    }

    /// The states of an area with their last days, oldest first.
    #[must_use]
    pub fn history(&self, code: &str) -> Vec<(&Area, Option<Date>)> {
        let told = self.by_code.get(code).map_or_else(Vec::new, |states| history(states));
        told.into_iter().map(|(area, last)| (area, area.until_on.or(last))).collect()
    }

    /// The area that a text names on a day: by code, else by the name that it bears on that day, else by a name that it once
    /// bore. A name that several areas bear names none of them.
    #[must_use]
    pub fn resolve(&self, text: &str, day: Date) -> Option<&Area> {
        if let Some(found) = self.on(text, day) {
            return Some(found);
        }
        let standing = self.by_code.keys().filter_map(|code| self.on(code, day));
        let named: Vec<&Area> = standing.filter(|area| area.name == text).collect();
        let there: Vec<&&Area> = named.iter().filter(|area| area.is_there(day)).collect();
        match (there.as_slice(), named.as_slice()) {
            ([one], _) => Some(one),
            ([], [one]) => Some(one),
            ([], []) => {
                let once = |states: &&Vec<Area>| states.iter().any(|area| area.name == text);
                let mut codes = self.by_code.values().filter(once).filter_map(|states| states.first());
                let first = codes.next()?;
                if codes.next().is_some() { None } else { self.on(&first.code, day) }
            }
            _ => None,
        }
    }

    /// An area with everything below it on a day, and whatever was merged into one of them by then: codes.
    #[must_use]
    pub fn within(&self, code: &str, day: Date) -> BTreeSet<&str> {
        let mut found: BTreeSet<&str> =
            self.by_code.get_key_value(code).map(|(code, _)| code.as_str()).into_iter().collect();
        loop {
            let belongs = |area: &Area| {
                let merged = !area.is_there(day) && found.contains(area.merged_into.as_str());
                merged || found.contains(area.parent.as_str())
            };
            let more: Vec<&str> = self
                .by_code
                .keys()
                .filter(|code| !found.contains(code.as_str()) && self.on(code, day).is_some_and(belongs))
                .map(String::as_str)
                .collect();
            if more.is_empty() {
                return found;
            }
            found.extend(more);
        }
    }

    /// Every text that names one of these areas and none besides: codes, and the names that they bear or once bore.
    #[must_use]
    pub fn texts_of(&self, codes: &BTreeSet<&str>) -> BTreeSet<String> {
        let (own, others): (Vec<_>, Vec<_>) = self.by_code.iter().partition(|(code, _)| codes.contains(code.as_str()));
        let elsewhere: BTreeSet<&str> =
            others.iter().flat_map(|(_, states)| states.iter().map(|area| area.name.as_str())).collect();
        let names = own.iter().flat_map(|(_, states)| states.iter().map(|area| &area.name));
        let names = names.filter(|name| !name.is_empty() && !elsewhere.contains(name.as_str()));
        own.iter().map(|(code, _)| *code).chain(names).cloned().collect()
    }

    /// The next state of an area: in force from `from`, else from today; a new one always was there unless a day is given.
    ///
    /// # Errors
    /// Why it cannot be so.
    pub fn plan(
        &self,
        code: &str,
        patch: &AreaPatch,
        from: Option<Date>,
        today: Date,
    ) -> Result<Option<Area>, Refusal> {
        let latest = self.by_code.get(code).and_then(|states| states.last());
        let mut next = latest.cloned().unwrap_or_else(|| Area { code: code.to_owned(), ..Area::default() });
        let day = from.unwrap_or(today);
        for (to, given) in [(&mut next.name, &patch.name), (&mut next.level, &patch.level)] {
            if let Some(given) = given {
                to.clone_from(given);
            }
        }
        for (to, given, field) in
            [(&mut next.parent, &patch.parent, "parent"), (&mut next.merged_into, &patch.merged_into, "into")]
        {
            match given.as_deref() {
                None => {}
                Some("") => to.clear(),
                Some(text) => {
                    let missing =
                        || Refusal::new("area_unknown", field, format!("区域目录中没有“{text}”，请先登记该区域"));
                    to.clone_from(&self.resolve(text, day).ok_or_else(missing)?.code);
                }
            }
        }
        next.until_on = patch.until_on.or(next.until_on);
        if next.name.is_empty() {
            return Err(Refusal::new("bad_parameter", "name", "新区域须有名称，请用 --name 写明"));
        }
        if !LEVELS.contains(&next.level.as_str()) {
            return Err(level_unknown(&next.level));
        }
        self.check_circle(&next, day)?;
        if latest.is_some_and(|latest| Area { from_on: latest.from_on, ..next.clone() } == *latest) {
            return Ok(None);
        }
        // An end closes the state that stands; everything else begins another one.
        let ends = patch.until_on.is_some() && from.is_none();
        next.from_on = match latest {
            Some(latest) if ends => latest.from_on,
            Some(latest) if latest.from_on > Some(day) => return Err(before_the_latest("该区域", latest.from_on)),
            Some(_) => Some(day),
            None => from,
        };
        if let (Some(first), Some(last)) = (next.from_on, next.until_on)
            && last < first
        {
            return Err(Refusal::new("date_order", "until", format!("截止日{last}早于起始日{first}")));
        }
        Ok(Some(next))
    }

    fn check_circle(&self, next: &Area, day: Date) -> Result<(), Refusal> {
        for (first, follow, field) in [
            (&next.parent, (|area: &Area| area.parent.clone()) as fn(&Area) -> String, "parent"),
            (&next.merged_into, |area: &Area| area.merged_into.clone(), "into"),
        ] {
            let (mut at, mut steps) = (first.clone(), 0);
            while !at.is_empty() {
                if at == next.code || steps > self.by_code.len() {
                    let text = format!("{}不能直接或间接归属自身，请核对上级区域", next.code);
                    return Err(Refusal::new("area_circle", field, text));
                }
                at = self.on(&at, day).map(follow).unwrap_or_default();
                steps += 1;
            }
        }
        if !next.parent.is_empty()
            && let Some(above) = self.on(&next.parent, day).filter(|above| !above.is_there(day))
        {
            let text = format!("上级区域{}已于{}撤销，请改用现有区域", above.name, text_of(above.until_on));
            return Err(Refusal::new("area_ended", "parent", text));
        }
        Ok(())
    }
}

pub(super) fn level_unknown(level: &str) -> Refusal {
    let text = format!("层级“{level}”无效，应为 province（省）、city（市）或 county（县）");
    Refusal::new("level_unknown", "level", text)
}

pub(super) fn before_the_latest(whose: &str, latest: Option<Date>) -> Refusal {
    let text = format!("{whose}已有自{}起的状态，新状态的起始日不得早于该日（--from）", text_of(latest));
    Refusal::new("date_before_state", "from", text)
}

pub(super) fn text_of(day: Option<Date>) -> String {
    day.map_or_else(|| "始".to_owned(), |day| day.to_string())
}
