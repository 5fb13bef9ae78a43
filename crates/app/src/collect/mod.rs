//! Collection (归集): a department's file becomes records of the data list.
//!
//! The way of a row: [`encoding`] and [`decode`] (bytes to text), [`table`] (text to rows), [`source`] (sheets and JSON lines
//! to rows), [`file`] (header to item), [`hold`] (what waits as a whole), `judging` (each row judged, dated, packed),
//! [`window`] with [`facts`] (rows gathered, told from repetitions, sorted), `lane` (written chunk by chunk), [`import`] (the whole of it),
//! [`rejects`] (what comes back).

pub mod asking;
mod bundle;
pub mod clocks;
pub mod decode;
pub mod encoding;
pub mod facts;
pub mod file;
pub mod hold;
pub mod import;
mod judging;
mod lane;
pub mod rejects;
pub mod replace;
pub mod report;
mod sealing;
pub mod seen;
pub(crate) mod single;
pub mod source;
mod spill;
pub mod table;
pub mod take_back;
mod told;
mod trial;
pub mod window;

pub use import::{Arrived, Request, import, import_arrived, import_on_behalf};
pub use report::{Progress, Report};
pub use window::WINDOW_BYTES;
