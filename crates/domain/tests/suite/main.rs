//! The rules as shipped, asked through the public functions of the crate.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "a test fails by panicking; helpers of a suite are tests too"
)]

mod publicity_cases;
mod publicity_lint;
mod publicity_properties;
mod publicity_vectors;
mod shipped;
