//! The daily file (每日数据文件): all that is public on a day, as CSV and as JSON lines, with the position of the change stream from
//! which to go on. One file a day; yesterday's is gone when the next is out.
//!
//! It is made from one moment of the register, so that whoever reads on from its position misses nothing. What ends in the
//! course of the day, or is revised by a person, stops the file at once, and it is made anew: nothing that has ended is
//! handed out. Who hands it out is the web; who makes it is the serving process or `credence bulk`.

mod make;
mod row;

pub use row::{push_csv_line, told_marks};

use crate::{Result, Service};
use credence_domain::canonical::hex;
use credence_domain::record::value::date;
use credence_store::scope::View;
use credence_store::stream;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Leaves that are looked at for one answer: the rest is looked at beforehand, by whoever keeps the file.
const LEAVES: usize = 256;
/// The name of what says what a folder holds.
const MANIFEST: &str = "current.json";

/// What is handed out today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The day on which all of it is public.
    pub day: Date,
    /// The position of the change stream from which to go on.
    pub position: i64,
    /// The address at which to go on.
    pub resume: String,
    /// How many records.
    pub records: u64,
    /// The edition of the rulebook that said what is public.
    pub rulebook: String,
    /// The files.
    pub files: Vec<DailyFile>,
}

/// One form of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DailyFile {
    /// Its name, with the day.
    pub name: String,
    /// Where it is fetched.
    pub address: String,
    /// `text/csv` or `application/x-ndjson`.
    pub content_type: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 in hex.
    pub sha256: String,
}

/// The day and form that the name of a daily file names.
#[must_use]
pub fn day_of(name: &str) -> Option<Date> {
    let stem = name.strip_prefix("credence-")?;
    date(stem.strip_suffix(".csv").or_else(|| stem.strip_suffix(".jsonl"))?)
}

/// What is known of the file in a folder.
#[derive(Debug, Default)]
struct Standing {
    manifest: Option<Arc<Manifest>>,
    /// The last leaf after which nothing had ended of what the file holds.
    looked_at: i64,
}

/// The folder of the daily file.
#[derive(Debug)]
pub struct Daily {
    folder: PathBuf,
    standing: Mutex<Standing>,
}

impl Daily {
    /// The daily file in a folder, with what an earlier process left there.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let manifest = match File::open(folder.join(MANIFEST)) {
            Ok(file) => serde_json::from_reader::<_, Manifest>(BufReader::new(file)).ok(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        let whole = manifest.filter(|manifest| manifest.files.iter().all(|file| is_whole(folder, file)));
        let looked_at = whole.as_ref().map_or(-1, |manifest| manifest.position);
        let standing = Standing { manifest: whole.map(Arc::new), looked_at };
        Ok(Self { folder: folder.to_owned(), standing: Mutex::new(standing) })
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is handed out now; none while it is being made.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn current(&self, service: &Service) -> Result<Option<Arc<Manifest>>> {
        let (manifest, looked_at) = {
            let standing = self.standing();
            let Some(manifest) = &standing.manifest else { return Ok(None) };
            (Arc::clone(manifest), standing.looked_at)
        };
        let holds = manifest.day == service.today() && manifest.rulebook == hex(&service.rulebook().digest);
        let looked_at = if holds { service.still_holds(&manifest, looked_at)? } else { None };
        let mut standing = self.standing();
        if !standing.manifest.as_ref().is_some_and(|standing| Arc::ptr_eq(standing, &manifest)) {
            // Another was made meanwhile: it is looked at by whoever asks next.
            return Ok(None);
        }
        let Some((looked_at, is_end)) = looked_at else {
            standing.manifest = None;
            return Ok(None);
        };
        standing.looked_at = standing.looked_at.max(looked_at);
        Ok(is_end.then_some(manifest))
    }

    /// Whether a manifest is still the one that is handed out, as far as is known: for whoever hands a file out piece by piece.
    #[must_use]
    pub fn is_handed_out(&self, manifest: &Arc<Manifest>, today: Date) -> bool {
        manifest.day == today && self.standing().manifest.as_ref().is_some_and(|one| Arc::ptr_eq(one, manifest))
    }

    /// A file of a manifest.
    ///
    /// # Errors
    /// When it is gone.
    pub fn file(&self, file: &DailyFile) -> Result<File> {
        Ok(File::open(self.folder.join(&file.name))?)
    }

    /// Looks whether what is handed out still holds, and makes it anew where it does not. True when it was made.
    ///
    /// # Errors
    /// A fault of the store, or of the folder.
    pub fn keep(&self, service: &Service) -> Result<bool> {
        loop {
            let before = self.standing().looked_at;
            if self.current(service)?.is_some() {
                return Ok(false);
            }
            let standing = self.standing();
            if standing.manifest.is_none() || standing.looked_at == before {
                break;
            }
        }
        self.make(service)?;
        Ok(true)
    }

    /// Makes the file of today.
    ///
    /// # Errors
    /// A fault of the store, or of the folder.
    pub fn make(&self, service: &Service) -> Result<Arc<Manifest>> {
        // What is there is handed out no longer, nor left lying about.
        self.standing().manifest = None;
        let _ = std::fs::remove_file(self.folder.join(MANIFEST));
        self.clear(|_| false)?;
        let manifest = Arc::new(service.make_daily(&self.folder)?);
        *self.standing() = Standing { looked_at: manifest.position, manifest: Some(Arc::clone(&manifest)) };
        Ok(manifest)
    }

    /// Deletes daily files, whole ones and drafts, but those that are kept.
    fn clear(&self, keep: impl Fn(&str) -> bool) -> Result<()> {
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with("credence-") && !keep(&name) {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

fn is_whole(folder: &Path, file: &DailyFile) -> bool {
    std::fs::metadata(folder.join(&file.name)).is_ok_and(|found| found.len() == file.bytes)
}

impl Service {
    /// Whether nothing that a file holds has ended behind a position, or was revised by a person. Beside the position up to
    /// which this is known stands whether that is the end of the log; none where it does not hold.
    fn still_holds(&self, manifest: &Manifest, looked_at: i64) -> Result<Option<(i64, bool)>> {
        let (view, end) = (View::public(self.today()), self.log_size()? - 1);
        let leaves = self.read(|connection| stream::leaves(connection, looked_at, end, LEAVES))?;
        let mut known = looked_at;
        for leaf in leaves {
            if let Some(chunk) = leaf.chunk {
                let by_a_person = leaf.kind != "import";
                let told = (manifest.position, by_a_person);
                if self.read(|connection| stream::ends_what_was_told(connection, &view, chunk, told))? {
                    return Ok(None);
                }
            }
            known = leaf.position;
        }
        // A log that was rolled back holds another history.
        if end < manifest.position { Ok(None) } else { Ok(Some((known, known >= end))) }
    }
}
