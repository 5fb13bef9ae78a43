//! Use cases.
pub mod collect;
