//! Fields sealed inside a content as it is kept. What is hashed (commitment, state digest, comparison of rows) is always the
//! plain content: sealing changes how it lies on the disk and nothing else (docs/design).
//!
//! A sealed value is `enc:1:<key id>:<nonce, cipher text and tag in hexadecimal>`; the associated data binds it to its item,
//! field, organisation and record, so that no value can be moved to another place.

use super::keys::{KeyId, Keys};
use crate::clock::Chance;
use crate::{Result, StoreError};
use credence_domain::canonical::{hex, to_vec, unhex};
use credence_domain::record::Identity;
use serde_json::{Map, Value};
use std::borrow::Cow;

const PREFIX: &str = "enc:1:";
/// How a sealed value begins where it stands in a content.
const QUOTED: &str = "\"enc:1:";

/// The record that a field belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// Item.
    pub item: &'a str,
    /// Organisation.
    pub uscc: &'a str,
    /// Identity of the record.
    pub identity: &'a Identity,
}

/// What a sealed value is bound to.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Item.
    pub item: &'a str,
    /// Field.
    pub field: &'a str,
    /// Organisation.
    pub uscc: &'a str,
    /// Identity of the record.
    pub identity: &'a Identity,
}

impl<'a> Owner<'a> {
    fn field(self, field: &'a str) -> Context<'a> {
        Context { item: self.item, field, uscc: self.uscc, identity: self.identity }
    }
}

impl Context<'_> {
    /// The associated data: each part behind its length, so that no two places give the same bytes.
    pub(super) fn associated(&self) -> Vec<u8> {
        let mut bytes = b"credence field 1".to_vec();
        for part in [self.item.as_bytes(), self.field.as_bytes(), self.uscc.as_bytes(), &self.identity.0] {
            bytes.extend((part.len() as u64).to_be_bytes());
            bytes.extend(part);
        }
        bytes
    }
}

/// What was sealed in a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secrets {
    /// The key with which it was sealed.
    pub key: KeyId,
    /// The key of the blind index.
    pub index: KeyId,
    /// Each field with its mark in the blind index.
    pub marks: Vec<(String, [u8; 32])>,
}

fn fields(other: &str) -> Result<Map<String, Value>> {
    serde_json::from_str(other).map_err(|_| StoreError::Inconsistent("a record's content is no JSON".to_owned()))
}

fn text(fields: Map<String, Value>) -> String {
    String::from_utf8_lossy(&to_vec(&Value::Object(fields))).into_owned()
}

/// Whether a content has sealed fields.
#[must_use]
pub fn has_sealed(other: &str) -> bool {
    other.contains(QUOTED)
}

/// The content with these fields sealed; nothing where none of them says anything.
///
/// # Errors
/// When the content is damaged, a field too long, or chance fails.
pub fn seal(
    keys: &Keys,
    chance: &mut Chance,
    owner: Owner<'_>,
    other: &str,
    secret: &[&str],
) -> Result<Option<(String, Secrets)>> {
    let mut found = fields(other)?;
    let (mut used, mut marks) = (None, Vec::new());
    for field in secret {
        if let Some(Value::String(value)) = found.get_mut(*field)
            && !value.is_empty()
        {
            marks.push(((*field).to_owned(), keys.mark(value)));
            let (key, bytes) = keys.seal(chance, &owner.field(field), value)?;
            *value = format!("{PREFIX}{key}:{}", hex(&bytes));
            used = Some(key);
        }
    }
    Ok(used.map(|key| (text(found), Secrets { key, index: keys.index_id(), marks })))
}

/// The plain content, and what was sealed in it; as it stands where nothing was.
///
/// # Errors
/// [`StoreError::KeyMissing`] where a key is not there, [`StoreError::Inconsistent`] where something was changed.
pub fn open<'o>(keys: &Keys, owner: Owner<'_>, other: &'o str) -> Result<(Cow<'o, str>, Option<Secrets>)> {
    if !has_sealed(other) {
        return Ok((Cow::Borrowed(other), None));
    }
    let mut found = fields(other)?;
    let (mut used, mut marks) = (None, Vec::new());
    for (field, value) in &mut found {
        let Value::String(value) = value else { continue };
        let Some((key, bytes)) = read(value) else { continue };
        let plain = keys.open(key, &owner.field(field), &bytes)?;
        marks.push((field.clone(), keys.mark(&plain)));
        *value = plain;
        // The oldest of several keys: a rotation has this content still before it.
        used = Some(used.map_or(key, |used: KeyId| if keys.active() == Some(used) { key } else { used }));
    }
    Ok((Cow::Owned(text(found)), used.map(|key| Secrets { key, index: keys.index_id(), marks })))
}

/// One value sealed by itself: the key, and nonce, cipher text and tag. For what stands in a column of its own.
pub(crate) fn seal_bytes(
    keys: &Keys,
    chance: &mut Chance,
    owner: Owner<'_>,
    field: &str,
    plain: &str,
) -> Result<(KeyId, Vec<u8>)> {
    keys.seal(chance, &owner.field(field), plain)
}

