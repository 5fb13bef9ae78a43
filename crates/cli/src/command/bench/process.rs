//! A child process measured from outside: how long it took, its largest resident memory, what it printed.

use anyhow::{Context, bail};
use credence_app::Clock;
use std::fs::File;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Ticks a second in /proc: 100 on every Linux that people run.
const TICKS: f64 = 100.0;

/// What a child did.
#[derive(Debug)]
pub struct Ran {
    /// From start to end.
    pub seconds: f64,
    /// Processor time, its own and the system's for it; the last value seen before the end. What a server did for it is
    /// not in it.
    pub cpu_seconds: f64,
    /// Largest resident memory (VmHWM), in MiB; the last value seen before the end.
    pub peak_mib: f64,
    /// What it printed, as JSON.
    pub printed: serde_json::Value,
}

/// Runs a child that prints one JSON document. Exit codes 0 and 3 (done, rows refused) are success.
///
/// # Errors
/// When it cannot be started, fails or prints something else; what it said on stderr is in the error.
pub fn run(command: Command) -> anyhow::Result<Ran> {
    measure(command, Stdio::null())
}

/// The same for a child that reads a file on its standard input.
///
/// # Errors
/// As [`run`].
pub fn run_reading(command: Command, input: File) -> anyhow::Result<Ran> {
    measure(command, input.into())
}

fn measure(mut command: Command, input: Stdio) -> anyhow::Result<Ran> {
    let folder = tempfile::tempdir()?;
    let (out, err) = (folder.path().join("out"), folder.path().join("err"));
    command.stdin(input).stdout(File::create(&out)?).stderr(File::create(&err)?);
    let watch = Clock::stopwatch();
    let mut child = command.spawn().with_context(|| format!("cannot start {:?}", command.get_program()))?;
    let proc = format!("/proc/{}", child.id());
    let (mut peak_kib, mut ticks) = (0, 0);
    let code = loop {
        peak_kib = peak_of(&proc).unwrap_or(0).max(peak_kib);
        ticks = ticks_of(&proc).unwrap_or(0).max(ticks);
        if let Some(code) = child.try_wait()? {
            break code;
        }
        std::thread::sleep(Duration::from_millis(4));
    };
    let seconds = watch.elapsed().as_secs_f64();
    let mut printed = String::new();
    File::open(&out)?.read_to_string(&mut printed)?;
    if !matches!(code.code(), Some(0 | 3)) {
        let said = std::fs::read_to_string(&err)?;
        bail!("{:?} ended with {code}: {printed}{said}", command.get_program());
    }
    let printed = serde_json::from_str(&printed).with_context(|| format!("no JSON: {printed}"))?;
    Ok(Ran { seconds, cpu_seconds: ticks as f64 / TICKS, peak_mib: peak_kib as f64 / 1024.0, printed })
}

fn peak_of(proc: &str) -> Option<u64> {
    let text = std::fs::read_to_string(format!("{proc}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

/// User and system time in ticks: the twelfth and thirteenth word behind the command's name.
fn ticks_of(proc: &str) -> Option<u64> {
    let text = std::fs::read_to_string(format!("{proc}/stat")).ok()?;
    let mut words = text.rsplit(')').next()?.split_whitespace().skip(11);
    Some(words.next()?.parse::<u64>().ok()? + words.next()?.parse::<u64>().ok()?)
}
