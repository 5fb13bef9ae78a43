//! `credence exchange run | front`: by drop folders and by staging tables, as departments exchange.

use super::Common;
use super::serve::beside;
use crate::exit::Done;
use crate::output::{self, say};
use anyhow::Context;
use clap::Subcommand;
use credence_app::batch::Intake;
use credence_app::desk::Desk;
use credence_app::exchange::folder::Folder;
use credence_app::exchange::front::Front;
use credence_app::exchange::{Exchange, Passed};
use credence_app::{Clock, Service};
use std::path::PathBuf;
use std::sync::Arc;

/// Exchange by file and by database.
#[derive(Debug, clap::Args)]
pub struct Exchanging {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Takes packages out of drop folders and answers with receipts.
    Run {
        /// The root: one folder for each sending unit, named by its code.
        #[arg(long)]
        folder: PathBuf,
        #[command(flatten)]
        looking: Looking,
    },
    /// Staging tables in a PostgreSQL database.
    Front {
        /// Where they are: postgres://…
        #[arg(long, env = "CREDENCE_FRONT", hide_env_values = true)]
        front: String,
        #[command(subcommand)]
        what: OfFront,
    },
}

#[derive(Debug, Subcommand)]
enum OfFront {
    /// Makes the schema credence_front with a table for each item, and the columns that they lack; takes nothing away.
    Install,
    /// Lets a login role of that database send for a unit: insert rows and see its own.
    Admit {
        /// The role; the database's administrator makes it.
        #[arg(long)]
        role: String,
        /// Unified social credit code of the unit.
        #[arg(long)]
        unit: String,
    },
    /// Takes rows out of the tables and writes beside each what became of it.
    Drain(Looking),
}

#[derive(Debug, clap::Args)]
struct Looking {
    /// Do what there is to do and end; else look again and again until interrupted.
    #[arg(long)]
    once: bool,
    /// Where files wait (default: as for serve).
    #[arg(long)]
    spool: Option<PathBuf>,
}

impl Exchanging {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        match &self.what {
            What::Run { folder, looking } => {
                let open = Folder::open(folder).with_context(|| folder.display().to_string())?;
                exchange(common, looking, Some(open), None)
            }
            What::Front { front, what } => {
                let front = Front::at(front)?;
                match what {
                    OfFront::Drain(looking) => exchange(common, looking, None, Some(front)),
                    OfFront::Install => {
                        let service = open(common)?;
                        let (tables, added) = front.install(service.rulebook(), service.real_today())?;
                        if common.json {
                            output::json(&serde_json::json!({ "tables": tables, "columns_added": added }))?;
                        } else {
                            say!("{tables} 张前置表，新增 {added} 列")?;
                        }
                        Ok(Done::Whole)
                    }
                    OfFront::Admit { role, unit } => {
                        let service = open(common)?;
                        front.admit(&service, role, unit)?;
                        if !common.json {
                            say!("登录角色 {role} 可为 {unit} 报送")?;
                        }
                        Ok(Done::Whole)
                    }
                }
            }
        }
    }
}

/// The register, made where there is none.
fn open(common: &Common) -> anyhow::Result<Arc<Service>> {
    drop(common.writer()?);
    Ok(Arc::new(Service::open(common.address()?, Clock::system(), None)?))
}

fn exchange(common: &Common, looking: &Looking, folder: Option<Folder>, front: Option<Front>) -> anyhow::Result<Done> {
    let service = open(common)?;
    let spool = looking.spool.clone().unwrap_or_else(|| beside(service.address(), "spool"));
    let desk = folder.is_some().then(|| Desk::open(&service)).transpose()?;
    let intake = Arc::new(Intake::open(service, &spool)?);
    let exchange = Exchange::new(Arc::clone(&intake), folder, front);
    let exchange = Arc::new(match desk {
        Some(desk) => exchange.with_tasks(Arc::new(desk)),
        None => exchange,
    });
    if looking.once {
        let passed = exchange.run_once()?;
        if common.json {
            output::json(&passed)?;
        } else {
            print(passed)?;
        }
        return Ok(if passed.refused > 0 { Done::WithRefusals } else { Done::Whole });
    }
    let importing = Arc::clone(&intake);
    let imports = std::thread::Builder::new().name("intake".to_owned()).spawn(move || importing.work())?;
    let looks = start(&exchange)?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(super::serve::stop());
    exchange.stop();
    intake.stop();
    for thread in [looks, imports] {
        if thread.join().is_err() {
            anyhow::bail!("the exchange ended in a fault");
        }
    }
    Ok(Done::Whole)
}

/// Looks again and again on a thread of its own.
pub(super) fn start(exchange: &Arc<Exchange>) -> anyhow::Result<std::thread::JoinHandle<()>> {
    let exchange = Arc::clone(exchange);
    Ok(std::thread::Builder::new().name("exchange".to_owned()).spawn(move || exchange.work())?)
}

fn print(passed: Passed) -> anyhow::Result<()> {
    say!(
        "接收 {}，回执 {}，退回 {}，任务反馈 {}；等待前序数据包 {}，尚未就绪 {}，未处理的文件夹 {}",
        passed.taken,
        passed.told,
        passed.refused,
        passed.answered,
        passed.waiting,
        passed.incomplete,
        passed.ignored
    )?;
    Ok(())
}
