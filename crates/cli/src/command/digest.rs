//! `credence digest`: the state digest, equal on two databases that hold the same facts.

use super::Common;
use crate::exit::Done;
use crate::output::say;

/// The digest of everything stored.
#[derive(Debug, clap::Args)]
pub struct Digest {}

impl Digest {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let digest = credence_app::verify::state_digest(&common.address()?)?;
        if common.json {
            crate::output::json(&serde_json::json!({ "state_digest": digest }))?;
        } else {
            say!("{digest}")?;
        }
        Ok(Done::Whole)
    }
}
