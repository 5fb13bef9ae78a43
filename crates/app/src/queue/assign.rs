//! Assigning and reassigning (分派、转办): who of a unit does what waits for it, with the reason, as an act of the unit.

use super::gather::task;
use super::worker::{Worker, units_of};
use super::{Kind, TaskView, Waiting, listing, measure, objection, officer, other, repair};
use crate::account::{Person, reason};
use crate::desk::Desk;
use crate::rulebook::PLATFORM_UNIT;
use crate::service::Service;
use crate::{AppError, Result, View};
use credence_domain::access::Role;
use credence_store::act::Draft;
use credence_store::assignment;
use credence_store::connection::Connection;
use credence_store::incident;
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

/// Assigns a task of one's own unit, or one that waits for whoever has the right, to somebody of the unit who may do it anyway; or takes
/// an assignment back. An incident that was taken goes to its new holder with it.
///
/// # Errors
/// `not_found` for a case that asks nothing of the unit, or that he may not see; `assignee_invalid` for an account that is not in
/// use, not of the unit, or has no right to the step; `four_eyes` for whoever had a part in it where another must do it;
/// `reason_missing`; or a fault.
pub fn assign_as(service: &Service, desk: &Desk, person: &Person, asked: &Assigning) -> Result<TaskView> {
    let why = reason(&asked.reason)?.to_owned();
    let worker = service.worker(person)?;
    if !worker.allows(asked.kind.reading()) {
        return Err(AppError::NotFound);
    }
    let waiting = match asked.kind.is_shared() {
        true => service.shared_task(person, asked)?.filter(|one| wanted(asked, one)),
        false => service.task_of(&worker, asked)?,
    };
    let mut waiting = waiting.ok_or(AppError::NotFound)?;
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
    // What waits for a unit is numbered under it; what waits for whoever has the right under the unit of whoever assigns it.
    let own = Some(person.account.unit.as_str()).filter(|unit| !unit.is_empty()).unwrap_or(PLATFORM_UNIT);
    let under = if asked.kind.is_shared() { own } else { waiting.unit.as_str() }.to_owned();
    // Whoever has taken an incident is its holder in the incident itself.
    let taken = waiting.taken_by.is_some() || (asked.kind == Kind::Incident && waiting.step != other::TAKE);
    if taken {
        waiting.taken_by.clone_from(&name);
    }
    desk.act(move |writer| {
        writer.change(&draft, |change| {
            if taken {
                incident::hold(change, &one.number, name.as_deref().unwrap_or_default())?;
            } else {
                assignment::put(change, &task(&one), name.as_deref(), &by)?;
            }
            change.number_under_unit(&under)
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
        let of = (asked.kind, asked.number.as_str());
        let found = self.read(|connection| waiting_in(connection, &office, (rulebook, &units), of))?;
        Ok(found.into_iter().find(|one| units.contains(&one.unit) && wanted(asked, one)))
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

/// Whether the step of a task is the one that is asked for.
fn wanted(asked: &Assigning, one: &Waiting) -> bool {
    asked.step.as_deref().is_none_or(|step| step.is_empty() || step == one.step.code)
}

/// What a case asks of any of these units.
pub(super) fn waiting_in(
    connection: &mut Connection,
    office: &View,
    (rulebook, units): (&credence_domain::rulebook::Rulebook, &[String]),
    (kind, number): (Kind, &str),
) -> credence_store::Result<Vec<Waiting>> {
    use credence_store::{listing as listings, measure as measures, objection as objections, officer as officers};
    let today = office.today;
    Ok(match kind {
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
