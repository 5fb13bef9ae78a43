//! The log's name and key, and the register of those who are told: each change is an act of two persons.

use crate::account::{is_blank, is_same_name};
use crate::review::Decision;
use crate::rulebook::PLATFORM_UNIT;
use crate::{AppError, Result, Writer};
use credence_courier::{Courier, Reach};
use credence_domain::rulebook::Rulebook;
use credence_ledger::VerifierKey;
use credence_ledger::note::{self, Kind};
use credence_store::act::Draft;
use credence_store::clock::Chance;
use credence_store::log::signer::{self, Local, Signer};
use credence_store::log::witness::{self, Witness};
use credence_store::log::{Place, key};
use serde_json::Map;
use std::path::Path;

/// The name for the log of a register that has none yet.
const NAME_VARIABLE: &str = "CREDENCE_LOG_NAME";
/// The law behind a record that outsiders can check.
const BASIS: &str = "鲁信用办〔2019〕8号 十";

fn draft(
    rulebook: &Rulebook,
    writer: &Writer,
    kind: &'static str,
    (actor, second): (&str, &str),
    reason: &str,
) -> Draft {
    Draft {
        kind,
        actor: actor.to_owned(),
        second: Some(second.to_owned()).filter(|second| !second.is_empty()),
        purpose: "audit",
        basis: BASIS.to_owned(),
        reason: reason.to_owned(),
        rulebook: rulebook.digest,
        as_of: writer.clock().today(),
        batch: None,
        details: Map::new(),
    }
}

/// Gives the log a name and a key where it has none yet: the name that the operator set in `CREDENCE_LOG_NAME`, else one made
/// of chance. Where another process holds the key and does not answer, the log stays unsigned until it does.
///
/// # Errors
/// When the key's file cannot be written or read, or a fault.
pub fn require_key(writer: &mut Writer, rulebook: &Rulebook) -> Result<()> {
    if key::present(writer.connection())?.is_some() {
        return Ok(());
    }
    let named = std::env::var(NAME_VARIABLE).ok().filter(|name| !name.is_empty());
    let name = match named {
        Some(name) => name,
        None => key::some_name(writer.chance())?,
    };
    match begin(writer, rulebook, &name, (PLATFORM_UNIT, ""), "日志首次签署") {
        Err(error) if error.code() == "log_signer_away" => {
            tracing::warn!(code = error.code(), %error, "the log is not signed");
            Ok(())
        }
        done => done,
    }
}

fn begin(writer: &mut Writer, rulebook: &Rulebook, name: &str, who: (&str, &str), reason: &str) -> Result<()> {
    let log_key = writer.log_key().clone();
    let signer = match log_key.place() {
        Place::File(_) => log_key.make(name, writer.chance())?,
        Place::Socket(_) => log_key.signer()?.ok_or(AppError::NotFound)?,
    };
    let draft = draft(rulebook, writer, "log_key", who, reason);
    Ok(key::register(writer, &draft, PLATFORM_UNIT, &signer.verifier())?)
}

/// Begins another name with another key: the entries stay, the checkpoints of the earlier name are no longer continued. For a
/// key that was lost or stolen, and for a register that was restored from a copy older than what its key has signed.
///
/// # Errors
/// `second_person_needed`, `bad_parameter` for a name that cannot be one or was used before; as [`require_key`].
pub fn new_name(
    writer: &mut Writer,
    rulebook: &Rulebook,
    name: &str,
    decision: Decision<'_>,
    second: &str,
) -> Result<String> {
    two_persons(decision, second)?;
    let used = key::registered(writer.connection())?.iter().any(|known| known.origin == name);
    let of_socket = matches!(writer.log_key().place(), Place::Socket(_));
    if !of_socket && (!note::is_name(name) || used) {
        let text = "日志名称须为未用过的、不含空白和加号的名称，如 credit.example.gov.cn/log";
        return Err(AppError::refused("bad_parameter", "name", text));
    }
    begin(writer, rulebook, name, (decision.actor, second), decision.reason)?;
    writer.sequence()?;
    let present = key::present(writer.connection())?.ok_or(AppError::NotFound)?;
    Ok(present.key.to_string())
}

