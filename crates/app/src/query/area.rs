//! The directory of areas, and what is public of an area today.

use super::home::ItemCount;
use super::list::ListEntry;
use super::unit::UnitView;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::directory::{Area, Areas};
use credence_store::clock::instant_text;
use credence_store::scope::{View, Words};
use credence_store::{list, unit};
use jiff::civil::Date;
use serde::Serialize;

/// An area with its history.
#[derive(Clone, Debug, Serialize)]
pub struct AreaView {
    /// Its code.
    pub code: String,
    /// Its name today, or the last that it bore.
    pub name: String,
    /// Its level.
    pub level: String,
    /// Code of the area above; empty for none.
    pub parent: String,
    /// Its last day; null while it is there.
    pub until_on: Option<Date>,
    /// Code of the area that took it in; empty for none.
    pub merged_into: String,
    /// Every state that it had or will have, oldest first; the last day of each.
    pub history: Vec<Area>,
}

impl AreaView {
    pub(super) fn of(areas: &Areas, code: &str, today: Date) -> Option<Self> {
        let history: Vec<Area> =
            areas.history(code).into_iter().map(|(area, until_on)| Area { until_on, ..area.clone() }).collect();
        let standing = areas.on(code, today).or_else(|| history.first())?;
        Some(Self {
            code: standing.code.clone(),
            name: standing.name.clone(),
            level: standing.level.clone(),
            parent: standing.parent.clone(),
            until_on: standing.until_on,
            merged_into: standing.merged_into.clone(),
            history: history.clone(),
        })
    }
}

/// How many of what was published last an area's page shows.
const LATEST: u32 = 8;

/// The most areas that the home page names before it leaves the counties to their cities.
const LOCAL_MAX: usize = 40;

/// What is public of an area today.
#[derive(Clone, Debug, Serialize)]
pub struct AreaDetail {
    /// The area.
    #[serde(flatten)]
    pub area: AreaView,
    /// Day for which was counted.
    pub as_of: Date,
    /// Instant of counting (RFC 3339, UTC).
    pub counted_at: String,
    /// Organisations registered in it or in an area below it.
    pub organisations: u64,
    /// Public records about them by item.
    pub items: Vec<ItemCount>,
    /// The area above it; null for none.
    pub above: Option<AreaName>,
    /// Areas below it, and those that were merged into it.
    pub below: Vec<AreaName>,
    /// Its units, and those of the areas below it, in order of their codes.
    pub units: Vec<UnitView>,
    /// What was published last about these organisations, the latest first.
    pub latest: Vec<ListEntry>,
}

/// An area as others name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AreaName {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

impl Service {
    /// What is public of an area today, which code or name names. It looks through the register.
    ///
    /// # Errors
    /// `not_found`, or a fault.
    pub fn area(&self, view: &View, text: &str) -> Result<AreaDetail> {
        let (today, directory) = (view.today, self.read(unit::directory)?);
        let areas = &directory.areas;
        let found = areas.resolve(text, today).ok_or(AppError::NotFound)?;
        let area = AreaView::of(areas, &found.code, today).ok_or(AppError::NotFound)?;
        let codes = areas.within(&found.code, today);
        let texts = areas.texts_of(&codes);
        let words = Words::of(texts.iter().map(String::as_str));
        let named = |code: &str| {
            let area = areas.on(code, today)?;
            Some(AreaName { code: area.code.clone(), name: area.name.clone() })
        };
        let within = |unit: &UnitView| {
            texts.contains(&unit.area) || areas.resolve(&unit.area, today).is_some_and(|at| codes.contains(&*at.code))
        };
        let disclosed: Vec<String> =
            self.listed_items(&View::public(today)).into_iter().map(|listed| listed.item).collect();
        let items = Words::of(disclosed.iter().map(String::as_str));
        let figures = self.read(|connection| list::figures(connection, view, &words))?;
        let public = View::public(today);
        let latest = self.read_by_key(|connection, unpacker| {
            let found = list::published_last(connection, view, &words, &items, LATEST)?;
            found.into_iter().map(|found| self.listed(&public, connection, unpacker, found)).collect()
        })?;
        let name = |item: &str| self.rulebook().items.get(item).map_or_else(|| item.to_owned(), |i| i.name.clone());
        let counts = figures.records.into_iter().filter(|(item, _)| self.is_disclosed(&public, item));
        Ok(AreaDetail {
            as_of: today,
            counted_at: instant_text(self.now_micros()),
            organisations: figures.registered,
            items: counts.map(|(item, count)| ItemCount { name: name(&item), item, count }).collect(),
            above: named(&area.parent),
            below: codes.iter().filter(|code| **code != area.code).filter_map(|code| named(code)).collect(),
            units: self.units_on(today)?.into_iter().filter(within).collect(),
            latest,
            area,
        })
    }

    /// The cities and counties that are there today, in order of their codes; where there are many, the cities alone.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn local_areas(&self) -> Result<Vec<AreaName>> {
        let (today, areas) = (self.today(), self.read(credence_store::area::all)?);
        let standing = areas.by_code.keys().filter_map(|code| areas.on(code, today));
        let mut local: Vec<&Area> = standing.filter(|area| area.level != "province" && area.is_there(today)).collect();
        if local.len() > LOCAL_MAX {
            local.retain(|area| area.level == "city");
        }
        Ok(local.into_iter().map(|area| AreaName { code: area.code.clone(), name: area.name.clone() }).collect())
    }

    /// All areas in order of their codes.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn areas(&self) -> Result<Vec<AreaView>> {
        let (today, areas) = (self.today(), self.read(unit::directory)?.areas);
        Ok(areas.by_code.keys().filter_map(|code| AreaView::of(&areas, code, today)).collect())
    }
}
