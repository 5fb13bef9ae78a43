//! The directories of units and areas as everyone may see them: the officer of a standing declaration of secrecy review is a
//! person and stays inside.

use crate::Result;
use crate::service::Service;
use crate::{AppError, query::Page, query::page};
use credence_domain::directory::UnitState;
use credence_store::unit::{self, Unit};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// A unit as it stands on a day.
#[derive(Clone, Debug, Serialize)]
pub struct UnitView {
    /// Its unified social credit code.
    pub uscc: String,
    /// Its name.
    pub name: String,
    /// Other names under which it signs.
    pub names: Vec<String>,
    /// `province`, `city` or `county`; empty while it is not known.
    pub level: String,
    /// Area: code or name.
    pub area: String,
    /// The unit above it; empty for none.
    pub parent: String,
    /// Sector.
    pub sector: String,
    /// Chooses the rule pack.
    pub regulator: String,
    /// It has a standing declaration of secrecy review.
    pub secrecy_declared: bool,
    /// Units that it entrusts with sending for it.
    pub entrusts: Vec<String>,
    /// Totals that it declared, by `item:YYYY-MM`.
    pub declared: BTreeMap<String, u64>,
}

impl From<Unit> for UnitView {
    fn from(unit: Unit) -> Self {
        Self {
            regulator: if unit.regulator.is_empty() { "other".to_owned() } else { unit.regulator },
            secrecy_declared: !unit.secrecy_officer.is_empty(),
            uscc: unit.uscc,
            name: unit.name,
            names: unit.names,
            level: unit.level,
            area: unit.area,
            parent: unit.parent,
            sector: unit.sector,
            entrusts: unit.entrusts,
            declared: unit.declared,
        }
    }
}

/// A state of a unit with its days.
#[derive(Clone, Debug, Serialize)]
pub struct UnitStateView {
    /// First day; null: it always was so.
    pub from_on: Option<Date>,
    /// Last day; null while it stands.
    pub until_on: Option<Date>,
    /// Level.
    pub level: String,
    /// Area.
    pub area: String,
    /// The unit above it.
    pub parent: String,
    /// Sector.
    pub sector: String,
    /// Regulator.
    pub regulator: String,
    /// It had a standing declaration of secrecy review.
    pub secrecy_declared: bool,
}

impl UnitStateView {
    fn of(state: &UnitState, until_on: Option<Date>) -> Self {
        Self {
            from_on: state.from_on,
            until_on,
            level: state.level.clone(),
            area: state.area.to_string(),
            parent: state.parent.clone(),
            sector: state.sector.clone(),
            regulator: if state.regulator.is_empty() { "other".to_owned() } else { state.regulator.clone() },
            secrecy_declared: !state.secrecy_officer.is_empty(),
        }
    }
}

/// A unit with its history.
#[derive(Clone, Debug, Serialize)]
pub struct UnitDetail {
    /// As it stands today.
    #[serde(flatten)]
    pub unit: UnitView,
    /// Every state that it had or will have, oldest first.
    pub history: Vec<UnitStateView>,
}

impl Service {
    /// All units as they stand on a day, in order of their codes.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn units_on(&self, day: Date) -> Result<Vec<UnitView>> {
        Ok(self.read(|connection| unit::list(connection, day))?.into_iter().map(UnitView::from).collect())
    }

    /// A page of the directory as it stands today, in order of codes. The cursor is the last code of the page before.
    ///
    /// # Errors
    /// `bad_parameter`, `bad_cursor`, or a fault.
    pub fn units_page(&self, cursor: Option<&str>, limit: Option<u32>) -> Result<Page<UnitView>> {
        let limit = page::limit(limit)? as usize;
        let after = match cursor.filter(|cursor| !cursor.is_empty()) {
            Some(cursor) => page::decode_cursor(cursor, 1)?.pop().unwrap_or_default(),
            None => String::new(),
        };
        let mut items: Vec<UnitView> =
            self.units_on(self.today())?.into_iter().filter(|unit| unit.uscc > after).take(limit + 1).collect();
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|unit| page::encode_cursor(&[&unit.uscc]));
        Ok(Page { items, next })
    }

    /// A unit with its history.
    ///
    /// # Errors
    /// `not_found`, or a fault.
    pub fn unit(&self, uscc: &str) -> Result<UnitDetail> {
        let today = self.today();
        let found = self.read(|connection| unit::find(connection, uscc, today))?.ok_or(AppError::NotFound)?;
        let directory = self.read(unit::directory)?;
        let history = directory.history(uscc).into_iter().map(|(state, last)| UnitStateView::of(state, last));
        Ok(UnitDetail { unit: found.into(), history: history.collect() })
    }
}
