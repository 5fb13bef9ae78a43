//! Backups (备份): every row of a register in one file that either database is restored from, sealed row by row where an
//! erasure may have to reach it (docs/design/0018-backups.md). A copy is the same way without the file.
//!
//! Everything is read in one snapshot while others write. [`key`] is the key that can forget, [`file`] the sealed blocks,
//! [`dump`] and [`load`] the two ends, [`forget`] what an erasure does to older backups.

mod cell;
mod dump;
mod file;
pub mod forget;
pub mod key;
mod load;
pub mod note;
mod seal;
pub mod shape;

pub use key::{BackupKey, Label};

use crate::account::session;
use crate::clock::{Chance, Clock, instant_text};
use crate::connection::{Connection, Value};
use crate::open::{self, Address};
use crate::secret::Keys;
use crate::{Reader, Result, StoreError, audit, digest, schema};
use credence_domain::canonical::{self, hex, unhex};
use credence_ledger::{RootBuilder, entry, leaf_hash};
use dump::Sink;
use file::Opener;
use hmac::{Hmac, KeyInit, Mac};
use load::Loader;
use seal::Sealer;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shape::Table;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

const FORMAT: u32 = 1;
/// What the backup holds, written last: a folder without it is no backup.
const MANIFEST: &str = "credence-backup.json";
/// Its rows.
const DATA: &str = "credence-backup.data";
/// Files that wait beside the register, as if they were a table.
const WAITING: &str = "#waiting";
/// Bytes of one row of such a file.
const PIECE_BYTES: usize = 4 << 20;
/// The mark of a register that has backups: the id of their key.
const KEY_MARK: &str = "backup_key";

/// A table and how many rows it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The table.
    #[serde(flatten)]
    pub table: Table,
    /// Its rows.
    pub rows: u64,
}

/// What is in a register, by which two of them are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// Schema version.
    pub schema: u32,
    /// The tables.
    pub tables: Vec<Counted>,
    /// The state digest, in hexadecimal.
    pub state_digest: String,
    /// Leaves of the log.
    pub leaves: u64,
    /// RFC 6962 root over them, in hexadecimal.
    pub root: String,
}

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format.
    pub format: u32,
    /// Sixteen random bytes, in hexadecimal.
    pub id: String,
    /// Id of the backup key.
    pub key: String,
    /// When it was made (RFC 3339).
    pub made_at: String,
    /// What it holds.
    pub contents: Contents,
    /// Files that waited beside the register.
    pub waiting: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// Its blocks.
    pub blocks: u64,
    /// HMAC-SHA256 over all the rest, in hexadecimal.
    pub seal: String,
}

impl Manifest {
    fn sealed(&self, key: &BackupKey, id: &[u8; 16]) -> Result<String> {
        let bare = serde_json::to_value(Self { seal: String::new(), ..self.clone() });
        let bare = bare.map_err(|error| StoreError::Backup(error.to_string()))?;
        let mac =
            Hmac::<Sha256>::new_from_slice(&key.common(id)).map_err(|error| StoreError::Backup(error.to_string()))?;
        Ok(hex(&mac.chain_update(canonical::to_vec(&bare)).finalize().into_bytes()))
    }

    /// Reads what a backup says of itself, and believes it when it was sealed under this key.
    ///
    /// # Errors
    /// [`StoreError::Backup`] where the folder holds no whole backup or it was changed; [`StoreError::BackupKeyOther`].
    pub fn read(folder: &Path, key: &BackupKey) -> Result<Self> {
        let text = std::fs::read(folder.join(MANIFEST)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                StoreError::Backup(format!("{MANIFEST} is not there: it was never finished"))
            }
            _ => StoreError::Io(error),
        })?;
        let changed = || StoreError::Backup(format!("{MANIFEST} was changed or is damaged"));
        let manifest: Self = serde_json::from_slice(&text).map_err(|_| changed())?;
        if manifest.key != key.id() {
            return Err(StoreError::BackupKeyOther(manifest.key));
        }
        if manifest.format != FORMAT || manifest.sealed(key, &manifest.number()?)? != manifest.seal {
            return Err(changed());
        }
        Ok(manifest)
    }

    fn number(&self) -> Result<[u8; 16]> {
        let id = unhex(&self.id).and_then(|bytes| bytes.try_into().ok());
        id.ok_or_else(|| StoreError::Backup(format!("{MANIFEST} was changed or is damaged")))
    }

    fn tables(&self) -> Vec<Table> {
        self.contents.tables.iter().map(|counted| counted.table.clone()).collect()
    }
}

