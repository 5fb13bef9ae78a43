//! The keys under which messages are signed, and how they change: a new one signs beside the old until the old is retired, so that
//! receivers can change in their own time.

use crate::log::two_persons;
use crate::review::Decision;
use crate::rulebook::PLATFORM_UNIT;
use crate::{AppError, Result, Service, Writer};
use credence_domain::rulebook::Rulebook;
use credence_ledger::MessageSigner;
use credence_store::act::Draft;
use credence_store::clock::instant_text;
use credence_store::webhook::key;
use serde::Serialize;
use serde_json::Map;

/// The law behind sharing.
pub(super) const BASIS: &str = "鲁信用办〔2019〕8号 五";

/// A key that checks messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyView {
    /// The key, as the Standard Webhooks specification writes it.
    pub key: String,
    /// Instant from which on it signs.
    pub since: String,
}

pub(super) fn draft(rulebook: &Rulebook, writer: &Writer, actor: &str, second: Option<&str>, reason: &str) -> Draft {
    Draft {
        kind: "webhook",
        actor: actor.to_owned(),
        second: second.map(str::to_owned),
        purpose: "sharing",
        basis: BASIS.to_owned(),
        reason: reason.to_owned(),
        rulebook: rulebook.digest,
        as_of: writer.clock().today(),
        batch: None,
        details: Map::new(),
    }
}

/// Makes the first key of a register that has none.
pub(super) fn require(writer: &mut Writer, rulebook: &Rulebook) -> Result<()> {
    if key::registered(writer.connection())?.is_empty() {
        let draft = draft(rulebook, writer, PLATFORM_UNIT, None, "推送首次签名");
        key::make(writer, &draft, PLATFORM_UNIT)?;
    }
    Ok(())
}

/// The keys that sign.
pub(super) fn signers(service: &Service) -> Result<Vec<MessageSigner>> {
    let found = service.read(|connection| key::signers(connection, service.address()))?;
    if found.is_empty() {
        let text = "推送签名密钥文件不在或不是登记的密钥，请由运维人员恢复该文件或启用新密钥";
        return Err(AppError::refused("webhook_key_gone", "", text));
    }
    Ok(found)
}

/// Begins a new key by the word of two persons; the present ones sign on beside it. Gives its public half.
///
/// # Errors
/// `second_person_needed`, `bad_parameter`, or a fault.
pub fn new_key(writer: &mut Writer, rulebook: &Rulebook, decision: Decision<'_>, second: &str) -> Result<String> {
    two_persons(decision, second)?;
    let draft = draft(rulebook, writer, decision.actor, Some(second), decision.reason);
    let made = key::make(writer, &draft, PLATFORM_UNIT)?;
    writer.sequence()?;
    Ok(made.to_string())
}

/// Retires a key by the word of two persons: it signs nothing more, and its private half is taken away.
///
/// # Errors
/// `second_person_needed`, `bad_parameter` for the last one, `not_found` for one that does not sign, or a fault.
pub fn retire_key(
    writer: &mut Writer,
    rulebook: &Rulebook,
    retired: &str,
    decision: Decision<'_>,
    second: &str,
) -> Result<()> {
    two_persons(decision, second)?;
    let open = key::registered(writer.connection())?.into_iter().filter(|key| key.until.is_none()).count();
    if open == 1 {
        return Err(AppError::refused("bad_parameter", "key", "这是唯一在用的签名密钥，请先启用新密钥再停用它"));
    }
    let draft = draft(rulebook, writer, decision.actor, Some(second), decision.reason);
    if !key::retire(writer, &draft, PLATFORM_UNIT, retired)? {
        return Err(AppError::NotFound);
    }
    writer.sequence()?;
    Ok(())
}

impl Service {
    /// The keys that check messages, the newest first: none before the first subscription.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn webhook_keys(&self) -> Result<Vec<KeyView>> {
        let found = self.read(key::registered)?;
        let open = found.into_iter().filter(|key| key.until.is_none());
        Ok(open.map(|key| KeyView { key: key.key, since: instant_text(key.since) }).collect())
    }
}
