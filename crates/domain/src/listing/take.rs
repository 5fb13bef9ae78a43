//! Taking a step: which state allows which step, between which persons, in which order of days. No rulebook is asked: what
//! it said stands in the step.

use super::case::{Case, Decided, Dismissed, Ended, Listed, Notified, State, Statement, Talk};
use super::{Cause, Event, Hearing, Outcome, Refusal, Remedy, Service, Step, WayOut, hearing, rule};
use jiff::civil::Date;

impl Case {
    /// A case from all its steps.
    ///
    /// # Errors
    /// When the steps are no lawful sequence.
    pub fn fold(steps: &[Step]) -> Result<Self, Refusal> {
        let (first, rest) = steps.split_first().ok_or_else(|| rule::STATE_WRONG.refuse())?;
        rest.iter().try_fold(Self::open(first)?, Self::take)
    }

    /// A case from its first step.
    ///
    /// # Errors
    /// When that is no proposal, or one without facts or base documents.
    pub fn open(step: &Step) -> Result<Self, Refusal> {
        let Event::Proposed { list, list_name, nature, uscc, unit, criterion, facts, bases, ordered } = &step.event
        else {
            return Err(rule::STATE_WRONG.because(step.event.code()));
        };
        step.check_papers()?;
        rule::ORDER_UNPROVED.demand(ordered.is_empty() || !step.papers.is_empty())?;
        rule::FACTS_MISSING.demand(!facts.trim().is_empty())?;
        rule::BASE_MISSING.demand(!bases.is_empty())?;
        let repeated = |i: usize| bases.iter().take(i).any(|one| Some(&one.record) == bases.get(i).map(|b| &b.record));
        rule::BASE_REPEATED.demand(!(0..bases.len()).any(repeated))?;
        rule::DAY_IN_FUTURE.demand(bases.iter().all(|base| base.decided_on <= step.on))?;
        Ok(Self {
            list: list.clone(),
            list_name: list_name.clone(),
            nature: *nature,
            uscc: uscc.clone(),
            unit: unit.clone(),
            criterion: criterion.clone(),
            facts: facts.clone(),
            bases: bases.clone(),
            proposed_by: step.by.clone(),
            proposed_on: step.on,
            last_on: step.on,
            talks: Vec::new(),
            state: State::Proposed,
        })
    }

    /// The case after a step.
    ///
    /// # Errors
    /// When its state, its persons or its days do not allow the step.
    pub fn take(mut self, step: &Step) -> Result<Self, Refusal> {
        rule::DAY_NOT_WRITTEN.demand(self.last_on <= step.on)?;
        step.check_papers()?;
        match &step.event {
            Event::TalkNotified { .. } | Event::TalkHeld { .. } => self.talk(step)?,
            Event::DecisionServed { service } => self.served(service, step.on)?,
            Event::RemedyFiled { .. }
            | Event::Stayed { .. }
            | Event::StayLifted { .. }
            | Event::RemedyDecided { .. } => self = self.remedy(step)?,
            _ => self.state = next(&self, step)?,
        }
        self.last_on = step.on;
        Ok(self)
    }

    fn talk(&mut self, step: &Step) -> Result<(), Refusal> {
        match &self.state {
            State::Proposed | State::Notified(_) => {}
            State::Listed(listed) => rule::ENDED.demand(step.on <= listed.decided.through_on)?,
            State::Delisted(_) => return Err(rule::DELISTED.refuse()),
            state => return Err(rule::STATE_WRONG.because(state.code())),
        }
        match &step.event {
            Event::TalkNotified { kind, letter, talk_on, place, matter } => {
                rule::LETTER_MISSING.demand(!letter.trim().is_empty())?;
                rule::TALK_PLACE_MISSING.demand(!place.trim().is_empty() && !matter.trim().is_empty())?;
                rule::DAY_TOO_EARLY.demand(step.on <= *talk_on)?;
                let (letter, place, matter) = (letter.clone(), place.clone(), matter.clone());
                self.talks.push(Talk { kind: *kind, letter, talk_on: *talk_on, place, matter, held: None });
            }
            Event::TalkHeld { letter, on, minutes, attended, undertaking } => {
                let talk = self.talks.iter_mut().find(|talk| talk.letter == *letter);
                let talk = talk.ok_or_else(|| rule::TALK_UNKNOWN.because(letter))?;
                rule::TALK_HELD.demand(talk.held.is_none())?;
                rule::MINUTES_MISSING.demand(!minutes.trim().is_empty())?;
                rule::DAY_IN_FUTURE.demand(*on <= step.on)?;
                talk.held = Some((*on, minutes.clone(), *attended, undertaking.clone()));
            }
            _ => return Err(rule::STATE_WRONG.refuse()),
        }
        Ok(())
    }

