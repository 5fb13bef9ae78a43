//! The directory of units (单位目录): whoever sends, decides or acts. Entering or changing one is an act of that unit.
//!
//! Level, area, parent, sector, regulator and the standing declaration of secrecy review are dated
//! ([`credence_domain::directory`]); names, entrusted units and declared totals are as they stand.

use crate::act::Draft;
use crate::change::Writer;
use crate::connection::{Connection, Row};
use crate::{Result, StoreError, values};
use credence_domain::directory::{Directory, LATEST, UnitPatch, UnitState};
use credence_domain::record::value::{date_of, day_number};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A unit as it stands on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its unified social credit code.
    pub uscc: String,
    /// Its name.
    pub name: String,
    /// Other names under which it signs.
    #[serde(default)]
    pub names: Vec<String>,
    /// `province`, `city` or `county`; empty while it is not known.
    #[serde(default)]
    pub level: String,
    /// Area code or name.
    #[serde(default)]
    pub area: String,
    /// The unit above it.
    #[serde(default)]
    pub parent: String,
    /// Sector.
    #[serde(default)]
    pub sector: String,
    /// `market`, `drug`, `customs`, `tax`, `court`, `finance` or `other`: chooses the rule pack. Empty = not known = other.
    #[serde(default)]
    pub regulator: String,
    /// Officer of the standing declaration of secrecy review; empty without one.
    #[serde(default)]
    pub secrecy_officer: String,
    /// Day of that declaration.
    #[serde(default)]
    pub secrecy_on: Option<Date>,
    /// Units that this one entrusts with sending for it.
    #[serde(default)]
    pub entrusts: Vec<String>,
    /// Totals that it declared, by `item:YYYY-MM`.
    #[serde(default)]
    pub declared: BTreeMap<String, u64>,
}

impl Unit {
    /// The unit with a state of it.
    #[must_use]
    pub fn with(self, state: Option<&UnitState>) -> Self {
        let Some(state) = state else { return self };
        Self {
            level: state.level.clone(),
            area: state.area.to_string(),
            parent: state.parent.clone(),
            sector: state.sector.clone(),
            regulator: state.regulator.clone(),
            secrecy_officer: state.secrecy_officer.clone(),
            secrecy_on: state.secrecy_on,
            ..self
        }
    }

    /// What is dated of it, as a change.
    #[must_use]
    pub fn patch(&self) -> UnitPatch {
        UnitPatch {
            level: Some(self.level.clone()),
            area: Some(self.area.clone()),
            parent: Some(self.parent.clone()),
            sector: Some(self.sector.clone()),
            regulator: Some(self.regulator.clone()),
            secrecy_officer: Some(self.secrecy_officer.clone()),
            secrecy_on: self.secrecy_on,
        }
    }
}

/// The number that stands for a first day, and for none.
pub(crate) fn first_day(day: Option<Date>) -> i32 {
    day.map_or(i32::MIN, day_number)
}

/// The first day that such a number stands for.
///
/// # Errors
/// [`StoreError::Inconsistent`] where it stands for none.
pub(crate) fn read_first_day(row: &Row<'_>, at: usize) -> Result<Option<Date>> {
    let impossible = || StoreError::Inconsistent("a state of the directory begins on no day".to_owned());
    match row.opt_small(at)? {
        Some(i32::MIN) => Ok(None),
        day => day.and_then(date_of).map(Some).ok_or_else(impossible),
    }
}

fn undated(row: &Row<'_>) -> Result<Unit> {
    let json = |at: usize| -> Result<Value> {
        serde_json::from_str(row.text(at)?).map_err(|error| StoreError::Inconsistent(format!("unit: {error}")))
    };
    let names = |value: Value| serde_json::from_value(value).unwrap_or_default();
    Ok(Unit {
        uscc: row.string(0)?,
        name: row.string(1)?,
        names: names(json(2)?),
        entrusts: names(json(3)?),
        declared: serde_json::from_value(json(4)?).unwrap_or_default(),
        ..Unit::default()
    })
}

/// Every state that was ever entered, of units and areas.
///
/// # Errors
/// Whatever the database says.
pub fn directory(connection: &mut Connection) -> Result<Directory> {
    let mut directory = Directory { areas: crate::area::all(connection)?, ..Directory::default() };
    connection.each(
        "select uscc, from_on, entered_at, level, area, parent, sector, regulator, secrecy_officer, secrecy_on
         from unit_state order by uscc, from_on, entered_at",
        &[],
        |row| {
            let state = UnitState {
                from_on: read_first_day(row, 1)?,
                entered_at: row.int(2)?,
                level: row.string(3)?,
                area: row.text(4)?.into(),
                parent: row.string(5)?,
                sector: row.string(6)?,
                regulator: row.string(7)?,
                secrecy_officer: row.string(8)?,
                secrecy_on: row.opt_date(9)?,
            };
            directory.units.entry(row.string(0)?).or_default().push(state);
            Ok(())
        },
    )?;
    Ok(directory)
}

