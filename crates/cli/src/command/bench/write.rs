//! W7, single durable acts: many writers at a server's desk, each with one act at a time (a new record of one organisation with
//! version, commitment, number, header and pending row), acknowledged when it is on the disk; and how long after the
//! acknowledgement a signed checkpoint covers it. The peer is pgbench with as many clients on the same server, one row
//! inserted and committed a transaction.

use super::report::Report;
use crate::exit::Done;
use crate::output::note;
use anyhow::{Context, bail, ensure};
use credence_app::desk::Desk;
use credence_app::log::{Keeper, Reach, Teller};
use credence_app::{Address, AppError, Clock, Service};
use credence_domain::canonical::hex;
use credence_testkit::postgres::{self, Server};
use credence_testkit::single::{self, Single};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// How often the newest checkpoint is looked at.
const LOOKS_EVERY: Duration = Duration::from_millis(5);
/// How long the log may take for what is left at the end.
const LEFT_WITHIN: Duration = Duration::from_secs(60);
/// One act in so many is followed to its checkpoint.
const FOLLOWED: u64 = 16;

/// Single durable acts at many writers (W7).
#[derive(Debug, clap::Args)]
pub struct Write {
    /// Writers, each with one act at a time.
    #[arg(long, default_value_t = 64)]
    writers: usize,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How often each side is measured, in turns.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Which sides, in turns.
    #[arg(long, value_delimiter = ',', default_value = "sqlite,postgres,pgbench")]
    sides: Vec<Side>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Side {
    /// Ours on SQLite.
    Sqlite,
    /// Ours on PostgreSQL.
    Postgres,
    /// One row a transaction by pgbench, on the same PostgreSQL.
    Pgbench,
}

/// What one writer saw: how long each act took, and for some of them which it was and when it was acknowledged.
#[derive(Debug, Default)]
struct Seen {
    took: Vec<Duration>,
    followed: Vec<(String, Duration)>,
}

impl Write {
    /// Runs the benchmark.
    pub fn run(&self, json: bool) -> anyhow::Result<Done> {
        ensure!(self.writers > 0 && self.seconds > 0 && self.runs > 0, "nothing to measure");
        let folder = tempfile::tempdir()?;
        let server = self.sides.iter().any(|side| *side != Side::Sqlite).then(postgres::durable).transpose()?;
        let work = format!("single acts on 10,000 organisations by {} writers, {} s", self.writers, self.seconds);
        let mut report = Report::new("write", work);
        if server.is_some() {
            report.version(postgres::version()?);
        }
        for run in 1..=self.runs {
            for side in &self.sides {
                note!("run {run} of {}: {side:?}", self.runs);
                let folder = tempfile::tempdir_in(folder.path())?;
                match side {
                    Side::Sqlite => {
                        self.ours("sqlite", Address::Sqlite(folder.path().join("register.db")), &mut report)?;
                    }
                    Side::Postgres => {
                        let (server, url) = database(server.as_ref())?;
                        let address = Address::parse(&url).map_err(AppError::from)?;
                        self.ours("postgres", address, &mut report)?;
                        server.forget(&url)?;
                    }
                    Side::Pgbench => {
                        let (server, url) = database(server.as_ref())?;
                        self.peer(folder.path(), &url, &mut report)?;
                        server.forget(&url)?;
                    }
                }
            }
        }
        report.compare("postgres.acts", "pgbench.rows", None);
        report.compare("sqlite.acts", "pgbench.rows", None);
        report.notes.push(
            "goals: 5,000 acts/s on either database, p99 ≤ 300 ms from acknowledgement to a signed checkpoint"
                .to_owned(),
        );
        report.notes.push("an act is a record with its version, commitment, number, header and place in the log; pgbench inserts one row of the same size".to_owned());
        report.print(json)?;
        Ok(Done::Whole)
    }

