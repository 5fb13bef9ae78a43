//! Keys in a file that its owner alone may read. One line a key:
//!
//! ```text
//! index HMAC-SHA256 <64 hex digits>
//! key AES-256-GCM 2026-05-06 <64 hex digits>
//! ```
//! What is new is sealed with the last `key`; earlier ones open what was sealed before, until a rotation has sealed it anew.
//! A key is known by an id that is computed from it, so that a wrong key is told by its id and never tried.

use super::cipher::{self, Cipher, KEY, NONCE};
use super::field::Context;
use super::private;
use crate::clock::Chance;
use crate::{Result, StoreError};
use credence_domain::canonical::{hex, unhex};
use credence_domain::record::Identity;
use hmac::{Hmac, KeyInit, Mac};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::fmt;
use std::path::Path;

const INDEX: &str = "HMAC-SHA256";
const HEAD: &str = "# Credence 密钥：证件号码按字段加密所用。请妥善保管并另行备份；遗失后加密的号码无法恢复。\n";

/// Which key: the first bytes of a digest over it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl KeyId {
    fn of(name: &str, key: &[u8; KEY]) -> Self {
        let digest: [u8; 32] =
            Sha256::new().chain_update(b"credence key id\0").chain_update(name).chain_update(key).finalize().into();
        let mut id = [0; 8];
        for (to, from) in id.iter_mut().zip(digest) {
            *to = from;
        }
        Self(id)
    }
}

/// One key, without the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyTold {
    /// Its id.
    pub id: KeyId,
    /// Its cipher.
    pub cipher: String,
    /// When it was made.
    pub made_on: Date,
}

struct Key {
    told: KeyTold,
    cipher: Box<dyn Cipher>,
}

/// The keys of a register.
pub struct Keys {
    keys: Vec<Key>,
    index: [u8; KEY],
}

impl fmt::Debug for Keys {
    /// Ids alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| key.told.id)).finish()
    }
}

impl Keys {
    /// Reads keys from a file.
    ///
    /// # Errors
    /// [`StoreError::KeysExposed`] when others may read it, [`StoreError::KeysBad`] when it holds no keys, or io.
    pub fn read(place: &Path) -> Result<Self> {
        Self::parse(&private::read(place)?)
    }

