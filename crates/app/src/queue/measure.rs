//! What a measure asks of a unit: to take note, to report, to stop; of the one that decided it, to answer complaints.

use super::{Kind, Step, Waiting, due, step};
use credence_domain::access::Action;
use credence_domain::calendar::Due;
use credence_domain::measure::{Measure, Standing};
use credence_store::Result;
use credence_store::connection::Connection;
use credence_store::measure::{self as kept, Head};
use jiff::civil::Date;

const STEP: Action = Action::StepMeasure;
const ACKNOWLEDGE: Step = step("acknowledge", "签收", STEP);
const REPORT: Step = step("report", "反馈实施情况", STEP);
const LIFT: Step = step("lift", "解除并回告", STEP);
const COMPLAINT: Step = step("answer_complaint", "答复投诉", STEP);

/// What waits for a unit, and whether there may be more.
pub(super) fn waiting(
    connection: &mut Connection,
    unit: &str,
    today: Date,
    limit: u32,
) -> Result<(Vec<Waiting>, bool)> {
    let heads = kept::waiting(connection, unit, today, limit)?;
    let more = heads.len() >= limit as usize;
    let mut found = Vec::new();
    for head in heads {
        found.extend(of(connection, &head, unit, today)?);
    }
    Ok((found, more))
}

/// What one measure asks of a unit on a day.
pub(super) fn of(connection: &mut Connection, head: &Head, unit: &str, today: Date) -> Result<Vec<Waiting>> {
    let measure = crate::measure::folded(connection, head)?;
    let made = |(step, due): (Step, Option<Due>)| Waiting {
        kind: Kind::Measure,
        uscc: head.uscc.clone(),
        number: head.number.clone(),
        title: measure.begun.name.clone(),
        unit: unit.to_owned(),
        step,
        due,
        since_on: head.moved_on,
        not_by: Vec::new(),
        taken_by: None,
    };
    Ok(asked(&measure, unit, today).into_iter().map(made).collect())
}

fn asked(measure: &Measure, unit: &str, today: Date) -> Vec<(Step, Option<Due>)> {
    let mut found = Vec::new();
    if let Some(task) = measure.tasks.iter().find(|task| task.unit == unit) {
        match measure.ended_by(today) {
            // What ended by its own term asks nobody to say so.
            Some(lift) => found.extend(lift.filter(|_| task.lifted_on.is_none()).map(|on| (LIFT, Some(due(on))))),
            None if task.acknowledged_on.is_none() => found.push((ACKNOWLEDGE, task.acknowledge_due_on.map(due))),
            None if task.reported.is_none() && measure.standing == Standing::Running => {
                found.push((REPORT, task.report_due_on.map(due)));
            }
            None => {}
        }
    }
    if measure.begun.unit == unit && measure.complaints.iter().any(|complaint| complaint.answer.is_none()) {
        found.push((COMPLAINT, None));
    }
    found
}
