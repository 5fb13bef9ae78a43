//! Documents that a listing may rest on: what the file says of each today, and which of an organisation's may carry a list.

use super::refused;
use crate::review::rules::{Content, Rules};
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::catalog::Role;
use credence_domain::listing::{Base, BaseFacts, Case, Desk, Earlier, Refusal};
use credence_domain::publicity::Class;
use credence_domain::record::value::{date_of, day_number};
use credence_domain::record::{Identity, State as RecordState};
use credence_domain::rulebook::Rulebook;
use credence_store::connection::Connection;
use credence_store::record::{self, Stored};
use credence_store::scope::View;
use credence_store::secret::Keyring;
use credence_store::{StoreError, listing as kept, subject, unit};
use jiff::civil::Date;

/// A document of an organisation, as a proposal may name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    /// Public reference of its record.
    pub id: String,
    /// Name of the item.
    pub item_name: String,
    /// Number; empty where it has none.
    pub number: String,
    /// Who made it.
    pub authority: String,
    /// Its day.
    pub decided_on: Date,
    /// Why it may not carry the list; nothing where it may.
    pub refused: Option<String>,
}

/// The documents of an organisation that are of the kinds a list names, newest first, each with what speaks against it. Only
/// what is public, and what the unit made itself: whoever proposes needs no look into what others keep (docs/design/0019).
///
/// # Errors
/// `list_unknown`, `not_found` for an organisation without a file, or a fault.
pub fn carriers(
    connection: &mut Connection,
    keyring: Keyring,
    (rulebook, view): (&Rulebook, &View),
    unit: &str,
    (list, uscc): (&str, &str),
) -> Result<(String, Vec<Carrier>)> {
    let today = view.today;
    let desk = Desk { rulebook, by: "", today };
    let items = desk.base_items(list).map_err(|refusal| refused(&refusal))?;
    let organisation = subject::find(connection, view, uscc)?.ok_or(AppError::NotFound)?;
    let mut rules = Rules::load(connection, keyring, rulebook, today)?;
    let mut found = Vec::new();
    for stored in record::of_organisation(connection, view, uscc)? {
        let own = stored.source == unit || stored.authority == unit;
        if !items.contains(&stored.item.as_str()) || !(own || stored.is_public_on(day_number(today))) {
            continue;
        }
        let facts = facts_of(connection, &mut rules, &stored)?;
        let earlier = earlier_of(connection, (&stored.uscc, &stored.identity))?;
        let used = || earlier.iter().try_for_each(|one| one.leaves(list, ""));
        let may_carry = desk.may_carry(list, &facts, uscc).and_then(|()| used());
        found.push(Carrier {
            id: hex(&stored.reference),
            item_name: rulebook.items.get(&stored.item).map(|item| item.name.clone()).unwrap_or_default(),
            refused: may_carry.err().map(|refusal| refusal.told()),
            number: facts.base.number,
            authority: facts.base.authority,
            decided_on: facts.base.decided_on,
        });
    }
    found.sort_by_key(|one| (one.refused.is_some(), std::cmp::Reverse(one.decided_on), one.number.clone()));
    Ok((organisation.name, found))
}

/// The cases that rest on a document or ever did.
pub(super) fn earlier_of(
    connection: &mut Connection,
    (uscc, identity): (&str, &Identity),
) -> credence_store::Result<Vec<Earlier>> {
    let mut found = Vec::new();
    for head in kept::ever_on(connection, uscc, identity)? {
        let broken = |refusal: Refusal| StoreError::Inconsistent(format!("listing {}: {refusal}", head.number));
        let case = Case::fold(&kept::steps(connection, &head)?).map_err(broken)?;
        found.push(Earlier::of(&head.number, &case));
    }
    Ok(found)
}

/// Kinds of penalty of the documents on which a case rests, as the file writes them today.
///
/// # Errors
/// Whatever the database says.
pub(crate) fn kinds_of(connection: &mut Connection, rules: &mut Rules<'_>, case: &Case) -> Result<Vec<String>> {
    let view = rules.view();
    let mut found = Vec::new();
    for base in &case.bases {
        let stored = record::find(connection, &view, &case.uscc, &kept::identity_of(base)?)?;
        if let Some(stored) = stored {
            found.extend(facts_of(connection, rules, &stored)?.kinds);
        }
    }
    Ok(found)
}

/// What the file says of a document today.
pub(super) fn facts_of(connection: &mut Connection, rules: &mut Rules<'_>, stored: &Stored) -> Result<BaseFacts> {
    let today = rules.today;
    let version = rules.version(&stored.item)?;
    let content = if stored.packed.is_some() { rules.content(stored)? } else { Content::default() };
    let state = RecordState::from_code(&stored.state)
        .ok_or_else(|| StoreError::Inconsistent(format!("record in state {:?}", stored.state)))?;
    let kinds = content.value(version, Role::PenaltyKinds).split(';').filter(|kind| !kind.is_empty());
    let authority = unit::find(connection, &stored.authority, today)?;
    let over = stored.through_on.is_some_and(|last| date_of(last).is_some_and(|last| last < today));
    let revoked = super::is_revoked(rules.rulebook(), version, &content);
    Ok(BaseFacts {
        base: Base {
            record: hex(&stored.identity.0),
            item: stored.item.clone(),
            number: content.value(version, Role::DocumentNumber).to_owned(),
            authority: authority.map(|unit| unit.name).unwrap_or_else(|| stored.authority.clone()),
            decided_on: date_of(stored.decided_on).unwrap_or(today),
        },
        made_by: stored.authority.clone(),
        uscc: stored.uscc.clone(),
        // What has ended, or says of itself that it is revoked, carries nothing any more.
        state: if over || revoked { RecordState::Withdrawn } else { state },
        class: Class::from_code(&stored.class),
        kinds: kinds.map(str::to_owned).collect(),
        tier: content.value(version, Role::DiscretionTier).to_owned(),
    })
}
