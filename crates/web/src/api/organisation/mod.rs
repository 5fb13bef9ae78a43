//! Organisations: found, shown, and their records.

pub(crate) mod evaluation;
pub(crate) mod file;
pub(crate) mod list;
pub(crate) mod own;
pub(crate) mod read;
pub(crate) mod records;
