//! Backups (备份), restoring them, and copying a register to the other database. Every one of them compares what it read with
//! what stands in the end: rows of every table, the state digest, and the root of the log.

use crate::{AppError, Result, Writer};
use credence_domain::canonical::hex;
use credence_domain::erasure::Listed;
use credence_domain::rulebook::Rulebook;
use credence_store::act::Draft;
pub use credence_store::backup::key::use_file as use_key_file;
use credence_store::backup::{self, BackupKey, Contents, Manifest, key};
use credence_store::clock::Clock;
use credence_store::erasure::again::{self, Waiting};
use credence_store::secret::{Keyring, private};
use credence_store::{Address, StoreError};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// What a backup, a restoration or a copy holds, and whether the two ends agree.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Id of the backup; none for a copy.
    pub id: Option<String>,
    /// When it was made.
    pub made_at: Option<String>,
    /// Rows of all tables.
    pub rows: u64,
    /// Records.
    pub records: u64,
    /// Organisations.
    pub organisations: u64,
    /// Leaves of the log.
    pub leaves: u64,
    /// Root over them.
    pub root: String,
    /// The state digest.
    pub state_digest: String,
    /// Files that waited beside the register.
    pub waiting: u64,
    /// Bytes of the backup; none for a copy.
    pub bytes: Option<u64>,
    /// Rows or runs of rows that were erased after the backup was made and are in it no more.
    pub forgotten: u64,
    /// Records that were erased again, for their erasure came after the backup.
    pub erased_again: u64,
    /// What differs at the other end; empty where nothing does.
    pub differences: Vec<String>,
    /// Seconds.
    pub seconds: f64,
}

impl Report {
    fn of(contents: &Contents) -> Self {
        let rows = |name: &str| {
            let found = contents.tables.iter().find(|counted| counted.table.name == name);
            found.map_or(0, |counted| counted.rows)
        };
        Self {
            id: None,
            made_at: None,
            rows: contents.tables.iter().map(|counted| counted.rows).sum(),
            records: rows("record"),
            organisations: rows("subject"),
            leaves: contents.leaves,
            root: contents.root.clone(),
            state_digest: contents.state_digest.clone(),
            waiting: 0,
            bytes: None,
            forgotten: 0,
            erased_again: 0,
            differences: Vec::new(),
            seconds: 0.0,
        }
    }

    fn of_backup(manifest: &Manifest) -> Self {
        Self {
            id: Some(manifest.id.clone()),
            made_at: Some(manifest.made_at.clone()),
            waiting: manifest.waiting,
            bytes: Some(manifest.bytes),
            ..Self::of(&manifest.contents)
        }
    }
}

/// Writes a backup of a register into an empty folder while others go on, and reads it again from the disk. `spool` is where a
/// server keeps files that were acknowledged and are not imported yet.
///
/// # Errors
/// `register_not_empty` when the folder holds something; `backup_key_gone`, `backup_key_other`; a fault.
pub fn write(address: &Address, folder: &Path, spool: Option<&Path>, clock: &Clock) -> Result<Report> {
    let watch = Clock::stopwatch();
    let backup_key = backup::key_for(address, clock)?;
    let keys = Keyring::of(address).opening()?;
    let waiting = spool.map_or(Ok(Vec::new()), files_that_wait)?;
    let mut reader = address.reader()?;
    let manifest =
        backup::write(&mut reader, keys, &backup_key, (folder, &waiting), clock).map_err(|error| match error {
            StoreError::NotEmpty => AppError::refused("foreign_folder", "dir", "备份目录不为空，请另选空目录"),
            other => other.into(),
        })?;
    Ok(Report { seconds: watch.elapsed().as_secs_f64(), ..Report::of_backup(&manifest) })
}

/// Where the backup key of a register is.
#[must_use]
pub fn key_file(address: &Address) -> PathBuf {
    key::place(address)
}

