//! A repair as people see it: the office and its auditors, the unit that decides, the organisation itself; nobody else.

use super::propagation::{Follower, followers, hides};
use super::{folded, shield};
use crate::listing::{LetterView, ToldView};
use crate::paper::{PaperView, of_case};
use crate::query::page::{self, Asked, Page};
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::listing::Service;
use credence_domain::publicity::Restart;
use credence_domain::repair::{Desk, Event, Fault, Met, Paper, Plan, Revocation, State, Stated, Step};
use credence_domain::rulebook::Rulebook;
use credence_store::connection::Connection;
use credence_store::page::Place;
use credence_store::paper::Matter;
use credence_store::repair::{self as kept, Head};
use credence_store::scope::View;
use credence_store::{letter, record, subject, unit};
use jiff::civil::Date;
use serde::Serialize;

/// A case in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeadView {
    /// Its number.
    pub number: String,
    /// The organisation.
    pub uscc: String,
    /// The unit that decides.
    pub unit: String,
    /// How it came: `account`, `paper`, `national`.
    pub channel: String,
    /// The number under which it is known outside; empty where it has none.
    pub reference: String,
    /// Where it stands.
    pub state: String,
    /// Last day of the clock that runs.
    pub due_on: Option<Date>,
    /// Whether that day is over.
    pub overdue: bool,
    /// Day of the application.
    pub opened_on: Date,
    /// Day of the last step.
    pub moved_on: Date,
    /// Its revocation is proposed, and neither decided nor dropped.
    pub revoking: bool,
}

/// A proposal to revoke as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RevocationView {
    /// Number of the notice.
    pub letter: String,
    /// When it was proposed.
    pub proposed_on: Date,
    /// What it is held to be: `false_papers`, `untrue_promise`, `broken_promise`.
    pub fault: Fault,
    /// The facts.
    pub facts: String,
    /// How the notice reached the organisation; none before.
    pub service: Option<Service>,
    /// Last day for a statement; none before the notice was served.
    pub statement_due_on: Option<Date>,
    /// That day lies beyond the published calendar.
    pub provisional: bool,
    /// What the organisation stated.
    pub statements: Vec<StatementView>,
    /// The day on which the organisation gave up what was left of its days; none where it did not.
    pub waived_on: Option<Date>,
    /// Number of the paper by which it did; empty where it did so by its account, or did not.
    pub waived_by: String,
    /// That paper.
    pub waiver: Vec<Paper>,
    /// Why it was dropped; none where it was not.
    pub dropped: Option<String>,
}

/// A statement as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatementView {
    /// The day on which it came.
    pub on: Date,
    /// What it says.
    pub text: String,
    /// Number of the paper; empty where it came by the organisation's account.
    pub reference: String,
    /// Papers.
    pub papers: Vec<Paper>,
}

impl From<&Revocation> for RevocationView {
    fn from(proposed: &Revocation) -> Self {
        let heard = proposed.served.as_ref();
        let statement = |one: &Stated| StatementView {
            on: one.on,
            text: one.text.clone(),
            reference: one.reference.clone(),
            papers: one.papers.clone(),
        };
        Self {
            letter: proposed.letter.clone(),
            proposed_on: proposed.on,
            fault: proposed.fault,
            facts: proposed.facts.clone(),
            service: heard.map(|heard| heard.service.clone()),
            statement_due_on: heard.map(|heard| heard.statement_due_on),
            provisional: heard.is_some_and(|heard| heard.provisional),
            statements: proposed.statements.iter().map(statement).collect(),
            waived_on: proposed.waived.as_ref().map(|waived| waived.on),
            waived_by: proposed.waived.as_ref().map(|waived| waived.reference.clone()).unwrap_or_default(),
            waiver: proposed.waived.as_ref().map(|waived| waived.papers.clone()).unwrap_or_default(),
            dropped: proposed.dropped.clone(),
        }
    }
}

/// A clock as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClockView {
    /// `push`, `accept`, `decide`, `shield`, `revoke`, `answer`.
    pub code: &'static str,
    /// The day from which it counts.
    pub from_on: Date,
    /// The last day.
    pub due_on: Date,
    /// It lies beyond the published calendar.
    pub provisional: bool,
    /// `running`, `overdue`, `met`, `late`, `stopped`.
    pub state: &'static str,
}

