//! Misuse (滥用线索): after each look the rules look at that account's day, and open an incident for what they find; the audit
//! administrator takes it, finds out, hands it over to the discipline organ, tells those affected.

use super::{ACCESS, draft};
use crate::account::{Person, reason};
use crate::desk::Desk;
use crate::query::page::{self, Asked, Page};
use crate::queue::{self, Hold};
use crate::rulebook::PLATFORM_UNIT;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::access::{IncidentState, IncidentStep, Look, MisuseVersion};
use credence_store::clock::{day_begins, instant_text, local_hour};
use credence_store::incident::{self, Incident};
use credence_store::journal;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// An incident as the audit administrator sees it.
#[derive(Clone, Debug, Serialize)]
pub struct IncidentView {
    /// Its number.
    pub id: String,
    /// Code of the rule.
    pub rule: String,
    /// The account.
    pub account: String,
    /// Its unit.
    pub unit: String,
    /// The day.
    pub day: Date,
    /// What was found.
    pub facts: Value,
    /// Where it stands.
    pub state: IncidentState,
    /// When it was opened.
    pub opened_at: String,
    /// Who works on it; empty for nobody.
    pub owner: String,
    /// What was found out.
    pub finding: String,
    /// The discipline organ to which it was handed over.
    pub handed_to: String,
    /// When those affected were told.
    pub notified_at: Option<String>,
    /// When it was closed.
    pub closed_at: Option<String>,
}

impl From<Incident> for IncidentView {
    fn from(found: Incident) -> Self {
        Self {
            facts: serde_json::from_str(&found.facts).unwrap_or_default(),
            state: IncidentState::from_code(&found.state).unwrap_or(IncidentState::Open),
            opened_at: instant_text(found.opened_at),
            notified_at: found.notified_at.map(instant_text),
            closed_at: found.closed_at.map(instant_text),
            id: found.id,
            rule: found.rule,
            account: found.account,
            unit: found.unit,
            day: found.day,
            owner: found.owner,
            finding: found.finding,
            handed_to: found.handed_to,
        }
    }
}

/// What is done about an incident.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// `take`, `dismiss`, `hand_over` or `close`.
    pub step: IncidentStep,
    /// What was found out.
    #[serde(default)]
    pub finding: String,
    /// The discipline organ, for a hand-over.
    #[serde(default)]
    pub handed_to: String,
}

impl Service {
    /// Looks at the day of an account after a look at an organisation that may be related to its holder.
    ///
    /// # Errors
    /// A fault of the store.
    pub(crate) fn watch(&self, desk: &Desk, person: &Person, related: bool, uscc: &str) -> Result<usize> {
        let today = self.real_today();
        let Some(rules) = self.misuse_rules(today)? else { return Ok(0) };
        let (from, until) = (day_begins(today), day_begins(today.tomorrow().unwrap_or(today)));
        let name = person.account.name.as_str();
        let mut entries = self.read(|connection| journal::of_account(connection, name, from, until))?;
        // Whoever works off what is held looks at many organisations without a case: that is the work.
        entries.retain(|entry| entry.what != super::file::HELD);
        let last = entries.len().saturating_sub(1);
        let look = |(place, entry): (usize, &journal::Entry)| Look {
            hour: local_hour(entry.at),
            has_case: !entry.case_number.is_empty(),
            related: related && place == last,
        };
        let looks: Vec<Look> = entries.iter().enumerate().map(look).collect();
        let mut opened = 0;
        for (rule, found) in rules.findings(&looks) {
            let details = [("rule", rule.code()), ("account", name)];
            let act = draft(self, "incident", "rulebook", ACCESS, rule.name(), &details);
            let facts = match rule {
                credence_domain::access::MisuseRule::Related => json!({ "looks": found, "organisation": uscc }),
                _ => json!({ "looks": found }),
            };
            let (account, unit) = (name.to_owned(), person.account.unit.clone());
            let facts = facts.to_string();
            let numbered_under = if unit.is_empty() { PLATFORM_UNIT.to_owned() } else { unit.clone() };
            let new = desk.act(move |writer| {
                let of = (rule.code(), account.as_str(), unit.as_str(), today);
                Ok(incident::open(writer, &act, &numbered_under, of, &facts)?)
            })?;
            opened += usize::from(new);
        }
        Ok(opened)
    }

    fn misuse_rules(&self, day: Date) -> Result<Option<MisuseVersion>> {
        if let Some(rules) = &self.rulebook().access.misuse {
            return Ok(rules.on(day).cloned());
        }
        Ok(crate::rulebook::shipped()?.access.misuse.as_ref().and_then(|rules| rules.on(day)).cloned())
    }

