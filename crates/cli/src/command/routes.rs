//! `credence routes`: every route of pages and API, from the table that the router is built from.

use super::Common;
use crate::exit::Done;
use crate::output::say;

/// Every route of pages and API.
#[derive(Debug, clap::Args)]
pub struct Routes {}

impl Routes {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let routes = credence_web::routes();
        if common.json {
            crate::output::json(&routes)?;
        } else {
            for route in routes {
                say!("{}\t{}", route.method, route.path)?;
            }
        }
        Ok(Done::Whole)
    }
}
