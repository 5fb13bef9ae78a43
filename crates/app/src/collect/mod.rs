//! Collection (归集).
pub mod decode;
pub mod encoding;
pub mod table;
