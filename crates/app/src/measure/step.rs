//! One step of a measure, written once.

use super::view::{MeasureInForce, show};
use super::{Doing, MEASURE, folded, moved};
use crate::evaluation::keep;
use crate::listing::{Clerk, case_draft, refused};
use crate::{AppError, Result, Writer};
use credence_domain::listing::Refusal;
use credence_domain::measure::{Desk, Measure, Step, rule};
use credence_domain::rulebook::Rulebook;
use credence_store::measure as kept;

/// Takes one step of a measure, for a unit.
///
/// # Errors
/// What the rules refuse, `not_found` for a measure that he does not see, or a fault.
pub fn step(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (clerk, unit): (&Clerk, &str),
    number: &str,
    doing: &Doing,
) -> Result<MeasureInForce> {
    let done = step_waiting(writer, rulebook, (clerk, unit), number, doing)?;
    writer.sequence()?;
    Ok(done)
}

/// The same for a writer of many, who places their acts in the log together.
pub(super) fn step_waiting(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (clerk, unit): (&Clerk, &str),
    number: &str,
    doing: &Doing,
) -> Result<MeasureInForce> {
    let today = writer.clock().today();
    let head = kept::find(writer.connection(), &clerk.view, number)?.ok_or(AppError::NotFound)?;
    let measure = folded(writer.connection(), &head)?;
    let desk = Desk { rulebook, by: &clerk.name, today };
    // What would be refused is refused before anything is written.
    make(&desk, &measure, unit, doing).map_err(|refusal| refused(&refusal))?;
    let draft =
        case_draft(doing.kind(), clerk, MEASURE, [("measure", number), ("item", &head.measure)], rulebook, today);
    writer.change(&draft, |change| {
        let standing = kept::lock(change, &head.uscc, number)?.filter(|standing| standing.steps == head.steps);
        let standing = standing.ok_or_else(|| moved(number))?;
        let (step, next) = make(&desk, &measure, unit, doing).map_err(|_| moved(number))?;
        kept::append(change, (number, standing.steps), &step, &next)?;
        keep(change, rulebook, &head.uscc, today)
    })?;
    show(writer.connection(), &clerk.view, number)
}

fn make(
    desk: &Desk<'_>,
    measure: &Measure,
    unit: &str,
    doing: &Doing,
) -> std::result::Result<(Step, Measure), Refusal> {
    if doing.is_of_the_decider() {
        rule::WRONG_BODY.demand(measure.begun.unit == unit)?;
    }
    let event = match doing {
        Doing::End { reason } => {
            // The measures of a listing end with it and not beside it.
            rule::STATE_WRONG.demand(measure.listing().is_none())?;
            rule::ENDED.demand(measure.ended_by(desk.today).is_none())?;
            rule::REASON_MISSING.demand(!reason.trim().is_empty())?;
            desk.end(reason.trim().to_owned())
        }
        other => other.event(unit).ok_or_else(|| rule::STATE_WRONG.refuse())?,
    };
    desk.take(measure, event)
}
