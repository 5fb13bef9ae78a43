//! A real PostgreSQL server for tests: one a process, in a temporary folder, gone when the process is gone.
//!
//! Benchmarks start a second kind ([`durable`]): with fsync and with memory as one would run it.
//!
//! The server refuses to run as root, so as root it is started as `nobody`. A small shell holds the other end of a pipe:
//! when this process ends, however it ends, the shell stops the server and takes the folder away.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Folders in which Debian and others keep the server's programs.
const FOLDERS: [&str; 6] = [
    "/usr/lib/postgresql/15/bin",
    "/usr/lib/postgresql/16/bin",
    "/usr/lib/postgresql/17/bin",
    "/usr/lib/postgresql/18/bin",
    "/usr/local/bin",
    "/usr/bin",
];
const NOBODY: u32 = 65_534;
/// A test's server may forget everything.
const FOR_TESTS: &str = "-c fsync=off -c shared_buffers=256MB -c max_wal_size=2GB";
/// Checkpoints by time and volume as a server for bulk loads would have them; every commit is on disk when acknowledged.
const DURABLE: &str = "-c shared_buffers=2GB -c max_wal_size=8GB -c checkpoint_timeout=30min -c work_mem=256MB \
     -c maintenance_work_mem=512MB -c wal_buffers=64MB -c wal_compression=on -c synchronous_commit=on";

/// A running server.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    user: &'static str,
    next: AtomicU32,
    _keeper: Child,
}

/// The server of this process, started at the first call.
///
/// # Panics
/// When PostgreSQL is not installed or does not start: a suite that cannot test both databases has failed.
#[allow(clippy::panic, reason = "a missing server fails the suite with its reason")]
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| start("test", FOR_TESTS).unwrap_or_else(|error| panic!("PostgreSQL for tests: {error}")))
}

/// A server that keeps what it has committed, tuned for a machine with a few gigabytes to spare; it lives as long as the
/// value.
///
/// # Errors
/// When PostgreSQL is not installed or does not start.
pub fn durable() -> std::io::Result<Server> {
    start("bench", DURABLE)
}

/// Where the server's programs are.
///
/// # Errors
/// When PostgreSQL is not installed.
pub fn programs() -> std::io::Result<&'static Path> {
    let found =
        FOLDERS.iter().map(Path::new).find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists());
    found.ok_or_else(|| std::io::Error::other("install postgresql (Debian: postgresql-15)"))
}

/// What the server says of itself: name and version.
///
/// # Errors
/// When PostgreSQL is not installed.
pub fn version() -> std::io::Result<String> {
    let said = Command::new(programs()?.join("postgres")).arg("--version").output()?;
    Ok(String::from_utf8_lossy(&said.stdout).trim().replace("postgres (PostgreSQL)", "PostgreSQL"))
}

impl Server {
    /// Makes an empty database and gives its address.
    ///
    /// # Panics
    /// When the server refuses.
    #[allow(clippy::panic, reason = "a server that refuses fails the suite with its reason")]
    pub fn database(&self) -> String {
        let name = format!("register_{}_{}", std::process::id(), self.next.fetch_add(1, Ordering::Relaxed));
        let made = postgres::Client::connect(&self.url("postgres"), postgres::NoTls)
            .and_then(|mut client| client.batch_execute(&format!("create database {name}")));
        if let Err(error) = made {
            panic!("PostgreSQL for tests: {error}");
        }
        self.url(&name)
    }

    /// Makes a login role and gives its name.
    ///
    /// # Panics
    /// When the server refuses.
    #[allow(clippy::panic, reason = "a server that refuses fails the suite with its reason")]
    pub fn role(&self, name: &str) -> String {
        let role = format!("{name}_{}_{}", std::process::id(), self.next.fetch_add(1, Ordering::Relaxed));
        let made = postgres::Client::connect(&self.url("postgres"), postgres::NoTls)
            .and_then(|mut client| client.batch_execute(&format!("create role {role} login")));
        if let Err(error) = made {
            panic!("PostgreSQL for tests: {error}");
        }
        role
    }

    /// Takes a database away again.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn forget(&self, address: &str) -> std::io::Result<()> {
        let name = address.rsplit('/').next().unwrap_or_default();
        postgres::Client::connect(&self.url("postgres"), postgres::NoTls)
            .and_then(|mut client| client.batch_execute(&format!("drop database {name} with (force)")))
            .map_err(std::io::Error::other)
    }

    /// The folder of its socket.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn url(&self, database: &str) -> String {
        let host = self.folder.to_string_lossy().replace('/', "%2F");
        format!("postgres://{}@{host}/{database}", self.user)
    }
}

/// Runs statements as another login role of the same database and gives the last one's rows as text.
///
/// # Errors
/// What the server says.
pub fn as_role(address: &str, role: &str, sql: &str) -> Result<Vec<Vec<String>>, String> {
    let said = |error: postgres::Error| error.as_db_error().map_or(error.to_string(), |error| error.to_string());
    let mut config: postgres::Config = address.parse().map_err(said)?;
    config.user(role);
    let mut client = config.connect(postgres::NoTls).map_err(said)?;
    let found = client.simple_query(sql).map_err(said)?;
    let rows = found.into_iter().filter_map(|message| match message {
        postgres::SimpleQueryMessage::Row(row) => {
            Some((0..row.len()).map(|at| row.get(at).unwrap_or_default().to_owned()).collect())
        }
        _ => None,
    });
    Ok(rows.collect())
}

/// A program of the server's: it refuses to run as root.
pub(crate) fn unprivileged(program: &Path) -> Command {
    let as_root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let mut command = Command::new(program);
    if as_root {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.current_dir("/").env("TZ", "UTC").env("LC_ALL", "C");
    command
}

fn start(kind: &str, settings: &str) -> std::io::Result<Server> {
    let programs = programs()?;
    let folder = std::env::temp_dir().join(format!("credence-pg-{kind}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777))?;
    let data = folder.join("data");
    let user = "credence";
    let made = unprivileged(&programs.join("initdb"))
        .args(["-U", user, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D"])
        .arg(&data)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()?;
    if !made.status.success() {
        return Err(std::io::Error::other(String::from_utf8_lossy(&made.stderr).into_owned()));
    }
    let script = "\"$1\" -D \"$2\" -k \"$3\" -c listen_addresses= -c max_connections=200 $4 \
         -c log_min_messages=fatal >/dev/null 2>&1 & server=$!; read -r _; kill -INT $server; wait $server; rm -rf \"$3\"";
    let mut keeper = unprivileged(Path::new("/bin/sh"));
    keeper.args(["-c", script, "sh"]).arg(programs.join("postgres")).arg(&data).arg(&folder).arg(settings);
    let mut keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    if let Some(pipe) = keeper.stdin.as_mut() {
        pipe.flush()?;
    }
    let server = Server { folder, user, next: AtomicU32::new(0), _keeper: keeper };
    for _ in 0..200 {
        if postgres::Client::connect(&server.url("postgres"), postgres::NoTls).is_ok() {
            return Ok(server);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(std::io::Error::other("the server does not answer"))
}
