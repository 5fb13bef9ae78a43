//! A server under measurement: started on a port of its own, asked over a socket, stopped at the end.

use anyhow::{Context, bail};
use credence_app::Clock;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long a server may take to answer for the first time.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// A running server.
#[derive(Debug)]
pub struct Served {
    child: Child,
    /// Its port on 127.0.0.1.
    pub port: u16,
    /// From its start until it answered, in seconds.
    pub ready_seconds: f64,
}

/// A port that nobody listens on just now.
///
/// # Errors
/// When there is none.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

impl Served {
    /// Starts a server that will listen on `port` and waits until `path` is answered with 200.
    ///
    /// # Errors
    /// When it cannot be started or does not answer in time.
    pub fn start(mut command: Command, port: u16, path: &str) -> anyhow::Result<Self> {
        let watch = Clock::stopwatch();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let child = command.spawn().with_context(|| format!("cannot start {:?}", command.get_program()))?;
        let mut served = Self { child, port, ready_seconds: 0.0 };
        loop {
            if ask(port, path).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")) {
                served.ready_seconds = watch.elapsed().as_secs_f64();
                return Ok(served);
            }
            if let Some(status) = served.child.try_wait()? {
                bail!("{:?} ended with {status} before it answered", command.get_program());
            }
            if watch.elapsed() > READY_WITHIN {
                bail!("{:?} did not answer {path} in time", command.get_program());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Resident memory just now, in MiB.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn resident_mib(&self) -> anyhow::Result<f64> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib / 1024.0)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // The whole group: some servers work in processes of their own. One that is gone already needs no killing.
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.child.id())]).status();
        let _ = self.child.wait();
    }
}

/// One request; the whole answer with its head.
///
/// # Errors
/// When nobody listens or the answer breaks off.
pub fn ask(port: u16, path: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(READY_WITHIN))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
