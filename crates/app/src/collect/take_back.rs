//! A row by which the owner takes its record back (操作 d, 撤回): an act of its own with its reason, in the batch that the row
//! came in. The record ends as a new version, is told as gone, and its organisation is evaluated anew. Withdrawing the batch
//! gives it back.
//!
//! Serves 山东省社会信用条例 art. 二十 and 鲁信用办〔2019〕8号 art. 六: who sent a fact wrongly takes it back.

use crate::evaluation::keep;
use crate::review::rules::Rules;
use credence_domain::record::State;
use credence_domain::record::meeting::{Meeting, Standing, WITHDRAWN_BY_OWNER, take_back as decide};
use credence_domain::record::value::date_of;
use credence_store::StoreError;
use credence_store::arrival::{self, Incoming, Outcome, Sending};
use credence_store::change::Change;
use credence_store::revision::lock;

/// Takes a record back. Said again it changes nothing.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub fn take_back(
    change: &mut Change<'_>,
    rules: &mut Rules<'_>,
    sending: Sending<'_>,
    row: &Incoming,
) -> credence_store::Result<Outcome> {
    let keyring = change.keyring();
    let barred = arrival::barred(change.connection, &keyring, sending, &[row])?;
    if let Some(code) = barred.and_then(|barred| barred.into_iter().flatten().next()) {
        return Ok(Outcome::Refused(code));
    }
    let key = (row.uscc.to_string(), row.identity);
    let Some(stored) = lock(change, &rules.view(), &key)?.filter(|stored| stored.item == sending.item) else {
        return Ok(Outcome::Refused("record_unknown"));
    };
    let state = State::from_code(&stored.state)
        .ok_or_else(|| StoreError::Inconsistent(format!("record in state {:?}", stored.state)))?;
    let standing = Standing {
        owner: &stored.source,
        authority: &stored.authority,
        state,
        hold: &stored.hold,
        public_through_on: stored.through_on.and_then(date_of),
    };
    match decide(standing, sending.source, rules.today) {
        Meeting::Correct => {}
        Meeting::Refuse(code) => return Ok(Outcome::Refused(code)),
        Meeting::Unchanged | Meeting::AddSource | Meeting::TakeOver => return Ok(Outcome::Unchanged),
    }
    if !sending.covers(&key) {
        return Ok(Outcome::Refused("consent_needed"));
    }
    rules.withdraw(change, &stored, WITHDRAWN_BY_OWNER)?;
    keep(change, rules.rulebook(), &stored.uscc, rules.today)?;
    Ok(Outcome::Withdrawn)
}
