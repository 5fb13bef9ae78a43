//! Revocation (撤销信用修复) by due process: proposed with its facts, told to the organisation by a notice that is served, answered by its
//! statement or by the end of its days, and then revoked, or dropped, by somebody who did not propose it. Until then the repair stands.
//!
//! 信用修复管理办法 art. 二十五 and 市场监督管理信用修复管理办法 art. 二十三 say what follows from deceit (three years on the public record, three years
//! without an application, a period that counts anew) and nothing of the way there. It weighs no less than a penalty, so the way is that of
//! 行政处罚法 arts. 四十四, 四十五 and 六十二: nobody is decided against unheard. An application that waits goes the same way, for the same
//! follows from it; whoever only refuses it needs none of this.
//!
//! What is asked of whoever makes a step stands in [`Desk`]; a kept step folds for ever, also one of a program that revoked at once.

use super::case::ended;
use super::desk::first;
use super::{Case, Desk, Due, Event, Fault, Paper, State, Step, rule};
use crate::listing::{Delivery, Refusal, Service, rule as listed};
use crate::paper;
use crate::publicity;
use jiff::ToSpan;
use jiff::civil::Date;

/// A proposal to revoke, with what has come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Number of its notice.
    pub letter: String,
    /// Who proposed it.
    pub by: String,
    /// When.
    pub on: Date,
    /// What it is held to be.
    pub fault: Fault,
    /// The facts.
    pub facts: String,
    /// Whether a granted repair would be taken back.
    pub of_grant: bool,
    /// The notice has reached the organisation.
    pub served: Option<Heard>,
    /// What the organisation stated, in order.
    pub statements: Vec<Stated>,
    /// The organisation gave up what was left of its days.
    pub waived: Option<Waived>,
    /// Why it was dropped.
    pub dropped: Option<String>,
}

/// A waiver of the organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// The day on which it said so.
    pub on: Date,
    /// Who entered it.
    pub by: String,
    /// It said so by its own account.
    pub by_party: bool,
    /// Number of its paper; empty where it said so by its own account.
    pub reference: String,
    /// Its paper.
    pub papers: Vec<Paper>,
}

/// The time in which the organisation is heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// How the notice reached it.
    pub service: Service,
    /// Working days for a statement.
    pub statement_days: u32,
    /// Last day for it.
    pub statement_due_on: Date,
    /// That day lies beyond the calendar that was published then.
    pub provisional: bool,
}

/// A statement of the organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The day on which it came.
    pub on: Date,
    /// What it says.
    pub text: String,
    /// Number of the paper; empty where it came by the organisation's account.
    pub reference: String,
    /// Papers.
    pub papers: Vec<Paper>,
}

/// What is asked for with a statement.
#[derive(Clone, Copy, Debug)]
pub struct Stating<'s> {
    /// The day on which it came; today where it comes by the organisation's account.
    pub on: Date,
    /// What it says.
    pub text: &'s str,
    /// Number of the paper; none where it comes by the organisation's account.
    pub reference: Option<&'s str>,
    /// Papers.
    pub papers: &'s [Paper],
}

/// What is asked for with a waiver.
#[derive(Clone, Copy, Debug)]
pub struct Waiving<'s> {
    /// The day on which it said so; today where it says so by its own account.
    pub on: Date,
    /// Number of its paper; none where it says so by its own account.
    pub reference: Option<&'s str>,
    /// Its paper.
    pub papers: &'s [Paper],
}

impl Case {
    /// The proposal to revoke that waits for its end; none where nothing was proposed, or it has ended.
    #[must_use]
    pub fn revoking(&self) -> Option<&Revocation> {
        let stands = self.state.is_open() || matches!(self.state, State::Granted { .. });
        self.revocation.as_ref().filter(|proposed| stands && proposed.dropped.is_none())
    }

