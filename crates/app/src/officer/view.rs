//! Terms, cases and duties as people see them: the unit that acts, the office and its auditors, the organisation itself; nobody else.
//! An organisation sees the names of its officers and never those of a unit's staff; nobody sees the number of a paper but
//! masked.

use super::{case_of, duty_of, term_of};
use crate::listing::LetterView;
use crate::query::page::{self, Asked, Page};
use crate::{AppError, Result};
use credence_domain::officer::{Case, CaseStep, Duty, DutyStep, State, Term, TermStep, named};
use credence_domain::rulebook::procedure::Above;
use credence_store::connection::Connection;
use credence_store::letter;
use credence_store::officer::person::{self, Person};
use credence_store::officer::{self as kept, Head, Kind};
use credence_store::page::Place;
use credence_store::scope::{Scope, View};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;
use std::cell::RefCell;

/// A file in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeadView {
    /// Its number.
    pub number: String,
    /// `term`, `case` or `duty`.
    pub kind: Kind,
    /// The organisation.
    pub uscc: String,
    /// The unit that acts.
    pub unit: String,
    /// Number of the listing; `null` for a term of office.
    pub listing: Option<String>,
    /// Where it stands on the day that is asked about.
    pub state: &'static str,
    /// The office; `null` for a duty.
    pub role: Option<&'static str>,
    /// The name; `null` for a duty, and where it was erased.
    pub name: Option<String>,
    /// Last day of the term or of the consequence.
    pub through_on: Option<Date>,
    /// Something that was due has not come.
    pub overdue: bool,
    /// Day of the first step.
    pub opened_on: Date,
    /// Day of the last step.
    pub moved_on: Date,
}

/// A term of office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TermView {
    /// The number of the identity card, masked; `null` where none is known.
    pub identity_number: Option<String>,
    /// First day in office.
    pub from_on: Date,
    /// Last day in office.
    pub through_on: Option<Date>,
    /// What proves it.
    pub evidence: String,
    /// Clause by which the person was erased.
    pub erased: Option<String>,
    /// Numbers of the cases that name it.
    pub cases: Vec<String>,
}

/// A person's case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseView {
    /// Number of the term of office.
    pub term: String,
    /// Name of the list.
    pub list_name: String,
    /// Number of the decision to list.
    pub document: String,
    /// First day of the conduct.
    pub conduct_from_on: Date,
    /// Last day of the conduct.
    pub conduct_through_on: Date,
    /// What the person did or left undone.
    pub facts: String,
    /// Code of the legal ground.
    pub ground: String,
    /// First day of its edition.
    pub edition: Date,
    /// The law in words.
    pub basis: String,
    /// What follows.
    pub consequence: String,
    /// The authority that keeps the person's own record.
    pub keeper: String,
    /// Who proposed it; empty for the organisation's own eyes.
    pub proposed_by: String,
    /// Last day to answer, while that runs.
    pub answer_due_on: Option<Date>,
    /// Who decided; empty for the organisation's own eyes.
    pub decided_by: Option<String>,
    /// Why the person answers, or why nothing follows.
    pub reason: Option<String>,
    /// What is owed to the keeper of the person's record, and by when.
    pub hand_over_due_on: Option<Date>,
    /// A remedy of the person's own is pending.
    pub contested: bool,
    /// Why it ended.
    pub ended_for: Option<String>,
}

/// A duty to inform those above.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DutyView {
    /// Number of the decision to list.
    pub document: String,
    /// `public_body`, `state_enterprise` or `official`.
    pub because: &'static str,
    /// By when.
    pub due_on: Date,
    /// Whom.
    pub notices: Vec<NoticeView>,
}

/// One of those who are informed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeView {
    /// Whom.
    pub to: Above,
    /// Name of the body that received it; `null` while it is owed.
    pub addressee: Option<String>,
    /// Number of the letter or receipt.
    pub number: Option<String>,
    /// Its day.
    pub on: Option<Date>,
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
    /// What happened; `null` for a first step, which the file itself tells.
    pub event: Option<Value>,
}

/// A file with everything in one place; one of `office`, `case` and `duty` is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfficerView {
    /// In short.
    #[serde(flatten)]
    pub head: HeadView,
    /// The term of office.
    pub office: Option<TermView>,
    /// The person's case.
    pub case: Option<CaseView>,
    /// The duty to inform.
    pub duty: Option<DutyView>,
    /// Every step.
    pub steps: Vec<StepView>,
    /// Letters to the person.
    pub letters: Vec<LetterView>,
}

