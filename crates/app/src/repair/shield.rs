//! Shielding while a plan of a court is carried out: the record is hidden and its measures rest from the act that shields on, and both
//! stand again in the act that ends it, unless something else keeps them back.

use super::folded;
use crate::listing::refused;
use crate::review::rules::Rules;
use crate::{Result, measure};
use credence_domain::canonical::hex;
use credence_domain::record::{Identity, State as RecordState};
use credence_domain::repair::{Case, Desk, State, rule};
use credence_store::change::Change;
use credence_store::connection::Connection;
use credence_store::kept_back::SHIELDED;
use credence_store::repair::{self as kept, Head};
use credence_store::revision::lock;
use credence_store::{StoreError, listing};

/// The case that shields a record, and the measures that it leaves in force; none where nothing shields it.
///
/// # Errors
/// Whatever the database says.
pub(crate) fn shield_of(
    connection: &mut Connection,
    (uscc, identity): (&str, &Identity),
) -> credence_store::Result<Option<(Head, Vec<String>)>> {
    let Some(head) = kept::shielding(connection, uscc, identity)? else { return Ok(None) };
    let left = folded(connection, &head)?.kept().to_vec();
    Ok(Some((head, left)))
}

/// Whether the measures named rest on the record or on the listing that it publishes.
///
/// # Errors
/// `measure_not_found` naming the first that does not, or a fault.
pub(super) fn known(connection: &mut Connection, (uscc, identity): (&str, &Identity), kept: &[String]) -> Result<()> {
    let resting = resting_on(connection, (uscc, identity))?;
    match kept.iter().find(|number| resting.iter().all(|head| head.number != **number)) {
        None => Ok(()),
        Some(number) => Err(refused(&rule::MEASURE_OTHER.because(number))),
    }
}

/// Puts the record and its measures where the case has led, inside the act of its step; the case is kept already. Nothing where the
/// step neither began nor ended a shield, or the record has ended with it.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub(super) fn follow(
    change: &mut Change<'_>,
    rules: &mut Rules<'_>,
    desk: &Desk<'_>,
    (before, case): (&Case, &Case),
) -> credence_store::Result<()> {
    if before.shields() == case.shields() || matches!(case.state, State::Granted { .. } | State::Stopped(_)) {
        return Ok(());
    }
    let (uscc, identity) = (case.applied.uscc.as_str(), kept::identity_of(case)?);
    let view = rules.view();
    let gone = || StoreError::Inconsistent(format!("the record of a shield of {uscc} is missing"));
    let stored = lock(change, &view, &(uscc.to_owned(), identity))?.ok_or_else(gone)?;
    let shown = stored.state == RecordState::Accepted.code();
    let hidden = stored.state == RecordState::Hidden.code() && stored.hold == SHIELDED;
    // What is held for another reason, or has ended, stays where it is: whoever ends that asks for shields too.
    if shown || hidden {
        rules.restate(change, &stored, RecordState::Accepted, "")?;
    }
    rest(change, desk, (uscc, &identity), case)
}

/// Lets the measures on a record rest while it is shielded, or run again.
fn rest(
    change: &mut Change<'_>,
    desk: &Desk<'_>,
    (uscc, identity): (&str, &Identity),
    case: &Case,
) -> credence_store::Result<()> {
    let stayed = listing::published_by(change.connection, uscc, identity)?.is_some_and(|head| head.stayed);
    let plan = case.applied.plan.as_ref().map_or("重整计划或者和解协议", |plan| plan.kind.name());
    for head in resting_on(change.connection, (uscc, identity))? {
        let rests = stayed || (case.shields() && !case.kept().contains(&head.number));
        let why = if rests {
            format!("{plan}执行期间临时解除")
        } else {
            format!("{plan}执行期间的临时解除已经结束")
        };
        measure::rest(change, (desk.rulebook, desk.by, desk.today), &head, (rests, &why))?;
    }
    Ok(())
}

/// The measures on a record: those of a single decision, and those of the listing that it publishes.
pub(super) fn resting_on(
    connection: &mut Connection,
    (uscc, identity): (&str, &Identity),
) -> credence_store::Result<Vec<credence_store::measure::Head>> {
    let mut found = credence_store::measure::resting_on(connection, uscc, &hex(&identity.0))?;
    if let Some(listed) = listing::published_by(connection, uscc, identity)? {
        found.extend(credence_store::measure::resting_on(connection, uscc, &listed.number)?);
    }
    Ok(found)
}
