//! Opening, building and catching up: in the background for `serve`, at once for a command.

use super::{ACTS_AT_ONCE, Names, Standing, entry, place};
use crate::Result;
use credence_search::{Base, Builder, Bytes, Index, Position};
use credence_store::clock::Clock;
use credence_store::connection::Connection;
use credence_store::names::{self, Head};
use credence_store::scope::View;
use credence_store::{Address, StoreError};
use serde::Serialize;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

/// Organisations read at once while building.
const PAGE: u32 = 10_000;
/// Leaves read at once while catching up: questions wait meanwhile.
const LEAVES: u32 = ACTS_AT_ONCE as u32;
/// An index this many acts behind is built anew rather than brought up.
const BEHIND_MOST: u64 = 256;

/// What a rebuild did.
#[derive(Clone, Debug, Serialize)]
pub struct Rebuilt {
    /// Organisations in the index.
    pub entries: u64,
    /// Bytes of the index.
    pub bytes: u64,
    /// Where it lies; `null` in memory.
    pub path: Option<PathBuf>,
    /// Time spent.
    pub seconds: f64,
}

/// What is to be done in the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Open what is there, or build; then catch up.
    Bring,
    /// Build anew.
    Rebuild,
}

/// Does the work on a thread of its own, unless one is at it. When it fails, SQL goes on answering and the next question
/// tries again.
pub(super) fn in_background(shared: Arc<Names>, address: Address, view: View, work: Work) {
    if shared.busy.swap(true, Ordering::AcqRel) {
        return;
    }
    let idle = Arc::clone(&shared);
    let spawned = std::thread::Builder::new().name("search".to_owned()).spawn(move || {
        let done = match work {
            Work::Bring => bring(&shared, &address, &view),
            Work::Rebuild => rebuild(&shared, &address, &view).map(|_| ()),
        };
        if let Err(error) = done {
            eprintln!("search index: {error}");
        }
        shared.busy.store(false, Ordering::Release);
    });
    if spawned.is_err() {
        idle.busy.store(false, Ordering::Release);
    }
}

fn bring(shared: &Names, address: &Address, view: &View) -> Result<()> {
    let mut reader = address.reader()?;
    let missing = shared.standing.read().unwrap_or_else(PoisonError::into_inner).is_none();
    let found = if missing { open(address) } else { None };
    let position = found.as_ref().map_or_else(|| shared.position(), Index::position);
    let usable = (found.is_some() || !missing) && is_of(reader.connection(), position)?;
    match found {
        // Looked at before it answers anything: a file may be another register's.
        Some(index) if usable => shared.put(Some(index)),
        _ if usable => {}
        _ => {
            shared.put(None);
            rebuild(shared, address, view)?;
        }
    }
    loop {
        let head = names::head(reader.connection())?;
        let behind = head.size.saturating_sub(shared.position().size);
        if behind > BEHIND_MOST {
            rebuild(shared, address, view)?;
            return Ok(());
        }
        shared.catch_up(reader.connection(), view, &head)?;
        if behind <= ACTS_AT_ONCE {
            return Ok(());
        }
        std::thread::yield_now();
    }
}

/// The index on file, if it is one.
fn open(address: &Address) -> Option<Index> {
    let file = File::open(place::file(address)?).ok()?;
    Base::open(Bytes::File(file)).ok().map(Index::new)
}

/// Whether the register's log has the act where an index read it last.
fn is_of(connection: &mut Connection, position: Position) -> Result<bool> {
    let Some(last) = position.size.checked_sub(1) else { return Ok(names::head(connection)?.size == 0) };
    let leaf = names::leaves(connection, last, 1)?;
    Ok(leaf.first().is_some_and(|(act, _)| *act == position.act))
}