    /// Reads keys from a text.
    ///
    /// # Errors
    /// [`StoreError::KeysBad`], which never names what it read.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = |line: usize, what: &str| StoreError::KeysBad(format!("第{line}行{what}"));
        let (mut keys, mut index) = (Vec::new(), None);
        for (number, line) in (1..).zip(text.lines()) {
            let parts: Vec<&str> = line.split_whitespace().collect();
            let key = |text: &str| unhex(text).and_then(|bytes| <[u8; KEY]>::try_from(bytes).ok());
            match parts.as_slice() {
                [] => {}
                [first, ..] if first.starts_with('#') => {}
                ["index", INDEX, bytes] => {
                    index = Some(key(bytes).ok_or_else(|| bad(number, "不是64位十六进制"))?);
                }
                ["key", name, made_on, bytes] => {
                    let bytes = key(bytes).ok_or_else(|| bad(number, "不是64位十六进制"))?;
                    let cipher = cipher::by_name(name, &bytes).ok_or_else(|| bad(number, "的算法不受支持"))?;
                    let made_on = made_on.parse().map_err(|_| bad(number, "的日期有误"))?;
                    let told = KeyTold { id: KeyId::of(name, &bytes), cipher: (*name).to_owned(), made_on };
                    keys.push(Key { told, cipher });
                }
                _ => return Err(bad(number, "无法读取")),
            }
        }
        match index {
            Some(index) if !keys.is_empty() => Ok(Self { keys, index }),
            _ => Err(StoreError::KeysBad("缺少 index 或 key 一行".to_owned())),
        }
    }

    /// No keys at all: they open nothing.
    #[must_use]
    pub fn none() -> Self {
        Self { keys: Vec::new(), index: [0; KEY] }
    }

    /// Keys that nobody keeps.
    #[cfg(test)]
    pub(super) fn fleeting(chance: &mut Chance) -> Result<Self> {
        Self::parse(&new_text(chance, Date::default())?)
    }

    /// Makes keys in a file that is not there yet.
    ///
    /// # Errors
    /// When it is there after all, cannot be written, or chance fails.
    pub fn make(place: &Path, chance: &mut Chance, today: Date) -> Result<Self> {
        let text = new_text(chance, today)?;
        private::write_new(place, &text)?;
        Self::parse(&text)
    }

    /// Adds a key to a file: what is new is sealed with it from now on. The file is replaced as a whole or not at all.
    ///
    /// # Errors
    /// As [`Keys::read`], or io.
    pub fn add(place: &Path, chance: &mut Chance, today: Date) -> Result<Self> {
        let mut text = private::read(place)?;
        Self::parse(&text)?;
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&new_key(chance, today)?);
        let keys = Self::parse(&text)?;
        private::replace(place, &text)?;
        Ok(keys)
    }

    /// The keys without the keys, oldest first.
    pub fn told(&self) -> impl Iterator<Item = &KeyTold> {
        self.keys.iter().map(|key| &key.told)
    }

    /// The key with which what is new is sealed.
    #[must_use]
    pub fn active(&self) -> Option<KeyId> {
        self.keys.last().map(|key| key.told.id)
    }

    /// The id of the key of the blind index.
    #[must_use]
    pub fn index_id(&self) -> KeyId {
        KeyId::of(INDEX, &self.index)
    }

    /// Seals a number with the active key.
    pub(super) fn seal(&self, chance: &mut Chance, context: &Context<'_>, plain: &str) -> Result<(KeyId, Vec<u8>)> {
        self.seal_bytes(chance, &context.associated(), plain.as_bytes())
    }

    /// Opens what was sealed with one of the keys.
    pub(super) fn open(&self, id: KeyId, context: &Context<'_>, bytes: &[u8]) -> Result<String> {
        let plain = self.open_bytes(id, &context.associated(), bytes)?;
        plain.and_then(|plain| String::from_utf8(plain).ok()).ok_or_else(|| {
            StoreError::Inconsistent(format!("an encrypted {} of {} was changed", context.field, context.uscc))
        })
    }

    /// Seals bytes with the active key; what they are bound to is authenticated and not kept.
    pub(crate) fn seal_bytes(&self, chance: &mut Chance, associated: &[u8], plain: &[u8]) -> Result<(KeyId, Vec<u8>)> {
        let key = self.keys.last().ok_or_else(|| StoreError::KeysBad("没有密钥".to_owned()))?;
        let nonce: [u8; NONCE] = chance.bytes()?;
        let sealed = key.cipher.seal(&nonce, associated, plain)?;
        Ok((key.told.id, [&nonce[..], &sealed].concat()))
    }

    /// Opens bytes that were sealed with one of the keys; nothing where they or what they are bound to was changed.
    pub(crate) fn open_bytes(&self, id: KeyId, associated: &[u8], bytes: &[u8]) -> Result<Option<Vec<u8>>> {
        let key = self.keys.iter().find(|key| key.told.id == id).ok_or(StoreError::KeyMissing(id))?;
        let parts = bytes.split_at_checked(NONCE);
        let parts = parts.and_then(|(nonce, sealed)| Some((<&[u8; NONCE]>::try_from(nonce).ok()?, sealed)));
        Ok(parts.and_then(|(nonce, sealed)| key.cipher.open(nonce, associated, sealed)))
    }

    /// The identity of a record as it is kept once the record is erased: without the key nobody can try identities.
    #[must_use]
    pub fn erased_identity(&self, uscc: &str, identity: &Identity) -> Identity {
        let mut kept = [0; 16];
        if let Ok(mac) = Hmac::<Sha256>::new_from_slice(&self.index) {
            let mac = mac.chain_update(b"erased\0").chain_update(uscc.as_bytes()).chain_update(identity.0);
            for (to, from) in kept.iter_mut().zip(mac.finalize().into_bytes()) {
                *to = from;
            }
        }
        Identity(kept)
    }

    /// A number as the blind index knows it: equal numbers have equal marks, and without the key nobody can try numbers.
    #[must_use]
    pub fn mark(&self, number: &str) -> [u8; 32] {
        let mut folded = credence_domain::subject::uscc::fold(number);
        folded.retain(|c| c.is_ascii_alphanumeric());
        match Hmac::<Sha256>::new_from_slice(&self.index) {
            Ok(mac) => mac.chain_update(folded.as_bytes()).finalize().into_bytes().into(),
            // An HMAC takes a key of any length.
            Err(_) => [0; 32],
        }
    }
}

fn new_key(chance: &mut Chance, today: Date) -> Result<String> {
    Ok(format!("key {} {today} {}\n", cipher::NEWEST, hex(&chance.bytes::<KEY>()?)))
}

fn new_text(chance: &mut Chance, today: Date) -> Result<String> {
    Ok(format!("{HEAD}index {INDEX} {}\n{}", hex(&chance.bytes::<KEY>()?), new_key(chance, today)?))
}
