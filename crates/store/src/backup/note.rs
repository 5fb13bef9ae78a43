//! What a backup key remembers of what it has forgotten: nothing of its content, but what stands in its place, so that an older
//! backup can be restored without it and still be verified.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A numbered change of an erased record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotedChange {
    /// Its number in the organisation's file.
    pub seq: i64,
    /// Its place.
    pub at: i64,
    /// Its commitment, in hexadecimal.
    pub commitment: String,
    /// Whether it made a version of the record (else it added a source or took one back).
    pub version: bool,
}

/// A row as it was left by the erasure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Under which label the row was sealed.
    pub label: u64,
    /// Its table.
    pub table: String,
    /// Its columns; bytes as `{"hex": …}`.
    pub row: Map<String, Value>,
}

/// An erasure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The label of the record's rows.
    pub label: u64,
    /// The organisation.
    pub uscc: String,
    /// Public reference of the record, in hexadecimal.
    pub record: String,
    /// Item of the record.
    pub item: String,
    /// The keyed digest of its identity, in hexadecimal.
    pub identity: String,
    /// Code of the clause.
    pub clause: String,
    /// The law.
    pub basis: String,
    /// The act that erased it, in hexadecimal.
    pub act: String,
    /// Every change of the record, in order of numbers.
    pub changes: Vec<NotedChange>,
    /// Rows elsewhere that quoted it.
    pub rows: Vec<Left>,
}
