//! A measure as people see it: the office and its auditors, the unit whose decision it is, the units that carry it out, the
//! organisation itself; nobody else. An organisation sees units, never the names of their staff.

use super::folded;
use crate::query::page::{self, Asked, Page};
use crate::{AppError, Result};
use credence_domain::measure::{Cause, Complaint, Done, Event, Measure, Standing, Task};
use credence_domain::rulebook::measure::Force;
use credence_store::connection::Connection;
use credence_store::measure::{self as kept, Head};
use credence_store::page::Place;
use credence_store::scope::{Scope, View};
use jiff::civil::Date;
use serde::Serialize;
use std::cell::RefCell;

/// A measure in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeadView {
    /// Its number.
    pub number: String,
    /// The organisation.
    pub uscc: String,
    /// Code in the measures list.
    pub measure: String,
    /// Its name.
    pub name: String,
    /// First day of the version of the list's item under which it was begun.
    pub edition: Date,
    /// The unit whose decision it is.
    pub unit: String,
    /// `running`, `suspended` or `ended` on the day that is asked about.
    pub state: &'static str,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub through_on: Date,
    /// Some unit is late.
    pub overdue: bool,
}

/// What a unit has to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaskView {
    /// The unit.
    pub unit: String,
    /// Its name.
    pub name: String,
    /// As which body of the list.
    pub body: String,
    /// `dispatched`, `acknowledged`, `reported`, `lifted`.
    pub state: &'static str,
    /// Something that was due has not come.
    pub overdue: bool,
    /// Last day to acknowledge.
    pub acknowledge_due_on: Option<Date>,
    /// Last day to report.
    pub report_due_on: Option<Date>,
    /// When it took note.
    pub acknowledged_on: Option<Date>,
    /// The day on which it was done.
    pub done_on: Option<Date>,
    /// What it did.
    pub done: Option<Done>,
    /// With what effect.
    pub effect: Option<String>,
    /// When it said that it had stopped.
    pub lifted_on: Option<Date>,
}

/// A complaint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ComplaintView {
    /// When.
    pub on: Date,
    /// What about.
    pub text: String,
    /// Whether it was right; `null` while nobody has answered.
    pub upheld: Option<bool>,
    /// Why.
    pub reason: Option<String>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepView {
    /// Its number, from 1.
    pub step: usize,
    /// Code of what happened.
    pub kind: &'static str,
    /// The day.
    pub on: Date,
    /// Who took it; empty for the organisation's own eyes.
    pub by: String,
    /// What happened; `null` for the beginning, which the measure itself tells.
    pub event: Option<Event>,
}

/// A measure with everything in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MeasureInForce {
    /// In short.
    #[serde(flatten)]
    pub head: HeadView,
    /// What is done.
    pub content: String,
    /// The law in words.
    pub basis: String,
    /// `binds`, `may`, `record`, `informs`.
    pub force: Force,
    /// The body in words.
    pub body: String,
    /// What it rests on.
    pub cause: Cause,
    /// Why it ended; `null` while it has not, or when its own term ended it.
    pub ended_for: Option<String>,
    /// When.
    pub ended_on: Option<Date>,
    /// Last day for the units to say that they have stopped.
    pub lift_due_on: Option<Date>,
    /// What each unit has to do; none where the list only informs.
    pub tasks: Vec<TaskView>,
    /// Bodies of the list for which the directory has no unit there.
    pub unassigned: Vec<String>,
    /// Complaints.
    pub complaints: Vec<ComplaintView>,
    /// Every step.
    pub steps: Vec<StepView>,
}

