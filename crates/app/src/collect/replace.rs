//! A row that replaces a record: an identity field of the earlier one was wrong (CONTRACT §3). In one act the new record
//! takes its place and the old one ends: its base was corrected, so it never becomes public again.
//!
//! The column 替换原记录 of our templates names the old record by its document number or its id; where the organisation was
//! the wrong one, behind that organisation's code and a space.

use crate::listing::{Fall, fell};
use crate::review::rules::{Next, Rules};
use credence_domain::canonical::unhex;
use credence_domain::catalog::Role;
use credence_domain::record::State;
use credence_domain::record::identity::fold;
use credence_domain::record::meeting::REPLACED;
use credence_domain::record::value::day_number;
use credence_domain::subject::Uscc;
use credence_store::arrival::{Incoming, Outcome, Redate, Sending, arrive};
use credence_store::change::Change;
use credence_store::listing;
use credence_store::record::{self, Stored};
use credence_store::revision::lock;

/// Takes in a row that replaces a record. Once the new record stands, the column says nothing more: the same file sent
/// again changes nothing.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub fn replace(
    change: &mut Change<'_>,
    rules: &mut Rules<'_>,
    sending: Sending<'_>,
    row: &Incoming,
    redate: &mut Redate<'_>,
) -> credence_store::Result<Outcome> {
    let view = rules.view();
    let rows = std::slice::from_ref(row);
    let mut arrive = |change: &mut Change<'_>| -> credence_store::Result<Outcome> {
        let outcomes = arrive(change, sending, rows, redate)?;
        Ok(outcomes.first().copied().unwrap_or(Outcome::Unchanged))
    };
    if record::find(change.connection, &view, row.uscc.as_str(), &row.identity)?.is_some() {
        return arrive(change);
    }
    let Some(old) = find(change, rules, sending, row)? else { return Ok(Outcome::Refused("replaces_unknown")) };
    if sending.source != old.source && sending.source != old.authority {
        return Ok(Outcome::Refused("owned_by_other_source"));
    }
    if listing::published_by(change.connection, &old.uscc, &old.identity)?.is_some() {
        return Ok(Outcome::Refused("listing_case"));
    }
    let over = old.through_on.is_some_and(|last| last < day_number(rules.today));
    if over || matches!(old.state.as_str(), "repaired" | "erased" | "withdrawn") {
        return Ok(Outcome::Refused("record_ended"));
    }
    let outcome = arrive(change)?;
    let key = (old.uscc.clone(), old.identity);
    if outcome == Outcome::Accepted
        && let Some(old) = lock(change, &view, &key)?
    {
        let content = rules.content(&old)?;
        let next = Next {
            state: State::Withdrawn,
            hold: REPLACED,
            source: &old.source,
            content: &content,
            packed: old.packed.as_deref(),
        };
        rules.settle(change, &old, next)?;
        let fall = Fall { uscc: &old.uscc, identity: &old.identity, how: "已由更正后的文书替换" };
        fell(change, rules, fall)?;
    }
    Ok(outcome)
}

/// The organisation, where it is another than the row's own, and the record that the column names.
pub(super) fn named(replaces: &str) -> (Option<Uscc>, &str) {
    let named = replaces.trim();
    let parts = named.split_once(|c: char| c.is_whitespace() || matches!(c, ':' | '：'));
    let other = parts.and_then(|(code, rest)| Some((Uscc::parse(code).ok()?, rest.trim())));
    other.map_or((None, named), |(code, rest)| (Some(code), rest))
}

/// The record that a row names: one and no more.
fn find(
    change: &mut Change<'_>,
    rules: &mut Rules<'_>,
    sending: Sending<'_>,
    row: &Incoming,
) -> credence_store::Result<Option<Stored>> {
    let (other, named) = named(&row.replaces);
    let uscc = other.unwrap_or(row.uscc);
    let reference: Option<[u8; 16]> = unhex(named).and_then(|bytes| bytes.try_into().ok());
    let mut found = Vec::new();
    for stored in record::of_organisation(change.connection, &rules.view(), uscc.as_str())? {
        let itself = (stored.uscc.as_str(), stored.identity) == (row.uscc.as_str(), row.identity);
        if stored.item != sending.item || itself {
            continue;
        }
        let same = match (reference, &stored.packed) {
            (Some(reference), _) => stored.reference == reference,
            (None, Some(_)) => {
                let content = rules.content(&stored)?;
                let number = content.value(rules.version(&stored.item)?, Role::DocumentNumber);
                !number.is_empty() && fold(number) == fold(named)
            }
            (None, None) => false,
        };
        if same {
            found.push(stored);
        }
    }
    // What was replaced before is not meant again while another bears the same number.
    if found.len() > 1 {
        found.retain(|stored| stored.state != State::Withdrawn.code());
    }
    Ok(if found.len() == 1 { found.pop() } else { None })
}
