//! Assigning and reassigning (分派、转办): who of a unit does what waits for it, with the reason, as an act of the unit.

use super::gather::task;
use super::worker::{Worker, units_of};
use super::{Kind, TaskView, Waiting, listing, measure, objection, officer, repair};
use crate::account::{Person, reason};
use crate::desk::Desk;
use crate::service::Service;
use crate::{AppError, Result, View};
use credence_domain::access::Role;
use credence_store::act::Draft;
use credence_store::assignment;
use credence_store::connection::Connection;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Who is to do what.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assigning {
    /// From which room.
    pub kind: Kind,
    /// Number of the case.
    pub number: String,
    /// Code of the step; the first that waits where it is left out.
    #[serde(default)]
    pub step: Option<String>,
    /// Name of the account; to nobody in particular where it is left out.
    #[serde(default)]
    pub account: Option<String>,
    /// Why.
    pub reason: String,
}

/// Assigns a task of one's own unit to somebody who may do it anyway, or takes an assignment back.
///
/// # Errors
/// `not_found` for a case that asks nothing of the unit, or that he may not see; `assignee_invalid` for an account that is not in
/// use, not of the unit, or has no right to the step; `four_eyes` for whoever had a part in it where another must do it;
/// `task_not_assigned` for a kind that is assigned to nobody; `reason_missing`; or a fault.
pub fn assign_as(service: &Service, desk: &Desk, person: &Person, asked: &Assigning) -> Result<TaskView> {
    let why = reason(&asked.reason)?.to_owned();
    if !asked.kind.is_assigned() {
        let text = "提请、暂缓公示的记录、商业秘密主张和滥用线索不分派，由有权的人员办理";
        return Err(AppError::refused("task_not_assigned", "kind", text));
    }
    let worker = service.worker(person)?;
    if !worker.allows(asked.kind.reading()) {
        return Err(AppError::NotFound);
    }
    let waiting = service.task_of(&worker, asked)?.ok_or(AppError::NotFound)?;
    let name = asked.account.as_deref().map(str::trim).filter(|name| !name.is_empty());
    if let Some(name) = name {
        service.judge_assignee(&worker, name, &waiting)?;
    }
    let details = [
        ("kind", waiting.kind.code()),
        ("number", &waiting.number),
        ("step", waiting.step.code),
        ("account", name.unwrap_or_default()),
    ];
    let draft = Draft {
        kind: "task_assigned",
        actor: person.account.name.clone(),
        second: None,
        purpose: "access",
        basis: "鲁信用办〔2019〕8号 十八".to_owned(),
        reason: why,
        rulebook: service.rulebook().digest,
        as_of: service.real_today(),
        batch: None,
        details: details.map(|(name, value)| (name.to_owned(), Value::from(value))).into_iter().collect::<Map<_, _>>(),
    };
    let (name, by, one) = (name.map(str::to_owned), person.account.name.clone(), waiting.clone());
    desk.act(move |writer| {
        writer.change(&draft, |change| {
            assignment::put(change, &task(&one), name.as_deref(), &by)?;
            change.number_under_unit(&one.unit)
        })?;
        Ok(())
    })?;
    let found = service.read(|connection| service.met(connection, &worker, waiting.clone()))?;
    let mut shown = service.shown(std::slice::from_ref(&found))?;
    shown.pop().ok_or(AppError::NotFound)
}

impl Service {
    /// The task of a case that waits for one of a person's units.
    fn task_of(&self, worker: &Worker, asked: &Assigning) -> Result<Option<Waiting>> {
        let (today, rulebook) = (self.today(), self.rulebook());
        let (office, units) = (View::office(today), units_of(worker.role, &worker.account.unit));
        let found = self.read(|connection| waiting_in(connection, &office, (rulebook, &units), asked))?;
        let wanted = |one: &Waiting| asked.step.as_deref().is_none_or(|step| step.is_empty() || step == one.step.code);
        Ok(found.into_iter().find(|one| units.contains(&one.unit) && wanted(one)))
    }

    /// Refuses an assignee who could not do it without the assignment.
    fn judge_assignee(&self, worker: &Worker, name: &str, waiting: &Waiting) -> Result<()> {
        let invalid = |text: &str| AppError::refused("assignee_invalid", "account", text.to_owned());
        let account = worker.colleagues.get(name).filter(|account| worker.is_in_use(account));
        let account = account.ok_or_else(|| invalid("接办人须为本单位的在用账户"))?;
        let role = Role::from_code(&account.role).ok_or_else(|| invalid("接办人须为本单位的在用账户"))?;
        let (part, could) = self.read(|connection| {
            Ok((worker.had_a_part(connection, account, waiting)?, worker.could(connection, account, role, waiting)?))
        })?;
        if part {
            let text = "本案的提出人、经办人不得办理须由他人决定的步骤，换用另一账户亦同";
            return Err(AppError::refused("four_eyes", "account", text));
        }
        if could { Ok(()) } else { Err(invalid("接办人没有办理这一步骤的权限：分派不授予权限")) }
    }
}

/// What a case asks of any of these units.
fn waiting_in(
    connection: &mut Connection,
    office: &View,
    (rulebook, units): (&credence_domain::rulebook::Rulebook, &[String]),
    asked: &Assigning,
) -> credence_store::Result<Vec<Waiting>> {
    use credence_store::{listing as listings, measure as measures, objection as objections, officer as officers};
    let (number, today) = (asked.number.as_str(), office.today);
    Ok(match asked.kind {
        Kind::Listing => match listings::find(connection, office, number)? {
            Some(head) => listing::of(connection, rulebook, &head, today)?,
            None => Vec::new(),
        },
        Kind::Measure => {
            let mut found = Vec::new();
            if let Some(head) = measures::find(connection, office, number)? {
                for unit in units {
                    found.extend(measure::of(connection, &head, unit, today)?);
                }
            }
            found
        }
        Kind::Officer => match officers::find(connection, office, number)? {
            Some(head) => officer::of(connection, &rulebook.calendar, &head, today)?,
            None => Vec::new(),
        },
        Kind::Repair => match credence_store::repair::find(connection, office, number)? {
            Some(head) => repair::of(connection, &head)?.into_iter().collect(),
            None => Vec::new(),
        },
        Kind::Objection => match objections::find(connection, office, number)? {
            Some(head) => objection::of(connection, &head)?.into_iter().collect(),
            None => Vec::new(),
        },
        Kind::Proposal | Kind::Held | Kind::Claim | Kind::Incident => Vec::new(),
    })
}
