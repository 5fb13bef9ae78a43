//! `credence national run|show|again|settle`: the hand-over to national platforms, through a folder that carries files both ways.

use super::Common;
use crate::exit::Done;
use crate::output::say;
use anyhow::Context as _;
use clap::Subcommand;
use credence_app::desk::Desk;
use credence_app::national::{self, Handover, Keep, PlatformView};
use credence_app::{Clock, Service};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The hand-over to national platforms (国家平台对接).
#[derive(Debug, clap::Args)]
pub struct National {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Takes in what the platforms wrote, notes what changed here and makes packages of what is due; then ends.
    Run {
        /// The folder: PLATFORM/in and PLATFORM/out in it.
        #[arg(long)]
        folder: PathBuf,
    },
    /// How each platform stands: item by item, packages, refused rows, copies that differ.
    Show {
        /// Only this platform.
        platform: Option<String>,
    },
    /// Has a refused row sent again.
    Again {
        /// The platform.
        platform: String,
        /// Public reference of the record.
        record: String,
    },
    /// Settles a difference between a platform's copy and ours.
    Settle {
        /// The platform.
        platform: String,
        /// Public reference of the record.
        record: String,
        /// Which copy is right.
        #[arg(long, value_enum)]
        keep: Kept,
        /// What was found, and the document on which it rests.
        #[arg(long)]
        reason: String,
        /// Who settles.
        #[arg(long = "as")]
        actor: String,
    },
}

/// Which copy is right.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Kept {
    /// Ours: it is shown and sent again.
    Ours,
    /// The platform's: the record has ended here too.
    Theirs,
}

impl National {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        if matches!(self.action, Action::Run { .. }) {
            // A register that is not there yet is made.
            drop(common.writer()?);
        }
        let service = Arc::new(Service::open(common.address()?, Clock::system(), None)?);
        match &self.action {
            Action::Run { folder } => {
                let desk = Arc::new(Desk::open(&service)?);
                let done = open(&service, &desk, folder)?.look()?;
                drop(desk);
                service.sequence()?;
                if common.json {
                    crate::output::json(&done)?;
                } else {
                    say!(
                        "接收文件 {}（不能读取 {}），记下变更 {}，发出数据包 {}（{} 行），重发的数据包 {}，差异 {}，修复申请 {}",
                        done.taken,
                        done.refused,
                        done.noted,
                        done.packages,
                        done.rows,
                        done.lost,
                        done.differences,
                        done.cases
                    )?;
                }
                return Ok(if done.refused > 0 { Done::WithRefusals } else { Done::Whole });
            }
            Action::Show { platform } => {
                let found = match platform {
                    Some(code) => vec![service.platform(code)?],
                    None => service.platforms()?,
                };
                if common.json {
                    crate::output::json(&found)?;
                } else {
                    found.iter().try_for_each(print)?;
                }
                return Ok(Done::Whole);
            }
            Action::Again { platform, record } => {
                national::send_again(&service, &Desk::open(&service)?, platform, record)?;
            }
            Action::Settle { platform, record, keep, reason, actor } => {
                let keep = match keep {
                    Kept::Ours => Keep::Ours,
                    Kept::Theirs => Keep::Theirs,
                };
                let desk = Desk::open(&service)?;
                national::settle(&service, &desk, actor, (platform, record), (keep, reason))?;
                drop(desk);
                service.sequence()?;
            }
        }
        if !common.json {
            say!("已办理")?;
        }
        Ok(Done::Whole)
    }
}

/// The hand-over of a process.
pub(super) fn open(service: &Arc<Service>, desk: &Arc<Desk>, folder: &Path) -> anyhow::Result<Handover> {
    Handover::open(Arc::clone(service), Arc::clone(desk), folder).with_context(|| folder.display().to_string())
}

fn print(platform: &PlatformView) -> anyhow::Result<()> {
    let unverified = if platform.unverified { "（格式待核）" } else { "" };
    say!("{}  {}{unverified}", platform.platform, platform.name)?;
    for item in &platform.items {
        let counted = match (item.counted_on, item.theirs, item.ours) {
            (Some(day), Some(theirs), Some(ours)) => format!("  {day} 对方 {theirs} 本方 {ours}"),
            _ => String::new(),
        };
        say!(
            "  {}  待报送 {}  等待回执 {}  一致 {}  被退回 {}{counted}",
            item.item,
            item.due,
            item.sent,
            item.held,
            item.refused
        )?;
    }
    for row in &platform.refused {
        let named = if row.field.is_empty() { String::new() } else { format!("{}（{}）", row.field_name, row.field) };
        say!("  退回  {}  {}  {}  {}  {named}", row.record, row.item_name, row.code, row.text)?;
    }
    for one in &platform.differences {
        say!("  差异  {}  {}  {}", one.record, one.uscc, one.text)?;
    }
    Ok(())
}
