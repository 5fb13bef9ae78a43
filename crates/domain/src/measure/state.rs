//! A measure as its steps have made it.

use super::{Begun, Cause, Done, Event, Step, rule};
use crate::listing::Refusal;
use jiff::civil::Date;

/// A measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// How it began.
    pub begun: Begun,
    /// Its last day, as it stands.
    pub through_on: Date,
    /// Day of the last step.
    pub last_on: Date,
    /// Where it stands by its steps; its own last day ends it besides.
    pub standing: Standing,
    /// What each unit has to do, in the order of assignment.
    pub tasks: Vec<Task>,
    /// Complaints, in order.
    pub complaints: Vec<Complaint>,
}

/// Where a measure stands by its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In force.
    Running,
    /// Its cause is stayed.
    Suspended,
    /// It has ended.
    Ended {
        /// Why.
        reason: String,
        /// When.
        on: Date,
        /// Last day for the units to say that they have stopped.
        lift_due_on: Option<Date>,
    },
}

impl Standing {
    /// Every code.
    pub const CODES: [&'static str; 3] = ["running", "suspended", "ended"];

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Suspended => "suspended",
            Self::Ended { .. } => "ended",
        }
    }
}

/// What a unit has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The unit.
    pub unit: String,
    /// Its name.
    pub name: String,
    /// As which body.
    pub body: String,
    /// Last day to acknowledge.
    pub acknowledge_due_on: Option<Date>,
    /// Last day to report.
    pub report_due_on: Option<Date>,
    /// When it took note.
    pub acknowledged_on: Option<Date>,
    /// When it reported last, what it did, with what effect.
    pub reported: Option<(Date, Done, String)>,
    /// When it said that it had stopped.
    pub lifted_on: Option<Date>,
}

impl Task {
    /// `dispatched`, `acknowledged`, `reported`, `lifted`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match (&self.lifted_on, &self.reported, &self.acknowledged_on) {
            (Some(_), ..) => "lifted",
            (None, Some(_), _) => "reported",
            (None, None, Some(_)) => "acknowledged",
            (None, None, None) => "dispatched",
        }
    }

    /// Whether something that was due by a day before has not come.
    #[must_use]
    pub fn is_overdue(&self, ended: Option<Option<Date>>, today: Date) -> bool {
        let late = |due: Option<Date>| due.is_some_and(|due| due < today);
        match ended {
            Some(lift_due_on) => self.lifted_on.is_none() && late(lift_due_on),
            None if self.acknowledged_on.is_none() => late(self.acknowledge_due_on),
            None => self.reported.is_none() && late(self.report_due_on),
        }
    }
}

/// A complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// When.
    pub on: Date,
    /// What about.
    pub text: String,
    /// Whether it was right, and why; none while nobody has answered.
    pub answer: Option<(bool, String)>,
}

impl Measure {
    /// Begins with the first step.
    ///
    /// # Errors
    /// When the step is no beginning, or its days contradict each other.
    pub fn begin(step: &Step) -> Result<Self, Refusal> {
        let Event::Begun(begun) = &step.event else { return Err(rule::STATE_WRONG.because(step.event.code())) };
        rule::TERM_MISSING.demand(begun.from_on <= begun.through_on)?;
        let task = |one: &super::Assigned| Task {
            unit: one.unit.clone(),
            name: one.name.clone(),
            body: one.body.clone(),
            acknowledge_due_on: one.acknowledge_due_on,
            report_due_on: one.report_due_on,
            acknowledged_on: None,
            reported: None,
            lifted_on: None,
        };
        Ok(Self {
            through_on: begun.through_on,
            last_on: step.on,
            standing: Standing::Running,
            tasks: begun.assigned.iter().map(task).collect(),
            complaints: Vec::new(),
            begun: (**begun).clone(),
        })
    }

    /// Folds the steps of a measure, in order.
    ///
    /// # Errors
    /// As [`Measure::begin`] and [`Measure::take`]; when there is no step.
    pub fn fold(steps: &[Step]) -> Result<Self, Refusal> {
        let (first, rest) = steps.split_first().ok_or_else(|| rule::STATE_WRONG.refuse())?;
        rest.iter().try_fold(Self::begin(first)?, Self::take)
    }

    /// Number of the listing that it rests on, where it rests on one.
    #[must_use]
    pub fn listing(&self) -> Option<&str> {
        match &self.begun.cause {
            Cause::Listing { number, .. } => Some(number),
            Cause::Decision { .. } => None,
        }
    }

    /// Whether it is in force on a day: neither suspended nor ended, and not past its last day.
    #[must_use]
    pub fn is_in_force_on(&self, day: Date) -> bool {
        self.standing == Standing::Running && self.begun.from_on <= day && day <= self.through_on
    }

