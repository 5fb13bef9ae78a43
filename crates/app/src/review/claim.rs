//! Claims of commercial secrecy (商业秘密主张) as cases: filed by an organisation, the third party asked, decided by a person with
//! a reason. Upheld, the fields are withheld in the same act; rejected, they stay public.
//!
//! Serves 政府信息公开条例 arts. 十五 and 三十二.

use super::rules::{Rules, named};
use super::withhold::{Finding, Prepared, prepare};
use super::{Decision, draft};
use crate::query::page::{self, Asked, Page};
use crate::rulebook::PLATFORM_UNIT;
use crate::{AppError, Result, Writer};
use credence_domain::canonical::hex;
use credence_domain::record::claim::{Claim, OPINION_CLOCK, Opinion, Outcome, Refusal};
use credence_domain::record::secrecy::Ground;
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::batch::new_number;
use credence_store::claim::{self, Filed, Place};
use credence_store::clock::Chance;
use credence_store::connection::Connection;
use credence_store::record;
use credence_store::scope::View;
use jiff::civil::Date;
use serde::Serialize;

/// A claim as the office sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimView {
    /// Its number.
    pub number: String,
    /// The organisation on whose file the record is.
    pub uscc: String,
    /// The record; null when it is there no longer.
    pub record: Option<String>,
    /// The fields.
    pub fields: Vec<String>,
    /// Who claims.
    pub claimant: String,
    /// Why.
    pub reason: String,
    /// `filed`, `opinion_sought`, `opinion_given`, `upheld` or `rejected`.
    pub state: &'static str,
    /// When it was filed.
    pub filed_on: Date,
    /// Who is asked for an opinion, while that is open.
    pub third_party: Option<String>,
    /// The last day for it.
    pub opinion_due_on: Option<Date>,
    /// `agrees` or `objects`, once it is given.
    pub opinion: Option<&'static str>,
    /// When it was decided.
    pub decided_on: Option<Date>,
    /// Why it was decided so; empty before.
    pub decided_reason: String,
}

fn refused(refusal: Refusal) -> AppError {
    AppError::refused(refusal.code(), "claim", refusal.told())
}

fn view(writer: &mut Writer, filed: Filed) -> Result<ClaimView> {
    let office = View::office(writer.clock().today());
    Ok(shown(writer.connection(), &office, filed)?)
}

fn shown(connection: &mut Connection, office: &View, filed: Filed) -> credence_store::Result<ClaimView> {
    let stored = record::find(connection, office, &filed.uscc, &filed.identity)?;
    let state = filed.claim.code();
    let third_party = Some(filed.third_party).filter(|party| !party.is_empty());
    let opinion = filed.opinion.map(Opinion::code);
    let (opinion_due_on, decided_on) = match filed.claim {
        Claim::OpinionSought { due, .. } => (Some(due.on), None),
        Claim::Decided { on, .. } => (None, Some(on)),
        Claim::Filed { .. } | Claim::OpinionGiven { .. } => (None, None),
    };
    Ok(ClaimView {
        number: filed.number,
        uscc: filed.uscc,
        record: stored.map(|stored| hex(&stored.reference)),
        fields: filed.fields,
        claimant: filed.claimant,
        reason: filed.reason,
        state,
        filed_on: filed.filed_on,
        third_party,
        opinion_due_on,
        opinion,
        decided_on,
        decided_reason: filed.decided_reason,
    })
}

/// A page of the claims, those that wait first.
///
/// # Errors
/// `bad_parameter` for a limit, `bad_cursor`, or a fault.
pub fn list(writer: &mut Writer, page: Asked<'_>) -> Result<Page<ClaimView>> {
    let office = View::office(writer.clock().today());
    list_of(writer.connection(), &office, None, page)
}

