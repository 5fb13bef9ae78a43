//! Making the file: one moment of the register, read in pages, written as drafts that take their names when they are whole.

use super::{DailyFile, MANIFEST, Manifest, row};
use crate::{AppError, Result, Service};
use credence_domain::canonical::hex;
use credence_domain::record::Identity;
use credence_store::list::{self, Entry};
use credence_store::scope::View;
use credence_store::{sequencer, stream};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Records read at a time.
const PAGE: u32 = 1_000;
/// How often a moment is looked for at which nothing waits for its place in the log.
const TRIES: usize = 40;
/// How long to wait in between: the sequencer takes 100 ms.
const BETWEEN: Duration = Duration::from_millis(50);

/// A file that is being written, with its digest.
struct Draft {
    name: String,
    content_type: &'static str,
    path: PathBuf,
    file: BufWriter<File>,
    digest: Sha256,
    bytes: u64,
}

impl Draft {
    fn begin(folder: &Path, name: String, content_type: &'static str) -> Result<Self> {
        let path = folder.join(format!("{name}.{}", std::process::id()));
        let file = BufWriter::with_capacity(256 << 10, File::create(&path)?);
        Ok(Self { name, content_type, path, file, digest: Sha256::new(), bytes: 0 })
    }

    fn write(&mut self, text: &str) -> Result<()> {
        self.file.write_all(text.as_bytes())?;
        self.digest.update(text.as_bytes());
        self.bytes += text.len() as u64;
        Ok(())
    }

    fn finish(mut self, folder: &Path) -> Result<DailyFile> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        std::fs::rename(&self.path, folder.join(&self.name))?;
        Ok(DailyFile {
            address: format!("/bulk/{}", self.name),
            name: self.name,
            content_type: self.content_type.to_owned(),
            bytes: self.bytes,
            sha256: hex(&self.digest.finalize()),
        })
    }
}

impl Service {
    /// Writes all that is public today into a folder.
    pub(super) fn make_daily(&self, folder: &Path) -> Result<Manifest> {
        let day = self.today();
        let mut csv = Draft::begin(folder, format!("credence-{day}.csv"), "text/csv; charset=utf-8")?;
        let mut lines = Draft::begin(folder, format!("credence-{day}.jsonl"), "application/x-ndjson")?;
        let mut text = String::from('\u{feff}');
        row::push_csv_line(&mut text, row::HEADER);
        csv.write(&text)?;
        let (position, records) = self.at_one_moment(&View::public(day), |json, cells| {
            lines.write(json)?;
            csv.write(cells)
        })?;
        let manifest = Manifest {
            day,
            position,
            resume: format!("/api/v1/changes?after={position}&through={day}"),
            records,
            rulebook: hex(&self.rulebook().digest),
            files: vec![csv.finish(folder)?, lines.finish(folder)?],
        };
        let draft = folder.join(format!("{MANIFEST}.{}", std::process::id()));
        let written = serde_json::to_vec(&manifest).map_err(std::io::Error::other)?;
        std::fs::write(&draft, written)?;
        std::fs::rename(&draft, folder.join(MANIFEST))?;
        Ok(manifest)
    }

    /// Hands on every record that is public, as a line of JSON and one of CSV, all of one moment of the register. Gives the
    /// last position of the log then, and how many they are.
    fn at_one_moment(&self, view: &View, mut put: impl FnMut(&str, &str) -> Result<()>) -> Result<(i64, u64)> {
        let mut failed = None;
        let read = self.read_by_key(|connection, unpacker| {
            for tried in 1.. {
                let counted = stream::at_one_moment(connection, |connection| {
                    let waiting = stream::waiting(connection)?;
                    if !waiting.is_empty() && tried < TRIES {
                        return Ok(None);
                    }
                    let position = i64::try_from(sequencer::size(connection)?).unwrap_or(i64::MAX) - 1;
                    let (mut after, mut count) = (None::<(String, Identity)>, 0);
                    let (mut json, mut cells) = (String::new(), String::new());
                    loop {
                        let page = list::every_public(connection, view, after.as_ref(), PAGE)?;
                        let Some(last) = page.last() else { return Ok(Some((position, count))) };
                        after = Some((last.shown.record.uscc.clone(), last.shown.record.identity));
                        for entry in page {
                            // Whoever reads on from the position is told of it once it has its place.
                            if !self.is_in_the_file(view, &entry, &waiting) {
                                continue;
                            }
                            json.clear();
                            cells.clear();
                            self.daily_row(view, connection, unpacker, entry, (&mut json, &mut cells))?;
                            count += 1;
                            if let Err(error) = put(&json, &cells) {
                                failed = Some(error);
                                return Ok(Some((position, count)));
                            }
                        }
                    }
                })?;
                match counted {
                    Some(counted) => return Ok(counted),
                    None => std::thread::sleep(BETWEEN),
                }
            }
            Ok((-1, 0))
        })?;
        match failed {
            Some(error) => Err::<_, AppError>(error),
            None => Ok(read),
        }
    }

    fn is_in_the_file(&self, view: &View, entry: &Entry, waiting: &[i64]) -> bool {
        let record = &entry.shown.record;
        self.is_disclosed(view, &record.item) && !waiting.contains(&credence_store::record::place(record.at).0)
    }
}