    fn served(&mut self, service: &Service, on: Date) -> Result<(), Refusal> {
        service.check(on)?;
        let (letter, decided_on, served) = match &mut self.state {
            State::Listed(listed) => (&listed.decided.letter, listed.decided.on, &mut listed.served),
            State::NotListed(dismissed) => (&dismissed.letter, dismissed.on, &mut dismissed.served),
            // The decision may still be on its way when the entry ends; afterwards the letter of removal follows.
            State::Delisted(ended) if ended.listed.decided.letter == service.letter => {
                (&ended.listed.decided.letter, ended.listed.decided.on, &mut ended.listed.served)
            }
            State::Delisted(ended) => (&ended.letter, ended.on, &mut ended.served),
            state => return Err(rule::STATE_WRONG.because(state.code())),
        };
        rule::LETTER_MISSING.demand(*letter == service.letter)?;
        rule::SERVED_ALREADY.demand(served.is_none())?;
        rule::DAY_TOO_EARLY.demand(decided_on <= service.delivered_on)?;
        *served = Some(service.clone());
        Ok(())
    }

    fn remedy(mut self, step: &Step) -> Result<Self, Refusal> {
        let stands = matches!(self.state, State::Listed(_));
        let listed = match &mut self.state {
            State::Listed(listed) => listed,
            State::Delisted(ended) => &mut ended.listed,
            state => return Err(rule::STATE_WRONG.because(state.code())),
        };
        let decided_on = listed.decided.on;
        let on_a_day = |on: Date| {
            rule::DAY_IN_FUTURE.demand(on <= step.on)?;
            rule::DAY_TOO_EARLY.demand(decided_on <= on)
        };
        if let Event::RemedyFiled { filed } = &step.event {
            let named = !filed.number.trim().is_empty() && !filed.body.trim().is_empty();
            rule::REMEDY_NUMBER_MISSING.demand(named)?;
            rule::REMEDY_REPEATED.demand(!listed.remedies.iter().any(|one| one.filed.number == filed.number))?;
            on_a_day(filed.on)?;
            listed.remedies.push(Remedy {
                filed: filed.clone(),
                filed_by: step.by.clone(),
                stayed_on: None,
                outcome: None,
            });
            return Ok(self);
        }
        let (number, on) = match &step.event {
            Event::Stayed { number, on } | Event::StayLifted { number, on } => (number, *on),
            Event::RemedyDecided { number, on, .. } => (number, *on),
            _ => return Err(rule::STATE_WRONG.refuse()),
        };
        let remedy = listed.remedies.iter_mut().find(|one| one.filed.number == *number);
        let remedy = remedy.ok_or_else(|| rule::REMEDY_UNKNOWN.because(number))?;
        rule::REMEDY_DECIDED.demand(remedy.outcome.is_none())?;
        on_a_day(on)?;
        rule::DAY_TOO_EARLY.demand(remedy.filed.on <= on)?;
        match &step.event {
            Event::Stayed { .. } => {
                rule::DELISTED.demand(stands)?;
                rule::ENDED.demand(step.on <= listed.decided.through_on)?;
                rule::STAYED_ALREADY.demand(remedy.stayed_on.is_none())?;
                remedy.stayed_on = Some(on);
                Ok(self)
            }
            Event::StayLifted { .. } => {
                rule::NOT_STAYED.demand(remedy.stayed_on.is_some_and(|since| since <= on))?;
                remedy.stayed_on = None;
                Ok(self)
            }
            Event::RemedyDecided { outcome, letter, .. } => {
                remedy.stayed_on = None;
                remedy.outcome = Some((outcome.clone(), on));
                match outcome {
                    Outcome::Upheld => Ok(self),
                    Outcome::Changed { measures, through_on } => {
                        change(&mut listed.decided, measures, *through_on)?;
                        Ok(self)
                    }
                    Outcome::Revoked if stands => {
                        let cause = Cause::Remedy { number: number.clone() };
                        self.state = end(self.state, cause, letter, step.on)?;
                        Ok(self)
                    }
                    Outcome::Revoked => Ok(self),
                }
            }
            _ => Err(rule::STATE_WRONG.refuse()),
        }
    }
}

