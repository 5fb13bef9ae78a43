//! The load: wrk (Debian) with 16 connections on one thread, asking for organisations drawn from a file of codes.

use anyhow::{Context, ensure};
use std::path::Path;
use std::process::Command;

/// What wrk measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Requests a second.
    pub rate: f64,
    /// 99th percentile of the time of an answer, in milliseconds.
    pub p99_ms: f64,
}

/// Writes the script that draws codes from `codes` and asks for `prefix` + code, each thread the same way every time.
///
/// # Errors
/// When it cannot be written.
pub fn write_script(script: &Path, codes: &Path, prefix: &str) -> anyhow::Result<()> {
    let text = format!(
        r#"local codes = {{}}
for line in io.lines("{}") do codes[#codes + 1] = line end
local state = 2019
function request()
  state = (state * 1103515245 + 12345) % 2147483648
  return wrk.format("GET", "{prefix}" .. codes[state % #codes + 1])
end
"#,
        codes.display()
    );
    Ok(std::fs::write(script, text)?)
}

/// Asks for `seconds`.
///
/// # Errors
/// When there is no wrk, or an answer was no success: a benchmark of errors says nothing.
pub fn run(port: u16, script: &Path, seconds: u32) -> anyhow::Result<Load> {
    let out = Command::new("wrk")
        .args(["--threads", "1", "--connections", "16", "--latency", "--duration"])
        .arg(format!("{seconds}s"))
        .arg("--script")
        .arg(script)
        .arg(format!("http://127.0.0.1:{port}"))
        .output()
        .context("wrk is missing: install Debian's package wrk")?;
    let text = String::from_utf8_lossy(&out.stdout);
    ensure!(out.status.success(), "wrk: {text}{}", String::from_utf8_lossy(&out.stderr));
    ensure!(!text.contains("Non-2xx"), "not every answer was a success: {text}");
    read(&text).with_context(|| format!("wrk said {text}"))
}

fn read(text: &str) -> Option<Load> {
    let word = |label: &str| {
        let line = text.lines().map(str::trim).find_map(|line| line.strip_prefix(label))?;
        Some(line.trim().to_owned())
    };
    Some(Load { rate: word("Requests/sec:")?.parse().ok()?, p99_ms: milliseconds(&word("99%")?)? })
}

fn milliseconds(text: &str) -> Option<f64> {
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1000.0)];
    let (number, factor) = units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    number.parse::<f64>().ok().map(|number| number * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wrk_prints_is_read_in_its_units() {
        let said = "  Latency Distribution\n     50%  731.00us\n     99%    2.15ms\n  9 requests in 1.00s\nRequests/sec:  20123.45\n";
        assert_eq!(read(said), Some(Load { rate: 20_123.45, p99_ms: 2.15 }));
        assert_eq!(
            (milliseconds("731.00us"), milliseconds("1.5s"), milliseconds("x")),
            (Some(0.731), Some(1500.0), None)
        );
    }
}
