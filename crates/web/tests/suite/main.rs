//! The pages and answers of a small register, asked through the router as a browser or a program would.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod another_edition;
mod answers;
mod bad_questions;
mod batches;
mod bulk;
mod changes;
mod consents;
mod delegations;
mod editions;
mod erasure;
mod every_grade;
mod fuzz;
mod journey;
mod keys;
mod listings;
mod lists;
mod log;
mod national;
mod no_personal_number;
mod nobody_real;
mod notices;
mod objections;
mod officers;
mod openapi;
mod pages;
mod papers;
mod people;
mod quality;
mod queue;
mod reading;
mod register;
mod repairs;
mod reviews;
mod role_matrix;
mod routes;
mod serving;
mod sessions;
mod settled_rights;
mod status;
mod the_end_of_publicity;
mod units;
mod webhooks;
mod workbench;
