//! The proof of a record: its commitment opened on the public side, and the path from it to the root of its act.
//!
//! An act may hold 4,096 changes. Its tree is cut into blocks of 64 leaves whose roots are kept in memory, so that a
//! proof reads and hashes one block and not the whole act. A chunk never changes, so what is kept is never wrong.

use credence_domain::canonical::hex;
use credence_ledger::{BLOCK_LEAVES, Hash, act_path_in_block, block_roots_from, leaf_hash};
use credence_store::StoreError;
use credence_store::connection::Connection;
use credence_store::record::{self, Stored};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Chunks whose roots are kept: about 2 kB each.
const KEPT_CHUNKS: usize = 8192;

/// Where the path from a record's commitment to its act's root runs.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ChunkProof {
    /// Leaf index in the act's tree (the header is leaf 0).
    pub index: u64,
    /// Leaves of the act's tree, the header counted.
    pub size: u64,
    /// Hashes from the leaf up, in hexadecimal.
    pub path: Vec<String>,
}

/// The proof of a record.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Proof {
    /// The act that made this version.
    pub act: String,
    /// The commitment.
    pub commitment: String,
    /// Salt of the commitment.
    pub salt: String,
    /// Canonical bytes of what the item publishes, in base64.
    pub public: String,
    /// Digest of the rest.
    pub rest: String,
    /// Path to the act's root.
    pub chunk: ChunkProof,
}

/// An act's tree without its leaves.
#[derive(Debug)]
struct Blocks {
    act: [u8; 16],
    header: Hash,
    leaves: usize,
    roots: Vec<Hash>,
}

/// Trees of the chunks that were asked for lately.
#[derive(Debug, Default)]
pub struct KnownChunks(Mutex<HashMap<i64, Arc<Blocks>>>);

impl KnownChunks {
    fn blocks(&self, connection: &mut Connection, chunk: i64) -> credence_store::Result<Arc<Blocks>> {
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&chunk) {
            return Ok(Arc::clone(known));
        }
        let found = record::chunk_act(connection, chunk)?;
        let blocks = Arc::new(Blocks {
            act: found.act,
            header: found.header_leaf,
            leaves: found.commitments.len() + 1,
            roots: block_roots_from(found.header_leaf, &found.commitments),
        });
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT_CHUNKS {
            known.clear();
        }
        known.insert(chunk, Arc::clone(&blocks));
        Ok(blocks)
    }

    /// The proof of a stored record whose content was unpacked; none when its salts were erased.
    ///
    /// # Errors
    /// When the record's chunk is missing, or a fault of the store.
    pub(crate) fn prove(
        &self,
        connection: &mut Connection,
        stored: &Stored,
        public: &str,
        other_content: &str,
    ) -> credence_store::Result<Option<Proof>> {
        let (Some(salt), Some(salt2)) = (stored.salt, stored.salt2) else { return Ok(None) };
        let (chunk, position) = record::place(stored.at);
        let blocks = self.blocks(connection, chunk)?;
        let leaf = position + 1;
        let (block, place) = (leaf / BLOCK_LEAVES, leaf % BLOCK_LEAVES);
        // Leaf i is the commitment at position i - 1; the first block begins with the header.
        let first = (block * BLOCK_LEAVES).saturating_sub(1);
        let count = if block == 0 { BLOCK_LEAVES - 1 } else { BLOCK_LEAVES };
        let commitments = record::commitments(connection, chunk, first, count)?;
        let header = (block == 0).then_some(blocks.header);
        let leaves: Vec<Hash> = header.into_iter().chain(commitments.iter().map(|c| leaf_hash(c))).collect();
        let path = act_path_in_block(&leaves, place, &blocks.roots, block)
            .ok_or_else(|| StoreError::Inconsistent(format!("chunk {chunk} has no position {position}")))?;
        let other =
            credence_domain::record::content::other_half(other_content, &stored.hold, &stored.source, &stored.state);
        let other_digest: Hash = Sha256::digest(other.as_bytes()).into();
        let rest = credence_ledger::rest(&salt2, stored.seq.unsigned_abs(), &other_digest);
        Ok(Some(Proof {
            act: hex(&blocks.act),
            commitment: hex(&stored.commitment),
            salt: hex(&salt),
            public: base64(public.as_bytes()),
            rest: hex(&rest),
            chunk: ChunkProof {
                index: leaf as u64,
                size: blocks.leaves as u64,
                path: path.iter().map(|hash| hex(hash)).collect(),
            },
        }))
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
