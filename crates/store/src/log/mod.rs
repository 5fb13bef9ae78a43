//! What the log says to those outside: its keys, its signed checkpoints, its witnesses, and what is served of its tree.
//!
//! Placing acts is [`crate::sequencer`]. What is committed is signed, never the other way round: [`checkpoint::sign`] reads a
//! tree that stands in the database, so no signed tree can differ from the stored one. Who signs is a [`signer::Signer`]: the
//! process itself with the key's file, or another process that holds the key behind a socket. The formats are
//! `credence_ledger`'s.

pub mod checkpoint;
pub mod key;
pub mod serve;
pub mod signer;
pub mod witness;

pub use checkpoint::Signed;
pub use key::{LogKey, Place};
pub use signer::{Promised, Signer};
