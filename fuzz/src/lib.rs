//! What must hold for every input, one function for each parser: it answers, it never panics, and what it accepts it writes
//! back the same. `fuzz_targets` hands these to libFuzzer; the suites of the crates include the same files and feed them rubbish
//! and mutations of what the parser expects (`mutate`).

pub mod app;
pub mod domain;
pub mod ledger;
pub mod web;
