//! What a repair asks of the window and of the unit that decides.

use super::{Kind, Step, Waiting, step};
use crate::rulebook::PLATFORM_UNIT;
use credence_domain::access::Action;
use credence_domain::calendar::Due;
use credence_domain::repair::{Case, State};
use credence_store::Result;
use credence_store::connection::Connection;
use credence_store::repair::{self as kept, Head};

pub(super) const PUSH: Step = step("push", "审查并推送", Action::StepRepair);
const ACCEPT: Step = step("accept", "受理", Action::StepRepair);
const SHIELD: Step = step("shield", "办理临时屏蔽", Action::DecideRepair);
const DECIDE: Step = step("decide", "作出修复决定", Action::DecideRepair);

/// What waits for a unit, and whether there may be more; the window is the platform's.
pub(super) fn waiting(connection: &mut Connection, unit: &str, limit: u32) -> Result<(Vec<Waiting>, bool)> {
    let mut heads = kept::waiting(connection, unit, limit)?;
    let mut more = heads.len() >= limit as usize;
    if unit == PLATFORM_UNIT {
        let window = kept::at_the_window(connection, limit)?;
        more |= window.len() >= limit as usize;
        heads.extend(window);
    }
    let mut found = Vec::new();
    for head in heads {
        found.extend(of(connection, &head)?);
    }
    Ok((found, more))
}

/// What one case asks for.
pub(super) fn of(connection: &mut Connection, head: &Head) -> Result<Option<Waiting>> {
    let case = crate::repair::folded(connection, head)?;
    let (step, unit, not_by) = match &case.state {
        State::Applied => (PUSH, PLATFORM_UNIT, Vec::new()),
        State::Arrived if case.applied.plan.is_some() => (SHIELD, case.applied.unit.as_str(), part(&case)),
        State::Arrived => (ACCEPT, case.applied.unit.as_str(), Vec::new()),
        State::Accepted => (DECIDE, case.applied.unit.as_str(), part(&case)),
        _ => return Ok(None),
    };
    Ok(Some(Waiting {
        kind: Kind::Repair,
        uscc: head.uscc.clone(),
        number: head.number.clone(),
        title: case.applied.document.clone(),
        unit: unit.to_owned(),
        step,
        due: case.next_due().map(|due| Due { on: due.on, provisional: due.provisional }),
        since_on: head.moved_on,
        not_by,
        taken_by: None,
    }))
}

/// Who entered, passed on or accepted it: another decides.
fn part(case: &Case) -> Vec<String> {
    let pushed = case.pushed.iter().map(|(by, _)| by);
    let accepted = case.accepted.iter().map(|(by, _)| by);
    std::iter::once(&case.applied_by).chain(pushed).chain(accepted).cloned().collect()
}
