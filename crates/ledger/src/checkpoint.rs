//! Checkpoints (C2SP tlog-checkpoint): a log's name, its size and its root, as the text of a signed note.

use crate::note::{Note, NoteError, VerifierKey};
use crate::{Hash, number};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// What a log says of itself at one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name: the same in each of its checkpoints, and its key's name.
    pub origin: String,
    /// Leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

impl Checkpoint {
    /// Reads a checkpoint from the text of a note. Further lines say nothing that is checked, and are passed over.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let malformed = NoteError::Malformed;
        let mut lines = text.strip_suffix('\n').ok_or(malformed("a checkpoint ends with a line break"))?.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(malformed("a checkpoint has a name, a size and a root"));
        };
        if origin.is_empty() || lines.any(str::is_empty) {
            return Err(malformed("a checkpoint has no empty line"));
        }
        let size = number(size).ok_or(malformed("a checkpoint's size is a number"))?;
        let root = hash(root).ok_or(malformed("a checkpoint's root is 32 bytes in base64"))?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }

    /// The checkpoint of a note that the log itself has signed, with the keys that have.
    ///
    /// # Errors
    /// When it is no checkpoint, or not signed by one of these keys under its own name.
    pub fn of<'k>(note: &Note, keys: &'k [VerifierKey]) -> Result<(Self, Vec<&'k VerifierKey>), NoteError> {
        let checkpoint = Self::parse(&note.text)?;
        let signers = note.verified(keys)?;
        if signers.iter().any(|key| key.name() == checkpoint.origin) {
            Ok((checkpoint, signers))
        } else {
            Err(NoteError::Unsigned)
        }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, STANDARD.encode(self.root))
    }
}

/// 32 bytes in base64.
pub(crate) fn hash(text: &str) -> Option<Hash> {
    STANDARD.decode(text).ok()?.try_into().ok()
}
