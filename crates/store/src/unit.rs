//! The directory of units (单位目录): whoever sends, decides or acts. Entering or changing one is an act of that unit.

use crate::act::Draft;
use crate::change::Writer;
use crate::connection::{Connection, Row};
use crate::{Result, StoreError, values};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its unified social credit code.
    pub uscc: String,
    /// Its name.
    pub name: String,
    /// Other names under which it signs.
    #[serde(default)]
    pub names: Vec<String>,
    /// `province`, `city` or `county`.
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
    /// `market`, `drug`, `customs`, `tax`, `court`, `finance` or `other`: chooses the rule pack.
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

const LIST: &str = "select uscc, name, names, level, area, parent, sector, regulator, secrecy_officer, secrecy_on, \
     entrusts, declared from unit order by uscc";
const FIND: &str = "select uscc, name, names, level, area, parent, sector, regulator, secrecy_officer, secrecy_on, \
     entrusts, declared from unit where uscc = $1";

fn read(row: &Row<'_>) -> Result<Unit> {
    let json = |at: usize| -> Result<serde_json::Value> {
        serde_json::from_str(row.text(at)?).map_err(|error| StoreError::Inconsistent(format!("unit: {error}")))
    };
    let names = |value: serde_json::Value| serde_json::from_value(value).unwrap_or_default();
    Ok(Unit {
        uscc: row.string(0)?,
        name: row.string(1)?,
        names: names(json(2)?),
        level: row.string(3)?,
        area: row.string(4)?,
        parent: row.string(5)?,
        sector: row.string(6)?,
        regulator: row.string(7)?,
        secrecy_officer: row.string(8)?,
        secrecy_on: row.opt_date(9)?,
        entrusts: names(json(10)?),
        declared: serde_json::from_value(json(11)?).unwrap_or_default(),
    })
}

/// All units in order of their codes. The directory is public.
///
/// # Errors
/// Whatever the database says.
pub fn list(connection: &mut Connection) -> Result<Vec<Unit>> {
    connection.rows(LIST, &[], read)
}

/// One unit.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, uscc: &str) -> Result<Option<Unit>> {
    connection.first(FIND, values![uscc], read)
}

/// Enters a unit or changes it; numbered under the unit itself. Writes nothing when nothing is different.
///
/// # Errors
/// Whatever the database says.
pub fn set(writer: &mut Writer, unit: &Unit, actor: &str, rulebook: &[u8; 32]) -> Result<bool> {
    if find(&mut writer.connection, &unit.uscc)?.as_ref() == Some(unit) {
        return Ok(false);
    }
    let mut details = serde_json::Map::new();
    details.insert("set".to_owned(), serde_json::to_value(unit).unwrap_or_default());
    let draft = Draft {
        kind: "unit",
        actor: actor.to_owned(),
        second: None,
        purpose: "directory",
        basis: "鲁信用办〔2019〕8号 十六".to_owned(),
        reason: String::new(),
        rulebook: *rulebook,
        as_of: writer.clock.today(),
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
            "insert into unit(uscc, name, names, level, area, parent, sector, regulator, secrecy_officer, secrecy_on,
                    entrusts, declared)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             on conflict (uscc) do update set name = excluded.name, names = excluded.names, level = excluded.level,
                    area = excluded.area, parent = excluded.parent, sector = excluded.sector,
                    regulator = excluded.regulator, secrecy_officer = excluded.secrecy_officer,
                    secrecy_on = excluded.secrecy_on, entrusts = excluded.entrusts, declared = excluded.declared",
            values![
                unit.uscc.as_str(),
                unit.name.as_str(),
                names.as_str(),
                unit.level.as_str(),
                unit.area.as_str(),
                unit.parent.as_str(),
                unit.sector.as_str(),
                unit.regulator.as_str(),
                unit.secrecy_officer.as_str(),
                unit.secrecy_on.map(credence_domain::record::value::day_number),
                entrusts.as_str(),
                declared.as_str(),
            ],
        )?;
        change.number_under_unit(&unit.uscc)
    })?;
    Ok(true)
}
