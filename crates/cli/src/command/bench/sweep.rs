//! W2: every organisation of a register evaluated: store to store with a full explanation; and from a snapshot, file to
//! file, beside Polars and DuckDB on the same records.
//!
//! Ours is timed from the start of the process to its end; theirs without their start. Points and grade of every
//! organisation must agree, else nothing is printed. Scoring alone with explanations, from records in memory, is a figure
//! of its own.

use super::report::Report;
use super::{peer, process};
use crate::exit::Done;
use crate::output::note;
use anyhow::{Context, anyhow, ensure};
use credence_app::evaluation::snapshot::each_outcome;
use credence_app::rulebook::shipped;
use credence_app::{Address, Clock};
use credence_domain::evaluation::Scorer;
use credence_testkit::crowd::{self, Counted, Crowd, Held, Results};
use credence_testkit::postgres;
use jiff::civil::Date;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every organisation evaluated (W2).
#[derive(Debug, clap::Args)]
pub struct Sweep {
    /// Organisations of the register.
    #[arg(long, default_value_t = 1_000_000)]
    organisations: u64,
    /// Records for each organisation, on average; a few have thousands.
    #[arg(long, default_value_t = 19)]
    records_per: u64,
    /// How often each side is measured, in turns.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Which sides, in turns.
    #[arg(long, value_delimiter = ',', default_value = "sqlite,postgres,snapshot,polars,duckdb,memory")]
    sides: Vec<Side>,
    /// Where files and registers are made (and taken away again); needs about 1 kB a record with both databases.
    #[arg(long)]
    dir: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Side {
    /// Ours on SQLite.
    Sqlite,
    /// Ours on PostgreSQL.
    Postgres,
    /// Ours from a snapshot to Parquet.
    Snapshot,
    /// Polars from Parquet to Parquet.
    Polars,
    /// DuckDB from Parquet to Parquet.
    Duckdb,
    /// Ours, scoring alone, from records in memory.
    Memory,
}

/// One organisation in so many changes in a day.
const TOUCHED: usize = 100;
/// Organisations on which scoring alone is measured.
const IN_MEMORY: u64 = 200_000;

/// The first result, which every later one must equal.
#[derive(Debug, Default)]
struct Agreed {
    results: Option<Results>,
    day: Option<Date>,
}

impl Agreed {
    fn on(&mut self, side: &str, results: Results) -> anyhow::Result<()> {
        let first = self.results.get_or_insert_with(|| results.clone());
        ensure!(*first == results, "{side} has other points or grades: {results:?} instead of {first:?}");
        Ok(())
    }
}

impl Sweep {
    /// Runs the benchmark.
    pub fn run(&self, json: bool) -> anyhow::Result<Done> {
        ensure!(self.organisations > 0 && self.records_per > 0 && self.runs > 0, "nothing to measure");
        let folder = match &self.dir {
            Some(dir) => tempfile::tempdir_in(dir)?,
            None => tempfile::tempdir()?,
        };
        let crowd =
            Crowd { organisations: self.organisations, records: self.organisations * self.records_per, seed: 2019 };
        let server = self.sides.contains(&Side::Postgres).then(postgres::durable).transpose()?;
        let mut report = Report::new(
            "sweep",
            format!("{} organisations with {} records evaluated, all of them due", crowd.organisations, crowd.records),
        );
        let sqlite = format!("sqlite:{}", folder.path().join("register.db").display());
        let on_server = server.as_ref().map(postgres::Server::database).unwrap_or_default();
        let copied = self.sides.iter().any(|side| matches!(side, Side::Snapshot | Side::Polars | Side::Duckdb));
        for (side, address) in [(Side::Sqlite, &sqlite), (Side::Postgres, &on_server)] {
            if self.sides.contains(&side) || (side == Side::Sqlite && copied) {
                note!("filling {side:?}");
                fill(&crowd, &Address::parse(address)?)?;
            }
        }
        if self.sides.contains(&Side::Postgres) {
            report.version(postgres::version()?);
        }
        let mut held_records = crowd.records;
        if copied {
            note!("making the snapshot");
            held_records = snapshot(folder.path(), &sqlite, &mut report)?;
        }
        if self.needs_python() {
            note!("writing the peers' files");
            process::run(script(&["prepare".as_ref(), folder.path().as_os_str()])?)?;
        }
        let small = Crowd { organisations: crowd.organisations.min(IN_MEMORY), ..crowd };
        let small = Crowd { records: small.organisations * self.records_per, ..small };
        let held = self.sides.contains(&Side::Memory).then(|| Held::of(&small));
        let mut agreed = Agreed::default();
        for run in 1..=self.runs {
            for side in &self.sides {
                note!("run {run} of {}: {side:?}", self.runs);
                match (side, &held) {
                    (Side::Sqlite, _) => ours("sqlite", &sqlite, &crowd, &mut agreed, &mut report)?,
                    (Side::Postgres, _) => ours("postgres", &on_server, &crowd, &mut agreed, &mut report)?,
                    (Side::Snapshot, _) => {
                        from_snapshot(folder.path(), &sqlite, held_records, &mut agreed, &mut report)?
                    }
                    (Side::Polars, _) => theirs("polars", folder.path(), held_records, &mut agreed, &mut report)?,
                    (Side::Duckdb, _) => theirs("duckdb", folder.path(), held_records, &mut agreed, &mut report)?,
                    (Side::Memory, Some(held)) => {
                        report.measured("memory.score", "records/s", small.records as f64 / score(held)?);
                    }
                    (Side::Memory, None) => {}
                }
            }
        }
        report.compare("snapshot.sweep", "polars.sweep", Some(1.5));
        report.compare("snapshot.sweep", "duckdb.sweep", None);
        report.compare("memory.score", "polars.sweep", None);
        report.notes.push(format!(
            "from the snapshot and the peers: {held_records} records that are public today, from sorted Parquet files to \
             a Parquet file of points and grades. Store to store: register to register, committed, with lines, next \
             change and what would change the grade; its goal is a time"
        ));
        report.notes.push("the register was filled past the importer: rows without acts, content and log".to_owned());
        report.print(json)?;
        Ok(Done::Whole)
    }

