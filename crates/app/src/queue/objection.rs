//! What an objection, a complaint or a reply asks of the units that work on it.

use super::{Kind, Step, Waiting, step};
use credence_domain::access::Action;
use credence_domain::calendar::Due;
use credence_domain::objection::{Case, Matter, Standing};
use credence_store::Result;
use credence_store::connection::Connection;
use credence_store::objection::{self as kept, Head};

const STEP: Action = Action::StepObjection;
const DECIDES: Action = Action::DecideObjection;
const PUSH: Step = step("push", "转提供单位核查", STEP);
const ACCEPT: Step = step("accept", "受理", STEP);
const CHECK: Step = step("check", "核查", STEP);
const DECIDE: Step = step("decide", "答复", DECIDES);
const PRINT: Step = step("print", "审核申辩并刊登", DECIDES);
const REFER: Step = step("refer", "移送复核单位", STEP);
const SERVE_DECISION: Step = step("serve_decision", "送达答复文书", STEP);
const APPEAL: Step = step("decide_appeal", "作出复核决定", DECIDES);

/// What waits for a unit, and whether there may be more.
pub(super) fn waiting(connection: &mut Connection, unit: &str, limit: u32) -> Result<(Vec<Waiting>, bool)> {
    let heads = kept::waiting(connection, unit, limit)?;
    let more = heads.len() >= limit as usize;
    let mut found = Vec::new();
    for head in heads {
        found.extend(of(connection, &head)?.filter(|waiting| waiting.unit == unit));
    }
    Ok((found, more))
}

/// What one case asks for, and of which unit.
pub(super) fn of(connection: &mut Connection, head: &Head) -> Result<Option<Waiting>> {
    let case = crate::objection::folded(connection, head)?;
    let (filed, reply) = (&case.filed, case.filed.matter == Matter::Reply);
    let referred = case.appeal.as_ref().and_then(|appeal| appeal.referred.as_ref()).map(|(unit, _)| unit);
    let (step, unit) = match case.standing {
        Standing::Filed if reply => (PRINT, filed.handler.as_str()),
        Standing::Filed if case.needs_another() => (PUSH, filed.handler.as_str()),
        Standing::Filed | Standing::Checked => (DECIDE, filed.handler.as_str()),
        Standing::Pushed if case.accepted_on.is_none() => (ACCEPT, filed.owner.as_str()),
        Standing::Pushed => (CHECK, filed.owner.as_str()),
        Standing::Appealed => referred.map_or((REFER, filed.handler.as_str()), |unit| (APPEAL, unit.as_str())),
        _ => match case.serving_unit().filter(|_| head.unserved == Some(true)) {
            Some(unit) => (SERVE_DECISION, unit),
            None => return Ok(None),
        },
    };
    Ok(Some(Waiting {
        kind: Kind::Objection,
        uscc: head.uscc.clone(),
        number: head.number.clone(),
        title: format!("{}：{}", filed.matter.name(), filed.title),
        unit: unit.to_owned(),
        step,
        due: clock(&case),
        since_on: head.moved_on,
        not_by: part(&case, step),
        taken_by: None,
    }))
}

/// The clock that runs out first of those that run.
fn clock(case: &Case) -> Option<Due> {
    let running = case.clocks.iter().filter(|clock| clock.ended.is_none());
    let first = running.min_by_key(|clock| clock.due_on)?;
    Some(Due { on: first.due_on, provisional: first.clock.provisional })
}

/// Who checked does not answer, and who had any part does not decide the appeal.
fn part(case: &Case, step: Step) -> Vec<String> {
    match step {
        DECIDE => case.finding.iter().map(|finding| finding.by.clone()).collect(),
        APPEAL => case.involved.iter().map(|(by, _)| by.clone()).collect(),
        _ => Vec::new(),
    }
}
