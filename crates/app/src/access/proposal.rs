//! What needs two persons (双人办理): withdrawals of batches, names taken onto a file, rights. One asks with a reason, another
//! agrees or refuses; who asked can never be who agrees, whatever their roles.

use super::{ACCESS, draft, edition};
use crate::account::{self, Person, reason};
use crate::batch;
use crate::conflict::{self, Resolution};
use crate::consent;
use crate::desk::Desk;
use crate::erasure;
use crate::erasure::expire::Files;
use crate::key::Wanted;
use crate::review::Decision;
use crate::rulebook::PLATFORM_UNIT;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::access::{AccountState, Action, Event, Role};
use credence_domain::canonical::hex;
use credence_domain::subject::Uscc;
use credence_store::change::Change;
use credence_store::clock::instant_text;
use credence_store::proposal::{self, Proposal};
use credence_store::scope::View;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A proposal as those see it who may decide on it, and who made it.
#[derive(Clone, Debug, Serialize)]
pub struct ProposalView {
    /// Its number.
    pub id: String,
    /// What is asked for.
    pub kind: String,
    /// The unit that asks.
    pub unit: String,
    /// The organisation; empty for none.
    pub uscc: String,
    /// What it is about.
    pub subject: String,
    /// By which law; empty where none is named.
    pub basis: String,
    /// Why.
    pub reason: String,
    /// `open`, `approved` or `refused`.
    pub state: String,
    /// Who asked.
    pub proposed_by: String,
    /// When.
    pub proposed_at: String,
    /// Who answered; empty while it is open.
    pub decided_by: String,
    /// When.
    pub decided_at: Option<String>,
    /// What the second person said.
    pub answer: String,
}

impl From<Proposal> for ProposalView {
    fn from(found: Proposal) -> Self {
        let details: Value = serde_json::from_str(&found.details).unwrap_or_default();
        Self {
            basis: details.get("basis").and_then(Value::as_str).unwrap_or_default().to_owned(),
            id: found.id,
            kind: found.kind,
            unit: found.unit,
            uscc: found.uscc,
            subject: found.subject,
            reason: found.reason,
            state: found.state,
            proposed_by: found.proposed_by,
            proposed_at: instant_text(found.proposed_at),
            decided_by: found.decided_by,
            decided_at: found.decided_at.map(instant_text),
            answer: found.answer,
        }
    }
}

/// What the second person says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Agrees, or refuses.
    pub approve: bool,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// What came of it.
#[derive(Clone, Serialize)]
pub struct Answered {
    /// The proposal.
    #[serde(flatten)]
    pub proposal: ProposalView,
    /// Second half of an invitation, shown this once, to be handed to the holder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_half: Option<String>,
    /// A key that was issued, shown this once, to be handed to the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What was done, where there is more to say.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub done: Value,
}

impl std::fmt::Debug for Answered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answered").field("proposal", &self.proposal.id).finish_non_exhaustive()
    }
}

/// The action that deciding on a kind of proposal is.
#[must_use]
pub fn action_of(kind: &str) -> Action {
    match kind {
        "account" | "account_reset" | "key" => Action::SecondRight,
        "enactment" => Action::SecondRulebook,
        "erasure" => Action::SecondErasure,
        _ => Action::SecondRecord,
    }
}

/// Whether a role's work is the platform's: it sees the proposals of every unit.
pub(crate) const fn works_everywhere(role: Role) -> bool {
    matches!(
        role,
        Role::Office | Role::Reviewer | Role::Auditor | Role::SecurityAdmin | Role::SystemAdmin | Role::AuditAdmin
    )
}

/// Whether somebody may see a proposal: of his own unit, or of any where his work is the platform's.
fn concerns(person: &Person, proposal: &Proposal) -> bool {
    works_everywhere(person.role) || proposal.unit == person.account.unit
}

