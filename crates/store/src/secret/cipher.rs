//! Ciphers behind one small trait, so that another (SM4-GCM) is one more implementation and one more name.

use crate::{Result, StoreError};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};

/// Bytes of a nonce.
pub const NONCE: usize = 12;
/// Bytes of a key.
pub const KEY: usize = 32;

/// An authenticated cipher with its key.
pub trait Cipher: Send + Sync {
    /// Encrypts; the associated data is authenticated and not kept.
    ///
    /// # Errors
    /// When the text is too long for the cipher.
    fn seal(&self, nonce: &[u8; NONCE], associated: &[u8], plain: &[u8]) -> Result<Vec<u8>>;

    /// Decrypts; nothing where key, nonce, associated data or text are not those with which it was sealed.
    fn open(&self, nonce: &[u8; NONCE], associated: &[u8], sealed: &[u8]) -> Option<Vec<u8>>;
}

/// AES-256-GCM (NIST SP 800-38D).
const AES_256_GCM: &str = "AES-256-GCM";

/// The name of the cipher for new keys.
pub const NEWEST: &str = AES_256_GCM;

/// A cipher by its name, with a key; nothing for a name that this program does not know.
#[must_use]
pub fn by_name(name: &str, key: &[u8; KEY]) -> Option<Box<dyn Cipher>> {
    match name {
        AES_256_GCM => Some(Box::new(Aes(Aes256Gcm::new(&(*key).into())))),
        _ => None,
    }
}

struct Aes(Aes256Gcm);

impl Cipher for Aes {
    fn seal(&self, nonce: &[u8; NONCE], associated: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        let nonce: Nonce<_> = (*nonce).into();
        let sealed = self.0.encrypt(&nonce, Payload { msg: plain, aad: associated });
        sealed.map_err(|_| StoreError::Inconsistent("a field is too long to be encrypted".to_owned()))
    }

    fn open(&self, nonce: &[u8; NONCE], associated: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let nonce: Nonce<_> = (*nonce).into();
        self.0.decrypt(&nonce, Payload { msg: sealed, aad: associated }).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use credence_domain::canonical::{hex, unhex};

    /// Test case 16 of the GCM specification (McGrew and Viega), AES-256 with associated data.
    #[test]
    fn a_published_vector_is_met() {
        let bytes = |text: &str| unhex(text).unwrap();
        let key = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
        let nonce = bytes("cafebabefacedbaddecaf888");
        let plain = bytes(concat!(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72",
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
        ));
        let associated = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let cipher = by_name(NEWEST, &key.try_into().unwrap()).unwrap();
        let nonce = nonce.try_into().unwrap();
        let sealed = cipher.seal(&nonce, &associated, &plain).unwrap();
        let expected = concat!(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa",
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            "76fc6ece0f4e1768cddf8853bb2d551b"
        );
        assert_eq!(hex(&sealed), expected);
        assert_eq!(cipher.open(&nonce, &associated, &sealed), Some(plain));
        assert_eq!(cipher.open(&nonce, b"", &sealed), None);
        assert!(by_name("ROT13", &[0; KEY]).is_none());
    }
}
