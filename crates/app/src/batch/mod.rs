//! Batches (批次) of an exchange, by service, file or database: a file is acknowledged once it is safe in the [`spool`], and imported when the writer is free
//! ([`intake`]). The office releases what waits ([`release`]) and withdraws what should not have come ([`withdraw`]). Serves 鲁信用办〔2019〕8号 art. 五 and CONTRACT §2.

pub mod intake;
pub mod mend;
pub mod package;
pub mod release;
pub mod spool;
pub mod withdraw;

pub use intake::{Intake, Letter, Sender};
pub use spool::{Arrival, BODY_MAX_BYTES, Channel, Upload};