/// A step as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepView {
    /// Its number, from 1.
    pub step: usize,
    /// Code of what happened.
    pub kind: &'static str,
    /// The step itself.
    #[serde(flatten)]
    pub taken: Step,
}

/// A case with everything in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RepairView {
    /// In short.
    #[serde(flatten)]
    pub head: HeadView,
    /// Name of the organisation.
    pub organisation: String,
    /// Name of the unit.
    pub unit_name: String,
    /// Public reference of the record.
    pub record: Option<String>,
    /// Number of the decision that the record is about.
    pub document: String,
    /// Class of misconduct.
    pub class: String,
    /// Pack and row of the periods.
    pub pack: String,
    /// Pack and row of the procedure.
    pub procedure: String,
    /// What the order asks.
    pub conditions: String,
    /// How the wrong was put right.
    pub rectified: String,
    /// Papers.
    pub papers: Vec<Paper>,
    /// Those of them that are kept as files.
    pub files: Vec<PaperView>,
    /// The plan of a court on which a shield was applied for.
    pub plan: Option<Plan>,
    /// Number of the case whose shield it goes on from.
    pub followed: Option<String>,
    /// Whether the record is shielded by it now.
    pub shields: bool,
    /// Numbers of the measures that go on all the same.
    pub kept: Vec<String>,
    /// Numbers of the measures on the record, where a shield is asked for or stands.
    pub measures: Vec<String>,
    /// First day on which it could be applied for.
    pub repair_from_on: Option<Date>,
    /// Last public day without a repair.
    pub public_through_on: Option<Date>,
    /// What is missing.
    pub missing: Vec<String>,
    /// Why it was refused or revoked; none otherwise.
    pub reason: Option<String>,
    /// Remedies against a refusal.
    pub remedies: Vec<String>,
    /// Last day on which the record may not be applied for again.
    pub barred_through_on: Option<Date>,
    /// The period of the record counts anew, for the repair was revoked.
    pub restart: Option<Restart>,
    /// Numbers of the penalties whose publicity ended with the entry of a list that it is about.
    pub related: Vec<String>,
    /// The proposal to revoke, the last that was made; none where none was.
    pub revocation: Option<RevocationView>,
    /// The conditions that were found met when it was granted, one by one; none in cases of before that was asked for.
    pub found: Vec<Met>,
    /// The conditions that whoever grants it must find met; none where it does not wait for a decision.
    pub conditions_asked: Vec<Met>,
    /// Its decisions by their letters, with their service and what was filed against them.
    pub decisions: Vec<ToldView>,
    /// Its clocks.
    pub clocks: Vec<ClockView>,
    /// Every step.
    pub steps: Vec<StepView>,
    /// Every letter.
    pub letters: Vec<LetterView>,
    /// Who keeps a copy, and whether he has followed a grant.
    pub followers: Vec<Follower>,
}

fn head_view(head: &Head, today: Date) -> HeadView {
    HeadView {
        number: head.number.clone(),
        uscc: head.uscc.clone(),
        unit: head.unit.clone(),
        channel: head.channel.clone(),
        reference: head.reference.clone(),
        state: head.state.clone(),
        overdue: head.due_on.is_some_and(|due| due < today),
        due_on: head.due_on,
        opened_on: head.opened_on,
        moved_on: head.moved_on,
        revoking: head.revoking,
    }
}

/// A page of the cases that a view may see, newest first; of one state where it is given.
///
/// # Errors
/// `bad_parameter` for an unknown state or limit, `bad_cursor`, or a fault.
pub fn list(connection: &mut Connection, view: &View, state: Option<&str>, page: Asked<'_>) -> Result<Page<HeadView>> {
    if let Some(state) = state.filter(|state| !State::CODES.contains(state)) {
        return Err(AppError::refused("bad_parameter", "state", format!("没有状态{state}")));
    }
    let ask = |after: Option<&Place>, limit| {
        let asked =
            credence_store::page::Asked { state: state.unwrap_or_default(), after, limit, ..Default::default() };
        Ok(kept::list(connection, view, &asked)?)
    };
    page::of_cases(page, Head::place, ask, |head| Ok(Some(head_view(&head, view.today))))
}

