//! Journeys on the command line: the built binary, its exit codes and what it prints.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should fail where it stands"
)]

mod backups;
mod crash;
mod drill;
mod journeys;
mod kills;
mod log;
mod national;
mod newer;
mod nobody_real;
mod notices;
mod package;
mod papers;
mod pipes;
mod queue;
mod snapshots;
mod specimens;
mod units;
mod webhooks;
mod zones;

use std::path::Path;
use std::process::{Command, Output};

/// The binary with a register.
pub fn credence(database: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credence"));
    command.args(["--database", database]);
    command
}

/// The address of a SQLite file in a folder.
pub fn sqlite(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("register.db").display())
}

/// What a command printed as JSON.
pub fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}
