//! A repair as its steps have made it.

use super::{Applied, Arrived, Clock, Due, Event, Fault, Met, Related, Revocation, Ruling, Step, rule};
use crate::listing::{Refusal, Told, told as letters};
use crate::publicity::Restart;
use jiff::civil::Date;

/// A case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The application.
    pub applied: Applied,
    /// Who entered it.
    pub applied_by: String,
    /// When.
    pub applied_on: Date,
    /// Day of the last step.
    pub last_on: Date,
    /// Where it stands.
    pub state: State,
    /// Who passed it on from the window, and what he found.
    pub pushed: Option<(String, String)>,
    /// What was missing, once.
    pub missing: Vec<String>,
    /// Who accepted it, and when.
    pub accepted: Option<(String, Date)>,
    /// Why its time was lengthened.
    pub extended: Option<String>,
    /// Its clocks, in the order in which they began.
    pub clocks: Vec<Clock>,
    /// The proposal to revoke, the last that was made and not dropped.
    pub revocation: Option<Revocation>,
    /// Its decisions by their letters, in order.
    pub told: Vec<Told>,
}

/// Where a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// At the window.
    Applied,
    /// With the authority, which has not said whether it accepts it.
    Arrived,
    /// Something is missing.
    Wanting,
    /// Accepted.
    Accepted,
    /// The record is shielded while a plan of a court is carried out.
    Shielded {
        /// Number of the letter.
        letter: String,
        /// Since when.
        on: Date,
        /// What was found.
        findings: String,
        /// Numbers of the measures that were not lifted.
        kept: Vec<String>,
    },
    /// The plan was not carried out, and the record stands as it did.
    Restored(Ended),
    /// The plan is carried out, and the shield is over.
    Completed(Ended),
    /// Granted.
    Granted {
        /// The letter, the day, who decided.
        ended: Ended,
        /// What was found.
        findings: String,
        /// Last day by which every system has followed.
        sync: Option<Due>,
        /// Penalties whose publicity ended with it.
        related: Vec<Related>,
        /// The conditions that were found met.
        conditions: Vec<Met>,
    },
    /// Not accepted.
    NotAccepted(Ended),
    /// Refused.
    Refused(Ended),
    /// Taken back by the organisation.
    Withdrawn(Ended),
    /// Nothing left to repair.
    Stopped(Ended),
    /// Revoked for false papers or a broken promise.
    Revoked {
        /// The letter, the day, who decided; the facts are its reason.
        ended: Ended,
        /// What it was.
        fault: Fault,
        /// Whether a granted repair was taken back.
        was_granted: bool,
        /// Last public day of the record of it.
        sanction_through_on: Date,
        /// Last day on which the record may not be applied for.
        barred_through_on: Date,
        /// The period of the record counts anew.
        restart: Option<Restart>,
        /// Why, with what is said to the organisation's statements; empty in cases of before it was heard.
        reason: String,
        /// Penalties whose publicity had ended with the grant.
        related: Vec<Related>,
    },
}

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Number of the letter; empty where there is none.
    pub letter: String,
    /// When.
    pub on: Date,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Remedies, in words.
    pub remedies: Vec<String>,
}

impl State {
    /// Every code.
    pub const CODES: [&'static str; 13] = [
        "applied",
        "arrived",
        "wanting",
        "accepted",
        "shielded",
        "restored",
        "completed",
        "granted",
        "not_accepted",
        "refused",
        "withdrawn",
        "stopped",
        "revoked",
    ];

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Arrived => "arrived",
            Self::Wanting => "wanting",
            Self::Accepted => "accepted",
            Self::Shielded { .. } => "shielded",
            Self::Restored(_) => "restored",
            Self::Completed(_) => "completed",
            Self::Granted { .. } => "granted",
            Self::NotAccepted(_) => "not_accepted",
            Self::Refused(_) => "refused",
            Self::Withdrawn(_) => "withdrawn",
            Self::Stopped(_) => "stopped",
            Self::Revoked { .. } => "revoked",
        }
    }

    /// Codes of those in which a case is open: a record has one such case at a time.
    pub const OPEN: [&'static str; 5] = ["applied", "arrived", "wanting", "accepted", "shielded"];

    /// Whether something is still to come: somebody has to act, or a plan is being carried out.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Applied | Self::Arrived | Self::Wanting | Self::Accepted | Self::Shielded { .. })
    }

    /// How it ended, where it has.
    #[must_use]
    pub const fn ended(&self) -> Option<&Ended> {
        match self {
            Self::Applied | Self::Arrived | Self::Wanting | Self::Accepted | Self::Shielded { .. } => None,
            Self::Granted { ended, .. }
            | Self::Revoked { ended, .. }
            | Self::Restored(ended)
            | Self::Completed(ended)
            | Self::NotAccepted(ended)
            | Self::Refused(ended)
            | Self::Withdrawn(ended)
            | Self::Stopped(ended) => Some(ended),
        }
    }
}

