//! Other people's tools, where they are installed: licences and sources of dependencies, unused ones, spelling.
//!
//! A tool that is missing is named and left out: compiling it would cost more than it gives. Advisories are looked up
//! by hand before a release, for their database is not on every build machine.

use anyhow::{Context as _, Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};

/// Each tool with its arguments; the first two words tell whether it is there.
const TOOLS: [&[&str]; 3] =
    [&["cargo", "deny", "check", "bans", "licenses", "sources"], &["cargo", "machete", "crates"], &["typos"]];

/// Runs what is installed and fails when one of them complains.
pub fn run(root: &Path) -> Result<()> {
    let mut complaints = Vec::new();
    for tool in TOOLS {
        let name = tool.join(" ");
        if !is_installed(tool) {
            println!("hygiene: {name}: not installed, left out");
            continue;
        }
        println!("hygiene: {name}");
        let (program, arguments) = tool.split_first().context("a tool has a name")?;
        if !Command::new(program).args(arguments).current_dir(root).status()?.success() {
            complaints.push(name);
        }
    }
    if !complaints.is_empty() {
        bail!("hygiene: {} complained", complaints.join(", "));
    }
    Ok(())
}

fn is_installed(tool: &[&str]) -> bool {
    let words: Vec<&str> = tool.iter().copied().take(if tool.first() == Some(&"cargo") { 2 } else { 1 }).collect();
    let Some((program, subcommand)) = words.split_first() else { return false };
    Command::new(program)
        .args(subcommand)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