    fn ours(&self, side: &str, address: Address, report: &mut Report) -> anyhow::Result<()> {
        let rulebook = {
            let mut writer = address.writer(Clock::system()).map_err(AppError::from)?;
            credence_app::rulebook::in_force_or_first(&mut writer)?.0.digest
        };
        let service = Arc::new(Service::open(address, Clock::system(), None)?);
        let desk = Arc::new(Desk::open(&service)?);
        let keeper = Arc::new(Keeper::new(Arc::clone(&service), Teller::new(Reach::Public)?));
        let (over, number) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let watch = Clock::stopwatch();
        let placing = {
            let keeper = Arc::clone(&keeper);
            std::thread::spawn(move || keeper.place())
        };
        let looking = {
            let (service, over) = (Arc::clone(&service), Arc::clone(&over));
            std::thread::spawn(move || -> anyhow::Result<Vec<(Duration, u64)>> {
                let mut sizes = Vec::new();
                while !over.load(Ordering::Relaxed) {
                    let size = signed_size(&service)?;
                    if sizes.last().is_none_or(|(_, last)| *last < size) {
                        sizes.push((watch.elapsed(), size));
                    }
                    std::thread::sleep(LOOKS_EVERY);
                }
                Ok(sizes)
            })
        };
        let end = watch.elapsed() + Duration::from_secs(self.seconds);
        let begun = watch.elapsed();
        let writers: Vec<_> = (0..self.writers)
            .map(|_| {
                let (desk, number) = (desk.for_one(), Arc::clone(&number));
                std::thread::spawn(move || -> anyhow::Result<Seen> {
                    let (mut seen, mut packer) = (Seen::default(), single::packer().map_err(AppError::from)?);
                    while watch.elapsed() < end {
                        let taken = number.fetch_add(1, Ordering::Relaxed);
                        let asked = watch.elapsed();
                        let act = Single::new(taken, &mut packer).map_err(AppError::from)?;
                        desk.act(move |writer| Ok(act.enter(writer, &rulebook)?))?;
                        let done = watch.elapsed();
                        seen.took.push(done.saturating_sub(asked));
                        let acts = desk.take_done();
                        if taken.is_multiple_of(FOLLOWED) {
                            seen.followed.extend(acts.iter().map(|act| (hex(&act.act), done)));
                        }
                    }
                    Ok(seen)
                })
            })
            .collect();
        let mut seen = Vec::new();
        for writer in writers {
            seen.push(joined(writer)?);
        }
        let elapsed = watch.elapsed().saturating_sub(begun).as_secs_f64();
        let waiting = Clock::stopwatch();
        while signed_size(&service)? < service.log_size()?.unsigned_abs() || service.status()?.pending > 0 {
            ensure!(waiting.elapsed() < LEFT_WITHIN, "the log does not come after");
            std::thread::sleep(LOOKS_EVERY);
        }
        std::thread::sleep(LOOKS_EVERY * 4);
        over.store(true, Ordering::Relaxed);
        let sizes = joined(looking)?;
        keeper.stop();
        if placing.join().is_err() {
            bail!("the log was not kept");
        }
        let mut covered = Vec::new();
        for (act, done) in seen.iter().flat_map(|seen| &seen.followed) {
            let position = service.log_proof(act)?.leaf_index;
            let at = sizes.iter().find(|(_, size)| *size > position).context("an act without a checkpoint")?.0;
            covered.push(at.saturating_sub(*done).as_secs_f64() * 1e3);
        }
        let mut took: Vec<f64> = seen.iter().flat_map(|seen| &seen.took).map(|took| took.as_secs_f64() * 1e3).collect();
        report.measured(&format!("{side}.acts"), "acts/s", took.len() as f64 / elapsed);
        report.measured(&format!("{side}.p50"), "ms", percentile(&mut took, 50));
        report.measured(&format!("{side}.p99"), "ms", percentile(&mut took, 99));
        report.measured(&format!("{side}.covered_p50"), "ms", percentile(&mut covered, 50));
        report.measured(&format!("{side}.covered_p99"), "ms", percentile(&mut covered, 99));
        Ok(())
    }

    fn peer(&self, folder: &Path, url: &str, report: &mut Report) -> anyhow::Result<()> {
        let table = "create table single(id bigint generated always as identity primary key, uscc text, body bytea)";
        let made = Command::new("psql")
            .args(["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", url, "-c", table])
            .output()?;
        ensure!(made.status.success(), "psql: {}", String::from_utf8_lossy(&made.stderr));
        let script = folder.join("insert.sql");
        let body = "5a".repeat(400);
        let insert = format!("insert into single(uscc, body) values ('91379900MA0TE5T16G', '\\x{body}');\n");
        std::fs::write(&script, insert)?;
        let mut command = Command::new(postgres::programs()?.join("pgbench"));
        command.args(["--no-vacuum", "--protocol=prepared", "--jobs=2", "--client"]).arg(self.writers.to_string());
        command.arg("--time").arg(self.seconds.to_string()).arg("--file").arg(&script).arg(url);
        let ran = command.output().context("pgbench")?;
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse::<f64>().ok());
        report.measured("pgbench.rows", "rows/s", rate.with_context(|| format!("pgbench says {said}"))?);
        Ok(())
    }
}

fn database(server: Option<&Server>) -> anyhow::Result<(&Server, String)> {
    let server = server.context("the server was not started")?;
    Ok((server, server.database()))
}

/// Leaves that the newest checkpoint covers: its second line.
fn signed_size(service: &Service) -> anyhow::Result<u64> {
    let note = service.log_checkpoint()?;
    note.lines().nth(1).and_then(|line| line.parse().ok()).context("a checkpoint without a size")
}

fn joined<T>(thread: std::thread::JoinHandle<anyhow::Result<T>>) -> anyhow::Result<T> {
    thread.join().unwrap_or_else(|_| bail!("a thread has ended early"))
}

fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default()
}
