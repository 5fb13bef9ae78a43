//! What the register knows of what may end an entry before its term: repairs of it that were granted, objections to it that were upheld,
//! documents of its case that have fallen. A number that somebody types ends nothing (国办发〔2020〕49号; 信用修复管理办法 arts. 十六, 十八).

use crate::review::rules::{Content, Rules, content_origin};
use credence_domain::canonical::hex;
use credence_domain::listing::{Case, Known, Refusal};
use credence_domain::objection::{self, Outcome, Remedy};
use credence_domain::publicity::Repair;
use credence_domain::record::Identity;
use credence_domain::repair::Event;
use credence_domain::rulebook::Rulebook;
use credence_store::connection::Connection;
use credence_store::listing::{self as kept, Head};
use credence_store::{StoreError, objection as of_objections, record, repair as of_repairs};

/// What the register knows of what may end the entry of a case.
///
/// # Errors
/// Whatever the database says.
pub(crate) fn known_of(
    connection: &mut Connection,
    rules: &mut Rules<'_>,
    (head, case): (&Head, &Case),
) -> credence_store::Result<Known> {
    let mut known = match &head.identity {
        Some(identity) => decided(connection, (&head.uscc, identity), false)?,
        None => Known::default(),
    };
    known.fallen = fallen(connection, rules, case)?;
    if let Some(identity) = &head.identity {
        let entry = record::find(connection, &rules.view(), &head.uscc, identity)?;
        known.owner_decides = entry.is_some_and(|entry| owner_decides(rules.rulebook(), &entry.pack));
    }
    Ok(known)
}

/// Whether the order by whose pack and row an entry is public leaves the way out to the unit that decides on the list: nobody applies.
pub(crate) fn owner_decides(rulebook: &Rulebook, pack_and_row: &str) -> bool {
    let Some((pack, row)) = pack_and_row.split_once('/') else { return false };
    let row = rulebook.publicity.pack(pack).and_then(|pack| pack.row(row));
    row.is_some_and(|row| row.repair == Repair::Owner)
}

/// What was decided about an entry itself: granted repairs (with `ever` also those that were revoked since) and upheld objections, by their
/// numbers and those of their letters.
///
/// # Errors
/// Whatever the database says.
pub(crate) fn decided(
    connection: &mut Connection,
    (uscc, identity): (&str, &Identity),
    ever: bool,
) -> credence_store::Result<Known> {
    let broken = |number: &str, refusal: Refusal| StoreError::Inconsistent(format!("case {number}: {refusal}"));
    let mut known = Known::default();
    for head in of_repairs::about(connection, uscc, identity)? {
        let steps = of_repairs::steps(connection, &head)?;
        let granted = steps.iter().find_map(|step| match &step.event {
            Event::Granted { letter, .. } => Some(letter.clone()),
            _ => None,
        });
        known.repairs.extend(
            granted
                .filter(|_| ever || head.state == "granted")
                .map(|letter| [head.number, letter])
                .into_iter()
                .flatten(),
        );
    }
    for head in of_objections::about(connection, uscc, identity)? {
        let steps = of_objections::steps(connection, &head)?;
        let case = objection::Case::fold(&steps).map_err(|refusal| broken(&head.number, refusal))?;
        let appealed = case.appeal.as_ref().and_then(|appeal| appeal.decision.as_ref());
        // The last answer counts.
        let Some(last) = appealed.or(case.decision.as_ref()) else { continue };
        let takes_it_away = |remedy: &Remedy| matches!(remedy, Remedy::Withdrawn { .. });
        if last.decided.outcome == Outcome::Upheld || last.decided.remedies.iter().any(takes_it_away) {
            known.objections.extend([head.number, last.decided.letter.clone()]);
        }
    }
    Ok(known)
}

/// The documents of a case that have fallen, in hex.
///
/// # Errors
/// Whatever the database says.
pub(super) fn fallen(
    connection: &mut Connection,
    rules: &mut Rules<'_>,
    case: &Case,
) -> credence_store::Result<Vec<String>> {
    let view = rules.view();
    let mut found = Vec::new();
    for base in &case.bases {
        let identity = kept::identity_of(base)?;
        let stored = record::find(connection, &view, &case.uscc, &identity)?;
        let Some(stored) = stored.filter(|one| !matches!(one.state.as_str(), "withdrawn" | "erased")) else {
            found.push(hex(&identity.0));
            continue;
        };
        // One that was repaired when its batch was withdrawn stays repaired and falls all the same.
        if stored.state == "repaired" && content_origin(connection, &view, &stored)?.batch_state == "withdrawn" {
            found.push(hex(&identity.0));
            continue;
        }
        let content = if stored.packed.is_some() { rules.content(&stored)? } else { Content::default() };
        if super::is_revoked(rules.rulebook(), rules.version(&stored.item)?, &content) {
            found.push(hex(&identity.0));
        }
    }
    Ok(found)
}
