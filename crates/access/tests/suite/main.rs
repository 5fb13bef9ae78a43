//! The access policies: what the shipped edition allows, and which policies the linter refuses.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod refused;
mod shipped;