/// Counts rows and the log on their way to another sink.
struct Counter<'s> {
    inner: Option<&'s mut dyn Sink>,
    counted: Vec<Counted>,
    root_at: Option<usize>,
    tree: RootBuilder,
}

impl<'s> Counter<'s> {
    fn before(inner: Option<&'s mut dyn Sink>) -> Self {
        Self { inner, counted: Vec::new(), root_at: None, tree: RootBuilder::new() }
    }
}

impl Sink for Counter<'_> {
    fn table(&mut self, table: &Table) -> Result<()> {
        let log = table.name == "log_leaf";
        self.root_at = log.then(|| table.columns.iter().position(|column| column == "root")).flatten();
        self.counted.push(Counted { table: table.clone(), rows: 0 });
        self.inner.as_mut().map_or(Ok(()), |inner| inner.table(table))
    }

    fn row(&mut self, row: &[Value<'_>]) -> Result<()> {
        if let Some(last) = self.counted.last_mut() {
            last.rows += 1;
        }
        if let Some(Value::Blob(root)) = self.root_at.and_then(|at| row.get(at)) {
            let root =
                <&[u8; 32]>::try_from(*root).map_err(|_| StoreError::Inconsistent("a leaf of the log".to_owned()))?;
            self.tree.push(leaf_hash(&entry(root)));
        }
        self.inner.as_mut().map_or(Ok(()), |inner| inner.row(row))
    }
}

/// Reads everything in one snapshot and hands it on; gives what there was.
fn read_all(connection: &mut Connection, keys: Arc<Keys>, sink: &mut dyn Sink) -> Result<Contents> {
    audit::snapshot(connection, |connection| {
        let contents = hand_on_all(connection, sink)?;
        Ok(Contents { state_digest: hex(&digest::state(connection, keys)?), ..contents })
    })
}

/// Hands on everything, inside the caller's snapshot; gives what there was, but for the state digest.
fn hand_on_all(connection: &mut Connection, sink: &mut dyn Sink) -> Result<Contents> {
    let schema = schema::check_readable(connection)?;
    let mut counter = Counter::before(Some(sink));
    dump::dump(connection, &mut counter)?;
    let Counter { counted: tables, tree, .. } = counter;
    Ok(Contents { schema, tables, state_digest: String::new(), leaves: tree.size(), root: hex(&tree.root()) })
}

