//! Loading a year of the working-day calendar (放假安排) when its notice has appeared: the edition in force with that one file
//! more, or in the place of an earlier one, enacted as an act of two persons.
//!
//! Takes the file as the rulebook keeps it (TOML), or in the shape in which people publish it (JSON with `year` and `days` of
//! `name`, `date`, `isOffDay`).

use crate::rulebook::{Enacted, describe, enact_edition, files_in_force, read};
use crate::{AppError, Result, Writer};
use credence_domain::calendar::{Day, Year};
use credence_store::connection::Connection;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What was loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loaded {
    /// The year.
    pub year: i16,
    /// Days off and worked weekend days that it names.
    pub days: usize,
    /// No notice was named.
    pub unverified: bool,
    /// An earlier file of the year was replaced.
    pub replaced: bool,
    /// The edition.
    #[serde(flatten)]
    pub enacted: Enacted,
}

/// As it is published.
#[derive(Deserialize)]
struct Published {
    year: i16,
    days: Vec<PublishedDay>,
}

#[derive(Deserialize)]
struct PublishedDay {
    name: String,
    date: Date,
    #[serde(rename = "isOffDay")]
    off: bool,
}

fn wrong(what: impl std::fmt::Display) -> AppError {
    AppError::refused("bad_parameter", "file", format!("放假安排文件无法使用：{what}"))
}

/// Reads a year. `notice` is the number of the notice, where the file does not say it.
///
/// # Errors
/// `bad_parameter` saying what is wrong with the file.
pub fn year_of(text: &str, notice: Option<&str>) -> Result<Year> {
    let mut year = if text.trim_start().starts_with('{') {
        let published: Published = serde_json::from_str(text).map_err(wrong)?;
        let mut days: Vec<Day> =
            published.days.into_iter().map(|day| Day { date: day.date, name: day.name, off: day.off }).collect();
        days.sort_by_key(|day| day.date);
        Year { year: published.year, notices: Vec::new(), unverified: false, days }
    } else {
        toml::from_str(text).map_err(|error| wrong(error.message()))?
    };
    if let Some(notice) = notice.map(str::trim).filter(|notice| !notice.is_empty()) {
        year.notices = vec![notice.to_owned()];
        year.unverified = false;
    }
    year.unverified |= year.notices.is_empty();
    if !year.days.iter().any(|day| day.off) {
        return Err(wrong("没有一个放假日"));
    }
    Ok(year)
}

/// The years of the edition in force.
///
/// # Errors
/// As [`crate::rulebook::in_force`].
pub fn years(connection: &mut Connection) -> Result<Vec<Year>> {
    let files = files_in_force(connection)?.into_iter().filter(|(path, _)| path.starts_with("calendar/"));
    files.map(|(_, text)| toml::from_str(&text).map_err(wrong)).collect()
}

/// Loads a year into the edition in force and enacts it.
///
/// # Errors
/// `rulebook_invalid` when the calendar does not hold together with it; as [`enact_edition`].
pub fn load(writer: &mut Writer, year: &Year, actor: &str, second: &str, reason: &str) -> Result<Loaded> {
    let path = format!("calendar/{}.toml", year.year);
    let text = toml::to_string_pretty(year).map_err(wrong)?;
    let mut files = files_in_force(writer.connection())?;
    let before = files.len();
    files.retain(|(name, _)| *name != path);
    let replaced = files.len() < before;
    files.push((path, text));
    files.sort();
    let edition = read(files).map_err(|findings| AppError::refused("rulebook_invalid", "file", describe(&findings)))?;
    let reason =
        if reason.trim().is_empty() { format!("载入{}年放假安排", year.year) } else { reason.to_owned() };
    let enacted = enact_edition(writer, &edition, actor, second, &reason)?;
    Ok(Loaded { year: year.year, days: year.days.len(), unverified: year.unverified, replaced, enacted })
}