/// A page of the files that a view may see, newest first; of one kind, of one state where these are given.
///
/// # Errors
/// `bad_parameter` for an unknown kind, state or limit, `bad_cursor`, or a fault.
pub fn list(
    connection: &mut Connection,
    view: &View,
    (kind, state): (Option<&str>, Option<&str>),
    page: Asked<'_>,
) -> Result<Page<HeadView>> {
    let bad = |field: &str, value: &str| AppError::refused("bad_parameter", field, format!("没有{value}"));
    let kind = match kind {
        Some(code) => Some(Kind::from_code(code).ok_or_else(|| bad("kind", code))?),
        None => None,
    };
    let known = |state: &str| Kind::ALL.iter().any(|kind| kind.states().contains(&state));
    if let Some(state) = state.filter(|state| !known(state)) {
        return Err(bad("state", state));
    }
    let connection = RefCell::new(connection);
    let ask = |after: Option<&Place>, limit| {
        let sort = kind.map_or("", Kind::code);
        let asked = credence_store::page::Asked { sort, after, limit, ..Default::default() };
        Ok(kept::list(&mut connection.borrow_mut(), view, &asked)?)
    };
    // The state of the day is no column: what a decision bars ends by its own term.
    page::of_cases(page, kept::Head::place, ask, |head| {
        let connection = &mut connection.borrow_mut();
        let opened = Opened::of(connection, &head)?;
        let person = person::of_term(connection, &head.uscc, opened.term(&head))?;
        let told = opened.head(&head, person.as_ref(), view.today);
        Ok(state.is_none_or(|state| state == told.state).then_some(told))
    })
}

/// A file with everything, if the view may see it.
///
/// # Errors
/// `not_found`, or a fault.
pub fn show(connection: &mut Connection, view: &View, number: &str) -> Result<OfficerView> {
    let head = kept::find(connection, view, number)?.ok_or(AppError::NotFound)?;
    let opened = Opened::of(connection, &head)?;
    let person = person::of_term(connection, &head.uscc, opened.term(&head))?;
    let of_the_party = matches!(view.scope, Scope::Organisation { .. });
    let by = |by: &str| if of_the_party { String::new() } else { by.to_owned() };
    let name = person.as_ref().and_then(|person| person.name.clone());
    let letters = letter::of_case(connection, (&head.uscc, number))?.into_iter().map(|mut letter| {
        letter.body = named(&letter.body, name.as_deref().unwrap_or("（已依法删除）"));
        LetterView::from(letter)
    });
    let letters = letters.collect();
    let (mut office, mut of_case, mut duty) = (None, None, None);
    match &opened {
        Opened::Term(term, _) => {
            let cases = kept::of_term(connection, &head.uscc, number)?;
            office = Some(TermView {
                identity_number: person.as_ref().and_then(|person| person.masked.clone()),
                from_on: term.from_on,
                through_on: term.through_on,
                evidence: term.evidence.clone(),
                erased: term.erased.clone(),
                cases: cases.into_iter().map(|case| case.number).collect(),
            });
        }
        Opened::Case(case, _) => of_case = Some(case_view(case, view.today, &by)),
        Opened::Duty(found, _) => {
            duty = Some(DutyView {
                document: found.document.clone(),
                because: found.because.code(),
                due_on: found.due_on,
                notices: found.notices.iter().map(notice_view).collect(),
            });
        }
    }
    Ok(OfficerView {
        steps: opened.steps(&by),
        head: opened.head(&head, person.as_ref(), view.today),
        office,
        case: of_case,
        duty,
        letters,
    })
}

/// A file folded, with its steps.
enum Opened {
    Term(Term, Vec<TermStep>),
    Case(Box<Case>, Vec<CaseStep>),
    Duty(Duty, Vec<DutyStep>),
}

impl Opened {
    fn of(connection: &mut Connection, head: &Head) -> Result<Self> {
        Ok(match head.kind {
            Kind::Term => Self::Term(term_of(connection, head)?, kept::steps(connection, head)?),
            Kind::Case => Self::Case(Box::new(case_of(connection, head)?), kept::steps(connection, head)?),
            Kind::Duty => Self::Duty(duty_of(connection, head)?, kept::steps(connection, head)?),
        })
    }

