//! The suite of the store: formats, the write path, both databases.

mod formats;
