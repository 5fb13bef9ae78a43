//! The measures of a listing go with it: begun with the decision, suspended while it is stayed, shortened or dropped by a ruling,
//! ended with it; all in the act of the listing's own step. The measures of a single decision end when its record falls.

use super::{folded, units_there};
use credence_domain::listing::{Case, Refusal, State};
use credence_domain::measure::{Desk, Event, Standing};
use credence_domain::rulebook::Rulebook;
use credence_store::batch::new_number;
use credence_store::change::Change;
use credence_store::clock::Chance;
use credence_store::measure as kept;
use credence_store::scope::View;
use credence_store::{StoreError, listing, subject};
use jiff::civil::Date;

/// Puts the measures of a listing where the listing stands, inside the act of its step.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub(crate) fn follow(
    change: &mut Change<'_>,
    (rulebook, by, today): (&Rulebook, &str, Date),
    (number, before, case): (&str, &Case, &Case),
) -> credence_store::Result<()> {
    let desk = Desk { rulebook, by, today };
    let broken = |refusal: Refusal| StoreError::Inconsistent(format!("measures of listing {number}: {refusal}"));
    let standing = kept::resting_on(change.connection, &case.uscc, number)?;
    // While a plan of a court is carried out its measures rest too, but for those that do not stand in its way.
    let published = listing::find(change.connection, &View::office(today), number)?.and_then(|head| head.identity);
    let shield = match published {
        Some(identity) => crate::repair::shield_of(change.connection, (&case.uscc, &identity))?,
        None => None,
    };
    for head in &standing {
        let shielded = shield.as_ref().is_some_and(|(_, left)| !left.contains(&head.number));
        let mut measure = folded(change.connection, head)?;
        let mut steps = head.steps;
        while let Some(event) = desk.following(&measure, case, shielded) {
            let (step, next) = desk.take(&measure, event).map_err(broken)?;
            kept::append(change, (&head.number, steps), &step, &next)?;
            (measure, steps) = (next, steps + 1);
        }
    }
    // They begin with the decision, or with an entry that comes back, and with no other step: a later edition of the list may hold them no
    // longer.
    let State::Listed(listed) = &case.state else { return Ok(()) };
    let back = matches!(before.state, State::Delisted(_));
    if (before.listed().is_some() && !back) || listed.decided.measures.is_empty() {
        return Ok(());
    }
    let gone = || StoreError::Inconsistent(format!("organisation {} has no file", case.uscc));
    let view = View::office(today);
    let organisation = subject::find(change.connection, &view, &case.uscc)?.ok_or_else(gone)?;
    let units = units_there(change.connection, (&organisation.area, &case.unit), today)?;
    for taken in &listed.decided.measures {
        let made = desk.of_listing((number, case), taken, &units);
        // With an entry that comes back come those that the list still holds and whose longest term is not over.
        if back && made.is_err() {
            continue;
        }
        let (step, measure) = made.map_err(broken)?;
        let own = new_number(&mut Chance::default(), today)?;
        kept::open(change, &own, &step, &measure)?;
    }
    Ok(())
}

/// Lets a measure rest, or run again, inside the act of what it follows; nothing where it does already or has ended.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub(crate) fn rest(
    change: &mut Change<'_>,
    (rulebook, by, today): (&Rulebook, &str, Date),
    head: &kept::Head,
    (rests, why): (bool, &str),
) -> credence_store::Result<()> {
    let measure = folded(change.connection, head)?;
    let today = today.max(measure.last_on);
    if measure.ended_by(today).is_some() || rests == (measure.standing == Standing::Suspended) {
        return Ok(());
    }
    let reason = why.to_owned();
    let event = if rests { Event::Suspended { reason } } else { Event::Resumed { reason } };
    let broken = |refusal: Refusal| StoreError::Inconsistent(format!("measure {}: {refusal}", head.number));
    let (step, next) = Desk { rulebook, by, today }.take(&measure, event).map_err(broken)?;
    kept::append(change, (&head.number, head.steps), &step, &next)
}

/// Ends the measures that rest on a record, inside the act by which the record fell; whether there was one.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub(crate) fn fallen(
    change: &mut Change<'_>,
    (rulebook, today): (&Rulebook, Date),
    (uscc, record, how): (&str, &str, &str),
) -> credence_store::Result<bool> {
    let resting = kept::resting_on(change.connection, uscc, record)?;
    for head in &resting {
        let measure = folded(change.connection, head)?;
        // A file that is resumed is judged by the day of its receipt; a measure never goes back.
        let today = today.max(measure.last_on);
        if measure.ended_by(today).is_some() {
            continue;
        }
        let desk = Desk { rulebook, by: "system", today };
        let broken = |refusal: Refusal| StoreError::Inconsistent(format!("measure {}: {refusal}", head.number));
        let (step, next) = desk.take(&measure, desk.end(format!("所依据的文书：{how}"))).map_err(broken)?;
        kept::append(change, (&head.number, head.steps), &step, &next)?;
    }
    Ok(!resting.is_empty())
}
