//! House work that is no part of the product: `cargo xtask tidy`, `cargo xtask hygiene` and
//! `cargo xtask soak`.
//!
//! `tidy` holds the rules of docs/architecture.md that a compiler does not hold; it needs nothing but this folder.
//! `hygiene` asks other people's tools about dependencies and spelling, where they are installed.

mod hygiene;
mod soak;
mod tidy;
mod tree;

use anyhow::{Context as _, Result, bail};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent folder")?;
    match std::env::args().nth(1).as_deref() {
        Some("tidy") => tidy::run(root),
        Some("hygiene") => hygiene::run(root),
        Some("soak") => soak::run(root, &std::env::args().skip(2).collect::<Vec<_>>()),
        _ => bail!("usage: cargo xtask tidy | hygiene | soak"),
    }
}