/// What is in a register.
///
/// # Errors
/// Whatever the database says, or what in it cannot be read.
pub fn contents(reader: &mut Reader, keys: Arc<Keys>) -> Result<Contents> {
    struct Nobody;
    impl Sink for Nobody {
        fn table(&mut self, _: &Table) -> Result<()> {
            Ok(())
        }
        fn row(&mut self, _: &[Value<'_>]) -> Result<()> {
            Ok(())
        }
    }
    read_all(reader.connection(), keys, &mut Nobody)
}

/// What every table holds, as one digest a table over its rows as they lie.
///
/// # Errors
/// When something cannot be read any more.
pub fn table_digests(reader: &mut Reader) -> Result<BTreeMap<String, String>> {
    struct Digests(Vec<(String, Sha256)>, Vec<u8>);
    impl Sink for Digests {
        fn table(&mut self, table: &Table) -> Result<()> {
            self.0.push((table.name.clone(), Sha256::new()));
            Ok(())
        }
        fn row(&mut self, row: &[Value<'_>]) -> Result<()> {
            self.1.clear();
            cell::put(&mut self.1, row);
            if let Some((_, digest)) = self.0.last_mut() {
                digest.update(&self.1);
            }
            Ok(())
        }
    }
    let mut all = Digests(Vec::new(), Vec::new());
    audit::snapshot(reader.connection(), |connection| dump::dump(connection, &mut all))?;
    Ok(all.0.into_iter().map(|(table, digest)| (table, hex(&digest.finalize()))).collect())
}

/// The backup key of a register, made with its first backup; the register is marked, so that no erasure forgets the backups.
///
/// # Errors
/// [`StoreError::BackupKeyGone`] or [`StoreError::BackupKeyOther`] when the register has had backups under another key.
pub fn key_for(address: &Address, clock: &Clock) -> Result<BackupKey> {
    let place = key::place(address);
    let marked = open::mark(address.reader()?.connection(), KEY_MARK)?;
    let key = match (&marked, place.exists()) {
        (None, false) => BackupKey::make(&place, &mut Chance::default())?,
        (Some(_), false) => return Err(StoreError::BackupKeyGone),
        (_, true) => BackupKey::read(&place)?,
    };
    match marked {
        Some(marked) if marked != key.id() => Err(StoreError::BackupKeyOther(marked)),
        Some(_) => Ok(key),
        None => {
            open::set_mark(address.writer(clock.clone())?.connection(), KEY_MARK, &key.id())?;
            Ok(key)
        }
    }
}

/// Writes a backup into a folder that is empty or not there, and reads it again from the disk. `waiting` are files beside the
/// register that were acknowledged and are not in it yet.
///
/// # Errors
/// [`StoreError::NotEmpty`] when the folder holds something; whatever the database or the disk says.
pub fn write(
    reader: &mut Reader,
    keys: Arc<Keys>,
    key: &BackupKey,
    (folder, waiting): (&Path, &[PathBuf]),
    clock: &Clock,
) -> Result<Manifest> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    if std::fs::read_dir(folder)?.next().is_some() {
        return Err(StoreError::NotEmpty);
    }
    let id: [u8; 16] = Chance::default().bytes()?;
    let made_at = instant_text(clock.now_micros());
    let new = |name: &str| OpenOptions::new().write(true).create_new(true).mode(0o600).open(folder.join(name));
    // What waits is opened before the snapshot is taken: whatever is imported meanwhile is in one of the two.
    let waiting: Vec<(String, File)> =
        waiting.iter().filter_map(|path| Some((named(path)?, File::open(path).ok()?))).collect();
    let mut sealer = Sealer::new(key, id, new(DATA)?)?;
    let count = waiting.len() as u64;
    let mut manifest = audit::snapshot(reader.connection(), |connection| {
        let read = hand_on_all(connection, &mut sealer);
        let read = read.and_then(|contents| put_waiting(waiting, &mut sealer).map(|()| contents));
        // Where the file could not be written, that is the reason why reading was given up.
        let written = sealer.finish()?;
        let mut manifest = Manifest {
            format: FORMAT,
            id: hex(&id),
            key: key.id(),
            made_at,
            contents: read?,
            waiting: count,
            bytes: written.bytes,
            sha256: hex(&written.sha256),
            blocks: written.blocks,
            seal: String::new(),
        };
        // The file is read again while the digest is computed in the snapshot that it was written from.
        let digest = thread::scope(|scope| {
            let check = scope.spawn(|| check_data(folder, key, &manifest, None));
            let digest = digest::state(connection, keys)?;
            check.join().map_err(|_| StoreError::Backup(format!("{DATA} could not be read again")))??;
            Ok::<_, StoreError>(digest)
        })?;
        manifest.contents.state_digest = hex(&digest);
        Ok(manifest)
    })?;
    manifest.seal = manifest.sealed(key, &id)?;
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| StoreError::Backup(error.to_string()))?;
    let draft = format!("{MANIFEST}.new");
    let mut file = new(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(folder.join(&draft), folder.join(MANIFEST))?;
    File::open(folder)?.sync_all()?;
    Ok(manifest)
}

fn named(path: &Path) -> Option<String> {
    path.file_name().and_then(|name| name.to_str()).map(str::to_owned)
}

fn waiting_table() -> Table {
    Table { name: WAITING.to_owned(), columns: ["batch", "file", "bytes"].map(str::to_owned).to_vec() }
}

fn put_waiting(files: Vec<(String, File)>, sink: &mut dyn Sink) -> Result<()> {
    sink.table(&waiting_table())?;
    let mut piece = vec![0; PIECE_BYTES];
    for (name, mut file) in files {
        let batch = name.split('.').next().unwrap_or_default().to_owned();
        let mut first = true;
        loop {
            let read = file.read(&mut piece)?;
            if read == 0 && !first {
                break;
            }
            first = false;
            let bytes = piece.get(..read).unwrap_or_default();
            sink.row(&[Value::Text(&batch), Value::Text(&name), Value::Blob(bytes)])?;
            if read == 0 {
                break;
            }
        }
    }
    Ok(())
}

/// Reads the file of a backup to its end, hands its rows on, and compares with what the manifest says.
fn check_data(
    folder: &Path,
    key: &BackupKey,
    manifest: &Manifest,
    sink: Option<&mut dyn Sink>,
) -> Result<BTreeSet<Label>> {
    let mut tables = manifest.tables();
    tables.push(waiting_table());
    let mut counter = Counter::before(sink);
    let opener = Opener::new(key, manifest.number()?, File::open(folder.join(DATA))?)?;
    let (read, forgotten) = opener.open_all(&tables, manifest.blocks, &mut counter)?;
    let wrong = |what: &str| Err(StoreError::Backup(format!("{what} is not what {MANIFEST} says")));
    if read.bytes != manifest.bytes || hex(&read.sha256) != manifest.sha256 {
        return wrong(DATA);
    }
    counter.counted.truncate(manifest.contents.tables.len());
    if forgotten.is_empty() && counter.counted != manifest.contents.tables {
        return wrong("the number of rows");
    }
    if (counter.tree.size(), hex(&counter.tree.root())) != (manifest.contents.leaves, manifest.contents.root.clone()) {
        return wrong("the log");
    }
    Ok(forgotten)
}

/// Reads a backup to its end and judges every block; gives what it says of itself and how much of it was forgotten since.
///
/// # Errors
/// [`StoreError::Backup`] naming the first thing that is wrong.
pub fn check(folder: &Path, key: &BackupKey) -> Result<(Manifest, usize)> {
    let manifest = Manifest::read(folder, key)?;
    let forgotten = check_data(folder, key, &manifest, None)?;
    Ok((manifest, forgotten.len()))
}

/// Rows go to the register, files that waited go to a folder.
struct Restorer<'f> {
    loader: Loader,
    waiting: Option<&'f Path>,
    is_waiting: bool,
}

