//! `credence batch list|show`: what was sent, how it was mapped, what came back.

use super::Common;
use crate::exit::Done;
use clap::Subcommand;
use credence_app::{Clock, Service};

/// Batches that were sent.
#[derive(Debug, clap::Args)]
pub struct Batch {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// The latest batches.
    List {
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// One batch with its mapping and rejected rows.
    Show {
        /// Its number.
        number: String,
    },
}

impl Batch {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let service = Service::open(common.address()?, Clock::system(), None)?;
        match &self.action {
            Action::List { limit } => {
                let batches = service.batches(*limit)?;
                if common.json {
                    crate::output::json(&batches)?;
                } else {
                    for batch in batches {
                        let counts = &batch.counts;
                        println!(
                            "{}  {}  {:<9}  {}  {}  读取 {} 新增 {} 未变 {} 更正 {} 退回 {} 暂缓 {}",
                            batch.batch,
                            batch.received_at,
                            batch.state,
                            batch.source,
                            batch.item,
                            counts.read,
                            counts.accepted,
                            counts.unchanged,
                            counts.corrected,
                            counts.rejected,
                            counts.held
                        );
                    }
                }
            }
            Action::Show { number } => crate::output::json(&service.batch(number)?)?,
        }
        Ok(Done::Whole)
    }
}
