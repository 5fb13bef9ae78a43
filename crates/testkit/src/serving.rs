//! Kills of a server that departments write to, many more than a drill does: `credence drill --only server` again and again,
//! each time on a fresh copy of a small province, and what they counted is added up.

use crate::stores::TestStore;
use credence_store::Address;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

type Failure = Box<dyn std::error::Error>;

/// Kills on one copy: what a verification costs grows with the register.
const KILLS_A_COPY: usize = 50;

/// What came of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// Servers that were killed.
    pub kills: usize,
    /// Batches that were acknowledged before, and all found.
    pub acknowledged: u64,
    /// Checkpoints that were given out before, and all the beginning of the log.
    pub checkpoints: u64,
    /// Verifications in between.
    pub verified: u64,
}

/// Kills servers of copies that go into the registers which `empty` gives.
///
/// # Errors
/// What a drill found wrong.
pub fn run(
    binary: &Path,
    kills: usize,
    empty: fn() -> TestStore,
    seed: u64,
    look: &mut dyn FnMut(&Outcome),
) -> Result<Outcome, Failure> {
    let folder = tempfile::tempdir()?;
    let province = folder.path().join("province");
    let made =
        Command::new(binary).args(["demo", "--organisations", "60", "--no-serve", "--dir"]).arg(&province).output()?;
    if !made.status.success() {
        return Err(String::from_utf8_lossy(&made.stderr).into());
    }
    let mut outcome = Outcome::default();
    while outcome.kills < kills {
        let rounds = KILLS_A_COPY.min(kills - outcome.kills);
        let copy = empty();
        let on = match &copy.address {
            Address::Sqlite(path) => format!("sqlite:{}", path.display()),
            Address::Postgres(url) => url.clone(),
        };
        let drill = Command::new(binary)
            .args(["--json", "--database"])
            .arg(format!("sqlite:{}", province.join("credence.db").display()))
            .args(["drill", "--only", "server", "--on", &on, "--rounds", &rounds.to_string()])
            .args(["--seed", &seed.wrapping_add(outcome.kills as u64).to_string()])
            .output()?;
        let told: Value = serde_json::from_slice(&drill.stdout)
            .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&drill.stderr)))?;
        let exercise = &told["exercises"][0];
        if told["passed"] != true {
            return Err(format!("seed {}: {}", told["seed"], exercise["wrong"]).into());
        }
        let count = |name: &str| exercise["counts"][name].as_u64().unwrap_or_default();
        outcome.kills += rounds;
        outcome.acknowledged += count("acknowledged");
        outcome.checkpoints += count("checkpoints");
        outcome.verified += count("verified");
        look(&outcome);
    }
    Ok(outcome)
}
