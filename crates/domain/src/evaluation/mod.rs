//! Evaluation (综合评价): a grade that explains itself, as a pure function of (records, model version, date).
//!
//! Serves 鲁信用办〔2019〕8号 art. 七 and 国办发〔2026〕8号. Organisations only; points are whole numbers; the order of
//! records does not matter; what has ended, is withdrawn, repaired or hidden does not count, for only records that are
//! public on the day are looked at. No risk class, complaint, alert or self-declared item is an input. Nothing here lists
//! anybody: there is no rule that counts records into a list.

mod choice;
mod disclosure;
mod evaluate;
mod grade;
mod kept;
pub mod model;
mod score;
mod sum;

#[cfg(test)]
mod tests;

pub use choice::{NotEvaluated, choose, may_have_grade};
pub use disclosure::{Disclosure, DisclosureRule, DisclosureVersion, GradeSource};
pub use evaluate::{Change, ChangeKind, Evaluation, Line, evaluate, score};
pub use grade::Grade;
pub use model::{Model, ModelVersion, Weight};
pub use score::{Input, Scored, ScoredChange, ScoredLine, Scorer};
pub use sum::{Summed, Summer};
