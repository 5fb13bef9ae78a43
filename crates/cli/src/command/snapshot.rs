//! `credence snapshot make|show|sweep|explain`: a columnar copy of what evaluation sees today, and points from it.

use super::explain::print;
use super::{Common, parse_code};
use crate::exit::Done;
use crate::output::{json, say};
use clap::Subcommand;
use credence_app::Clock;
use credence_app::evaluation::snapshot;
use credence_domain::rulebook::Rulebook;
use std::path::PathBuf;

/// A columnar copy of what evaluation sees today.
#[derive(Debug, clap::Args)]
pub struct Snapshot {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Makes one of today in a folder that is not there yet: Parquet files, what is public and no content.
    Make {
        /// The folder.
        dir: PathBuf,
    },
    /// What a snapshot is of.
    Show {
        /// The folder.
        dir: PathBuf,
    },
    /// Evaluates everyone in a snapshot of today: by the enacted edition, or by that of --rulebook. The register keeps
    /// what it has.
    Sweep {
        /// The folder.
        dir: PathBuf,
        /// The file of results (Parquet): code, model, grade, points, next change.
        #[arg(long)]
        out: PathBuf,
    },
    /// The points of one organisation of a snapshot of today, to record and article.
    Explain {
        /// The folder.
        dir: PathBuf,
        /// Its unified social credit code.
        uscc: String,
    },
}

impl Snapshot {
    /// Runs the command; an organisation that is not evaluated exits with 3.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let clock = Clock::system();
        match &self.verb {
            Verb::Make { dir } => {
                let made = snapshot::make(&common.address()?, &clock, dir)?;
                if common.json {
                    json(&made)?;
                } else {
                    say!(
                        "{}：主体 {}，记录 {}；{:.1} 秒",
                        made.head.as_of,
                        made.organisations,
                        made.records,
                        made.seconds
                    )?;
                }
            }
            Verb::Show { dir } => {
                let head = snapshot::head(dir)?;
                if common.json {
                    json(&head)?;
                } else {
                    say!("{}：生成于 {}，公开日志 {} 条", head.as_of, head.made_at, head.log_size)?;
                }
            }
            Verb::Sweep { dir, out } => {
                let found = snapshot::sweep(dir, &rules(common)?, clock.today(), out)?;
                if common.json {
                    json(&found)?;
                } else {
                    let (organisations, records) = (found.organisations, found.records);
                    say!("{}：主体 {organisations}，记录 {records}；{:.1} 秒", found.as_of, found.seconds)?;
                    for (grade, count) in &found.grades {
                        say!("  {grade}  {count}")?;
                    }
                }
            }
            Verb::Explain { dir, uscc } => {
                let uscc = parse_code(uscc, "uscc", "统一社会信用代码")?;
                let found = snapshot::explain(dir, &rules(common)?, clock.today(), uscc.as_str())?;
                if common.json {
                    json(&found)?;
                } else {
                    print(&found)?;
                }
                return Ok(if found.grade.is_some() { Done::Whole } else { Done::WithRefusals });
            }
        }
        Ok(Done::Whole)
    }
}

/// The edition of `--rulebook`, enacted or not, else the one in force in the register.
fn rules(common: &Common) -> anyhow::Result<Rulebook> {
    Ok(match &common.rulebook {
        Some(dir) => super::rulebook::edition_of(dir)?,
        None => {
            let mut reader = common.address()?.reader().map_err(credence_app::AppError::from)?;
            credence_app::rulebook::in_force(reader.connection())?
        }
    })
}
