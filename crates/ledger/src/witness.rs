//! Witnessing (C2SP tlog-witness): whoever keeps the last checkpoint of a log signs the next one only when it begins with it.
//!
//! Here is the request and the judgement on it; who serves it keeps the memory and must write it down before it answers. The
//! process that holds a log's own key judges by the same rule, so that even a stolen database cannot make it sign two
//! histories.

use crate::checkpoint::{Checkpoint, hash};
use crate::note::{Note, NoteError, VerifierKey};
use crate::{Hash, number, root, verify_consistency};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// The most hashes of a consistency proof.
const PROOF_MAX: usize = 63;

/// What a witness remembers of a log: the size and the root that it signed last.
pub type Seen = (u64, Hash);

/// A request: what the log believes that the witness has seen, the proof from there, and the new checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The size that the witness signed last; 0 for none.
    pub old: u64,
    /// The proof that the new tree begins with the old one.
    pub proof: Vec<Hash>,
    /// What is to be signed: a note for a witness, a bare text for the keeper of the log's key.
    pub checkpoint: String,
}

/// Why a witness does not sign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It cannot be read, or asks for what cannot be (400).
    #[error("the request is not of the form: {0}")]
    Malformed(&'static str),
    /// A log of which the witness knows nothing (404).
    #[error("the log is not known")]
    Unknown,
    /// Not signed by the log's key (403).
    #[error("the checkpoint is not signed by the log's key")]
    Unsigned,
    /// The witness has seen another size than the log believes (409).
    #[error("the last size seen is {0}")]
    Conflict(u64),
    /// The new tree does not begin with the old one (422).
    #[error("the checkpoint does not continue what was seen")]
    Inconsistent,
}

impl Refusal {
    /// The status of an answer over HTTP.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) => 400,
            Self::Unknown => 404,
            Self::Unsigned => 403,
            Self::Conflict(_) => 409,
            Self::Inconsistent => 422,
        }
    }
}

impl Request {
    /// Reads a request.
    ///
    /// # Errors
    /// [`Refusal::Malformed`].
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        let malformed = Refusal::Malformed;
        let (head, checkpoint) = body.split_once("\n\n").ok_or(malformed("no empty line before the checkpoint"))?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(number);
        let old = old.ok_or(malformed("the first line is `old SIZE`"))?;
        let proof: Option<Vec<Hash>> = lines.map(hash).collect();
        let proof = proof.ok_or(malformed("a proof is lines of 32 bytes in base64"))?;
        if proof.len() > PROOF_MAX {
            return Err(malformed("a proof has at most 63 lines"));
        }
        Ok(Self { old, proof, checkpoint: checkpoint.to_owned() })
    }

    /// What a witness signs: the checkpoint, when one of the log's keys has signed it and it continues what was seen. `seen`
    /// looks up what the witness remembers of a log by its name: nothing for a log that it does not know, and size 0 for one
    /// that it has not met yet.
    ///
    /// # Errors
    /// The refusal.
    pub fn judge(
        &self,
        keys: &[VerifierKey],
        seen: impl FnOnce(&str) -> Option<Seen>,
    ) -> Result<(Note, Checkpoint), Refusal> {
        let note = Note::parse(&self.checkpoint).map_err(|_| Refusal::Malformed("the checkpoint is no signed note"))?;
        let told = Checkpoint::parse(&note.text).map_err(|_| Refusal::Malformed("the note is no checkpoint"))?;
        let seen = seen(&told.origin).ok_or(Refusal::Unknown)?;
        let own: Vec<VerifierKey> = keys.iter().filter(|key| key.name() == told.origin).cloned().collect();
        match note.verified(&own) {
            Ok(_) => {}
            Err(NoteError::Malformed(why)) => return Err(Refusal::Malformed(why)),
            Err(NoteError::Wrong(_) | NoteError::Unsigned) => return Err(Refusal::Unsigned),
        }
        self.continues(&told, seen)?;
        Ok((note, told))
    }

    /// Whether a checkpoint continues what was seen, by the proof of this request.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] when it is smaller than the request says, [`Refusal::Conflict`], [`Refusal::Inconsistent`].
    pub fn continues(&self, told: &Checkpoint, seen: Seen) -> Result<(), Refusal> {
        if self.old > told.size {
            return Err(Refusal::Malformed("the old size is larger than the new one"));
        }
        let (size, seen_root) = seen;
        if self.old != size {
            return Err(Refusal::Conflict(size));
        }
        // RFC 6962: the root of the empty tree is fixed.
        let empty = root(&[]);
        if told.size == 0 && told.root != empty {
            return Err(Refusal::Inconsistent);
        }
        let old_root = if size == 0 { empty } else { seen_root };
        if verify_consistency(size, told.size, &self.proof, &old_root, &told.root) {
            Ok(())
        } else {
            Err(Refusal::Inconsistent)
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        for hash in &self.proof {
            writeln!(f, "{}", STANDARD.encode(hash))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}
