//! Taking a step: what may follow what, by whom, and what becomes of the clocks. Nothing of the rulebook is known here.

use super::case::check;
use super::{
    Appeal, Case, Decided, Decision, Duty, Ended, Event, Finding, Found, Joined, Matter, Outcome, Remedy, Running,
    Standing, Step, rule,
};
use crate::listing::{Refusal, Ruled, Service, Told, told as letters};
use jiff::civil::Date;

impl Case {
    /// Takes a step.
    ///
    /// # Errors
    /// When the step may not follow, or is another's to take.
    pub fn take(mut self, step: &Step) -> Result<Self, Refusal> {
        rule::DAY_TOO_EARLY.demand(self.last_on <= step.on)?;
        let code = self.code_on(step.on);
        let is_reply = self.filed.matter == Matter::Reply;
        match (&step.event, self.standing) {
            (Event::Joined { statement }, _) => {
                rule::STATE_WRONG.demand(self.takes_more() && !is_reply)?;
                check(self.filed.matter, statement, step.on)?;
                self.joined.push(Joined { on: step.on, statement: statement.clone() });
            }
            (Event::Withdrawn { .. }, _) => {
                let printed = is_reply && self.standing == Standing::Printed;
                rule::CLOSED.demand(printed || self.is_open_on(step.on))?;
                self.stop(step.on);
                self.standing = Standing::Withdrawn;
            }
            (Event::Printed {}, Standing::Filed) if is_reply => {
                rule::WRONG_UNIT.demand(step.unit == self.filed.handler)?;
                self.done(Duty::Review, step.on);
                self.standing = Standing::Printed;
            }
            (Event::Refused { reason }, Standing::Filed) if is_reply => {
                rule::WRONG_UNIT.demand(step.unit == self.filed.handler)?;
                rule::REASON_MISSING.demand(!reason.trim().is_empty())?;
                self.done(Duty::Review, step.on);
                self.standing = Standing::Refused;
            }
            (Event::DecisionServed { service, appeal_until }, _) => self.served(service, *appeal_until, step.on)?,
            (Event::RemedyFiled { letter, filed, papers }, _) => {
                letters::file(&mut self.told, (letter, &step.by), (filed, papers))?;
            }
            (Event::RemedyRuled { ruled, reopens, clocks }, _) => {
                self.ruled((ruled, &step.by), reopens.then_some(clocks))?
            }
            _ if is_reply => return Err(rule::STATE_WRONG.because(code)),
            (Event::Pushed {}, Standing::Filed) => {
                rule::NOT_OTHERS.demand(self.needs_another())?;
                rule::WRONG_UNIT.demand(step.unit == self.filed.handler)?;
                self.done(Duty::Push, step.on);
                self.standing = Standing::Pushed;
            }
            (Event::Accepted { clocks }, Standing::Pushed) => {
                rule::WRONG_UNIT.demand(step.unit == self.filed.owner)?;
                rule::ACCEPTED.demand(self.accepted_on.is_none())?;
                self.accepted_on = Some(step.on);
                self.start(clocks);
            }
            (Event::Extended { until_on, reason }, Standing::Pushed) => {
                rule::WRONG_UNIT.demand(step.unit == self.filed.owner || step.unit == self.filed.handler)?;
                rule::REASON_MISSING.demand(!reason.trim().is_empty())?;
                rule::EXTENDED.demand(!self.extended)?;
                let open = |clock: &&mut Running| clock.clock.duty == Duty::Check && clock.ended.is_none();
                let clock = self.clocks.iter_mut().find(open).ok_or_else(|| rule::NOT_ACCEPTED.refuse())?;
                rule::EXTENSION_LATE.demand(step.on <= clock.due_on)?;
                rule::EXTENSION_SHORT.demand(clock.due_on < *until_on)?;
                clock.due_on = *until_on;
                self.extended = true;
            }
            (Event::Checked { found, text, evidence, revoked_on, clocks }, Standing::Pushed) => {
                rule::WRONG_UNIT.demand(step.unit == self.filed.owner)?;
                rule::FINDING_MISSING.demand(!text.trim().is_empty())?;
                rule::DAY_IN_FUTURE.demand(revoked_on.is_none_or(|day| day <= step.on))?;
                self.start(clocks);
                self.done(Duty::Check, step.on);
                self.done(Duty::Report, step.on);
                self.finding = Some(Finding {
                    by: step.by.clone(),
                    unit: step.unit.clone(),
                    on: step.on,
                    found: *found,
                    text: text.clone(),
                    evidence: evidence.clone(),
                    revoked_on: *revoked_on,
                });
                self.standing = Standing::Checked;
            }
            (Event::Decided(decided), Standing::Filed | Standing::Pushed | Standing::Checked) => {
                rule::WRONG_UNIT.demand(step.unit == self.filed.handler)?;
                rule::NOT_CHECKED.demand(self.finding.is_some() || !self.needs_another())?;
                rule::SAME_PERSON.demand(self.finding.as_ref().is_none_or(|finding| finding.by != step.by))?;
                let refused = self.finding.as_ref().is_some_and(|finding| finding.found == Found::Unfounded);
                self.judge(decided)?;
                rule::AGAINST_FINDING.demand(!(refused && decided.remedies.iter().any(touches_the_record)))?;
                self.done(Duty::Handle, step.on);
                let last = decided.appeal_until.is_none() && decided.appeal_days.is_none();
                self.standing = if last { Standing::Closed } else { Standing::Decided };
                self.told.push(Told::new(&decided.letter, step.on));
                self.decision = Some(decision(step, decided));
            }
            (Event::Appealed { ground, clocks }, Standing::Decided) => {
                rule::APPEAL_LATE.demand(self.is_open_on(step.on))?;
                rule::GROUND_MISSING.demand(!ground.trim().is_empty())?;
                self.start(clocks);
                self.appeal = Some(Appeal { on: step.on, ground: ground.clone(), referred: None, decision: None });
                self.standing = Standing::Appealed;
            }
            (Event::Referred { unit, name }, Standing::Appealed) => {
                rule::WRONG_UNIT.demand(step.unit == self.filed.handler)?;
                rule::INVOLVED.demand(!self.involves_unit(unit))?;
                if let Some(appeal) = &mut self.appeal {
                    appeal.referred = Some((unit.clone(), name.clone()));
                }
            }
            (Event::AppealDecided(decided), Standing::Appealed) => {
                rule::INVOLVED.demand(!self.involves(&step.by, &step.unit))?;
                let referred = self.appeal.as_ref().and_then(|appeal| appeal.referred.as_ref());
                let (unit, _) = referred.ok_or_else(|| rule::NOT_REFERRED.refuse())?;
                rule::WRONG_UNIT.demand(*unit == step.unit)?;
                self.judge(decided)?;
                self.done(Duty::Appeal, step.on);
                self.told.push(Told::new(&decided.letter, step.on));
                if let Some(appeal) = &mut self.appeal {
                    appeal.decision = Some(decision(step, decided));
                }
                self.standing = Standing::Closed;
            }
            (_, Standing::Closed | Standing::Withdrawn) => return Err(rule::CLOSED.because(code)),
            _ => return Err(rule::STATE_WRONG.because(code)),
        }
        if !step.unit.is_empty() {
            self.involved.push((step.by.clone(), step.unit.clone()));
        }
        self.last_on = step.on;
        Ok(self)
    }

