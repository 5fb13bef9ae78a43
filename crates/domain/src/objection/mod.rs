//! Objections (异议), complaints (投诉) and replies (主体申辩): what an organisation says against a record about it, and what becomes
//! of that, from the filing to the last answer.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十八, 山东省社会信用条例 arts. 三十九 and 四十, and 信用修复管理办法 art. 十八. A case is about one record and one
//! matter; whatever the same party files while it is open joins it. As in [`crate::listing`] a step is first *made* by [`Desk`],
//! which knows the rulebook, and then *taken* by [`Case::take`], which knows none, so that kept steps fold for ever. Every clock
//! that the law starts is in the case, and ends in exactly one way: met, late or stopped.
//!
//! What is deliberately not here: how a correction is written (the record's own versions), repair (信用修复), and remedies at law.

mod case;
mod clock;
mod desk;
mod letter;
mod refusal;
mod step;
mod take;

pub use case::{Appeal, Case, Decision, Finding, Joined, Standing};
pub use clock::{Clock, Duty, Ended, Running};
pub use desk::{Desk, Filing, Office};
pub use letter::{number, write};
pub use refusal::rule;
pub use step::{
    Change, Channel, Claim, Contest, Decided, Event, Evidence, Filed, Found, Matter, Outcome, Remedy, Statement, Step,
};
