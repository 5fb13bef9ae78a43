//! `credence area list|set`: the directory of areas, dated.

use super::Common;
use crate::exit::Done;
use crate::output::say;
use clap::Subcommand;
use credence_app::directory::{self, AreaPatch};
use credence_app::{Clock, Service};
use jiff::civil::Date;

/// The directory of areas.
#[derive(Debug, clap::Args)]
pub struct Area {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// All areas in order of their codes, with every state that they had or will have.
    List,
    /// Enters an area or changes what is given.
    Set(Box<Set>),
}

#[derive(Debug, clap::Args)]
struct Set {
    /// Its code (GB/T 2260), or its name where it has none.
    code: String,
    /// Its name.
    #[arg(long)]
    name: Option<String>,
    /// province, city or county.
    #[arg(long, value_parser = ["province", "city", "county"])]
    level: Option<String>,
    /// The area above: code or name.
    #[arg(long)]
    parent: Option<String>,
    /// First day on which it is so; without it, a new area always was, a change begins today.
    #[arg(long, value_parser = super::parse_date)]
    from: Option<Date>,
    /// Its last day.
    #[arg(long, value_parser = super::parse_date)]
    until: Option<Date>,
    /// The area that takes it in from the day after: code or name.
    #[arg(long, requires = "until")]
    into: Option<String>,
}

impl Area {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        match &self.action {
            Action::List => list(common)?,
            Action::Set(set) => set.run(common)?,
        }
        Ok(Done::Whole)
    }
}

fn list(common: &Common) -> anyhow::Result<()> {
    let areas = Service::open(common.address()?, Clock::system(), None)?.areas()?;
    if common.json {
        return crate::output::json(&areas);
    }
    for area in &areas {
        for state in &area.history {
            let day = |day: Option<Date>, none: &str| day.map_or_else(|| none.to_owned(), |day| day.to_string());
            let (from, until) = (day(state.from_on, "始"), day(state.until_on, "今"));
            let (level, parent, into) = (&state.level, &state.parent, &state.merged_into);
            let merged = if into.is_empty() { String::new() } else { format!("\t并入 {into}") };
            say!("{}\t{}\t{from} 至 {until}\t{level}\t上级 {parent}{merged}", area.code, state.name)?;
        }
    }
    Ok(())
}

impl Set {
    fn run(&self, common: &Common) -> anyhow::Result<()> {
        let (mut writer, rulebook) = common.writer()?;
        let patch = AreaPatch {
            name: self.name.clone(),
            level: self.level.clone(),
            parent: self.parent.clone(),
            until_on: self.until,
            merged_into: self.into.clone(),
        };
        let entered = directory::set_area(&mut writer, self.code.trim(), &patch, self.from, &rulebook)?;
        if common.json {
            crate::output::json(&entered)?;
        }
        Ok(())
    }
}
