//! Use cases: authorize, load, decide (domain), write once.
//!
//! Rooms: [`collect`] (a department's file becomes records), [`batch`] (files that arrive over HTTP), [`key`] (who may
//! send them), [`log`] (what outsiders can check), [`query`] (what people ask), [`rulebook`] (which edition is in force), [`search`] (the derived index of
//! names), [`service`] (the platform as readers meet it). SQL is not here, HTTP is not here.

pub mod access;
pub mod account;
pub mod backup;
pub mod batch;
pub mod calendar;
pub mod collect;
pub mod conflict;
pub mod consent;
mod current;
pub mod daily;
pub mod day;
pub mod demonstration;
pub mod desk;
pub mod directory;
pub mod doctor;
pub mod drill;
pub mod erasure;
mod error;
pub mod evaluation;
pub mod exchange;
pub mod impact;
pub mod import_list;
pub mod key;
pub mod listing;
pub mod log;
pub mod measure;
pub mod national;
pub mod notice;
pub mod objection;
pub mod officer;
pub mod own;
pub mod paper;
pub mod query;
pub mod queue;
pub mod repair;
mod rest;
pub mod review;
pub mod rulebook;
pub mod search;
pub mod secret;
pub mod service;
pub mod status;
pub mod stream;
pub mod subscription;
pub mod template;
pub mod verify;
pub mod webhook;

pub use credence_store::clock::{Clock, Stopwatch};
pub use credence_store::scope::{Scope, View};
pub use credence_store::{Address, StoreError, Writer};
pub use error::{AppError, Result};
pub use service::Service;
