//! What an upheld objection does to the record, in the act that upholds it: fields corrected by the record's next version in its
//! owner's name, the record withdrawn, or the listing that it publishes removed.

use super::doing::Deciding;
use crate::collect::single::Single;
use crate::listing::{self, Fall, fell, is_revoked, refused};
use crate::review::rules::{Content, Next, Rules, text};
use crate::{AppError, Result, Writer};
use credence_domain::listing::rule as listing_rule;
use credence_domain::objection::{Case, Change as Corrected, Remedy, rule};
use credence_domain::record::State;
use credence_domain::record::meeting::WITHDRAWN_ON_OBJECTION;
use credence_domain::record::value::day_number;
use credence_store::change::Change;
use credence_store::record::{self, Stored};
use credence_store::revision::lock;
use credence_store::{StoreError, objection as kept, unit};

/// A decision with what it does, examined before anything is written.
pub(super) struct Prepared {
    /// What is done, with old and new values.
    pub(super) remedies: Vec<Remedy>,
    stored: Option<Stored>,
    content: Option<Content>,
}

/// Examines what a decision is to do: each new value is judged like a row of the owner's file.
pub(super) fn prepare(
    writer: &mut Writer,
    rules: &mut Rules<'_>,
    (case, by): (&Case, &str),
    deciding: &Deciding,
) -> Result<Prepared> {
    let refuse = |refusal| refused(&refusal);
    let identity = kept::identity_of(case)?;
    let found = record::find(writer.connection(), &rules.view(), &case.filed.uscc, &identity)?;
    let touches = !deciding.corrections.is_empty() || deciding.withdraw.is_some();
    let mut remedies = Vec::new();
    let (mut stored, mut content) = (None, None);
    if touches {
        let found = found.filter(|one| one.packed.is_some()).ok_or(AppError::NotFound)?;
        let over = found.through_on.is_some_and(|last| last < day_number(rules.today));
        let ended =
            matches!(State::from_code(&found.state), None | Some(State::Withdrawn | State::Repaired | State::Erased));
        rule::RECORD_NOT_CORRECTABLE.demand(!(ended || over && deciding.withdraw.is_some())).map_err(refuse)?;
        let entry = credence_store::listing::published_by(writer.connection(), &found.uscc, &found.identity)?;
        if let Some(head) = &entry {
            // Whoever proposed the listing does not decide on an objection against it.
            let proposed_by = credence_store::listing::steps(writer.connection(), head)?.into_iter().next();
            let himself = proposed_by.is_some_and(|first| first.by == by);
            listing_rule::REMOVAL_BY_PROPOSER.demand(!himself).map_err(refuse)?;
        }
        if !deciding.corrections.is_empty() {
            rule::REMEDY_NOT_ALLOWED.demand(deciding.withdraw.is_none()).map_err(refuse)?;
            rule::RECORD_NOT_CORRECTABLE.demand(entry.is_none()).map_err(refuse)?;
            let (changes, corrected) = corrected(writer, rules, &found, deciding)?;
            remedies.push(Remedy::Corrected { changes });
            content = Some(corrected);
        }
        stored = Some(found);
    }
    if let Some(document) = &deciding.withdraw {
        remedies.push(Remedy::Withdrawn { document: document.trim().to_owned() });
    }
    if let Some(text) = &deciding.note {
        remedies.push(Remedy::Noted { text: text.trim().to_owned() });
    }
    Ok(Prepared { remedies, stored, content })
}

fn corrected(
    writer: &mut Writer,
    rules: &mut Rules<'_>,
    stored: &Stored,
    deciding: &Deciding,
) -> Result<(Vec<Corrected>, Content)> {
    let version = rules.version(&stored.item)?;
    let content = rules.content(stored)?;
    let mut values: Vec<(&str, &str)> = Vec::with_capacity(version.fields.len());
    for field in &version.fields {
        let asked = deciding.corrections.iter().rev().find(|one| one.field == field.code);
        values.push((&field.code, asked.map_or_else(|| text(&content.all, &field.code), |one| one.value.trim())));
    }
    let unknown = deciding.corrections.iter().find(|one| !version.fields.iter().any(|field| field.code == one.field));
    if let Some(one) = unknown {
        return Err(refused(&rule::FIELD_UNKNOWN.because(&one.field)));
    }
    let gone = || AppError::refused("unit_unknown", "unit", format!("单位目录中没有{}", stored.source));
    let owner = unit::find(writer.connection(), &stored.source, rules.today)?.ok_or_else(gone)?;
    let keyring = writer.keyring();
    let asked = (rules.rulebook(), stored.item.as_str());
    // A field that the owner's form did not have is not missed now.
    let said = |code: &str| values.iter().any(|(field, value)| *field == code && !value.is_empty());
    let mut single = Single::with_columns(writer.connection(), keyring, asked, &owner, rules.today, said)?;
    let row = single.judge(&values)?;
    rule::IDENTITY_FIELD
        .demand((row.uscc.as_str(), row.identity) == (stored.uscc.as_str(), stored.identity))
        .map_err(|refusal| refused(&refusal))?;
    let judged = single.values(&row)?;
    let (mut changes, mut next) = (Vec::new(), content.clone());
    for field in &version.fields {
        if !deciding.corrections.iter().any(|one| one.field == field.code) {
            continue;
        }
        let (old, new) = (text(&content.all, &field.code), text(&judged, &field.code));
        changes.push(Corrected {
            field: field.code.clone(),
            name: field.name.clone(),
            old: old.to_owned(),
            new: new.to_owned(),
        });
        next.put(&field.code, new, field.public)?;
    }
    Ok((changes, next))
}

impl Prepared {
    /// Writes it, inside the act. `document` is the letter that says so.
    pub(super) fn carry_out(
        &self,
        change: &mut Change<'_>,
        rules: &mut Rules<'_>,
        (by, document): (&str, &str),
    ) -> credence_store::Result<()> {
        let Some(found) = &self.stored else { return Ok(()) };
        let key = (found.uscc.clone(), found.identity);
        let stored = lock(change, &rules.view(), &key)?.filter(|one| one.at == found.at);
        let stored = stored.ok_or_else(|| StoreError::Conflict("the record has changed meanwhile".to_owned()))?;
        let Some(content) = &self.content else {
            if listing::upheld(change, rules, (&stored.uscc, &stored.identity, by), document)? {
                return Ok(());
            }
            return rules.withdraw(change, &stored, WITHDRAWN_ON_OBJECTION);
        };
        let state = State::from_code(&stored.state)
            .ok_or_else(|| StoreError::Inconsistent(format!("record in state {:?}", stored.state)))?;
        let next = Next { state, hold: &stored.hold, source: &stored.source, content, packed: None };
        rules.settle(change, &stored, next)?;
        if state == State::Accepted {
            rules.register(change, &stored, content)?;
        }
        let version = rules.version(&stored.item)?;
        if is_revoked(rules.rulebook(), version, content) {
            let fall =
                Fall {
                    uscc: &stored.uscc, identity: &stored.identity, how: "异议成立，所依据的文书已撤销或者无效"
                };
            fell(change, rules, fall)?;
        }
        Ok(())
    }
}
