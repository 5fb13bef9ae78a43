//! The ledger against the known vectors of RFC 6962 implementations, and against the definitions themselves.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should fail where it stands"
)]

mod acts;
mod definition;
mod foreign;
mod fuzz;
mod notes;
mod proofs;
mod roots;
mod tiles;
mod webhooks;
mod witnesses;
