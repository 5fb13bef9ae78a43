//! Objections, complaints and replies (异议、投诉、主体申辩) as a use case: filed in whatever channel, marked at once, checked by the owner,
//! decided, corrected, appealed.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十八, 山东省社会信用条例 arts. 三十九 and 四十. Every step is an act on the organisation, numbered and committed
//! like a record; the mark beside the record is set and ended, and what an upheld objection corrects or withdraws is written, in
//! the act of the step. Whether a step is lawful is `domain::objection`; who holds which office is [`crate::access`].

mod correct;
mod doing;
mod file;
mod person;
mod step;
mod view;

pub use doing::{Correction, Deciding, Doing};
pub use file::{Actor, Filing, file};
pub use person::{acting_unit, file_as, step_as};
pub use step::step;
pub use view::{CaseView, ClockView, DecisionView, HeadView, LetterView, StatementView, StepView, list, show};

use credence_domain::listing::Refusal;
use credence_domain::objection::Case;
use credence_store::StoreError;
use credence_store::connection::Connection;
use credence_store::objection::{self as kept, Head};

/// What an act of a case is for, and the article that asks for it.
const OBJECTION: (&str, &str) = ("objection", "十八");

/// The case that its steps have made.
pub(crate) fn folded(connection: &mut Connection, head: &Head) -> credence_store::Result<Case> {
    let broken = |refusal: Refusal| StoreError::Inconsistent(format!("objection {}: {refusal}", head.number));
    Case::fold(&kept::steps(connection, head)?).map_err(broken)
}

fn moved(number: &str) -> StoreError {
    StoreError::Conflict(format!("objection {number} has moved"))
}
