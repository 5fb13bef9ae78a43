//! Making a step: what the rulebook of the day says goes into it — the ground, the days to answer, the measures that the
//! list allows, the ways out, the remedies, the last public day. Nothing of that is typed by anybody.

use super::take::may_decide;
use super::{
    BaseFacts, Case, Cause, Delivery, Earlier, Event, Findings, Known, MeasureTaken, Organ, Refusal, Service, State,
    Step, WayOut, made, rule,
};
use crate::calendar::{Due, last_day_of_months};
use crate::objection::Evidence;
use crate::publicity::{self, Facts, Regulator, Restart};
use crate::rulebook::Rulebook;
use crate::rulebook::listing::{Definition, DefinitionVersion, Nature};
use jiff::civil::Date;

/// The clock of asking for a hearing.
const HEARING_REQUEST_CLOCK: &str = "penalty-law-hearing-request";
/// Kind of act of an adverse list, as the packs name it.
const LIST_ACT: &str = "list";

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

/// A proposal.
#[derive(Clone, Debug)]
pub struct Propose<'p> {
    /// Code of the list.
    pub list: &'p str,
    /// Which of its criteria, counted from 1.
    pub criterion: usize,
    /// The facts.
    pub facts: &'p str,
    /// The organisation.
    pub uscc: &'p str,
    /// The unit that acts.
    pub unit: Organ<'p>,
    /// What the file says of the documents.
    pub bases: &'p [BaseFacts],
    /// Cases that rested on one of them before, or do.
    pub earlier: &'p [Earlier],
    /// Number of the remedy that orders the act made anew; empty otherwise.
    pub ordered: &'p str,
    /// Documents that come with it.
    pub papers: &'p [Evidence],
}

/// A decision to list.
#[derive(Clone, Debug)]
pub struct Decide<'d> {
    /// Number of the letter.
    pub letter: &'d str,
    /// The three findings.
    pub findings: Findings,
    /// Codes of measures.
    pub measures: &'d [String],
    /// The unit that acts, as the directory has it today.
    pub unit: Organ<'d>,
    /// Number of the consent of the level above.
    pub consent: &'d str,
    /// What the file says of the documents today.
    pub bases: &'d [BaseFacts],
}