impl Case {
    /// Begins with the first step.
    ///
    /// # Errors
    /// When the step is no application, or one that could not be admitted.
    pub fn open(step: &Step) -> Result<Self, Refusal> {
        let Event::Applied(applied) = &step.event else { return Err(rule::STATE_WRONG.because(step.event.code())) };
        match (&applied.plan, &applied.promise) {
            (Some(plan), _) => ruled(&plan.approved, step.on)?,
            (None, None) => return Err(rule::NO_COMMITMENT.refuse()),
            (None, Some(promise)) => {
                rule::NOT_RECTIFIED.demand(!applied.rectified.trim().is_empty())?;
                rule::LETTER_DAY.demand(promise.signed_on <= step.on)?;
                rule::NO_COMMITMENT.demand(!promise.clauses.is_empty())?;
                if let Some(from) = applied.repair_from_on.filter(|from| step.on < *from) {
                    return Err(rule::TOO_EARLY.because(format!("最早{from}")));
                }
            }
        }
        if let Some(followed) = &applied.followed {
            rule::PLAN_WRONG.demand(applied.plan.is_none())?;
            ruled(&followed.completed, step.on)?;
        }
        rule::ENDED.demand(applied.through_on.is_none_or(|last| step.on <= last))?;
        let mut case = Self {
            applied: (**applied).clone(),
            applied_by: step.by.clone(),
            applied_on: step.on,
            last_on: step.on,
            state: State::Applied,
            pushed: None,
            missing: Vec::new(),
            accepted: None,
            extended: None,
            clocks: Vec::new(),
            revocation: None,
            told: Vec::new(),
        };
        let window_on = match &applied.channel {
            super::Channel::National { window_on, .. } => *window_on,
            _ => step.on,
        };
        if let Some(due) = applied.answer {
            case.clocks.push(Clock { usual: true, ..Clock::new("answer", window_on, due) });
        }
        case.begin("shield", applied.arrived.map_or(step.on, |arrived| arrived.on), applied.shield);
        match applied.arrived {
            Some(arrived) => case.arrive(arrived),
            None => case.begin("push", step.on, applied.push),
        }
        Ok(case)
    }

    /// Folds the steps of a case, in order.
    ///
    /// # Errors
    /// As [`Case::open`] and [`Case::take`]; when there is no step.
    pub fn fold(steps: &[Step]) -> Result<Self, Refusal> {
        let (first, rest) = steps.split_first().ok_or_else(|| rule::STATE_WRONG.refuse())?;
        rest.iter().try_fold(Self::open(first)?, Self::take)
    }

