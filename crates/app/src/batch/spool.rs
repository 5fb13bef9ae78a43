//! The spool: a folder in which files wait that were acknowledged and are not imported yet. `NUMBER.body` is the file as
//! it came, `NUMBER.json` the acknowledgement; both are on the disk before the sender is answered, so a server that is
//! killed finds them at its next start. `NUMBER.rejects` stays afterwards for the sender.

use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::record::Instruction;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// The largest file that is taken.
pub const BODY_MAX_BYTES: u64 = 512 << 20;

/// A file that was acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Number of the batch.
    pub number: String,
    /// The unit that sent it.
    pub source: String,
    /// Number of the key.
    pub key: String,
    /// The item, where the sender named one.
    pub item: Option<String>,
    /// The sender's name for the file.
    pub file: String,
    /// Who answers for the secrecy review; empty when nobody is named.
    pub secrecy_review: String,
    /// Key of repetition; empty without one.
    pub idempotency: String,
    /// SHA-256 of the file, in hexadecimal.
    pub digest: String,
    /// Its size.
    pub bytes: u64,
    /// Instant of receipt.
    pub received_at: i64,
    /// Day of receipt (Asia/Shanghai).
    pub received_on: Date,
    /// The way of exchange by which it came.
    #[serde(default)]
    pub channel: Channel,
    /// Number among the unit's packages of the item; 0 without one.
    #[serde(default)]
    pub sequence: i64,
    /// What is asked of rows that say nothing of themselves.
    #[serde(default)]
    pub instruction: Option<Instruction>,
}

/// The ways by which departments exchange (GB/T 39443-2020).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// By service: the API, or a clerk's upload.
    #[default]
    Http,
    /// By file: a drop folder.
    File,
    /// By database: a staging table.
    Database,
}

impl Channel {
    /// As a batch keeps it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::File => "file",
            Self::Database => "database",
        }
    }
}

/// The folder.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    /// Held as long as the process lives: two servers would import the same files.
    _lock: File,
}

impl Spool {
    /// Opens the folder, making it where needed, and removes what no answer was given for.
    ///
    /// # Errors
    /// `spool_in_use` when another server has it, or io.
    pub fn open(folder: &Path) -> Result<Self> {
        // What waits may name people: nobody else on the machine reads it.
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let lock = OpenOptions::new().write(true).create(true).truncate(false).open(folder.join("lock"))?;
        if lock.try_lock().is_err() {
            let text = format!("{} 正由另一服务进程使用，请另选 --spool", folder.display());
            return Err(AppError::refused("spool_in_use", "spool", text));
        }
        let spool = Self { folder: folder.to_owned(), _lock: lock };
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let orphan = path.extension().is_some_and(|e| e == "body") && !path.with_extension("json").exists();
            if orphan || path.extension().is_some_and(|e| e == "part") {
                std::fs::remove_file(path)?;
            }
        }
        Ok(spool)
    }

    /// What was acknowledged and is not done, in the order of arrival.
    ///
    /// # Errors
    /// When the folder or an acknowledgement cannot be read.
    pub fn waiting(&self) -> Result<Vec<Arrival>> {
        let mut waiting: Vec<Arrival> = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == "json") {
                let bytes = std::fs::read(&path)?;
                waiting.push(serde_json::from_slice(&bytes).map_err(|error| broken(&path, &error))?);
            }
        }
        waiting.sort_by(|a, b| (a.received_at, &a.number).cmp(&(b.received_at, &b.number)));
        Ok(waiting)
    }

    /// Begins to take a file in; `name` tells uploads apart.
    ///
    /// # Errors
    /// When nothing can be written.
    pub fn receive(&self, name: &str) -> Result<Upload> {
        let path = self.folder.join(format!("{name}.part"));
        let file = BufWriter::with_capacity(1 << 18, File::create(&path)?);
        Ok(Upload { path, file, digest: Sha256::new(), bytes: 0, kept: false })
    }

    /// Makes an acknowledgement safe: body and metadata are on the disk when this returns.
    ///
    /// # Errors
    /// When something cannot be written; then nothing was acknowledged.
    pub fn acknowledge(&self, mut upload: Upload, arrival: &Arrival) -> Result<()> {
        upload.file.flush()?;
        upload.file.get_ref().sync_all()?;
        std::fs::rename(&upload.path, self.body(&arrival.number))?;
        upload.kept = true;
        let part = self.folder.join(format!("{}.json.part", arrival.number));
        let mut file = File::create(&part)?;
        file.write_all(&serde_json::to_vec(arrival).map_err(|error| broken(&part, &error))?)?;
        file.sync_all()?;
        std::fs::rename(&part, self.folder.join(format!("{}.json", arrival.number)))?;
        File::open(&self.folder)?.sync_all()?;
        Ok(())
    }

    /// Where a file waits.
    #[must_use]
    pub fn body(&self, number: &str) -> PathBuf {
        self.folder.join(format!("{number}.body"))
    }

    /// Where its rejected rows stand once it is imported.
    #[must_use]
    pub fn rejects(&self, number: &str) -> PathBuf {
        self.folder.join(format!("{number}.rejects"))
    }

    /// Forgets a file that is imported or has failed.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn forget(&self, number: &str) -> Result<()> {
        std::fs::remove_file(self.folder.join(format!("{number}.json")))?;
        std::fs::remove_file(self.body(number))?;
        Ok(())
    }
}

fn broken(path: &Path, error: &serde_json::Error) -> AppError {
    AppError::from(std::io::Error::other(format!("{}: {error}", path.display())))
}

/// A file on its way in. Dropped without an acknowledgement it leaves nothing.
#[derive(Debug)]
pub struct Upload {
    path: PathBuf,
    file: BufWriter<File>,
    digest: Sha256,
    bytes: u64,
    kept: bool,
}

impl Upload {
    /// Takes the next piece.
    ///
    /// # Errors
    /// `too_large` beyond [`BODY_MAX_BYTES`], or io.
    pub fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.bytes += piece.len() as u64;
        if self.bytes > BODY_MAX_BYTES {
            return Err(too_large());
        }
        self.digest.update(piece);
        Ok(self.file.write_all(piece)?)
    }

    /// Where what was taken so far can be read.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn written(&mut self) -> Result<&Path> {
        self.file.flush()?;
        Ok(&self.path)
    }

    /// Bytes taken so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// SHA-256 of what was taken, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        hex(&self.digest.clone().finalize())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// The refusal of a file beyond [`BODY_MAX_BYTES`].
#[must_use]
pub fn too_large() -> AppError {
    AppError::refused("too_large", "file", "单个文件不得超过512 MB，请分批报送")
}