impl Desk<'_> {
    /// Proposes a listing.
    ///
    /// # Errors
    /// When the list is unknown or not decided here, the ground is none of its own, a document may not carry it or has
    /// carried a case already, or the unit is not the organ that decides.
    pub fn propose(&self, asked: &Propose<'_>) -> Result<(Step, Case), Refusal> {
        let (definition, edition) = self.edition(asked.list, self.today)?;
        if !edition.mirrored.is_empty() {
            return Err(rule::LIST_MIRRORED.because(&edition.mirrored));
        }
        let criterion = asked.criterion.checked_sub(1).and_then(|at| edition.criteria.get(at));
        let criterion = criterion.ok_or_else(|| rule::CRITERION_UNKNOWN.refuse())?;
        rule::BASE_MISSING.demand(!asked.bases.is_empty())?;
        self.carry(edition, asked.bases, asked.uscc)?;
        asked.unit.may_decide(edition, asked.bases)?;
        let ordered = asked.ordered.trim();
        asked.earlier.iter().try_for_each(|one| one.leaves(asked.list, ordered))?;
        let known = asked.earlier.iter().any(|one| one.revoked_by.as_deref() == Some(ordered));
        rule::ORDER_UNPROVED.demand(ordered.is_empty() || (known && !asked.papers.is_empty()))?;
        let article = if criterion.article == "-" { String::new() } else { format!("第{}条", criterion.article) };
        let method = edition.criteria_basis.first().map_or("", |basis| basis.title.as_str());
        let step = self.step(Event::Proposed {
            list: definition.code.clone(),
            list_name: definition.name.clone(),
            nature: definition.nature,
            uscc: asked.uscc.to_owned(),
            unit: asked.unit.uscc.to_owned(),
            criterion: format!("《{method}》{article}（{}）", criterion.text),
            facts: asked.facts.trim().to_owned(),
            bases: asked.bases.iter().map(|one| one.base.clone()).collect(),
            ordered: ordered.to_owned(),
        });
        let step = step.citing(asked.papers)?;
        let case = Case::open(&step)?;
        Ok((step, case))
    }

    /// Records that the prior notice was served; the days to answer run from that day.
    ///
    /// # Errors
    /// When the service does not count, or the case is not at this step.
    pub fn serve_notice(&self, case: &Case, letter: &str, delivery: &Delivery) -> Result<(Step, Case), Refusal> {
        let incentive = case.nature == Nature::Incentive;
        let service = Service::of(&self.rulebook.procedure, incentive, letter, delivery, self.today)?;
        let (_, edition) = self.edition(&case.list, case.proposed_on)?;
        let (answer, hearing, answer_days) = self.window(edition, service.served_on);
        let hearing = hearing.filter(|_| !incentive);
        self.take(
            case,
            Event::NoticeServed {
                service,
                answer_days,
                answer_due_on: answer.on,
                hearing_due_on: hearing.map(|due| due.on),
                provisional: answer.provisional || hearing.is_some_and(|due| due.provisional),
            },
        )
    }

    /// Records that a decision or a removal was served.
    ///
    /// # Errors
    /// When the service does not count, or there is nothing to serve.
    pub fn serve_decision(&self, case: &Case, letter: &str, delivery: &Delivery) -> Result<(Step, Case), Refusal> {
        let service = Service::of(&self.rulebook.procedure, false, letter, delivery, self.today)?;
        self.take(case, Event::DecisionServed { service })
    }

    /// Decides to list.
    ///
    /// # Errors
    /// When the party was not told or still has time, the person proposed it himself, a finding is missing, a measure is not
    /// of the list, a document has fallen, the unit is not the organ that decides, or the consent is missing.
    pub fn list(&self, case: &Case, decision: &Decide<'_>) -> Result<(Step, Case), Refusal> {
        let (_, edition) = self.edition(&case.list, case.proposed_on)?;
        let window_ended_on = self.ready(case, edition)?;
        decision.findings.check()?;
        let of_case = |facts: &&BaseFacts| case.bases.iter().any(|base| base.record == facts.base.record);
        let today: Vec<BaseFacts> = decision.bases.iter().filter(of_case).cloned().collect();
        rule::BASE_NOT_IN_FORCE.demand(today.len() == case.bases.len())?;
        self.carry(edition, &today, &case.uscc)?;
        decision.unit.may_decide(edition, &today)?;
        let measures = self.measures(&case.list, decision.measures)?;
        let consent = decision.consent.trim();
        let needs_consent = edition.consent_levels.iter().any(|level| level == decision.unit.level);
        if needs_consent && consent.is_empty() {
            return Err(rule::CONSENT_MISSING.because(&edition.consent));
        }
        let (through_on, pack) = self.term(case, edition)?;
        self.take(
            case,
            Event::Listed {
                letter: decision.letter.trim().to_owned(),
                findings: decision.findings.clone(),
                measures,
                exits: self.exits(edition),
                objection: edition.objection.clone(),
                remedies: self.remedies(edition),
                window_ended_on,
                through_on,
                pack,
                consent: consent.to_owned(),
            },
        )
    }

    /// Decides not to list.
    ///
    /// # Errors
    /// As for listing, as far as it applies; or when no reason is given.
    pub fn dismiss(&self, case: &Case, letter: &str, reason: &str) -> Result<(Step, Case), Refusal> {
        let (_, edition) = self.edition(&case.list, case.proposed_on)?;
        let window_ended_on = self.ready(case, edition)?;
        let (letter, reason) = (letter.trim().to_owned(), reason.trim().to_owned());
        self.take(case, Event::NotListed { letter, reason, window_ended_on })
    }

    /// Puts an entry back that left its list by a repair, for that repair was revoked by `document`. Where its period counts anew so do
    /// the ways out, and where it must run to its end there is one alone.
    ///
    /// # Errors
    /// When the entry did not leave by a repair, a ruling ended it, or its period is over.
    pub fn restore(&self, case: &Case, document: &str, restart: Option<Restart>) -> Result<(Step, Case), Refusal> {
        let listed = case.listed().ok_or_else(|| rule::STATE_WRONG.because(case.state.code()))?;
        let (mut through_on, mut exits) = (listed.decided.through_on, listed.decided.exits.clone());
        if let Some(restart) = restart {
            let (_, edition) = self.edition(&case.list, case.proposed_on)?;
            through_on = self.term(case, edition)?.0;
            exits = self.exits(edition);
            if restart.no_early_end {
                let from_on = through_on.tomorrow().unwrap_or(through_on);
                exits = vec![WayOut {
                    name: "期满移出".to_owned(),
                    conditions: vec!["公示期自撤销信用修复之日起重新计算，不得提前停止公示".to_owned()],
                    from_on,
                }];
            }
        }
        self.take(case, Event::Restored { document: document.trim().to_owned(), through_on, exits })
    }

    /// Takes any other step, into which nothing of the rulebook goes.
    ///
    /// # Errors
    /// When the case does not allow it.
    pub fn take(&self, case: &Case, event: Event) -> Result<(Step, Case), Refusal> {
        self.take_citing(case, event, &[])
    }

    /// The same with documents that come with the step.
    ///
    /// # Errors
    /// When the case does not allow it, or the step takes no such documents.
    pub fn take_citing(&self, case: &Case, event: Event, papers: &[Evidence]) -> Result<(Step, Case), Refusal> {
        let step = self.step(event).citing(papers)?;
        let next = case.clone().take(&step)?;
        made::demand(case, &step)?;
        Ok((step, next))
    }

    /// Removes the entry for a cause that the register knows, with the documents that come with the step.
    ///
    /// # Errors
    /// When the register does not know the cause, or the case does not allow it.
    pub fn remove(
        &self,
        case: &Case,
        (cause, letter): (&Cause, &str),
        known: &Known,
        papers: &[Evidence],
    ) -> Result<(Step, Case), Refusal> {
        let made =
            self.take_citing(case, Event::Removed { cause: cause.clone(), letter: letter.to_owned() }, papers)?;
        cause.check(known, !papers.is_empty())?;
        Ok(made)
    }

    /// Items of the data list whose records may carry a proposal for a list today.
    ///
    /// # Errors
    /// When no such list is in force, or it is decided elsewhere.
    pub fn base_items(&self, list: &str) -> Result<Vec<&str>, Refusal> {
        let (_, edition) = self.edition(list, self.today)?;
        if !edition.mirrored.is_empty() {
            return Err(rule::LIST_MIRRORED.because(&edition.mirrored));
        }
        Ok(edition.base_documents.iter().map(|document| document.item.as_str()).collect())
    }

    /// Whether a document may carry a proposal for a list today.
    ///
    /// # Errors
    /// When it may not, with the reason.
    pub fn may_carry(&self, list: &str, facts: &BaseFacts, uscc: &str) -> Result<(), Refusal> {
        let (_, edition) = self.edition(list, self.today)?;
        self.carry(edition, std::slice::from_ref(facts), uscc)
    }

    /// The measures that the list of measures in force lets follow an entry of a list.
    pub fn possible_measures(&self, list: &str) -> impl Iterator<Item = MeasureTaken> {
        self.rulebook.measures.values().filter_map(move |measure| {
            let version = measure.version_on(self.today)?;
            version.lists.iter().any(|one| one == list).then(|| MeasureTaken {
                code: measure.code.clone(),
                name: measure.name.clone(),
                body: version.body.clone(),
            })
        })
    }

    /// Working days to answer under an edition.
    pub(super) fn answer_days(&self, edition: &DefinitionVersion) -> u32 {
        self.window(edition, self.today).2
    }

    fn step(&self, event: Event) -> Step {
        Step { by: self.by.to_owned(), on: self.today, event, papers: Vec::new() }
    }

    pub(super) fn edition(&self, list: &str, day: Date) -> Result<(&Definition, &DefinitionVersion), Refusal> {
        let definition = self.rulebook.lists.get(list).ok_or_else(|| rule::LIST_UNKNOWN.because(list))?;
        let edition = definition.version_on(day).ok_or_else(|| rule::LIST_UNKNOWN.because(list))?;
        Ok((definition, edition))
    }

    fn carry(&self, edition: &DefinitionVersion, bases: &[BaseFacts], uscc: &str) -> Result<(), Refusal> {
        let kinds = self.rulebook.publicity.kinds();
        bases.iter().try_for_each(|facts| facts.may_carry(edition, kinds, uscc))
    }

    /// The last days to answer and to ask for a hearing. Where the list's method gives no days, the penalty's procedure does.
    fn window(&self, edition: &DefinitionVersion, served_on: Date) -> (Due, Option<Due>, u32) {
        let calendar = &self.rulebook.calendar;
        let clock = self.rulebook.publicity.clock(HEARING_REQUEST_CLOCK);
        let hearing = clock.map(|clock| clock.due(calendar, served_on));
        let own = edition.notice.as_ref().and_then(|notice| notice.answer_working_days);
        let days = own.or_else(|| clock.and_then(|clock| clock.working_days)).unwrap_or(u32::MAX);
        (calendar.due(served_on, days.min(250)), hearing, days.min(250))
    }

    /// Whether this person may decide today, and when the time to answer ended.
    fn ready(&self, case: &Case, edition: &DefinitionVersion) -> Result<Date, Refusal> {
        let notified = match &case.state {
            State::Notified(notified) => notified,
            State::Proposed => return Err(rule::NOT_SERVED.refuse()),
            State::Delisted(_) => return Err(rule::DELISTED.refuse()),
            state => return Err(rule::STATE_WRONG.because(state.code())),
        };
        let mut ended_on = notified.answer_due_on;
        if notified.provisional {
            let (answer, ..) = self.window(edition, notified.service.served_on);
            ended_on = answer.on;
            if answer.provisional && !notified.waived {
                rule::SAME_PERSON.demand(self.by != case.proposed_by)?;
                return Err(rule::ANSWER_PERIOD_RUNNING.because("工作日历尚未公布"));
            }
        }
        may_decide(case, notified, self.by, ended_on, self.today)?;
        Ok(ended_on)
    }

    fn measures(&self, list: &str, codes: &[String]) -> Result<Vec<MeasureTaken>, Refusal> {
        codes
            .iter()
            .map(|code| {
                let found = self.possible_measures(list).find(|measure| measure.code == *code);
                found.ok_or_else(|| rule::MEASURE_NOT_IN_LIST.because(code))
            })
            .collect()
    }

    fn exits(&self, edition: &DefinitionVersion) -> Vec<WayOut> {
        let opens = |months| {
            let end = last_day_of_months(self.today, months);
            if months == 0 { end } else { end.tomorrow().unwrap_or(end) }
        };
        let way = |exit: &crate::rulebook::listing::Exit| WayOut {
            name: exit.name.clone(),
            conditions: exit.conditions.clone(),
            from_on: opens(exit.after_months),
        };
        edition.exits.iter().map(way).collect()
    }

    fn remedies(&self, edition: &DefinitionVersion) -> Vec<String> {
        let told = |name: &String| {
            let rule = self.rulebook.procedure.remedy(name, self.today);
            rule.map_or_else(|| format!("可以依法申请{name}"), crate::rulebook::procedure::RemedyRule::told)
        };
        edition.remedies.iter().map(told).collect()
    }

    /// The last public day, by the list's pack; an incentive list says its months itself.
    fn term(&self, case: &Case, edition: &DefinitionVersion) -> Result<(Date, String), Refusal> {
        let id = edition.pack.as_deref().ok_or_else(|| rule::TERM_UNKNOWN.refuse())?;
        if case.nature == Nature::Incentive {
            let months = edition.term_months.ok_or_else(|| rule::TERM_UNKNOWN.refuse())?;
            return Ok((last_day_of_months(self.today, months), id.to_owned()));
        }
        let rules = &self.rulebook.publicity;
        let pack = rules.pack(id).ok_or_else(|| rule::TERM_UNKNOWN.because(id))?;
        let found = pack.uses.iter().find(|one| one.act == LIST_ACT);
        let regulator = found.and_then(|one| one.regulators.first().copied()).unwrap_or(Regulator::Other);
        // A pack with a table of kinds is chosen by the authority; one without is named by its list.
        let by_name = found.is_none().then_some(id);
        let facts = Facts {
            ground: Some(&case.criterion),
            pack: by_name,
            as_of: Some(self.today),
            ..Facts::new(LIST_ACT, regulator, self.today, self.today)
        };
        let decision = publicity::decide(rules, &self.rulebook.calendar, &facts);
        let through_on = decision.through_on.filter(|_| decision.public());
        let through_on = through_on.ok_or_else(|| rule::TERM_UNKNOWN.because(id))?;
        Ok((through_on, decision.pack_id().unwrap_or(id).to_owned()))
    }
}