/// A change takes away: no measure more, no day more.
fn change(decided: &mut Decided, measures: &[String], through_on: Option<Date>) -> Result<(), Refusal> {
    let known = |code: &String| decided.measures.iter().any(|taken| taken.code == *code);
    rule::OUTCOME_WIDENS.demand(measures.iter().all(known))?;
    rule::OUTCOME_WIDENS.demand(through_on.is_none_or(|day| day <= decided.through_on && decided.on <= day))?;
    decided.measures.retain(|taken| measures.contains(&taken.code));
    decided.through_on = through_on.unwrap_or(decided.through_on);
    Ok(())
}

fn next(case: &Case, step: &Step) -> Result<State, Refusal> {
    match (&case.state, &step.event) {
        (State::Proposed, Event::NoticeServed { .. }) => notify(case, step),
        (State::Proposed, Event::Listed { .. } | Event::NotListed { .. }) => Err(rule::NOT_SERVED.refuse()),
        (State::Proposed | State::Notified(_), Event::Withdrawn { reason }) => {
            rule::REASON_MISSING.demand(!reason.trim().is_empty())?;
            Ok(State::Withdrawn { reason: reason.clone(), on: step.on })
        }
        (State::Proposed | State::Notified(_), Event::BaseRevoked { record, document }) => {
            rule::BASE_NOT_OF_CASE.demand(case.bases.iter().any(|base| base.record == *record))?;
            rule::CAUSE_UNPROVED.demand(!document.trim().is_empty())?;
            let reason = Cause::BaseRevoked { record: record.clone(), document: document.clone() }.told();
            Ok(State::Withdrawn { reason, on: step.on })
        }
        (State::Notified(notified), Event::Listed { .. } | Event::NotListed { .. }) => decide(case, notified, step),
        (State::Notified(notified), event) => answer(case, notified.clone(), event, step.on).map(State::Notified),
        (State::Listed(listed), Event::Removed { cause, letter }) => {
            may_end(case, listed, cause, step)?;
            end(case.state.clone(), cause.clone(), letter, step.on)
        }
        (State::Delisted(ended), Event::Restored { document, through_on, exits }) => {
            rule::CAUSE_UNPROVED.demand(!document.trim().is_empty())?;
            rule::DELISTED.demand(case.may_return())?;
            restore(ended, step.on, *through_on, exits)
        }
        (State::Delisted(_), _) => Err(rule::DELISTED.refuse()),
        (state, _) => Err(rule::STATE_WRONG.because(state.code())),
    }
}

fn notify(case: &Case, step: &Step) -> Result<State, Refusal> {
    let Event::NoticeServed { service, answer_days, answer_due_on, hearing_due_on, provisional } = &step.event else {
        return Err(rule::STATE_WRONG.refuse());
    };
    service.check(step.on)?;
    rule::DAY_TOO_EARLY.demand(case.proposed_on <= service.delivered_on)?;
    rule::DAY_TOO_EARLY.demand(service.served_on < *answer_due_on)?;
    Ok(State::Notified(Notified {
        service: service.clone(),
        answer_days: *answer_days,
        answer_due_on: *answer_due_on,
        hearing_due_on: *hearing_due_on,
        provisional: *provisional,
        waived: false,
        statements: Vec::new(),
        hearing: None,
    }))
}