/// The same, of these organisations alone where they are given.
pub(super) fn list_of(
    connection: &mut Connection,
    office: &View,
    parties: Option<&[String]>,
    (cursor, limit): Asked<'_>,
) -> Result<Page<ClaimView>> {
    let limit = page::limit(limit)?;
    let after = match cursor.filter(|cursor| !cursor.is_empty()) {
        None => None,
        Some(cursor) => Some(place(cursor)?),
    };
    let mut found = Vec::new();
    match parties {
        None => found = claim::list(connection, "", after.as_ref(), limit + 1)?,
        Some(parties) => {
            for party in parties.iter().filter(|party| !party.is_empty()) {
                found.extend(claim::list(connection, party, after.as_ref(), limit + 1)?);
            }
            found.sort_by_key(Filed::place);
        }
    }
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| {
        let place = last.place();
        let turn = if place.decided { "1" } else { "0" };
        page::encode_cursor(&[turn, &place.filed_on.to_string(), &place.number])
    });
    let items: credence_store::Result<Vec<ClaimView>> =
        found.into_iter().map(|filed| shown(connection, office, filed)).collect();
    Ok(Page { items: items?, next })
}

/// The place that a cursor names.
fn place(cursor: &str) -> Result<Place> {
    let [turn, on, number] = page::decode_cursor(cursor, 3)?.try_into().map_err(|_| page::bad_cursor())?;
    let decided = match turn.as_str() {
        "0" => false,
        "1" => true,
        _ => return Err(page::bad_cursor()),
    };
    Ok(Place { decided, filed_on: on.parse().map_err(|_| page::bad_cursor())?, number })
}

fn find(writer: &mut Writer, number: &str) -> Result<Filed> {
    let office = View::office(writer.clock().today());
    claim::find(writer.connection(), &office, number)?.ok_or(AppError::NotFound)
}

/// Files a claim on fields of a record.
///
/// # Errors
/// `reason_needed`, `field_not_withholdable`, `already_withheld`, `claim_open`, `record_closed`, `not_found`, or a fault.
pub fn file(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (id, fields): (&str, &[String]),
    claimant: Uscc,
    decision: Decision<'_>,
) -> Result<ClaimView> {
    if decision.reason.trim().is_empty() {
        return Err(AppError::refused("reason_needed", "reason", "主张商业秘密须说明理由"));
    }
    let today = writer.clock().today();
    let keyring = writer.keyring();
    let rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
    let found = named(writer.connection(), &rules.view(), id)?.ok_or(AppError::NotFound)?;
    // What could not be withheld cannot be claimed.
    let would = Finding::Withhold { ground: Ground::CommercialSecret, clause: "政府信息公开条例 十五" };
    prepare(writer, &rules, &found, fields, would)?;
    let filed = Filed {
        number: new_number(&mut Chance::default(), today)?,
        uscc: found.uscc.clone(),
        identity: found.identity,
        fields: fields.to_vec(),
        claimant: claimant.to_string(),
        reason: decision.reason.trim().to_owned(),
        filed_on: today,
        claim: Claim::Filed { on: today },
        third_party: String::new(),
        opinion: None,
        decided_reason: String::new(),
    };
    let mut draft = draft("claim_filed", decision, rulebook, today, None);
    draft.purpose = "secrecy";
    draft.basis = "政府信息公开条例 十五".to_owned();
    draft.details.insert("claim".to_owned(), filed.number.as_str().into());
    let (filed_now, _) = writer.change(&draft, |change| {
        // Asked inside the act: of two that come together one is the second.
        let standing = claim::of_claimant(change.connection, &filed.claimant)?;
        let same = |one: &Filed| {
            let open = !matches!(one.claim, Claim::Decided { .. });
            open && (&one.uscc, one.identity) == (&filed.uscc, filed.identity)
                && one.fields.iter().any(|field| filed.fields.contains(field))
        };
        if standing.iter().any(same) {
            return Ok(false);
        }
        claim::insert(change, &filed)?;
        change.number_under_unit(PLATFORM_UNIT)?;
        Ok(true)
    })?;
    if !filed_now {
        let text = "就同一记录的同一字段已有尚未决定的主张";
        return Err(AppError::refused("claim_open", "fields", text));
    }
    writer.sequence()?;
    view(writer, filed)
}

