//! Making a step: what the rulebook of the day says goes into it — which clocks run, by which law, until when. Nothing of that
//! is typed by anybody.

use super::{
    Case, Clock, Decided, Decision, Duty, Event, Evidence, Filed, Found, Matter, Outcome, Remedy, Standing, Statement,
    Step, rule,
};
use crate::listing::{Delivery, Filed as RemedyFiled, Refusal, Ruled, told};
use crate::paper;
use crate::provision::Basis;
use crate::record::personal::carries_personal_number;
use crate::rulebook::Rulebook;
use crate::rulebook::procedure::ObjectionTermsVersion;
use jiff::civil::Date;

/// 山东省社会信用条例 art. 三十九, own scope.
const OWN: &str = "sd-objection-own";
/// The same, where another unit must check.
const OTHERS: &str = "sd-objection-others";
/// 信用修复管理办法 art. 十八: the push.
const PUSH: &str = "ndrc-36-objection-push";
/// The same: the check.
const CHECK: &str = "ndrc-36-objection-check";
/// 山东省社会信用条例 art. 四十.
const REVOKED: &str = "sd-base-revoked-report";

/// Makes steps by one edition of the rulebook.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'r> {
    /// The edition in force.
    pub rulebook: &'r Rulebook,
    /// Who acts.
    pub by: &'r str,
    /// For which unit; empty for the organisation.
    pub unit: &'r str,
    /// Today.
    pub today: Date,
}

/// A unit: code and name.
#[derive(Clone, Copy, Debug)]
pub struct Office<'f> {
    /// Its code.
    pub unit: &'f str,
    /// Its name.
    pub name: &'f str,
}

/// What is filed.
#[derive(Clone, Copy, Debug)]
pub struct Filing<'f> {
    /// What it is.
    pub matter: Matter,
    /// The organisation.
    pub uscc: &'f str,
    /// Identity of the record, in hex.
    pub record: &'f str,
    /// Its item.
    pub item: &'f str,
    /// Number of its document, or the item's name.
    pub title: &'f str,
    /// The unit whose record it is.
    pub owner: Office<'f>,
    /// The unit that handles the case.
    pub handler: Office<'f>,
}

