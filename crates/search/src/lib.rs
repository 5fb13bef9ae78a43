//! The derived index of organisations: any substring of two or more characters of current and former names and of codes,
//! exact matches first, then in order of codes (CONTRACT §2, `q`).
//!
//! Names are kept as they are folded for comparison, with letters that look alike as one; beside them stand code, area and registration status, which filters
//! ask for. No record content, no count of records, nothing about what was decided. The index can be thrown away and
//! built again from the register at any time. It knows no SQL: the room `search` of the app feeds it.
//!
//! Why not a search library: docs/design/0005-search-index.md.

mod base;
mod build;
mod bytes;
mod index;
mod layout;
mod query;
mod segment;
mod term;

pub use base::Base;
pub use build::Builder;
pub use bytes::Bytes;
pub use index::Index;
pub use query::Query;

/// An organisation as the index knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its code.
    pub uscc: String,
    /// Folded names with letters that look alike as one, the current one first.
    pub names: Vec<String>,
    /// Old numbers: found whole, never in part.
    pub aliases: Vec<String>,
    /// Area of registration.
    pub area: String,
    /// Registration status.
    pub status: String,
}

/// How far an index has read the log of acts: its size, and the last act that was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Leaves read.
    pub size: u64,
    /// The act of the last leaf; zeros before the first.
    pub act: [u8; 16],
}

/// A match: 0 exact, 1 in part, and the code.
pub type Hit = (i64, String);
