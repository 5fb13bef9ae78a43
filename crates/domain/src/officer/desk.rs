//! Making a step: what the rulebook of the day says goes into it — the ground with its law, the days to answer, the last day,
//! the remedies, who keeps the person's record. Nothing of that is typed by anybody.

use super::case::{Case, Ending, Notified, State};
use super::duty::{Because, Duty};
use super::rule;
use super::step::{CaseEvent, CaseStep, DutyEvent, DutyStep, Proposed, TermEvent, TermStep};
use super::term::{Role, Term};
use crate::listing::{self, Delivery, Refusal, Service, rule as listed};
use crate::rulebook::Rulebook;
use crate::rulebook::liability::{Liability, LiabilityVersion};
use crate::rulebook::procedure::OfficerRulesVersion;
use jiff::civil::Date;

/// Makes steps by one edition of the rulebook.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'r> {
    /// The edition in force.
    pub rulebook: &'r Rulebook,
    /// Who acts.
    pub by: &'r str,
    /// Today.
    pub today: Date,
}

/// A term of office as it is entered.
#[derive(Clone, Copy, Debug)]
pub struct Entering<'e> {
    /// The organisation.
    pub uscc: &'e str,
    /// The unit that enters it.
    pub unit: &'e str,
    /// The office.
    pub role: Role,
    /// Digest over the person, in hex.
    pub person: &'e str,
    /// First day in office.
    pub from_on: Date,
    /// Last day in office.
    pub through_on: Option<Date>,
    /// What proves it.
    pub evidence: &'e str,
}

/// A proposal to hold a person to account.
#[derive(Clone, Copy, Debug)]
pub struct Propose<'p> {
    /// The listing: its number and its case as it stands.
    pub listing: (&'p str, &'p listing::Case),
    /// The term of office: its number and the term.
    pub term: (&'p str, &'p Term),
    /// The unit that acts.
    pub unit: &'p str,
    /// First and last day of the conduct.
    pub conduct: (Date, Date),
    /// What the person did or left undone.
    pub facts: &'p str,
    /// Code of the legal ground.
    pub ground: &'p str,
    /// Kinds of penalty of the documents of the listing, as written.
    pub kinds: &'p [String],
}

