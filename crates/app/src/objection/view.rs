//! A case as people see it: the office and its auditors, the units that own, handle or decide on appeal, the organisation itself;
//! nobody else. The organisation sees units, never the names of their staff.

use super::folded;
use crate::paper::{PaperView, of_case};
use crate::query::page::{self, Asked, Page};
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::objection::{
    Case, Contest, Decision, Duty, Event, Evidence, Found, Matter, Outcome, Remedy, Standing, Statement,
};
use credence_store::connection::Connection;
use credence_store::letter;
use credence_store::objection::{self as kept, Head};
use credence_store::page::Place;
use credence_store::paper;
use credence_store::record;
use credence_store::scope::{Scope, View};
use jiff::civil::Date;
use serde::Serialize;
use std::cell::RefCell;

pub use crate::listing::{LetterView, ToldView};

/// A case in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeadView {
    /// Its number.
    pub number: String,
    /// `objection`, `complaint` or `reply`.
    pub matter: Matter,
    /// The organisation.
    pub uscc: String,
    /// Public reference of the record; `null` where it was erased.
    pub record: Option<String>,
    /// Its item.
    pub item: String,
    /// Number of its document, or the item's name.
    pub title: String,
    /// The unit whose record it is.
    pub owner: String,
    /// Its name.
    pub owner_name: String,
    /// The unit that handles the case.
    pub handler: String,
    /// Its name.
    pub handler_name: String,
    /// Where it stands on the day that is asked about.
    pub state: &'static str,
    /// Whether its mark is beside the record then.
    pub marked: bool,
    /// Day of the filing.
    pub filed_on: Date,
    /// Day of the last step.
    pub moved_on: Date,
    /// The shortest of the clocks that run.
    pub due_on: Option<Date>,
    /// Something is late.
    pub overdue: bool,
    /// How many things the party has said: one more for each that joined.
    pub statements: usize,
}

/// A clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClockView {
    /// Code of the rule.
    pub code: String,
    /// What it waits for.
    pub duty: Duty,
    /// The law in words.
    pub basis: String,
    /// The day that started it.
    pub from_on: Date,
    /// The last day in time.
    pub due_on: Date,
    /// That day leans on a calendar that is not published.
    pub provisional: bool,
    /// `running`, `overdue`, `met`, `late` or `stopped`.
    pub state: &'static str,
    /// When it ended.
    pub ended_on: Option<Date>,
}

/// What the party said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatementView {
    /// When it was entered.
    pub entered_on: Date,
    /// What.
    #[serde(flatten)]
    pub statement: Statement,
}

/// What the owner found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingView {
    /// The unit.
    pub unit: String,
    /// When.
    pub on: Date,
    /// What.
    pub found: Found,
    /// In words.
    pub text: String,
    /// Documents.
    pub evidence: Vec<Evidence>,
    /// The day on which the document behind the record was revoked.
    pub revoked_on: Option<Date>,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionView {
    /// The unit.
    pub unit: String,
    /// Who; empty for the organisation's own eyes.
    pub by: String,
    /// When.
    pub on: Date,
    /// Number of the letter.
    pub letter: String,
    /// What.
    pub outcome: Outcome,
    /// What is done, with old and new values.
    pub remedies: Vec<Remedy>,
    /// Why.
    pub reason: String,
    /// Last day to appeal; none before the answer was served.
    pub appeal_until: Option<Date>,
    /// Working days to appeal from the service; none where there is nothing to appeal, or the last day was counted from the letter.
    pub appeal_days: Option<u32>,
}

/// An appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AppealView {
    /// When.
    pub on: Date,
    /// Why.
    pub ground: String,
    /// The unit that decides it.
    pub referred: Option<String>,
    /// Its name.
    pub referred_name: Option<String>,
    /// What it decided.
    pub decision: Option<DecisionView>,
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
    /// Who took it; empty for the organisation's own eyes where a unit did.
    pub by: String,
    /// For which unit; empty for the organisation.
    pub unit: String,
    /// What happened; `null` for the filing, which the case itself tells.
    pub event: Option<Event>,
}

/// A case with everything in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseView {
    /// In short.
    #[serde(flatten)]
    pub head: HeadView,
    /// What is contested, of all that was said.
    pub contested: Vec<Contest>,
    /// Everything that the party said, in order.
    pub said: Vec<StatementView>,
    /// Documents, of all that was said.
    pub evidence: Vec<Evidence>,
    /// Those that are kept as files, the owner's with them.
    pub files: Vec<PaperView>,
    /// Every clock.
    pub clocks: Vec<ClockView>,
    /// What the owner found.
    pub finding: Option<FindingView>,
    /// The decision.
    pub decision: Option<DecisionView>,
    /// The appeal.
    pub appeal: Option<AppealView>,
    /// Its decisions by their letters, with their service and what was filed against them.
    pub decisions: Vec<ToldView>,
    /// Every step.
    pub steps: Vec<StepView>,
    /// Every letter.
    pub letters: Vec<LetterView>,
}