fn ask(
    service: &Service,
    desk: &Desk,
    person: &Person,
    about: (&'static str, &str, &str),
    details: Value,
    why: &str,
) -> Result<ProposalView> {
    ask_and(service, desk, person, about, details, why, |_, _| Ok(()))
}

/// The same with what is kept for it in the same act.
pub(super) fn ask_and(
    service: &Service,
    desk: &Desk,
    person: &Person,
    (kind, uscc, subject): (&'static str, &str, &str),
    details: Value,
    why: &str,
    keep: impl Fn(&mut Change<'_>, &Proposal) -> credence_store::Result<()> + Send + 'static,
) -> Result<ProposalView> {
    let why = reason(why)?.to_owned();
    let said = [("kind", kind), ("subject", subject), ("organisation", uscc)];
    let draft = draft(service, "proposal", &person.account.name, ACCESS, &why, &said);
    let (unit, uscc, subject) = (person.account.unit.clone(), uscc.to_owned(), subject.to_owned());
    let details = details.to_string();
    let asked = desk.act(move |writer| {
        let asked = proposal::Asked { kind, unit: &unit, uscc: &uscc, subject: &subject, details: &details };
        let (asked, _) = writer.change(&draft, |change| {
            let asked = proposal::ask(change, &draft, asked)?;
            if let Some(asked) = &asked {
                keep(change, asked)?;
                change.number_under_unit(&unit)?;
            }
            Ok(asked)
        })?;
        Ok(asked)
    })?;
    asked.map(Into::into).ok_or_else(|| AppError::refused("already_proposed", "", "已有相同的提请等待复核"))
}

/// Asks for the withdrawal of a batch of one's unit; the office also of another's, with that unit's recorded consent.
///
/// # Errors
/// `not_found` for a batch that is not the unit's, `consent_needed`, `reason_missing`, `already_proposed`, or a fault.
pub fn propose_withdrawal(
    service: &Service,
    desk: &Desk,
    person: &Person,
    number: &str,
    why: &str,
) -> Result<ProposalView> {
    let found = service.read(|connection| credence_store::batch::find(connection, number))?;
    let found = found.filter(|batch| person.role == Role::Office || batch.source == person.account.unit);
    let found = found.ok_or(AppError::NotFound)?;
    if !matches!(found.state.as_str(), "done" | "held") {
        return Err(AppError::refused("batch_not_finished", "batch", "只能撤回已办结或待放行的批次"));
    }
    let (unit, today) = (person.account.unit.as_str(), service.real_today());
    if !service.read(|connection| consent::covers(connection, (&found.source, &found.item), unit, today))? {
        return Err(consent::needed(&found.source, unit));
    }
    ask(service, desk, person, ("batch_withdrawal", "", number), json!({ "source": found.source }), why)
}

/// Asks that a name that was sent be taken onto an organisation's file.
///
/// # Errors
/// `not_found` where there is no such conflict, `reason_missing`, `already_proposed`, or a fault.
pub fn propose_merge(
    service: &Service,
    desk: &Desk,
    person: &Person,
    (uscc, name): (&str, &str),
    why: &str,
) -> Result<ProposalView> {
    let conflicts = service.name_conflicts(&View::office(service.real_today()))?;
    let mine = |source: &str| person.role == Role::Office || source == person.account.unit;
    let found = conflicts.iter().any(|c| c.uscc == uscc && c.sent == name && mine(&c.source));
    if !found {
        return Err(AppError::NotFound);
    }
    ask(service, desk, person, ("merge", uscc, name), json!({}), why)
}

/// Asks that the content of a record be erased by a clause.
///
/// # Errors
/// As [`erasure::examine`], `already_proposed`, or a fault.
pub fn propose_erasure(
    service: &Service,
    desk: &Desk,
    person: &Person,
    request: erasure::Request<'_>,
    why: &str,
) -> Result<ProposalView> {
    let uscc = request.uscc.unwrap_or_default();
    let basis = desk.at_length(|writer| Ok(erasure::examine(writer, service.rulebook(), request, why)?.basis()))?;
    let details = json!({ "clause": request.clause, "basis": basis });
    ask(service, desk, person, ("erasure", uscc, request.record), details, why)
}

/// Asks for a key of a unit's system.
///
/// # Errors
/// As [`Wanted::examine`], `reason_missing`, `already_proposed`, or a fault.
pub fn propose_key(
    service: &Service,
    desk: &Desk,
    person: &Person,
    wanted: &Wanted,
    why: &str,
) -> Result<ProposalView> {
    let today = service.real_today();
    let by = (person.account.name.as_str(), None, why);
    service.read(|connection| Ok(wanted.examine(connection, service.rulebook(), today, by)))??;
    let details = serde_json::to_value(wanted).map_err(|error| AppError::Io(error.into()))?;
    ask(service, desk, person, ("key", "", &wanted.source), details, why)
}

/// The key that was asked for, as it is issued on a second person's word; nothing for other kinds.
fn wanted_key(service: &Service, found: &Proposal, second: &str) -> Result<Option<credence_store::key::New>> {
    if found.kind != "key" {
        return Ok(None);
    }
    let unreadable = |error: serde_json::Error| AppError::Io(error.into());
    let wanted: Wanted = serde_json::from_str(&found.details).map_err(unreadable)?;
    let by = (found.proposed_by.as_str(), Some(second), found.reason.as_str());
    let today = service.real_today();
    service.read(|connection| Ok(wanted.examine(connection, service.rulebook(), today, by)))?.map(Some)
}

/// Answers a proposal and does what was agreed to.
///
/// # Errors
/// `not_found`, `forbidden` for a role that is not the second person of this kind, `four_eyes` when it is the same person,
/// `already_answered`, `reason_missing` for a refusal, what the act itself refuses; or a fault.
pub fn answer(service: &Service, desk: &Desk, person: &Person, id: &str, answer: &Answer) -> Result<Answered> {
    let _turn = super::turn::take(service)?;
    let found = service.read(|connection| proposal::find(connection, id))?.ok_or(AppError::NotFound)?;
    if !concerns(person, &found) {
        return Err(AppError::NotFound);
    }
    if !service.allows(person.role, action_of(&found.kind))? {
        return Err(AppError::refused("forbidden", "", "本账户的角色不能复核这类提请"));
    }
    if same_person(service, person, &found)? {
        return Err(AppError::refused("four_eyes", "", "提请和复核须由两人办理，且不得为同一人"));
    }
    if found.state != "open" {
        return Err(AppError::refused("already_answered", "", "该提请已复核"));
    }
    if answer.approve {
        still_here(service, &found)?;
    } else if was_carried_out(service, &found)? {
        // An answer that was lost on the way: what was done is not undone by refusing it.
        let text = "该提请已经办理，只能确认同意";
        return Err(AppError::refused("already_answered", "approve", text));
    }
    let why = if answer.approve { answer.reason.trim().to_owned() } else { reason(&answer.reason)?.to_owned() };
    let state = if answer.approve { "approved" } else { "refused" };
    let details = [("proposal", id), ("answer", state), ("subject", &found.subject)];
    let mut act = draft(service, "proposal_answer", &found.proposed_by, ACCESS, &why, &details);
    act.second = Some(person.account.name.clone());
    if answer.approve && found.kind.starts_with("account") {
        grantable(service, &found)?;
    }
    let mut done = Value::Null;
    if answer.approve {
        // Each of these can be done again where it stood: an answer that is lost on the way is given again.
        done = carry_out(service, desk, person, (&found, answer))?;
    }
    let rules = account::rules(service.rulebook(), service.real_today())?;
    let (by, proposal) = (person.account.name.clone(), found.clone());
    let approved = answer.approve;
    let wanted = if approved { wanted_key(service, &found, &by)? } else { None };
    let rulebook = service.rulebook().digest;
    let told = desk.act(move |writer| {
        let (told, _) = writer.change(&act, |change| {
            if !proposal::answer(change, &proposal.id, state, &by, &act.reason)? {
                return Ok(None);
            }
            let half = match proposal.kind.as_str() {
                "account" | "account_reset" => {
                    let missing = || credence_store::StoreError::Inconsistent(format!("proposal {}", proposal.id));
                    let account = credence_store::account::find(change.connection, &proposal.subject)?;
                    let account = account.ok_or_else(missing)?;
                    if approved {
                        Some(account::grant(change, &rules, &proposal, &account, &by)?)
                    } else {
                        account::refuse(change, &proposal, &account, &by)?;
                        None
                    }
                }
                "enactment" => {
                    credence_store::rulebook::drop_proposed(change, &proposal.id)?;
                    None
                }
                _ => None,
            };
            change.number_under_unit(if proposal.unit.is_empty() { PLATFORM_UNIT } else { &proposal.unit })?;
            Ok(Some((half, proposal::find(change.connection, &proposal.id)?)))
        })?;
        // The key is an act of its own, under the unit that gets it.
        let key = match &wanted {
            Some(wanted) if told.is_some() => Some(credence_store::key::issue(writer, wanted, &rulebook)?.0),
            _ => None,
        };
        Ok(told.map(|(half, found)| (half, key, found)))
    })?;
    let already = || AppError::refused("already_answered", "", "该提请已复核");
    let (second_half, key, found) = told.ok_or_else(already)?;
    Ok(Answered {
        proposal: found.map_or_else(|| Err(AppError::NotFound), |found| Ok(found.into()))?,
        second_half,
        key,
        done,
    })
}

/// Refuses to carry out what somebody asked for whose account has ended or is suspended since.
fn still_here(service: &Service, found: &Proposal) -> Result<()> {
    let asked = service.read(|connection| credence_store::account::find(connection, &found.proposed_by))?;
    if asked.is_none_or(|asked| asked.state == AccountState::Active.code()) {
        return Ok(());
    }
    let text = format!("提请人{}的账户已停用或者终止，请退回，由他人重新提请", found.proposed_by);
    Err(AppError::refused("account_state", "approve", text))
}

/// Whether what was asked for has been done already, by an answer that did not come to its end.
fn was_carried_out(service: &Service, found: &Proposal) -> Result<bool> {
    service.read(|connection| {
        Ok(match found.kind.as_str() {
            "batch_withdrawal" => {
                credence_store::batch::find(connection, &found.subject)?.is_some_and(|batch| batch.state == "withdrawn")
            }
            "enactment" => credence_store::rulebook::digest_in_force(connection)?
                .is_some_and(|digest| hex(&digest) == found.subject),
            _ => false,
        })
    })
}

/// Refuses to grant what the account has outlived: one that has ended meanwhile stays ended.
fn grantable(service: &Service, found: &Proposal) -> Result<()> {
    let account = service.read(|connection| credence_store::account::find(connection, &found.subject))?;
    let state = account.and_then(|account| AccountState::from_code(&account.state)).ok_or(AppError::NotFound)?;
    let event = if found.kind == "account" { Event::Grant } else { Event::TakeUp };
    match state.after(event) {
        Ok(_) => Ok(()),
        Err(_) => {
            let text = format!("账户当前为“{}”，不能再授权，请退回该提请", state.name());
            Err(AppError::refused("account_state", "", text))
        }
    }
}

/// Whether who answers is who asked: the same account, or the same person with another.
fn same_person(service: &Service, person: &Person, found: &Proposal) -> Result<bool> {
    let mine = &person.account;
    if found.proposed_by == mine.name || (found.kind.starts_with("account") && found.subject == mine.name) {
        return Ok(true);
    }
    let asked = service.read(|connection| credence_store::account::find(connection, &found.proposed_by))?;
    Ok(asked.is_some_and(|asked| {
        let numbers = (asked.staff_number.as_str(), mine.staff_number.as_str());
        !account::is_blank(numbers.0) && asked.unit == mine.unit && account::is_same_name(numbers.0, numbers.1)
    }))
}

fn carry_out(service: &Service, desk: &Desk, person: &Person, (found, answer): (&Proposal, &Answer)) -> Result<Value> {
    let second = person.account.name.as_str();
    let decision = Decision { actor: &found.proposed_by, reason: &found.reason, secrecy_review: "" };
    match found.kind.as_str() {
        "batch_withdrawal" => {
            let withdrawn = desk.at_length(|writer| {
                let by = (second, Some(found.unit.as_str()));
                batch::withdraw::withdraw_for(writer, service.rulebook(), &found.subject, decision, by, &mut |_| Ok(()))
            })?;
            serde_json::to_value(withdrawn).map_err(|error| AppError::Io(error.into()))
        }
        "merge" => {
            let uscc = Uscc::parse(&found.uscc).map_err(|_| AppError::NotFound)?;
            desk.at_length(|writer| {
                let resolution = Resolution::Taken;
                conflict::resolve(writer, service.rulebook(), uscc, &found.subject, resolution, decision, Some(second))
            })?;
            Ok(Value::Null)
        }
        "erasure" => erase(service, desk, (found, answer), decision, second),
        "enactment" => {
            let (by, digest, why) = ((found.proposed_by.as_str(), second), &found.subject, &found.reason);
            let details: Value = serde_json::from_str(&found.details).unwrap_or_default();
            let base = details.get("base").and_then(Value::as_str).unwrap_or_default();
            desk.at_length(|writer| edition::carry_out(writer, (digest, base), by, why))?;
            Ok(Value::Null)
        }
        _ => Ok(Value::Null),
    }
}

/// Erases what was agreed to. Where the answer was lost on the way it is given again: the record is erased already.
fn erase(
    service: &Service,
    desk: &Desk,
    (found, answer): (&Proposal, &Answer),
    decision: Decision<'_>,
    second: &str,
) -> Result<Value> {
    let details: Value = serde_json::from_str(&found.details).unwrap_or_default();
    let clause = details.get("clause").and_then(Value::as_str).unwrap_or_default();
    let request = erasure::Request { record: &found.subject, clause, uscc: Some(&found.uscc) };
    // What the second person says stays, like the reason of the first: it quotes nothing of what goes.
    let said = answer.reason.trim();
    if !said.is_empty() {
        match desk.at_length(|writer| erasure::examine(writer, service.rulebook(), request, said).map(drop)) {
            Err(error) if error.code() != "record_erased" => return Err(error),
            _ => {}
        }
    }
    let files = service.spool().map(Files::in_folder);
    let erased =
        desk.at_length(|writer| erasure::erase(writer, service.rulebook(), request, decision, second, files.as_ref()));
    match erased {
        Ok(erased) => {
            service.rebuild_search_if_kept(erased.names > 0);
            serde_json::to_value(erased).map_err(|error| AppError::Io(error.into()))
        }
        Err(error) if error.code() == "record_erased" => Ok(Value::Null),
        Err(error) => Err(error),
    }
}

impl Service {
    /// Every open proposal, oldest first: for whoever runs the platform.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn open_proposals(&self) -> Result<Vec<ProposalView>> {
        Ok(self.read(|connection| proposal::list(connection, "open"))?.into_iter().map(Into::into).collect())
    }

    /// Proposals in a state that somebody may see, oldest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn proposals(&self, person: &Person, state: &str) -> Result<Vec<ProposalView>> {
        let found = self.read(|connection| proposal::list(connection, state))?;
        let engine = self.granted()?;
        let sees = |proposal: &Proposal| {
            proposal.proposed_by == person.account.name
                || (concerns(person, proposal)
                    && (engine.allows(person.role, action_of(&proposal.kind))
                        || engine.allows(person.role, Action::ReadActs)))
        };
        Ok(found.into_iter().filter(sees).map(Into::into).collect())
    }
}
