//! What becomes of a decision once its letter is written: its service, from which the periods of the remedies run, and what was filed
//! against it.

use super::{Case, Desk, Event, Step};
use crate::listing::{Delivery, Filed, Refusal, told};

impl Desk<'_> {
    /// Records that the letter of a decision has reached the organisation; the last one where none is named.
    ///
    /// # Errors
    /// When there is no such letter, it was served before, or the service does not count or is of a day before the letter.
    pub fn serve_decision(
        &self,
        case: &Case,
        letter: Option<&str>,
        delivery: &Delivery,
    ) -> Result<(Step, Case), Refusal> {
        let service = told::serving(&case.told, &self.rulebook.procedure, (letter, delivery), self.today)?;
        self.take(case, Event::DecisionServed { service })
    }

    /// Records that the organisation has gone to a reviewing body or to court over a decision; over the last one where none is named.
    ///
    /// # Errors
    /// When there is no such letter, or the filing is not named as a whole, was entered before or is of no possible day.
    pub fn file_remedy(&self, case: &Case, letter: Option<&str>, filed: &Filed) -> Result<(Step, Case), Refusal> {
        let (letter, filed) = told::filing(&case.told, (letter, filed), self.today)?;
        self.take(case, Event::RemedyFiled { letter, filed })
    }
}

impl Case {
    /// Whether the letter of its last decision is still to be served.
    #[must_use]
    pub fn unserved(&self) -> bool {
        self.told.last().is_some_and(|one| one.served.is_none())
    }
}