    /// Whether it has ended by a day, and by when the units are to say that they have stopped.
    #[must_use]
    pub fn ended_by(&self, day: Date) -> Option<Option<Date>> {
        match &self.standing {
            Standing::Ended { lift_due_on, .. } => Some(*lift_due_on),
            _ if self.through_on < day => Some(None),
            _ => None,
        }
    }

    /// Its code on a day: `running`, `suspended`, `ended`.
    #[must_use]
    pub fn code_on(&self, day: Date) -> &'static str {
        if self.ended_by(day).is_some() { "ended" } else { self.standing.code() }
    }

    /// Takes a step.
    ///
    /// # Errors
    /// When the step may not follow.
    pub fn take(mut self, step: &Step) -> Result<Self, Refusal> {
        rule::DAY_TOO_EARLY.demand(self.last_on <= step.on)?;
        match &step.event {
            Event::Begun(_) => return Err(rule::STATE_WRONG.because("begun")),
            Event::Acknowledged { unit } => {
                self.open(step.on)?;
                let task = self.task(unit)?;
                rule::ACKNOWLEDGED.demand(task.acknowledged_on.is_none())?;
                task.acknowledged_on = Some(step.on);
            }
            Event::Reported { unit, done_on, done, effect } => {
                self.open(step.on)?;
                rule::SUSPENDED.demand(self.standing != Standing::Suspended)?;
                rule::EFFECT_MISSING.demand(!effect.trim().is_empty())?;
                rule::DAY_IN_FUTURE.demand(*done_on <= step.on)?;
                rule::DAY_TOO_EARLY.demand(self.begun.from_on <= *done_on)?;
                let task = self.task(unit)?;
                rule::NOT_ACKNOWLEDGED.demand(task.acknowledged_on.is_some())?;
                task.reported = Some((*done_on, *done, effect.clone()));
            }
            Event::Suspended { .. } => {
                self.open(step.on)?;
                rule::STATE_WRONG.demand(self.standing == Standing::Running)?;
                self.standing = Standing::Suspended;
            }
            Event::Resumed { .. } => {
                self.open(step.on)?;
                rule::STATE_WRONG.demand(self.standing == Standing::Suspended)?;
                self.standing = Standing::Running;
            }
            Event::Shortened { through_on } => {
                self.open(step.on)?;
                // A burden never grows, and what has been is not undone.
                rule::TERM_TOO_LONG.demand(*through_on < self.through_on)?;
                rule::TERM_MISSING.demand(self.begun.from_on <= *through_on)?;
                self.through_on = *through_on;
            }
            Event::Ended { reason, lift_due_on } => {
                rule::ENDED.demand(!matches!(self.standing, Standing::Ended { .. }))?;
                rule::REASON_MISSING.demand(!reason.trim().is_empty())?;
                let reason = reason.clone();
                self.standing = Standing::Ended { reason, on: step.on, lift_due_on: *lift_due_on };
            }
            Event::Lifted { unit, note } => {
                rule::NOT_ENDED.demand(self.ended_by(step.on).is_some())?;
                rule::NOTE_MISSING.demand(!note.trim().is_empty())?;
                let task = self.task(unit)?;
                rule::LIFTED.demand(task.lifted_on.is_none())?;
                task.lifted_on = Some(step.on);
            }
            Event::Complained { text } => {
                rule::COMPLAINT_MISSING.demand(!text.trim().is_empty())?;
                self.complaints.push(Complaint { on: step.on, text: text.clone(), answer: None });
            }
            Event::ComplaintAnswered { complaint, upheld, reason } => {
                rule::REASON_MISSING.demand(!reason.trim().is_empty())?;
                let at = usize::try_from(*complaint).ok().and_then(|number| number.checked_sub(1));
                let found = at.and_then(|at| self.complaints.get_mut(at));
                let found = found.ok_or_else(|| rule::COMPLAINT_UNKNOWN.refuse())?;
                rule::COMPLAINT_ANSWERED.demand(found.answer.is_none())?;
                found.answer = Some((*upheld, reason.clone()));
            }
        }
        self.last_on = step.on;
        Ok(self)
    }

    /// Refuses what may only happen while it has not ended.
    fn open(&self, day: Date) -> Result<(), Refusal> {
        rule::ENDED.demand(self.ended_by(day).is_none())
    }

    fn task(&mut self, unit: &str) -> Result<&mut Task, Refusal> {
        rule::ONLY_INFORMS
            .demand(!self.tasks.is_empty() || self.begun.force != crate::rulebook::measure::Force::Informs)?;
        self.tasks.iter_mut().find(|task| task.unit == unit).ok_or_else(|| rule::TASK_UNKNOWN.because(unit))
    }
}