/// A case with everything, if the view may see it.
///
/// # Errors
/// `not_found`, or a fault.
pub fn show(connection: &mut Connection, view: &View, number: &str) -> Result<RepairView> {
    let head = kept::find(connection, view, number)?.ok_or(AppError::NotFound)?;
    let (case, steps) = (folded(connection, &head)?, kept::steps(connection, &head)?);
    let letters = letter::of_case(connection, (&head.uscc, &head.number))?;
    let office = View::office(view.today);
    let record = record::find(connection, &office, &head.uscc, &head.identity)?.map(|stored| hex(&stored.reference));
    let organisation = subject::find(connection, &office, &head.uscc)?.map(|subject| subject.name);
    let unit = unit::find(connection, &head.unit, view.today)?.map(|unit| unit.name);
    let ended = case.state.ended();
    let files = of_case(connection, &head.uscc, (Matter::Repair, &head.number))?;
    let measures = match &case.applied.plan {
        Some(_) => shield::resting_on(connection, (&head.uscc, &head.identity))?,
        None => Vec::new(),
    };
    let clocks = case.clocks.iter().map(|clock| ClockView {
        code: clock.code,
        from_on: clock.from_on,
        due_on: clock.due.on,
        provisional: clock.due.provisional,
        state: clock.on(view.today).code(),
    });
    let gone = steps.iter().zip(1_i64..).find(|(step, _)| hides(&step.event));
    let followers = match gone {
        Some((step, at)) => followers(connection, &head, (step, at), view.today)?,
        None => Vec::new(),
    };
    Ok(RepairView {
        organisation: organisation.unwrap_or_default(),
        unit_name: unit.unwrap_or_else(|| head.unit.clone()),
        record,
        document: case.applied.document.clone(),
        class: case.applied.class.clone(),
        pack: case.applied.pack.clone(),
        procedure: case.applied.procedure.clone(),
        conditions: case.applied.conditions.clone(),
        rectified: case.applied.rectified.clone(),
        papers: case.applied.papers.clone(),
        files,
        plan: case.applied.plan.clone(),
        followed: case.applied.followed.as_ref().map(|followed| followed.number.clone()),
        shields: case.shields(),
        kept: case.kept().to_vec(),
        measures: measures.into_iter().map(|measure| measure.number).collect(),
        repair_from_on: case.applied.repair_from_on,
        public_through_on: case.applied.through_on,
        missing: case.missing.clone(),
        reason: ended.map(|ended| ended.reason.clone()).filter(|reason| !reason.is_empty()),
        remedies: ended.map(|ended| ended.remedies.clone()).unwrap_or_default(),
        barred_through_on: case.barred_through_on(),
        restart: case.restart(),
        related: case.related().iter().map(|one| one.document.clone()).collect(),
        revocation: case.revocation.as_ref().map(RevocationView::from),
        found: found(&steps),
        conditions_asked: Vec::new(),
        decisions: case.told.iter().map(ToldView::from).collect(),
        clocks: clocks.collect(),
        steps: steps
            .into_iter()
            .zip(1..)
            .map(|(taken, step)| StepView { step, kind: taken.event.code(), taken })
            .collect(),
        letters: letters.into_iter().map(LetterView::from).collect(),
        followers,
        head: head_view(&head, view.today),
    })
}

/// The conditions that were found met in the step that granted it.
fn found(steps: &[Step]) -> Vec<Met> {
    let granted = steps.iter().rev().find_map(|step| match &step.event {
        Event::Granted { conditions, .. } => Some(conditions.clone()),
        _ => None,
    });
    granted.unwrap_or_default()
}

impl RepairView {
    /// Says which conditions whoever grants it must find met, where it waits for a decision.
    #[must_use]
    pub fn asking(mut self, rulebook: &Rulebook) -> Self {
        let first = self.steps.first().map(|step| &step.taken).filter(|_| self.head.state == "accepted");
        if let Some(Step { on, event: Event::Applied(applied), .. }) = first {
            let desk = Desk { rulebook, by: "", today: *on };
            let asked = desk.conditions(applied, *on);
            self.conditions_asked = asked.map(|one| Met { code: one.code.clone(), text: one.text.clone() }).collect();
        }
        self
    }
}
