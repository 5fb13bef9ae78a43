//! Stories of the importer on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should fail where it stands"
)]

mod backups;
mod broken_rows;
mod changes;
mod claims;
mod conflict;
mod consents;
mod desk;
mod doctor;
mod editions;
mod editions_by_two;
mod erasure;
mod evaluation;
mod exchange;
mod factors;
mod files;
mod formats;
mod fuzz;
mod held_looks;
mod impact;
mod listing;
mod lists;
mod lives;
mod log;
mod measures;
mod national;
mod notices;
mod objections;
mod officers;
mod official_lists;
mod operations;
mod own;
mod papers;
mod papers_of_listings;
mod promises;
mod province;
mod publicity;
mod quality;
mod queue;
mod queue_shared;
mod removals;
mod repairs;
mod replace;
mod review;
mod revoked_repairs;
mod search;
mod secrets;
mod shields;
mod snapshots;
mod stream;
mod tampering;
mod templates;
mod units;
mod webhooks;
mod withdrawal;
mod withholding;
mod workbooks;
