//! Batches of a source unit: sent, listed, looked into. Every one of these routes asks who asks (`crate::asker`).

pub(crate) mod list;
pub(crate) mod notes;
pub(crate) mod notices;
pub(crate) mod read;
pub(crate) mod rejects;
pub(crate) mod send;
