//! `credence unit set`: enters a unit or changes what is given. What was not known is filled in for all its days; what was
//! known changes from today, or from the day that `--from` names.

use crate::command::Common;
use credence_app::AppError;
use credence_app::directory::{self, UnitPatch};
use jiff::civil::Date;

#[derive(Debug, clap::Args)]
pub(super) struct Set {
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
    /// Area: code or name.
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
    /// Officer of the standing declaration of secrecy review; empty ends it.
    #[arg(long)]
    secrecy_officer: Option<String>,
    /// Day of that declaration.
    #[arg(long, value_parser = crate::command::parse_date)]
    secrecy_on: Option<Date>,
    /// First day on which level, area, parent, sector, regulator and declaration are so.
    #[arg(long, value_parser = crate::command::parse_date)]
    from: Option<Date>,
    /// A unit that sends for this one; may be given several times.
    #[arg(long)]
    entrusts: Vec<String>,
    /// A total that it declared, as ITEM:YYYY-MM=NUMBER; may be given several times.
    #[arg(long)]
    declared: Vec<String>,
}

impl Set {
    pub(super) fn run(&self, common: &Common) -> anyhow::Result<()> {
        let uscc = super::parse_code(&self.uscc)?;
        let (mut writer, rulebook) = common.writer()?;
        let mut unit = directory::find(&mut writer, uscc)?.unwrap_or_default();
        unit.uscc = uscc.to_string();
        if let Some(name) = &self.name {
            unit.name.clone_from(name);
        }
        unit.names.extend(self.names.iter().filter(|name| !unit.names.contains(name)).cloned().collect::<Vec<_>>());
        unit.entrusts.extend(self.entrusts.iter().filter(|u| !unit.entrusts.contains(u)).cloned().collect::<Vec<_>>());
        for declared in &self.declared {
            let (key, total) = declared
                .split_once('=')
                .and_then(|(key, total)| Some((key.to_owned(), total.parse().ok()?)))
                .ok_or_else(|| AppError::refused("bad_parameter", "declared", "应为 ITEM:YYYY-MM=数量"))?;
            unit.declared.insert(key, total);
        }
        let patch = UnitPatch {
            level: self.level.clone(),
            area: self.area.clone(),
            parent: self.parent.clone(),
            sector: self.sector.clone(),
            regulator: self.regulator.clone(),
            secrecy_officer: self.secrecy_officer.clone(),
            secrecy_on: self.secrecy_on,
        };
        directory::change(&mut writer, &unit, &patch, self.from, &rulebook)?;
        if common.json {
            crate::output::json(&directory::find(&mut writer, uscc)?)?;
        }
        Ok(())
    }
}
