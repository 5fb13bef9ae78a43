//! Promises: what an answer to whoever acted carries while the act still waits for its place. A signed note whose text names
//! the log, the act, its leaf and the instant by which the log will hold it; a log without it then has broken its word.

use crate::Hash;
use crate::checkpoint::hash;
use crate::note::{Note, NoteError, VerifierKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// The first line: no log has this name, so no promise can be read as a checkpoint.
pub const FIRST_LINE: &str = "credence.promise/v1";
/// Seconds after which an acknowledged act has its place.
pub const WITHIN_SECONDS: i64 = 5;

/// A promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The log's name.
    pub origin: String,
    /// The act's id, in hexadecimal.
    pub act: String,
    /// The leaf that the log will hold: the hash of the act's entry.
    pub leaf: Hash,
    /// The instant by which it does, as text (RFC 3339, UTC).
    pub by: String,
}

impl Promise {
    /// Reads a promise from the text of a note.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let lines: Vec<&str> = text.split('\n').collect();
        let &[FIRST_LINE, origin, act, leaf, by, ""] = lines.as_slice() else {
            return Err(NoteError::Malformed("not a promise"));
        };
        let parts = (act.strip_prefix("act "), leaf.strip_prefix("leaf ").and_then(hash), by.strip_prefix("by "));
        let (Some(act), Some(leaf), Some(by)) = parts else {
            return Err(NoteError::Malformed("a promise names act, leaf and instant"));
        };
        Ok(Self { origin: origin.to_owned(), act: act.to_owned(), leaf, by: by.to_owned() })
    }

    /// The promise of a note that the log has signed.
    ///
    /// # Errors
    /// When it is none, or not signed by one of these keys under the log's name.
    pub fn of(note: &Note, keys: &[VerifierKey]) -> Result<Self, NoteError> {
        let promise = Self::parse(&note.text)?;
        let signers = note.verified(keys)?;
        if signers.iter().any(|key| key.name() == promise.origin) { Ok(promise) } else { Err(NoteError::Unsigned) }
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, act, leaf, by } = self;
        writeln!(f, "{FIRST_LINE}\n{origin}\nact {act}\nleaf {}\nby {by}", STANDARD.encode(leaf))
    }
}
