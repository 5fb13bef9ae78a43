//! Listing (列入名单) as a use case: proposed, told, heard, decided by another person, published, removed.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十二. Every step is an act on the organisation, numbered and committed like a record. The decision
//! publishes the entry as a record of the data list in the same transaction, and whatever ends or stays the entry ends or hides
//! that record in the same transaction: publicity, search, stream, grade and bulk files follow the ordinary way. Whether a step
//! is lawful is `domain::listing`; who holds which office is [`crate::access`].

mod asked;
mod document;
mod doing;
mod ending;
mod fell;
mod known;
mod party;
mod person;
mod publish;
mod step;
mod view;

pub use asked::{Clerk, Proposing, Stepping};
pub use document::{Carrier, carriers};
pub use doing::Doing;
pub use person::{propose_as, step_as};
pub use step::{propose, step, step_citing};
pub use view::{CaseView, HeadView, LetterView, StepView, ToldView, list, show};

pub(crate) use document::kinds_of;
pub(crate) use ending::{may_be_repaired, may_return};
pub(crate) use fell::{Fall, fell, is_revoked, repaired, restored, says_revoked, upheld};
pub(crate) use known::{decided, owner_decides};
pub(crate) use step::case_draft;
pub(crate) use view::folded;

use crate::AppError;
use credence_domain::listing::Refusal;

/// A refusal by the rules of listing, as answers carry it.
pub(crate) fn refused(refusal: &Refusal) -> AppError {
    AppError::refused(refusal.code(), refusal.field(), refusal.told())
}
