//! `credence search`: the derived index of names.

use super::Common;
use crate::exit::Done;
use crate::output::say;
use credence_app::{Clock, Service};

/// The derived index of names.
#[derive(Debug, clap::Args)]
pub struct Search {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Builds the index anew from the register. It holds nothing that the register does not, so nothing can be lost.
    Rebuild,
}

impl Search {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let What::Rebuild = self.what;
        let service = Service::open(common.address()?, Clock::system(), None)?;
        let rebuilt = service.rebuild_search()?;
        if common.json {
            crate::output::json(&rebuilt)?;
        } else {
            let place = rebuilt.path.as_ref().map_or_else(|| "内存".to_owned(), |path| path.display().to_string());
            say!("{} 个主体，{} 字节，{} 秒：{place}", rebuilt.entries, rebuilt.bytes, rebuilt.seconds)?;
        }
        Ok(Done::Whole)
    }
}