/// A page of the measures that a view may see, newest first; of one state where it is given.
///
/// # Errors
/// `bad_parameter` for an unknown state or limit, `bad_cursor`, or a fault.
pub fn list(connection: &mut Connection, view: &View, state: Option<&str>, page: Asked<'_>) -> Result<Page<HeadView>> {
    if let Some(state) = state.filter(|state| !Standing::CODES.contains(state)) {
        return Err(AppError::refused("bad_parameter", "state", format!("没有状态{state}")));
    }
    let connection = RefCell::new(connection);
    let ask = |after: Option<&Place>, limit| {
        let asked = credence_store::page::Asked { after, limit, ..Default::default() };
        Ok(kept::list(&mut connection.borrow_mut(), view, &asked)?)
    };
    // The state of the day is no column: a measure ends by its own term.
    page::of_cases(page, kept::Head::place, ask, |head| {
        let measure = folded(&mut connection.borrow_mut(), &head)?;
        let told = head_view(&head, &measure, view.today);
        Ok(state.is_none_or(|state| state == told.state).then_some(told))
    })
}

/// A measure with everything, if the view may see it.
///
/// # Errors
/// `not_found`, or a fault.
pub fn show(connection: &mut Connection, view: &View, number: &str) -> Result<MeasureInForce> {
    let head = kept::find(connection, view, number)?.ok_or(AppError::NotFound)?;
    let steps = kept::steps(connection, &head)?;
    let measure = folded(connection, &head)?;
    let (ended, today) = (measure.ended_by(view.today), view.today);
    let of_the_party = matches!(view.scope, Scope::Organisation { .. });
    let (ended_for, ended_on, lift_due_on) = match &measure.standing {
        Standing::Ended { reason, on, lift_due_on } => (Some(reason.clone()), Some(*on), *lift_due_on),
        _ => (None, None, None),
    };
    Ok(MeasureInForce {
        content: measure.begun.content.clone(),
        basis: measure.begun.basis.clone(),
        force: measure.begun.force,
        body: measure.begun.body.clone(),
        cause: measure.begun.cause.clone(),
        ended_for,
        ended_on,
        lift_due_on,
        tasks: measure.tasks.iter().map(|task| task_view(task, ended, today)).collect(),
        unassigned: measure.begun.unassigned.clone(),
        complaints: measure.complaints.iter().map(complaint_view).collect(),
        steps: steps
            .into_iter()
            .zip(1..)
            .map(|(taken, step)| StepView {
                step,
                kind: taken.event.code(),
                on: taken.on,
                by: if of_the_party { String::new() } else { taken.by },
                event: (!matches!(taken.event, Event::Begun(_))).then_some(taken.event),
            })
            .collect(),
        head: head_view(&head, &measure, today),
    })
}

fn head_view(head: &Head, measure: &Measure, today: Date) -> HeadView {
    let ended = measure.ended_by(today);
    HeadView {
        number: head.number.clone(),
        uscc: head.uscc.clone(),
        measure: head.measure.clone(),
        name: measure.begun.name.clone(),
        edition: head.edition,
        unit: head.unit.clone(),
        state: measure.code_on(today),
        from_on: measure.begun.from_on,
        through_on: measure.through_on,
        overdue: measure.tasks.iter().any(|task| task.is_overdue(ended, today)),
    }
}

fn task_view(task: &Task, ended: Option<Option<Date>>, today: Date) -> TaskView {
    TaskView {
        unit: task.unit.clone(),
        name: task.name.clone(),
        body: task.body.clone(),
        state: task.code(),
        overdue: task.is_overdue(ended, today),
        acknowledge_due_on: task.acknowledge_due_on,
        report_due_on: task.report_due_on,
        acknowledged_on: task.acknowledged_on,
        done_on: task.reported.as_ref().map(|(on, ..)| *on),
        done: task.reported.as_ref().map(|(_, done, _)| *done),
        effect: task.reported.as_ref().map(|(.., effect)| effect.clone()),
        lifted_on: task.lifted_on,
    }
}

fn complaint_view(complaint: &Complaint) -> ComplaintView {
    ComplaintView {
        on: complaint.on,
        text: complaint.text.clone(),
        upheld: complaint.answer.as_ref().map(|(upheld, _)| *upheld),
        reason: complaint.answer.as_ref().map(|(_, reason)| reason.clone()),
    }
}
