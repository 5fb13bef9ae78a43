//! `credence bench [NAME]`: the project's own benchmarks, each with its peer where one can be run.
//!
//! A goal is a ratio to a peer in the same run on the same rows and duties (docs/performance.md). Peers are small scripts
//! of ours in `crates/cli/bench`; `make bench-setup` installs what they need. Nothing here is a test: no figure fails a
//! build.

mod backup;
mod import;
mod loader;
mod log;
mod machine;
mod peer;
mod process;
mod profile;
pub mod report;
mod search;
pub(super) mod served;
mod start;
mod stream;
mod sweep;
mod write;
mod wrk;

use super::Common;
use crate::exit::Done;
use crate::output::say;
use clap::Subcommand;

/// The project's own benchmarks, each with its peer where one can be run.
#[derive(Debug, clap::Args)]
pub struct Bench {
    #[command(subcommand)]
    name: Option<Name>,
}

#[derive(Debug, Subcommand)]
enum Name {
    /// Backup, check and restoration, beside pg_dump and pg_restore (W9).
    Backup(backup::Backup),
    /// A department's file into an empty register, and the same file again (W1).
    Import(import::Import),
    /// Leaves appended to the log in bulk, and proofs (W7).
    Log(log::Log),
    /// An organisation's profile over HTTP, beside FastAPI over PostgreSQL (W3).
    Profile(profile::Profile),
    /// Any part of a name among a million (W4).
    Search(search::Search),
    /// Start and idle memory of a server (W9).
    Start(start::Start),
    /// Subscribers of the change stream while changes come.
    Stream(stream::Stream),
    /// Every organisation evaluated, beside Polars and DuckDB (W2).
    Sweep(sweep::Sweep),
    /// Single durable acts at many writers, beside pgbench (W7).
    Write(write::Write),
}

impl Bench {
    /// Runs the command; without a name it says which benchmarks there are.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        match &self.name {
            Some(Name::Backup(backup)) => backup.run(common.json),
            Some(Name::Import(import)) => import.run(common.json),
            Some(Name::Log(log)) => log.run(common.json),
            Some(Name::Profile(profile)) => profile.run(common.json),
            Some(Name::Search(search)) => search.run(common.json),
            Some(Name::Start(start)) => start.run(common.json),
            Some(Name::Stream(stream)) => stream.run(common.json),
            Some(Name::Sweep(sweep)) => sweep.run(common.json),
            Some(Name::Write(write)) => write.run(common.json),
            None => {
                say!("credence bench backup    W9  backup and restoration, beside pg_dump and pg_restore")?;
                say!("credence bench import    W1  a department's file into a register, beside DuckDB and PostgreSQL")?;
                say!("credence bench log       W7  leaves appended to the log in bulk, and proofs")?;
                say!("credence bench profile   W3  an organisation by its code over HTTP, beside FastAPI")?;
                say!("credence bench search    W4  any part of a name among a million, beside SQL")?;
                say!("credence bench start     W9  start and idle memory of a server")?;
                say!("credence bench stream        subscribers of the change stream while changes come")?;
                say!("credence bench sweep     W2  every organisation evaluated, beside Polars and DuckDB")?;
                say!("credence bench write     W7  single durable acts at 64 writers, beside pgbench")?;
                Ok(Done::Whole)
            }
        }
    }
}
