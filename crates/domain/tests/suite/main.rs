//! The domain against the shipped rulebook and the specimens of bad rules.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should fail where it stands"
)]

mod chance;
mod codes;
mod edition;
mod files;
mod fuzz;
mod headers;
mod listing;
mod measure;
mod national;
mod notice;
mod objection;
mod officer;
mod publicity_cases;
mod publicity_input;
mod publicity_lint;
mod publicity_properties;
mod publicity_vectors;
mod repair;
mod rows;
mod shipped;
mod specimens;
