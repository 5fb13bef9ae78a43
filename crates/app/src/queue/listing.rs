//! What a case of a listing asks of the unit that acts: service, answers to statements, a hearing, a decision, a talk.

use super::{Kind, Step, Waiting, due, step};
use credence_domain::access::Action;
use credence_domain::calendar::Due;
use credence_domain::listing::{Case, Desk, Notified, State};
use credence_domain::rulebook::Rulebook;
use credence_store::Result;
use credence_store::connection::Connection;
use credence_store::listing::{self as kept, Head};
use jiff::civil::Date;

const STEP: Action = Action::StepListing;
const SERVE_NOTICE: Step = step("serve_notice", "送达事先告知书", STEP);
const ANSWER: Step = step("answer_statement", "复核陈述、申辩", STEP);
const CALL_HEARING: Step = step("notify_hearing", "通知听证", STEP);
const SERVE_HEARING: Step = step("serve_hearing_notice", "送达听证通知书", STEP);
const HOLD_HEARING: Step = step("hold_hearing", "举行听证", STEP);
const DECIDE: Step = step("decide", "作出决定", Action::DecideListing);
const SERVE_DECISION: Step = step("serve_decision", "送达决定书", STEP);
const SERVE_REMOVAL: Step = step("serve_removal", "送达移出决定书", STEP);
const HOLD_TALK: Step = step("hold_talk", "约谈", STEP);

/// What waits for a unit, and whether there may be more.
pub(super) fn waiting(
    connection: &mut Connection,
    (rulebook, unit): (&Rulebook, &str),
    today: Date,
    limit: u32,
) -> Result<(Vec<Waiting>, bool)> {
    let heads = kept::waiting(connection, unit, limit)?;
    let more = super::gather::is_full(heads.iter().map(|head| head.state.as_str()), &["proposed", "notified"], limit);
    let mut found = Vec::new();
    for head in heads {
        found.extend(of(connection, rulebook, &head, today)?);
    }
    Ok((found, more))
}

/// What one case asks for on a day.
pub(super) fn of(connection: &mut Connection, rulebook: &Rulebook, head: &Head, today: Date) -> Result<Vec<Waiting>> {
    let case = crate::listing::folded(connection, head)?;
    let made = |(step, due): (Step, Option<Due>)| Waiting {
        kind: Kind::Listing,
        uscc: head.uscc.clone(),
        number: head.number.clone(),
        title: case.list_name.clone(),
        unit: case.unit.clone(),
        // Who proposed it does not decide.
        not_by: if step == DECIDE { vec![case.proposed_by.clone()] } else { Vec::new() },
        taken_by: None,
        step,
        due,
        since_on: head.moved_on,
    };
    Ok(asked(&case, rulebook, today).into_iter().map(made).collect())
}

fn asked(case: &Case, rulebook: &Rulebook, today: Date) -> Vec<(Step, Option<Due>)> {
    let mut found = match &case.state {
        State::Proposed => vec![(SERVE_NOTICE, None)],
        State::Notified(notified) => heard(notified, rulebook, today),
        State::Listed(listed) if listed.served.is_none() => vec![(SERVE_DECISION, None)],
        State::NotListed(dismissed) if dismissed.served.is_none() => vec![(SERVE_DECISION, None)],
        State::Delisted(ended) if ended.served.is_none() && !ended.letter.is_empty() => vec![(SERVE_REMOVAL, None)],
        _ => Vec::new(),
    };
    let open = !matches!(case.state, State::Withdrawn { .. });
    let called = case.talks.iter().filter(|talk| open && talk.held.is_none());
    found.extend(called.map(|talk| (HOLD_TALK, Some(due(talk.talk_on)))));
    found
}

/// Before the decision: what the party said is answered and a hearing held; then the decision, once its time is over.
fn heard(notified: &Notified, rulebook: &Rulebook, today: Date) -> Vec<(Step, Option<Due>)> {
    let mut found = Vec::new();
    if notified.statements.iter().any(|statement| statement.answer.is_none()) {
        found.push((ANSWER, None));
    }
    if let Some(hearing) = notified.hearing.as_ref().filter(|hearing| hearing.held.is_none()) {
        found.push(match &hearing.notice {
            None => (CALL_HEARING, None),
            Some(notice) if notice.served.is_none() => {
                let desk = Desk { rulebook, by: "", today };
                (SERVE_HEARING, Some(desk.latest_notice(notice.hearing_on)))
            }
            Some(notice) => (HOLD_HEARING, Some(due(notice.hearing_on))),
        });
    }
    // Days that leaned on a calendar that was not published are counted by the one that is.
    let window = match notified.provisional {
        true => rulebook.calendar.due(notified.service.served_on, notified.answer_days),
        false => due(notified.answer_due_on),
    };
    let over = !window.provisional && window.on < today;
    if found.is_empty() && (notified.waived || over) {
        found.push((DECIDE, None));
    }
    found
}