/// Files of a spool that were acknowledged: those with an acknowledgement beside their body.
fn files_that_wait(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let body = path.with_extension("body");
        if path.extension().is_some_and(|extension| extension == "json") && body.exists() {
            files.extend([body, path]);
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// Reads a backup to its end and judges every block of it.
///
/// # Errors
/// `backup_damaged` naming the first thing that is wrong; `backup_key_gone`, `backup_key_other`.
pub fn check(folder: &Path, key_file: &Path) -> Result<Report> {
    let watch = Clock::stopwatch();
    let (manifest, forgotten) = backup::check(folder, &BackupKey::read(key_file)?)?;
    let seconds = watch.elapsed().as_secs_f64();
    Ok(Report { forgotten: forgotten as u64, seconds, ..Report::of_backup(&manifest) })
}

/// The two persons who restore: they answer for what has to be erased again.
#[derive(Clone, Copy, Debug)]
pub struct Persons<'p> {
    /// Who restores.
    pub actor: &'p str,
    /// The second person.
    pub second: &'p str,
}

/// Restores a backup into an empty register of either database, erases again what was erased after it was made, and compares.
/// The backup key is kept at the register's own place from then on.
///
/// # Errors
/// `register_not_empty`, `backup_damaged`, `backup_key_gone`, `backup_key_other`, `four_eyes` where something has to be erased
/// again and two persons are not named; a fault.
pub fn restore(
    (folder, key_file): (&Path, &Path),
    address: &Address,
    spool: Option<&Path>,
    persons: Option<Persons<'_>>,
    clock: &Clock,
) -> Result<Report> {
    let watch = Clock::stopwatch();
    let backup_key = BackupKey::read(key_file)?;
    let two = persons.is_some_and(|two| {
        let [first, second] = [two.actor, two.second].map(|name| name.trim().to_lowercase());
        !first.is_empty() && !second.is_empty() && first != second
    });
    // Whether this backup holds something that was erased since, only its blocks tell: an erasure before it concerns it not.
    if !two && !backup_key.notes().is_empty() && backup::check(folder, &backup_key)?.1 > 0 {
        let text = "备份之后有内容依法删除，恢复时须由两人再次办理删除（--as、--second）";
        return Err(AppError::refused("four_eyes", "second", text));
    }
    let restored = backup::restore(folder, &backup_key, address, spool)?;
    carry(key_file, &key::place(address))?;
    let mut report = Report { forgotten: restored.forgotten.len() as u64, ..Report::of_backup(&restored.manifest) };
    // Before anything is added: rows and state differ where something was forgotten, the log never does.
    let mut expected = restored.manifest.contents;
    if report.forgotten > 0 {
        expected.tables.clear();
    }
    report.differences = compare(&expected, address, report.forgotten == 0)?;
    if let Some(persons) = persons.filter(|_| report.forgotten > 0) {
        report.erased_again = erase_again(&mut address.writer(clock.clone())?, &backup_key, persons)?;
    }
    report.seconds = watch.elapsed().as_secs_f64();
    Ok(report)
}

/// Copies a register into an empty one of either database, and compares. Keys of identity numbers and of backups go with it,
/// the log's key does not: one key signs for one register.
///
/// # Errors
/// `register_not_empty`; a fault.
pub fn copy(from: &Address, to: &Address) -> Result<Report> {
    let watch = Clock::stopwatch();
    let keys = Keyring::of(from).opening()?;
    let copied = backup::copy(&mut from.reader()?, keys.clone(), to)?;
    let found = backup::contents(&mut to.reader()?, keys)?;
    if let Some((from, to)) = Keyring::of(from).place().zip(Keyring::of(to).place()) {
        carry(from, to)?;
    }
    carry(&key::place(from), &key::place(to))?;
    let mut report = Report::of(&copied);
    report.differences = differences(&copied, &found);
    report.seconds = watch.elapsed().as_secs_f64();
    Ok(report)
}

/// Puts a key where it is looked for from now on, where none is yet.
fn carry(from: &Path, to: &Path) -> Result<()> {
    if from.exists() && !to.exists() {
        private::write_new(to, &private::read(from)?)?;
    }
    Ok(())
}

fn compare(expected: &Contents, address: &Address, whole: bool) -> Result<Vec<String>> {
    let keys = Keyring::of(address).opening()?;
    match backup::contents(&mut address.reader()?, keys) {
        Ok(mut found) => {
            if !whole {
                found.state_digest.clone_from(&expected.state_digest);
            }
            Ok(differences(expected, &found))
        }
        Err(StoreError::KeyMissing(_)) => {
            Ok(vec!["state_digest：缺少证件号码的密钥，未能核对（请用 --keys 指明后执行 credence digest）".to_owned()])
        }
        Err(error) => Err(error.into()),
    }
}

fn differences(expected: &Contents, found: &Contents) -> Vec<String> {
    let mut all = Vec::new();
    let mut look = |what: &str, expected: String, found: String| {
        if expected != found {
            all.push(format!("{what}：应为 {expected}，实为 {found}"));
        }
    };
    for counted in expected.tables.iter().filter(|counted| counted.table.name != "meta") {
        let rows =
            found.tables.iter().find(|other| other.table.name == counted.table.name).map_or(0, |other| other.rows);
        look(&counted.table.name, counted.rows.to_string(), rows.to_string());
    }
    look("state_digest", expected.state_digest.clone(), found.state_digest.clone());
    look("leaves", expected.leaves.to_string(), found.leaves.to_string());
    look("root", expected.root.clone(), found.root.clone());
    all
}

/// Erases again what a restored register holds no more, each record by an act of two persons.
fn erase_again(writer: &mut Writer, backup_key: &BackupKey, persons: Persons<'_>) -> Result<u64> {
    let today = writer.clock().today();
    let rulebook = crate::rulebook::in_force(writer.connection())?;
    let waiting = again::waiting(writer.connection(), backup_key)?;
    for one in &waiting {
        let draft = draft(&rulebook, today, one, persons);
        writer.change(&draft, |change| again::erase(change, one, today))?;
    }
    writer.sequence()?;
    writer.clear_erased()?;
    Ok(waiting.len() as u64)
}

fn draft(rulebook: &Rulebook, today: Date, waiting: &Waiting, persons: Persons<'_>) -> Draft {
    let mut details = Map::new();
    let mut put = |name: &str, value: Value| drop(details.insert(name.to_owned(), value));
    put("clause", waiting.clause.as_str().into());
    put("record", hex(&waiting.reference).into());
    put("item", waiting.kept.0.as_str().into());
    put("versions", waiting.kept.1.into());
    put("erased", waiting.listed.iter().map(Listed::told).collect());
    put("again", waiting.act.as_str().into());
    if !waiting.heads.is_empty() {
        let head = |(act, leaf): &([u8; 16], [u8; 32])| json!({ "act": hex(act), "leaf": hex(leaf) });
        put("heads", waiting.heads.iter().map(head).collect());
    }
    Draft {
        kind: "erasure",
        actor: persons.actor.to_owned(),
        second: Some(persons.second.to_owned()),
        purpose: "erasure",
        basis: waiting.basis.clone(),
        reason: "恢复备份后再次删除备份之后已依法删除的内容".to_owned(),
        rulebook: rulebook.digest,
        as_of: today,
        batch: None,
        details,
    }
}