/// Builds the index from the register and puts it into use.
pub(super) fn rebuild(shared: &Names, address: &Address, view: &View) -> Result<Rebuilt> {
    let watch = Clock::stopwatch();
    let mut reader = address.reader()?;
    let connection = reader.connection();
    // What happens while the names are read comes after this position and is read again.
    let size = names::head(connection)?.size;
    let last = size.checked_sub(1).map(|last| names::leaves(connection, last, 1)).transpose()?;
    let act = last.and_then(|leaves| leaves.first().map(|(act, _)| *act)).unwrap_or_default();
    let position = Position { size, act };
    let path = place::file(address);
    let written = path.as_deref().and_then(|path| beside(path).ok());
    let (bytes, entries, path) = match (written, path) {
        (Some((file, draft)), Some(path)) => {
            let mut builder = Builder::new(BufWriter::new(file))?;
            fill(connection, view, &mut builder)?;
            let entries = builder.entries();
            drop(builder.finish(position)?);
            std::fs::rename(&draft, &path)?;
            (Bytes::File(File::open(&path)?), entries, Some(path))
        }
        _ => {
            let mut builder = Builder::new(Vec::new())?;
            fill(connection, view, &mut builder)?;
            let entries = builder.entries();
            (Bytes::Memory(builder.finish(position)?), entries, None)
        }
    };
    let length = match &bytes {
        Bytes::File(file) => file.metadata()?.len(),
        Bytes::Memory(bytes) => bytes.len() as u64,
    };
    shared.put(Some(Index::new(Base::open(bytes)?)));
    let seconds = (watch.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
    Ok(Rebuilt { entries, bytes: length, path, seconds })
}

/// A draft beside the file, which is renamed when it is whole.
fn beside(path: &Path) -> io::Result<(File, PathBuf)> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", std::process::id()));
    let draft = PathBuf::from(name);
    Ok((File::create(&draft)?, draft))
}

fn fill<W: Write>(connection: &mut Connection, view: &View, builder: &mut Builder<W>) -> Result<()> {
    let mut after = String::new();
    loop {
        let page = names::page(connection, view, &after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        last.uscc.clone_into(&mut after);
        for known in page {
            builder.push(&entry(known))?;
        }
    }
}

impl Names {
    /// Takes an index into use, or out of it.
    pub(super) fn put(&self, index: Option<Index>) {
        let standing = index.map(|index| Standing { index, ahead: HashSet::new() });
        *self.standing.write().unwrap_or_else(PoisonError::into_inner) = standing;
    }

    fn position(&self) -> Position {
        let standing = self.standing.read().unwrap_or_else(PoisonError::into_inner);
        standing.as_ref().map(|standing| standing.index.position()).unwrap_or_default()
    }

    /// Reads acts that the index has not read: the first with a leaf behind its position, and the pending ones.
    pub(super) fn catch_up(&self, connection: &mut Connection, view: &View, head: &Head) -> credence_store::Result<()> {
        let mut standing = self.standing.write().unwrap_or_else(PoisonError::into_inner);
        let Some(Standing { index, ahead }) = &mut *standing else { return Ok(()) };
        let position = index.position();
        let leaves = names::leaves(connection, position.size, LEAVES)?;
        for placed in &leaves {
            // What was read while it was pending has not changed since by this act.
            if !ahead.contains(&placed.0) {
                take_in(index, names::touched(connection, view, placed)?)?;
            }
        }
        if let Some((act, _)) = leaves.last() {
            index.set_position(Position { size: position.size + leaves.len() as u64, act: *act });
        }
        for placed in &head.pending {
            if !ahead.contains(&placed.0) {
                take_in(index, names::touched(connection, view, placed)?)?;
            }
        }
        *ahead = head.pending.iter().map(|(act, _)| *act).collect();
        Ok(())
    }
}

fn take_in(index: &mut Index, known: Vec<names::Known>) -> credence_store::Result<()> {
    for known in known {
        let uscc = known.uscc.clone();
        index.apply(&uscc, Some(entry(known))).map_err(StoreError::Io)?;
    }
    Ok(())
}
