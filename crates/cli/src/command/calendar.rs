//! `credence calendar show|load`: the working-day calendar (放假安排) of the rulebook in force.

use super::Common;
use crate::exit::Done;
use crate::output::{note, say};
use clap::Subcommand;
use credence_app::calendar::{load, year_of, years};
use std::path::PathBuf;

/// The working-day calendar.
#[derive(Debug, clap::Args)]
pub struct Calendar {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// The years of the rulebook in force, with their notices.
    Show,
    /// Loads a year into the rulebook in force and enacts it: TOML as the rulebook keeps it, or JSON as it is published.
    Load {
        /// The file.
        file: PathBuf,
        /// Number of the notice, where the file does not say it.
        #[arg(long)]
        notice: Option<String>,
        /// Who loads it.
        #[arg(long = "as")]
        actor: String,
        /// The second person.
        #[arg(long)]
        second: String,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
}

impl Calendar {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        match &self.action {
            Action::Show => {
                let mut reader = common.address()?.reader().map_err(credence_app::AppError::from)?;
                let years = years(reader.connection())?;
                if common.json {
                    crate::output::json(&years)?;
                } else {
                    for year in years {
                        let notice = if year.unverified { "未核实".to_owned() } else { year.notices.join("、") };
                        say!("{}  {notice}", year.year)?;
                    }
                }
            }
            Action::Load { file, notice, actor, second, reason } => {
                let year = year_of(&std::fs::read_to_string(file)?, notice.as_deref())?;
                let (mut writer, _) = common.writer()?;
                let loaded = load(&mut writer, &year, actor, second, reason)?;
                if common.json {
                    crate::output::json(&loaded)?;
                } else {
                    let how = if loaded.replaced { "已替换" } else { "已载入" };
                    say!("{}  {how} {} 年放假安排", loaded.enacted.digest, loaded.year)?;
                }
                if loaded.unverified {
                    note!("没有通知文号：该年度按未核实标示（--notice 写明文号）");
                }
            }
        }
        Ok(Done::Whole)
    }
}
