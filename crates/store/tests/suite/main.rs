//! The suite of the store: formats, the write path, both databases.

mod arrival;
mod formats;
mod schema;
mod world;