impl Desk<'_> {
    /// Files a case.
    ///
    /// # Errors
    /// When it says nothing, or too much.
    pub fn file(&self, filing: &Filing<'_>, statement: &Statement) -> Result<(Step, Case), Refusal> {
        self.fits(filing.matter, statement)?;
        paper::fit(0, statement.evidence.len())?;
        let own = filing.owner.unit == filing.handler.unit;
        let from = statement.received_on;
        let clocks = match filing.matter {
            Matter::Objection if own => self.clocks(&[(OWN, Duty::Handle)], from),
            Matter::Objection => self.clocks(&[(PUSH, Duty::Push), (OTHERS, Duty::Handle)], from),
            Matter::Complaint => self.own("complaint", Duty::Handle, |terms| terms.complaint_working_days, from),
            Matter::Reply => self.own("reply_review", Duty::Review, |terms| terms.reply_review_working_days, from),
        };
        let filed = Filed {
            matter: filing.matter,
            uscc: filing.uscc.to_owned(),
            record: filing.record.to_owned(),
            item: filing.item.to_owned(),
            title: filing.title.to_owned(),
            owner: filing.owner.unit.to_owned(),
            owner_name: filing.owner.name.to_owned(),
            handler: filing.handler.unit.to_owned(),
            handler_name: filing.handler.name.to_owned(),
            statement: statement.clone(),
            clocks,
        };
        let step = self.step(Event::Filed(Box::new(filed)));
        let case = Case::begin(&step)?;
        Ok((step, case))
    }

    /// Joins what the party says to the case that is open.
    ///
    /// # Errors
    /// When it says nothing or too much, or the case takes no more.
    pub fn join(&self, case: &Case, statement: &Statement) -> Result<(Step, Case), Refusal> {
        self.fits(case.filed.matter, statement)?;
        paper::fit(case.papers(), statement.evidence.len())?;
        rule::APPEAL_INSTEAD.demand(case.takes_more())?;
        self.take(case, Event::Joined { statement: statement.clone() })
    }

    /// The owner takes the case on: the check is due from here.
    ///
    /// # Errors
    /// When the case does not allow it.
    pub fn accept(&self, case: &Case) -> Result<(Step, Case), Refusal> {
        let clocks = match case.filed.matter {
            Matter::Objection => self.clocks(&[(CHECK, Duty::Check)], self.today),
            Matter::Complaint | Matter::Reply => Vec::new(),
        };
        self.take(case, Event::Accepted { clocks })
    }

    /// The owner says what it found. A document that was revoked had to be reported within days of that.
    ///
    /// # Errors
    /// When the case does not allow it.
    pub fn check(
        &self,
        case: &Case,
        (found, text): (Found, &str),
        evidence: &[Evidence],
        revoked_on: Option<Date>,
    ) -> Result<(Step, Case), Refusal> {
        let clocks = revoked_on.map(|day| self.clocks(&[(REVOKED, Duty::Report)], day)).unwrap_or_default();
        paper::fit(case.papers(), evidence.len())?;
        rule::EVIDENCE_INVALID.demand(evidence.iter().all(Evidence::is_sound))?;
        let (text, evidence) = (text.trim().to_owned(), evidence.to_vec());
        self.take(case, Event::Checked { found, text, evidence, revoked_on, clocks })
    }

    /// Decides.
    ///
    /// # Errors
    /// When the case does not allow it.
    pub fn decide(
        &self,
        case: &Case,
        letter: &str,
        (outcome, remedies, reason): (Outcome, &[Remedy], &str),
    ) -> Result<(Step, Case), Refusal> {
        let days = self.terms().map(|terms| terms.appeal_working_days).filter(|_| outcome != Outcome::Upheld);
        let decided = decided(letter, outcome, remedies, reason, days);
        self.take(case, Event::Decided(decided))
    }

    /// The party does not accept the answer.
    ///
    /// # Errors
    /// When the case does not allow it.
    pub fn appeal(&self, case: &Case, ground: &str) -> Result<(Step, Case), Refusal> {
        let clocks = self.own("appeal", Duty::Appeal, |terms| terms.appeal_decision_working_days, self.today);
        self.take(case, Event::Appealed { ground: ground.trim().to_owned(), clocks })
    }

    /// Decides an appeal: the last answer.
    ///
    /// # Errors
    /// When the case does not allow it, or not to this person.
    pub fn decide_appeal(
        &self,
        case: &Case,
        letter: &str,
        (outcome, remedies, reason): (Outcome, &[Remedy], &str),
    ) -> Result<(Step, Case), Refusal> {
        self.take(case, Event::AppealDecided(decided(letter, outcome, remedies, reason, None)))
    }

    /// Records that the letter of a decision has reached the party, whose days to appeal run from then; the last letter where none is named.
    ///
    /// # Errors
    /// When there is no such letter, it was served before, the service does not count or is of a day before the letter, or another unit
    /// made the decision.
    pub fn serve_decision(
        &self,
        case: &Case,
        letter: Option<&str>,
        delivery: &Delivery,
    ) -> Result<(Step, Case), Refusal> {
        let service = told::serving(&case.told, &self.rulebook.procedure, (letter, delivery), self.today)?;
        let answer = case.decision.as_ref().filter(|decision| decision.decided.letter == service.letter);
        let appealed = case.appeal.iter().filter_map(|appeal| appeal.decision.as_ref());
        let made = answer.into_iter().chain(appealed).find(|decision| decision.decided.letter == service.letter);
        rule::WRONG_UNIT.demand(made.is_some_and(|decision| decision.unit == self.unit))?;
        // An answer of before services were recorded had its days from the letter: they are never shortened.
        let open = answer.filter(|_| case.standing == Standing::Decided);
        let days = open.and_then(|decision| decision.decided.appeal_days.or_else(|| self.appeal_days(decision)));
        let counted = days.map(|days| self.rulebook.calendar.due(service.served_on, days).on);
        let before = open.and_then(|decision| decision.decided.appeal_until);
        self.take(case, Event::DecisionServed { service, appeal_until: counted.max(before) })
    }

    /// Records that the party has gone to a reviewing body or to court over a decision; over the last one where none is named.
    ///
    /// # Errors
    /// When there is no such letter, or the filing is not named as a whole, was entered before or is of no possible day.
    pub fn file_remedy(
        &self,
        case: &Case,
        letter: Option<&str>,
        (filed, papers): (&RemedyFiled, &[Evidence]),
    ) -> Result<(Step, Case), Refusal> {
        let (letter, filed) = told::filing(&case.told, (letter, filed, papers), self.today)?;
        paper::fit(case.papers(), papers.len())?;
        self.take(case, Event::RemedyFiled { letter, filed, papers: papers.to_vec() })
    }

    /// Records what came of that. A decision that fell by it, and that still has a record to be about (`stands`), is made anew: the case
    /// goes back to where it stood before, with a clock of its own.
    ///
    /// # Errors
    /// When no such remedy is pending, the ruling is not named as a whole or nothing proves it, its day cannot be, or the same person
    /// entered the filing.
    pub fn rule_remedy(&self, case: &Case, ruled: &Ruled, stands: bool) -> Result<(Step, Case), Refusal> {
        let (letter, ruled) = told::ruling(&case.told, ruled, self.by, self.today)?;
        paper::fit(case.papers(), ruled.papers.len())?;
        let back = case.fallen(&letter).filter(|_| stands && ruled.verdict.reopens());
        let clocks = match (back, case.filed.matter) {
            (None, _) => Vec::new(),
            (Some(Standing::Appealed), _) => {
                self.own("appeal", Duty::Appeal, |terms| terms.appeal_decision_working_days, self.today)
            }
            (Some(_), Matter::Complaint) => {
                self.own("complaint", Duty::Handle, |terms| terms.complaint_working_days, self.today)
            }
            (Some(_), _) => {
                let law = if case.needs_another() { OTHERS } else { OWN };
                self.clocks(&[(law, Duty::Handle)], self.today)
            }
        };
        self.take(case, Event::RemedyRuled { ruled, reopens: back.is_some(), clocks })
    }

    /// Working days to appeal an answer that does not say them itself.
    fn appeal_days(&self, decision: &Decision) -> Option<u32> {
        decision.decided.appeal_until.and_then(|_| self.terms()).map(|terms| terms.appeal_working_days)
    }

    /// Takes any step into which nothing of the rulebook goes.
    ///
    /// # Errors
    /// When the case does not allow it.
    pub fn take(&self, case: &Case, event: Event) -> Result<(Step, Case), Refusal> {
        let step = self.step(event);
        let case = case.clone().take(&step)?;
        Ok((step, case))
    }

    /// The terms in force today; editions from before them set none.
    #[must_use]
    pub fn terms(&self) -> Option<&ObjectionTermsVersion> {
        self.rulebook.procedure.objection_terms(self.today)
    }

    fn step(&self, event: Event) -> Step {
        Step { by: self.by.to_owned(), unit: self.unit.to_owned(), on: self.today, event }
    }

    fn fits(&self, matter: Matter, statement: &Statement) -> Result<(), Refusal> {
        let Some(terms) = self.terms() else { return Ok(()) };
        let longest = if matter == Matter::Reply { terms.reply_characters_max } else { terms.statement_characters_max };
        let length = statement.ground.chars().count();
        if usize::try_from(longest).is_ok_and(|longest| longest < length) {
            return Err(rule::GROUND_TOO_LONG.because(format!("最多{longest}字，现有{length}字")));
        }
        rule::PERSONAL_TEXT.demand(matter != Matter::Reply || !carries_personal_number(&statement.ground))
    }

    /// The clocks of the law that were in force on the day that starts them.
    fn clocks(&self, wanted: &[(&str, Duty)], from: Date) -> Vec<Clock> {
        let start = |(code, duty): &(&str, Duty)| {
            let rule = self.rulebook.publicity.clock(code)?;
            let in_force = rule.effective_from <= from && rule.effective_to.is_none_or(|last| from <= last);
            let due = in_force.then(|| rule.due(&self.rulebook.calendar, from))?;
            Some(Clock {
                code: rule.code.clone(),
                duty: *duty,
                basis: told(&rule.basis),
                from_on: from,
                due_on: due.on,
                provisional: due.provisional,
            })
        };
        wanted.iter().filter_map(start).collect()
    }

    /// A clock that is a setting of ours.
    fn own(&self, code: &str, duty: Duty, days: impl Fn(&ObjectionTermsVersion) -> u32, from: Date) -> Vec<Clock> {
        let Some(terms) = self.terms() else { return Vec::new() };
        let due = self.rulebook.calendar.due(from, days(terms));
        vec![Clock {
            code: code.to_owned(),
            duty,
            basis: told(&terms.basis),
            from_on: from,
            due_on: due.on,
            provisional: due.provisional,
        }]
    }
}

fn decided(letter: &str, outcome: Outcome, remedies: &[Remedy], reason: &str, appeal_days: Option<u32>) -> Decided {
    Decided {
        letter: letter.to_owned(),
        outcome,
        remedies: remedies.to_vec(),
        reason: reason.trim().to_owned(),
        appeal_until: None,
        appeal_days,
    }
}

fn told(basis: &[Basis]) -> String {
    let one = |basis: &Basis| match basis.article.as_str() {
        "-" => format!("《{}》", basis.title),
        article => format!("《{}》第{article}条", basis.title),
    };
    basis.iter().map(one).collect::<Vec<_>>().join("、")
}
