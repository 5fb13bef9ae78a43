//! `credence bench [NAME]`: the project's own benchmarks, each with its peer where one can be run.
//!
//! A goal is a ratio to a peer in the same run on the same rows and duties (docs/performance.md). Peers are small scripts
//! of ours in `crates/cli/bench`; `make bench-setup` installs what they need. Nothing here is a test: no figure fails a
//! build.

mod import;
mod machine;
mod process;
pub mod report;

use super::Common;
use crate::exit::Done;
use clap::Subcommand;

/// The project's own benchmarks, each with its peer where one can be run.
#[derive(Debug, clap::Args)]
pub struct Bench {
    #[command(subcommand)]
    name: Option<Name>,
}

#[derive(Debug, Subcommand)]
enum Name {
    /// A department's file into an empty register, and the same file again (W1).
    Import(import::Import),
}

impl Bench {
    /// Runs the command; without a name it says which benchmarks there are.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        match &self.name {
            Some(Name::Import(import)) => import.run(common.json),
            None => {
                println!(
                    "credence bench import    W1  a department's file into a register, beside DuckDB and PostgreSQL"
                );
                Ok(Done::Whole)
            }
        }
    }
}
