//! The same for people who have signed in: each acts for his unit, on what he sees.

use super::enter::enter_waiting;
use super::propose::{inform_waiting, propose_waiting};
use super::step::step_waiting;
use super::view::{HeadView, OfficerView, list, show};
use super::{Doing, Entering, Informing, Proposing};
use crate::access::Noted;
use crate::account::Person;
use crate::desk::Desk;
use crate::listing::{Clerk, refused};
use crate::query::page::{Asked, Page};
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::access::{Action, Role};
use credence_domain::listing::rule;
use credence_domain::officer::Desk as Rules;
use credence_store::connection::Connection;
use credence_store::scope::View;

impl Service {
    /// The terms, cases and duties that a person sees, newest first, by the page; of one kind, of one state where these are given.
    ///
    /// # Errors
    /// `bad_parameter` for an unknown kind, state or limit, `bad_cursor`, or a fault.
    pub fn officers(
        &self,
        person: &Person,
        asked: (Option<&str>, Option<&str>),
        page: Asked<'_>,
    ) -> Result<Page<HeadView>> {
        self.of_officers(person, |connection, view| list(connection, view, asked, page))
    }

    /// One of them with everything. Whoever belongs to the unit that acts, and the organisation itself, read what they work on;
    /// anybody else looks into what is not public, and the access journal has it before anything is shown.
    ///
    /// # Errors
    /// `not_found`, or a fault: then nothing is shown.
    pub fn officer(&self, desk: &Desk, person: &Person, number: &str) -> Result<OfficerView> {
        let found = self.of_officers(person, |connection, view| show(connection, view, number))?;
        if person.role != Role::Organisation && found.head.unit != person.account.unit {
            let purpose = if person.role == Role::Auditor { "audit" } else { "supervision" };
            let look = Noted { uscc: &found.head.uscc, purpose, case: number, what: "officer" };
            self.note(desk, person, &look, Some(self.real_today()))?;
            self.watch(desk, person, false, &found.head.uscc)?;
        }
        Ok(found)
    }

    /// Code and name of the legal grounds that go with a list today.
    #[must_use]
    pub fn officer_grounds(&self, list: &str) -> Vec<(String, String)> {
        let rules = Rules { rulebook: self.rulebook(), by: "", today: self.real_today() };
        rules.grounds(list).map(|(one, _)| (one.code.clone(), one.name.clone())).collect()
    }

    fn of_officers<T>(&self, person: &Person, ask: impl FnOnce(&mut Connection, &View) -> Result<T>) -> Result<T> {
        let view = self.officer_view(person)?;
        let mut found = Err(AppError::NotFound);
        self.read(|connection| {
            found = ask(connection, &view);
            Ok(())
        })?;
        found
    }

    /// All for the office and its auditors, one's own for everyone else.
    fn officer_view(&self, person: &Person) -> Result<View> {
        let today = self.today();
        match person.role {
            Role::Office | Role::Auditor => Ok(View::office(today)),
            Role::Organisation => Ok(View::organisation(person.organisations.iter().map(String::as_str), today)),
            _ => self.unit_view(&person.account.unit),
        }
    }
}

fn own(unit: &str, person: &Person) -> Result<()> {
    let no = || AppError::refused("forbidden", "unit", "只能以本单位名义办理责任人员事项");
    if unit == person.account.unit { Ok(()) } else { Err(no()) }
}

/// Enters a term of office in a person's name, for his own unit.
///
/// # Errors
/// As [`super::enter`]; `forbidden` for another unit.
pub fn enter_as(service: &Service, desk: &Desk, person: &Person, asked: &Entering) -> Result<OfficerView> {
    own(&asked.unit, person)?;
    let clerk = Clerk { name: person.account.name.clone(), view: service.officer_view(person)? };
    let (rulebook, asked) = (service.shared_rulebook(), asked.clone());
    desk.act(move |writer| enter_waiting(writer, &rulebook, &clerk, &asked))
}

/// Proposes to hold a person to account in a person's name, for his own unit.
///
/// # Errors
/// As [`super::propose`]; `forbidden` for another unit.
pub fn propose_as(service: &Service, desk: &Desk, person: &Person, asked: &Proposing) -> Result<OfficerView> {
    own(&asked.unit, person)?;
    let clerk = Clerk { name: person.account.name.clone(), view: service.officer_view(person)? };
    let (rulebook, asked) = (service.shared_rulebook(), asked.clone());
    desk.act(move |writer| propose_waiting(writer, &rulebook, &clerk, &asked))
}

/// Says in a person's name that those above are to be informed, for his own unit.
///
/// # Errors
/// As [`super::inform`]; `forbidden` for another unit.
pub fn inform_as(service: &Service, desk: &Desk, person: &Person, asked: &Informing) -> Result<OfficerView> {
    own(&asked.unit, person)?;
    let clerk = Clerk { name: person.account.name.clone(), view: service.officer_view(person)? };
    let (rulebook, asked) = (service.shared_rulebook(), asked.clone());
    desk.act(move |writer| inform_waiting(writer, &rulebook, &clerk, &asked))
}

/// Takes a step in a person's name.
///
/// # Errors
/// As [`super::step`]; `decider_is_proposer` for the proposer with another account; `forbidden` for a decision by anyone but a
/// list decider.
pub fn step_as(service: &Service, desk: &Desk, person: &Person, number: &str, doing: &Doing) -> Result<OfficerView> {
    if doing.decides() && !service.allows(person.role, Action::DecideOfficer)? {
        return Err(AppError::refused(
            "forbidden",
            "act",
            "对责任人员的决定，和停止执行、复议诉讼结果的登记，由名单认定人办理",
        ));
    }
    if doing.ruled_on().is_none() && doing.decides() && proposed_himself(service, person, number)? {
        let text = "提出建议的人不得作出决定，换用另一账户亦同（国办发〔2020〕49号 八）";
        return Err(AppError::refused("decider_is_proposer", "by", text));
    }
    if matches!(doing, Doing::Waive { .. }) && proposed_himself(service, person, number)? {
        return Err(refused(&rule::WAIVER_BY_PROPOSER.refuse()));
    }
    let clerk = Clerk { name: person.account.name.clone(), view: service.officer_view(person)? };
    let (rulebook, number, doing) = (service.shared_rulebook(), number.to_owned(), doing.clone());
    desk.act(move |writer| step_waiting(writer, &rulebook, &clerk, &number, &doing))
}

/// Whether the proposer is the same person, with another account (docs/design/0012-access.md, 3).
fn proposed_himself(service: &Service, person: &Person, number: &str) -> Result<bool> {
    let found = service.of_officers(person, |connection, view| show(connection, view, number))?;
    let Some(case) = found.case else { return Ok(false) };
    let asked = service.read(|connection| credence_store::account::find(connection, &case.proposed_by))?;
    let mine = &person.account;
    Ok(asked.is_some_and(|asked| {
        !asked.staff_number.is_empty() && (&asked.unit, &asked.staff_number) == (&mine.unit, &mine.staff_number)
    }))
}
