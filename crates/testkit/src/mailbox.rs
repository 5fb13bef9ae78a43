//! A mail server on this machine (`scripts/mail_server.py`, a real one): what it took can be read, it can be stopped and begun again
//! on the same port, and told whom to refuse.

use serde_json::Value;
use std::io::{BufRead, BufReader, Error, Result};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

/// The mail server with the folder in which it keeps what came.
#[derive(Debug)]
pub struct Mailbox {
    folder: PathBuf,
    port: u16,
    running: Option<(Child, ChildStdin)>,
}

impl Mailbox {
    /// Begins one that keeps what comes in a folder.
    ///
    /// # Errors
    /// When it does not begin: scripts/setup.sh installs what it needs.
    pub fn begin(folder: &Path) -> Result<Self> {
        let mut mailbox = Self { folder: folder.to_owned(), port: 0, running: None };
        mailbox.resume()?;
        Ok(mailbox)
    }

    /// Begins it again, on the same port.
    ///
    /// # Errors
    /// As [`Mailbox::begin`].
    pub fn resume(&mut self) -> Result<()> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let python = root.join(".venv/bin/python");
        let missing = || Error::other(format!("no {}: run scripts/setup.sh", python.display()));
        let mut child = Command::new(&python)
            .args(["-B", "scripts/mail_server.py"])
            .arg(&self.folder)
            .arg(self.port.to_string())
            .current_dir(&root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|_| missing())?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else { return Err(missing()) };
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let port = line.trim().rsplit(' ').next().and_then(|port| port.parse().ok());
        self.port = port.ok_or_else(|| Error::other(format!("the mail server did not begin: {line}")))?;
        self.running = Some((child, stdin));
        Ok(())
    }

    /// Kills it.
    pub fn stop(&mut self) {
        if let Some((mut child, _)) = self.running.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Refuses these recipients for good from now on.
    ///
    /// # Errors
    /// Io.
    pub fn refuse(&self, addresses: &str) -> Result<()> {
        std::fs::write(self.folder.join("refused"), addresses)
    }

    /// Takes nothing for these recipients for now; for none with an empty text.
    ///
    /// # Errors
    /// Io.
    pub fn put_off(&self, addresses: &str) -> Result<()> {
        std::fs::write(self.folder.join("later"), addresses)
    }

    /// What came for a recipient, in order.
    ///
    /// # Errors
    /// Io.
    pub fn of(&self, address: &str) -> Result<Vec<Value>> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(&self.folder)?.flatten().map(|entry| entry.path()).collect();
        files.retain(|file| file.to_string_lossy().ends_with(&format!("-{address}.json")));
        files.sort();
        files.iter().map(|file| Ok(serde_json::from_slice(&std::fs::read(file)?)?)).collect()
    }

    /// The code in the last message for a recipient; empty where there is none.
    ///
    /// # Errors
    /// Io.
    pub fn code(&self, address: &str) -> Result<String> {
        let last = self.of(address)?.pop().unwrap_or_default();
        let text = last.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
        let code = text.split("确认码：").nth(1).unwrap_or_default();
        Ok(code.lines().next().unwrap_or_default().trim().to_owned())
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.stop();
    }
}
