//! What the case of a responsible person and a duty to inform ask of the unit that acts. No task names a person.

use super::{Kind, Step, Waiting, due, step};
use credence_domain::access::Action;
use credence_domain::calendar::{Calendar, Due};
use credence_domain::officer::{Case, Notified, Standing, State};
use credence_store::Result;
use credence_store::connection::Connection;
use credence_store::officer::{self as kept, Head, Kind as File};
use jiff::civil::Date;

const STEP: Action = Action::StepOfficer;
const SERVE_NOTICE: Step = step("serve_notice", "送达告知书", STEP);
const ANSWER: Step = step("answer_statement", "复核陈述、申辩", STEP);
const DECIDE: Step = step("decide", "作出决定", Action::DecideOfficer);
const SERVE_DECISION: Step = step("serve_decision", "送达决定书", STEP);
const HAND_OVER: Step = step("hand_over", "移交个人信用记录主管部门", STEP);
const RECALL: Step = step("recall", "告知主管部门已终止", STEP);
const INFORM: Step = step("inform", "通报上级和有关机关", STEP);

/// What waits for a unit, and whether there may be more.
pub(super) fn waiting(
    connection: &mut Connection,
    (calendar, unit): (&Calendar, &str),
    today: Date,
    limit: u32,
) -> Result<(Vec<Waiting>, bool)> {
    let heads = kept::waiting(connection, unit, limit)?;
    let states = heads.iter().map(|head| head.state.as_str());
    let more = super::gather::is_full(states, &["proposed", "notified", "open"], limit);
    let mut found = Vec::new();
    for head in heads {
        found.extend(of(connection, calendar, &head, today)?);
    }
    Ok((found, more))
}

/// What one file asks for on a day; nothing a term of office.
pub(super) fn of(connection: &mut Connection, calendar: &Calendar, head: &Head, today: Date) -> Result<Vec<Waiting>> {
    let made = |title: &str, step: Step, due: Option<Due>, not_by: Vec<String>| Waiting {
        kind: Kind::Officer,
        uscc: head.uscc.clone(),
        number: head.number.clone(),
        title: title.to_owned(),
        unit: head.unit.clone(),
        step,
        due,
        since_on: head.moved_on,
        not_by,
        taken_by: None,
    };
    Ok(match head.kind {
        File::Term => Vec::new(),
        File::Duty => {
            let duty = crate::officer::duty_of(connection, head)?;
            let open = duty.standing() == Standing::Open;
            let one = || made(&duty.document, INFORM, Some(due(duty.due_on)), Vec::new());
            open.then(one).into_iter().collect()
        }
        File::Case => {
            let case = crate::officer::case_of(connection, head)?;
            let apart = |step: Step| if step == DECIDE { vec![case.proposed_by.clone()] } else { Vec::new() };
            let asked = asked(&case, calendar, today).into_iter();
            asked.map(|(step, due)| made(&case.proposed.list_name, step, due, apart(step))).collect()
        }
    })
}

fn asked(case: &Case, calendar: &Calendar, today: Date) -> Vec<(Step, Option<Due>)> {
    let mut found = Vec::new();
    let unserved = match &case.state {
        State::Proposed => return vec![(SERVE_NOTICE, None)],
        State::Notified(notified) => return heard(notified, calendar, today),
        State::Withdrawn { .. } => return found,
        State::Dismissed(dismissed) => dismissed.served.is_none(),
        State::Decided(decided) => decided.served.is_none(),
        State::Ended(end) => end.decided.served.is_none(),
    };
    if unserved {
        found.push((SERVE_DECISION, None));
    }
    let owed = if matches!(case.state, State::Ended(_)) { RECALL } else { HAND_OVER };
    found.extend(case.owed_on(today).map(|on| (owed, Some(due(on)))));
    found
}

fn heard(notified: &Notified, calendar: &Calendar, today: Date) -> Vec<(Step, Option<Due>)> {
    if notified.statements.iter().any(|statement| statement.answer.is_none()) {
        return vec![(ANSWER, None)];
    }
    let window = match notified.provisional {
        true => calendar.due(notified.service.served_on, notified.answer_days),
        false => due(notified.answer_due_on),
    };
    let over = !window.provisional && window.on < today;
    if notified.waived || over { vec![(DECIDE, None)] } else { Vec::new() }
}
