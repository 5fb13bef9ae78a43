//! W3: an organisation's profile by its code over HTTP, as JSON with all its public records and as a page, beside
//! FastAPI over PostgreSQL. Without the access journal, which does not exist yet.

use super::report::Report;
use super::served::{Served, free_port};
use super::{peer, process, wrk};
use crate::exit::Done;
use crate::output::note;
use anyhow::{Context, ensure};
use credence_app::query::SearchRequest;
use credence_app::{Address, Clock, Service};
use credence_testkit::{penalties, postgres};
use std::path::{Path, PathBuf};
use std::process::Command;

/// An organisation's profile over HTTP (W3).
#[derive(Debug, clap::Args)]
pub struct Profile {
    /// Rows of the penalty file that fills the register; three organisations to ten rows.
    #[arg(long, default_value_t = 350_000)]
    rows: u64,
    /// How often each side is measured, in turns.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 5)]
    seconds: u32,
    /// A Python with fastapi, uvicorn and asyncpg (`make bench-setup`); without it there is no peer.
    #[arg(long)]
    python: Option<PathBuf>,
}

struct Side<'a> {
    name: &'a str,
    prefix: &'a str,
    start: &'a dyn Fn(u16) -> Command,
    ready: &'a str,
}

impl Profile {
    /// Runs the benchmark.
    pub fn run(&self, json: bool) -> anyhow::Result<Done> {
        ensure!(self.rows > 0 && self.runs > 0, "nothing to measure");
        let folder = tempfile::tempdir()?;
        let register = Filled::make(folder.path(), self.rows)?;
        let server = postgres::durable()?;
        let on_postgres = server.database();
        register.import_into(&on_postgres)?;
        let python = self.python.clone().or_else(peer::python);
        let on_peer = server.database();
        let mut report = Report::new(
            "profile",
            format!("{} organisations by code, 16 connections on one thread of wrk", register.organisations),
        );
        report.version(postgres::version()?);
        let script = peer::scripts().join("profile_fastapi.py");
        if let Some(python) = &python {
            let mut load = Command::new(python);
            load.arg(&script).args(["load", &on_peer]).arg(&register.file).arg(&register.codes);
            let loaded = process::run(load)?.printed;
            report.notes.push(format!("the peer holds {loaded}"));
        } else {
            report.notes.push("no peer: `make bench-setup` installs what it needs".to_owned());
        }
        let ours = |database: String| {
            let folder = folder.path();
            move |port: u16| {
                let mut command = Command::new(std::env::current_exe().unwrap_or_default());
                command.current_dir(folder);
                command.args(["--database", &database, "serve", "--listen", &format!("127.0.0.1:{port}")]);
                command
            }
        };
        let (sqlite, postgres) = (ours(register.address.clone()), ours(on_postgres));
        let fastapi = |port: u16| {
            let mut command = Command::new(python.clone().unwrap_or_default());
            command.args(["-m", "uvicorn", "profile_fastapi:app", "--workers", "2", "--log-level", "error", "--port"]);
            command.arg(port.to_string()).env("DATABASE", &on_peer);
            command.current_dir(script.parent().unwrap_or(Path::new(".")));
            command
        };
        let api = "/api/v1/organisations/";
        let mut sides = vec![
            Side { name: "sqlite.json", prefix: api, start: &sqlite, ready: "/readyz" },
            Side { name: "sqlite.page", prefix: "/organisations/", start: &sqlite, ready: "/readyz" },
            Side { name: "postgres.json", prefix: api, start: &postgres, ready: "/readyz" },
        ];
        if python.is_some() {
            sides.push(Side {
                name: "fastapi.json",
                prefix: "/organisations/",
                start: &fastapi,
                ready: "/openapi.json",
            });
        }
        for run in 1..=self.runs {
            for side in &sides {
                note!("run {run} of {}: {}", self.runs, side.name);
                self.measure(side, folder.path(), &register.codes, &mut report)?;
            }
        }
        report.compare("sqlite.json", "fastapi.json", Some(4.0));
        report.compare("postgres.json", "fastapi.json", None);
        report.compare("sqlite.page", "fastapi.json", None);
        report.print(json)?;
        Ok(Done::Whole)
    }

    fn measure(&self, side: &Side<'_>, folder: &Path, codes: &Path, report: &mut Report) -> anyhow::Result<()> {
        let script = folder.join("ask.lua");
        wrk::write_script(&script, codes, side.prefix)?;
        let port = free_port()?;
        let served = Served::start((side.start)(port), port, side.ready)?;
        wrk::run(served.port, &script, 1)?;
        let load = wrk::run(served.port, &script, self.seconds)?;
        report.measured(side.name, "requests/s", load.rate);
        report.measured(&format!("{}.p99", side.name), "ms", load.p99_ms);
        Ok(())
    }
}

/// A register filled by the importer from a generated file.
#[derive(Debug)]
pub struct Filled {
    /// The file.
    pub file: PathBuf,
    /// Codes of all organisations, one a line.
    pub codes: PathBuf,
    /// Where the register stands.
    pub address: String,
    /// How many organisations it holds.
    pub organisations: usize,
}

impl Filled {
    /// Generates the file, imports it into a SQLite register and writes down the codes.
    ///
    /// # Errors
    /// When any of it fails.
    pub fn make(folder: &Path, rows: u64) -> anyhow::Result<Self> {
        let (file, codes) = (folder.join("penalties.csv"), folder.join("codes.txt"));
        note!("writing and importing {rows} rows");
        penalties::write(&file, rows, 2019)?;
        let path = folder.join("register.db");
        let mut filled = Self { file, codes, address: format!("sqlite:{}", path.display()), organisations: 0 };
        filled.import_into(&filled.address)?;
        let service = Service::open(Address::Sqlite(path), Clock::system(), None)?;
        let mut request = SearchRequest { limit: Some(100), ..SearchRequest::default() };
        let mut text = String::new();
        loop {
            let page = service.search(&service.public_view(), &request)?;
            for found in page.items {
                text.push_str(&found.uscc);
                text.push('\n');
                filled.organisations += 1;
            }
            match page.next {
                Some(next) => request.cursor = Some(next),
                None => break,
            }
        }
        std::fs::write(&filled.codes, text)?;
        Ok(filled)
    }

    /// Imports the file into another register.
    ///
    /// # Errors
    /// When the import fails.
    pub fn import_into(&self, address: &str) -> anyhow::Result<()> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--json", "--database", address, "import", "--source", &penalties::source()]);
        command.args(["--secrecy-review", "bench"]).arg(&self.file);
        process::run(command).context("the register cannot be filled").map(|_| ())
    }
}
