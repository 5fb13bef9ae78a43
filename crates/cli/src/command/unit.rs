//! `credence unit list|set`: the directory of units.

use super::Common;
use crate::exit::Done;
use crate::output::say;
use clap::Subcommand;
use credence_app::{AppError, Clock, Service};
use jiff::civil::Date;

/// The directory of units.
#[derive(Debug, clap::Args)]
pub struct Unit {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// All units in order of their codes.
    List,
    /// Enters a unit or changes what is given.
    Set(Box<Set>),
}

#[derive(Debug, clap::Args)]
struct Set {
    /// Its unified social credit code.
    uscc: String,
    /// Its name.
    #[arg(long)]
    name: Option<String>,
    /// Another name under which it signs; may be given several times.
    #[arg(long = "also-named")]
    names: Vec<String>,
    /// province, city or county.
    #[arg(long, value_parser = ["province", "city", "county"])]
    level: Option<String>,
    /// Area.
    #[arg(long)]
    area: Option<String>,
    /// The unit above it.
    #[arg(long)]
    parent: Option<String>,
    /// Sector.
    #[arg(long)]
    sector: Option<String>,
    /// Chooses the rule pack.
    #[arg(long, value_parser = ["market", "drug", "customs", "tax", "court", "finance", "other"])]
    regulator: Option<String>,
    /// Officer of the standing declaration of secrecy review.
    #[arg(long)]
    secrecy_officer: Option<String>,
    /// Day of that declaration.
    #[arg(long, value_parser = super::parse_date)]
    secrecy_on: Option<Date>,
    /// A unit that sends for this one; may be given several times.
    #[arg(long)]
    entrusts: Vec<String>,
    /// A total that it declared, as ITEM:YYYY-MM=NUMBER; may be given several times.
    #[arg(long)]
    declared: Vec<String>,
}

impl Unit {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        match &self.action {
            Action::List => {
                let service = Service::open(common.address()?, Clock::system(), None)?;
                let units = service.units()?;
                if common.json {
                    crate::output::json(&units.values().collect::<Vec<_>>())?;
                } else {
                    for unit in units.values() {
                        say!("{}\t{}\t{}\t{}\t{}", unit.uscc, unit.name, unit.level, unit.area, unit.regulator)?;
                    }
                }
            }
            Action::Set(set) => set.run(common)?,
        }
        Ok(Done::Whole)
    }
}

impl Set {
    fn run(&self, common: &Common) -> anyhow::Result<()> {
        let uscc = super::parse_code(&self.uscc, "uscc", "单位代码")?;
        let (mut writer, rulebook) = common.writer()?;
        let mut unit = credence_app::directory::find(&mut writer, uscc)?.unwrap_or_default();
        unit.uscc = uscc.to_string();
        let put = |place: &mut String, value: &Option<String>| {
            if let Some(value) = value {
                place.clone_from(value);
            }
        };
        put(&mut unit.name, &self.name);
        put(&mut unit.level, &self.level);
        put(&mut unit.area, &self.area);
        put(&mut unit.parent, &self.parent);
        put(&mut unit.sector, &self.sector);
        put(&mut unit.regulator, &self.regulator);
        put(&mut unit.secrecy_officer, &self.secrecy_officer);
        unit.secrecy_on = self.secrecy_on.or(unit.secrecy_on);
        unit.names.extend(self.names.iter().filter(|name| !unit.names.contains(name)).cloned().collect::<Vec<_>>());
        unit.entrusts.extend(self.entrusts.iter().filter(|u| !unit.entrusts.contains(u)).cloned().collect::<Vec<_>>());
        for declared in &self.declared {
            let (key, total) = declared
                .split_once('=')
                .and_then(|(key, total)| Some((key.to_owned(), total.parse().ok()?)))
                .ok_or_else(|| AppError::refused("bad_parameter", "declared", "应为 ITEM:YYYY-MM=数量"))?;
            unit.declared.insert(key, total);
        }
        credence_app::directory::set(&mut writer, &unit, &rulebook)?;
        if common.json {
            crate::output::json(&unit)?;
        }
        Ok(())
    }
}