    /// Takes a step.
    ///
    /// # Errors
    /// When the step may not follow.
    pub fn take(mut self, step: &Step) -> Result<Self, Refusal> {
        rule::DAY_TOO_EARLY.demand(self.last_on <= step.on)?;
        let wrong = || rule::STATE_WRONG.because(self.state.code());
        match (&step.event, &self.state) {
            (Event::Pushed { opinion, arrived }, State::Applied) => {
                rule::OPINION_MISSING.demand(!opinion.trim().is_empty())?;
                self.pushed = Some((step.by.clone(), opinion.clone()));
                self.end("push", step.on, true);
                self.arrive(*arrived);
            }
            (Event::PapersAsked { missing }, State::Arrived) => {
                rule::MISSING_TWICE.demand(self.missing.is_empty())?;
                rule::MISSING_UNNAMED.demand(named(missing))?;
                self.missing.clone_from(missing);
                self.end("accept", step.on, true);
                // Nobody is late while he waits for what was missing.
                self.end("shield", step.on, false);
                self.state = State::Wanting;
            }
            (Event::Supplemented { papers, accept }, State::Wanting) => {
                rule::PAPER_MISSING.demand(!papers.is_empty())?;
                self.applied.papers.extend(papers.iter().cloned());
                let code = if self.applied.plan.is_some() { "shield" } else { "accept" };
                self.begin(code, step.on, *accept);
                self.state = State::Arrived;
            }
            (Event::Shielded { letter, findings, kept }, State::Arrived) => {
                rule::PLAN_WRONG.demand(self.applied.plan.is_some())?;
                self.reviewed_apart(&step.by)?;
                rule::FINDINGS_MISSING.demand(!findings.trim().is_empty())?;
                self.finish(step.on, true);
                let (letter, findings, kept) = (letter.clone(), findings.clone(), kept.clone());
                self.state = State::Shielded { letter, on: step.on, findings, kept };
            }
            (Event::PlanFailed { letter, ruling }, State::Shielded { .. }) => {
                self.ruled_after(ruling, step.on)?;
                self.state = State::Restored(ended(step, letter, &ruling.told(), &[]));
            }
            (Event::PlanCompleted { ruling, .. }, State::Shielded { .. }) => {
                self.ruled_after(ruling, step.on)?;
                self.state = State::Completed(ended(step, "", &ruling.told(), &[]));
            }
            (Event::Accepted { decide }, State::Arrived) => {
                rule::PLAN_WRONG.demand(self.applied.plan.is_none())?;
                self.accepted = Some((step.by.clone(), step.on));
                self.end("accept", step.on, true);
                self.begin("decide", step.on, *decide);
                self.state = State::Accepted;
            }
            (Event::NotAccepted { letter, reason, remedies }, State::Arrived | State::Wanting) => {
                // What was named as missing may come for as long as the order lets it; then it is not accepted.
                self.reviewed_apart(&step.by)?;
                told(reason, remedies)?;
                self.finish(step.on, true);
                self.state = State::NotAccepted(ended(step, letter, reason, remedies));
            }
            (Event::Extended { reason, decide }, State::Accepted) => {
                rule::EXTENDED_TWICE.demand(self.extended.is_none())?;
                rule::REASON_MISSING.demand(!reason.trim().is_empty())?;
                self.extended = Some(reason.clone());
                for clock in self.clocks.iter_mut().filter(|clock| clock.ended.is_none()) {
                    if clock.code == "decide" {
                        rule::STATE_WRONG.demand(clock.due.on <= decide.on)?;
                        clock.due = *decide;
                    } else if clock.usual {
                        // The window's usual time binds nobody whose case takes longer.
                        clock.ended = Some((step.on, false));
                    }
                }
            }
            (Event::Granted { letter, findings, sync, related, conditions }, State::Accepted) => {
                self.decided_apart(&step.by)?;
                rule::FINDINGS_MISSING.demand(!findings.trim().is_empty())?;
                rule::ENDED.demand(self.applied.through_on.is_none_or(|last| step.on <= last))?;
                self.finish(step.on, true);
                let (findings, sync, related) = (findings.clone(), *sync, related.clone());
                let (ended, conditions) = (ended(step, letter, "", &[]), conditions.clone());
                self.state = State::Granted { ended, findings, sync, related, conditions };
            }
            (Event::Refused { letter, reason, remedies }, State::Accepted) => {
                self.decided_apart(&step.by)?;
                told(reason, remedies)?;
                self.finish(step.on, true);
                self.state = State::Refused(ended(step, letter, reason, remedies));
            }
            (Event::Withdrawn { reason }, state) if state.is_open() => {
                // Nobody ends a shield for an organisation without its own paper to show for it.
                let own = matches!(self.applied.channel, super::Channel::Account);
                rule::REASON_MISSING.demand(own || !self.shields() || !reason.trim().is_empty())?;
                self.finish(step.on, false);
                self.state = State::Withdrawn(ended(step, "", reason, &[]));
            }
            (Event::Stopped { reason }, state) if state.is_open() => {
                self.finish(step.on, false);
                self.state = State::Stopped(ended(step, "", reason, &[]));
            }
            (Event::Revoked { .. }, _) => self.revoked(step)?,
            (Event::DecisionServed { service }, _) => letters::serve(&mut self.told, service, step.on)?,
            (Event::RemedyFiled { letter, filed, papers }, _) => {
                letters::file(&mut self.told, (letter, &step.by), (filed, papers))?;
            }
            (Event::RemedyRuled { ruled, reopens, due }, _) => self.contested(step, ruled, reopens.then_some(*due))?,
            (
                Event::RevocationProposed { .. }
                | Event::RevocationServed { .. }
                | Event::RevocationStated { .. }
                | Event::RevocationWaived { .. }
                | Event::RevocationDropped { .. },
                _,
            ) => self.proceed(step)?,
            _ => return Err(wrong()),
        }
        self.told.extend(step.event.decided_by().map(|letter| Told::new(letter, step.on)));
        self.last_on = step.on;
        Ok(self)
    }