    /// Takes a step on the way to a revocation: in its order, and no more is asked of what is kept.
    pub(super) fn proceed(&mut self, step: &Step) -> Result<(), Refusal> {
        let wrong = || rule::STATE_WRONG.because(step.event.code());
        if let Event::RevocationProposed { letter, fault, facts } = &step.event {
            if !may_be_revoked(&self.state) || self.revoking().is_some() {
                return Err(wrong());
            }
            self.revocation = Some(Revocation {
                letter: letter.clone(),
                by: step.by.clone(),
                on: step.on,
                fault: *fault,
                facts: facts.clone(),
                of_grant: matches!(self.state, State::Granted { .. }),
                served: None,
                statements: Vec::new(),
                waived: None,
                dropped: None,
            });
            return Ok(());
        }
        let waits = self.revoking().is_some();
        let proposed = self.revocation.as_mut().filter(|_| waits).ok_or_else(wrong)?;
        match &step.event {
            Event::RevocationServed { service, statement_days, statement_due_on, provisional, decide } => {
                if proposed.served.is_some() {
                    return Err(wrong());
                }
                proposed.served = Some(Heard {
                    service: service.clone(),
                    statement_days: *statement_days,
                    statement_due_on: *statement_due_on,
                    provisional: *provisional,
                });
                let from_on = *statement_due_on;
                self.begin("revoke", from_on, *decide);
            }
            Event::RevocationStated { on, text, reference, papers } if proposed.served.is_some() => {
                let (text, reference, papers) = (text.clone(), reference.clone(), papers.clone());
                proposed.statements.push(Stated { on: *on, text, reference, papers });
            }
            Event::RevocationWaived { on, by_party, reference, papers }
                if proposed.served.is_some() && proposed.waived.is_none() =>
            {
                let (by, reference, papers) = (step.by.clone(), reference.clone(), papers.clone());
                proposed.waived = Some(Waived { on: *on, by, by_party: *by_party, reference, papers });
            }
            Event::RevocationDropped { reason, .. } => {
                proposed.dropped = Some(reason.clone());
                self.end("revoke", step.on, true);
            }
            _ => return Err(wrong()),
        }
        Ok(())
    }

    /// Takes the step that revokes.
    pub(super) fn revoked(&mut self, step: &Step) -> Result<(), Refusal> {
        let Event::Revoked { letter, fault, facts, sanction_through_on, barred_through_on, restart, reason } =
            &step.event
        else {
            return Err(rule::STATE_WRONG.because(step.event.code()));
        };
        if !may_be_revoked(&self.state) {
            return Err(rule::STATE_WRONG.because(self.state.code()));
        }
        let was_granted = matches!(self.state, State::Granted { .. });
        self.fits(*fault)?;
        self.decided_apart(&step.by)?;
        rule::FACTS_MISSING.demand(!facts.trim().is_empty())?;
        // What was not ended does not begin again, and a promise that was broken later deceived nobody who decided.
        let deceived = was_granted && *fault != Fault::BrokenPromise;
        rule::FAULT_WRONG.demand(restart.is_none_or(|restart| deceived && restart.on == step.on))?;
        rule::FAULT_WRONG.demand(step.on <= *sanction_through_on && step.on <= *barred_through_on)?;
        self.finish(step.on, true);
        let related = self.related().to_vec();
        self.state = State::Revoked {
            ended: ended(step, letter, facts, &[]),
            fault: *fault,
            was_granted,
            sanction_through_on: *sanction_through_on,
            barred_through_on: *barred_through_on,
            restart: *restart,
            reason: reason.clone(),
            related,
        };
        Ok(())
    }

    /// Whether what is said to be wrong can be wrong with the case as it stands.
    fn fits(&self, fault: Fault) -> Result<(), Refusal> {
        // Before the grant there is nothing that could have been promised in vain.
        let was_granted = matches!(self.state, State::Granted { .. });
        rule::FAULT_WRONG.demand(was_granted || fault != Fault::BrokenPromise)?;
        // A shield rests on a ruling, and on no promise at all.
        rule::FAULT_WRONG.demand(self.applied.plan.is_none() || fault == Fault::FalsePapers)
    }
}

const fn may_be_revoked(state: &State) -> bool {
    matches!(state, State::Granted { .. } | State::Arrived | State::Wanting | State::Accepted | State::Shielded { .. })
}

