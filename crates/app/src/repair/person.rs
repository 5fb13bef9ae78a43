//! The same for people who have signed in: the organisation applies for itself, the window for whoever comes on paper, the authority
//! decides.

use super::apply::apply_waiting;
use super::step::step_waiting;
use super::view::{HeadView, RepairView, list, show};
use super::{Applying, Doing, PublicRepair, notice_of};
use crate::access::Noted;
use crate::account::Person;
use crate::desk::Desk;
use crate::listing::Clerk;
use crate::query::page::{Asked, Page};
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::access::{Action, Role};
use credence_domain::repair::Notice;
use credence_store::connection::Connection;
use credence_store::scope::View;
use credence_store::unit::Unit;

/// Body of credit agencies in the code list.
const AGENCY: &str = "征信机构、评级机构";

/// A credit agency of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// Its code.
    pub uscc: String,
    /// Its name.
    pub name: String,
}

impl Service {
    /// The repairs that a person sees, newest first, by the page; of one state where it is given.
    ///
    /// # Errors
    /// `bad_parameter` for an unknown state or limit, `bad_cursor`, or a fault.
    pub fn repairs(&self, person: &Person, state: Option<&str>, page: Asked<'_>) -> Result<Page<HeadView>> {
        let view = self.repair_view(person)?;
        self.of_repairs(|connection| list(connection, &view, state, page))
    }

    /// One of them with everything. Window, authority and the organisation itself read what they work on; anybody else looks into
    /// what is not public, and the access journal has it before anything is shown.
    ///
    /// # Errors
    /// `not_found`, or a fault: then nothing is shown.
    pub fn read_repair(&self, desk: &Desk, person: &Person, number: &str) -> Result<RepairView> {
        let view = self.repair_view(person)?;
        let mut repair = self.of_repairs(|connection| show(connection, &view, number))?.asking(self.rulebook());
        let works = repair.head.unit == person.account.unit || person.role == Role::Office;
        if person.role == Role::Organisation {
            self.told_by_unit(&mut repair)?;
        } else if !works {
            let purpose = if person.role == Role::Auditor { "audit" } else { "repair" };
            let look = Noted { uscc: &repair.head.uscc, purpose, case: number, what: "repair" };
            self.note(desk, person, &look, Some(self.real_today()))?;
            self.watch(desk, person, false, &repair.head.uscc)?;
        }
        Ok(repair)
    }

    /// What everyone is told of the repair of a record that is public.
    ///
    /// # Errors
    /// `not_found`, `bad_parameter`, or a fault.
    pub fn repair_notice(&self, id: &str) -> Result<Notice> {
        let view = self.public_view();
        // What is no reference names nothing.
        crate::review::rules::reference(id).map_err(|_| AppError::NotFound)?;
        self.of_repairs(|connection| notice_of(connection, self.keyring(), (self.rulebook(), &view), id))
    }

    /// The units of the directory that may write reports and advise on repairs: by their sector (信用服务机构).
    ///
    /// # Errors
    /// A fault.
    pub fn repair_agencies(&self) -> Result<Vec<Agency>> {
        let today = self.today();
        let bodies = self.rulebook().codes.list("implementing_body");
        let agency = |unit: &Unit| bodies.and_then(|list| list.find(&unit.sector)) == Some(AGENCY);
        let found = self.read(|connection| credence_store::unit::list(connection, today))?;
        Ok(found.into_iter().filter(agency).map(|unit| Agency { uscc: unit.uscc, name: unit.name }).collect())
    }

    /// A repair as anyone may know it by its number.
    ///
    /// # Errors
    /// `not_found`, or a fault.
    pub fn public_repair(&self, number: &str) -> Result<PublicRepair> {
        let today = self.today();
        self.of_repairs(|connection| PublicRepair::of(connection, number, today))
    }

    /// The names of staff are not for the organisation: it sees the unit that acted.
    fn told_by_unit(&self, repair: &mut RepairView) -> Result<()> {
        let unit = repair.unit_name.clone();
        let own = self.read(|connection| {
            let mut own = std::collections::BTreeSet::new();
            for step in &repair.steps {
                let account = credence_store::account::find(connection, &step.taken.by)?;
                if account.is_some_and(|one| one.role == Role::Organisation.code()) {
                    own.insert(step.taken.by.clone());
                }
            }
            Ok(own)
        })?;
        for step in &mut repair.steps {
            if !own.contains(&step.taken.by) && step.taken.by != "system" {
                step.taken.by = if step.kind == "pushed" { "信用修复窗口".to_owned() } else { unit.clone() };
            }
        }
        Ok(())
    }

