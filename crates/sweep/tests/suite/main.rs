//! A snapshot holds what was put into it, and everyone's points from it are those that evaluation computes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod snapshots;
