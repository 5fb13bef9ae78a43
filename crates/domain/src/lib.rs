//! Facts, rules and decisions of credit-based supervision (信用监管).
//!
//! Everything here is a pure function or a value: today's date, chance and the rules are arguments.
//! There is no IO, clock, randomness, async, SQL or HTTP in this crate.
//!
//! The rooms stand in the order of a credit file's life: [`subject`] (who), [`provision`] (by which law),
//! [`calendar`] (until when), [`catalog`] (which facts may be kept), [`record`] (a fact), [`publicity`]
//! (how long it is shown). [`canonical`] holds the bytes that are hashed and never change their form.

pub mod access;
pub mod calendar;
pub mod canonical;
pub mod catalog;
pub mod directory;
pub mod erasure;
pub mod evaluation;
pub mod listing;
pub mod measure;
pub mod national;
pub mod notice;
pub mod objection;
pub mod officer;
pub mod paper;
pub mod provision;
pub mod publicity;
pub mod quality;
pub mod queue;
pub mod record;
pub mod remedy;
pub mod repair;
pub mod rulebook;
pub mod service_level;
pub mod stream;
pub mod subject;
pub mod webhook;
