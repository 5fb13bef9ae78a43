//! Penalties whose publicity ends with the entry of a list that rests on them, once its repair is granted (市场监督管理信用修复管理办法
//! art. 十三), and stand again with it where that repair is revoked (art. 二十三).

use super::ground::Subject;
use crate::review::rules::{Content, Rules, content_origin};
use credence_domain::canonical::hex;
use credence_domain::publicity::{Counted, Regulator, ends_with_entry};
use credence_domain::record::State as RecordState;
use credence_domain::record::meeting::WITHDRAWN_WITH_BATCH;
use credence_domain::record::value::{date_of, day_number};
use credence_domain::repair::{Case, Related};
use credence_store::change::Change;
use credence_store::connection::Connection;
use credence_store::repair as kept;
use credence_store::revision::lock;
use credence_store::{StoreError, listing, record};

/// Item of the records of penalties.
const PENALTY: &str = "penalty";

/// The penalties that would end with the entry that a record publishes; none where it publishes none, or its order knows no such rule.
///
/// # Errors
/// Whatever the database says.
pub(super) fn related(
    connection: &mut Connection,
    rules: &mut Rules<'_>,
    subject: &Subject,
) -> credence_store::Result<Vec<Related>> {
    let (uscc, today, view) = (subject.stored.uscc.as_str(), rules.today, rules.view());
    let Some(head) = listing::published_by(connection, uscc, &subject.stored.identity)? else { return Ok(Vec::new()) };
    let order = subject.with(rules, |ground| ground.decision.pack.filter(|pack| pack.related.is_some()).map(|_| ()))?;
    if order.is_none() {
        return Ok(Vec::new());
    }
    let case = crate::listing::folded(connection, &head)?;
    let mut found = Vec::new();
    for base in case.bases.iter().filter(|base| base.item == PENALTY) {
        let identity = listing::identity_of(base)?;
        let Some(stored) = record::find(connection, &view, uscc, &identity)? else { continue };
        if !stored.is_public_on(day_number(today)) {
            continue;
        }
        let content = if stored.packed.is_some() { rules.content(&stored)? } else { Content::default() };
        let published_on = stored.published_on.and_then(date_of).unwrap_or(today);
        let counted = Counted { published_on, restart: kept::restart(connection, uscc, &identity)? };
        let ends = rules.judge(&stored.item, &content, (&stored.authority, counted), |facts, penalty| {
            matches!(facts.regulator, Regulator::Market | Regulator::Drug) && ends_with_entry(penalty, today)
        })?;
        if ends {
            found.push(Related { record: hex(&identity.0), document: base.number.clone() });
        }
    }
    Ok(found)
}

/// Ends their publicity with the entry, with what rests on each of them.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub(super) fn end(
    change: &mut Change<'_>,
    rules: &mut Rules<'_>,
    case: &Case,
    how: &str,
) -> credence_store::Result<()> {
    let (uscc, view) = (case.applied.uscc.as_str(), rules.view());
    for one in case.related() {
        let identity = kept::related_identity(one)?;
        let gone = || StoreError::Inconsistent(format!("the penalty {} is missing", one.document));
        let stored = lock(change, &view, &(uscc.to_owned(), identity))?.ok_or_else(gone)?;
        if stored.state != RecordState::Accepted.code() {
            continue;
        }
        rules.restate(change, &stored, RecordState::Repaired, "")?;
        let by_day = (rules.rulebook(), rules.today);
        crate::measure::fallen(change, by_day, (uscc, &one.record, how))?;
        super::fallen(change, by_day, (uscc, &identity, how))?;
    }
    Ok(())
}

/// Lets them stand again, for the rest of their time or for one that counts anew; those whose batch was withdrawn meanwhile do not.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub(super) fn restore(change: &mut Change<'_>, rules: &mut Rules<'_>, case: &Case) -> credence_store::Result<()> {
    let (uscc, view) = (case.applied.uscc.as_str(), rules.view());
    for one in case.related() {
        let identity = kept::related_identity(one)?;
        let Some(stored) = lock(change, &view, &(uscc.to_owned(), identity))? else { continue };
        if stored.state != RecordState::Repaired.code() {
            continue;
        }
        if content_origin(change.connection, &view, &stored)?.batch_state == "withdrawn" {
            rules.withdraw(change, &stored, WITHDRAWN_WITH_BATCH)?;
        } else {
            rules.restate(change, &stored, RecordState::Accepted, "")?;
        }
    }
    Ok(())
}
