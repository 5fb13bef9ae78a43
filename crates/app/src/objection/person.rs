//! The same for people who have signed in: the organisation for itself, everybody else for his unit.

use super::file::{Actor, Filing, file_waiting};
use super::step::step_waiting;
use super::view::{CaseView, HeadView, list, show};
use super::{Doing, folded};
use crate::access::Noted;
use crate::account::Person;
use crate::desk::Desk;
use crate::listing::{Clerk, refused};
use crate::query::page::{Asked, Page};
use crate::rulebook::PLATFORM_UNIT;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::access::{Action, Role};
use credence_domain::objection::{Channel, rule};
use credence_store::connection::Connection;
use credence_store::objection as kept;
use credence_store::scope::View;

impl Service {
    /// The cases that a person sees, newest first, by the page; of one matter and state where they are given.
    ///
    /// # Errors
    /// `bad_parameter` for an unknown matter, state or limit, `bad_cursor`, or a fault.
    pub fn objections(
        &self,
        person: &Person,
        asked: (Option<&str>, Option<&str>),
        page: Asked<'_>,
    ) -> Result<Page<HeadView>> {
        self.of_objections(person, |connection, view| list(connection, view, asked, page))
    }

    /// One of them with everything. The units that work on it, and the organisation itself, read what they work on; anybody else
    /// looks into what is not public, and the access journal has it before anything is shown.
    ///
    /// # Errors
    /// `not_found`, or a fault: then nothing is shown.
    pub fn objection(&self, desk: &Desk, person: &Person, number: &str) -> Result<CaseView> {
        let case = self.of_objections(person, |connection, view| show(connection, view, number))?;
        let unit = &acting_unit(person);
        let referred = case.appeal.as_ref().and_then(|appeal| appeal.referred.as_ref());
        let works = [Some(&case.head.owner), Some(&case.head.handler), referred].contains(&Some(unit));
        if person.role != Role::Organisation && !works {
            let purpose = if person.role == Role::Auditor { "audit" } else { "supervision" };
            let look = Noted { uscc: &case.head.uscc, purpose, case: number, what: "objection" };
            self.note(desk, person, &look, Some(self.real_today()))?;
            self.watch(desk, person, false, &case.head.uscc)?;
        }
        Ok(case)
    }

    fn of_objections<T>(&self, person: &Person, ask: impl FnOnce(&mut Connection, &View) -> Result<T>) -> Result<T> {
        let view = self.objection_view(person)?;
        let mut found = Err(AppError::NotFound);
        self.read(|connection| {
            found = ask(connection, &view);
            Ok(())
        })?;
        found
    }

    /// All for the office and its auditors, one's own for everyone else.
    pub(crate) fn objection_view(&self, person: &Person) -> Result<View> {
        let today = self.today();
        match person.role {
            Role::Office | Role::Auditor => Ok(View::office(today)),
            Role::Organisation => Ok(View::organisation(person.organisations.iter().map(String::as_str), today)),
            _ => self.unit_view(&person.account.unit),
        }
    }

    fn objection_actor(&self, person: &Person) -> Result<Actor> {
        let clerk = Clerk { name: person.account.name.clone(), view: self.objection_view(person)? };
        Ok(Actor { clerk, unit: acting_unit(person) })
    }
}

/// The unit for which a person works on objections: the office's people work for the platform itself, wherever their accounts stand,
/// an organisation for no unit.
#[must_use]
pub fn acting_unit(person: &Person) -> String {
    match person.role {
        Role::Organisation => String::new(),
        Role::Office => PLATFORM_UNIT.to_owned(),
        _ => person.account.unit.clone(),
    }
}

/// Files in a person's name: the organisation online, a unit what came to it on paper.
///
/// # Errors
/// As [`super::file()`].
pub fn file_as(service: &Service, desk: &Desk, person: &Person, asked: &Filing) -> Result<CaseView> {
    let online = matches!(asked.channel, None | Some(Channel::Online {}));
    if (person.role == Role::Organisation) != online {
        return Err(AppError::refused(
            "forbidden",
            "channel",
            "信用主体在线提出；单位只登记纸质材料和国家网站推送的异议",
        ));
    }
    let actor = service.objection_actor(person)?;
    let (rulebook, asked) = (service.shared_rulebook(), asked.clone());
    desk.act(move |writer| file_waiting(writer, &rulebook, &actor, &asked))
}

/// Takes a step in a person's name.
///
/// # Errors
/// As [`super::step()`]; `forbidden` for a decision by whoever may not decide and for an organisation's step beyond its own;
/// `objection_involved`, `objection_same_person` for the same person with another account.
pub fn step_as(service: &Service, desk: &Desk, person: &Person, number: &str, doing: &Doing) -> Result<CaseView> {
    if doing.decides() && !service.allows(person.role, Action::DecideObjection)? {
        return Err(AppError::refused("forbidden", "act", "答复、复核和申辩的刊登由审核人决定"));
    }
    if person.role == Role::Organisation && !doing.is_of_the_party() {
        return Err(AppError::refused(
            "forbidden",
            "act",
            "信用主体可以申请复核、撤回和登记复议、诉讼，其余由单位办理",
        ));
    }
    let again = match doing {
        Doing::DecideAppeal(_) => service.acted_himself(person, number, false)?.then_some(&rule::INVOLVED),
        Doing::Decide(_) => service.acted_himself(person, number, true)?.then_some(&rule::SAME_PERSON),
        _ => None,
    };
    if let Some(rule) = again {
        return Err(refused(&rule.because("换用另一账户亦同")));
    }
    let actor = service.objection_actor(person)?;
    let (rulebook, number, doing) = (service.shared_rulebook(), number.to_owned(), doing.clone());
    desk.act(move |writer| step_waiting(writer, &rulebook, &actor, &number, &doing))
}

impl Service {
    /// Whether the same person took a step with another account (docs/design/0012-access.md, 3); of the check alone where that
    /// is asked.
    fn acted_himself(&self, person: &Person, number: &str, check_alone: bool) -> Result<bool> {
        let view = self.objection_view(person)?;
        let mine = &person.account;
        self.read(|connection| {
            let Some(head) = kept::find(connection, &view, number)? else { return Ok(false) };
            let case = folded(connection, &head)?;
            let checked: Vec<String> = case.finding.iter().map(|finding| finding.by.clone()).collect();
            let all = || case.involved.iter().map(|(by, _)| by.clone()).collect();
            for name in if check_alone { checked } else { all() } {
                let other = credence_store::account::find(connection, &name)?;
                let same = other.is_some_and(|other| {
                    !other.staff_number.is_empty()
                        && (&other.unit, &other.staff_number) == (&mine.unit, &mine.staff_number)
                        && other.name != mine.name
                });
                if same {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }
}
