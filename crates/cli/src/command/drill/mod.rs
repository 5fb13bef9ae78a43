//! `credence drill`: what can go wrong is made to go wrong on a copy of the register, and what the platform promises is looked at
//! afterwards: nothing acknowledged is lost, and whatever is damaged is found and named.

mod cluster;
mod damage;
mod disk;
mod kills;
mod place;
mod server;
mod stall;

use super::Common;
use crate::exit::Done;
use crate::output::{note, say};
use credence_app::{Address, AppError, backup};
use place::Place;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Makes go wrong what can go wrong, on a copy of the register, and looks at what is left.
#[derive(Debug, clap::Args)]
pub struct Drill {
    /// Where the copy goes: an empty register of either database. A SQLite file in a folder of its own unless named.
    #[arg(long)]
    on: Option<String>,
    /// Which exercises; all of them unless named.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Exercise>,
    /// How often each is done.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Rows of the file that is imported meanwhile: of made-up organisations.
    #[arg(long, default_value_t = 20_000)]
    rows: u64,
    /// Seed of the moments and places; another each time unless named.
    #[arg(long)]
    seed: Option<u64>,
    /// Where the copy and the files are made, and taken away again.
    #[arg(long)]
    dir: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
enum Exercise {
    /// kill -9 in the middle of an import.
    Kills,
    /// kill -9 of a server that acknowledges batches.
    Server,
    /// Connections to the database cut in the middle of an import (PostgreSQL).
    Connection,
    /// No room left in the middle of an import.
    FullDisk,
    /// A disk that answers nothing for a while.
    SlowDisk,
    /// A clock that was set back and forth.
    Clock,
    /// A write-ahead log that was torn off; on PostgreSQL that of a cluster of the drill's own.
    TornLog,
    /// Flipped bytes in what is stored.
    FlippedBytes,
    /// Flipped bytes in a backup, and one that was cut off.
    DamagedBackup,
}

impl Exercise {
    const ALL: [Self; 9] = [
        Self::Kills,
        Self::Server,
        Self::Connection,
        Self::FullDisk,
        Self::SlowDisk,
        Self::Clock,
        Self::TornLog,
        Self::DamagedBackup,
        // Last: what it damages is damaged.
        Self::FlippedBytes,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Kills => "导入中强行终止",
            Self::Server => "服务中强行终止",
            Self::Connection => "导入中断开数据库连接",
            Self::FullDisk => "磁盘写满",
            Self::SlowDisk => "磁盘停顿",
            Self::Clock => "时钟跳变",
            Self::TornLog => "预写日志撕裂",
            Self::FlippedBytes => "存储字节翻转",
            Self::DamagedBackup => "备份损坏",
        }
    }

    fn run(self, place: &mut Place) -> anyhow::Result<Outcome> {
        match self {
            Self::Kills => kills::in_an_import(place),
            Self::Server => server::killed(place),
            Self::Connection => kills::connections(place),
            Self::FullDisk => disk::full(place),
            Self::SlowDisk => stall::disk(place),
            Self::Clock => stall::clock(place),
            Self::TornLog => damage::torn_log(place),
            Self::FlippedBytes => damage::flipped(place),
            Self::DamagedBackup => damage::backup(place),
        }
    }
}

/// What an exercise showed.
#[derive(Clone, Debug)]
struct Outcome {
    /// How often it was done; zero where it does not concern this database.
    rounds: usize,
    /// What was seen.
    seen: String,
    /// What was counted, for whoever adds up many drills.
    counts: BTreeMap<&'static str, usize>,
    /// What should not have been.
    wrong: Vec<String>,
}

impl Outcome {
    fn of(rounds: usize, seen: impl Into<String>, wrong: Vec<String>) -> Self {
        Self { rounds, seen: seen.into(), counts: BTreeMap::new(), wrong }
    }

    /// An exercise that does not concern this database, and why.
    fn not_here(why: &str) -> Self {
        Self::of(0, why, Vec::new())
    }
}

#[derive(Debug, Serialize)]
struct Told {
    exercise: Exercise,
    rounds: usize,
    passed: bool,
    seen: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    counts: BTreeMap<&'static str, usize>,
    wrong: Vec<String>,
}

impl Drill {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let folder = match &self.dir {
            Some(dir) => tempfile::tempdir_in(dir)?,
            None => tempfile::tempdir()?,
        };
        let on = match &self.on {
            Some(url) => url.clone(),
            None => format!("sqlite:{}", folder.path().join("copy.db").display()),
        };
        note!("复制登记库到 {}", if self.on.is_some() { "指定位置" } else { "临时目录" });
        let copied = backup::copy(&common.address()?, &Address::parse(&on).map_err(AppError::from)?)?;
        anyhow::ensure!(copied.differences.is_empty(), "the copy differs: {:?}", copied.differences);
        let seed = self.seed.unwrap_or_else(|| u64::from(std::process::id()));
        let mut place = Place::prepare(folder.path(), &on, self.rows, self.rounds, seed)?;
        note!("种子 {seed}");
        let mut told = Vec::new();
        for exercise in Exercise::ALL {
            if !self.only.is_empty() && !self.only.contains(&exercise) {
                continue;
            }
            note!("{}", exercise.name());
            let outcome = exercise.run(&mut place)?;
            let passed = outcome.wrong.is_empty();
            if !common.json {
                let verdict = if passed { "通过" } else { "未通过" };
                say!("{verdict}  {}（{} 次）  {}", exercise.name(), outcome.rounds, outcome.seen)?;
                outcome.wrong.iter().for_each(|wrong| note!("    {wrong}"));
            }
            let Outcome { rounds, seen, counts, wrong } = outcome;
            told.push(Told { exercise, rounds, passed, seen, counts, wrong });
        }
        let passed = told.iter().all(|one| one.passed);
        if common.json {
            crate::output::json(&serde_json::json!({ "seed": seed, "passed": passed, "exercises": told }))?;
        }
        Ok(if passed { Done::Whole } else { Done::WithRefusals })
    }
}
