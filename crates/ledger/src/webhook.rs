//! Signatures of messages that are brought to others, as the Standard Webhooks specification writes them: Ed25519 over
//! `id.seconds.body`, written `v1a,` and base64, keys with `whpk_` (public) and `whsk_` (private) before their base64. Who holds
//! the public key can show a message to anybody; who only checks it can make none.

use crate::note::NoteError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use std::fmt;

/// Before a public key.
const PUBLIC: &str = "whpk_";
/// Before a private key.
const PRIVATE: &str = "whsk_";
/// Before a signature with Ed25519.
const VERSION: &str = "v1a,";

fn signed(id: &str, seconds: i64, body: &[u8]) -> Vec<u8> {
    let mut text = format!("{id}.{seconds}.").into_bytes();
    text.extend_from_slice(body);
    text
}

/// A key that checks messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageKey(ed25519_dalek::VerifyingKey);

impl MessageKey {
    /// Reads a key as it is written.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let malformed = NoteError::Malformed;
        let coded = text.trim().strip_prefix(PUBLIC).ok_or(malformed("a public key begins with whpk_"))?;
        let bytes = STANDARD.decode(coded).map_err(|_| malformed("after whpk_ stands base64"))?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| malformed("an Ed25519 key has 32 bytes"))?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes).map_err(|_| malformed("no point of the curve"))?;
        if key.is_weak() { Err(malformed("a weak key")) } else { Ok(Self(key)) }
    }

    /// Whether one of the signatures of a header (`v1a,… v1a,…`) is this key's, on the message of this id and time. Those of
    /// other kinds and keys are passed over.
    #[must_use]
    pub fn fits(&self, signatures: &str, id: &str, seconds: i64, body: &[u8]) -> bool {
        let text = signed(id, seconds, body);
        signatures.split(' ').filter_map(|one| one.strip_prefix(VERSION)).any(|coded| {
            let bytes = STANDARD.decode(coded).ok().and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
            bytes
                .is_some_and(|bytes| self.0.verify_strict(&text, &ed25519_dalek::Signature::from_bytes(&bytes)).is_ok())
        })
    }
}

impl fmt::Display for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PUBLIC}{}", STANDARD.encode(self.0.as_bytes()))
    }
}

/// A key that signs messages. It is never printed by accident: see [`MessageSigner::secret`].
#[derive(Clone)]
pub struct MessageSigner(ed25519_dalek::SigningKey);

impl fmt::Debug for MessageSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageSigner(…)")
    }
}

impl MessageSigner {
    /// The key that 32 random bytes make.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// Reads what [`MessageSigner::secret`] wrote.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let malformed = || NoteError::Malformed("a private key is whsk_ and the base64 of seed and public key");
        let coded = text.trim().strip_prefix(PRIVATE).ok_or_else(malformed)?;
        let bytes: [u8; 64] =
            STANDARD.decode(coded).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(malformed)?;
        ed25519_dalek::SigningKey::from_keypair_bytes(&bytes).map(Self).map_err(|_| malformed())
    }

    /// The private key as text, for the file that keeps it.
    #[must_use]
    pub fn secret(&self) -> String {
        format!("{PRIVATE}{}", STANDARD.encode(self.0.to_keypair_bytes()))
    }

    /// The key that checks what it signs.
    #[must_use]
    pub fn verifier(&self) -> MessageKey {
        MessageKey(self.0.verifying_key())
    }

    /// The signature on a message with its id and its time, in seconds since 1970.
    #[must_use]
    pub fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        format!("{VERSION}{}", STANDARD.encode(self.0.sign(&signed(id, seconds, body)).to_bytes()))
    }
}
