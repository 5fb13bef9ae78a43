//! `credence unit list|show|set|consent|subscribe|changes`: the directory of units, whom they let correct in their name, and
//! what changed in their areas.

mod changes;
mod consent;
mod set;
mod show;

use super::Common;
use crate::exit::Done;
use crate::output::say;
use clap::Subcommand;
use credence_app::{AppError, Clock, Service};
use credence_domain::subject::Uscc;
use jiff::civil::Date;

/// The directory of units.
#[derive(Debug, clap::Args)]
pub struct Unit {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// All units in order of their codes, as they stand today.
    List {
        /// As they stood, or will stand, on a day.
        #[arg(long, value_parser = super::parse_date)]
        on: Option<Date>,
    },
    /// One unit with its history.
    Show {
        /// Its unified social credit code.
        uscc: String,
    },
    /// Enters a unit or changes what is given, from a day on.
    Set(Box<set::Set>),
    /// Whom units let correct in their name.
    #[command(subcommand)]
    Consent(consent::Action),
    /// A unit takes the changes of its areas.
    Subscribe(changes::Subscribe),
    /// What changed in a unit's areas.
    Changes(changes::Changes),
}

impl Unit {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        match &self.action {
            Action::List { on } => list(common, *on)?,
            Action::Show { uscc } => show::run(common, uscc)?,
            Action::Set(set) => set.run(common)?,
            Action::Consent(action) => action.run(common)?,
            Action::Subscribe(subscribe) => subscribe.run(common)?,
            Action::Changes(changes) => changes.run(common)?,
        }
        Ok(Done::Whole)
    }
}

fn list(common: &Common, on: Option<Date>) -> anyhow::Result<()> {
    let service = Service::open(common.address()?, Clock::system(), None)?;
    let units = service.units_for_office(on.unwrap_or_else(|| service.today()))?;
    if common.json {
        return crate::output::json(&units);
    }
    for unit in &units {
        say!("{}\t{}\t{}\t{}\t{}", unit.uscc, unit.name, unit.level, unit.area, unit.regulator)?;
    }
    Ok(())
}

fn parse_code(text: &str) -> Result<Uscc, AppError> {
    super::parse_code(text, "uscc", "单位代码")
}
