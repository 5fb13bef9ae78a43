//! `credence`: the one binary of the platform. Each command is one file in [`command`]; the contract of their output and
//! exit codes is docs/api.md.

#![deny(clippy::print_stdout, clippy::print_stderr, reason = "a reader may go away: `output::say` and `output::note`")]

mod command;
mod exit;
mod output;

use clap::Parser;
use std::io::IsTerminal;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = command::Arguments::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_env("CREDENCE_LOG").unwrap_or_else(|_| "warn".into());
    let told = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Colours are for terminals.
    let told = told.with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none());
    // One JSON object a line for whoever collects logs, else lines for people.
    if std::env::var("CREDENCE_LOG_FORMAT").is_ok_and(|form| form == "json") {
        told.json().flatten_event(true).init();
    } else {
        told.init();
    }
    match command::run(arguments) {
        Ok(done) => done.into(),
        Err(error) => exit::failed(&error),
    }
}