    /// The letter of a decision has reached the party; the answer may be appealed until a day from then on.
    fn served(&mut self, service: &Service, appeal_until: Option<Date>, on: Date) -> Result<(), Refusal> {
        letters::serve(&mut self.told, service, on)?;
        let answered = self.decision.as_mut().filter(|_| self.standing == Standing::Decided);
        if let Some(decision) = answered.filter(|decision| decision.decided.letter == service.letter) {
            decision.decided.appeal_until = appeal_until.or(decision.decided.appeal_until);
        }
        Ok(())
    }

    /// What came of a remedy: the decision that fell by it is made anew, where clocks for that are given.
    fn ruled(&mut self, (ruled, by): (&Ruled, &str), anew: Option<&Vec<super::Clock>>) -> Result<(), Refusal> {
        let letter = letters::take_ruling(&mut self.told, ruled, by)?;
        let Some(clocks) = anew else { return Ok(()) };
        let fallen = self.fallen(&letter).ok_or_else(|| rule::STATE_WRONG.refuse())?;
        match (&mut self.appeal, fallen) {
            (Some(appeal), Standing::Appealed) => appeal.decision = None,
            _ => self.decision = None,
        }
        self.standing = fallen;
        self.start(clocks);
        Ok(())
    }

    /// Where a case goes back to if the decision of a letter falls; none where that is not its last one.
    #[must_use]
    pub(super) fn fallen(&self, letter: &str) -> Option<Standing> {
        let is = |decision: Option<&Decision>| decision.is_some_and(|one| one.decided.letter == letter);
        if !matches!(self.standing, Standing::Decided | Standing::Closed) {
            return None;
        }
        match &self.appeal {
            Some(appeal) => is(appeal.decision.as_ref()).then_some(Standing::Appealed),
            None if !is(self.decision.as_ref()) => None,
            None if self.finding.is_some() => Some(Standing::Checked),
            None => Some(Standing::Filed),
        }
    }

