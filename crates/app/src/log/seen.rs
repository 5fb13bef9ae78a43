//! Checkpoints that others hold, against what is stored: a register cannot show that it was rolled back, a witness can.

use crate::{AppError, Result};
use credence_ledger::Checkpoint;
use credence_ledger::note::{Note, NoteError, VerifierKey};
use std::path::Path;

/// A checkpoint that somebody shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Where it is from.
    pub from: String,
    /// The signed note.
    pub note: String,
}

impl Shown {
    /// The checkpoints of a file, or of every file of a folder.
    ///
    /// # Errors
    /// `bad_parameter` when nothing can be read there.
    pub fn read(place: &Path) -> Result<Vec<Self>> {
        let unreadable = |error: std::io::Error| {
            AppError::refused("bad_parameter", "checkpoint", format!("无法读取 {}：{error}", place.display()))
        };
        if !place.is_dir() {
            let note = std::fs::read_to_string(place).map_err(unreadable)?;
            return Ok(vec![Self { from: place.display().to_string(), note }]);
        }
        let mut found = Vec::new();
        for entry in std::fs::read_dir(place).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_file() {
                let note = std::fs::read_to_string(&path).map_err(unreadable)?;
                found.push(Self { from: path.display().to_string(), note });
            }
        }
        found.sort_by(|one, other| one.from.cmp(&other.from));
        Ok(found)
    }

    /// The checkpoint, when one of the log's keys has signed it.
    pub(crate) fn checkpoint(&self, keys: &[VerifierKey]) -> std::result::Result<Checkpoint, NoteError> {
        let note = Note::parse(&self.note)?;
        Ok(Checkpoint::of(&note, keys)?.0)
    }
}
