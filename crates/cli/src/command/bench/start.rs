//! W9: from the start of `serve` to its first good answer, and the memory that it keeps while nobody asks.

use super::profile::Filled;
use super::report::Report;
use super::served::{Served, ask, free_port};
use crate::exit::Done;
use crate::output::note;
use anyhow::ensure;
use std::process::Command;
use std::time::Duration;

/// Start and idle memory of a server (W9).
#[derive(Debug, clap::Args)]
pub struct Start {
    /// Rows of the penalty file that fills the register; three organisations to ten rows.
    #[arg(long, default_value_t = 3_500_000)]
    rows: u64,
    /// How often it is started.
    #[arg(long, default_value_t = 5)]
    runs: usize,
}

impl Start {
    /// Runs the benchmark.
    pub fn run(&self, json: bool) -> anyhow::Result<Done> {
        ensure!(self.rows > 0 && self.runs > 0, "nothing to measure");
        let folder = tempfile::tempdir()?;
        let register = Filled::make(folder.path(), self.rows)?;
        let work = format!("serve on a SQLite register of {} organisations", register.organisations);
        let mut report = Report::new("start", work);
        for run in 1..=self.runs {
            note!("run {run} of {}", self.runs);
            let port = free_port()?;
            let mut command = Command::new(std::env::current_exe()?);
            command.args(["--database", &register.address, "serve", "--listen", &format!("127.0.0.1:{port}")]);
            let served = Served::start(command, port, "/readyz")?;
            report.measured("start.ready", "s", served.ready_seconds);
            // A home page, a search and a profile, so that what is loaded at first use is counted too.
            for path in ["/", "/search?q=%E5%85%AC%E5%8F%B8", "/api/v1/organisations?limit=100"] {
                ensure!(ask(port, path)?.starts_with("HTTP/1.1 200"), "{path} was not answered");
            }
            std::thread::sleep(Duration::from_secs(2));
            report.measured("start.idle", "MiB", served.resident_mib()?);
        }
        report.notes.push("goals: ready within 2 s, idle within 200 MiB".to_owned());
        report.print(json)?;
        Ok(Done::Whole)
    }
}