    /// Number of the term of office that it is about.
    fn term<'h>(&self, head: &'h Head) -> &'h str {
        if head.kind == Kind::Term { &head.number } else { &head.term }
    }

    fn head(&self, head: &Head, person: Option<&Person>, today: Date) -> HeadView {
        let (state, role, overdue) = match self {
            Self::Term(term, _) => (term.code(), Some(term.role), false),
            Self::Case(case, _) => (case.code_on(today), Some(case.proposed.role), case.is_overdue(today)),
            Self::Duty(duty, _) => (duty.standing().code(), None, duty.is_overdue(today)),
        };
        HeadView {
            number: head.number.clone(),
            kind: head.kind,
            uscc: head.uscc.clone(),
            unit: head.unit.clone(),
            listing: Some(head.listing.clone()).filter(|listing| !listing.is_empty()),
            state,
            role: role.map(credence_domain::officer::Role::code),
            name: person.and_then(|person| person.name.clone()),
            through_on: head.through_on,
            overdue,
            opened_on: head.opened_on,
            moved_on: head.moved_on,
        }
    }

    fn steps(&self, by: &impl Fn(&str) -> String) -> Vec<StepView> {
        match self {
            Self::Term(_, steps) => {
                let told = |s: &TermStep| (s.event.code(), s.on, by(&s.by), serde_json::to_value(&s.event).ok());
                numbered(steps.iter().map(told))
            }
            Self::Case(_, steps) => {
                let told = |s: &CaseStep| (s.event.code(), s.on, by(&s.by), serde_json::to_value(&s.event).ok());
                numbered(steps.iter().map(told))
            }
            Self::Duty(_, steps) => {
                let told = |s: &DutyStep| (s.event.code(), s.on, by(&s.by), serde_json::to_value(&s.event).ok());
                numbered(steps.iter().map(told))
            }
        }
    }
}

/// The steps with their numbers; the first says nothing that the file itself does not tell.
fn numbered(steps: impl Iterator<Item = (&'static str, Date, String, Option<Value>)>) -> Vec<StepView> {
    let view = |(step, (kind, on, by, event)): (usize, (&'static str, Date, String, Option<Value>))| StepView {
        step,
        kind,
        on,
        by,
        event: event.filter(|_| step > 1),
    };
    (1..).zip(steps).map(view).collect()
}

fn case_view(case: &Case, today: Date, by: &impl Fn(&str) -> String) -> CaseView {
    let (about, decided) = (&case.proposed, case.decided());
    let answer_due_on = match &case.state {
        State::Notified(notified) => Some(notified.answer_due_on),
        _ => None,
    };
    let (decided_by, reason) = match (&case.state, decided) {
        (State::Dismissed(dismissed), _) => (Some(by(&dismissed.by)), Some(dismissed.reason.clone())),
        (_, Some(decided)) => (Some(by(&decided.by)), Some(decided.reason.clone())),
        _ => (None, None),
    };
    let ended_for = match &case.state {
        State::Ended(end) => Some(end.cause.told()),
        State::Withdrawn { reason, .. } => Some(reason.clone()),
        _ => None,
    };
    CaseView {
        term: about.term.clone(),
        list_name: about.list_name.clone(),
        document: about.document.clone(),
        conduct_from_on: about.conduct_from_on,
        conduct_through_on: about.conduct_through_on,
        facts: about.facts.clone(),
        ground: about.ground.clone(),
        edition: about.edition,
        basis: about.basis.clone(),
        consequence: about.consequence.clone(),
        keeper: about.keeper.clone(),
        proposed_by: by(&case.proposed_by),
        answer_due_on,
        decided_by,
        reason,
        hand_over_due_on: case.owed_on(today),
        contested: decided.is_some_and(|decided| decided.remedies.iter().any(|one| one.outcome.is_none())),
        ended_for,
    }
}

fn notice_view(notice: &credence_domain::officer::Notice) -> NoticeView {
    let done = notice.done.as_ref();
    NoticeView {
        to: notice.to,
        addressee: done.map(|(addressee, ..)| addressee.clone()),
        number: done.map(|(_, number, _)| number.clone()),
        on: done.map(|(.., on)| *on),
    }
}
