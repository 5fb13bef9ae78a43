//! `credence workday DATE N`: the Nth working day after a date; refuses beyond the published calendar.

use super::{Common, parse_date};
use crate::exit::Done;
use crate::output::{note, say};
use jiff::civil::Date;

/// The Nth working day after a date.
#[derive(Debug, clap::Args)]
pub struct Workday {
    /// The day from which is counted, itself not counted.
    #[arg(value_parser = parse_date)]
    date: Date,
    /// How many working days.
    days: u32,
}

impl Workday {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        match common.rules()?.calendar.workday(self.date, self.days) {
            Ok(found) if common.json => {
                crate::output::json(&serde_json::json!({ "from": self.date, "days": self.days, "on": found }))?;
                Ok(Done::Whole)
            }
            Ok(found) => {
                say!("{found}")?;
                Ok(Done::Whole)
            }
            Err(beyond) => {
                note!("calendar_not_loaded: {year} 年工作日安排尚未载入（{beyond}）", year = beyond.year);
                Ok(Done::WithRefusals)
            }
        }
    }
}
