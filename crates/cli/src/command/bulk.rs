//! `credence bulk DIR`: the daily file of all that is public today, as the server hands it out.

use super::Common;
use crate::exit::Done;
use crate::output::{json, say};
use credence_app::daily::Daily;
use credence_app::{Clock, Service};
use std::path::PathBuf;

/// Makes the daily file.
#[derive(Debug, clap::Args)]
pub struct Bulk {
    /// The folder, not the one of a running server; an older daily file in it is deleted.
    folder: PathBuf,
}

impl Bulk {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let service = Service::open(common.address()?, Clock::system(), None)?;
        let manifest = Daily::open(&self.folder)?.make(&service)?;
        if common.json {
            json(&*manifest)?;
            return Ok(Done::Whole);
        }
        for file in &manifest.files {
            say!("{}\t{}\t{}", file.name, file.bytes, file.sha256)?;
        }
        say!("{}公示中的记录{}条，变更推送位置 {}", manifest.day, manifest.records, manifest.position)?;
        Ok(Done::Whole)
    }
}
