//! Authorization (授权): reads the access policies of an edition and says who may do what, for which purpose. Default: nobody.
//!
//! Serves 鲁信用办〔2019〕8号 art. 八 and 十八. A policy knows a role, an action, an item of the data list and its disclosure, a
//! purpose and whether a case is named, and nothing else: *rows* are chosen by the store's scope alone, and nothing here
//! grades anybody. Hides Cedar: no other crate names it.

mod engine;
mod form;
mod judge;

pub use engine::{Decision, Engine, Use};
pub use judge::judge;

/// A policy that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("access policy {policy}: {reason}")]
pub struct Unreadable {
    /// The file of the policy, by code.
    pub policy: String,
    /// What is wrong.
    pub reason: String,
}
