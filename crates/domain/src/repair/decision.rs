//! What a grant finds, one by one; and what becomes of a decision once its letter is written: its service, from which the periods of the
//! remedies run, what was filed against it, and what came of that.

use super::desk::first;
use super::{Applied, Case, Desk, Due, Event, Met, Related, State, Step, rule};
use crate::listing::{Delivery, Filed, Refusal, Ruled, told};
use crate::objection::Evidence;
use crate::paper;
use crate::rulebook::procedure::Condition;
use jiff::civil::Date;

/// A grant as it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Granting<'g> {
    /// Number of the letter.
    pub letter: &'g str,
    /// What was looked at, and how it stands.
    pub findings: &'g str,
    /// Codes of the conditions that were found met.
    pub conditions: &'g [String],
    /// Penalties whose publicity ends with the entry of a list that it is about.
    pub related: &'g [Related],
}

impl<'r> Desk<'r> {
    /// The conditions that a grant must find met: those of the order of the application, in the edition in force.
    pub fn conditions(&self, applied: &Applied, applied_on: Date) -> impl Iterator<Item = &'r Condition> {
        let (pack, minimum) = (first(&applied.procedure).to_owned(), applied.min_end_on.is_some());
        let rules = self.rulebook.procedure.repair_rules(applied_on);
        let asks = move |one: &&Condition| one.is_asked(&pack, minimum);
        rules.map(|rules| rules.conditions.as_slice()).unwrap_or_default().iter().filter(asks)
    }

    /// Those that were found, each of them.
    pub(super) fn found(&self, case: &Case, ticked: &[String]) -> Result<Vec<Met>, Refusal> {
        let rules = self.rulebook.procedure.repair_rules(case.applied_on);
        let known = rules.map(|rules| rules.conditions.as_slice()).unwrap_or_default();
        if let Some(unknown) = ticked.iter().find(|code| known.iter().all(|one| one.code != **code)) {
            return Err(rule::CONDITION_UNKNOWN.because(unknown));
        }
        let found = self.conditions(&case.applied, case.applied_on).map(|one| match ticked.contains(&one.code) {
            true => Ok(Met { code: one.code.clone(), text: one.text.clone() }),
            false => {
                Err(rule::CONDITION_MISSING.because(format!("{}（{}，{}）", one.text, one.code, one.basis.told())))
            }
        });
        found.collect()
    }

    /// Records that the letter of a decision has reached the organisation; the last one where none is named.
    ///
    /// # Errors
    /// When there is no such letter, it was served before, or the service does not count or is of a day before the letter.
    pub fn serve_decision(
        &self,
        case: &Case,
        letter: Option<&str>,
        delivery: &Delivery,
    ) -> Result<(Step, Case), Refusal> {
        let service = told::serving(&case.told, &self.rulebook.procedure, (letter, delivery), self.today)?;
        self.take(case, Event::DecisionServed { service })
    }

    /// Records that the organisation has gone to a reviewing body or to court over a decision; over the last one where none is named.
    ///
    /// # Errors
    /// When there is no such letter, or the filing is not named as a whole, was entered before or is of no possible day.
    pub fn file_remedy(
        &self,
        case: &Case,
        letter: Option<&str>,
        (filed, papers): (&Filed, &[Evidence]),
    ) -> Result<(Step, Case), Refusal> {
        let (letter, filed) = told::filing(&case.told, (letter, filed, papers), self.today)?;
        paper::fit(case.applied.papers.len() + told::papers(&case.told), papers.len())?;
        self.take(case, Event::RemedyFiled { letter, filed, papers: papers.to_vec() })
    }

    /// Records what came of that. Where a refusal fell by it and the record is still to be repaired (`stands`), the application goes back to
    /// whoever decides it, with a clock of its own.
    ///
    /// # Errors
    /// When no such remedy is pending, the ruling is not named as a whole or nothing proves it, its day cannot be, or the same person
    /// entered the filing.
    pub fn rule_remedy(&self, case: &Case, ruled: &Ruled, stands: bool) -> Result<(Step, Case), Refusal> {
        let (letter, ruled) = told::ruling(&case.told, ruled, self.by, self.today)?;
        paper::fit(case.applied.papers.len() + told::papers(&case.told), ruled.papers.len())?;
        let reopens = stands && ruled.verdict.reopens() && case.refused_by(&letter);
        let due = match &case.state {
            _ if !reopens => None,
            State::NotAccepted(_) if case.applied.plan.is_some() => self.shield_due(case),
            State::NotAccepted(_) => self.due(self.today, self.row(case)?.accept_working_days),
            _ => self.due(self.today, self.row(case)?.decide_working_days),
        };
        self.take(case, Event::RemedyRuled { ruled, reopens, due })
    }
}

impl Case {
    /// Whether the letter of its last decision is still to be served.
    #[must_use]
    pub fn unserved(&self) -> bool {
        self.told.last().is_some_and(|one| one.served.is_none())
    }

    /// Whether it stands refused by a letter.
    fn refused_by(&self, letter: &str) -> bool {
        matches!(&self.state, State::NotAccepted(ended) | State::Refused(ended) if ended.letter == letter)
    }

    /// Takes what came of a remedy; the refusal fell where the day for a new one is given.
    pub(super) fn contested(&mut self, step: &Step, ruled: &Ruled, anew: Option<Option<Due>>) -> Result<(), Refusal> {
        let letter = told::take_ruling(&mut self.told, ruled, &step.by)?;
        let (Some(due), on) = (anew, step.on) else { return Ok(()) };
        rule::STATE_WRONG.demand(self.refused_by(&letter))?;
        if matches!(self.state, State::NotAccepted(_)) {
            let code = if self.applied.plan.is_some() { "shield" } else { "accept" };
            self.begin(code, on, due);
            self.state = State::Arrived;
            return Ok(());
        }
        // Its time counts from here, and may be lengthened once as any other.
        if let Some((_, accepted_on)) = &mut self.accepted {
            *accepted_on = on;
        }
        self.extended = None;
        self.begin("decide", on, due);
        self.state = State::Accepted;
        Ok(())
    }
}
