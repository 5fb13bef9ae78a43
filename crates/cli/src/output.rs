//! What commands print: with `--json` one document on stdout, else lines for people. Messages go to stderr.

use credence_app::collect::Progress;
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// Prints one JSON document.
///
/// # Errors
/// When stdout is closed.
pub fn json(value: &impl Serialize) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, value)?;
    writeln!(out)?;
    Ok(())
}

/// Shows progress with rate and time left on a terminal; silent elsewhere.
#[derive(Debug)]
pub struct Meter {
    terminal: bool,
    shown: bool,
}

impl Meter {
    /// A meter on stderr.
    pub fn new() -> Self {
        Self { terminal: std::io::stderr().is_terminal(), shown: false }
    }

    /// Shows how far it has come.
    pub fn show(&mut self, progress: Progress) {
        if !self.terminal {
            return;
        }
        let seconds = progress.elapsed.as_secs_f64().max(0.001);
        let share = progress.bytes as f64 / (progress.total.max(1) as f64);
        let left = if share > 0.01 { seconds / share.min(1.0) * (1.0 - share.min(1.0)) } else { 0.0 };
        eprint!(
            "\r{:>3.0}%  {} rows  {:.0} rows/s  {:.0} s left   ",
            share.min(1.0) * 100.0,
            progress.rows,
            progress.rows as f64 / seconds,
            left
        );
        self.shown = true;
    }

    /// Shows how many of a known number are done.
    pub fn count(&mut self, done: u64, total: u64, elapsed: Duration) {
        if !self.terminal {
            return;
        }
        let seconds = elapsed.as_secs_f64().max(0.001);
        let rate = done as f64 / seconds;
        let left = if done > 0 { total.saturating_sub(done) as f64 / rate } else { 0.0 };
        let share = done as f64 / total.max(1) as f64 * 100.0;
        eprint!("\r{share:>3.0}%  {done}/{total}  {rate:.0}/s  {left:.0} s left   ");
        self.shown = true;
    }

    /// Ends the line.
    pub fn end(&mut self) {
        if self.shown {
            eprintln!();
            self.shown = false;
        }
    }
}