impl Desk<'_> {
    /// Enters a term of office.
    ///
    /// # Errors
    /// When nothing proves it or its days contradict each other.
    pub fn enter(&self, entering: &Entering<'_>) -> Result<(TermStep, Term), Refusal> {
        let event = TermEvent::Entered {
            uscc: entering.uscc.to_owned(),
            unit: entering.unit.to_owned(),
            role: entering.role,
            person: entering.person.to_owned(),
            from_on: entering.from_on,
            through_on: entering.through_on,
            evidence: entering.evidence.trim().to_owned(),
        };
        let step = TermStep { by: self.by.to_owned(), on: self.today, event };
        let term = Term::enter(&step)?;
        Ok((step, term))
    }

    /// Takes a step of a term of office.
    ///
    /// # Errors
    /// When the term does not allow it.
    pub fn take_term(&self, term: &Term, event: TermEvent) -> Result<(TermStep, Term), Refusal> {
        let step = TermStep { by: self.by.to_owned(), on: self.today, event };
        let term = term.clone().take(&step)?;
        Ok((step, term))
    }

    /// Proposes to hold a person to account.
    ///
    /// # Errors
    /// When the organisation is not listed, another unit decided that, the conduct lies outside the term of office or after the
    /// documents of the listing, or no law reaches this role for this list and this penalty.
    pub fn propose(&self, asked: &Propose<'_>) -> Result<(CaseStep, Case), Refusal> {
        let (number, case) = asked.listing;
        let entry = self.stands(case)?;
        rule::WRONG_UNIT.demand(case.unit == asked.unit)?;
        let (term_number, term) = asked.term;
        rule::TERM_OF_ANOTHER.demand(term.uscc == case.uscc)?;
        let (from, through) = asked.conduct;
        let last = case.bases.iter().map(|base| base.decided_on).max().unwrap_or(entry.decided.on);
        rule::CONDUCT_DAYS.demand(from <= through && through <= last)?;
        term.covers(from, through)?;
        let (ground, version) = self.ground(asked.ground, (term.role, &case.list, asked.kinds))?;
        let event = CaseEvent::Proposed(Box::new(Proposed {
            listing: number.to_owned(),
            list: case.list.clone(),
            list_name: case.list_name.clone(),
            document: entry.decided.letter.clone(),
            uscc: case.uscc.clone(),
            unit: case.unit.clone(),
            term: term_number.to_owned(),
            role: term.role,
            conduct_from_on: from,
            conduct_through_on: through,
            facts: asked.facts.trim().to_owned(),
            ground: ground.code.clone(),
            edition: version.effective_from,
            basis: version.told(),
            consequence: version.content.clone(),
            keeper: version.keeper.clone(),
            kinds: asked.kinds.to_vec(),
            latest_on: entry.decided.through_on,
        }));
        let step = CaseStep { by: self.by.to_owned(), on: self.today, event };
        let case = Case::open(&step)?;
        Ok((step, case))
    }

    /// Records that the notice was served on the person; the days to answer run from that day.
    ///
    /// # Errors
    /// When the service does not count, the listing no longer stands, or the case is not at this step.
    pub fn serve_notice(
        &self,
        case: &Case,
        listing: &listing::Case,
        (letter, delivery): (&str, &Delivery),
    ) -> Result<(CaseStep, Case), Refusal> {
        self.stands(listing)?;
        let service = Service::of(&self.rulebook.procedure, false, letter, delivery, self.today)?;
        let days = self.rules()?.answer_working_days;
        let due = self.rulebook.calendar.due(service.served_on, days);
        let event =
            CaseEvent::NoticeServed { service, answer_days: days, answer_due_on: due.on, provisional: due.provisional };
        self.take(case, event)
    }

    /// Records that the decision, whichever, was served on the person.
    ///
    /// # Errors
    /// When the service does not count, or there is nothing to serve.
    pub fn serve_decision(&self, case: &Case, letter: &str, delivery: &Delivery) -> Result<(CaseStep, Case), Refusal> {
        let service = Service::of(&self.rulebook.procedure, false, letter, delivery, self.today)?;
        self.take(case, CaseEvent::DecisionServed { service })
    }

    /// Holds the person to account. The consequence lasts as long as its ground allows and never longer than the listing.
    ///
    /// # Errors
    /// When the person was not told or still has time, the decider proposed it himself, the listing no longer stands, or the
    /// ground is no longer law.
    pub fn decide(
        &self,
        case: &Case,
        listing: &listing::Case,
        (letter, reason): (&str, &str),
    ) -> Result<(CaseStep, Case), Refusal> {
        let entry = self.stands(listing)?;
        let window_ended_on = self.ready(case)?;
        let about = &case.proposed;
        let (_, version) = self.ground(&about.ground, (about.role, &about.list, &about.kinds))?;
        let latest = entry.decided.through_on.min(case.proposed.latest_on);
        let term = version.term().ok_or_else(|| rule::GROUND_MISSING.because(&case.proposed.ground))?;
        let rules = self.rules()?;
        let event = CaseEvent::Decided {
            letter: letter.trim().to_owned(),
            reason: reason.trim().to_owned(),
            window_ended_on,
            through_on: term.last_day(self.today, latest),
            remedies: self.remedies(),
            hand_over_due_on: self.due(rules.hand_over_working_days),
        };
        self.take(case, event)
    }

    /// Decides that nothing follows for the person.
    ///
    /// # Errors
    /// As for holding him to account, as far as it applies.
    pub fn dismiss(&self, case: &Case, letter: &str, reason: &str) -> Result<(CaseStep, Case), Refusal> {
        let window_ended_on = self.ready(case)?;
        let (letter, reason) = (letter.trim().to_owned(), reason.trim().to_owned());
        self.take(case, CaseEvent::Dismissed { letter, reason, window_ended_on })
    }

    /// Takes a step into which nothing of the rulebook goes but when the keeper is told of an end.
    ///
    /// # Errors
    /// When the case does not allow it.
    pub fn take(&self, case: &Case, event: CaseEvent) -> Result<(CaseStep, Case), Refusal> {
        let step = CaseStep { by: self.by.to_owned(), on: self.today, event };
        let next = case.clone().take(&step)?;
        // Persons have no accounts here: what staff say of them is proved, and by another than whoever gains by it. Asked of whoever makes the
        // step, not of what is kept.
        if let CaseEvent::Waived { paper, .. } = &step.event {
            listed::WAIVER_BY_PROPOSER.demand(step.by != case.proposed_by)?;
            let proved = paper.as_ref().is_some_and(|paper| paper.is_sound() && !paper.file);
            listed::WAIVER_PAPER_MISSING.demand(proved)?;
        }
        if let CaseEvent::Stayed { number, paper, .. }
        | CaseEvent::StayLifted { number, paper, .. }
        | CaseEvent::RemedyDecided { number, paper, .. } = &step.event
        {
            let remedies = case.decided().map(|decided| decided.remedies.as_slice()).unwrap_or_default();
            let filed = remedies.iter().find(|one| one.filed.number == *number);
            listed::REMEDY_SAME_PERSON.demand(filed.is_none_or(|one| one.filed_by != step.by))?;
            let proved = paper.as_ref().is_some_and(|paper| paper.is_sound() && !paper.file);
            listed::REMEDY_PAPER_MISSING.demand(proved)?;
        }
        Ok((step, next))
    }

    /// The end of a case by its own decision.
    #[must_use]
    pub fn end(&self, case: &Case, cause: Ending) -> CaseEvent {
        CaseEvent::Ended { cause, recall_due_on: self.recall(case) }
    }

    /// By when the keeper is told that it has ended; nothing where nothing was handed over.
    #[must_use]
    pub fn recall(&self, case: &Case) -> Option<Date> {
        let handed = matches!(&case.state, State::Decided(decided) if decided.hand_over.receipt.is_some());
        let days = self.rules().map_or(1, |rules| rules.recall_working_days);
        handed.then(|| self.due(days))
    }

    /// The duty to inform those above begins.
    ///
    /// # Errors
    /// When the organisation is not listed, or the rulebook asks nobody to be informed.
    pub fn arise(&self, (number, case): (&str, &listing::Case), because: Because) -> Result<(DutyStep, Duty), Refusal> {
        let entry = self.stands(case)?;
        let rules = self.rules()?;
        let event = DutyEvent::Arose {
            listing: number.to_owned(),
            document: entry.decided.letter.clone(),
            uscc: case.uscc.clone(),
            unit: case.unit.clone(),
            because,
            to: because.informs(rules).to_vec(),
            due_on: self.due(rules.inform_working_days),
        };
        let step = DutyStep { by: self.by.to_owned(), on: self.today, event };
        let duty = Duty::arise(&step)?;
        Ok((step, duty))
    }

    /// Takes a step of informing those above.
    ///
    /// # Errors
    /// When nobody of the kind is owed a notice, or nothing proves it.
    pub fn take_duty(&self, duty: &Duty, event: DutyEvent) -> Result<(DutyStep, Duty), Refusal> {
        let step = DutyStep { by: self.by.to_owned(), on: self.today, event };
        let duty = duty.clone().take(&step)?;
        Ok((step, duty))
    }

    /// The grounds that reach a role for a list today.
    pub fn grounds(&self, list: &str) -> impl Iterator<Item = (&Liability, &LiabilityVersion)> {
        self.rulebook.liabilities.values().filter_map(move |one| {
            let version = one.version_on(self.today)?;
            version.lists.iter().any(|name| name == list).then_some((one, version))
        })
    }

    /// Working days to answer today.
    ///
    /// # Errors
    /// When the rulebook has no procedure in force.
    pub(super) fn rules(&self) -> Result<&OfficerRulesVersion, Refusal> {
        self.rulebook.procedure.officer_rules(self.today).ok_or_else(|| rule::RULES_MISSING.refuse())
    }

    /// The remedies in words, as for listings.
    fn remedies(&self) -> Vec<String> {
        let rules = self.rulebook.procedure.remedies(self.today).into_iter();
        let rules = rules.flat_map(crate::rulebook::procedure::RemediesVersion::told_with_a_decision);
        rules.map(crate::rulebook::procedure::RemedyRule::told).collect()
    }

    /// The entry, where the organisation is listed today and the decision is not stayed.
    fn stands<'c>(&self, case: &'c listing::Case) -> Result<&'c listing::Listed, Refusal> {
        match &case.state {
            listing::State::Listed(listed) => {
                rule::LISTING_ENDED.demand(self.today <= listed.decided.through_on)?;
                rule::LISTING_STAYED.demand(!listed.is_stayed())?;
                rule::LISTING_MISSING.demand(case.nature == crate::rulebook::listing::Nature::Adverse)?;
                Ok(listed)
            }
            listing::State::Delisted(_) => Err(rule::LISTING_ENDED.refuse()),
            state => Err(rule::LISTING_MISSING.because(state.code())),
        }
    }

    /// The ground in force, where it reaches this role for this list and one of these kinds of penalty.
    fn ground(
        &self,
        code: &str,
        (role, list, kinds): (Role, &str, &[String]),
    ) -> Result<(&Liability, &LiabilityVersion), Refusal> {
        let ground = self.rulebook.liabilities.get(code).ok_or_else(|| rule::GROUND_MISSING.because(code))?;
        let version = ground.version_on(self.today).ok_or_else(|| rule::GROUND_MISSING.because(code))?;
        if !version.roles.contains(&role) {
            return Err(rule::GROUND_NOT_FOR_ROLE.because(role.name()));
        }
        rule::GROUND_NOT_FOR_LIST.demand(version.lists.iter().any(|one| one == list))?;
        rule::GROUND_NOT_FOR_PENALTY.demand(self.rulebook.publicity.kinds().has_one(kinds, &version.kinds))?;
        Ok((ground, version))
    }

    /// Whether this person may decide today, and when the time to answer ended.
    fn ready(&self, case: &Case) -> Result<Date, Refusal> {
        let notified = match &case.state {
            State::Notified(notified) => notified,
            State::Proposed => return Err(listed::NOT_SERVED.refuse()),
            State::Ended(_) => return Err(rule::ENDED.refuse()),
            state => return Err(rule::STATE_WRONG.because(state.code())),
        };
        let ended_on = self.window(case, notified)?;
        case.may_decide(notified, self.by, ended_on, self.today)?;
        Ok(ended_on)
    }

    /// The last day to answer, counted anew where the calendar had not been published.
    fn window(&self, case: &Case, notified: &Notified) -> Result<Date, Refusal> {
        if !notified.provisional {
            return Ok(notified.answer_due_on);
        }
        let due = self.rulebook.calendar.due(notified.service.served_on, notified.answer_days);
        if due.provisional && !notified.waived {
            listed::SAME_PERSON.demand(self.by != case.proposed_by)?;
            return Err(listed::ANSWER_PERIOD_RUNNING.because("工作日历尚未公布"));
        }
        Ok(due.on)
    }

    /// So many working days from today on.
    fn due(&self, days: u32) -> Date {
        self.rulebook.calendar.due(self.today, days).on
    }
}
