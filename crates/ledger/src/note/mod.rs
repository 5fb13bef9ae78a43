//! Signed notes (C2SP signed-note): a text, an empty line, and lines of signatures that name their keys.
//!
//! A note is only as good as the keys that its reader brings: [`Note::verified`] passes over signatures of unknown keys and
//! refuses a note in which a known key's signature is wrong. [`key`] holds the keys.

pub mod key;

pub use key::{Kind, SigningKey, VerifierKey};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// Bytes of the longest note that is read.
const NOTE_MAX_BYTES: usize = 256 * 1024;
/// Signatures of the longest note that is read.
const SIGNATURES_MAX: usize = 64;
/// What a line of a signature begins with: an em dash and a space.
const DASH: &str = "\u{2014} ";

/// One line of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The key's name.
    pub name: String,
    /// The key's id.
    pub id: u32,
    /// What the key made of the text; its form depends on the kind of key.
    pub bytes: Vec<u8>,
}

/// A text with its signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The text, its last line break included.
    pub text: String,
    /// The signatures in their order.
    pub signatures: Vec<Signature>,
}

/// Why a note is no note, or not to be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is not of the form.
    #[error("not a signed note: {0}")]
    Malformed(&'static str),
    /// A key that is known signed something else.
    #[error("the signature of {0} does not fit the text")]
    Wrong(String),
    /// None of the known keys signed it.
    #[error("not signed by a known key")]
    Unsigned,
}

/// Whether a name can stand in a note: neither empty nor with white space or a plus in it.
#[must_use]
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

impl Signature {
    /// Reads one line without its line break.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let malformed = || NoteError::Malformed("a line of a signature is `— name base64`");
        let (name, coded) = line.strip_prefix(DASH).and_then(|rest| rest.split_once(' ')).ok_or_else(malformed)?;
        let bytes = STANDARD.decode(coded).map_err(|_| malformed())?;
        let (id, bytes) = bytes.split_first_chunk::<4>().ok_or_else(malformed)?;
        if !is_name(name) || bytes.is_empty() {
            return Err(malformed());
        }
        Ok(Self { name: name.to_owned(), id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.id.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.bytes);
        write!(f, "{DASH}{} {}", self.name, STANDARD.encode(bytes))
    }
}

impl Note {
    /// A text that one key has signed.
    #[must_use]
    pub fn signed(text: &str, key: &SigningKey) -> Self {
        Self { text: text.to_owned(), signatures: vec![key.sign(text)] }
    }

    /// Reads a note. Nothing is believed yet.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        let malformed = NoteError::Malformed;
        if note.len() > NOTE_MAX_BYTES {
            return Err(malformed("too long"));
        }
        if note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err(malformed("it holds a control character"));
        }
        // The last empty line parts text and signatures: the text may have empty lines of its own.
        let at = note.rfind("\n\n").ok_or(malformed("no empty line before the signatures"))?;
        let (text, lines) = note.split_at(at + 1);
        let lines = lines.strip_prefix('\n').and_then(|lines| lines.strip_suffix('\n'));
        let lines = lines.filter(|lines| !lines.is_empty()).ok_or(malformed("no signature"))?;
        let signatures = lines.split('\n').map(Signature::parse).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > SIGNATURES_MAX {
            return Err(malformed("too many signatures"));
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// Those of `keys` that have signed this note, in their order.
    ///
    /// # Errors
    /// [`NoteError::Wrong`] when a known key's signature does not fit, [`NoteError::Unsigned`] when no known key signed.
    pub fn verified<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
        let mut signers = Vec::new();
        for key in keys {
            let mut found =
                self.signatures.iter().filter(|one| one.name == key.name() && one.id == key.id()).peekable();
            if found.peek().is_none() {
                continue;
            }
            if !found.all(|one| key.fits(&self.text, &one.bytes)) {
                return Err(NoteError::Wrong(key.name().to_owned()));
            }
            signers.push(key);
        }
        if signers.is_empty() { Err(NoteError::Unsigned) } else { Ok(signers) }
    }

    /// The seconds since 1970 at which a cosigner says that it signed; none where it did not or signs without a time.
    /// Believe it only of a key that [`Note::verified`] gave.
    #[must_use]
    pub fn time_of(&self, key: &VerifierKey) -> Option<u64> {
        let signature = self.signatures.iter().find(|one| one.name == key.name() && one.id == key.id())?;
        key.time(&signature.bytes)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}