impl Desk<'_> {
    /// Proposes to revoke a granted repair or a shield, or to end an application, for false papers or a broken promise.
    ///
    /// # Errors
    /// When the case does not stand so, one is proposed already, the facts are missing, or no rule in force says what follows and how
    /// many days the organisation has.
    pub fn propose_revocation(
        &self,
        case: &Case,
        letter: &str,
        (fault, facts): (Fault, &str),
    ) -> Result<(Step, Case), Refusal> {
        rule::REVOCATION_RUNNING.demand(case.revoking().is_none())?;
        rule::FACTS_MISSING.demand(!facts.trim().is_empty())?;
        let (letter, facts) = (letter.to_owned(), facts.trim().to_owned());
        let (step, next) = self.take(case, Event::RevocationProposed { letter, fault, facts })?;
        case.fits(fault)?;
        self.sanction(case)?;
        self.statement_days()?;
        Ok((step, next))
    }

    /// Records that the notice has reached the organisation; the days for its statement run from then.
    ///
    /// # Errors
    /// When nothing is proposed or its notice was served before, or the service does not count.
    pub fn serve_revocation(&self, case: &Case, delivery: &Delivery) -> Result<(Step, Case), Refusal> {
        let proposed = case.revoking().ok_or_else(|| rule::REVOCATION_MISSING.refuse())?;
        listed::SERVED_ALREADY.demand(proposed.served.is_none())?;
        listed::DAY_TOO_EARLY.demand(proposed.on <= delivery.on)?;
        let service = Service::of(&self.rulebook.procedure, false, &proposed.letter, delivery, self.today)?;
        let statement_days = self.statement_days()?;
        let until = self.rulebook.calendar.due(service.served_on, statement_days);
        let rules = self.rulebook.procedure.repair_rules(self.today);
        let decide = self.due(until.on, rules.and_then(|rules| rules.revocation_working_days));
        let decide = decide.map(|due| Due { provisional: due.provisional || until.provisional, ..due });
        self.take(
            case,
            Event::RevocationServed {
                service,
                statement_days,
                statement_due_on: until.on,
                provisional: until.provisional,
                decide,
            },
        )
    }

    /// Takes the organisation's statement.
    ///
    /// # Errors
    /// When the notice was not served, it says nothing, it is of another day than the days for it, or what staff enter has no number.
    pub fn state(&self, case: &Case, stating: &Stating<'_>) -> Result<(Step, Case), Refusal> {
        let proposed = case.revoking().ok_or_else(|| rule::REVOCATION_MISSING.refuse())?;
        let heard = proposed.served.as_ref().ok_or_else(|| listed::NOT_SERVED.refuse())?;
        listed::STATEMENT_MISSING.demand(!stating.text.trim().is_empty())?;
        listed::DAY_IN_FUTURE.demand(stating.on <= self.today)?;
        listed::DAY_TOO_EARLY.demand(heard.service.served_on <= stating.on)?;
        let until = self.heard_until(heard);
        listed::STATEMENT_LATE.demand(stating.on <= until)?;
        rule::REFERENCE_MISSING.demand(stating.reference.is_none_or(|number| !number.trim().is_empty()))?;
        let before = proposed.statements.iter().map(|one| one.papers.len()).sum::<usize>();
        paper::fit(case.applied.papers.len() + before, stating.papers.len())?;
        stating.papers.iter().try_for_each(|paper| self.known(paper))?;
        self.take(
            case,
            Event::RevocationStated {
                on: stating.on,
                text: stating.text.trim().to_owned(),
                reference: stating.reference.unwrap_or_default().trim().to_owned(),
                papers: stating.papers.to_vec(),
            },
        )
    }

    /// Takes the organisation's waiver of what is left of its days: by its own account, or on paper, entered by another than whoever proposed
    /// to revoke.
    ///
    /// # Errors
    /// When the notice was not served, it was waived before, the day is none of those for a statement, or what staff enter has no number, no
    /// paper, or comes from whoever proposed it.
    pub fn waive(&self, case: &Case, waiving: &Waiving<'_>) -> Result<(Step, Case), Refusal> {
        let proposed = case.revoking().ok_or_else(|| rule::REVOCATION_MISSING.refuse())?;
        let heard = proposed.served.as_ref().ok_or_else(|| listed::NOT_SERVED.refuse())?;
        listed::WAIVED_ALREADY.demand(proposed.waived.is_none())?;
        listed::DAY_IN_FUTURE.demand(waiving.on <= self.today)?;
        listed::DAY_TOO_EARLY.demand(heard.service.served_on <= waiving.on)?;
        listed::STATEMENT_LATE.demand(waiving.on <= self.heard_until(heard))?;
        if let Some(number) = waiving.reference {
            rule::REFERENCE_MISSING.demand(!number.trim().is_empty())?;
            listed::WAIVER_BY_PROPOSER.demand(self.by != proposed.by)?;
            listed::WAIVER_PAPER_MISSING.demand(waiving.papers.iter().any(|paper| !paper.digest.is_empty()))?;
        }
        let before = proposed.statements.iter().map(|one| one.papers.len()).sum::<usize>();
        paper::fit(case.applied.papers.len() + before, waiving.papers.len())?;
        waiving.papers.iter().try_for_each(|paper| self.known(paper))?;
        self.take(
            case,
            Event::RevocationWaived {
                on: waiving.on,
                by_party: waiving.reference.is_none(),
                reference: waiving.reference.unwrap_or_default().trim().to_owned(),
                papers: waiving.papers.to_vec(),
            },
        )
    }

    /// Drops a proposal to revoke: what was granted stands.
    ///
    /// # Errors
    /// When nothing is proposed, whoever proposed it would drop it, or no reason is given.
    pub fn drop_revocation(&self, case: &Case, letter: &str, reason: &str) -> Result<(Step, Case), Refusal> {
        let proposed = case.revoking().ok_or_else(|| rule::REVOCATION_MISSING.refuse())?;
        rule::REVOCATION_SAME_PERSON.demand(self.by != proposed.by)?;
        rule::REASON_MISSING.demand(!reason.trim().is_empty())?;
        let (letter, reason) = (letter.to_owned(), reason.trim().to_owned());
        self.take(case, Event::RevocationDropped { letter, reason })
    }

    /// Takes a repair back, or ends a pending one, for what was proposed and nothing else. `returns` says that the record is there to stand
    /// again; then its period counts anew where the order of the case's procedure says so.
    ///
    /// # Errors
    /// When nothing was proposed, its notice was not served, the days for a statement are not over, whoever proposed it would decide, no
    /// reason is given, or the same person reviewed the application before.
    pub fn revoke(&self, case: &Case, letter: &str, reason: &str, returns: bool) -> Result<(Step, Case), Refusal> {
        let proposed = case.revoking().ok_or_else(|| rule::REVOCATION_MISSING.refuse())?;
        rule::REVOCATION_SAME_PERSON.demand(self.by != proposed.by)?;
        let heard = proposed.served.as_ref().ok_or_else(|| listed::NOT_SERVED.refuse())?;
        let until = self.heard_until(heard);
        if self.today <= until && proposed.waived.is_none() {
            return Err(listed::ANSWER_PERIOD_RUNNING.because(format!("{until}届满")));
        }
        rule::REASON_MISSING.demand(!reason.trim().is_empty())?;
        let deceived = matches!(case.state, State::Granted { .. }) && proposed.fault != Fault::BrokenPromise;
        let sanction = self.sanction(case)?;
        let restart = publicity::restart(&self.rulebook.publicity, first(&case.applied.procedure), self.today);
        self.take(
            case,
            Event::Revoked {
                letter: letter.to_owned(),
                fault: proposed.fault,
                facts: proposed.facts.clone(),
                sanction_through_on: sanction.through_on,
                barred_through_on: sanction.barred_through,
                restart: restart.filter(|_| returns && deceived),
                reason: reason.trim().to_owned(),
            },
        )
    }

    /// The last day for a statement, counted anew where the calendar had not been published when the notice was served. Where it still is not,
    /// three days for each working day and fifteen for a run of days off: no calendar makes them longer.
    #[must_use]
    pub fn heard_until(&self, heard: &Heard) -> Date {
        if !heard.provisional {
            return heard.statement_due_on;
        }
        let served_on = heard.service.served_on;
        let due = self.rulebook.calendar.due(served_on, heard.statement_days);
        let longest = i64::from(heard.statement_days).saturating_mul(3).saturating_add(15);
        if due.provisional { served_on.saturating_add(longest.days()) } else { due.on }
    }

    /// Working days for a statement before a revocation.
    ///
    /// # Errors
    /// When the rulebook of the day sets none.
    pub fn statement_days(&self) -> Result<u32, Refusal> {
        let rules = self.rulebook.procedure.repair_rules(self.today);
        let days = rules.and_then(|rules| rules.statement_working_days);
        days.ok_or_else(|| rule::PROCEDURE_UNKNOWN.because("陈述、申辩期限"))
    }

    fn sanction(&self, case: &Case) -> Result<publicity::Sanction, Refusal> {
        let pack = first(&case.applied.procedure);
        let sanction = publicity::sanction(&self.rulebook.publicity, pack, self.today);
        sanction.ok_or_else(|| rule::SANCTION_UNKNOWN.because(pack))
    }

    /// What waits for the end of a proposal to revoke while one is open: nothing is granted, refused, taken back or shown in between.
    pub(super) fn not_revoking(case: &Case, event: &Event) -> Result<(), Refusal> {
        let waits = matches!(
            event,
            Event::Granted { .. }
                | Event::Refused { .. }
                | Event::NotAccepted { .. }
                | Event::Shielded { .. }
                | Event::PlanFailed { .. }
                | Event::PlanCompleted { .. }
                | Event::Withdrawn { .. }
        );
        rule::REVOCATION_RUNNING.demand(!waits || case.revoking().is_none())
    }
}
