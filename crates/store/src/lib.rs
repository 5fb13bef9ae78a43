//! SQL on SQLite and PostgreSQL: migrations, the one write path, acts, the sequencer, and scoped reading.
//!
//! What is deliberately not here: rules (they are `domain`'s), files and formats (`app`), HTTP. Every function that
//! reads subject data takes a [`scope::Scope`]. There is one way to write: [`change::Writer::change`].

#[macro_use]
pub mod scope;
#[macro_use]
pub mod record;
#[macro_use]
pub mod page;
pub mod account;
pub mod act;
pub mod area;
pub mod arrival;
pub mod assignment;
pub mod audit;
pub mod backup;
pub mod batch;
pub mod body;
mod bulk;
pub mod change;
pub mod claim;
pub mod clock;
pub mod conflict;
pub mod connection;
pub mod consent;
pub mod counter;
mod dates;
pub mod digest;
pub mod erasure;
mod error;
pub mod evaluation;
pub mod front;
pub mod group;
pub mod health;
pub mod incident;
mod incoming;
pub mod journal;
pub mod kept_back;
pub mod key;
pub mod letter;
pub mod list;
pub mod listing;
pub mod log;
pub mod mark;
pub mod measure;
pub mod names;
mod naming;
pub mod national;
pub mod notice;
pub mod objection;
pub mod officer;
pub mod open;
pub mod paper;
pub mod profile;
pub mod proposal;
pub mod quality;
pub mod repair;
pub mod revision;
pub mod rulebook;
mod schema;
pub mod secret;
mod sending;
pub mod sequencer;
pub mod source;
pub mod step;
pub mod stream;
pub mod subject;
pub mod subscription;
pub mod unit;
pub mod webhook;
pub mod withheld;

pub use change::Writer;
pub use error::{Result, StoreError};
pub use open::{Address, Pen, Reader};
