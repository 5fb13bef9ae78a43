//! `credence doctor`: how the installation fares; exit 3 when something needs a person.

use super::Common;
use crate::exit::Done;
use crate::output::say;
use credence_app::Clock;
use credence_app::doctor::{Verdict, examine};

/// Examines the installation.
#[derive(Debug, clap::Args)]
pub struct Doctor {}

impl Doctor {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let found = examine(&common.address()?, &Clock::system());
        if common.json {
            crate::output::json(&found)?;
        } else {
            for finding in &found.findings {
                let mark = if finding.verdict == Verdict::Good { "良好" } else { "待办" };
                say!("{mark}  {:<16} {}", finding.id, finding.said)?;
                if !finding.advice.is_empty() {
                    say!("      → {}", finding.advice)?;
                }
            }
        }
        Ok(if found.needs_a_person() { Done::WithRefusals } else { Done::Whole })
    }
}
