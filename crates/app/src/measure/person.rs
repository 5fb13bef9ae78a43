//! The same for people who have signed in: each acts for his unit, the organisation for itself.

use super::begin::begin_waiting;
use super::step::step_waiting;
use super::view::{HeadView, MeasureInForce, list, show};
use super::{Beginning, Board, Doing, board};
use crate::access::Noted;
use crate::account::Person;
use crate::desk::Desk;
use crate::listing::Clerk;
use crate::query::page::{Asked, Page};
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::access::Role;
use credence_store::connection::Connection;
use credence_store::scope::View;

impl Service {
    /// The measures in force, suspended and ended that a person sees, newest first, by the page; of one
    /// state where it is given.
    ///
    /// # Errors
    /// `bad_parameter` for an unknown state or limit, `bad_cursor`, or a fault.
    pub fn measures_in_force(&self, person: &Person, state: Option<&str>, page: Asked<'_>) -> Result<Page<HeadView>> {
        self.of_measures(person, |connection, view| list(connection, view, state, page))
    }

    /// One of them with everything. Whoever decided it or carries it out, and the organisation itself, read what they work on;
    /// anybody else looks into what is not public, and the access journal has it before anything is shown.
    ///
    /// # Errors
    /// `not_found`, or a fault: then nothing is shown.
    pub fn measure_in_force(&self, desk: &Desk, person: &Person, number: &str) -> Result<MeasureInForce> {
        let measure = self.of_measures(person, |connection, view| show(connection, view, number))?;
        let unit = &person.account.unit;
        let works = measure.head.unit == *unit || measure.tasks.iter().any(|task| task.unit == *unit);
        if person.role == Role::Key && !works {
            // A unit's system works on what the unit decided or carries out, and looks at nothing else.
            return Err(AppError::NotFound);
        }
        if person.role != Role::Organisation && !works {
            let purpose = if person.role == Role::Auditor { "audit" } else { "supervision" };
            let look = Noted { uscc: &measure.head.uscc, purpose, case: number, what: "measure" };
            self.note(desk, person, &look, Some(self.real_today()))?;
            self.watch(desk, person, false, &measure.head.uscc)?;
        }
        Ok(measure)
    }

    /// The feedback board of what a person sees.
    ///
    /// # Errors
    /// A fault.
    pub fn measure_board(&self, person: &Person) -> Result<Board> {
        self.of_measures(person, board)
    }

    fn of_measures<T>(&self, person: &Person, ask: impl FnOnce(&mut Connection, &View) -> Result<T>) -> Result<T> {
        let view = self.measure_view(person)?;
        let mut found = Err(AppError::NotFound);
        self.read(|connection| {
            found = ask(connection, &view);
            Ok(())
        })?;
        found
    }

    /// All for the office and its auditors, one's own for everyone else.
    fn measure_view(&self, person: &Person) -> Result<View> {
        let today = self.today();
        match person.role {
            Role::Office | Role::Auditor => Ok(View::office(today)),
            Role::Organisation => Ok(View::organisation(person.organisations.iter().map(String::as_str), today)),
            _ => self.unit_view(&person.account.unit),
        }
    }
}

/// Begins a measure in a person's name, for his own unit.
///
/// # Errors
/// As [`super::begin`]; `forbidden` for another unit.
pub fn begin_as(service: &Service, desk: &Desk, person: &Person, asked: &Beginning) -> Result<MeasureInForce> {
    if asked.unit != person.account.unit {
        return Err(AppError::refused("forbidden", "unit", "只能以本单位名义采取措施"));
    }
    let clerk = Clerk { name: person.account.name.clone(), view: service.measure_view(person)? };
    let (rulebook, asked) = (service.shared_rulebook(), asked.clone());
    desk.act(move |writer| begin_waiting(writer, &rulebook, &clerk, &asked))
}

/// Takes a step in a person's name, for his own unit or his organisation.
///
/// # Errors
/// As [`super::step`]; `forbidden` for an organisation's step beyond its own, for a complaint by anybody else, and for a unit's system
/// that would end a measure or answer a complaint.
pub fn step_as(service: &Service, desk: &Desk, person: &Person, number: &str, doing: &Doing) -> Result<MeasureInForce> {
    if (person.role == Role::Organisation) != doing.is_of_the_party() {
        return Err(AppError::refused("forbidden", "act", "投诉由信用主体提出，其余由实施单位和决定单位办理"));
    }
    if person.role == Role::Key && doing.is_of_the_decider() {
        return Err(AppError::refused("forbidden", "act", "终止措施、答复投诉由决定单位的人员办理"));
    }
    let clerk = Clerk { name: person.account.name.clone(), view: service.measure_view(person)? };
    let (rulebook, number, doing) = (service.shared_rulebook(), number.to_owned(), doing.clone());
    let unit = person.account.unit.clone();
    desk.act(move |writer| step_waiting(writer, &rulebook, (&clerk, &unit), &number, &doing))
}
