//! The directory of areas (区域目录), dated as that of units is. Entering or changing one is an act of the platform's unit.

use crate::act::Draft;
use crate::change::Writer;
use crate::connection::Connection;
use crate::unit::{first_day, read_first_day};
use crate::{Result, values};
use credence_domain::directory::{Area, AreaPatch, Areas};
use credence_domain::record::value::day_number;
use jiff::civil::Date;
use serde_json::Map;

/// Every state of every area that was ever entered.
///
/// # Errors
/// Whatever the database says.
pub fn all(connection: &mut Connection) -> Result<Areas> {
    let mut areas = Areas::default();
    connection.each(
        "select code, from_on, entered_at, name, level, parent, until_on, merged_into from area
         order by code, from_on, entered_at",
        &[],
        |row| {
            let area = Area {
                code: row.string(0)?,
                from_on: read_first_day(row, 1)?,
                entered_at: row.int(2)?,
                name: row.string(3)?,
                level: row.string(4)?,
                parent: row.string(5)?,
                until_on: row.opt_date(6)?,
                merged_into: row.string(7)?,
            };
            areas.by_code.entry(area.code.clone()).or_default().push(area);
            Ok(())
        },
    )?;
    Ok(areas)
}

/// Enters an area or changes it from a day on, numbered under `unit`. Nothing when nothing is different.
///
/// # Errors
/// [`crate::StoreError::Refused`] where the directory cannot be so, or whatever the database says.
pub fn enter(
    writer: &mut Writer,
    code: &str,
    patch: &AreaPatch,
    from: Option<Date>,
    (unit, actor): (&str, &str),
    rulebook: &[u8; 32],
) -> Result<Option<Area>> {
    let today = writer.clock.today();
    let Some(next) = all(&mut writer.connection)?.plan(code, patch, from, today)? else { return Ok(None) };
    let mut details = Map::new();
    details.insert("set".to_owned(), serde_json::to_value(&next).unwrap_or_default());
    let draft = Draft {
        kind: "area",
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
    writer.change(&draft, |change| {
        change.connection.execute(
            "insert into area(code, from_on, entered_at, name, level, parent, until_on, merged_into)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![
                next.code.as_str(),
                first_day(next.from_on),
                change.now,
                next.name.as_str(),
                next.level.as_str(),
                next.parent.as_str(),
                next.until_on.map(day_number),
                next.merged_into.as_str(),
            ],
        )?;
        change.number_under_unit(unit)
    })?;
    Ok(Some(next))
}
