//! Keys of sealed numbers (证件号码加密): where they are, sealing anew with another, and the blind index asked with a purpose.
//!
//! Serves 个人信息保护法 art. 五十一, 山东省社会信用条例 art. 四十二. The number itself is shown to nobody here.

use crate::review::{Decision, draft};
use crate::rulebook::PLATFORM_UNIT;
use crate::{Address, AppError, Result, Writer};
use credence_domain::canonical::hex;
use credence_domain::rulebook::Rulebook;
use credence_store::StoreError;
use credence_store::body::Unpacker;
use credence_store::scope::View;
use credence_store::secret::{self, KeyId, Keyring, Keys};
use jiff::civil::Date;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;

pub use credence_store::secret::use_file;

/// Contents sealed anew in one transaction.
const AT_ONCE: u32 = 256;

/// One key, without the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyStatus {
    /// Its id.
    pub id: String,
    /// Its cipher; none where the key is missing.
    pub cipher: Option<String>,
    /// When it was made.
    pub made_on: Option<Date>,
    /// What is new is sealed with it.
    pub active: bool,
    /// Contents that it has sealed.
    pub contents: u64,
}

/// How the keys of a register stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SecretStatus {
    /// The file with the keys; null where they are in the environment.
    pub place: Option<PathBuf>,
    /// The keys are there and this register's.
    pub usable: bool,
    /// Contents that wait for a rotation to go on.
    pub waiting: u64,
    /// Each key, those that are missing last.
    pub keys: Vec<KeyStatus>,
}

/// How the keys of a register stand.
///
/// # Errors
/// When the keys cannot be read or others may read them, or a fault.
pub fn status(address: &Address) -> Result<SecretStatus> {
    let keyring = Keyring::of(address);
    let keys = keyring.opening()?;
    let mut reader = address.reader()?;
    let index = secret::index_mark(reader.connection())?;
    let mut sealed = secret::sealed_by_key(reader.connection())?;
    let mut told = Vec::new();
    for key in keys.told() {
        let at = sealed.iter().position(|(id, _)| *id == key.id);
        told.push(KeyStatus {
            id: key.id.to_string(),
            cipher: Some(key.cipher.clone()),
            made_on: Some(key.made_on),
            active: keys.active() == Some(key.id),
            contents: at.map_or(0, |at| sealed.swap_remove(at).1),
        });
    }
    let complete = sealed.is_empty();
    told.extend(sealed.into_iter().map(|(id, contents)| KeyStatus {
        id: id.to_string(),
        cipher: None,
        made_on: None,
        active: false,
        contents,
    }));
    Ok(SecretStatus {
        place: keyring.place().map(PathBuf::from),
        usable: complete && index.is_none_or(|index| index == keys.index_id().to_string()),
        waiting: told.iter().filter(|key| !key.active).map(|key| key.contents).sum(),
        keys: told,
    })
}

/// What a rotation did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rotated {
    /// The key with which everything is sealed now.
    pub key: String,
    /// It goes on where an earlier one stopped.
    pub resumed: bool,
    /// Contents sealed anew.
    pub contents: u64,
}

