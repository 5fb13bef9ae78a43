//! Proofs as files (C2SP tlog-proof): a leaf's place, its path and the checkpoint that it leads to, for whoever has nothing
//! but the log's key.

use crate::checkpoint::{Checkpoint, hash};
use crate::note::{Note, NoteError, VerifierKey};
use crate::{Hash, number, verify_inclusion};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// The first line.
const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// A proof that can be checked without asking anyone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofFile {
    /// What else is needed to make the leaf. Nobody has signed it.
    pub extra: Option<Vec<u8>>,
    /// The leaf's place.
    pub index: u64,
    /// From the leaf up.
    pub path: Vec<Hash>,
    /// The checkpoint.
    pub checkpoint: Note,
}

impl ProofFile {
    /// Reads a file.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let malformed = NoteError::Malformed;
        let (head, note) = text.split_once("\n\n").ok_or(malformed("no empty line before the checkpoint"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(FIRST_LINE) {
            return Err(malformed("not a proof file"));
        }
        let extra = match lines.next_if(|line| line.starts_with("extra ")) {
            Some(line) => {
                let coded = line.strip_prefix("extra ").unwrap_or_default();
                Some(STANDARD.decode(coded).map_err(|_| malformed("the extra data is base64"))?)
            }
            None => None,
        };
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(number);
        let index = index.ok_or(malformed("a proof names the place of its leaf"))?;
        let path: Option<Vec<Hash>> = lines.map(hash).collect();
        let path = path.filter(|path| path.len() <= 64).ok_or(malformed("a path is lines of 32 bytes in base64"))?;
        Ok(Self { extra, index, path, checkpoint: Note::parse(note)? })
    }

    /// Checks that a leaf is where the proof says, in the tree of a checkpoint that the log has signed with one of these keys.
    ///
    /// # Errors
    /// What is wrong with the note; [`NoteError::Malformed`] when the path does not lead from the leaf to the root.
    pub fn verified<'k>(
        &self,
        leaf: &Hash,
        keys: &'k [VerifierKey],
    ) -> Result<(Checkpoint, Vec<&'k VerifierKey>), NoteError> {
        let (checkpoint, signers) = Checkpoint::of(&self.checkpoint, keys)?;
        if verify_inclusion(leaf, self.index, checkpoint.size, &self.path, &checkpoint.root) {
            Ok((checkpoint, signers))
        } else {
            Err(NoteError::Malformed("the path does not lead from the leaf to the root"))
        }
    }
}

impl fmt::Display for ProofFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.path {
            writeln!(f, "{}", STANDARD.encode(hash))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}
