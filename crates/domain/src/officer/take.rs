//! Taking a step of a person's case: which state allows which step, between which persons, in which order of days. No rulebook
//! is asked: what it said stands in the step.

use super::case::{Case, Decided, Dismissed, End, Ending, HandOver, Notified, Outcome, Remedy, State};
use super::rule;
use super::step::{CaseEvent, CaseStep};
use crate::listing::{Refusal, Service, Statement, rule as listing};
use jiff::civil::Date;

impl Case {
    /// A case from all its steps.
    ///
    /// # Errors
    /// When the steps are no lawful sequence.
    pub fn fold(steps: &[CaseStep]) -> Result<Self, Refusal> {
        let (first, rest) = steps.split_first().ok_or_else(|| rule::STATE_WRONG.refuse())?;
        rest.iter().try_fold(Self::open(first)?, Self::take)
    }

    /// A case from its first step.
    ///
    /// # Errors
    /// When that is no proposal, or one without facts, ground or conduct.
    pub fn open(step: &CaseStep) -> Result<Self, Refusal> {
        let CaseEvent::Proposed(proposed) = &step.event else {
            return Err(rule::STATE_WRONG.because(step.event.code()));
        };
        listing::FACTS_MISSING.demand(!proposed.facts.trim().is_empty())?;
        rule::GROUND_MISSING.demand(!proposed.ground.is_empty() && !proposed.basis.is_empty())?;
        rule::CONDUCT_DAYS.demand(proposed.conduct_from_on <= proposed.conduct_through_on)?;
        rule::CONDUCT_DAYS.demand(proposed.conduct_through_on <= step.on)?;
        rule::LISTING_ENDED.demand(step.on <= proposed.latest_on)?;
        Ok(Self {
            proposed: (**proposed).clone(),
            proposed_by: step.by.clone(),
            proposed_on: step.on,
            last_on: step.on,
            state: State::Proposed,
        })
    }

    /// The case after a step.
    ///
    /// # Errors
    /// When its state, its persons or its days do not allow the step.
    pub fn take(mut self, step: &CaseStep) -> Result<Self, Refusal> {
        listing::DAY_NOT_WRITTEN.demand(self.last_on <= step.on)?;
        self.state = self.next(step)?;
        self.last_on = step.on;
        Ok(self)
    }

    fn next(&self, step: &CaseStep) -> Result<State, Refusal> {
        let state = self.state.clone();
        match (state, &step.event) {
            (State::Proposed, CaseEvent::NoticeServed { service, answer_days, answer_due_on, provisional }) => {
                service.check(step.on)?;
                listing::DAY_TOO_EARLY.demand(self.proposed_on <= service.delivered_on)?;
                listing::DAY_TOO_EARLY.demand(service.served_on < *answer_due_on)?;
                Ok(State::Notified(Notified {
                    service: service.clone(),
                    answer_days: *answer_days,
                    answer_due_on: *answer_due_on,
                    provisional: *provisional,
                    waived: false,
                    statements: Vec::new(),
                }))
            }
            (State::Proposed, CaseEvent::Decided { .. } | CaseEvent::Dismissed { .. }) => {
                Err(listing::NOT_SERVED.refuse())
            }
            (State::Proposed | State::Notified(_), CaseEvent::Withdrawn { reason }) => {
                listing::REASON_MISSING.demand(!reason.trim().is_empty())?;
                Ok(State::Withdrawn { reason: reason.clone(), on: step.on })
            }
            (State::Notified(notified), CaseEvent::Decided { .. } | CaseEvent::Dismissed { .. }) => {
                self.decide(notified, step)
            }
            (State::Notified(notified), event) => answer(notified, event, step.on).map(State::Notified),
            (State::Dismissed(mut dismissed), CaseEvent::DecisionServed { service }) => {
                serve((&dismissed.letter, dismissed.on), &mut dismissed.served, service, step.on)?;
                Ok(State::Dismissed(dismissed))
            }
            (State::Decided(mut decided), CaseEvent::DecisionServed { service }) => {
                serve((&decided.letter, decided.on), &mut decided.served, service, step.on)?;
                Ok(State::Decided(decided))
            }
            // The decision may still be on its way when it ends.
            (State::Ended(mut end), CaseEvent::DecisionServed { service }) => {
                let decided = &mut end.decided;
                serve((&decided.letter, decided.on), &mut decided.served, service, step.on)?;
                Ok(State::Ended(end))
            }
            (State::Decided(decided), event) => in_force(*decided, event, (&step.by, step.on)),
            (State::Ended(end), event) => afterwards(*end, event, (&step.by, step.on)),
            (state, _) => Err(rule::STATE_WRONG.because(state.code())),
        }
    }

