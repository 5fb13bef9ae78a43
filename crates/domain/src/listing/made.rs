//! What is asked of whoever makes a step today and not of what is kept: by whom, and with which paper. A kept step folds for ever, also one of
//! a program that did not ask.

use super::{Case, Event, Refusal, Step, rule};

/// Refuses a step that may not be made so.
pub(super) fn demand(case: &Case, step: &Step) -> Result<(), Refusal> {
    match &step.event {
        // Its own account speaks for the party; what staff say of it is proved, and by another than whoever gains by it.
        Event::Waived { by_party: false, .. } => {
            rule::WAIVER_BY_PROPOSER.demand(step.by != case.proposed_by)?;
            rule::WAIVER_PAPER_MISSING.demand(!step.papers.is_empty())
        }
        Event::Stayed { number, .. } | Event::StayLifted { number, .. } | Event::RemedyDecided { number, .. } => {
            let remedies = case.listed().map(|listed| listed.remedies.as_slice()).unwrap_or_default();
            let filed = remedies.iter().find(|one| one.filed.number == *number);
            rule::REMEDY_SAME_PERSON.demand(filed.is_none_or(|one| one.filed_by != step.by))?;
            rule::REMEDY_PAPER_MISSING.demand(!step.papers.is_empty())
        }
        _ => Ok(()),
    }
}