    fn needs_python(&self) -> bool {
        self.sides.iter().any(|side| matches!(side, Side::Polars | Side::Duckdb))
    }
}

/// Everyone for the first time, everyone again, and whom a day's changes made due.
fn ours(side: &str, address: &str, crowd: &Crowd, agreed: &mut Agreed, report: &mut Report) -> anyhow::Result<()> {
    let failed = |error| anyhow!("{side}: {error}");
    let register = Address::parse(address)?;
    crowd::unsweep(&register).map_err(failed)?;
    for (pass, force) in [("first", false), ("again", true)] {
        settle();
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--json", "--database", address, "evaluate", "--all"]);
        command.args(force.then_some("--force"));
        let ran = process::run(command)?;
        agreed.on(side, crowd::results(&register).map_err(failed)?)?;
        agreed.day = ran.printed["as_of"].as_str().and_then(|day| day.parse().ok());
        report.measured(&format!("{side}.{pass}"), "records/s", crowd.records as f64 / ran.seconds);
        report.measured(&format!("{side}.{pass}.time"), "s", ran.seconds);
        report.measured(&format!("{side}.{pass}.cpu"), "s", ran.cpu_seconds);
        report.measured(&format!("{side}.{pass}.peak"), "MiB", ran.peak_mib);
    }
    let touched = crowd::touch(crowd, &register, TOUCHED).map_err(failed)?;
    settle();
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--json", "--database", address, "evaluate", "--all"]);
    let ran = process::run(command)?;
    ensure!(ran.printed["due"].as_u64() == Some(touched), "{side}: {} instead of {touched} due", ran.printed["due"]);
    report.measured(&format!("{side}.day.time"), "s", ran.seconds);
    Ok(())
}

/// A register with the shipped edition enacted and the crowd in it.
fn fill(crowd: &Crowd, register: &Address) -> anyhow::Result<()> {
    crowd::fill(crowd, register).map_err(|error| anyhow!("the register cannot be filled: {error}"))?;
    let mut writer = register.writer(Clock::system()).map_err(credence_app::AppError::from)?;
    credence_app::rulebook::in_force_or_first(&mut writer)?;
    Ok(())
}

/// Makes a snapshot of a register; gives its records.
fn snapshot(folder: &Path, register: &str, report: &mut Report) -> anyhow::Result<u64> {
    settle();
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--json", "--database", register, "snapshot", "make"]).arg(folder.join("snapshot"));
    let ran = process::run(command)?;
    report.measured("snapshot.make.time", "s", ran.seconds);
    report.measured("snapshot.make.peak", "MiB", ran.peak_mib);
    ran.printed["records"].as_u64().context("the snapshot has no count of records")
}

/// Everyone from the snapshot to a file.
fn from_snapshot(
    folder: &Path,
    register: &str,
    records: u64,
    agreed: &mut Agreed,
    report: &mut Report,
) -> anyhow::Result<()> {
    settle();
    let out = folder.join("snapshot.results");
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--json", "--database", register, "snapshot", "sweep"]).arg(folder.join("snapshot"));
    command.arg("--out").arg(&out);
    let ran = process::run(command)?;
    let mut counted = Counted::default();
    each_outcome(&out, |one| counted.take(one.uscc, one.points, one.grade)).map_err(|error| anyhow!("{error}"))?;
    agreed.on("snapshot", counted.results())?;
    report.measured("snapshot.sweep", "records/s", records as f64 / ran.seconds);
    report.measured("snapshot.sweep.time", "s", ran.seconds);
    report.measured("snapshot.sweep.cpu", "s", ran.cpu_seconds);
    report.measured("snapshot.sweep.peak", "MiB", ran.peak_mib);
    Ok(())
}

fn theirs(name: &str, folder: &Path, records: u64, agreed: &mut Agreed, report: &mut Report) -> anyhow::Result<()> {
    settle();
    let day = agreed.day.unwrap_or_else(|| Clock::system().today()).to_string();
    let model = peer::scripts().join("../../../rulebook/evaluation/demonstration.toml");
    let ran = process::run(script(&[name.as_ref(), folder.as_os_str(), model.as_os_str(), day.as_ref()])?)?;
    let text = |key: &str| ran.printed[key].as_str().unwrap_or_default().to_owned();
    let count = ran.printed["count"].as_u64().unwrap_or_default();
    agreed.on(name, Results { count, digest: text("digest") })?;
    report.version(text("version"));
    let seconds = ran.printed["seconds"].as_f64().context("the peer gave no time")?;
    report.measured(&format!("{name}.sweep"), "records/s", records as f64 / seconds);
    report.measured(&format!("{name}.sweep.time"), "s", seconds);
    report.measured(&format!("{name}.sweep.peak"), "MiB", ran.peak_mib);
    Ok(())
}

fn script(arguments: &[&std::ffi::OsStr]) -> anyhow::Result<Command> {
    let python = peer::python().context("no Python for the peers: make bench-setup, or name the databases")?;
    let mut command = Command::new(python);
    command.arg(peer::scripts().join("sweep_peers.py")).args(arguments);
    Ok(command)
}

/// Scores everyone on all cores, with explanations, which are thrown away; gives the seconds.
fn score(held: &Held) -> anyhow::Result<f64> {
    let rulebook = shipped()?;
    let day = Clock::system().today();
    let model = rulebook.models.values().find(|model| model.regions.iter().any(|region| region == "379900"));
    let version = model.and_then(|model| model.version_on(day)).context("no model speaks of the made-up region")?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let watch = Clock::stopwatch();
    let lines: usize = std::thread::scope(|scope| {
        let one = |first: usize| {
            move || {
                let mut scorer = Scorer::new(version, day);
                let mut lines = 0;
                for organisation in (first..held.organisations()).step_by(threads) {
                    held.records(organisation).for_each(|record| scorer.take(&record));
                    lines += std::hint::black_box(scorer.finish()).lines.len();
                }
                lines
            }
        };
        let running: Vec<_> = (0..threads).map(|first| scope.spawn(one(first))).collect();
        running.into_iter().map(|thread| thread.join().unwrap_or(0)).sum()
    });
    let seconds = watch.elapsed().as_secs_f64();
    ensure!(lines > 0, "nothing was scored");
    Ok(seconds)
}

/// Lets what the run before left in the page cache reach the disk.
fn settle() {
    let _ = Command::new("sync").status();
}