    pub(super) fn of_repairs<T>(&self, ask: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let mut found = Err(AppError::NotFound);
        self.read(|connection| {
            found = ask(connection);
            Ok(())
        })?;
        found
    }

    /// All cases for the office and its auditors, one's own for everyone else.
    pub(crate) fn repair_view(&self, person: &Person) -> Result<View> {
        let today = self.today();
        match person.role {
            Role::Office | Role::Auditor => Ok(View::office(today)),
            Role::Organisation => Ok(View::organisation(person.organisations.iter().map(String::as_str), today)),
            _ => self.unit_view(&person.account.unit),
        }
    }
}

/// Applies in a person's name: for his own organisation, or on paper and from the national window in his unit's.
///
/// # Errors
/// As [`super::apply`]; `forbidden` for an organisation that applies by another channel than its account, and for staff who do so by
/// that.
pub fn apply_as(service: &Service, desk: &Desk, person: &Person, asked: &Applying) -> Result<RepairView> {
    let own = person.role == Role::Organisation;
    if own != matches!(asked.channel.as_str(), "" | "account") {
        let text = "信用主体以本账户申请；工作人员代为录入须写明纸质申请编号或者全国窗口编号";
        return Err(AppError::refused("forbidden", "channel", text));
    }
    let clerk = Clerk { name: person.account.name.clone(), view: service.repair_view(person)? };
    let unit = if own { String::new() } else { person.account.unit.clone() };
    let (rulebook, asked) = (service.shared_rulebook(), asked.clone());
    let number = desk.act(move |writer| apply_waiting(writer, &rulebook, (&clerk, &unit), &asked))?.head.number;
    service.read_repair(desk, person, &number)
}

/// Takes a step in a person's name.
///
/// # Errors
/// As [`super::step`]; `repair_same_person` for whoever reviewed it with another account; `forbidden` for a decision by anyone but an
/// approving officer or reviewer, for a step of the window by anyone but the office, and for an organisation's step beyond its own.
pub fn step_as(service: &Service, desk: &Desk, person: &Person, number: &str, doing: &Doing) -> Result<RepairView> {
    let forbidden = |text: &str| AppError::refused("forbidden", "act", text.to_owned());
    if doing.decides() && !service.allows(person.role, Action::DecideRepair)? {
        return Err(forbidden("准予、不予、撤销修复和临时屏蔽由审批人员决定"));
    }
    if doing.is_of_the_window() && person.role != Role::Office {
        return Err(forbidden("审查并推送由信用工作机构的窗口办理"));
    }
    if person.role == Role::Organisation && !doing.is_of_the_party() {
        return Err(forbidden("信用主体只能补正材料、撤回申请、陈述、申辩或者放弃、登记复议、诉讼"));
    }
    if doing.decides() && took_part(service, person, number)? {
        let text = "录入、审查、受理、提出撤销和决定须由不同人员办理，换用另一账户亦同（鲁信用办〔2019〕8号 十五）";
        return Err(AppError::refused("repair_same_person", "by", text));
    }
    if matches!(doing, Doing::Waive { .. }) && person.role != Role::Organisation && took_part(service, person, number)?
    {
        let text = "提出撤销的人不得登记主体放弃陈述、申辩，换用另一账户亦同（行政处罚法 六十二）";
        return Err(AppError::refused("waiver_by_proposer", "by", text));
    }
    let clerk = Clerk { name: person.account.name.clone(), view: service.repair_view(person)? };
    let unit = if person.role == Role::Organisation { String::new() } else { person.account.unit.clone() };
    let (rulebook, doing, about) = (service.shared_rulebook(), doing.clone(), number.to_owned());
    desk.act(move |writer| step_waiting(writer, &rulebook, (&clerk, &unit), &about, &doing))?;
    service.read_repair(desk, person, number)
}

/// Whether the same person entered, passed on or accepted it, or proposed to revoke it, with another account (docs/design/0012-access.md, 3).
fn took_part(service: &Service, person: &Person, number: &str) -> Result<bool> {
    let view = service.repair_view(person)?;
    let case = service.of_repairs(|connection| show(connection, &view, number))?;
    let mine = &person.account;
    let parts = |kind: &str| matches!(kind, "applied" | "pushed" | "accepted" | "revocation_proposed");
    for step in case.steps.iter().filter(|step| parts(step.kind)) {
        let account = service.read(|connection| credence_store::account::find(connection, &step.taken.by))?;
        let same = account.is_some_and(|one| {
            !one.staff_number.is_empty() && (&one.unit, &one.staff_number) == (&mine.unit, &mine.staff_number)
        });
        if same {
            return Ok(true);
        }
    }
    Ok(false)
}
