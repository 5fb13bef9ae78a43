//! Repair (信用修复): from the application of whoever put a wrong right to the decision that ends publicity, sharing, use, measures
//! and points at once, and what follows where the papers were false.
//!
//! While a plan of reorganisation or a settlement is carried out, a record may be shielded on the court's ruling: hidden for the time,
//! restored when the plan fails, and repaired by the ordinary way, or restored, when it is carried out.
//!
//! Serves 鲁信用办〔2019〕8号 arts. 四 and 十五, 信用修复管理办法 and the orders of the sectors. Whether and from when a record may be
//! repaired is [`crate::publicity`]; here is the procedure: who applied and how, the commitment word for word, the clocks of the
//! window and of the authority, the reviews by different persons, the decision, its revocation by due process.
//!
//! As in [`crate::listing`] a step is first *made* by [`Desk`], which knows the rulebook, and then *taken* by [`Case::take`], which
//! knows none, so that kept steps fold for ever. Deliberately not here: any way to grant without an application, a letter with all
//! its clauses and a second person, and any fee.

mod case;
mod clock;
mod decision;
mod desk;
mod fault;
mod letter;
mod notice;
mod plan;
mod refusal;
mod revocation;
mod shield;
mod step;

pub use case::{Case, Ended, State};
pub use clock::{Clock, Standing};
pub use decision::Granting;
pub use desk::{Ask, Desk, Ground};
pub use fault::Fault;
pub use letter::{counted_anew, number, write};
pub use notice::{Notice, notice};
pub use plan::{Applicant, Followed, Plan, PlanKind, Ruling};
pub use refusal::{of_publicity, rule};
pub use revocation::{Heard, Revocation, Stated, Stating, Waived, Waiving};
pub use shield::AskShield;
pub use step::{Applied, Arrived, Channel, Due, Event, Met, Paper, Promise, Related, Step};
