//! The public log (公开日志) as it is used: the name and key under which it is signed, what outsiders fetch of it, proofs as
//! answers and as files, who is told of each checkpoint, and the word of a witness against what is stored.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十 (过程可追溯). The formats are those of `credence_ledger`; nothing here shows a header, a
//! row or a count of anything but acts.

mod host;
mod keep;
mod name;
mod proof;
mod seen;
mod tell;

pub use credence_courier::Reach;
pub use credence_ledger::VerifierKey;
pub use credence_ledger::witness::Refusal;
pub use credence_store::log::Place;
pub use credence_store::log::key::use_place;
pub use credence_store::log::witness::{Kind, Witness};
pub use host::{Host, host_key};
pub use keep::Keeper;
pub(crate) use name::two_persons;
pub use name::{add_witness, new_name, place, remove_witness, require_key, sign_over};
pub use proof::{Judged, LogProof, judge_file};
pub use seen::Shown;
pub use tell::Teller;
pub(crate) use tell::{authorities, courier};

use crate::service::Service;
use crate::{AppError, Result};
use credence_ledger::tile::Address;
use credence_ledger::{Checkpoint, Note};
use credence_store::clock::instant_text;
use credence_store::connection::Connection;
use credence_store::log::{Promised, checkpoint, key, serve, witness};
use serde::Serialize;

/// A place that is told of checkpoints, as everyone may see it: never where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WitnessView {
    /// Its name.
    pub name: String,
    /// `folder`, or `http` for one that cosigns.
    pub kind: &'static str,
    /// The key with which it cosigns; null for a folder.
    pub key: Option<String>,
    /// The size that it took last; null when it never took any.
    pub size: Option<u64>,
    /// When it took it.
    pub told_at: Option<String>,
    /// The last attempt to tell it failed.
    pub failing: bool,
}

/// The log as everyone may see it.
#[derive(Clone, Debug, Serialize)]
pub struct LogView {
    /// Its name; null before it was first signed.
    pub name: Option<String>,
    /// The key that checks its signatures.
    pub key: Option<String>,
    /// Names under which it was signed before, with their keys.
    pub earlier_keys: Vec<String>,
    /// Leaves that the last checkpoint covers.
    pub size: u64,
    /// Its root, in base64.
    pub root: Option<String>,
    /// When it was signed.
    pub signed_at: Option<String>,
    /// Leaves that the last cosigned checkpoint covers.
    pub cosigned_size: Option<u64>,
    /// Who is told.
    pub witnesses: Vec<WitnessView>,
}

/// A checkpoint with the lines of those who cosigned it.
pub(crate) fn newest(connection: &mut Connection) -> credence_store::Result<Option<(checkpoint::Signed, String)>> {
    let Some(present) = key::present(connection)? else { return Ok(None) };
    let Some(signed) = checkpoint::latest(connection, &present.origin)? else { return Ok(None) };
    let lines = checkpoint::cosignatures(connection, &signed.origin, signed.size)?;
    let note = checkpoint::with_cosignatures(&signed.note, &lines);
    Ok(Some((signed, note)))
}

fn not_signed() -> AppError {
    AppError::refused("log_not_signed", "", "日志尚未签署检查点，请稍后再试")
}

impl Service {
    /// The key that checks the log's signatures, as C2SP signed-note writes it.
    ///
    /// # Errors
    /// `log_not_signed` before the log has one, or a fault.
    pub fn log_key(&self) -> Result<String> {
        let present = self.read(key::present)?.ok_or_else(not_signed)?;
        Ok(present.key.to_string())
    }

    /// The log's promises for acts that were acknowledged: signed notes that name the instant by which each is in the log. None
    /// where nobody signs just now, or not with the registered key: the acts stand all the same.
    #[must_use]
    pub fn promises(&self, done: &[Promised]) -> Vec<String> {
        if done.is_empty() {
            return Vec::new();
        }
        self.promise(done).unwrap_or_else(|error| {
            tracing::warn!(code = error.code(), %error, "acts are acknowledged without a promise");
            Vec::new()
        })
    }

    fn promise(&self, done: &[Promised]) -> Result<Vec<String>> {
        let present = self.read(key::present)?.ok_or_else(not_signed)?;
        let signer = self.pen().log_key().signer_of(&present)?;
        let texts: Vec<String> = done.iter().map(|act| act.text(&present.origin)).collect();
        let signatures = signer.promises(&texts)?;
        let note = |(text, signature)| Note { text, signatures: vec![signature] }.to_string();
        Ok(texts.into_iter().zip(signatures).map(note).collect())
    }

    /// The last checkpoint, with the cosignatures that it has so far.
    ///
    /// # Errors
    /// `log_not_signed` before the first, or a fault.
    pub fn log_checkpoint(&self) -> Result<String> {
        Ok(self.read(newest)?.ok_or_else(not_signed)?.1)
    }

    /// The last checkpoint that a witness has cosigned.
    ///
    /// # Errors
    /// `not_found` when none has, or a fault.
    pub fn log_cosigned(&self) -> Result<String> {
        let found = self.read(|connection| {
            let Some(present) = key::present(connection)? else { return Ok(None) };
            checkpoint::cosigned(connection, &present.origin)
        })?;
        let (signed, lines) = found.ok_or(AppError::NotFound)?;
        Ok(checkpoint::with_cosignatures(&signed.note, &lines))
    }

    /// The bytes of a tile or of a bundle of entries by its path (`tile/0/000`, `tile/entries/000.p/7`), as far as a
    /// checkpoint covers it.
    ///
    /// # Errors
    /// `not_found` for what is no such path or not covered; a fault.
    pub fn log_tile(&self, path: &str) -> Result<Vec<u8>> {
        let address = Address::parse(path).ok_or(AppError::NotFound)?;
        self.read(|connection| {
            let signed = newest(connection)?.map_or(0, |(signed, _)| signed.size);
            serve::tile(connection, address, signed)
        })?
        .ok_or(AppError::NotFound)
    }

    /// The log as everyone may see it.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn log_view(&self) -> Result<LogView> {
        self.read(|connection| {
            let mut names = key::registered(connection)?;
            let present = names.pop();
            let newest = newest(connection)?.map(|(signed, _)| signed);
            let cosigned = match &present {
                Some(present) => checkpoint::cosigned(connection, &present.origin)?.map(|(signed, _)| signed.size),
                None => None,
            };
            let told = newest.as_ref().and_then(|signed| {
                let text = signed.note.split_once("\n\n").map(|(text, _)| format!("{text}\n"))?;
                Checkpoint::parse(&text).ok()
            });
            let witnesses = witness::list(connection)?;
            Ok(LogView {
                name: present.as_ref().map(|present| present.origin.clone()),
                key: present.map(|present| present.key.to_string()),
                earlier_keys: names.into_iter().map(|name| name.key.to_string()).collect(),
                size: newest.as_ref().map_or(0, |signed| signed.size),
                root: told.map(|told| proof::base64(&told.root)),
                signed_at: newest.map(|signed| instant_text(signed.at)),
                cosigned_size: cosigned,
                witnesses: witnesses.into_iter().map(view).collect(),
            })
        })
    }
}

fn view(witness: witness::Witness) -> WitnessView {
    WitnessView {
        name: witness.name,
        kind: witness.kind.word(),
        key: Some(witness.vkey).filter(|key| !key.is_empty()),
        size: witness.told_at.map(|_| witness.size),
        told_at: witness.told_at.map(instant_text),
        failing: !witness.problem.is_empty(),
    }
}
