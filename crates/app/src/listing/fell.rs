//! A base document falls: withdrawn with its batch, taken back by its owner, replaced, corrected to revoked, or erased. Whatever
//! rests on it ends in the same act (国办发〔2020〕49号; 市场监督管理严重违法失信名单管理办法 art. 十九; 山东省社会信用条例 art. 四十).

use super::step::Office;
use crate::review::rules::{Content, Rules, text};
use credence_domain::canonical::hex;
use credence_domain::catalog::Version;
use credence_domain::listing::Cause;
use credence_domain::publicity::Restart;
use credence_domain::record::review::{ACT_STATE, REVOKED};
use credence_domain::record::{Identity, State};
use credence_domain::rulebook::Rulebook;
use credence_store::change::Change;
use credence_store::record::Stored;
use credence_store::scope::View;
use credence_store::{listing as kept, record};
use serde_json::{Map, Value};

/// What fell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fall<'f> {
    /// The organisation.
    pub uscc: &'f str,
    /// The record.
    pub identity: &'f Identity,
    /// How, in words.
    pub how: &'f str,
}

/// Ends every case and every measure that rests on a record, inside the act by which the record fell; whether there was one.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub(crate) fn fell(change: &mut Change<'_>, rules: &mut Rules<'_>, fall: Fall<'_>) -> credence_store::Result<bool> {
    let (rulebook, today) = (rules.rulebook(), rules.today);
    let resting = kept::resting_on(change.connection, fall.uscc, fall.identity)?;
    for head in &resting {
        let mut office = Office::of_fallen(change, (rulebook, "system", today), head)?;
        office.fall(change, rules, (hex(&fall.identity.0), fall.how.to_owned()))?;
    }
    let record = hex(&fall.identity.0);
    let measures = crate::measure::fallen(change, (rulebook, today), (fall.uscc, &record, fall.how))?;
    // A record that says of its act that it was revoked stands all the same until its owner takes it back: what shields it goes on.
    let stored = record::find(change.connection, &View::office(today), fall.uscc, fall.identity)?;
    let hidden = stored.is_some_and(|stored| stored.state == State::Hidden.code());
    let goes_on = hidden && crate::repair::shield_of(change.connection, (fall.uscc, fall.identity))?.is_some();
    let repairs = !goes_on && crate::repair::fallen(change, (rulebook, today), (fall.uscc, fall.identity, fall.how))?;
    Ok(measures || repairs || !resting.is_empty())
}

/// Ends the listing whose entry a record publishes, by the way out that is open, inside the act that grants the repair; whether the
/// record publishes one.
///
/// # Errors
/// [`credence_store::StoreError::Inconsistent`] where no way out is open; whatever the database says. The caller's transaction is
/// then lost as a whole.
pub(crate) fn repaired(
    change: &mut Change<'_>,
    rules: &mut Rules<'_>,
    (uscc, identity): (&str, &Identity),
    (by, document): (&str, &str),
) -> credence_store::Result<bool> {
    let Some(head) = kept::published_by(change.connection, uscc, identity)? else { return Ok(false) };
    let mut office = Office::of_fallen(change, (rules.rulebook(), by, rules.today), &head)?;
    office.repair(change, rules, document)?;
    Ok(true)
}

/// Puts the entry back on its list that a record publishes, inside the act that revokes the repair by which it left; whether the record
/// publishes one that stands again.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub(crate) fn restored(
    change: &mut Change<'_>,
    rules: &mut Rules<'_>,
    stored: &Stored,
    (by, document, restart): (&str, &str, Option<Restart>),
) -> credence_store::Result<bool> {
    let Some(head) = kept::published_by(change.connection, &stored.uscc, &stored.identity)? else { return Ok(false) };
    if !super::may_return(change.connection, rules, (&stored.uscc, &stored.identity))? {
        return Ok(false);
    }
    let mut office = Office::of_fallen(change, (rules.rulebook(), by, rules.today), &head)?;
    office.restore(change, rules, stored, (document, restart))
}

/// Removes the entry that a record publishes, inside the act that upholds an objection against it: by the case's own step, whose
/// letter says so. Whether the record publishes one that stands.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub(crate) fn upheld(
    change: &mut Change<'_>,
    rules: &mut Rules<'_>,
    (uscc, identity, by): (&str, &Identity, &str),
    document: &str,
) -> credence_store::Result<bool> {
    let (rulebook, today) = (rules.rulebook(), rules.today);
    let Some(head) = kept::published_by(change.connection, uscc, identity)?.filter(kept::Head::is_listed) else {
        return Ok(false);
    };
    let mut office = Office::of_fallen(change, (rulebook, by, today), &head)?;
    office.end(change, rules, Cause::Objection { document: document.to_owned() })?;
    Ok(true)
}

/// Whether a content says of itself that its act was revoked.
pub(crate) fn is_revoked(rulebook: &Rulebook, version: &Version, content: &Content) -> bool {
    says_revoked(rulebook, version, &content.all)
}

/// The same of its fields alone.
pub(crate) fn says_revoked(rulebook: &Rulebook, version: &Version, fields: &Map<String, Value>) -> bool {
    version.fields.iter().any(|field| {
        let list = field.codes.as_deref().filter(|name| name.starts_with(ACT_STATE));
        let list = list.and_then(|name| rulebook.codes.list(name));
        let entry = list.and_then(|list| list.entry(text(fields, &field.code)));
        entry.is_some_and(|entry| entry.group.as_deref() == Some(REVOKED))
    })
}
