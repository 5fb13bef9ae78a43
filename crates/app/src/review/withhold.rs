//! Withholding (不予公开): a secrecy review keeps fields of a record from the public, by a clause. The new version's public half
//! lacks them and says so; whatever version comes next, from a file or a restoration, lacks them too, until it is lifted.
//!
//! Serves 政府信息公开条例 arts. 十四, 十五 and 十七.

use super::release::Outcome;
use super::rules::{Next, Rules, batch_of, named};
use super::{Decision, draft};
use crate::evaluation::keep;
use crate::{AppError, Result, Writer};
use credence_domain::canonical::hex;
use credence_domain::record::State;
use credence_domain::record::secrecy::{Ground, Withheld, is_clause, may_be_withheld};
use credence_domain::record::value::{date_of, day_number};
use credence_domain::rulebook::Rulebook;
use credence_store::act::Draft;
use credence_store::change::Change;
use credence_store::record::Stored;
use credence_store::revision::{RecordKey, lock};
use credence_store::{StoreError, withheld};
use jiff::civil::Date;
use serde_json::{Value, json};

/// What a review finds of some fields.
#[derive(Clone, Copy, Debug)]
pub enum Finding<'a> {
    /// They are not disclosed.
    Withhold {
        /// The ground.
        ground: Ground,
        /// The clause: title and article.
        clause: &'a str,
    },
    /// They are disclosed again.
    Lift,
}

/// A finding that was examined and may be carried out.
#[derive(Debug)]
pub struct Prepared<'f> {
    key: RecordKey,
    at: i64,
    state: State,
    fields: &'f [String],
    finding: Finding<'f>,
    batch: Option<[u8; 16]>,
}

/// Keeps fields of a record from the public, or no longer.
///
/// # Errors
/// `clause_needed`, `field_not_withholdable`, `already_withheld`, `not_withheld`, `record_closed`, `not_found`, or a fault.
pub fn withhold(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (id, fields): (&str, &[String]),
    finding: Finding<'_>,
    decision: Decision<'_>,
) -> Result<Outcome> {
    decision.is_founded()?;
    let today = writer.clock().today();
    let keyring = writer.keyring();
    let mut rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
    let found = named(writer.connection(), &rules.view(), id)?.ok_or(AppError::NotFound)?;
    let prepared = prepare(writer, &rules, &found, fields, finding)?;
    let draft = prepared.draft(rulebook, today, decision);
    let (outcome, _) = writer.change(&draft, |change| prepared.carry_out(change, &mut rules, decision))?;
    writer.sequence()?;
    Ok(outcome)
}

/// Examines whether fields of a record may be withheld, or disclosed again.
///
/// # Errors
/// As [`withhold`].
pub(super) fn prepare<'f>(
    writer: &mut Writer,
    rules: &Rules<'_>,
    found: &Stored,
    fields: &'f [String],
    finding: Finding<'f>,
) -> Result<Prepared<'f>> {
    if let Finding::Withhold { clause, .. } = finding
        && !is_clause(clause)
    {
        let text = "不予公开须写明依据的法规名称和条款，例如“政府信息公开条例 十五”";
        return Err(AppError::refused("clause_needed", "clause", text));
    }
    let state = State::from_code(&found.state).filter(|_| found.packed.is_some()).ok_or(AppError::NotFound)?;
    if matches!(state, State::Withdrawn | State::Repaired | State::Erased) {
        let text = format!("{} 已终止公示，无须办理", hex(&found.reference));
        return Err(AppError::refused("record_closed", "record", text));
    }
    let key = (found.uscc.clone(), found.identity);
    let before = withheld::of_record(writer.connection(), &key)?;
    let version = rules.version(&found.item)?;
    for code in fields {
        let field = version.fields.iter().find(|field| field.code == *code);
        let refused = match finding {
            Finding::Withhold { .. } if field.is_none_or(|field| !may_be_withheld(version, field)) => {
                Some(("field_not_withholdable", "不是可以单独不予公开的公示字段"))
            }
            // Another ground would hide the first: it is lifted before.
            Finding::Withhold { .. } if before.iter().any(|one| one.field == *code) => {
                Some(("already_withheld", "已依条款不予公开；另有依据的，先解除再办理"))
            }
            Finding::Lift if !before.iter().any(|one| one.field == *code) => Some(("not_withheld", "并未列为不予公开")),
            _ => None,
        };
        if let Some((refusal, text)) = refused {
            return Err(AppError::refused(refusal, "field", format!("{code} {text}")));
        }
    }
    let batch = batch_of(writer.connection(), found)?.map(|batch| batch.id);
    Ok(Prepared { key, at: found.at, state, fields, finding, batch })
}

impl Prepared<'_> {
    /// The head of the act.
    pub(super) fn draft(&self, rulebook: &Rulebook, today: Date, decision: Decision<'_>) -> Draft {
        let mut draft = draft("secrecy_review", decision, rulebook, today, self.batch);
        draft.purpose = "secrecy";
        draft.details.insert("fields".to_owned(), Value::from(self.fields));
        match self.finding {
            Finding::Withhold { ground, clause } => {
                clause.clone_into(&mut draft.basis);
                draft.details.insert("withheld".to_owned(), json!({ "ground": ground.code(), "clause": clause }));
            }
            Finding::Lift => {
                "政府信息公开条例 十七".clone_into(&mut draft.basis);
                draft.details.insert("lifted".to_owned(), true.into());
            }
        }
        draft
    }

    /// Makes the version that withholds these fields, or no longer.
    pub(super) fn carry_out(
        &self,
        change: &mut Change<'_>,
        rules: &mut Rules<'_>,
        decision: Decision<'_>,
    ) -> credence_store::Result<Outcome> {
        let today = rules.today;
        let stored = lock(change, &rules.view(), &self.key)?.filter(|stored| stored.at == self.at);
        let stored = stored.ok_or_else(|| StoreError::Conflict("the record changed meanwhile".to_owned()))?;
        for field in self.fields {
            match self.finding {
                Finding::Withhold { ground, clause } => {
                    let one = Withheld { field: field.clone(), ground, clause: clause.trim().to_owned() };
                    withheld::put(change, &self.key, &one, (decision.actor, day_number(today)))?;
                }
                Finding::Lift => withheld::lift(change, &self.key, field)?,
            }
        }
        let content = rules.content(&stored)?;
        let (state, source) = (self.state, &stored.source);
        let next = Next { state, hold: &stored.hold, source, content: &content, packed: None };
        let from_on = rules.settle(change, &stored, next)?;
        keep(change, rules.rulebook, &stored.uscc, today)?;
        Ok(Outcome {
            id: hex(&stored.reference),
            uscc: stored.uscc,
            state: state.code().to_owned(),
            hold: stored.hold,
            public_from_on: from_on.and_then(date_of),
        })
    }
}