    fn decide(&self, notified: Notified, step: &CaseStep) -> Result<State, Refusal> {
        let (CaseEvent::Decided { letter, reason, window_ended_on, .. }
        | CaseEvent::Dismissed { letter, reason, window_ended_on }) = &step.event
        else {
            return Err(rule::STATE_WRONG.because(step.event.code()));
        };
        self.may_decide(&notified, &step.by, *window_ended_on, step.on)?;
        listing::LETTER_MISSING.demand(!letter.trim().is_empty())?;
        listing::REASON_MISSING.demand(!reason.trim().is_empty())?;
        let (letter, reason, by, on) = (letter.clone(), reason.clone(), step.by.clone(), step.on);
        let CaseEvent::Decided { through_on, remedies, hand_over_due_on, .. } = &step.event else {
            return Ok(State::Dismissed(Box::new(Dismissed { notified, letter, by, on, reason, served: None })));
        };
        rule::OUTLASTS.demand(step.on <= *through_on && *through_on <= self.proposed.latest_on)?;
        listing::REMEDY_MISSING.demand(!remedies.is_empty())?;
        Ok(State::Decided(Box::new(Decided {
            notified,
            letter,
            by,
            on,
            reason,
            through_on: *through_on,
            told: remedies.clone(),
            served: None,
            remedies: Vec::new(),
            rests: false,
            hand_over: HandOver { due_on: *hand_over_due_on, receipt: None },
        })))
    }

    /// Whether somebody may decide a case today: not the proposer, not before the person was heard or had his time.
    pub(super) fn may_decide(&self, notified: &Notified, by: &str, ended_on: Date, today: Date) -> Result<(), Refusal> {
        listing::SAME_PERSON.demand(by != self.proposed_by)?;
        listing::DAY_TOO_EARLY.demand(notified.service.served_on < ended_on)?;
        listing::DAY_TOO_EARLY.demand(notified.provisional || ended_on == notified.answer_due_on)?;
        if !notified.waived && today <= ended_on {
            return Err(listing::ANSWER_PERIOD_RUNNING.because(format!("{ended_on}届满")));
        }
        listing::STATEMENT_OPEN.demand(notified.statements.iter().all(|statement| statement.answer.is_some()))
    }
}

/// What the person says, and what is said to him, until there is a decision.
fn answer(mut notified: Notified, event: &CaseEvent, today: Date) -> Result<Notified, Refusal> {
    let since = notified.service.served_on;
    let on_a_day = |on: Date| {
        listing::DAY_IN_FUTURE.demand(on <= today)?;
        listing::DAY_TOO_EARLY.demand(since <= on)
    };
    match event {
        CaseEvent::Stated { on, text } => {
            listing::STATEMENT_MISSING.demand(!text.trim().is_empty())?;
            on_a_day(*on)?;
            listing::STATEMENT_LATE.demand(notified.provisional || *on <= notified.answer_due_on)?;
            notified.statements.push(Statement { on: *on, text: text.clone(), answer: None });
        }
        CaseEvent::Answered { statement, accepted, reason } => {
            let at = usize::try_from(*statement).ok().and_then(|n| n.checked_sub(1));
            let found = at.and_then(|at| notified.statements.get_mut(at));
            let found = found.ok_or_else(|| listing::STATEMENT_UNKNOWN.refuse())?;
            listing::STATEMENT_ANSWERED.demand(found.answer.is_none())?;
            listing::ANSWER_MISSING.demand(!reason.trim().is_empty())?;
            found.answer = Some((*accepted, reason.clone()));
        }
        CaseEvent::Waived { on, proof, .. } => {
            listing::WAIVED_ALREADY.demand(!notified.waived)?;
            listing::WAIVER_UNFOUNDED.demand(!proof.trim().is_empty())?;
            on_a_day(*on)?;
            notified.waived = true;
        }
        _ => return Err(rule::STATE_WRONG.because("notified")),
    }
    Ok(notified)
}

fn serve(
    (letter, decided_on): (&str, Date),
    served: &mut Option<Service>,
    service: &Service,
    today: Date,
) -> Result<(), Refusal> {
    service.check(today)?;
    listing::LETTER_MISSING.demand(letter == service.letter)?;
    listing::SERVED_ALREADY.demand(served.is_none())?;
    listing::DAY_TOO_EARLY.demand(decided_on <= service.delivered_on)?;
    *served = Some(service.clone());
    Ok(())
}

/// What may follow a decision that stands.
fn in_force(mut decided: Decided, event: &CaseEvent, (by, today): (&str, Date)) -> Result<State, Refusal> {
    let over = decided.through_on < today;
    match event {
        // Whoever was told in time may still be heard on it.
        CaseEvent::RemedyDecided { .. } | CaseEvent::RemedyFiled { .. } => {}
        _ => rule::ENDED.demand(!over)?,
    }
    match event {
        CaseEvent::HandedOver { number, on } => {
            receive(&mut decided.hand_over, (number, *on), decided.on, today)?;
        }
        CaseEvent::Rested { .. } => {
            rule::STATE_WRONG.demand(!decided.rests)?;
            decided.rests = true;
        }
        CaseEvent::Resumed { .. } => {
            rule::STATE_WRONG.demand(decided.rests)?;
            decided.rests = false;
        }
        CaseEvent::Shortened { through_on } => shorten(&mut decided, *through_on)?,
        CaseEvent::Ended { cause, recall_due_on } => {
            if let Ending::Own { document } = cause {
                listing::CAUSE_UNPROVED.demand(!document.trim().is_empty())?;
            }
            rule::STATE_WRONG.demand(!matches!(cause, Ending::Remedy { .. }))?;
            return end(decided, cause.clone(), *recall_due_on, today);
        }
        event => {
            if let Some(number) = remedy(&mut decided, event, (by, today))? {
                let CaseEvent::RemedyDecided { recall_due_on, .. } = event else { return Err(rule::ENDED.refuse()) };
                return end(decided, Ending::Remedy { number }, *recall_due_on, today);
            }
        }
    }
    Ok(State::Decided(Box::new(decided)))
}

