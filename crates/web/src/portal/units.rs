//! `GET /units`: the directory of units (单位目录), by area: who decides, sends and answers where.

use super::error::ErrorPage;
use super::frame::{Frame, Place};
use super::{page, refuse, words};
use crate::AppState;
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::{AreaView, UnitView};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The units of one area.
struct Group {
    area: String,
    /// The code under which the area has a page; empty where it is not in the directory.
    code: String,
    units: Vec<UnitView>,
}

#[derive(Template)]
#[template(path = "units.html")]
struct Page {
    frame: Frame,
    groups: Vec<Group>,
    names: BTreeMap<String, String>,
    as_of: Date,
}

impl Page {
    fn as_of(&self) -> String {
        words::day(self.as_of)
    }

    fn parent(&self, unit: &UnitView) -> String {
        self.names.get(&unit.parent).cloned().unwrap_or_default()
    }

    fn count(&self) -> usize {
        self.groups.iter().map(|group| group.units.len()).sum()
    }
}

/// Units by area, in the order of the areas' codes; what has no area comes last.
fn grouped(units: Vec<UnitView>, areas: &[AreaView]) -> Vec<Group> {
    let mut groups: BTreeMap<(bool, String), Group> = BTreeMap::new();
    for unit in units {
        let found = areas.iter().find(|area| area.code == unit.area || area.name == unit.area);
        let (code, name) =
            found.map_or_else(|| (String::new(), unit.area.clone()), |a| (a.code.clone(), a.name.clone()));
        let key = (code.is_empty(), if code.is_empty() { name.clone() } else { code.clone() });
        groups.entry(key).or_insert_with(|| Group { area: name, code, units: Vec::new() }).units.push(unit);
    }
    groups.into_values().collect()
}

pub(crate) async fn show(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, ErrorPage> {
    let today = state.view().today;
    let frame = Frame::of(&state, today, &asked, Place::Elsewhere);
    let answered = state.ask(move |service| Ok((service.units_on(today)?, service.areas()?)));
    let (units, areas) = answered.await.map_err(refuse)?;
    let names = units.iter().map(|unit| (unit.uscc.clone(), unit.name.clone())).collect();
    page(&Page { frame, groups: grouped(units, &areas), names, as_of: today }, &asked)
}
