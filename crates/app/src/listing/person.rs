//! The same for people who have signed in: whoever proposes, steps or decides does so in his role, on what he sees.

use super::Doing;
use super::step::{Clerk, Proposing, propose_waiting, step_waiting};
use super::view::{CaseView, HeadView, list, show};
use crate::account::Person;
use crate::desk::Desk;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::access::{Action, Role};
use credence_store::scope::View;

impl Service {
    /// The cases that a person sees, newest first; of one state where it is given.
    ///
    /// # Errors
    /// `bad_parameter` for an unknown state, or a fault.
    pub fn listings(&self, person: &Person, state: Option<&str>) -> Result<Vec<HeadView>> {
        let view = self.listing_view(person)?;
        let mut found = Ok(Vec::new());
        self.read(|connection| {
            found = list(connection, &view, state);
            Ok(())
        })?;
        found
    }

    /// A case with everything, if a person sees it.
    ///
    /// # Errors
    /// `not_found`, or a fault.
    pub fn listing(&self, person: &Person, number: &str) -> Result<CaseView> {
        let view = self.listing_view(person)?;
        let mut found = Err(AppError::NotFound);
        self.read(|connection| {
            found = show(connection, &view, number);
            Ok(())
        })?;
        found
    }

    /// All cases for the office and its auditors, one's own for everyone else.
    fn listing_view(&self, person: &Person) -> Result<View> {
        let today = self.today();
        match person.role {
            Role::Office | Role::Auditor => Ok(View::office(today)),
            Role::Organisation => Ok(View::organisation(person.organisations.iter().map(String::as_str), today)),
            _ => self.unit_view(&person.account.unit),
        }
    }
}

/// Proposes a listing in a person's name, for his own unit.
///
/// # Errors
/// As [`super::propose`]; `forbidden` for another unit.
pub fn propose_as(service: &Service, desk: &Desk, person: &Person, asked: &Proposing) -> Result<CaseView> {
    if asked.unit != person.account.unit {
        return Err(AppError::refused("forbidden", "unit", "只能以本单位名义提出列入建议"));
    }
    let clerk = Clerk { name: person.account.name.clone(), view: service.listing_view(person)? };
    let (rulebook, asked) = (service.shared_rulebook(), asked.clone());
    desk.act(move |writer| propose_waiting(writer, &rulebook, &clerk, &asked))
}

/// Takes a step in a person's name.
///
/// # Errors
/// As [`super::step`]; `decider_is_proposer` for the proposer with another account; `forbidden` for a decision by anyone but a list decider, and for an organisation's step beyond its own.
pub fn step_as(service: &Service, desk: &Desk, person: &Person, number: &str, doing: &Doing) -> Result<CaseView> {
    if doing.decides() && !service.allows(person.role, Action::DecideListing)? {
        return Err(AppError::refused("forbidden", "act", "列入、不列入和移出由名单认定人决定"));
    }
    if person.role == Role::Organisation && !doing.is_of_the_party() {
        return Err(AppError::refused("forbidden", "act", "信用主体只能办理陈述申辩、放弃、要求听证和登记复议、诉讼"));
    }
    if doing.is_anothers() && proposed_himself(service, person, number)? {
        let text = "提出列入建议的人不得作出决定，换用另一账户亦同（国办发〔2020〕49号 八）";
        return Err(AppError::refused("decider_is_proposer", "by", text));
    }
    let clerk = Clerk { name: person.account.name.clone(), view: service.listing_view(person)? };
    let (rulebook, number, doing) = (service.shared_rulebook(), number.to_owned(), doing.clone());
    desk.act(move |writer| step_waiting(writer, &rulebook, &clerk, &number, &doing))
}

/// Whether the proposer is the same person, with another account (docs/design/0012-access.md, 3).
fn proposed_himself(service: &Service, person: &Person, number: &str) -> Result<bool> {
    let proposed_by = service.listing(person, number)?.proposed_by;
    let asked = service.read(|connection| credence_store::account::find(connection, &proposed_by))?;
    let mine = &person.account;
    Ok(asked.is_some_and(|asked| {
        !asked.staff_number.is_empty() && (&asked.unit, &asked.staff_number) == (&mine.unit, &mine.staff_number)
    }))
}
