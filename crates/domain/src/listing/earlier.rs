//! Earlier cases that rest on the same document: what a document has carried once it carries no second time. Whoever left a list comes
//! back for what is new alone (国办发〔2020〕49号 art. 八); only a ruling that took a decision back may have it made anew (行政复议法 art.
//! 六十四, 行政诉讼法 art. 七十).

use super::{Case, Cause, Refusal, State, rule};

/// An earlier case that rests on a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Its number.
    pub number: String,
    /// Code of its list.
    pub list: String,
    /// Code of its state.
    pub state: &'static str,
    /// Number of the remedy that revoked its decision; none where another thing ended it, or nothing did.
    pub revoked_by: Option<String>,
}

impl Earlier {
    /// What a later proposal must know of a case.
    #[must_use]
    pub fn of(number: &str, case: &Case) -> Self {
        let revoked_by = match &case.state {
            State::Delisted(ended) => match &ended.cause {
                Cause::Remedy { number } => Some(number.clone()),
                _ => None,
            },
            _ => None,
        };
        Self { number: number.to_owned(), list: case.list.clone(), state: case.state.code(), revoked_by }
    }

    /// Whether the document may carry a proposal for a list all the same: of a proposal that was taken back nothing came, and another list
    /// asks for something else as long as nobody was removed.
    ///
    /// # Errors
    /// When it was used for this list, or its entry was removed from another, and no ruling orders the act made anew: `ordered` is the
    /// number of the remedy that does.
    pub fn leaves(&self, list: &str, ordered: &str) -> Result<(), Refusal> {
        let used = match self.state {
            "withdrawn" => false,
            "delisted" => true,
            _ => self.list == list,
        };
        let anew = !ordered.is_empty() && self.revoked_by.as_deref() == Some(ordered);
        if used && !anew { Err(rule::BASE_USED.because(format!("案号{}", self.number))) } else { Ok(()) }
    }
}
