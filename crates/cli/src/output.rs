//! What commands print: with `--json` one document on stdout, else lines for people. Messages go to stderr.
//!
//! Who reads may go away (`credence … | head`): what nobody reads any more is not printed, and the command ends as it would
//! have, with its own exit code and without a word.

use credence_app::collect::Progress;
use credence_domain::record::text::shown;
use serde::Serialize;
use std::fmt::Arguments;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::time::Duration;

/// A line on stdout.
macro_rules! say {
    ($($text:tt)*) => { $crate::output::line(::std::format_args!($($text)*)) };
}

/// A message on stderr.
macro_rules! note {
    ($($text:tt)*) => { $crate::output::message(::std::format_args!($($text)*)) };
}

pub(crate) use {note, say};

/// Prints one JSON document.
///
/// # Errors
/// When stdout cannot be written; a reader that went away is no error.
pub fn json(value: &impl Serialize) -> anyhow::Result<()> {
    let mut document = serde_json::to_vec_pretty(value)?;
    document.push(b'\n');
    bytes(&document)
}

/// Prints bytes as they are.
///
/// # Errors
/// As [`json`].
pub fn bytes(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    unread(out.write_all(bytes).and_then(|()| out.flush()))
}

/// Prints a line; what [`say`] stands for.
///
/// # Errors
/// As [`json`].
pub fn line(text: Arguments<'_>) -> anyhow::Result<()> {
    // A name could turn the direction of the line that it stands in.
    unread(writeln!(io::stdout().lock(), "{}", shown(&text.to_string())))
}

/// Writes a message to stderr; what [`note`] stands for. Where it cannot be written there is nobody to tell.
pub fn message(text: Arguments<'_>) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// A reader that went away is no error.
fn unread(written: io::Result<()>) -> anyhow::Result<()> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
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
        let _ = write!(
            io::stderr(),
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
        let _ = write!(io::stderr(), "\r{share:>3.0}%  {done}/{total}  {rate:.0}/s  {left:.0} s left   ");
        self.shown = true;
    }

    /// Ends the line.
    pub fn end(&mut self) {
        if self.shown {
            note!("");
            self.shown = false;
        }
    }
}
