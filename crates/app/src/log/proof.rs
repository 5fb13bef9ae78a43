//! Proofs that an act is in the log: as an answer, and as a file (C2SP tlog-proof) that is checked without asking anyone.
//!
//! The file's extra data is JSON: the act, its root, and for a record its own proof, so that one file leads from what is
//! published to the checkpoint.

use crate::query::proof::Proof;
use crate::service::Service;
use crate::{AppError, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credence_domain::canonical::{hex, unhex};
use credence_ledger::note::NoteError;
use credence_ledger::{Hash, Note, Promise, ProofFile, VerifierKey, entry, leaf_hash, verify_inclusion};
use credence_store::connection::Connection;
use credence_store::log::{checkpoint, key, serve};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The proof of an act (CONTRACT `log/proof/{act}`).
#[derive(Clone, Debug, Serialize)]
pub struct LogProof {
    /// The act.
    pub act: String,
    /// The log's entry for it, in base64.
    pub entry: String,
    /// The place of its leaf.
    pub leaf_index: u64,
    /// Leaves of the checkpoint's tree.
    pub tree_size: u64,
    /// From the leaf up, each in base64.
    pub path: Vec<String>,
    /// The checkpoint as a signed note, with the cosignatures that it has.
    pub checkpoint: String,
}

/// What stands in a file beside the path.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Extra {
    act: String,
    root: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<Proof>,
}

struct Found {
    act: [u8; 16],
    root: Hash,
    position: u64,
    size: u64,
    path: Vec<Hash>,
    note: String,
}

pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn waits() -> AppError {
    AppError::refused("not_yet_in_log", "act", "该行为尚未进入已签署的日志，请几秒后再试")
}

/// The newest checkpoint that covers a leaf: a cosigned one where there is one.
fn covering(connection: &mut Connection, position: u64) -> credence_store::Result<Option<(u64, String)>> {
    let Some(present) = key::present(connection)? else { return Ok(None) };
    let cosigned = checkpoint::cosigned(connection, &present.origin)?;
    let cosigned = cosigned.filter(|(signed, _)| signed.size > position);
    let (signed, lines) = match cosigned {
        Some(found) => found,
        None => match checkpoint::latest(connection, &present.origin)?.filter(|signed| signed.size > position) {
            Some(signed) => (signed, Vec::new()),
            None => return Ok(None),
        },
    };
    Ok(Some((signed.size, checkpoint::with_cosignatures(&signed.note, &lines))))
}

impl Service {
    fn find_in_log(&self, act: &str) -> Result<Found> {
        let act: [u8; 16] = unhex(act).and_then(|bytes| bytes.try_into().ok()).ok_or(AppError::NotFound)?;
        self.read(|connection| {
            let (position, root) = match serve::standing(connection, &act)? {
                serve::Standing::Placed { position, root } => (position, root),
                serve::Standing::Pending => return Ok(Err(waits())),
                serve::Standing::Unknown => return Ok(Err(AppError::NotFound)),
            };
            let Some((size, note)) = covering(connection, position)? else { return Ok(Err(waits())) };
            let path = serve::path(connection, position, size)?;
            Ok(Ok(Found { act, root, position, size, path, note }))
        })?
    }

    /// The proof that an act is in the log.
    ///
    /// # Errors
    /// `not_yet_in_log` while no checkpoint covers it, `not_found`, or a fault.
    pub fn log_proof(&self, act: &str) -> Result<LogProof> {
        let found = self.find_in_log(act)?;
        Ok(LogProof {
            act: hex(&found.act),
            entry: base64(&entry(&found.root)),
            leaf_index: found.position,
            tree_size: found.size,
            path: found.path.iter().map(|hash| base64(hash)).collect(),
            checkpoint: found.note,
        })
    }

    /// The same as a file; with the proof of a record of the act, where one is given, up to what is published of it.
    ///
    /// # Errors
    /// As [`Service::log_proof`].
    pub fn log_proof_file(&self, act: &str, record: Option<Proof>) -> Result<String> {
        let found = self.find_in_log(act)?;
        let extra = Extra { act: hex(&found.act), root: hex(&found.root), record };
        let extra = serde_json::to_vec(&extra).map_err(std::io::Error::other)?;
        let checkpoint = Note::parse(&found.note).map_err(std::io::Error::other)?;
        Ok(ProofFile { extra: Some(extra), index: found.position, path: found.path, checkpoint }.to_string())
    }
}

