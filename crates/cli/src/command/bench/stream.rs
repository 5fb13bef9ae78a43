//! Changes to many: subscribers of the change stream while changes come at a rate; whether each of them got each, and how long
//! after the import that brought it was begun.

use super::report::Report;
use super::served::{Served, free_port};
use crate::exit::Done;
use crate::output::note;
use anyhow::{Context, ensure};
use credence_app::collect::{self, Request};
use credence_app::stream::ChangesRequest;
use credence_app::{Address, Clock, Service, Writer};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_testkit::penalties;
use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How often changes come.
const TIMES_A_SECOND: u64 = 10;
/// How long subscribers may take for what is left at the end.
const LEFT_WITHIN: Duration = Duration::from_secs(30);

/// Subscribers of the change stream.
#[derive(Debug, clap::Args)]
pub struct Stream {
    /// Subscribers.
    #[arg(long, default_value_t = 100)]
    subscribers: usize,
    /// Rows of penalties a second; about four in five of them are public.
    #[arg(long, default_value_t = 1_450)]
    rate: u64,
    /// Seconds.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
}

/// What a subscriber got: each reference with the time since the beginning, and how often one came twice.
#[derive(Debug, Default)]
struct Got {
    records: HashMap<String, Duration>,
    twice: usize,
    position: i64,
}

impl Stream {
    /// Runs the benchmark.
    pub fn run(&self, json: bool) -> anyhow::Result<Done> {
        ensure!(self.subscribers > 0 && self.rate >= TIMES_A_SECOND && self.seconds > 0, "nothing to measure");
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("register.db");
        let address = Address::Sqlite(path.clone());
        Office::open(&address)?.send(folder.path(), 100, 1)?;
        let port = free_port()?;
        let mut command = Command::new(std::env::current_exe()?);
        let (register, listen) = (format!("sqlite:{}", path.display()), format!("127.0.0.1:{port}"));
        command.args(["--database", &register, "serve", "--listen", &listen]);
        let served = Served::start(command, port, "/readyz")?;
        let service = Service::open(address.clone(), Clock::system(), None)?;
        let from = service.log_size()? - 1;
        let watch = Clock::stopwatch();
        let subscribers = (0..self.subscribers)
            .map(|_| subscribe(port, from, move || watch.elapsed()))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let before = served.resident_mib()?;

        note!("{} subscribers, {} rows a second, {} seconds", self.subscribers, self.rate, self.seconds);
        let mut office = Office::open(&address)?;
        let (begun, mut sent) = (watch.elapsed(), Vec::new());
        for turn in 0..self.seconds * TIMES_A_SECOND {
            let due = begun + Duration::from_millis(turn * 1_000 / TIMES_A_SECOND);
            std::thread::sleep(due.saturating_sub(watch.elapsed()));
            let at = watch.elapsed();
            office.send(folder.path(), self.rate / TIMES_A_SECOND, 100 + turn)?;
            sent.push((service.log_size()? - 1, at));
        }
        let elapsed = watch.elapsed().saturating_sub(begun).as_secs_f64();
        let last = service.log_size()? - 1;
        let told = told(&service, from)?;
        await_all(&subscribers, last);

        let (mut missing, mut twice, mut delays) = (0, 0, Vec::new());
        for subscriber in &subscribers {
            let got = subscriber.lock().unwrap_or_else(PoisonError::into_inner);
            twice += got.twice;
            for (reference, position) in &told {
                let Some(came) = got.records.get(reference) else {
                    missing += 1;
                    continue;
                };
                let brought = sent.iter().find(|(end, _)| end >= position).map_or(begun, |(_, at)| *at);
                delays.push(came.saturating_sub(brought).as_secs_f64());
            }
        }
        delays.sort_unstable_by(f64::total_cmp);
        let at =
            |percent: usize| delays.get(delays.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default();
        let work = format!(
            "{} subscribers of events while penalties come in {TIMES_A_SECOND} files a second",
            self.subscribers
        );
        let mut report = Report::new("stream", work);
        report.measured("stream.changes", "changes/s", told.len() as f64 / elapsed);
        report.measured("stream.delivered", "lines", delays.len() as f64);
        report.measured("stream.missing", "lines", f64::from(u32::try_from(missing).unwrap_or(u32::MAX)));
        report.measured("stream.twice", "lines", twice as f64);
        report.measured("stream.p50", "ms", at(50) * 1_000.0);
        report.measured("stream.p99", "ms", at(99) * 1_000.0);
        report.measured("stream.memory_before", "MiB", before);
        report.measured("stream.memory", "MiB", served.resident_mib()?);
        report.notes.push("goal: 100 subscribers and 1,000 changes/s on 2 cores, none missing".to_owned());
        report.notes.push("twice came what was corrected meanwhile: once in each version".to_owned());
        report
            .notes
            .push("delays from the beginning of the import that brought a change to the subscriber's hand".to_owned());
        report.print(json)?;
        Ok(Done::Whole)
    }
}

/// Whoever sends meanwhile: one writer from the beginning to the end.
struct Office {
    writer: Writer,
    rulebook: Rulebook,
}

impl Office {
    fn open(address: &Address) -> anyhow::Result<Self> {
        let mut writer = address.writer(Clock::system()).map_err(credence_app::AppError::from)?;
        let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer)?;
        Ok(Self { writer, rulebook })
    }