/// What may follow when it has ended: the keeper is told, and a remedy that was filed comes to its end.
fn afterwards(mut end: End, event: &CaseEvent, (by, today): (&str, Date)) -> Result<State, Refusal> {
    match event {
        CaseEvent::HandedOver { number, on } => {
            let recall = end.recall.as_mut().ok_or_else(|| rule::NOTHING_TO_HAND_OVER.refuse())?;
            receive(recall, (number, *on), end.on, today)?;
        }
        CaseEvent::RemedyDecided { .. } => {
            remedy(&mut end.decided, event, (by, today))?;
        }
        _ => return Err(rule::ENDED.refuse()),
    }
    Ok(State::Ended(Box::new(end)))
}

fn receive(owed: &mut HandOver, (number, on): (&str, Date), since: Date, today: Date) -> Result<(), Refusal> {
    rule::NOTHING_TO_HAND_OVER.demand(owed.receipt.is_none())?;
    rule::RECEIPT_MISSING.demand(!number.trim().is_empty())?;
    listing::DAY_IN_FUTURE.demand(on <= today)?;
    listing::DAY_TOO_EARLY.demand(since <= on)?;
    owed.receipt = Some((number.to_owned(), on));
    Ok(())
}

/// A burden never grows, and what has been is not undone.
fn shorten(decided: &mut Decided, through_on: Date) -> Result<(), Refusal> {
    rule::OUTLASTS.demand(through_on < decided.through_on && decided.on <= through_on)?;
    decided.through_on = through_on;
    Ok(())
}

fn end(decided: Decided, cause: Ending, recall_due_on: Option<Date>, on: Date) -> Result<State, Refusal> {
    // The keeper is told exactly where something was handed over.
    let handed = decided.hand_over.receipt.is_some();
    rule::STATE_WRONG.demand(handed == recall_due_on.is_some())?;
    let recall = recall_due_on.map(|due_on| HandOver { due_on, receipt: None });
    Ok(State::Ended(Box::new(End { decided, cause, on, recall })))
}

/// A step of a remedy; the number of the one that has just revoked the decision.
fn remedy(decided: &mut Decided, event: &CaseEvent, (by, today): (&str, Date)) -> Result<Option<String>, Refusal> {
    let decided_on = decided.on;
    let on_a_day = |on: Date| {
        listing::DAY_IN_FUTURE.demand(on <= today)?;
        listing::DAY_TOO_EARLY.demand(decided_on <= on)
    };
    if let CaseEvent::RemedyFiled { filed } = event {
        let named = !filed.number.trim().is_empty() && !filed.body.trim().is_empty();
        listing::REMEDY_NUMBER_MISSING.demand(named)?;
        listing::REMEDY_REPEATED.demand(!decided.remedies.iter().any(|one| one.filed.number == filed.number))?;
        on_a_day(filed.on)?;
        decided.remedies.push(Remedy { filed: filed.clone(), filed_by: by.to_owned(), stayed_on: None, outcome: None });
        return Ok(None);
    }
    let (CaseEvent::Stayed { number, on, .. }
    | CaseEvent::StayLifted { number, on, .. }
    | CaseEvent::RemedyDecided { number, on, .. }) = event
    else {
        return Err(rule::STATE_WRONG.because(event.code()));
    };
    let found = decided.remedies.iter_mut().find(|one| one.filed.number == *number);
    let one = found.ok_or_else(|| listing::REMEDY_UNKNOWN.because(number))?;
    listing::REMEDY_DECIDED.demand(one.outcome.is_none())?;
    on_a_day(*on)?;
    listing::DAY_TOO_EARLY.demand(one.filed.on <= *on)?;
    match event {
        CaseEvent::Stayed { .. } => {
            listing::STAYED_ALREADY.demand(one.stayed_on.is_none())?;
            one.stayed_on = Some(*on);
        }
        CaseEvent::StayLifted { .. } => {
            listing::NOT_STAYED.demand(one.stayed_on.is_some_and(|since| since <= *on))?;
            one.stayed_on = None;
        }
        CaseEvent::RemedyDecided { outcome, .. } => {
            one.stayed_on = None;
            one.outcome = Some((outcome.clone(), *on));
            match outcome {
                Outcome::Upheld => {}
                Outcome::Shortened { through_on } => shorten(decided, *through_on)?,
                Outcome::Revoked => return Ok(Some(number.clone())),
            }
        }
        _ => return Err(rule::STATE_WRONG.because(event.code())),
    }
    Ok(None)
}
