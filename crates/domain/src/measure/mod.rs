//! Measures in force (惩戒措施实例): one measure on one organisation, from the decision that carries it to the last body that says it
//! has stopped.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十三 and 国办发〔2020〕49号. A measure begins only with a listing, or with a single decision of a body
//! that the list names, both in force, under an item of the list in force; it is dispatched to the units that carry it out,
//! who acknowledge and report; it is suspended while its cause is stayed and ends with its cause or its own longest term,
//! whichever comes first. Who is only informed (banks, agencies, associations) is never given a task.
//!
//! As in [`crate::listing`] a step is first *made* by [`Desk`], which knows the rulebook, and then *taken* by
//! [`Measure::take`], which knows none, so that kept steps fold for ever. What is deliberately not here: any way to begin a
//! measure without its cause, any counting, and natural persons.

mod desk;
mod refusal;
mod state;
mod step;

pub use desk::{Desk, FromDecision, UnitAt};
pub use refusal::rule;
pub use state::{Complaint, Measure, Standing, Task};
pub use step::{Assigned, Begun, Cause, Done, Event, Step};
