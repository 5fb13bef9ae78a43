//! W1: a penalty file decoded, judged, deduplicated and written with versions, act and commitments, durably; then the
//! same file again. Ours on both databases, each in a process of its own, on an empty register.

use super::process;
use super::report::Report;
use crate::exit::Done;
use anyhow::{Context, ensure};
use credence_testkit::penalties::{self, Expected};
use credence_testkit::postgres::{self, Server};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A department's file into an empty register, and the same file again (W1).
#[derive(Debug, clap::Args)]
pub struct Import {
    /// Rows of the file.
    #[arg(long, default_value_t = 1_000_000)]
    rows: u64,
    /// How often each side is measured, in turns.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Which sides: sqlite, postgres.
    #[arg(long, value_delimiter = ',', default_value = "sqlite,postgres")]
    sides: Vec<Side>,
    /// Where files and registers are made (and taken away again); needs about 3 kB a row.
    #[arg(long)]
    dir: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Side {
    Sqlite,
    Postgres,
}

/// The file and what must become of it.
struct Work {
    file: PathBuf,
    source: String,
    expected: Expected,
}

impl Import {
    /// Runs the benchmark.
    pub fn run(&self, json: bool) -> anyhow::Result<Done> {
        ensure!(self.rows > 0 && self.runs > 0, "nothing to measure");
        let folder = match &self.dir {
            Some(dir) => tempfile::tempdir_in(dir)?,
            None => tempfile::tempdir()?,
        };
        let file = folder.path().join("penalties.csv");
        eprintln!("writing {} rows", self.rows);
        let expected = penalties::write(&file, self.rows, 2019)?;
        let size = std::fs::metadata(&file)?.len();
        let work = Work { file, source: penalties::source(), expected };
        let server = self.needs_server().then(postgres::durable).transpose()?;
        let mut report = Report::new(
            "import",
            format!(
                "{} rows of 30 columns in GB18030, {} bytes a row, into an empty register; then the same file again",
                self.rows,
                size / self.rows
            ),
        );
        if self.needs_server() {
            report.version(postgres::version()?);
        }
        for run in 1..=self.runs {
            for side in &self.sides {
                eprintln!("run {run} of {}: {side:?}", self.runs);
                self.measure(*side, folder.path(), &work, server.as_ref(), &mut report)?;
            }
        }
        for side in ["sqlite", "postgres"] {
            report.compare(&format!("{side}.identical"), &format!("{side}.first"), Some(2.0));
        }
        report.print(json)?;
        Ok(Done::Whole)
    }

    fn needs_server(&self) -> bool {
        self.sides.contains(&Side::Postgres)
    }

    fn measure(
        &self,
        side: Side,
        folder: &Path,
        work: &Work,
        server: Option<&Server>,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let folder = tempfile::tempdir_in(folder)?;
        match side {
            Side::Sqlite => {
                let address = format!("sqlite:{}", folder.path().join("register.db").display());
                self.ours("sqlite", &address, work, report)
            }
            Side::Postgres => {
                let server = server.context("the server was not started")?;
                let address = server.database();
                self.ours("postgres", &address, work, report)?;
                Ok(server.forget(&address)?)
            }
        }
    }

    fn ours(&self, side: &str, address: &str, work: &Work, report: &mut Report) -> anyhow::Result<()> {
        for pass in ["first", "identical"] {
            settle();
            let mut command = Command::new(std::env::current_exe()?);
            command.args([
                "--json",
                "--database",
                address,
                "import",
                "--source",
                &work.source,
                "--secrecy-review",
                "bench",
            ]);
            command.arg(&work.file);
            let ran = process::run(command)?;
            let count = |key: &str| ran.printed.get(key).and_then(serde_json::Value::as_u64).unwrap_or(0);
            let found = Expected {
                rows: count("read"),
                accepted: count("accepted"),
                unchanged: count("unchanged"),
                rejected: count("rejected"),
            };
            ensure!(
                found == work.expected.in_pass(pass),
                "{side}, {pass} pass: {found:?} instead of {:?}",
                work.expected.in_pass(pass)
            );
            report.measured(&format!("{side}.{pass}"), "rows/s", self.rows as f64 / ran.seconds);
            report.measured(&format!("{side}.{pass}.peak"), "MiB", ran.peak_mib);
        }
        Ok(())
    }
}

/// Lets what the run before left in the page cache reach the disk.
fn settle() {
    // Where there is no such program the runs are only a little noisier.
    let _ = Command::new("sync").status();
}
