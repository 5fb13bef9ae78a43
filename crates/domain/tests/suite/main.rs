//! The rules as shipped, asked through the public functions of the crate.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking; helpers of a suite are tests too")]

mod publicity_lint;
mod shipped;
