//! Repair (信用修复) as a use case: told beforehand, applied for, passed on, accepted, decided by another person, and then everything at
//! once; taken back where the papers were false.
//!
//! Serves 鲁信用办〔2019〕8号 arts. 四 and 十五 and 信用修复管理办法. Every step is an act on the organisation, numbered and committed like a
//! record. A grant ends publicity, sharing, use, measures and points, publishes the commitment and refreshes the grade in the one act
//! that says so; the change stream tells whoever keeps a copy, and [`propagation`] who has followed. Whether a step is lawful is
//! `domain::repair`; who holds which office is [`crate::access`].

mod apply;
mod batch;
mod consequence;
mod doing;
mod ground;
mod person;
mod propagation;
mod related;
mod shield;
mod step;
mod view;

pub(crate) use apply::apply_waiting;
pub use apply::{Applying, apply};
pub use batch::{BatchNotice, notices_of_batch};
pub use doing::Doing;
pub use ground::notice_of;
pub use person::{Agency, apply_as, step_as};
pub use propagation::{Follower, PublicRepair};
pub use step::step;
pub use view::{ClockView, HeadView, RepairView, RevocationView, StatementView, StepView, list, show};

pub(crate) use consequence::fallen;
pub(crate) use shield::shield_of;

use credence_domain::listing::Refusal;
use credence_domain::repair::Case;
use credence_store::StoreError;
use credence_store::connection::Connection;
use credence_store::repair::{self as kept, Head};

/// What an act of a repair is for, and the article that asks for it.
const REPAIR: (&str, &str) = ("repair", "十五");

/// The case that its steps have made.
pub(crate) fn folded(connection: &mut Connection, head: &Head) -> credence_store::Result<Case> {
    let broken = |refusal: Refusal| StoreError::Inconsistent(format!("repair {}: {refusal}", head.number));
    Case::fold(&kept::steps(connection, head)?).map_err(broken)
}

fn moved(number: &str) -> StoreError {
    StoreError::Conflict(format!("repair {number} has moved"))
}
