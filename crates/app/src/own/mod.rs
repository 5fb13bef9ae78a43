//! The organisation's own space (我的空间): all that there is about one organisation, for whoever represents it, in one place: its
//! records with their days, what it was told, what it must do and by when, what it said, what it applied for, what is in force
//! on it, and what it may do next.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十八 (主体权益保护). It shows what the organisation may see and nothing else: a listing that was not
//! told to it yet is not there, a letter stands here once it was served (or its decision is public), what a unit has not decided
//! is not told, and no account of a unit's staff and no natural person is named. Remedies at law (行政复议, 行政诉讼) stand there with
//! their last days, as far as the cases here know of a decision and of what was filed (`domain::remedy`). The file behind it is read for the purpose of
//! its own subject, so that the access journal has the look before anything is shown.

mod case;
mod gather;
mod remedy;
mod view;

pub use view::{OwnCase, OwnDeadline, OwnLetter, OwnMeasure, OwnRecord, OwnRemedy, OwnStatement, OwnView};
