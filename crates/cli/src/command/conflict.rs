//! `credence conflict list|resolve`: names that were sent for a known code and differ from the one on file.

use super::Common;
use crate::exit::Done;
use crate::output::say;
use clap::Subcommand;
use credence_app::conflict::{self, Resolution};
use credence_app::review::Decision;
use credence_app::{Clock, Service, View};

/// Names that differ from the one on file.
#[derive(Debug, clap::Args)]
pub struct Conflict {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Open conflicts in order of codes.
    List,
    /// Decides one of them.
    Resolve(Resolve),
}

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("choice").required(true).args(["take", "keep"]))]
struct Resolve {
    /// The organisation's code.
    uscc: String,
    /// The name that was sent.
    name: String,
    /// The sent name is the organisation's.
    #[arg(long)]
    take: bool,
    /// The name on file stays.
    #[arg(long)]
    keep: bool,
    /// Who decides.
    #[arg(long = "as")]
    actor: String,
    /// The second person, who agrees to another name (--take).
    #[arg(long, required_if_eq("take", "true"))]
    second: Option<String>,
    /// Why.
    #[arg(long)]
    reason: String,
}

impl Conflict {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        match &self.action {
            Action::List => {
                let service = Service::open(common.address()?, Clock::system(), None)?;
                let found = service.name_conflicts(&View::office(service.today()))?;
                if common.json {
                    crate::output::json(&found)?;
                } else {
                    for conflict in found {
                        say!("{}\t{}\t{}\t{}", conflict.uscc, conflict.standing, conflict.sent, conflict.source)?;
                    }
                }
            }
            Action::Resolve(resolve) => resolve.run(common)?,
        }
        Ok(Done::Whole)
    }
}

impl Resolve {
    fn run(&self, common: &Common) -> anyhow::Result<()> {
        let uscc = super::parse_code(&self.uscc, "uscc", "统一社会信用代码")?;
        let (mut writer, rulebook) = common.writer()?;
        let resolution = if self.take { Resolution::Taken } else { Resolution::Kept };
        let decision = Decision { actor: &self.actor, reason: &self.reason, secrecy_review: "" };
        conflict::resolve(&mut writer, &rulebook, uscc, &self.name, resolution, decision, self.second.as_deref())?;
        let done = serde_json::json!({ "uscc": uscc.as_str(), "name": self.name, "resolution": resolution.code() });
        if common.json {
            crate::output::json(&done)?;
        } else {
            say!("{uscc}  {}", if self.take { "已采用报送名称" } else { "保留现有名称" })?;
        }
        Ok(())
    }
}