/// What [`seal_bytes`] has sealed.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_bytes(keys: &Keys, owner: Owner<'_>, field: &str, (key, bytes): (KeyId, &[u8])) -> Result<String> {
    keys.open(key, &owner.field(field), bytes)
}

fn read(value: &str) -> Option<(KeyId, Vec<u8>)> {
    let (key, bytes) = value.strip_prefix(PREFIX)?.split_once(':')?;
    Some((KeyId(unhex(key)?.try_into().ok()?), unhex(bytes)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const OTHER: &str = "{\"BZ\":\"备注\",\"CF_FR_ZJHM\":\"370102199003071234\",\"CF_XDR_ZJHM\":\"\"}";
    const SECRET: [&str; 2] = ["CF_FR_ZJHM", "CF_XDR_ZJHM"];

    fn owner(identity: &Identity) -> Owner<'_> {
        Owner { item: "penalty", uscc: "91379900MA0TE5T16G", identity }
    }

    fn keys() -> Keys {
        Keys::fleeting(&mut Chance::default()).unwrap()
    }

    #[test]
    fn a_number_is_sealed_differently_each_time_and_comes_back_to_the_byte() {
        let (keys, mut chance, identity) = (keys(), Chance::default(), Identity([7; 16]));
        let mut seal = || seal(&keys, &mut chance, owner(&identity), OTHER, &SECRET).unwrap().unwrap();
        let ((one, secrets), (two, again)) = (seal(), seal());
        assert_ne!(one, two);
        assert_eq!(secrets, again);
        assert!(!one.contains("1990") && one.contains("\"CF_XDR_ZJHM\":\"\"") && one.contains("备注"), "{one}");
        assert_eq!(secrets.marks, [("CF_FR_ZJHM".to_owned(), keys.mark("37010219900307 1234"))]);
        assert_eq!(open(&keys, owner(&identity), &one).unwrap(), (Cow::Owned(OTHER.to_owned()), Some(secrets)));
        assert_eq!(open(&keys, owner(&identity), OTHER).unwrap(), (Cow::Borrowed(OTHER), None));
        let nothing = super::seal(&keys, &mut Chance::default(), owner(&identity), "{\"BZ\":\"备注\"}", &SECRET);
        assert_eq!(nothing.unwrap(), None);
    }

    #[test]
    fn a_wrong_key_another_place_and_a_changed_byte_are_told_apart() {
        let (keys, another, identity) = (keys(), keys(), Identity([7; 16]));
        let (sealed, _) = seal(&keys, &mut Chance::default(), owner(&identity), OTHER, &SECRET).unwrap().unwrap();
        let other_key = open(&another, owner(&identity), &sealed).unwrap_err();
        assert_eq!(other_key.code(), "secret_key_missing");
        let moved = [
            Owner { item: "permit", ..owner(&identity) },
            Owner { uscc: "91379900MA0TE0026R", ..owner(&identity) },
            Owner { identity: &Identity([8; 16]), ..owner(&identity) },
        ];
        for place in moved {
            assert!(matches!(open(&keys, place, &sealed), Err(StoreError::Inconsistent(_))));
        }
        let field = sealed.replace("CF_FR_ZJHM", "CF_FR_ZJHN");
        assert!(matches!(open(&keys, owner(&identity), &field), Err(StoreError::Inconsistent(_))));
        let last = sealed.rfind("\",\"CF_XDR").unwrap() - 1;
        let mut changed = sealed.clone().into_bytes();
        changed[last] = if changed[last] == b'0' { b'1' } else { b'0' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(matches!(open(&keys, owner(&identity), &changed), Err(StoreError::Inconsistent(_))));
    }

    #[test]
    fn keys_stand_in_a_file_of_their_owner_alone_and_are_never_shown() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("register.db.keys");
        let made = Keys::make(&place, &mut Chance::default(), date(2026, 5, 6)).unwrap();
        assert!(Keys::make(&place, &mut Chance::default(), date(2026, 5, 6)).is_err(), "they are there already");
        let read = Keys::read(&place).unwrap();
        assert_eq!((made.active(), made.index_id(), made.mark("1")), (read.active(), read.index_id(), read.mark("1")));
        let before = std::fs::read_to_string(&place).unwrap();
        let secret = before.lines().last().unwrap().rsplit(' ').next().unwrap();
        assert!(!format!("{read:?}").contains(secret));
        let added = Keys::add(&place, &mut Chance::default(), date(2027, 5, 6)).unwrap();
        assert_eq!((added.told().count(), added.index_id()), (2, made.index_id()));
        assert_ne!(added.active(), made.active());
        assert!(std::fs::read_to_string(&place).unwrap().starts_with(&before));
        assert_eq!(std::fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&place, PermissionsExt::from_mode(0o640)).unwrap();
        assert_eq!(Keys::read(&place).unwrap_err().code(), "secret_keys_exposed");
        for bad in ["", "index HMAC-SHA256 00", "key ROT13 2026-05-06 00", "anything else"] {
            let error = Keys::parse(bad).unwrap_err();
            assert_eq!(error.code(), "secret_keys_bad", "{bad}");
        }
    }
}
