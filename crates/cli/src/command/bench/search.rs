//! W4: any two to six neighbouring characters of a name among a million, the first page of it with its rows, beside the
//! same question to SQL in the same register.

use super::report::Report;
use crate::exit::Done;
use crate::output::note;
use anyhow::{Context, ensure};
use credence_app::collect::{self, Request};
use credence_app::query::SearchRequest;
use credence_app::{Address, Clock, Service};
use credence_domain::subject::Uscc;
use credence_testkit::province::{self, Chance, Plan};
use std::io::{BufWriter, Write};
use std::path::Path;

/// Questions that SQL is asked in each run: it looks at every name.
const TO_SQL: usize = 10;

/// Search by any part of a name (W4).
#[derive(Debug, clap::Args)]
pub struct Search {
    /// Organisations in the register.
    #[arg(long, default_value_t = 1_000_000)]
    organisations: usize,
    /// Questions in each run.
    #[arg(long, default_value_t = 20_000)]
    questions: usize,
    /// How often each side is measured, in turns.
    #[arg(long, default_value_t = 5)]
    runs: usize,
}

impl Search {
    /// Runs the benchmark.
    pub fn run(&self, json: bool) -> anyhow::Result<Done> {
        ensure!(self.organisations > 0 && self.questions > 0 && self.runs > 0, "nothing to measure");
        let folder = tempfile::tempdir()?;
        let address = Address::Sqlite(folder.path().join("register.db"));
        let names = self.fill(&address, folder.path())?;
        let open = || Service::open(address.clone(), Clock::system(), None);
        let (index, sql) = (open()?, open()?);
        let work = format!("2 to 6 characters of {} names, first page of 20 with its rows, one thread", names.len());
        let mut report = Report::new("search", work);
        for run in 1..=self.runs {
            note!("run {run} of {}", self.runs);
            let rebuilt = index.rebuild_search()?;
            report.measured("index.build", "s", rebuilt.seconds);
            report.measured("index.size", "MiB", rebuilt.bytes as f64 / 1_048_576.0);
            let mut chance = Chance::new(run as u64, "questions");
            ask(&index, &names, &mut chance, self.questions / 20)?;
            let times = ask(&index, &names, &mut chance, self.questions)?;
            report.measured("index", "questions/s", times.len() as f64 / times.iter().sum::<f64>().max(1e-9));
            report.measured("index.p50", "ms", at(&times, 50) * 1000.0);
            report.measured("index.p99", "ms", at(&times, 99) * 1000.0);
            let times = ask(&sql, &names, &mut chance, TO_SQL)?;
            report.measured("sql", "questions/s", times.len() as f64 / times.iter().sum::<f64>().max(1e-9));
        }
        report.compare("index", "sql", None);
        report.notes.push("goals: at least 2,000 questions a second, 99 of 100 within 5 ms".to_owned());
        report.print(json)?;
        Ok(Done::Whole)
    }

    /// A register of organisations with plausible names, through the importer. Gives the names.
    fn fill(&self, address: &Address, folder: &Path) -> anyhow::Result<Vec<String>> {
        let clock = Clock::system();
        let plan = Plan { organisations: self.organisations, seed: 2019, today: clock.today() };
        let path = folder.join("registry.csv");
        let mut file = BufWriter::new(std::fs::File::create(&path)?);
        writeln!(file, "name,uscc,city")?;
        let mut names = Vec::with_capacity(self.organisations);
        for one in province::organisations(&plan) {
            writeln!(file, "{},{},{}", one.name, one.uscc, one.area)?;
            names.push(one.name);
        }
        file.flush()?;
        let mut writer = address.writer(clock).map_err(credence_app::AppError::from)?;
        let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer)?;
        let source = province::departments().first().map(province::Department::uscc).context("no department")?;
        let request = Request {
            path,
            source: Uscc::parse(&source).context("the department's code")?,
            item: Some("registration".to_owned()),
            rejects: None,
            dry_run: false,
            secrecy_review: "bench".to_owned(),
            channel: "cli",
            instruction: None,
            window_bytes: credence_app::collect::WINDOW_BYTES,
        };
        collect::import(&mut writer, &rulebook, &request, &mut |_| {})?;
        Ok(names)
    }
}

/// Asks for parts of names. Gives the seconds of each question, in rising order.
fn ask(service: &Service, names: &[String], chance: &mut Chance, questions: usize) -> anyhow::Result<Vec<f64>> {
    let view = service.public_view();
    let mut times = Vec::with_capacity(questions);
    for _ in 0..questions {
        let name: Vec<char> = names.get(chance.below(names.len())).map_or_else(Vec::new, |name| name.chars().collect());
        let length = (2 + chance.below(5)).min(name.len());
        let part = name.iter().skip(chance.below(name.len() - length + 1)).take(length).collect();
        let request = SearchRequest { q: part, ..SearchRequest::default() };
        let watch = Clock::stopwatch();
        let page = service.search(&view, &request)?;
        times.push(watch.elapsed().as_secs_f64());
        ensure!(!page.items.is_empty(), "{} is part of a name and was not found", request.q);
    }
    times.sort_unstable_by(f64::total_cmp);
    Ok(times)
}

/// The time that so many of a hundred do not exceed.
fn at(times: &[f64], percent: usize) -> f64 {
    times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}
