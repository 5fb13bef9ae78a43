//! The Merkle log: what lets people outside check that nothing was changed or left out.
//!
//! Two trees are built here, both as RFC 6962 (section 2.1) defines them. An *act's tree* ([`act`]) binds one change
//! of the register: its header and a salted commitment for every record version that it made. The *log's tree*
//! ([`tile`]) binds all acts: one leaf for each, kept and served as tiles of 256 hashes (C2SP tlog-tiles).
//! [`tree`] computes roots, [`proof`] makes and checks proofs of inclusion and of consistency.
//!
//! Serves article 10 of 鲁信用办〔2019〕8号: data comparable, processes traceable.
//! The formats are those of `docs/design/0001-formats.md` and never change.
//!
//! [`note`] signs texts and checks signatures; [`checkpoint`], [`promise`] and [`proof_file`] are the texts, [`witness`] the rule
//! by which a checkpoint is signed. All are C2SP formats but the promise. [`webhook`] signs messages that are brought to others:
//! the one house for signatures.
//!
//! Deliberately not here: records, organisations, SQL, files, sockets, clocks and chance (salts, seeds and times are
//! arguments).

pub mod act;
pub mod checkpoint;
pub mod note;
pub mod promise;
pub mod proof;
pub mod proof_file;
pub mod tile;
pub mod tree;
pub mod webhook;
pub mod witness;

pub use act::{
    BLOCK_LEAVES, act_path, act_path_in_block, act_root, act_root_from, block_roots, block_roots_from, commitment,
    entry, header_leaf, rest,
};
pub use checkpoint::Checkpoint;
pub use note::{Note, NoteError, SigningKey, VerifierKey};
pub use promise::Promise;
pub use proof::{consistency, path, verify_consistency, verify_inclusion};
pub use proof_file::ProofFile;
pub use tile::{Tile, TileError, TileReader, TileTree, append};
pub use tree::{RootBuilder, leaf_hash, node_hash, root};
pub use webhook::{MessageKey, MessageSigner};

/// A SHA-256 value: a leaf hash, a node of a tree, a root, a digest or a commitment.
pub type Hash = [u8; 32];

/// A number as these formats write it: decimal digits, no sign, no leading zero.
pub(crate) fn number(text: &str) -> Option<u64> {
    let plain = text == "0" || (!text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()));
    if plain { text.parse().ok() } else { None }
}
