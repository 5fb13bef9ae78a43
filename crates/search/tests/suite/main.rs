//! The index against a row-by-row oracle, and against files that are not what was written.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should fail where it stands"
)]

mod damage;
mod oracle;

use credence_search::{Base, Builder, Bytes, Entry, Index, Position};

/// An index in memory over organisations in order of codes.
fn index(segment_entries: usize, entries: &[Entry]) -> Index {
    Index::new(Base::open(Bytes::Memory(bytes(segment_entries, entries))).unwrap())
}

fn bytes(segment_entries: usize, entries: &[Entry]) -> Vec<u8> {
    let mut builder = Builder::with_segments_of(segment_entries, Vec::new()).unwrap();
    for entry in entries {
        builder.push(entry).unwrap();
    }
    builder.finish(Position { size: 7, act: [7; 16] }).unwrap()
}
