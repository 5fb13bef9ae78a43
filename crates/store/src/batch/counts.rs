//! What became of a batch's rows, in numbers.

use serde::Serialize;

/// Counts of a batch: read = accepted + unchanged + corrected + rejected; held is a part of accepted and corrected, withdrawn
/// one of corrected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Rows read.
    pub read: i64,
    /// New records.
    pub accepted: i64,
    /// Rows that changed nothing.
    pub unchanged: i64,
    /// New versions.
    pub corrected: i64,
    /// Rows refused.
    pub rejected: i64,
    /// Accepted or corrected, publicity waits.
    pub held: i64,
    /// Taken back by the owner: a new version that ends the record.
    pub withdrawn: i64,
}

impl Counts {
    /// Adds other counts to these.
    pub fn add(&mut self, other: &Counts) {
        self.read += other.read;
        self.accepted += other.accepted;
        self.unchanged += other.unchanged;
        self.corrected += other.corrected;
        self.rejected += other.rejected;
        self.held += other.held;
        self.withdrawn += other.withdrawn;
    }
}
