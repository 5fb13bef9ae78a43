//! What was sent and was not taken in, once its time is over (保存期限): rejected rows as they came, the files that hold them, and papers
//! that no case cites. A command does it, and a server once a day; it is an act of the platform that says how many, and nothing of what they held.
//!
//! Serves 个人信息保护法 art. 十九.

use crate::rulebook::PLATFORM_UNIT;
use crate::{AppError, Result, Writer};
use credence_domain::paper::WAITING_DAYS;
use credence_domain::record::value::{date_of, day_number};
use credence_domain::rulebook::Rulebook;
use credence_store::act::Draft;
use credence_store::backup::forget::{self, Touched};
use credence_store::clock::day_begins;
use credence_store::erasure::expired;
use credence_store::paper;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Map;
use std::path::{Path, PathBuf};

/// What went because its time was over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Expired {
    /// Batches that ended before this day.
    pub before: Date,
    /// Days for which rejected rows are kept.
    pub days: u32,
    /// Rejected rows.
    pub rows: u64,
    /// Batches that had them.
    pub batches: u64,
    /// Files.
    pub files: u64,
    /// Papers that were handed in and that no case has cited since.
    pub papers: u64,
}

/// The folder in which a server keeps what was sent ([`crate::batch::spool`]).
#[derive(Clone, Debug)]
pub struct Files {
    folder: PathBuf,
}

impl Files {
    /// The files in a folder, which need not be there.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Numbers of batches whose rejected rows stand here, in order.
    fn batches(&self) -> Result<Vec<String>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut numbers = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "rejects") {
                numbers.extend(path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned));
            }
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Removes the rejected rows of batches; gives how many files there were. What is removed is overwritten first.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn remove(&self, batches: &[String]) -> Result<u64> {
        let mut removed = 0;
        for number in batches {
            let path = self.folder.join(format!("{number}.rejects"));
            let length = match std::fs::metadata(&path) {
                Ok(found) => found.len(),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error.into()),
            };
            overwrite(&path, length)?;
            std::fs::remove_file(&path)?;
            removed += 1;
        }
        Ok(removed)
    }
}

fn overwrite(path: &Path, length: u64) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).open(path)?;
    std::io::copy(&mut std::io::Read::take(std::io::repeat(0), length), &mut file)?;
    file.sync_all()
}

/// Takes away what is over. Where nothing is, nothing is done and there is no act.
///
/// # Errors
/// `clause_unknown` where the rulebook says no period, or a fault.
pub fn expire(writer: &mut Writer, rulebook: &Rulebook, actor: &str, files: Option<&Files>) -> Result<Expired> {
    let today = writer.clock().today();
    let unsaid = || AppError::refused("clause_unknown", "", "规则手册没有规定报送原始内容的保存期限");
    let rule = rulebook.erasure.retention_on(today).ok_or_else(unsaid)?;
    let days = rule.rejected_days;
    let ago = |days: i32| date_of(day_number(today).saturating_sub(days)).unwrap_or(Date::MIN);
    let before = ago(days.cast_signed());
    let (instant, waited) = (day_begins(before), day_begins(ago(WAITING_DAYS)));
    let unused = paper::over(writer.connection(), waited)?.len() as u64;
    let over = expired::over(writer.connection(), instant)?;
    let kept = files.map_or(Ok(Vec::new()), Files::batches)?;
    let on_disk = expired::batches_over(writer.connection(), &kept, instant)?;
    let (batches, files_over) = (over.batches.len() as u64, on_disk.len() as u64);
    let mut done = Expired { before, days, rows: over.rows, batches, files: files_over, papers: unused };
    if over.rows == 0 && on_disk.is_empty() && unused == 0 {
        return Ok(done);
    }
    let basis = rule.basis.first().map(|basis| format!("{} {}", basis.title, basis.article)).unwrap_or_default();
    let mut details = Map::new();
    for (name, count) in [("rows", done.rows), ("batches", done.batches), ("files", done.files), ("papers", unused)] {
        details.insert(name.to_owned(), count.into());
    }
    details.insert("before".to_owned(), before.to_string().into());
    let draft = Draft {
        kind: "retention",
        actor: actor.to_owned(),
        second: None,
        purpose: "erasure",
        basis,
        reason: String::new(),
        rulebook: rulebook.digest,
        as_of: today,
        batch: None,
        details,
    };
    // Said before it is done: a file that a kill left is found again by the next run.
    let address = writer.address().clone();
    let backups = forget::key_place(writer.connection(), &address)?;
    let ((rows, papers), _) = writer.change(&draft, |change| {
        let mut touched = expired::touched(change.connection, instant)?;
        let rows = expired::clear(change, instant)?;
        let removed = paper::remove_over(change, waited)?;
        let papers = removed.len() as u64;
        let file = |(uscc, digest): (String, paper::Digest)| {
            Touched::new("paper", vec![uscc.as_str().into(), (&digest).into()])
        };
        touched.extend(removed.into_iter().map(file));
        change.number_under_unit(PLATFORM_UNIT)?;
        if let Some(place) = backups.as_ref().filter(|_| !touched.is_empty()) {
            forget::expired(place, &touched)?;
        }
        Ok((rows, papers))
    })?;
    (done.rows, done.papers) = (rows, papers);
    if let Some(files) = files {
        done.files = files.remove(&on_disk)?;
    }
    writer.sequence()?;
    writer.clear_erased()?;
    Ok(done)
}
