//! `credence backup DIR`, `credence restore DIR`, `credence copy --to URL`.

use super::{Common, serve};
use crate::exit::Done;
use crate::output::{note, say};
use credence_app::backup::{self, Persons, Report};
use credence_app::{Address, AppError, Clock};
use std::path::PathBuf;

/// Backs the register up while it is in use, and reads the backup again.
#[derive(Debug, clap::Args)]
pub struct Backup {
    /// An empty folder, or one that is not there yet.
    dir: PathBuf,
    /// Reads an earlier backup to its end and judges it, and writes nothing.
    #[arg(long)]
    check: bool,
    /// Where a server keeps what was sent (default: beside the register, or ./credence-spool for PostgreSQL).
    #[arg(long)]
    spool: Option<PathBuf>,
}

/// Restores a backup into an empty register of either database.
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The folder of the backup.
    dir: PathBuf,
    /// Where files that waited when the backup was made go (default: beside the register, or ./credence-spool).
    #[arg(long)]
    spool: Option<PathBuf>,
    /// Who restores: needed where something was erased since backups are made.
    #[arg(long = "as", requires = "second")]
    actor: Option<String>,
    /// The second person.
    #[arg(long, requires = "actor")]
    second: Option<String>,
}

/// Copies the register into an empty one of either database.
#[derive(Debug, clap::Args)]
pub struct Copy {
    /// The other register: sqlite:PATH or postgres://…
    #[arg(long)]
    to: String,
}

fn spool_of(given: Option<&PathBuf>, address: &Address) -> PathBuf {
    given.cloned().unwrap_or_else(|| serve::beside(address, "spool"))
}

fn told(common: &Common, what: &str, report: &Report) -> anyhow::Result<Done> {
    if common.json {
        crate::output::json(report)?;
    } else {
        say!(
            "{what}：{} 行，信用记录 {} 条，主体 {} 个，{:.1} 秒",
            report.rows,
            report.records,
            report.organisations,
            report.seconds
        )?;
        say!("state_digest  {}", report.state_digest)?;
        say!("root          {}（{} 个叶子）", report.root, report.leaves)?;
        if let Some(bytes) = report.bytes {
            say!("{bytes} 字节，待导入文件 {} 个", report.waiting)?;
        }
        if report.forgotten > 0 {
            say!("其中 {} 处在备份之后已依法删除，再次办理删除 {} 条", report.forgotten, report.erased_again)?;
        }
    }
    for difference in &report.differences {
        note!("{difference}");
    }
    Ok(if report.differences.is_empty() { Done::Whole } else { Done::WithRefusals })
}

impl Backup {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let address = common.address()?;
        if self.check {
            return told(common, "备份完好", &backup::check(&self.dir, &backup::key_file(&address))?);
        }
        let spool = spool_of(self.spool.as_ref(), &address);
        let report = backup::write(&address, &self.dir, Some(&spool), &Clock::system())?;
        let done = told(common, "已备份并复核", &report)?;
        note!("备份密钥在 {}：请另行保管一份，没有它备份无法恢复", backup::key_file(&address).display());
        Ok(done)
    }
}

impl Restore {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let address = common.address()?;
        let spool = spool_of(self.spool.as_ref(), &address);
        let persons = match (&self.actor, &self.second) {
            (Some(actor), Some(second)) => Some(Persons { actor, second }),
            _ => None,
        };
        let key = backup::key_file(&address);
        let report = backup::restore((&self.dir, &key), &address, Some(&spool), persons, &Clock::system())?;
        told(common, "已恢复并复核", &report)
    }
}

impl Copy {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let to = Address::parse(&self.to).map_err(AppError::from)?;
        told(common, "已复制并复核", &backup::copy(&common.address()?, &to)?)
    }
}