    /// A page of the incidents, latest first.
    ///
    /// # Errors
    /// `bad_parameter` for a limit, `bad_cursor`, or a fault of the store.
    pub fn incidents(&self, (cursor, limit): Asked<'_>) -> Result<Page<IncidentView>> {
        let limit = page::limit(limit)?;
        let after = match cursor.filter(|cursor| !cursor.is_empty()) {
            None => None,
            Some(cursor) => {
                let [at, id] = page::decode_cursor(cursor, 2)?.try_into().map_err(|_| page::bad_cursor())?;
                Some((at.parse::<i64>().map_err(|_| page::bad_cursor())?, id))
            }
        };
        let behind = after.as_ref().map(|(at, id)| (*at, id.as_str()));
        let mut found = self.read(|connection| incident::list(connection, behind, limit + 1))?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let last = found.last().filter(|_| more);
        let next = last.map(|last| page::encode_cursor(&[&last.opened_at.to_string(), &last.id]));
        Ok(Page { items: found.into_iter().map(Into::into).collect(), next })
    }
}

/// Does a step about an incident. Closing one tells those affected: the looks of that day are shown to the organisations, those
/// of an investigation too.
///
/// # Errors
/// `not_found`, `incident_state`, `own_account` for whoever it is about, `forbidden` for whoever has not taken it
/// and does not stand in for whoever has, `reason_missing` without a finding, `bad_parameter` for a hand-over to nobody; or a fault.
pub fn step(service: &Service, desk: &Desk, person: &Person, id: &str, asked: &Step) -> Result<IncidentView> {
    let mut found = service.read(|connection| incident::find(connection, id))?.ok_or(AppError::NotFound)?;
    let me = person.account.name.as_str();
    if found.account == me {
        return Err(AppError::refused("own_account", "", "不能办理与本账户有关的线索"));
    }
    let state = IncidentState::from_code(&found.state).and_then(|state| state.after(asked.step));
    let state = state.ok_or_else(|| {
        AppError::refused("incident_state", "step", "线索当前状态不能这样办理：先接办，再查明、移送或办结")
    })?;
    if asked.step != IncidentStep::Take {
        // Whoever stands in acts for the holder; what nobody holds any more is his who goes on with it.
        let hold = match found.owner.as_str() {
            "" => Hold::Nobody,
            owner if owner == me => Hold::StandsIn,
            owner => queue::hold_of(service, person, owner)?,
        };
        match hold {
            Hold::Another => return Err(AppError::refused("forbidden", "", "该线索由他人接办")),
            Hold::Nobody => found.owner = me.to_owned(),
            Hold::StandsIn => {}
        }
        found.finding = reason(&asked.finding)?.to_owned();
    }
    let now = service.now_micros();
    match asked.step {
        IncidentStep::Take => found.owner = me.to_owned(),
        IncidentStep::HandOver => {
            let organ = asked.handed_to.trim();
            if organ.is_empty() || organ.chars().count() > 100 || organ.chars().any(char::is_control) {
                return Err(AppError::refused("bad_parameter", "handed_to", "请写明移送的纪检监察机构"));
            }
            found.handed_to = organ.to_owned();
        }
        IncidentStep::Dismiss => found.closed_at = Some(now),
        IncidentStep::Close => (found.closed_at, found.notified_at) = (Some(now), Some(now)),
    }
    found.state = state.code().to_owned();
    let details = [("incident", id), ("state", state.code())];
    let act = draft(service, "incident_step", me, ACCESS, &found.finding, &details);
    let (unit, close, today) = (person.account.unit.clone(), asked.step == IncidentStep::Close, service.real_today());
    let put = found.clone();
    let affected = if close { affected(service, &found)? } else { BTreeSet::new() };
    desk.act(move |writer| {
        writer.change(&act, |change| {
            incident::put(change, &put)?;
            for uscc in &affected {
                let (from, until) = (day_begins(put.day), day_begins(put.day.tomorrow().unwrap_or(put.day)));
                journal::show(change, uscc, &put.account, (from, until), today)?;
            }
            change.number_under_unit(&unit)
        })?;
        Ok(())
    })?;
    Ok(found.into())
}

/// The organisations at which the account looked on the day.
fn affected(service: &Service, found: &Incident) -> Result<BTreeSet<String>> {
    let (from, until) = (day_begins(found.day), day_begins(found.day.tomorrow().unwrap_or(found.day)));
    let looks = service.read(|connection| journal::of_account(connection, &found.account, from, until))?;
    Ok(looks.into_iter().map(|look| look.uscc).collect())
}
