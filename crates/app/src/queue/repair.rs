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
const SERVE_DECISION: Step = step("serve_decision", "送达决定文书", Action::StepRepair);
const SERVE_REVOCATION: Step = step("serve_revocation", "送达撤销修复告知书", Action::StepRepair);
const END_REVOCATION: Step = step("end_revocation", "陈述、申辩期满后决定是否撤销", Action::DecideRepair);

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
    // While a revocation is proposed nothing else is done: its notice is served, and then another person ends it by its day.
    let revoking = case.revoking().map(|proposed| match proposed.served {
        None => (SERVE_REVOCATION, Vec::new()),
        Some(_) => (END_REVOCATION, part(&case).into_iter().chain([proposed.by.clone()]).collect()),
    });
    let (step, unit, not_by) = match (&case.state, revoking) {
        (_, Some((step, not_by))) => (step, case.applied.unit.as_str(), not_by),
        (State::Applied, _) => (PUSH, PLATFORM_UNIT, Vec::new()),
        (State::Arrived, _) if case.applied.plan.is_some() => (SHIELD, case.applied.unit.as_str(), part(&case)),
        (State::Arrived, _) => (ACCEPT, case.applied.unit.as_str(), Vec::new()),
        (State::Accepted, _) => (DECIDE, case.applied.unit.as_str(), part(&case)),
        _ if head.unserved == Some(true) => (SERVE_DECISION, case.applied.unit.as_str(), Vec::new()),
        _ => return Ok(None),
    };
    let clock = match step {
        SERVE_REVOCATION | SERVE_DECISION => None,
        END_REVOCATION => case.clocks.iter().rev().find(|clock| clock.code == "revoke").map(|clock| clock.due),
        _ => case.next_due(),
    };
    Ok(Some(Waiting {
        kind: Kind::Repair,
        uscc: head.uscc.clone(),
        number: head.number.clone(),
        title: case.applied.document.clone(),
        unit: unit.to_owned(),
        step,
        due: clock.map(|due| Due { on: due.on, provisional: due.provisional }),
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
