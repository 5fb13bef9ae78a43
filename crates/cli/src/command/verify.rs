//! `credence verify`: reads everything again and judges it again.

use super::Common;
use crate::exit::Done;
use crate::output::say;
use credence_app::log::Shown;
use std::path::PathBuf;

/// Reads everything again and judges it again.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// A checkpoint that a witness holds, or a folder of them: the log must begin with each.
    #[arg(long)]
    checkpoint: Vec<PathBuf>,
}

impl Verify {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let mut shown = Vec::new();
        for place in &self.checkpoint {
            shown.extend(Shown::read(place)?);
        }
        let found = credence_app::verify::verify_against(&common.address()?, shown)?;
        if common.json {
            crate::output::json(&found)?;
        } else {
            for outcome in &found.requirements {
                let mark = if outcome.failed == 0 { "通过" } else { "不符" };
                say!(
                    "{mark}  {:<18} {:>8} 例 {:>6} 不符  {} {}",
                    outcome.id,
                    outcome.checked,
                    outcome.failed,
                    outcome.source,
                    outcome.article
                )?;
                for example in &outcome.examples {
                    let name = example.record.as_deref().or(example.act.as_deref()).unwrap_or("-");
                    say!("      {}  {name}  {}", example.uscc, example.problem)?;
                }
            }
            say!("行为 {}，其中待入日志 {}，已入日志 {}", found.acts, found.pending, found.leaves)?;
            say!("状态摘要 {}", found.state_digest.as_deref().unwrap_or("无法计算"))?;
        }
        Ok(if found.has_failures() { Done::WithRefusals } else { Done::Whole })
    }
}