/// A page of the cases that a view may see, newest first; of one matter and one state where they are given.
///
/// # Errors
/// `bad_parameter` for an unknown matter, state or limit, `bad_cursor`, or a fault.
pub fn list(
    connection: &mut Connection,
    view: &View,
    (matter, state): (Option<&str>, Option<&str>),
    page: Asked<'_>,
) -> Result<Page<HeadView>> {
    if let Some(state) = state.filter(|state| !Standing::CODES.contains(state)) {
        return Err(AppError::refused("bad_parameter", "state", format!("没有状态{state}")));
    }
    if let Some(matter) = matter.filter(|matter| Matter::from_code(matter).is_none()) {
        return Err(AppError::refused("bad_parameter", "matter", format!("没有种类{matter}")));
    }
    let connection = RefCell::new(connection);
    let ask = |after: Option<&Place>, limit| {
        let sort = matter.unwrap_or_default();
        let asked = credence_store::page::Asked { sort, after, limit, ..Default::default() };
        Ok(kept::list(&mut connection.borrow_mut(), view, &asked)?)
    };
    // The state of the day is no column: the last day to appeal ends a case.
    page::of_cases(page, kept::Head::place, ask, |head| {
        let connection = &mut connection.borrow_mut();
        let case = folded(connection, &head)?;
        let told = head_view(connection, &head, &case, view.today)?;
        Ok(state.is_none_or(|state| state == told.state).then_some(told))
    })
}

/// A case with everything, if the view may see it.
///
/// # Errors
/// `not_found`, or a fault.
pub fn show(connection: &mut Connection, view: &View, number: &str) -> Result<CaseView> {
    let head = kept::find(connection, view, number)?.ok_or(AppError::NotFound)?;
    let steps = kept::steps(connection, &head)?;
    let case = folded(connection, &head)?;
    let letters = letter::of_case(connection, (&head.uscc, number))?;
    let of_the_party = matches!(view.scope, Scope::Organisation { .. });
    let shown = |by: &str, unit: &str| if of_the_party && !unit.is_empty() { String::new() } else { by.to_owned() };
    let said = |(entered_on, statement): (Date, &Statement)| StatementView { entered_on, statement: statement.clone() };
    let all: Vec<(Date, &Statement)> = std::iter::once((case.filed_on, &case.filed.statement))
        .chain(case.joined.iter().map(|joined| (joined.on, &joined.statement)))
        .collect();
    let mut contested: Vec<Contest> = all.iter().flat_map(|(_, one)| one.contested.iter().copied()).collect();
    contested.sort_unstable();
    contested.dedup();
    let decision = |one: &Decision| DecisionView {
        unit: one.unit.clone(),
        by: shown(&one.by, &one.unit),
        on: one.on,
        letter: one.decided.letter.clone(),
        outcome: one.decided.outcome,
        remedies: one.decided.remedies.clone(),
        reason: one.decided.reason.clone(),
        appeal_until: one.decided.appeal_until,
        appeal_days: one.decided.appeal_days,
    };
    let files = of_case(connection, &head.uscc, (paper::Matter::Objection, number))?;
    Ok(CaseView {
        contested,
        files,
        evidence: all.iter().flat_map(|(_, one)| one.evidence.iter().cloned()).collect(),
        said: all.into_iter().map(said).collect(),
        clocks: case.clocks.iter().map(|clock| clock_view(clock, view.today)).collect(),
        finding: case.finding.as_ref().map(|finding| FindingView {
            unit: finding.unit.clone(),
            on: finding.on,
            found: finding.found,
            text: finding.text.clone(),
            evidence: finding.evidence.clone(),
            revoked_on: finding.revoked_on,
        }),
        decision: case.decision.as_ref().map(decision),
        appeal: case.appeal.as_ref().map(|appeal| AppealView {
            on: appeal.on,
            ground: appeal.ground.clone(),
            referred: appeal.referred.as_ref().map(|(unit, _)| unit.clone()),
            referred_name: appeal.referred.as_ref().map(|(_, name)| name.clone()),
            decision: appeal.decision.as_ref().map(decision),
        }),
        decisions: case.told.iter().map(ToldView::from).collect(),
        steps: steps
            .into_iter()
            .zip(1..)
            .map(|(taken, step)| StepView {
                step,
                kind: taken.event.code(),
                on: taken.on,
                by: shown(&taken.by, &taken.unit),
                unit: taken.unit,
                event: (!matches!(taken.event, Event::Filed(_))).then_some(taken.event),
            })
            .collect(),
        letters: letters.into_iter().map(LetterView::from).collect(),
        head: head_view(connection, &head, &case, view.today)?,
    })
}

fn clock_view(clock: &credence_domain::objection::Running, today: Date) -> ClockView {
    ClockView {
        code: clock.clock.code.clone(),
        duty: clock.clock.duty,
        basis: clock.clock.basis.clone(),
        from_on: clock.clock.from_on,
        due_on: clock.due_on,
        provisional: clock.clock.provisional,
        state: clock.code_on(today),
        ended_on: clock.ended.map(|(_, on)| on),
    }
}

fn head_view(connection: &mut Connection, head: &Head, case: &Case, today: Date) -> Result<HeadView> {
    let stored = record::find(connection, &View::office(today), &head.uscc, &head.identity)?;
    let filed = &case.filed;
    Ok(HeadView {
        number: head.number.clone(),
        matter: head.matter,
        uscc: head.uscc.clone(),
        record: stored.map(|stored| hex(&stored.reference)),
        item: filed.item.clone(),
        title: filed.title.clone(),
        owner: filed.owner.clone(),
        owner_name: filed.owner_name.clone(),
        handler: filed.handler.clone(),
        handler_name: filed.handler_name.clone(),
        state: case.code_on(today),
        marked: case.is_marked() && case.mark_through().is_none_or(|last| today <= last),
        filed_on: case.filed_on,
        moved_on: case.last_on,
        due_on: case.due_on(),
        overdue: case.is_overdue(today),
        statements: 1 + case.joined.len(),
    })
}