/// All units as they stand on a day, in order of their codes. The directory is public.
///
/// # Errors
/// Whatever the database says.
pub fn list(connection: &mut Connection, on: Date) -> Result<Vec<Unit>> {
    let directory = directory(connection)?;
    let units =
        connection.rows("select uscc, name, names, entrusts, declared from unit order by uscc", &[], undated)?;
    Ok(units
        .into_iter()
        .map(|unit| {
            let state = directory.unit(&unit.uscc, on, LATEST);
            unit.with(state)
        })
        .collect())
}

/// One unit as it stands on a day.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, uscc: &str, on: Date) -> Result<Option<Unit>> {
    let sql = "select uscc, name, names, entrusts, declared from unit where uscc = $1";
    let Some(unit) = connection.first(sql, values![uscc], undated)? else { return Ok(None) };
    let directory = directory(connection)?;
    Ok(Some(unit.with(directory.unit(uscc, on, LATEST))))
}

/// Enters a unit as it stands, or changes it from today on: see [`enter`].
///
/// # Errors
/// As [`enter`].
pub fn set(writer: &mut Writer, unit: &Unit, actor: &str, rulebook: &[u8; 32]) -> Result<bool> {
    enter(writer, unit, &unit.patch(), None, actor, rulebook)
}

/// Enters a unit or changes it: its names, entrusted units and declared totals as `unit` has them, what is dated as `patch`
/// says, from a day on. Numbered under the unit itself. Writes nothing when nothing is different.
///
/// # Errors
/// [`StoreError::Refused`] where the directory cannot be so, or whatever the database says.
pub fn enter(
    writer: &mut Writer,
    unit: &Unit,
    patch: &UnitPatch,
    from: Option<Date>,
    actor: &str,
    rulebook: &[u8; 32],
) -> Result<bool> {
    let today = writer.clock.today();
    let known = directory(&mut writer.connection)?;
    let states = known.plan(&unit.uscc, patch, from, today)?;
    let standing = find(&mut writer.connection, &unit.uscc, today)?;
    let same = |one: &Unit| {
        (&one.name, &one.names, &one.entrusts, &one.declared)
            == (&unit.name, &unit.names, &unit.entrusts, &unit.declared)
    };
    if states.is_empty() && standing.as_ref().is_some_and(same) {
        return Ok(false);
    }
    let mut details = Map::new();
    let state = states.last().or_else(|| known.unit(&unit.uscc, today, LATEST));
    details.insert("set".to_owned(), serde_json::to_value(unit.clone().with(state)).unwrap_or_default());
    let days = states.iter().map(|state| Value::from(state.from_on.map(|day| day.to_string())));
    details.insert("from".to_owned(), days.collect());
    let draft = Draft {
        kind: "unit",
        actor: actor.to_owned(),
        second: None,
        purpose: "directory",
        basis: "鲁信用办〔2019〕8号 十六".to_owned(),
        reason: String::new(),
        rulebook: *rulebook,
        as_of: today,
        batch: None,
        details,
    };
    let text = |value: serde_json::Result<String>| value.unwrap_or_default();
    let (names, entrusts, declared) = (
        text(serde_json::to_string(&unit.names)),
        text(serde_json::to_string(&unit.entrusts)),
        text(serde_json::to_string(&unit.declared)),
    );
    writer.change(&draft, |change| {
        change.connection.execute(
            "insert into unit(uscc, name, names, entrusts, declared) values ($1, $2, $3, $4, $5)
             on conflict (uscc) do update set name = excluded.name, names = excluded.names,
                    entrusts = excluded.entrusts, declared = excluded.declared",
            values![unit.uscc.as_str(), unit.name.as_str(), names.as_str(), entrusts.as_str(), declared.as_str()],
        )?;
        for state in &states {
            change.connection.execute(
                "insert into unit_state(uscc, from_on, entered_at, level, area, parent, sector, regulator,
                        secrecy_officer, secrecy_on)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                values![
                    unit.uscc.as_str(),
                    first_day(state.from_on),
                    change.now,
                    state.level.as_str(),
                    &*state.area,
                    state.parent.as_str(),
                    state.sector.as_str(),
                    state.regulator.as_str(),
                    state.secrecy_officer.as_str(),
                    state.secrecy_on.map(day_number),
                ],
            )?;
        }
        change.number_under_unit(&unit.uscc)
    })?;
    Ok(true)
}