/// What the party says, and what is said to it, while its time runs and until there is a decision.
fn answer(case: &Case, mut notified: Notified, event: &Event, today: Date) -> Result<Notified, Refusal> {
    let since = notified.service.served_on;
    let on_a_day = |on: Date| {
        rule::DAY_IN_FUTURE.demand(on <= today)?;
        rule::DAY_TOO_EARLY.demand(since <= on)
    };
    match event {
        Event::Stated { on, text } => {
            rule::STATEMENT_MISSING.demand(!text.trim().is_empty())?;
            on_a_day(*on)?;
            rule::STATEMENT_LATE.demand(notified.provisional || *on <= notified.answer_due_on)?;
            notified.statements.push(Statement { on: *on, text: text.clone(), answer: None });
        }
        Event::Answered { statement, accepted, reason } => {
            let at = usize::try_from(*statement).ok().and_then(|n| n.checked_sub(1));
            let found = at.and_then(|at| notified.statements.get_mut(at));
            let found = found.ok_or_else(|| rule::STATEMENT_UNKNOWN.refuse())?;
            rule::STATEMENT_ANSWERED.demand(found.answer.is_none())?;
            rule::ANSWER_MISSING.demand(!reason.trim().is_empty())?;
            found.answer = Some((*accepted, reason.clone()));
        }
        Event::Waived { on, proof, .. } => {
            rule::WAIVED_ALREADY.demand(!notified.waived)?;
            rule::WAIVER_UNFOUNDED.demand(!proof.trim().is_empty())?;
            on_a_day(*on)?;
            notified.waived = true;
        }
        Event::HearingAsked { on } => {
            rule::HEARING_ASKED.demand(notified.hearing.is_none())?;
            on_a_day(*on)?;
            let in_time = notified.hearing_due_on.is_some_and(|due| notified.provisional || *on <= due);
            rule::HEARING_LATE.demand(in_time)?;
            notified.hearing = Some(Hearing { asked_on: *on, notice: None, held: None });
        }
        _ => hearing::take(case, &mut notified, event, today)?,
    }
    Ok(notified)
}

fn decide(case: &Case, notified: &Notified, step: &Step) -> Result<State, Refusal> {
    let (letter, ended_on) = match &step.event {
        Event::Listed { letter, window_ended_on, .. } | Event::NotListed { letter, window_ended_on, .. } => {
            (letter, *window_ended_on)
        }
        _ => return Err(rule::STATE_WRONG.refuse()),
    };
    may_decide(case, notified, &step.by, ended_on, step.on)?;
    rule::LETTER_MISSING.demand(!letter.trim().is_empty())?;
    match &step.event {
        Event::NotListed { reason, .. } => {
            rule::REASON_MISSING.demand(!reason.trim().is_empty())?;
            Ok(State::NotListed(Box::new(Dismissed {
                notified: notified.clone(),
                letter: letter.clone(),
                by: step.by.clone(),
                on: step.on,
                reason: reason.clone(),
                served: None,
            })))
        }
        Event::Listed { findings, measures, exits, objection, remedies, through_on, pack, consent, .. } => {
            findings.check()?;
            let repeated =
                |i: usize| measures.iter().take(i).any(|m| measures.get(i).is_some_and(|n| n.code == m.code));
            rule::MEASURE_REPEATED.demand(!(0..measures.len()).any(repeated))?;
            rule::EXIT_MISSING.demand(!exits.is_empty())?;
            rule::REMEDY_MISSING.demand(!remedies.is_empty() && !objection.trim().is_empty())?;
            rule::TERM_UNKNOWN.demand(step.on <= *through_on && !pack.is_empty())?;
            let decided = Decided {
                letter: letter.clone(),
                by: step.by.clone(),
                on: step.on,
                findings: findings.clone(),
                measures: measures.clone(),
                exits: exits.clone(),
                objection: objection.clone(),
                remedies: remedies.clone(),
                through_on: *through_on,
                pack: pack.clone(),
                consent: consent.clone(),
            };
            let notified = notified.clone();
            let remedies = Vec::new();
            Ok(State::Listed(Box::new(Listed { notified, decided, served: None, remedies, restored_on: None })))
        }
        _ => Err(rule::STATE_WRONG.refuse()),
    }
}

