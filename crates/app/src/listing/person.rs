//! The same for people who have signed in: whoever proposes, steps or decides does so in his role, on what he sees.

use super::document::{Carrier, carriers};
use super::step::{propose_waiting, step_waiting};
use super::view::{CaseView, HeadView, list, show};
use super::{Clerk, Doing, Proposing, Stepping, refused};
use crate::access::Noted;
use crate::account::Person;
use crate::desk::Desk;
use crate::query::page::{Asked, Page};
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::access::{Action, Role};
use credence_domain::listing::{Desk as Rules, Event, MeasureTaken, rule};
use credence_domain::subject::Uscc;
use credence_store::scope::View;

impl Service {
    /// The cases that a person sees, newest first, by the page; of one state where it is given.
    ///
    /// # Errors
    /// `bad_parameter` for an unknown state or limit, `bad_cursor`, or a fault.
    pub fn listings(&self, person: &Person, state: Option<&str>, page: Asked<'_>) -> Result<Page<HeadView>> {
        let view = self.listing_view(person)?;
        let mut found = Err(AppError::NotFound);
        self.read(|connection| {
            found = list(connection, &view, state, page);
            Ok(())
        })?;
        found
    }

    /// A case with everything, if a person sees it. Whoever belongs to the unit that acts, and the party itself, read what they
    /// work on; anybody else looks into what is not public, and the access journal has it before anything is shown.
    ///
    /// # Errors
    /// `not_found`, or a fault: then nothing is shown.
    pub fn read_listing(&self, desk: &Desk, person: &Person, number: &str) -> Result<CaseView> {
        let case = self.listing(person, number)?;
        if person.role != Role::Organisation && person.account.unit != case.head.unit {
            let purpose = if person.role == Role::Auditor { "audit" } else { "listing" };
            let look = Noted { uscc: &case.head.uscc, purpose, case: number, what: "listing" };
            self.note(desk, person, &look, Some(self.real_today()))?;
            self.watch(desk, person, false, &case.head.uscc)?;
        }
        Ok(case)
    }

    /// A case with everything, if a person sees it.
    fn listing(&self, person: &Person, number: &str) -> Result<CaseView> {
        let view = self.listing_view(person)?;
        let mut found = Err(AppError::NotFound);
        self.read(|connection| {
            found = show(connection, &view, number);
            Ok(())
        })?;
        self.as_seen_by(person, found?)
    }

    /// The documents of an organisation that a proposal for a list may name, with its name: for whoever may propose.
    ///
    /// # Errors
    /// `list_unknown`, `list_mirrored`, `bad_parameter` for what is no code, `not_found`, or a fault.
    pub fn listing_carriers(&self, person: &Person, list: &str, uscc: &str) -> Result<(String, Vec<Carrier>)> {
        let bad = |_| AppError::refused("bad_parameter", "uscc", format!("{uscc}不是统一社会信用代码"));
        let uscc = Uscc::parse(uscc).map_err(bad)?;
        let view = self.listing_view(person)?;
        let mut found = Err(AppError::NotFound);
        self.read(|connection| {
            let by = (self.rulebook(), &view);
            found = carriers(connection, self.keyring(), by, &person.account.unit, (list, uscc.as_str()));
            Ok(())
        })?;
        found
    }

    /// The measures that a decision on a list may name today.
    #[must_use]
    pub fn listing_measures(&self, list: &str) -> Vec<MeasureTaken> {
        let desk = Rules { rulebook: self.rulebook(), by: "", today: self.real_today() };
        desk.possible_measures(list).collect()
    }

    /// All cases for the office and its auditors, one's own for everyone else.
    pub(crate) fn listing_view(&self, person: &Person) -> Result<View> {
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
pub fn step_as(service: &Service, desk: &Desk, person: &Person, number: &str, asked: &Stepping) -> Result<CaseView> {
    let doing = &asked.doing;
    if doing.decides() && !service.allows(person.role, Action::DecideListing)? {
        return Err(AppError::refused(
            "forbidden",
            "act",
            "列入、不列入和移出由名单认定人决定，停止执行、复议和诉讼结果由名单认定人登记",
        ));
    }
    if person.role == Role::Organisation && !doing.is_of_the_party() {
        return Err(AppError::refused("forbidden", "act", "信用主体只能办理陈述申辩、放弃、要求听证和登记复议、诉讼"));
    }
    if doing.is_anothers() && proposed_himself(service, person, number)? {
        let text = "提出列入建议的人不得作出决定，换用另一账户亦同（国办发〔2020〕49号 八）";
        return Err(AppError::refused("decider_is_proposer", "by", text));
    }
    if let Some(remedy) = doing.ruled_on().filter(|_| person.role != Role::Organisation)
        && filed_himself(service, person, number, remedy)?
    {
        return Err(refused(&rule::REMEDY_SAME_PERSON.refuse()));
    }
    if matches!(doing, Doing::Waive { .. })
        && person.role != Role::Organisation
        && proposed_himself(service, person, number)?
    {
        return Err(refused(&rule::WAIVER_BY_PROPOSER.refuse()));
    }
    let clerk = Clerk { name: person.account.name.clone(), view: service.listing_view(person)? };
    let (rulebook, number, asked) = (service.shared_rulebook(), number.to_owned(), asked.clone());
    let case = desk.act(move |writer| step_waiting(writer, &rulebook, &clerk, &number, &asked))?;
    service.as_seen_by(person, case)
}

/// Whether the proposer is the same person, with another account (docs/design/0012-access.md, 3).
fn proposed_himself(service: &Service, person: &Person, number: &str) -> Result<bool> {
    let proposed_by = service.listing(person, number)?.proposed_by;
    is_himself(service, person, &proposed_by)
}

/// Whether whoever entered a remedy is the same person, with another account.
fn filed_himself(service: &Service, person: &Person, number: &str, remedy: &str) -> Result<bool> {
    let steps = service.listing(person, number)?.steps;
    let filed = steps.into_iter().find(|step| match &step.taken.event {
        Event::RemedyFiled { filed } => filed.number == remedy,
        _ => false,
    });
    filed.map_or(Ok(false), |step| is_himself(service, person, &step.taken.by))
}

fn is_himself(service: &Service, person: &Person, name: &str) -> Result<bool> {
    let asked = service.read(|connection| credence_store::account::find(connection, name))?;
    let mine = &person.account;
    Ok(asked.is_some_and(|asked| {
        !asked.staff_number.is_empty() && (&asked.unit, &asked.staff_number) == (&mine.unit, &mine.staff_number)
    }))
}