impl Sink for Restorer<'_> {
    fn table(&mut self, table: &Table) -> Result<()> {
        self.is_waiting = table.name == WAITING;
        if self.is_waiting { Ok(()) } else { self.loader.table(table) }
    }

    fn row(&mut self, row: &[Value<'_>]) -> Result<()> {
        if !self.is_waiting {
            return self.loader.row(row);
        }
        let (Some(folder), [_, Value::Text(name), Value::Blob(bytes)]) = (self.waiting, row) else { return Ok(()) };
        if name.contains(['/', '\0']) || name.starts_with('.') {
            return Err(StoreError::Backup("a file that waits has a wrong name".to_owned()));
        }
        let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(folder.join(name))?;
        file.write_all(bytes)?;
        Ok(file.sync_data()?)
    }
}

/// What a restoration made.
#[derive(Debug)]
pub struct Restored {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// Labels of what was forgotten since it was made.
    pub forgotten: BTreeSet<Label>,
}

/// Restores a backup into an empty register of either database. Files that waited go to `waiting`, an empty folder.
/// What was forgotten since is not there: see [`forget::fill`].
///
/// # Errors
/// [`StoreError::NotEmpty`], [`StoreError::Backup`], [`StoreError::BackupKeyOther`]; whatever the database says.
pub fn restore(folder: &Path, key: &BackupKey, address: &Address, waiting: Option<&Path>) -> Result<Restored> {
    let manifest = Manifest::read(folder, key)?;
    let folder_for = waiting.filter(|_| manifest.waiting > 0);
    if let Some(place) = folder_for {
        DirBuilder::new().recursive(true).mode(0o700).create(place)?;
        if std::fs::read_dir(place)?.next().is_some() {
            return Err(StoreError::NotEmpty);
        }
    }
    let loader = Loader::begin(address, manifest.contents.schema, &manifest.id)?;
    let mut restorer = Restorer { loader, waiting: folder_for, is_waiting: false };
    let forgotten = check_data(folder, key, &manifest, Some(&mut restorer))?;
    restorer.loader.mark(KEY_MARK, &key.id());
    let has_sessions = manifest.contents.tables.iter().any(|counted| counted.table.name == "session");
    restorer.loader.finish_with(|connection| {
        // Who signed out, or was dismissed, after the backup was made is not signed in by it.
        if has_sessions {
            session::end_restored(connection)?;
        }
        forget::fill(connection, key, &forgotten)
    })?;
    Ok(Restored { manifest, forgotten })
}

/// Copies a register into an empty one of either database; gives what was copied.
///
/// # Errors
/// [`StoreError::NotEmpty`]; whatever either database says.
pub fn copy(reader: &mut Reader, keys: Arc<Keys>, to: &Address) -> Result<Contents> {
    let schema = schema::check_readable(reader.connection())?;
    let mut loader = Loader::begin(to, schema, "copy")?;
    let copied = read_all(reader.connection(), keys, &mut loader)?;
    loader.finish_with(|_| Ok(()))?;
    Ok(copied)
}