/// What a file proves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// `proof`, `checkpoint` or `promise`.
    pub kind: &'static str,
    /// The log's name.
    pub origin: String,
    /// Leaves of the checkpoint; null for a promise.
    pub tree_size: Option<u64>,
    /// The act; null for a checkpoint.
    pub act: Option<String>,
    /// The place of its leaf, for a proof.
    pub leaf_index: Option<u64>,
    /// The instant by which a promised act is in the log.
    pub by: Option<String>,
    /// What is published of the record that the proof leads to, for a proof of one.
    pub public: Option<serde_json::Value>,
    /// The witnesses, of those that were named, who have cosigned.
    pub witnesses: Vec<String>,
}

/// Checks a file with keys that its reader trusts and nothing else: a proof, a checkpoint or a promise.
///
/// # Errors
/// `proof_invalid`, saying what is wrong.
pub fn judge_file(text: &str, keys: &[VerifierKey]) -> Result<Judged> {
    let wrong = |error: NoteError| invalid(&error.to_string());
    if text.starts_with("c2sp.org/tlog-proof@v1\n") {
        return judge_proof(&ProofFile::parse(text).map_err(wrong)?, keys);
    }
    let note = Note::parse(text).map_err(wrong)?;
    if let Ok(promise) = Promise::parse(&note.text) {
        Promise::of(&note, keys).map_err(wrong)?;
        let (act, by) = (Some(promise.act), Some(promise.by));
        return Ok(Judged { kind: "promise", origin: promise.origin, act, by, ..Judged::default() });
    }
    let (told, signers) = credence_ledger::Checkpoint::of(&note, keys).map_err(wrong)?;
    Ok(Judged {
        kind: "checkpoint",
        witnesses: witnesses(&told.origin, &signers),
        origin: told.origin,
        tree_size: Some(told.size),
        ..Judged::default()
    })
}

fn witnesses(origin: &str, signers: &[&VerifierKey]) -> Vec<String> {
    signers.iter().map(|key| key.name()).filter(|name| *name != origin).map(str::to_owned).collect()
}

fn judge_proof(file: &ProofFile, keys: &[VerifierKey]) -> Result<Judged> {
    let extra: Extra = serde_json::from_slice(file.extra.as_deref().unwrap_or_default())
        .map_err(|_| invalid("the file does not name the act and its root"))?;
    let root: Hash = bytes(&extra.root, "root")?;
    let (told, signers) =
        file.verified(&leaf_hash(&entry(&root)), keys).map_err(|error| invalid(&error.to_string()))?;
    let public = match &extra.record {
        Some(record) if record.act == extra.act => Some(judge_record(record, &root)?),
        Some(_) => return Err(invalid("the record is of another act")),
        None => None,
    };
    Ok(Judged {
        kind: "proof",
        witnesses: witnesses(&told.origin, &signers),
        origin: told.origin,
        tree_size: Some(told.size),
        act: Some(extra.act),
        leaf_index: Some(file.index),
        public,
        ..Judged::default()
    })
}

/// From what is published of a record to the root of its act.
fn judge_record(record: &Proof, root: &Hash) -> Result<serde_json::Value> {
    let public = STANDARD.decode(&record.public).map_err(|_| invalid("the public bytes are base64"))?;
    let digest: Hash = Sha256::digest(&public).into();
    let commitment = credence_ledger::commitment(&bytes(&record.salt, "salt")?, &digest, &bytes(&record.rest, "rest")?);
    if hex(&commitment) != record.commitment {
        return Err(invalid("the commitment is of another content"));
    }
    let path = record.chunk.path.iter().map(|hash| bytes(hash, "path")).collect::<Result<Vec<Hash>>>()?;
    if !verify_inclusion(&leaf_hash(&commitment), record.chunk.index, record.chunk.size, &path, root) {
        return Err(invalid("the path does not lead from the record to the root of its act"));
    }
    serde_json::from_slice(&public).map_err(|_| invalid("the public bytes are no JSON"))
}

fn bytes<const N: usize>(text: &str, what: &str) -> Result<[u8; N]> {
    // Written in one way only, so that every verifier says the same of it.
    let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    let found = unhex(text).filter(|_| lower).and_then(|bytes| bytes.try_into().ok());
    found.ok_or_else(|| invalid(&format!("the {what} is not {N} bytes in hexadecimal")))
}

fn invalid(why: &str) -> AppError {
    AppError::refused("proof_invalid", "", format!("未通过校验：{why}"))
}
