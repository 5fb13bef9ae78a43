//! Listing (列入名单): one case from the proposal to the removal, as a state machine folded from its steps.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十二, 国办发〔2020〕49号, 行政处罚法 arts. 四十四, 四十五, 六十一 to 六十四 and the methods of the
//! lists. The way is always the same, in every channel:
//!
//! | state | what has happened |
//! |---|---|
//! | proposed | a ground of the list and the documents in force behind it are named, by a person |
//! | notified | the prior notice was *served*; the days to answer run from that day |
//! | listed | another person decided, with three findings, measures of the list, ways out and remedies |
//! | not_listed | another person decided not to list |
//! | withdrawn | the proposal was taken back, or its base document fell |
//! | delisted | removed: by term, repair, a base document that fell, an objection or a remedy |
//!
//! A step is first *made* by [`Desk`], which knows the rulebook and computes every date and text, and then *taken* by
//! [`Case::take`], which knows no rulebook: so the stored steps of a case can be folded again in years, and a sequence that
//! is not lawful is refused then as it was at first. What is deliberately not here: who holds which office, how letters are
//! numbered, how the record of the listing is published, and any counting: no number of records ever lists anyone.

mod base;
mod case;
mod decision;
mod desk;
mod earlier;
mod hearing;
pub(crate) mod letter;
mod made;
mod organ;
mod refusal;
mod remedy;
mod removal;
mod service;
mod step;
mod take;
pub(crate) mod told;

pub use base::{Base, BaseFacts};
pub use case::{Case, Decided, Dismissed, Ended, Listed, Notified, State, Statement, Talk};
pub use decision::{Findings, MeasureTaken, WayOut};
pub use desk::{Decide, Desk, Propose};
pub use earlier::Earlier;
pub use hearing::{Call, Hearing, HearingNotice};
pub use letter::{Letter, LetterFacts, number, write};
pub use organ::Organ;
pub use refusal::{Refusal, Rule, rule};
pub use remedy::{Filed, Outcome, Remedy, RemedyKind};
pub use removal::{Cause, Known};
pub use service::{Delivery, Service};
pub use step::{Event, Step, TalkKind};
pub use told::{Contested, Ruled, Told, Verdict};
