//! Redaction: a public field that carries an identity or telephone number leaves the public half. The new version keeps the
//! field for those who may see it; what was public before stays committed to and is shown to nobody.

use super::release::Outcome;
use super::rules::{Content, Next, Rules, batch_of, hold_of_batch, named, text};
use super::{Decision, draft};
use crate::consent::{self, Acting};
use crate::evaluation::keep;
use crate::{AppError, Result, Writer};
use credence_domain::canonical::{hex, to_vec};
use credence_domain::record::State;
use credence_domain::record::review::{PERSONAL_NUMBER, personal_fields, remaining_hold};
use credence_domain::record::value::date_of;
use credence_domain::rulebook::Rulebook;
use credence_store::StoreError;
use credence_store::revision::lock;
use serde_json::{Map, Value};

/// Takes a field out of the public half of a record. A record that waited for its number alone is public from today on.
///
/// # Errors
/// `not_found`, `no_personal_number` when the field carries none, or a fault.
pub fn redact(
    writer: &mut Writer,
    rulebook: &Rulebook,
    id: &str,
    field: &str,
    decision: Decision<'_>,
) -> Result<Outcome> {
    redact_for(writer, rulebook, (id, field), decision, None)
}

/// The same by a unit that may not be the owner: then with the owner's consent and a second person.
///
/// # Errors
/// As [`redact`], and `consent_needed`, `four_eyes`.
pub fn redact_for(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (id, field): (&str, &str),
    decision: Decision<'_>,
    acting: Option<Acting<'_>>,
) -> Result<Outcome> {
    decision.is_founded()?;
    let today = writer.clock().today();
    let keyring = writer.keyring();
    let mut rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
    let view = rules.view();
    let found = named(writer.connection(), &view, id)?.ok_or(AppError::NotFound)?;
    if found.packed.is_none() {
        return Err(AppError::NotFound);
    }
    let content = rules.content(&found)?;
    let fields = personal_fields(rules.version(&found.item)?, |code| text(&content.public, code));
    if !fields.iter().any(|one| one == field) {
        let others =
            if fields.is_empty() { String::new() } else { format!("（含有的字段：{}）", fields.join("、")) };
        let text = format!("{field} 的公示内容不含身份证号或电话号码，不予遮蔽{others}");
        return Err(AppError::refused("no_personal_number", "field", text));
    }
    let batch = batch_of(writer.connection(), &found)?.map(|batch| batch.id);
    let mut draft = draft("redaction", decision, rulebook, today, batch);
    draft.basis = "山东省社会信用条例 四十二".to_owned();
    draft.details.insert("field".to_owned(), field.into());
    if let Some(acting) = acting {
        let by = (decision.actor, decision.reason);
        if let Some(behalf) = consent::on_record(writer.connection(), &found, acting, by, today)? {
            behalf.write_into(&mut draft);
        }
    }
    let key = (found.uscc.clone(), found.identity);
    let (outcome, _) = writer.change(&draft, |change| {
        let stored = lock(change, &view, &key)?.filter(|stored| stored.at == found.at);
        let stored = stored.ok_or_else(|| StoreError::Conflict("the record changed meanwhile".to_owned()))?;
        let redacted = without(&content, field)?;
        let waits_with = hold_of_batch(batch_of(change.connection, &stored)?.as_ref());
        let version = rules.version(&stored.item)?;
        let hold = match stored.hold.as_str() {
            PERSONAL_NUMBER => {
                let value = |code: &str| text(&redacted.all, code);
                match remaining_hold(version, value, |code| text(&redacted.public, code), PERSONAL_NUMBER) {
                    "" => waits_with,
                    own => own,
                }
            }
            other => other,
        };
        let state = match State::from_code(&stored.state) {
            Some(State::Held) if hold.is_empty() => State::Accepted,
            Some(state) => state,
            None => return Err(StoreError::Inconsistent(format!("state {:?}", stored.state))),
        };
        let next = Next { state, hold, source: &stored.source, content: &redacted, packed: None };
        let from_on = rules.settle(change, &stored, next)?;
        keep(change, rulebook, &stored.uscc, today)?;
        Ok(Outcome {
            id: hex(&stored.reference),
            uscc: stored.uscc,
            state: state.code().to_owned(),
            hold: hold.to_owned(),
            public_from_on: from_on.and_then(date_of),
        })
    })?;
    writer.sequence()?;
    Ok(outcome)
}

/// The content with a field moved from the public half to the other one, both canonical.
fn without(content: &Content, field: &str) -> credence_store::Result<Content> {
    let damaged = |_| StoreError::Inconsistent("a record's content is no JSON".to_owned());
    let mut redacted = content.clone();
    let value = redacted.public.remove(field).unwrap_or_default();
    let mut public: Value = serde_json::from_str(&content.body.public).map_err(damaged)?;
    let mut other: Map<String, Value> = serde_json::from_str(&content.body.other_content).map_err(damaged)?;
    if let Some(fields) = public.get_mut("content").and_then(Value::as_object_mut) {
        fields.remove(field);
    }
    other.insert(field.to_owned(), value);
    redacted.body.public = String::from_utf8_lossy(&to_vec(&public)).into_owned();
    redacted.body.other_content = String::from_utf8_lossy(&to_vec(&Value::Object(other))).into_owned();
    Ok(redacted)
}
