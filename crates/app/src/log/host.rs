//! Being a witness for others (见证): a city's installation that keeps the last checkpoint of the province's log and cosigns the
//! next one when it begins with it (C2SP tlog-witness).
//!
//! What was signed lies in a folder, one file a log, written down before the answer goes out.

use crate::{AppError, Result};
use credence_ledger::witness::{Refusal, Request};
use credence_ledger::{Checkpoint, SigningKey, VerifierKey};
use credence_store::clock::{Chance, Clock, whole_seconds};
use credence_store::log::key;
use credence_store::secret::private;
use std::path::{Path, PathBuf};

/// The file of the witness's key.
const KEY_FILE: &str = "witness.key";

/// A witness.
#[derive(Debug)]
pub struct Host {
    key: SigningKey,
    logs: Vec<VerifierKey>,
    folder: PathBuf,
    clock: Clock,
}

/// The key of the witness in a folder, made under `name` where there is none yet.
///
/// # Errors
/// `bad_parameter` when there is none and no name is given, or the file cannot be read.
pub fn host_key(folder: &Path, name: Option<&str>) -> Result<SigningKey> {
    let file = folder.join(KEY_FILE);
    if !file.exists() {
        let text = "请用 --name 给见证方起一个名称，如 city.example.gov.cn/witness";
        let name = name.ok_or_else(|| AppError::refused("bad_parameter", "name", text))?;
        key::make(&file, name, &mut Chance::default())?;
    }
    SigningKey::parse(&private::read(&file)?)
        .map_err(|error| AppError::refused("bad_parameter", "folder", format!("{}：{error}", file.display())))
}

impl Host {
    /// A witness of these logs with the key and the memory in a folder.
    ///
    /// # Errors
    /// As [`host_key`].
    pub fn open(folder: &Path, name: Option<&str>, logs: Vec<VerifierKey>, clock: Clock) -> Result<Self> {
        let key = host_key(folder, name)?;
        Ok(Self { key, logs, folder: folder.to_owned(), clock })
    }

    /// The key that checks its cosignatures.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        self.key.cosigner()
    }

    /// Answers `add-checkpoint`: the line of the cosignature.
    ///
    /// # Errors
    /// The refusal with its status; [`AppError::Io`] when what is seen cannot be written down: then nothing is signed.
    pub fn add_checkpoint(&self, body: &str) -> Result<std::result::Result<String, Refusal>> {
        let request = match Request::parse(body) {
            Ok(request) => request,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // Looking up, judging and writing down are one step, for another process of the same witness too.
        let _held = private::hold(&self.folder.join(KEY_FILE))?;
        let mut trouble = None;
        let judged = request.judge(&self.logs, |origin| {
            let known = self.logs.iter().any(|key| key.name() == origin);
            known.then(|| self.seen(origin).inspect_err(|error| trouble = Some(error.to_string())).ok()).flatten()
        });
        if let Some(trouble) = trouble {
            return Err(std::io::Error::other(trouble).into());
        }
        let (note, told) = match judged {
            Ok(judged) => judged,
            Err(refusal) => return Ok(Err(refusal)),
        };
        private::replace(&self.memory(&told.origin), &note.to_string())?;
        let seconds = whole_seconds(self.clock.now_micros()).max(1);
        Ok(Ok(format!("{}\n", self.key.cosign(&note.text, seconds))))
    }

    /// What it has seen of a log: nothing yet is size 0.
    fn seen(&self, origin: &str) -> Result<(u64, [u8; 32])> {
        let text = match std::fs::read_to_string(self.memory(origin)) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((0, [0; 32])),
            Err(error) => return Err(error.into()),
        };
        let note = credence_ledger::Note::parse(&text).map_err(std::io::Error::other)?;
        let told = Checkpoint::parse(&note.text).map_err(std::io::Error::other)?;
        Ok((told.size, told.root))
    }

    fn memory(&self, origin: &str) -> PathBuf {
        // A log's name may hold what a file's name may not: its file is named by the name's bytes.
        self.folder.join(format!("{}.seen", credence_domain::canonical::hex(origin.as_bytes())))
    }
}
