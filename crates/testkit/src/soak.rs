//! kill -9 in the middle of an import, again and again: whole chunks stay, the import goes on, nothing is lost.
//!
//! A large file is imported by the real program, killed at random moments and started again until it ends; `verify` passes
//! on what kills left; the whole ends with the state digest and the counts of an undisturbed run. When an import ends
//! before enough kills have hit, the next begins on an empty register. Used by the suite (a few kills) and by
//! `cargo xtask soak` (a thousand).

use crate::penalties::{self, Expected};
use crate::province::Chance;
use crate::stores::TestStore;
use credence_store::Address;
use credence_store::clock::Clock;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// What to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The program.
    pub binary: PathBuf,
    /// Kills that must hit a running import.
    pub kills: usize,
    /// Rows of the file.
    pub rows: u64,
    /// After how many kills `verify` looks at what they left.
    pub verify_every: usize,
    /// Seed of the moments.
    pub seed: u64,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Kills that hit a running import.
    pub kills: usize,
    /// Imports that were ended, each on an empty register.
    pub imports: usize,
    /// Times that `verify` passed on what a kill left.
    pub verified: usize,
    /// The state digest of every import, and of the undisturbed one.
    pub digest: String,
}

/// The file and what an undisturbed import makes of it.
pub struct Undisturbed {
    file: PathBuf,
    expected: Expected,
    digest: String,
    /// How long it took: kills come within this time.
    micros: u64,
    _folder: tempfile::TempDir,
}

/// How often it looks whether an import has ended before its moment.
const LOOKS_EVERY_MICROS: u64 = 20_000;

type Failure = Box<dyn std::error::Error>;

/// Writes the file and imports it once into a SQLite register without disturbance.
///
/// # Errors
/// When that import is not what the generator knows it must be.
pub fn undisturbed(plan: &Plan) -> Result<Undisturbed, Failure> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("penalties.csv");
    let expected = penalties::write(&file, plan.rows, 2019)?;
    let database = TestStore::sqlite();
    let watch = Clock::stopwatch();
    let report = json(plan, &database, &import_arguments(&file))?;
    let micros = u64::try_from(watch.elapsed().as_micros())?;
    check_counts(&report, expected)?;
    let digest = verified_digest(plan, &database)?;
    Ok(Undisturbed { file, expected, digest, micros, _folder: folder })
}

/// Kills imports into registers that `empty` gives until there were enough kills; each import is then ended.
///
/// # Errors
/// What differs from the undisturbed import, or what `verify` found on what a kill left.
pub fn run(
    plan: &Plan,
    undisturbed: &Undisturbed,
    empty: fn() -> TestStore,
    look: &mut dyn FnMut(&Outcome),
) -> Result<Outcome, Failure> {
    let mut chance = Chance::new(plan.seed, "soak");
    let mut outcome = Outcome { kills: 0, imports: 0, verified: 0, digest: undisturbed.digest.clone() };
    // A machine that was busy while the undisturbed import ran may be less so now: kills that come after the end hit nothing.
    let mut within = undisturbed.micros;
    while outcome.kills < plan.kills {
        let register = empty();
        let (mut ended, mut begun) = (false, false);
        while !ended && outcome.kills < plan.kills {
            // Within a third of the time: one import is killed several times before it ends, each time further on.
            let moment = chance.number() % (within / 3).max(1);
            if let Some(took) = kill_one(plan, undisturbed, &register, moment)? {
                if !begun {
                    within = within.min(took);
                }
                ended = true;
                break;
            }
            begun = true;
            outcome.kills += 1;
            if outcome.kills.is_multiple_of(plan.verify_every.max(1)) && verify_what_is_left(plan, &register)? {
                outcome.verified += 1;
            }
            look(&outcome);
        }
        let report = json(plan, &register, &import_arguments(&undisturbed.file))?;
        // What ended before it could be killed is sent again: unchanged then. The last kill may have come between the end of
        // the batch and the end of its process.
        let again = undisturbed.expected.in_pass("again");
        if ended || check_counts(&report, undisturbed.expected).is_err() {
            check_counts(&report, again)?;
        }
        let digest = verified_digest(plan, &register)?;
        if digest != undisturbed.digest {
            return Err(format!("state digest {digest} instead of {}", undisturbed.digest).into());
        }
        outcome.imports += 1;
    }
    Ok(outcome)
}

