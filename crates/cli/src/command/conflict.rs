//! `credence conflict list`: names that were sent for a known code and differ from the one on file.

use super::Common;
use crate::exit::Done;
use clap::Subcommand;
use credence_app::{Clock, Service, View};

/// Names that differ from the one on file.
#[derive(Debug, clap::Args)]
pub struct Conflict {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Open conflicts in order of codes.
    List,
}

impl Conflict {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let Action::List = self.action;
        let service = Service::open(common.address()?, Clock::system(), None)?;
        let found = service.name_conflicts(&View::office(service.today()))?;
        if common.json {
            crate::output::json(&found)?;
        } else {
            for conflict in found {
                println!("{}\t{}\t{}\t{}", conflict.uscc, conflict.standing, conflict.sent, conflict.source);
            }
        }
        Ok(Done::Whole)
    }
}
