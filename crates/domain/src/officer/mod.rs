//! Responsible persons (惩戒到人): terms of office, and what follows for whoever held one when the conduct happened.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十四, 山东省社会信用条例 art. 三十一 and 个人信息保护法 arts. 六, 五十一. Three kinds of files, each
//! folded from its steps:
//!
//! | file | what it is |
//! |---|---|
//! | [`Term`] | who held which office of an organisation, from which day to which: the name lies apart from the steps |
//! | [`Case`] | one person held to account for one listing: on a legal ground, told, heard, decided by another, with remedies of his own |
//! | [`Duty`] | those above a public body, a state enterprise or an official are informed, and it is asked until it is done |
//!
//! As in [`crate::listing`] a step is first *made* by [`Desk`], which knows the rulebook, and then *taken*, which needs none. A
//! case stands on a listing that stands: it rests when the listing is stayed and ends with it at the latest. What is
//! deliberately not here: names and numbers of papers (they lie where an erasure reaches them), any grade or search of
//! persons, and any way to begin without a listing.

mod case;
mod desk;
mod duty;
mod following;
mod letter;
mod refusal;
mod step;
mod take;
mod term;

pub use case::{Case, Decided, Dismissed, End, Ending, HandOver, Notified, Outcome, Remedy, State};
pub use desk::{Desk, Entering, Propose};
pub use duty::{Because, Duty, Notice, Standing, because};
pub use letter::{PERSON, named, number, write};
pub use refusal::rule;
pub use step::{CaseEvent, CaseStep, DutyEvent, DutyStep, Proposed, TermEvent, TermStep};
pub use term::{Role, Term};
