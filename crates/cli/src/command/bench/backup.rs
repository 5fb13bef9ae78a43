//! W9: a backup of a register, reading it again, and restoring it, beside what the databases have: `pg_dump` and `pg_restore`.

use super::process;
use super::profile::Filled;
use super::report::Report;
use crate::exit::Done;
use crate::output::note;
use anyhow::ensure;
use credence_app::Clock;
use credence_testkit::postgres;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Backup, check and restoration (W9).
#[derive(Debug, clap::Args)]
pub struct Backup {
    /// Rows of the penalty file that fills the register.
    #[arg(long, default_value_t = 1_000_000)]
    rows: u64,
    /// How often each side is measured, in turns.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Where files and registers are made, and taken away again.
    #[arg(long)]
    dir: Option<PathBuf>,
}

/// Runs our program.
fn ours(address: &str, key: Option<&Path>, arguments: &[&str]) -> anyhow::Result<process::Ran> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--json", "--database", address]);
    if let Some(key) = key {
        command.arg("--backup-key").arg(key);
    }
    command.args(arguments);
    process::run(command)
}

/// How long a program takes that prints nothing.
fn seconds_of(mut command: Command) -> anyhow::Result<f64> {
    let watch = Clock::stopwatch();
    ensure!(command.status()?.success(), "{:?} failed", command.get_program());
    Ok(watch.elapsed().as_secs_f64())
}

impl Backup {
    /// Runs the benchmark.
    pub fn run(&self, json: bool) -> anyhow::Result<Done> {
        ensure!(self.rows > 0 && self.runs > 0, "nothing to measure");
        let folder = match &self.dir {
            Some(dir) => tempfile::tempdir_in(dir)?,
            None => tempfile::tempdir()?,
        };
        let register = Filled::make(folder.path(), self.rows)?;
        let server = postgres::durable()?;
        let on_server = server.database();
        note!("copying to PostgreSQL");
        ours(&register.address, None, &["copy", "--to", &on_server])?;
        let mut report = Report::new("backup", format!("a register of {} penalties", self.rows));
        report.version(postgres::version()?);
        for run in 1..=self.runs {
            for (side, address) in [("sqlite", &register.address), ("postgres", &on_server)] {
                note!("run {run} of {}: {side}", self.runs);
                let room = tempfile::tempdir_in(folder.path())?;
                let at = |name: &str| room.path().join(name).display().to_string();
                // One key for both: a copy carries the mark of the register that it was made from.
                let key = folder.path().join("backup-key");
                let made = ours(address, Some(&key), &["backup", &at("backup")])?;
                report.measured(&format!("{side}.backup"), "s", made.seconds);
                report.measured(&format!("{side}.backup.memory"), "MiB", made.peak_mib);
                let checked = ours(address, Some(&key), &["backup", "--check", &at("backup")])?;
                report.measured(&format!("{side}.check"), "s", checked.seconds);
                let empty = match side {
                    "sqlite" => format!("sqlite:{}", at("restored.db")),
                    _ => server.database(),
                };
                let restored = ours(&empty, Some(&key), &["restore", &at("backup")])?;
                report.measured(&format!("{side}.restore"), "s", restored.seconds);
                report.measured(&format!("{side}.restore.memory"), "MiB", restored.peak_mib);
                if side == "postgres" {
                    self.theirs(&on_server, &server, room.path(), &mut report)?;
                    server.forget(&empty)?;
                }
            }
        }
        report.compare("postgres.backup", "pg_dump.backup", None);
        report.compare("postgres.restore", "pg_restore.restore", None);
        report.notes.push(
            "ours seals every record by itself, computes the state digest and the log's root, and reads everything again; \
             a restoration ends with comparing both. pg_dump (custom format, packed) and pg_restore (one job) do neither"
                .to_owned(),
        );
        report.print(json)?;
        Ok(Done::Whole)
    }

    /// What PostgreSQL itself has.
    fn theirs(&self, from: &str, server: &postgres::Server, room: &Path, report: &mut Report) -> anyhow::Result<()> {
        let (programs, file) = (postgres::programs()?, room.join("dump"));
        let mut dump = Command::new(programs.join("pg_dump"));
        dump.args(["--format=custom", "--compress=1", "--file"]).arg(&file).arg(from);
        report.measured("pg_dump.backup", "s", seconds_of(dump)?);
        let empty = server.database();
        let mut restore = Command::new(programs.join("pg_restore"));
        restore.args(["--no-owner", "--exit-on-error", "--dbname", &empty]).arg(&file);
        report.measured("pg_restore.restore", "s", seconds_of(restore)?);
        server.forget(&empty)?;
        Ok(())
    }
}
