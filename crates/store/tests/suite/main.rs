//! The suite of the store: formats, the write path, both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should fail where it stands"
)]

mod arrival;
mod counters;
mod formats;
mod group;
mod inventory;
mod log;
mod pages;
mod profile;
mod schema;
mod scope;
mod tls;
mod turns;
mod world;
