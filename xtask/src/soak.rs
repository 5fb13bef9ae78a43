//! `cargo xtask soak`: builds the program, lets the testkit kill imports of it, and writes what came of it into
//! docs/evidence/soak.md; with `--serving` servers that departments write to, into docs/evidence/soak-serving.md.

use anyhow::{Context as _, Result, bail};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

/// Kills on each database when nothing else is asked: of imports a thousand in all, of servers a thousand each.
const KILLS: u32 = 500;
const SERVERS_KILLED: u32 = 1_000;
const ROWS: &str = "200000";

/// Runs the soak on the databases asked for and appends one line each to the log.
pub fn run(root: &Path, arguments: &[String]) -> Result<()> {
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
            _ => bail!("usage: cargo xtask soak [--serving] [--kills N] [--database sqlite|postgres]"),
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