/// Seals every number anew with a new key; one that was cut short goes on with the key that it had made. `watch` is told after
/// each step how many contents were sealed anew, and may end it there.
///
/// # Errors
/// `secret_keys_gone`, `secret_keys_other`, `secret_key_missing` before anything is changed; what `watch` says; or a fault.
pub fn rotate(
    writer: &mut Writer,
    rulebook: &Rulebook,
    decision: Decision<'_>,
    watch: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<Rotated> {
    let today = writer.clock().today();
    let keyring = writer.keyring();
    let before = usable(writer, &keyring)?;
    let waits = |writer: &mut Writer, keys: &Keys| -> Result<u64> {
        let sealed = secret::sealed_by_key(writer.connection())?;
        Ok(sealed.iter().filter(|(id, _)| Some(*id) != keys.active()).map(|(_, contents)| contents).sum())
    };
    let resumed = waits(writer, &before)? > 0;
    let keys = if resumed { before } else { keyring.add(&mut credence_store::clock::Chance::default(), today)? };
    let key = keys.active().map(|id| id.to_string()).unwrap_or_default();
    let expected = waits(writer, &keys)?;
    let act = |writer: &mut Writer, kind, contents: u64| -> Result<()> {
        let mut draft = draft(kind, decision, rulebook, today, None);
        draft.purpose = "secrecy";
        draft.basis = "个人信息保护法 五十一".to_owned();
        draft.details.insert("key".to_owned(), key.as_str().into());
        draft.details.insert("contents".to_owned(), contents.into());
        writer.change(&draft, |change| change.number_under_unit(PLATFORM_UNIT))?;
        Ok(())
    };
    if !resumed {
        act(writer, "key_rotation", expected)?;
    }
    let mut unpacker = Unpacker::new()?;
    let mut contents = 0;
    loop {
        // It seals nothing that is hashed: no act, only the step itself.
        let step = draft("key_rotation", decision, rulebook, today, None);
        let (done, _) = writer.change(&step, |change| secret::reseal(change, &keys, &mut unpacker, AT_ONCE))?;
        if done == 0 {
            break;
        }
        contents += done as u64;
        watch(contents)?;
    }
    if waits(writer, &keys)? > 0 {
        let lost = "sealed contents belong to no record".to_owned();
        return Err(StoreError::Inconsistent(lost).into());
    }
    act(writer, "key_rotation_end", contents)?;
    writer.sequence()?;
    Ok(Rotated { key, resumed, contents })
}

/// The keys, when they are this register's and open everything that is sealed in it.
fn usable(writer: &mut Writer, keyring: &Keyring) -> Result<Arc<Keys>> {
    let keys = keyring.opening()?;
    let index = secret::index_mark(writer.connection())?;
    if keys.active().is_none() {
        return Err(StoreError::KeysGone.into());
    }
    if index.is_some_and(|index| index != keys.index_id().to_string()) {
        return Err(StoreError::KeysOther.into());
    }
    let known: Vec<KeyId> = keys.told().map(|key| key.id).collect();
    let sealed = secret::sealed_by_key(writer.connection())?;
    match sealed.iter().find(|(id, _)| !known.contains(id)) {
        Some((id, _)) => Err(StoreError::KeyMissing(*id).into()),
        None => Ok(keys),
    }
}

/// A record that carries a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CarrierView {
    /// The organisation.
    pub uscc: String,
    /// The record.
    pub record: String,
    /// Item.
    pub item: String,
    /// The field: its code, never its value.
    pub field: String,
}

/// Finds the records that carry a number, for a purpose. The asking is an act; the number is part of none.
///
/// # Errors
/// `purpose_required`, `bad_parameter` for no number, what the keys say, or a fault.
pub fn find(
    writer: &mut Writer,
    rulebook: &Rulebook,
    number: &str,
    purpose: &str,
    decision: Decision<'_>,
) -> Result<Vec<CarrierView>> {
    if purpose.trim().is_empty() || decision.reason.trim().is_empty() {
        return Err(AppError::refused("purpose_required", "purpose", "查询证件号码须写明用途和理由"));
    }
    if number.trim().is_empty() {
        return Err(AppError::refused("bad_parameter", "number", "请在标准输入中给出证件号码"));
    }
    let today = writer.clock().today();
    let keyring = writer.keyring();
    let keys = usable(writer, &keyring)?;
    let found = secret::carriers(writer.connection(), &View::office(today), &keys.mark(number))?;
    let mut draft = draft("number_lookup", decision, rulebook, today, None);
    draft.purpose = "secrecy";
    draft.basis = "个人信息保护法 六".to_owned();
    draft.details.insert("purpose".to_owned(), purpose.into());
    draft.details.insert("found".to_owned(), found.len().into());
    writer.change(&draft, |change| change.number_under_unit(PLATFORM_UNIT))?;
    writer.sequence()?;
    let view = |found: secret::Carrier| CarrierView {
        uscc: found.uscc,
        record: hex(&found.reference),
        item: found.item,
        field: found.field,
    };
    Ok(found.into_iter().map(view).collect())
}
