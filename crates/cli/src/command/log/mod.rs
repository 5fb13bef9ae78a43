//! `credence log …`: the public log, its key, proofs, and witnesses.

mod name;
mod proof;
mod witness;

use super::Common;
use crate::exit::Done;
use crate::output::say;
use clap::Subcommand;
use credence_app::{Clock, Service, log};
use std::path::PathBuf;

pub(super) use witness::reach;

/// The public log.
#[derive(Debug, clap::Args)]
pub struct Log {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// The last signed checkpoint, as a signed note.
    Checkpoint {
        /// The last one that a witness has cosigned instead.
        #[arg(long)]
        cosigned: bool,
    },
    /// The log's name, key and size, and who is told of it.
    Show,
    /// A proof that an act, or a record of an organisation, is in the log: a file that is checked without asking anyone.
    Prove(proof::Prove),
    /// Checks files without a register: proofs, checkpoints, promises.
    Verify(proof::Verify),
    /// Gives every act that waits its place, and signs.
    Sequence,
    /// Begins another name with another key: after a loss of the key, or when an older copy of the register was restored.
    NewName(name::NewName),
    /// Holds the log's key and signs what comes over a socket, so that no serving process has it.
    Sign {
        /// Where to listen.
        #[arg(long)]
        socket: PathBuf,
        /// The file of the key; made under --name where there is none.
        #[arg(long)]
        key: PathBuf,
        /// The log's name, for a key that is made now.
        #[arg(long)]
        name: Option<String>,
    },
    /// Who is told of checkpoints, and being a witness for another log.
    Witness(witness::Witness),
}

impl Log {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        match &self.action {
            Action::Checkpoint { cosigned } => {
                let service = open(common)?;
                let note = if *cosigned { service.log_cosigned()? } else { service.log_checkpoint()? };
                crate::output::bytes(note.as_bytes())?;
                Ok(Done::Whole)
            }
            Action::Show => show(common),
            Action::Prove(prove) => prove.run(common),
            Action::Verify(verify) => verify.run(common),
            Action::Sequence => {
                let (mut writer, _) = common.writer()?;
                let placed = writer.sequence().map_err(credence_app::AppError::from)?;
                if common.json {
                    crate::output::json(&serde_json::json!({ "placed": placed }))?;
                } else {
                    say!("{placed} 项行为已排入日志")?;
                }
                Ok(Done::Whole)
            }
            Action::NewName(name) => name.run(common),
            Action::Sign { socket, key, name } => {
                log::sign_over(socket, key, name.as_deref(), |key| {
                    // Whoever starts the server after this one waits for the line.
                    let _ = say!("signing for {key} on {}", socket.display());
                })?;
                Ok(Done::Whole)
            }
            Action::Witness(witness) => witness.run(common),
        }
    }
}

fn open(common: &Common) -> anyhow::Result<Service> {
    Ok(Service::open(common.address()?, Clock::system(), None)?)
}

fn show(common: &Common) -> anyhow::Result<Done> {
    let log = open(common)?.log_view()?;
    if common.json {
        crate::output::json(&log)?;
        return Ok(Done::Whole);
    }
    say!("日志名称 {}", log.name.as_deref().unwrap_or("尚未命名"))?;
    say!("验签公钥 {}", log.key.as_deref().unwrap_or("尚无"))?;
    say!("已签署 {} 个条目，{}", log.size, log.signed_at.as_deref().unwrap_or("尚未签署"))?;
    for one in &log.witnesses {
        let state = if one.failing { "最近一次未送达" } else { "正常" };
        say!("见证 {}（{}）：{} 个条目，{state}", one.name, one.kind, one.size.unwrap_or_default())?;
    }
    Ok(Done::Whole)
}