    /// The last day on which the record may not be applied for again, by this case.
    #[must_use]
    pub const fn barred_through_on(&self) -> Option<Date> {
        match self.state {
            State::Revoked { barred_through_on, .. } => Some(barred_through_on),
            _ => None,
        }
    }

    /// From when the period of the record counts anew, by this case.
    #[must_use]
    pub const fn restart(&self) -> Option<Restart> {
        match self.state {
            State::Revoked { restart, .. } => restart,
            _ => None,
        }
    }

    /// Penalties whose publicity ended with the grant of this case; those that stand again by its revocation are among them.
    #[must_use]
    pub fn related(&self) -> &[Related] {
        match &self.state {
            State::Granted { related, .. } | State::Revoked { related, .. } => related,
            _ => &[],
        }
    }

    /// Whether the record is hidden by it: while a plan is carried out, and then until what is asked for is decided.
    #[must_use]
    pub const fn shields(&self) -> bool {
        matches!(self.state, State::Shielded { .. }) || (self.state.is_open() && self.applied.followed.is_some())
    }

    /// Numbers of the measures that stay in force while the record is shielded.
    #[must_use]
    pub fn kept(&self) -> &[String] {
        match (&self.state, &self.applied.followed) {
            (State::Shielded { kept, .. }, _) => kept,
            (_, Some(followed)) => &followed.kept,
            _ => &[],
        }
    }

    /// The clock that runs out first of those that run; none where nobody has to act.
    #[must_use]
    pub fn next_due(&self) -> Option<Due> {
        let running = self.clocks.iter().filter(|clock| clock.ended.is_none() && !clock.usual);
        running.map(|clock| clock.due).min_by_key(|due| due.on)
    }

    /// Who entered an application on behalf, or passed it on, does not decide whether it is accepted.
    fn reviewed_apart(&self, by: &str) -> Result<(), Refusal> {
        rule::SAME_PERSON.demand(self.pushed.as_ref().is_none_or(|(pushed_by, _)| pushed_by != by))?;
        rule::SAME_PERSON.demand(self.applied_by != by)
    }

    /// Who entered, passed on or accepted it does not decide.
    pub(super) fn decided_apart(&self, by: &str) -> Result<(), Refusal> {
        self.reviewed_apart(by)?;
        rule::SAME_PERSON.demand(self.accepted.as_ref().is_none_or(|(accepted_by, _)| accepted_by != by))
    }

    /// A ruling on how a plan ended is none of a day before it was approved.
    fn ruled_after(&self, ruling: &Ruling, on: Date) -> Result<(), Refusal> {
        ruled(ruling, on)?;
        let approved = self.applied.plan.as_ref().map(|plan| plan.approved.made_on);
        rule::RULING_DAY.demand(approved.is_none_or(|approved| approved <= ruling.made_on))
    }

    fn arrive(&mut self, arrived: Arrived) {
        self.begin("accept", arrived.on, arrived.accept);
        self.state = State::Arrived;
    }

    pub(super) fn begin(&mut self, code: &'static str, on: Date, due: Option<Due>) {
        self.clocks.extend(due.map(|due| Clock::new(code, on, due)));
    }

    pub(super) fn end(&mut self, code: &str, on: Date, done: bool) {
        let running = self.clocks.iter_mut().filter(|clock| clock.code == code && clock.ended.is_none());
        running.for_each(|clock| clock.ended = Some((on, done)));
    }

    pub(super) fn finish(&mut self, on: Date, done: bool) {
        let running = self.clocks.iter_mut().filter(|clock| clock.ended.is_none());
        running.for_each(|clock| clock.ended = Some((on, done)));
    }
}

pub(super) fn ended(step: &Step, letter: &str, reason: &str, remedies: &[String]) -> Ended {
    Ended {
        letter: letter.to_owned(),
        on: step.on,
        by: step.by.clone(),
        reason: reason.to_owned(),
        remedies: remedies.to_vec(),
    }
}

/// A ruling of a court that is named as a whole and was there on the day.
fn ruled(ruling: &Ruling, on: Date) -> Result<(), Refusal> {
    rule::RULING_MISSING.demand(!ruling.court.trim().is_empty() && !ruling.number.trim().is_empty())?;
    rule::RULING_DAY.demand(ruling.made_on <= on)
}

fn named(list: &[String]) -> bool {
    !list.is_empty() && list.iter().all(|one| !one.trim().is_empty())
}

/// A refusal has reasons and says what can be done about it.
fn told(reason: &str, remedies: &[String]) -> Result<(), Refusal> {
    rule::REASON_MISSING.demand(!reason.trim().is_empty())?;
    rule::REMEDY_MISSING.demand(named(remedies))
}