    /// Whether a decision says what it must: a reason, and what is done where the objection is right, and only there.
    fn judge(&self, decided: &Decided) -> Result<(), Refusal> {
        rule::REASON_MISSING.demand(!decided.reason.trim().is_empty())?;
        match decided.outcome {
            Outcome::Rejected => rule::REMEDY_NOT_ALLOWED.demand(decided.remedies.is_empty())?,
            Outcome::Upheld | Outcome::Partly => rule::REMEDY_MISSING.demand(!decided.remedies.is_empty())?,
        }
        let complaint = self.filed.matter == Matter::Complaint;
        rule::REMEDY_NOT_ALLOWED.demand(!(complaint && decided.remedies.iter().any(touches_the_record)))?;
        decided.remedies.iter().try_for_each(|remedy| match remedy {
            Remedy::Corrected { changes } => {
                rule::CHANGE_EMPTY.demand(!changes.is_empty() && changes.iter().all(|one| one.old != one.new))
            }
            Remedy::Withdrawn { document: text } | Remedy::Noted { text } => {
                rule::REASON_MISSING.demand(!text.trim().is_empty())
            }
        })
    }

    fn start(&mut self, clocks: &[super::Clock]) {
        self.clocks.extend(clocks.iter().map(Running::start));
    }

    /// What was due has been done.
    fn done(&mut self, duty: Duty, on: Date) {
        let open = |clock: &&mut Running| clock.clock.duty == duty && clock.ended.is_none();
        self.clocks.iter_mut().filter(open).for_each(|clock| clock.done(on));
    }

    /// Nothing is due any more; what was late already stays late.
    fn stop(&mut self, on: Date) {
        for clock in self.clocks.iter_mut().filter(|clock| clock.ended.is_none()) {
            let how = if clock.is_overdue(on) { Ended::Late } else { Ended::Stopped };
            clock.ended = Some((how, on));
        }
    }
}

/// Whether a remedy changes the record itself.
const fn touches_the_record(remedy: &Remedy) -> bool {
    matches!(remedy, Remedy::Corrected { .. } | Remedy::Withdrawn { .. })
}

fn decision(step: &Step, decided: &Decided) -> Decision {
    Decision { by: step.by.clone(), unit: step.unit.clone(), on: step.on, decided: decided.clone() }
}