/// Whether somebody may decide a case today: not the proposer, not before the party was heard or had its time.
pub(super) fn may_decide(
    case: &Case,
    notified: &Notified,
    by: &str,
    ended_on: Date,
    today: Date,
) -> Result<(), Refusal> {
    rule::SAME_PERSON.demand(by != case.proposed_by)?;
    rule::DAY_TOO_EARLY.demand(notified.service.served_on < ended_on)?;
    rule::DAY_TOO_EARLY.demand(notified.provisional || ended_on == notified.answer_due_on)?;
    if !notified.waived && today <= ended_on {
        return Err(rule::ANSWER_PERIOD_RUNNING.because(format!("{ended_on}届满")));
    }
    rule::STATEMENT_OPEN.demand(notified.statements.iter().all(|statement| statement.answer.is_some()))?;
    rule::HEARING_OPEN.demand(notified.hearing.as_ref().is_none_or(|hearing| hearing.held.is_some()))
}

/// Whether a cause ends an entry today.
fn may_end(case: &Case, listed: &Listed, cause: &Cause, step: &Step) -> Result<(), Refusal> {
    let over = listed.decided.through_on < step.on;
    match cause {
        Cause::Term if !over => Err(rule::TERM_RUNNING.because(format!("{}届满", listed.decided.through_on))),
        Cause::Term => Ok(()),
        Cause::Remedy { .. } => Err(rule::STATE_WRONG.because("remedy_decided")),
        _ if over => Err(rule::ENDED.refuse()),
        Cause::Repair { exit, document } => {
            rule::CAUSE_UNPROVED.demand(!document.trim().is_empty())?;
            rule::REMOVAL_BY_PROPOSER.demand(step.by != case.proposed_by)?;
            let way = listed.decided.exits.iter().find(|way| way.name == *exit);
            let way = way.ok_or_else(|| rule::EXIT_UNKNOWN.because(exit))?;
            if step.on < way.from_on {
                return Err(rule::EXIT_TOO_EARLY.because(format!("最早{}", way.from_on)));
            }
            Ok(())
        }
        Cause::BaseRevoked { record, document } => {
            rule::BASE_NOT_OF_CASE.demand(case.bases.iter().any(|base| base.record == *record))?;
            rule::CAUSE_UNPROVED.demand(!document.trim().is_empty())
        }
        Cause::Objection { document } => {
            rule::REMOVAL_BY_PROPOSER.demand(step.by != case.proposed_by)?;
            rule::CAUSE_UNPROVED.demand(!document.trim().is_empty())
        }
    }
}

/// Puts an entry back on its list.
fn restore(ended: &Ended, today: Date, through_on: Date, exits: &[WayOut]) -> Result<State, Refusal> {
    rule::TERM_UNKNOWN.demand(today <= through_on)?;
    rule::EXIT_MISSING.demand(!exits.is_empty())?;
    let mut listed = ended.listed.clone();
    listed.decided.through_on = through_on;
    listed.decided.exits = exits.to_vec();
    listed.restored_on = Some(today);
    Ok(State::Listed(Box::new(listed)))
}

/// Ends an entry.
fn end(state: State, cause: Cause, letter: &str, on: Date) -> Result<State, Refusal> {
    rule::LETTER_MISSING.demand(!letter.trim().is_empty())?;
    match state {
        State::Listed(listed) => {
            let letter = letter.to_owned();
            Ok(State::Delisted(Box::new(Ended { listed: *listed, cause, on, letter, served: None })))
        }
        State::Delisted(_) => Err(rule::DELISTED.refuse()),
        other => Err(rule::STATE_WRONG.because(other.code())),
    }
}
