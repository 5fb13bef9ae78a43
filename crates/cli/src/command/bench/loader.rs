//! The peers of W1: DuckDB by a script of ours, PostgreSQL by psql with SQL of ours.

use super::peer;
use super::process::{self, Ran};
use anyhow::Context;
use std::fs::File;
use std::path::Path;
use std::process::Command;

/// Runs the DuckDB loader on a file, into a database in `folder`: it loads the same file twice and times both.
///
/// # Errors
/// When there is no Python for the peers, or the loader fails.
pub fn duckdb_import(folder: &Path, file: &Path, source: &str) -> anyhow::Result<Ran> {
    let python = peer::python().context("no Python for the peers: make bench-setup, or leave duckdb out of --sides")?;
    let mut command = Command::new(python);
    command.arg(peer::scripts().join("import_duckdb.py")).arg(folder).arg(file).arg(source).env("TZ", "UTC");
    process::run(command)
}

/// Makes the tables of the PostgreSQL loader.
///
/// # Errors
/// When there is no psql, or it fails.
pub fn postgres_schema(url: &str) -> anyhow::Result<()> {
    let path = peer::scripts().join("schema_postgres.sql");
    let made = Command::new("psql").args(["--quiet", "--set=ON_ERROR_STOP=1", url, "--file"]).arg(&path).output()?;
    anyhow::ensure!(made.status.success(), "psql: {}", String::from_utf8_lossy(&made.stderr));
    Ok(())
}

/// Runs the PostgreSQL loader once, in one session.
///
/// # Errors
/// When there is no psql, or the loader fails.
pub fn postgres_import(url: &str, file: &Path, source: &str, batch: u32) -> anyhow::Result<Ran> {
    let mut command = Command::new("psql");
    command.args(["--quiet", "--no-psqlrc", url]).arg(format!("--set=batch={batch}"));
    command.arg(format!("--set=source={source}")).arg("--file").arg(peer::scripts().join("import_postgres.sql"));
    process::run_reading(command, File::open(file)?)
}
