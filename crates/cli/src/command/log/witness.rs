//! `credence log witness …`.

use crate::command::Common;
use crate::exit::Done;
use crate::output::say;
use anyhow::Context;
use clap::Subcommand;
use credence_app::log::{self, Host, Keeper, Kind, Reach, Teller, VerifierKey};
use credence_app::review::Decision;
use credence_app::{Clock, Service};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// Who is told of checkpoints, and being a witness for another log.
#[derive(Debug, clap::Args)]
pub struct Witness {
    #[command(subcommand)]
    action: Action,
}

/// Two persons and a reason.
#[derive(Debug, clap::Args)]
struct Decided {
    /// Who decides.
    #[arg(long = "as")]
    actor: String,
    /// Who agrees: another person.
    #[arg(long)]
    second: String,
    /// Why.
    #[arg(long)]
    reason: String,
}

impl Decided {
    fn decision(&self) -> Decision<'_> {
        Decision { actor: &self.actor, reason: &self.reason, secrecy_review: "" }
    }
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Everyone who is told.
    List,
    /// Tells a witness (its address and its key), or a folder that somebody else keeps too (its path and a name).
    Add {
        /// The address before /add-checkpoint.
        #[arg(long, requires = "key", conflicts_with = "folder")]
        url: Option<String>,
        /// The key with which it cosigns.
        #[arg(long)]
        key: Option<String>,
        /// The folder.
        #[arg(long, requires = "name")]
        folder: Option<PathBuf>,
        /// What the folder is called.
        #[arg(long)]
        name: Option<String>,
        /// Allow plain http and private addresses.
        #[arg(long)]
        outbound_anywhere: bool,
        #[command(flatten)]
        decided: Decided,
    },
    /// Tells it no more.
    Remove {
        /// Its name.
        name: String,
        #[command(flatten)]
        decided: Decided,
    },
    /// Tells everyone now.
    Tell {
        /// Allow plain http and private addresses.
        #[arg(long)]
        outbound_anywhere: bool,
    },
    /// Is a witness: cosigns the checkpoints of the logs whose keys are given (C2SP tlog-witness).
    Serve {
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:8090")]
        listen: SocketAddr,
        /// The folder with its key and with what it has seen.
        #[arg(long)]
        folder: PathBuf,
        /// Its name, for a key that is made now.
        #[arg(long)]
        name: Option<String>,
        /// The keys of the logs.
        #[arg(long = "log", required = true)]
        logs: Vec<String>,
    },
}

pub(in crate::command) fn reach(anywhere: bool) -> Reach {
    if anywhere { Reach::Anywhere } else { Reach::Public }
}

impl Witness {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        match &self.action {
            Action::List => list(common),
            Action::Add { url, key, folder, name, outbound_anywhere, decided } => {
                let witness = match (url, folder) {
                    (Some(url), _) => log::place(Kind::Http, "", url, key.as_deref().unwrap_or_default()),
                    (None, Some(folder)) => {
                        let folder = folder.to_string_lossy();
                        log::place(Kind::Folder, name.as_deref().unwrap_or_default(), &folder, "")
                    }
                    (None, None) => anyhow::bail!("bad_parameter: 请用 --url 或 --folder 指明地点"),
                };
                let (mut writer, rulebook) = common.writer()?;
                let (decision, reach) = (decided.decision(), reach(*outbound_anywhere));
                log::add_witness(&mut writer, &rulebook, witness, decision, &decided.second, reach)?;
                list(common)
            }
            Action::Remove { name, decided } => {
                let (mut writer, rulebook) = common.writer()?;
                log::remove_witness(&mut writer, &rulebook, name, decided.decision(), &decided.second)?;
                list(common)
            }
            Action::Tell { outbound_anywhere } => {
                let service = Arc::new(Service::open(common.address()?, Clock::system(), None)?);
                let took = Keeper::new(service, Teller::new(reach(*outbound_anywhere))?).tell_now()?;
                if !common.json {
                    say!("{took} 处收下了最新检查点")?;
                }
                list(common)
            }
            Action::Serve { listen, folder, name, logs } => serve(*listen, folder, name.as_deref(), logs),
        }
    }
}

fn list(common: &Common) -> anyhow::Result<Done> {
    let found = super::open(common)?.log_view()?.witnesses;
    if common.json {
        crate::output::json(&found)?;
    } else {
        for one in &found {
            let at = one.told_at.as_deref().unwrap_or("从未送达");
            let state = if one.failing { "最近一次未送达" } else { "正常" };
            say!("{}  {}  {} 个条目  {at}  {state}", one.name, one.kind, one.size.unwrap_or_default())?;
        }
    }
    Ok(Done::Whole)
}

fn serve(listen: SocketAddr, folder: &std::path::Path, name: Option<&str>, logs: &[String]) -> anyhow::Result<Done> {
    let logs = logs.iter().map(|text| VerifierKey::parse(text.trim()).context("bad_parameter: --log"));
    let host = Arc::new(Host::open(folder, name, logs.collect::<anyhow::Result<Vec<_>>>()?, Clock::system())?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener =
            tokio::net::TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
        say!("{} on http://{}", host.verifier(), listener.local_addr()?)?;
        credence_web::serve_witness(listener, host, crate::command::serve::stop()).await?;
        Ok::<_, anyhow::Error>(())
    })?;
    Ok(Done::Whole)
}
