//! A PostgreSQL cluster of its own, with data checksums, whose files may be harmed: started, killed as a power cut kills, torn at
//! the end of its write-ahead log, damaged page by page, and started again. In a temporary folder, gone with the value.
//!
//! Everything here is done to files that this module has made; a cluster that somebody else runs is never touched.

use crate::postgres::{programs, unprivileged};
use crate::province::Chance;
use std::fs::{File, OpenOptions};
use std::io::{Error, Read, Result, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Bytes of a page.
const PAGE: u64 = 8_192;
/// Bytes of a segment of the write-ahead log, as the cluster is made: small ones, so that tears meet their ends as well.
const SEGMENT: u64 = 1 << 20;
/// What is acknowledged is on the disk; nothing is moved out of the log by itself while something is written.
const SETTINGS: [&str; 8] = [
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "listen_addresses=",
    "max_wal_size=1GB",
    "checkpoint_timeout=30min",
    "bgwriter_lru_maxpages=0",
    "log_min_messages=warning",
];
const USER: &str = "credence";

/// A cluster of one's own.
#[derive(Debug)]
pub struct Cluster {
    folder: tempfile::TempDir,
    programs: &'static Path,
    server: Option<Child>,
    /// Further settings.
    settings: Vec<String>,
}

/// Where the write-ahead log of a cluster that stands still begins to matter and ends: positions in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    /// The last checkpoint: before it nothing may be cut off, or nothing starts.
    pub checkpoint: u64,
    /// Where its last whole record ends.
    pub end: u64,
}

/// A page of a table or an index of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    file: PathBuf,
    number: u64,
}

impl Cluster {
    /// Makes a cluster with an empty database and starts it.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start.
    pub fn make() -> Result<Self> {
        Self::make_with(|_| Ok(Vec::new()))
    }