/// Starts an import and kills it at a moment, in microseconds; when it ended before, how long it took.
fn kill_one(plan: &Plan, undisturbed: &Undisturbed, register: &TestStore, moment: u64) -> Result<Option<u64>, Failure> {
    let mut command = credence(plan, register);
    command.args(import_arguments(&undisturbed.file)).stdout(Stdio::null()).stderr(Stdio::null());
    let (mut running, watch) = (command.spawn()?, Clock::stopwatch());
    let took = || u64::try_from(watch.elapsed().as_micros()).unwrap_or(u64::MAX);
    while took() < moment {
        std::thread::sleep(Duration::from_micros((moment - took().min(moment)).min(LOOKS_EVERY_MICROS)));
        if running.try_wait()?.is_some() {
            return Ok(Some(took()));
        }
    }
    running.kill()?;
    // It may have ended between the look and the kill: then nothing was killed.
    Ok(running.wait()?.code().is_some().then(took))
}

/// Verifies what a kill left; false when it came before there was a register.
fn verify_what_is_left(plan: &Plan, register: &TestStore) -> Result<bool, Failure> {
    let output = credence(plan, register).args(["--json", "verify"]).output()?;
    let Ok(found) = serde_json::from_slice::<Value>(&output.stdout) else {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return if said.contains("bad_parameter") || said.contains("read_only") { Ok(false) } else { Err(said.into()) };
    };
    let failed = |one: &&Value| one["failed"] != 0;
    match found["requirements"].as_array().and_then(|all| all.iter().find(failed)) {
        None => Ok(true),
        Some(one) => Err(format!("after a kill: {one}").into()),
    }
}

fn verified_digest(plan: &Plan, register: &TestStore) -> Result<String, Failure> {
    let verified = json(plan, register, &["verify".to_owned()])?;
    let failed = verified["requirements"].as_array().into_iter().flatten().find(|one| one["failed"] != 0);
    if let Some(one) = failed {
        return Err(format!("at the end: {one}").into());
    }
    Ok(verified["state_digest"].as_str().ok_or("no state digest")?.to_owned())
}

fn check_counts(report: &Value, expected: Expected) -> Result<(), Failure> {
    let count = |key: &str| report[key].as_u64().unwrap_or(u64::MAX);
    let found = Expected {
        rows: count("read"),
        accepted: count("accepted"),
        unchanged: count("unchanged"),
        rejected: count("rejected"),
    };
    if found == expected { Ok(()) } else { Err(format!("{found:?} instead of {expected:?}").into()) }
}

fn import_arguments(file: &Path) -> Vec<String> {
    // Several windows, so that kills meet the ends of some.
    let arguments = ["import", "--window", "32", "--secrecy-review", "soak", "--source"].map(str::to_owned);
    arguments.into_iter().chain([penalties::source(), file.display().to_string()]).collect()
}

fn credence(plan: &Plan, register: &TestStore) -> Command {
    let address = match &register.address {
        Address::Sqlite(path) => format!("sqlite:{}", path.display()),
        Address::Postgres(url) => url.clone(),
    };
    let mut command = Command::new(&plan.binary);
    command.args(["--database", &address]).stdin(Stdio::null());
    command
}

fn json(plan: &Plan, register: &TestStore, arguments: &[String]) -> Result<Value, Failure> {
    let output = credence(plan, register).arg("--json").args(arguments).output()?;
    serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)).into())
}