fn step(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (number, kind): (&str, &'static str),
    decision: Decision<'_>,
    next: impl FnOnce(&Filed, Date) -> std::result::Result<Claim, Refusal>,
) -> Result<ClaimView> {
    let today = writer.clock().today();
    let before = find(writer, number)?;
    let next = next(&before, today).map_err(refused)?;
    let mut draft = draft(kind, decision, rulebook, today, None);
    draft.purpose = "secrecy";
    draft.basis = "政府信息公开条例 三十二".to_owned();
    draft.details.insert("claim".to_owned(), number.into());
    let decided = matches!(next, Claim::Decided { .. });
    writer.change(&draft, |change| {
        claim::put(change, &before, &next, if decided { decision.reason } else { "" })?;
        change.number_under_unit(PLATFORM_UNIT)
    })?;
    writer.sequence()?;
    let after = find(writer, number)?;
    view(writer, after)
}

/// Asks the third party in writing; it has the days of the rulebook.
///
/// # Errors
/// What the state refuses, `bad_parameter` for no name, `not_found`, or a fault.
pub fn seek(
    writer: &mut Writer,
    rulebook: &Rulebook,
    number: &str,
    third_party: &str,
    decision: Decision<'_>,
) -> Result<ClaimView> {
    if third_party.trim().is_empty() {
        return Err(AppError::refused("bad_parameter", "third_party", "须写明向谁征求意见"));
    }
    let clock = rulebook.publicity.clock(OPINION_CLOCK).ok_or(AppError::NotFound)?;
    step(writer, rulebook, (number, "claim_opinion_sought"), decision, |before, today| {
        let due = clock.due(&rulebook.calendar, today);
        before.claim.clone().seek(&before.claimant, third_party, today, due)
    })
}

/// Takes the third party's opinion.
///
/// # Errors
/// What the state refuses, `not_found`, or a fault.
pub fn hear(
    writer: &mut Writer,
    rulebook: &Rulebook,
    number: &str,
    opinion: Opinion,
    decision: Decision<'_>,
) -> Result<ClaimView> {
    step(writer, rulebook, (number, "claim_opinion_given"), decision, |before, today| {
        before.claim.clone().hear(opinion, today)
    })
}

/// Decides a claim: upheld by a clause, or rejected; either with a reason.
///
/// # Errors
/// `reason_needed`, `clause_needed`, what the state or the record refuses, `not_found`, or a fault.
pub fn decide(
    writer: &mut Writer,
    rulebook: &Rulebook,
    number: &str,
    upheld_by: Option<&str>,
    decision: Decision<'_>,
) -> Result<ClaimView> {
    if decision.reason.trim().is_empty() {
        return Err(AppError::refused("reason_needed", "reason", "决定须写明理由"));
    }
    let Some(clause) = upheld_by else {
        return step(writer, rulebook, (number, "claim_rejected"), decision, |before, today| {
            before.claim.clone().decide(Outcome::Rejected, today)
        });
    };
    let today = writer.clock().today();
    let before = find(writer, number)?;
    let next = before.claim.clone().decide(Outcome::Upheld, today).map_err(refused)?;
    let keyring = writer.keyring();
    let mut rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
    let found = record::find(writer.connection(), &rules.view(), &before.uscc, &before.identity)?;
    let finding = Finding::Withhold { ground: Ground::CommercialSecret, clause };
    let prepared: Prepared = prepare(writer, &rules, &found.ok_or(AppError::NotFound)?, &before.fields, finding)?;
    let mut draft = prepared.draft(rulebook, today, decision);
    draft.details.insert("claim".to_owned(), number.into());
    writer.change(&draft, |change| {
        claim::put(change, &before, &next, decision.reason)?;
        prepared.carry_out(change, &mut rules, decision)
    })?;
    writer.sequence()?;
    let after = find(writer, number)?;
    view(writer, after)
}