/// Refuses what is not decided by two persons with a reason.
pub(crate) fn two_persons(decision: Decision<'_>, second: &str) -> Result<()> {
    let (actor, second) = (decision.actor.trim(), second.trim());
    if is_blank(actor) || is_blank(second) || is_same_name(actor, second) {
        return Err(AppError::refused("second_person_needed", "second", "须由两人办理，且不得为同一人"));
    }
    if is_blank(decision.reason) {
        return Err(AppError::refused("bad_parameter", "reason", "请写明理由"));
    }
    Ok(())
}

/// A place that was never told yet.
#[must_use]
pub fn place(kind: witness::Kind, name: &str, target: &str, vkey: &str) -> Witness {
    let (name, target, vkey) = (name.to_owned(), target.to_owned(), vkey.to_owned());
    Witness { name, kind, target, vkey, size: 0, told_at: None, problem: String::new() }
}

/// Holds the log's key and signs what comes over a socket, until the process ends. The key is made under `name` where its file is
/// not there yet; `ready` is told the key that checks.
///
/// # Errors
/// `bad_parameter` when there is neither a key nor a name; `log_signer_away` when somebody answers there already; io.
pub fn sign_over(socket: &Path, file: &Path, name: Option<&str>, ready: impl FnOnce(&VerifierKey)) -> Result<()> {
    if !file.exists() {
        let text = "没有密钥文件，请用 --name 给日志起名后新建";
        let name = name.ok_or_else(|| AppError::refused("bad_parameter", "name", text))?;
        key::make(file, name, &mut Chance::default())?;
    }
    let held = Local::read(file)?;
    signer::serve(socket, &held, || {
        ready(&held.verifier());
        Ok(())
    })?;
    Ok(())
}

/// Tells a place of every checkpoint from now on: a folder, or a witness by its address and the key with which it cosigns.
///
/// # Errors
/// `second_person_needed`, `bad_parameter` for an address to which nothing is sent or a key that cosigns nothing; a fault.
pub fn add_witness(
    writer: &mut Writer,
    rulebook: &Rulebook,
    mut witness: Witness,
    decision: Decision<'_>,
    second: &str,
    reach: Reach,
) -> Result<()> {
    two_persons(decision, second)?;
    match witness.kind {
        witness::Kind::Http => {
            let bad = |field: &str, why: String| AppError::refused("bad_parameter", field, why);
            let key =
                VerifierKey::parse(&witness.vkey).map_err(|error| bad("key", format!("见证方公钥有误：{error}")))?;
            if key.kind() != Kind::Cosignature {
                return Err(bad("key", "见证方公钥须为联署公钥（类型4，tlog-cosignature）".to_owned()));
            }
            let courier = Courier::new(reach, None).map_err(|error| bad("url", error.to_string()))?;
            courier.judge(&witness.target).map_err(|error| bad("url", format!("地址不可用：{error}")))?;
            key.name().clone_into(&mut witness.name);
        }
        witness::Kind::Folder if witness.name.trim().is_empty() => {
            return Err(AppError::refused("bad_parameter", "name", "请给存放处起一个名称"));
        }
        witness::Kind::Folder => witness.vkey.clear(),
    }
    let draft = draft(rulebook, writer, "log_witness", (decision.actor, second), decision.reason);
    witness::add(writer, &draft, PLATFORM_UNIT, &witness)?;
    writer.sequence()?;
    Ok(())
}

/// Tells a place no more.
///
/// # Errors
/// `second_person_needed`, `not_found`, or a fault.
pub fn remove_witness(
    writer: &mut Writer,
    rulebook: &Rulebook,
    name: &str,
    decision: Decision<'_>,
    second: &str,
) -> Result<()> {
    two_persons(decision, second)?;
    let draft = draft(rulebook, writer, "log_witness", (decision.actor, second), decision.reason);
    if !witness::remove(writer, &draft, PLATFORM_UNIT, name)? {
        return Err(AppError::NotFound);
    }
    writer.sequence()?;
    Ok(())
}
