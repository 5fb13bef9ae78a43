//! W1: a penalty file decoded, judged, deduplicated and written with versions, act and commitments, durably; then the
//! same file again. Ours on both databases and the peers in turns, each in a process of its own, on an empty register.
//!
//! Peers do the same checks and duties in SQL on the same rows, and their counts must agree with ours. Ours is timed from
//! the start of the process to its end; theirs without their start.

use super::report::Report;
use super::{loader, process};
use crate::exit::Done;
use crate::output::note;
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
    /// Which sides, in turns.
    #[arg(long, value_delimiter = ',', default_value = "sqlite,duckdb,postgres,loader")]
    sides: Vec<Side>,
    /// Where files and registers are made (and taken away again); needs about 3 kB a row.
    #[arg(long)]
    dir: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Side {
    /// Ours on SQLite.
    Sqlite,
    /// DuckDB with a hashed key.
    Duckdb,
    /// Ours on PostgreSQL.
    Postgres,
    /// PostgreSQL's COPY, checks in SQL and upsert, in one session.
    Loader,
}

/// What docs/performance.md promises: at least so many times the other figure.
const GOALS: [(&str, &str, f64); 6] = [
    ("sqlite.first", "duckdb.first", 1.3),
    ("sqlite.first", "loader.first", 5.0),
    ("postgres.first", "duckdb.first", 1.1),
    ("postgres.first", "loader.first", 4.0),
    ("sqlite.identical", "sqlite.first", 2.0),
    ("postgres.identical", "postgres.first", 2.0),
];

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
        note!("writing {} rows", self.rows);
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
                note!("run {run} of {}: {side:?}", self.runs);
                self.measure(*side, folder.path(), &work, server.as_ref(), &mut report)?;
            }
        }
        for (ours, peer, goal) in GOALS {
            report.compare(ours, peer, Some(goal));
        }
        report.notes.push(
            "peers make no commitments, acts, publicity dates, holds or name conflicts; ours does all of it".to_owned(),
        );
        report.print(json)?;
        Ok(Done::Whole)
    }

    fn needs_server(&self) -> bool {
        self.sides.iter().any(|side| matches!(side, Side::Postgres | Side::Loader))
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
            Side::Duckdb => self.duckdb(folder.path(), work, report),
            Side::Loader => {
                let server = server.context("the server was not started")?;
                let address = server.database();
                self.loader(&address, work, report)?;
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
            work.check(side, pass, &ran.printed)?;
            report.measured(&format!("{side}.{pass}"), "rows/s", self.rows as f64 / ran.seconds);
            report.measured(&format!("{side}.{pass}.peak"), "MiB", ran.peak_mib);
            report.measured(&format!("{side}.{pass}.cpu"), "s", ran.cpu_seconds);
        }
        Ok(())
    }

    fn duckdb(&self, folder: &Path, work: &Work, report: &mut Report) -> anyhow::Result<()> {
        settle();
        let ran = loader::duckdb_import(folder, &work.file, &work.source)?;
        report.version(ran.printed["version"].as_str().unwrap_or_default().to_owned());
        for pass in ["first", "identical"] {
            let printed = &ran.printed["passes"][pass];
            work.check("duckdb", pass, printed)?;
            let seconds = printed["seconds"].as_f64().context("the peer gave no time")?;
            report.measured(&format!("duckdb.{pass}"), "rows/s", self.rows as f64 / seconds);
        }
        report.measured("duckdb.peak", "MiB", ran.peak_mib);
        report.measured("duckdb.cpu", "s", ran.cpu_seconds);
        Ok(())
    }

    fn loader(&self, address: &str, work: &Work, report: &mut Report) -> anyhow::Result<()> {
        loader::postgres_schema(address)?;
        for (batch, pass) in [(1, "first"), (2, "identical")] {
            settle();
            let ran = loader::postgres_import(address, &work.file, &work.source, batch)?;
            work.check("loader", pass, &ran.printed)?;
            report.measured(&format!("loader.{pass}"), "rows/s", self.rows as f64 / ran.seconds);
        }
        Ok(())
    }
}

impl Work {
    /// Ours and theirs must find the same: else they did not do the same work.
    fn check(&self, side: &str, pass: &str, printed: &serde_json::Value) -> anyhow::Result<()> {
        let count = |key: &str| printed.get(key).and_then(serde_json::Value::as_u64).unwrap_or(0);
        let found = Expected {
            rows: count("read"),
            accepted: count("accepted"),
            unchanged: count("unchanged"),
            rejected: count("rejected"),
        };
        let expected = self.expected.in_pass(pass);
        ensure!(found == expected, "{side}, {pass} pass: {found:?} instead of {expected:?}");
        Ok(())
    }
}

/// Lets what the run before left in the page cache reach the disk.
fn settle() {
    // Where there is no such program the runs are only a little noisier.
    let _ = Command::new("sync").status();
}
