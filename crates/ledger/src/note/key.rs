//! Keys of notes: Ed25519 for what a log says (kind 1), Ed25519 with a time for what a witness says (kind 4, C2SP
//! tlog-cosignature). Both are written `name+id+base64(kind ‖ key)`.

use super::{NoteError, Signature, is_name};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// Before a private key, as the tools of the Go checksum database write it.
const PRIVATE: &str = "PRIVATE+KEY+";

/// What a key's signatures look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Ed25519 over the text.
    Signature,
    /// Ed25519 over a time and the text of a checkpoint.
    Cosignature,
}

impl Kind {
    fn byte(self) -> u8 {
        match self {
            Self::Signature => 0x01,
            Self::Cosignature => 0x04,
        }
    }
}

/// A key that checks signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: Kind,
    key: ed25519_dalek::VerifyingKey,
}

/// The first four bytes of SHA-256(name ‖ line break ‖ kind ‖ public key).
fn id_of(name: &str, kind: Kind, key: &[u8; 32]) -> u32 {
    let mut hash = Sha256::new_with_prefix(name);
    hash.update([b'\n', kind.byte()]);
    hash.update(key);
    let digest: [u8; 32] = hash.finalize().into();
    digest.first_chunk::<4>().map_or(0, |head| u32::from_be_bytes(*head))
}

/// What a cosigner signs: a line that tells it apart from everything else, its time, and the checkpoint's text.
fn cosigned(text: &str, seconds: u64) -> String {
    format!("cosignature/v1\ntime {seconds}\n{text}")
}

impl VerifierKey {
    /// Reads a key as it is written.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let malformed = NoteError::Malformed;
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(coded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed("a key is written name+id+base64"));
        };
        let bytes = STANDARD.decode(coded).map_err(|_| malformed("a key's last part is base64"))?;
        let (kind, bytes) = match bytes.split_first() {
            Some((0x01, bytes)) => (Kind::Signature, bytes),
            Some((0x04, bytes)) => (Kind::Cosignature, bytes),
            _ => return Err(malformed("a key of another kind than Ed25519")),
        };
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| malformed("an Ed25519 key has 32 bytes"))?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes).map_err(|_| malformed("no point of the curve"))?;
        if !is_name(name) || key.is_weak() {
            return Err(malformed("a key without a name, or a weak one"));
        }
        let key = Self { name: name.to_owned(), kind, key };
        if id == format!("{:08x}", key.id()) { Ok(key) } else { Err(malformed("the key's id is another one's")) }
    }

    /// The key's name: for a log the name that its checkpoints begin with.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key's id.
    #[must_use]
    pub fn id(&self) -> u32 {
        id_of(&self.name, self.kind, self.key.as_bytes())
    }

    /// What its signatures look like.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether these are the bytes of its signature on a text.
    #[must_use]
    pub fn fits(&self, text: &str, signature: &[u8]) -> bool {
        let check = |text: &str, bytes: &[u8]| {
            let Ok(bytes) = <[u8; 64]>::try_from(bytes) else { return false };
            self.key.verify_strict(text.as_bytes(), &ed25519_dalek::Signature::from_bytes(&bytes)).is_ok()
        };
        match (self.kind, self.time(signature)) {
            (Kind::Signature, _) => check(text, signature),
            (Kind::Cosignature, Some(seconds)) => {
                check(&cosigned(text, seconds), signature.get(8..).unwrap_or_default())
            }
            (Kind::Cosignature, None) => false,
        }
    }

    /// The time in a cosignature, in seconds since 1970; none in a plain signature, and none that is no time.
    pub(super) fn time(&self, signature: &[u8]) -> Option<u64> {
        let seconds = u64::from_be_bytes(*signature.first_chunk::<8>()?);
        (self.kind == Kind::Cosignature && (1..=i64::MAX.unsigned_abs()).contains(&seconds)).then_some(seconds)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![self.kind.byte()];
        bytes.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id(), STANDARD.encode(bytes))
    }
}

/// A key that signs. It is never printed by accident: see [`SigningKey::secret`].
#[derive(Clone)]
pub struct SigningKey {
    name: String,
    key: ed25519_dalek::SigningKey,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.name).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// The key that 32 random bytes make.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] for a name that cannot stand in a note.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        if !is_name(name) {
            return Err(NoteError::Malformed("a key's name has no white space and no plus"));
        }
        Ok(Self { name: name.to_owned(), key: ed25519_dalek::SigningKey::from_bytes(seed) })
    }

    /// Reads what [`SigningKey::secret`] wrote.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let malformed = || NoteError::Malformed("a private key is written PRIVATE+KEY+name+id+base64");
        let mut parts = text.trim().strip_prefix(PRIVATE).ok_or_else(malformed)?.splitn(3, '+');
        let (Some(name), Some(id), Some(coded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed());
        };
        let bytes = STANDARD.decode(coded).map_err(|_| malformed())?;
        let Some((0x01, seed)) = bytes.split_first() else { return Err(malformed()) };
        let key = Self::from_seed(name, seed.try_into().map_err(|_| malformed())?)?;
        if id == format!("{:08x}", key.verifier().id()) { Ok(key) } else { Err(malformed()) }
    }

    /// The private key as text, for the file that keeps it.
    #[must_use]
    pub fn secret(&self) -> String {
        let mut bytes = vec![Kind::Signature.byte()];
        bytes.extend_from_slice(self.key.as_bytes());
        format!("{PRIVATE}{}+{:08x}+{}", self.name, self.verifier().id(), STANDARD.encode(bytes))
    }

    /// The key's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key that checks what [`SigningKey::sign`] makes.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), kind: Kind::Signature, key: self.key.verifying_key() }
    }

    /// The key that checks what [`SigningKey::cosign`] makes.
    #[must_use]
    pub fn cosigner(&self) -> VerifierKey {
        VerifierKey { kind: Kind::Cosignature, ..self.verifier() }
    }

    /// Signs a text.
    #[must_use]
    pub fn sign(&self, text: &str) -> Signature {
        let bytes = self.key.sign(text.as_bytes()).to_bytes().to_vec();
        Signature { name: self.name.clone(), id: self.verifier().id(), bytes }
    }

    /// Signs a checkpoint's text as a witness who saw it at this time (seconds since 1970, not 0).
    #[must_use]
    pub fn cosign(&self, text: &str, seconds: u64) -> Signature {
        let mut bytes = seconds.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.key.sign(cosigned(text, seconds).as_bytes()).to_bytes());
        Signature { name: self.name.clone(), id: self.cosigner().id(), bytes }
    }
}