    /// Imports a file of so many penalties.
    fn send(&mut self, folder: &Path, rows: u64, seed: u64) -> anyhow::Result<()> {
        let path = folder.join("penalties.csv");
        penalties::write(&path, rows, seed)?;
        let request = Request {
            path,
            source: Uscc::parse(&penalties::source()).context("the department's code")?,
            item: Some("penalty".to_owned()),
            rejects: None,
            dry_run: false,
            secrecy_review: "bench".to_owned(),
            channel: "cli",
            instruction: None,
            window_bytes: credence_app::collect::WINDOW_BYTES,
        };
        collect::import(&mut self.writer, &self.rulebook, &request, &mut |_| {})?;
        Ok(())
    }
}

/// What the stream tells behind a position: each reference with its position.
fn told(service: &Service, from: i64) -> anyhow::Result<HashSet<(String, i64)>> {
    let mut replay = service.changes_begin(&ChangesRequest { after: Some(from), ..ChangesRequest::default() })?;
    let (until, mut told) = (service.log_size()? - 1, HashSet::new());
    loop {
        let piece = service.read_on(&mut replay, until, 10_000)?;
        for line in &piece.lines {
            let line: serde_json::Value = serde_json::from_str(&line.text)?;
            if let (Some(id), Some(position)) = (line["id"].as_str(), line["position"].as_i64()) {
                told.insert((id.to_owned(), position));
            }
        }
        if piece.is_last {
            return Ok(told);
        }
    }
}

/// A subscriber on a thread of its own.
fn subscribe(port: u16, from: i64, elapsed: impl Fn() -> Duration + Send + 'static) -> anyhow::Result<Arc<Mutex<Got>>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let head = "Host: 127.0.0.1\r\nAccept: text/event-stream";
    write!(stream, "GET /api/v1/changes HTTP/1.1\r\n{head}\r\nLast-Event-ID: {from}\r\n\r\n")?;
    let got = Arc::new(Mutex::new(Got::default()));
    let taking = Arc::clone(&got);
    std::thread::Builder::new().stack_size(256 << 10).spawn(move || {
        for line in BufReader::with_capacity(64 << 10, stream).lines() {
            let Ok(line) = line else { return };
            take(&taking, &line, elapsed());
        }
    })?;
    Ok(got)
}

/// Takes a line of the answer; those of chunked transfer are none of an event.
fn take(got: &Mutex<Got>, line: &str, at: Duration) {
    let mut got = got.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(position) = line.strip_prefix("id: ").and_then(|text| text.trim().parse().ok()) {
        got.position = position;
    }
    // Members stand in a fixed order: looked for, not parsed, as a hundred of them share the machine with the server.
    let id = line.strip_prefix("data: ").and_then(|data| data.split("\"id\":\"").nth(1)?.get(..32));
    if let Some(id) = id
        && got.records.insert(id.to_owned(), at).is_some()
    {
        got.twice += 1;
    }
}

/// Waits until everyone is at a position, or for long enough.
fn await_all(subscribers: &[Arc<Mutex<Got>>], last: i64) {
    let waiting = Clock::stopwatch();
    let are_there =
        || subscribers.iter().all(|one| one.lock().unwrap_or_else(PoisonError::into_inner).position >= last);
    while !are_there() && waiting.elapsed() < LEFT_WITHIN {
        std::thread::sleep(Duration::from_millis(20));
    }
}