    /// The same, reached by TCP under `localhost` and TLS alone, with a certificate and its key (PEM); and the port.
    ///
    /// # Errors
    /// As [`Cluster::make`].
    pub fn make_with_tls(certificate: &str, key: &str) -> Result<(Self, u16)> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let made = Self::make_with(|folder| {
            let (public, secret) = (folder.join("server.pem"), folder.join("server.key"));
            std::fs::write(&public, certificate)?;
            let sent = folder.join("sent.key");
            std::fs::write(&sent, key)?;
            // The server reads a key that is its own and nobody else's.
            let taken = unprivileged(Path::new("install")).args(["-m", "600"]).arg(&sent).arg(&secret).status()?;
            if !taken.success() {
                return Err(Error::other("the key cannot be given to the server"));
            }
            Ok(vec![
                "listen_addresses=localhost".to_owned(),
                format!("port={port}"),
                "ssl=on".to_owned(),
                format!("ssl_cert_file={}", public.display()),
                format!("ssl_key_file={}", secret.display()),
            ])
        })?;
        Ok((made, port))
    }

    fn make_with(settings: impl FnOnce(&Path) -> Result<Vec<String>>) -> Result<Self> {
        let (programs, folder) = (programs()?, tempfile::Builder::new().prefix("credence-cluster-").tempdir()?);
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777))?;
        let settings = settings(folder.path())?;
        let mut cluster = Self { folder, programs, server: None, settings };
        let made = unprivileged(&programs.join("initdb"))
            .args(["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--data-checksums", "--wal-segsize=1", "-D"])
            .arg(cluster.data())
            .stdout(Stdio::null())
            .output()?;
        if !made.status.success() {
            return Err(Error::other(String::from_utf8_lossy(&made.stderr).into_owned()));
        }
        cluster.start()?;
        cluster.ask("postgres", "create database register")?;
        Ok(cluster)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The address of its database.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of("register")
    }

    fn url_of(&self, database: &str) -> String {
        let host = self.folder.path().to_string_lossy().replace('/', "%2F");
        // The socket's name has the port in it.
        let port = self.settings.iter().find_map(|setting| setting.strip_prefix("port=")).unwrap_or("5432");
        format!("postgres://{USER}@{host}:{port}/{database}")
    }

    fn ask(&self, database: &str, sql: &str) -> Result<()> {
        let mut client =
            ::postgres::Client::connect(&self.url_of(database), ::postgres::NoTls).map_err(Error::other)?;
        client.batch_execute(sql).map_err(Error::other)
    }

    /// Starts it where it stands still, and waits until it has recovered.
    ///
    /// # Errors
    /// What the server says when it does not come up.
    pub fn start(&mut self) -> Result<()> {
        let said = self.folder.path().join("log");
        let log = OpenOptions::new().create(true).append(true).open(&said)?;
        let mut command = unprivileged(&self.programs.join("postgres"));
        command.arg("-D").arg(self.data()).arg("-k").arg(self.folder.path());
        for setting in SETTINGS.into_iter().chain(self.settings.iter().map(String::as_str)) {
            command.args(["-c", setting]);
        }
        let from = log.metadata()?.len();
        let mut server = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        for _ in 0..1_200 {
            if server.try_wait()?.is_some() {
                break;
            }
            if self.ask("postgres", "select 1").is_ok() {
                self.server = Some(server);
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = server.kill();
        let _ = server.wait();
        let mut told = String::new();
        let mut file = File::open(said)?;
        file.seek(SeekFrom::Start(from))?;
        file.read_to_string(&mut told)?;
        let last =
            told.lines().rev().find(|line| line.contains("FATAL") || line.contains("PANIC")).unwrap_or("no word");
        Err(Error::other(last.to_owned()))
    }

    /// Stops it in order.
    ///
    /// # Errors
    /// When it cannot be told.
    pub fn stop(&mut self) -> Result<()> {
        if let Some(mut server) = self.server.take() {
            tell("-INT", server.id());
            server.wait()?;
        }
        Ok(())
    }

    /// Kills the server and every process of it in the middle of whatever they do, and waits until they are gone.
    ///
    /// # Errors
    /// When that cannot be seen.
    pub fn kill(&mut self) -> Result<()> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        let own = children_of(server.id());
        server.kill()?;
        own.iter().for_each(|process| tell("-KILL", *process));
        server.wait()?;
        for _ in 0..200 {
            if own.iter().all(|process| !is_alive(*process)) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        Err(Error::other("a process of the server does not end"))
    }

    /// Where its write-ahead log stands, once it stands still; nothing where that cannot be told.
    ///
    /// # Errors
    /// When the server's programs cannot be asked.
    pub fn log(&self) -> Result<Option<Log>> {
        let told = unprivileged(&self.programs.join("pg_controldata")).arg(self.data()).output()?;
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        let place = |name: &str| told.lines().find_map(|line| position(line.strip_prefix(name)?));
        let (Some(checkpoint), Some(redo)) =
            (place("Latest checkpoint location:"), place("Latest checkpoint's REDO location:"))
        else {
            return Ok(None);
        };
        let walked = unprivileged(&self.programs.join("pg_waldump"))
            .arg("--quiet")
            .arg("--path")
            .arg(self.data().join("pg_wal"))
            .arg("--start")
            .arg(format!("{:X}/{:X}", redo >> 32, redo & 0xFFFF_FFFF))
            .output()?;
        // "error in WAL record at 0/…: invalid record length at 0/…: wanted 24, got 0": the second is where nothing follows.
        let end = String::from_utf8_lossy(&walked.stderr).rsplit(" at ").find_map(position);
        Ok(end.map(|end| Log { checkpoint, end }))
    }

    /// Tears the log off at a position: what followed is garbage up to the end of its segment, and later segments are gone, as
    /// on a disk that lost its last writes.
    ///
    /// # Errors
    /// When the files cannot be written.
    pub fn tear(&self, at: u64, chance: &mut Chance) -> Result<()> {
        let folder = self.data().join("pg_wal");
        let torn = segment(at);
        let file = OpenOptions::new().write(true).open(folder.join(&torn))?;
        let garbage: Vec<u8> = (at % SEGMENT..SEGMENT).map(|_| chance.number().to_le_bytes()[0]).collect();
        file.write_all_at(&garbage, at % SEGMENT)?;
        file.sync_all()?;
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.len() == torn.len() && name > torn {
                std::fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Every page of the register that holds something; the server stands still.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn pages(&self) -> Result<Vec<Page>> {
        let base = self.data().join("base");
        let mut newest: Option<u64> = None;
        for entry in std::fs::read_dir(&base)? {
            newest = newest.max(entry?.file_name().to_string_lossy().parse().ok());
        }
        let mut found = Vec::new();
        let Some(register) = newest else { return Ok(found) };
        for entry in std::fs::read_dir(base.join(register.to_string()))? {
            let file = entry?.path();
            // Tables and indexes that were made after the database's own.
            let own =
                file.file_name().and_then(|name| name.to_str()?.parse::<u64>().ok()).is_some_and(|id| id > register);
            let bytes = if own { std::fs::read(&file)? } else { Vec::new() };
            for (number, page) in (0..).zip(bytes.chunks_exact(usize::try_from(PAGE).unwrap_or(1))) {
                // What was never written has no checksum yet.
                if page.get(14..16).is_some_and(|upper| upper != [0, 0]) {
                    found.push(Page { file: file.clone(), number });
                }
            }
        }
        found.sort_by(|one, other| (&one.file, one.number).cmp(&(&other.file, other.number)));
        Ok(found)
    }

    /// Damages a page and gives what it held: one flipped bit, or its second half as it was never written.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn damage(&self, page: &Page, torn: bool, chance: &mut Chance) -> Result<Vec<u8>> {
        let file = OpenOptions::new().read(true).write(true).open(&page.file)?;
        let mut held = vec![0; usize::try_from(PAGE).unwrap_or_default()];
        file.read_exact_at(&mut held, page.number * PAGE)?;
        let mut bytes = held.clone();
        if torn {
            let half = bytes.len() / 2;
            bytes.iter_mut().skip(half).for_each(|byte| *byte ^= 0xA5);
        } else {
            let (at, bit) = (chance.below(bytes.len()), chance.below(8));
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << bit;
            }
        }
        file.write_all_at(&bytes, page.number * PAGE)?;
        file.sync_all()?;
        Ok(held)
    }

    /// Puts back what a page held.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn mend(&self, page: &Page, held: &[u8]) -> Result<()> {
        let file = OpenOptions::new().write(true).open(&page.file)?;
        file.write_all_at(held, page.number * PAGE)?;
        file.sync_all()
    }

    /// Whether the server's own check finds a page whose checksum is wrong; the server stands still.
    ///
    /// # Errors
    /// When the check cannot be run.
    pub fn finds_damage(&self) -> Result<bool> {
        let told =
            unprivileged(&self.programs.join("pg_checksums")).arg("--check").arg("-D").arg(self.data()).output()?;
        Ok(!told.status.success())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// `0/1A2B3C`, with whatever stands around it.
fn position(text: &str) -> Option<u64> {
    let word = text.split_whitespace().next()?.trim_end_matches([':', ',']);
    let (high, low) = word.split_once('/')?;
    Some(u64::from_str_radix(high, 16).ok()? << 32 | u64::from_str_radix(low, 16).ok()?)
}

/// The file of the segment that a position lies in, on the first timeline.
fn segment(at: u64) -> String {
    let (number, each) = (at / SEGMENT, (1_u64 << 32) / SEGMENT);
    format!("{:08X}{:08X}{:08X}", 1, number / each, number % each)
}

fn tell(signal: &str, process: u32) {
    let _ = Command::new("kill").arg(signal).arg(process.to_string()).stderr(Stdio::null()).status();
}

fn is_alive(process: u32) -> bool {
    // One that has ended and was not looked at yet holds nothing any more.
    let told = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    told.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
}

/// The processes that a process has begun.
fn children_of(parent: u32) -> Vec<u32> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let told = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let of = told.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(1)?.parse::<u32>().ok());
        if of == Some(parent) {
            found.push(process);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_read_and_lie_in_their_segments() {
        assert_eq!(position(" 0/1A2B3C: wanted 24, got 0"), Some(0x1A_2B3C));
        assert_eq!(position("            1/0"), Some(1 << 32));
        assert_eq!(position("nowhere"), None);
        assert_eq!(segment(0x1A_2B3C), "000000010000000000000001");
        assert_eq!(segment((1 << 32) + SEGMENT), "000000010000000100000001");
    }
}
