//! `credence log new-name`.

use crate::command::Common;
use crate::exit::Done;
use crate::output::{note, say};
use credence_app::log;
use credence_app::review::Decision;

/// Begins another name with another key.
#[derive(Debug, clap::Args)]
pub struct NewName {
    /// The name: a schema-less address of the operator's that was not used before, such as credit.example.gov.cn/log.
    name: String,
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

impl NewName {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let (mut writer, rulebook) = common.writer()?;
        let decision = Decision { actor: &self.actor, reason: &self.reason, secrecy_review: "" };
        let key = log::new_name(&mut writer, &rulebook, &self.name, decision, &self.second)?;
        if common.json {
            crate::output::json(&serde_json::json!({ "key": key }))?;
        } else {
            say!("{key}")?;
            note!("请通过平台以外的渠道公布新的验签公钥，并通知见证方");
        }
        Ok(Done::Whole)
    }
}
