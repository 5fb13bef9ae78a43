//! `cargo xtask soak`: builds the program, lets the testkit kill imports of it, and writes what came of it into
//! docs/evidence/soak.md; with `--serving` servers that departments write to, into docs/evidence/soak-serving.md; with `--lives` random
//! acts of due process beside a model, into docs/evidence/soak-lives.md.

use anyhow::{Context as _, Result, bail};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

/// Kills on each database when nothing else is asked: of imports a thousand in all, of servers a thousand each.
const KILLS: u32 = 500;
const SERVERS_KILLED: u32 = 1_000;
const ROWS: &str = "200000";

/// Steps of random acts when nothing else is asked.
const LIVES: u64 = 1_000_000;
/// The test that takes them.
const LIVES_TEST: &str = "lives::no_sequence_of_acts_breaks_due_process_on_sqlite";

/// Runs random acts of due process, so many steps from a seed, and appends what was done to the log. Each kind of act has a number
/// (crates/app/tests/suite/lives/act.rs).
fn lives(root: &Path, arguments: &[String]) -> Result<()> {
    let (mut steps, mut seed) = (LIVES, 1_u64);
    for pair in arguments.chunks(2) {
        match pair {
            [name, value] if name == "--steps" => steps = value.parse().context("--steps N")?,
            [name, value] if name == "--seed" => seed = value.parse().context("--seed N")?,
            _ => bail!("usage: cargo xtask soak --lives [--steps N] [--seed N]"),
        }
    }
    let done = Command::new("cargo")
        .args(["test", "--workspace", "--locked", "--", "--exact", "--nocapture", LIVES_TEST])
        .env("CREDENCE_LIVES", format!("{seed}:{steps}"))
        .current_dir(root)
        .stderr(std::process::Stdio::inherit())
        .output()?;
    let said = String::from_utf8_lossy(&done.stdout);
    let taken = said.lines().find(|line| line.starts_with('[')).unwrap_or_default();
    if !done.status.success() || taken.is_empty() {
        bail!("the soak failed: {said}");
    }
    let numbers = taken.trim_matches(['[', ']']).split(',').filter_map(|one| one.trim().parse::<u64>().ok());
    let ran = said.lines().find(|line| line.contains("ok. 1 passed")).and_then(|line| line.rsplit(' ').next());
    let seconds = ran.unwrap_or("-").trim_end_matches('s');
    let (acts, day) = (numbers.sum::<u64>(), Command::new("date").arg("+%F").output()?.stdout);
    let day = String::from_utf8_lossy(&day).trim().to_owned();
    let line = format!("| {day} | sqlite | {seed} | {steps} | {acts} | {taken} | {seconds} | nothing broken |\n");
    print!("{line}");
    let mut evidence = OpenOptions::new().append(true).open(root.join("docs/evidence/soak-lives.md"))?;
    Ok(evidence.write_all(line.as_bytes())?)
}

/// Runs the soak on the databases asked for and appends one line each to the log.
pub fn run(root: &Path, arguments: &[String]) -> Result<()> {
    if let [first, rest @ ..] = arguments
        && first == "--lives"
    {
        return lives(root, rest);
    }
    let serving = arguments.iter().any(|argument| argument == "--serving");
    let arguments: Vec<&String> = arguments.iter().filter(|argument| *argument != "--serving").collect();
    let (what, log, mut kills) = match serving {
        false => (ROWS, "docs/evidence/soak.md", KILLS),
        true => ("serving", "docs/evidence/soak-serving.md", SERVERS_KILLED),
    };
    let mut databases = vec!["sqlite", "postgres"];
    for pair in arguments.chunks(2) {
        match pair {
            [name, value] if *name == "--kills" => kills = value.parse().context("--kills N")?,
            [name, value] if *name == "--database" && *value == "sqlite" => databases = vec!["sqlite"],
            [name, value] if *name == "--database" && *value == "postgres" => databases = vec!["postgres"],
            _ => bail!("usage: cargo xtask soak [--serving] [--kills N] [--database sqlite|postgres], or soak --lives"),
        }
    }
    let cargo = |arguments: &[&str]| {
        let done = Command::new("cargo").args(arguments).current_dir(root).output()?;
        if !done.status.success() {
            bail!("cargo {}: {}", arguments.join(" "), String::from_utf8_lossy(&done.stderr));
        }
        anyhow::Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    };
    cargo(&["build", "--release", "--locked", "--bin", "credence", "--bin", "soak"])?;
    let folder = root.join("target/release");
    for database in databases {
        let soaked = Command::new(folder.join("soak"))
            .arg(folder.join("credence"))
            .args([database, &kills.to_string(), what])
            .current_dir(root)
            .stderr(std::process::Stdio::inherit())
            .output()?;
        if !soaked.status.success() {
            bail!("the soak on {database} failed");
        }
        let line = String::from_utf8_lossy(&soaked.stdout);
        print!("{line}");
        let mut evidence = OpenOptions::new().append(true).open(root.join(log))?;
        evidence.write_all(line.as_bytes())?;
    }
    Ok(())
}
