//! Persons' cases go with their listing: at rest while it is stayed, shortened and ended with it, all in the act of the listing's own
//! step. Where a public body or a state enterprise is listed, the duty to inform those above arises in the same act.

use super::{broken, case_of};
use credence_domain::listing::{Case as Listing, State};
use credence_domain::officer::{Desk, because};
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::listing::Nature;
use credence_store::batch::new_number;
use credence_store::change::Change;
use credence_store::clock::Chance;
use credence_store::officer::{self as kept, Kind, Stand};
use credence_store::scope::View;
use credence_store::{StoreError, subject};
use jiff::civil::Date;

/// Puts the persons' cases of a listing where the listing stands, inside the act of its step.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub(crate) fn follow(
    change: &mut Change<'_>,
    (rulebook, by, today): (&Rulebook, &str, Date),
    (number, before, listing): (&str, &Listing, &Listing),
) -> credence_store::Result<()> {
    for head in kept::resting_on(change.connection, &listing.uscc, number)? {
        if head.kind != Kind::Case {
            continue;
        }
        let mut case = case_of(change.connection, &head)?;
        // A file that is resumed is judged by the day of its receipt; a case never goes back.
        let desk = Desk { rulebook, by, today: today.max(case.last_on) };
        let mut steps = head.steps;
        while let Some(event) = desk.following(&case, listing) {
            let (step, next) = desk.take(&case, event).map_err(|refusal| broken(&head.number, &refusal))?;
            kept::append(change, (&head.number, steps), &step, &Stand::from(&next))?;
            (case, steps) = (next, steps + 1);
        }
    }
    let begins = before.listed().is_none() && matches!(listing.state, State::Listed(_));
    let Some(rules) = rulebook.procedure.officer_rules(today).filter(|_| begins && listing.nature == Nature::Adverse)
    else {
        return Ok(());
    };
    let gone = || StoreError::Inconsistent(format!("organisation {} has no file", listing.uscc));
    let organisation = subject::find(change.connection, &View::office(today), &listing.uscc)?.ok_or_else(gone)?;
    if let Some(because) = because(rules, &listing.uscc, &organisation.kind) {
        let desk = Desk { rulebook, by, today };
        let own = new_number(&mut Chance::default(), today)?;
        let (step, duty) = desk.arise((number, listing), because).map_err(|refusal| broken(&own, &refusal))?;
        kept::open(change, &own, &step, &Stand::from(&duty))?;
    }
    Ok(())
}
