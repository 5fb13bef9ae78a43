//! One step of a case, written once: the step, its letter, and what it does to the record, or nothing.

use super::document::{earlier_of, facts_of};
use super::known::known_of;
use super::publish::{Publisher, hide, mark};
use super::view::{CaseView, show};
use super::{Clerk, Doing, Proposing, Stepping, refused};
use crate::evaluation::keep;
use crate::paper::known;
use crate::review::rules::{Rules, reference};
use crate::{AppError, Result, Writer};
use credence_domain::listing::{
    self, BaseFacts, Call, Case, Cause, Decide, Desk, Earlier, Event, Known, LetterFacts, Organ, Outcome, Propose,
    Refusal, State, Step,
};
use credence_domain::objection::Evidence;
use credence_domain::paper::{files_of_evidence, fit};
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::letter::LetterKind;
use credence_domain::subject::Uscc;
use credence_store::act::Draft;
use credence_store::batch::new_number;
use credence_store::change::Change;
use credence_store::clock::Chance;
use credence_store::connection::Connection;
use credence_store::letter;
use credence_store::listing::{self as kept, Head};
use credence_store::paper::{self, Digest, Matter};
use credence_store::record;
use credence_store::scope::{Scope, View};
use credence_store::unit::{self, Unit};
use credence_store::{StoreError, subject};
use jiff::civil::Date;

/// Proposes a listing and writes the prior notice.
///
/// # Errors
/// What the rules refuse, `unit_unknown`, `not_found` for a record that he does not see, or a fault.
pub fn propose(writer: &mut Writer, rulebook: &Rulebook, clerk: &Clerk, asked: &Proposing) -> Result<CaseView> {
    let case = propose_waiting(writer, rulebook, clerk, asked)?;
    writer.sequence()?;
    Ok(case)
}

/// The same for a writer of many, who places their acts in the log together.
pub(super) fn propose_waiting(
    writer: &mut Writer,
    rulebook: &Rulebook,
    clerk: &Clerk,
    asked: &Proposing,
) -> Result<CaseView> {
    let today = writer.clock().today();
    let unit = unit_of(writer, &asked.unit, today)?;
    let bad = |_| AppError::refused("bad_parameter", "uscc", format!("{}不是统一社会信用代码", asked.uscc));
    let uscc = Uscc::parse(&asked.uscc).map_err(bad)?;
    let keyring = writer.keyring();
    let mut rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
    let mut bases = Vec::with_capacity(asked.records.len());
    let mut documents = Vec::with_capacity(asked.records.len());
    for id in &asked.records {
        let found = record::by_reference(writer.connection(), &clerk.view, &reference(id)?)?;
        let stored = found.ok_or(AppError::NotFound)?;
        bases.push(facts_of(writer.connection(), &mut rules, &stored)?);
        documents.push((stored.uscc, stored.identity));
    }
    let earlier_on = |connection: &mut Connection| -> credence_store::Result<Vec<Earlier>> {
        let each = documents.iter().map(|(uscc, identity)| earlier_of(connection, (uscc, identity)));
        Ok(each.collect::<credence_store::Result<Vec<_>>>()?.concat())
    };
    let earlier = earlier_on(writer.connection())?;
    let desk = Desk { rulebook, by: &clerk.name, today };
    let proposal = Propose {
        list: &asked.list,
        criterion: asked.criterion,
        facts: &asked.facts,
        uscc: uscc.as_str(),
        unit: organ(&unit),
        bases: &bases,
        earlier: &earlier,
        ordered: &asked.ordered,
        papers: &asked.papers,
    };
    let (step, case) = desk.propose(&proposal).map_err(|refusal| refused(&refusal))?;
    let files = cited(writer, &case.uscc, (0, &asked.papers))?;
    let number = new_number(&mut Chance::default(), today)?;
    let organisation = organisation_of(writer, &case.uscc, today)?;
    let facts = LetterFacts { unit: &unit.name, organisation: &organisation, serial: 1 };
    listing::write(&desk, LetterKind::PriorNotice, &case, &facts).map_err(|refusal| refused(&refusal))?;
    let draft = draft("listing_proposed", clerk, (&number, &asked.list), rulebook, today);
    writer.change(&draft, |change| {
        kept::lock(change, &case.uscc, &number)?;
        // Nobody has proposed on the same document meanwhile.
        if earlier_on(change.connection)? != earlier {
            return Err(moved(&number));
        }
        kept::open(change, &number, &step, &case)?;
        let serial = letter::next_serial(change, &asked.unit, today.year())?;
        let facts = LetterFacts { serial, ..facts };
        let letter = listing::write(&desk, LetterKind::PriorNotice, &case, &facts).map_err(|_| moved(&number))?;
        letter::keep(change, (&case.uscc, &number), (&asked.unit, serial, today), &letter)?;
        paper::cite(change, &case.uscc, (Matter::Listing, &number), &files)?;
        keep(change, rulebook, &case.uscc, today)
    })?;
    show(writer.connection(), &clerk.view, &number)
}

/// Takes one step of a case.
///
/// # Errors
/// What the rules refuse, `not_found` for a case that he does not see, or a fault.
pub fn step(writer: &mut Writer, rulebook: &Rulebook, clerk: &Clerk, number: &str, doing: &Doing) -> Result<CaseView> {
    step_citing(writer, rulebook, clerk, number, &doing.clone().into())
}

/// The same with documents that come with the step.
///
/// # Errors
/// As [`step`]; `paper_unknown` for a file that was not handed in, `paper_too_many` for more than a case takes.
pub fn step_citing(
    writer: &mut Writer,
    rulebook: &Rulebook,
    clerk: &Clerk,
    number: &str,
    asked: &Stepping,
) -> Result<CaseView> {
    let case = step_waiting(writer, rulebook, clerk, number, asked)?;
    writer.sequence()?;
    Ok(case)
}

/// The files that a step with these documents cites, where the case has so many already.
fn cited(writer: &mut Writer, uscc: &str, (standing, papers): (usize, &[Evidence])) -> Result<Vec<Digest>> {
    fit(standing, papers.len()).map_err(|refusal| refused(&refusal))?;
    known(writer.connection(), uscc, &files_of_evidence(papers))
}

/// The same for a writer of many, who places their acts in the log together.
pub(super) fn step_waiting(
    writer: &mut Writer,
    rulebook: &Rulebook,
    clerk: &Clerk,
    number: &str,
    asked: &Stepping,
) -> Result<CaseView> {
    let (today, doing) = (writer.clock().today(), &asked.doing);
    if !asked.papers.is_empty() && !doing.takes_papers() {
        let text = "只有送达、陈述申辩、放弃、按移出条件移出和登记复议、诉讼及其停止执行、结果的步骤可以附材料";
        return Err(AppError::refused("bad_parameter", "papers", text));
    }
    let head = kept::find(writer.connection(), &clerk.view, number)?.ok_or(AppError::NotFound)?;
    let steps = kept::steps(writer.connection(), &head)?;
    let broken = |refusal: Refusal| StoreError::Inconsistent(format!("listing {number}: {refusal}"));
    let case = Case::fold(&steps).map_err(broken)?;
    let mut office = Office::open(writer, rulebook, clerk, &head, &case)?;
    // What would be refused is refused before anything is written: with a number that is given to nobody.
    office.papers.clone_from(&asked.papers);
    let (_, trial, letter) = office.make(doing, 0).map_err(|refusal| refused(&refusal))?;
    let standing_papers = steps.iter().map(|step| step.papers.len()).sum();
    let files = cited(writer, &head.uscc, (standing_papers, &asked.papers))?;
    let row = office.row_of(&trial)?;
    drop(row);
    if let Some(kind) = letter {
        office.write(kind, &trial, 0).map_err(|refusal| refused(&refusal))?;
    }
    let keyring = writer.keyring();
    let mut rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
    let draft = draft(doing.kind(), clerk, (number, &case.list), rulebook, today);
    writer.change(&draft, |change| {
        let standing = kept::lock(change, &head.uscc, number)?.filter(|standing| standing.steps == head.steps);
        let standing = standing.ok_or_else(|| moved(number))?;
        office.take(change, &mut rules, (&standing, letter), doing)?;
        paper::cite(change, &head.uscc, (Matter::Listing, number), &files)?;
        keep(change, rulebook, &head.uscc, today)
    })?;
    show(writer.connection(), &clerk.view, number)
}

fn moved(number: &str) -> StoreError {
    StoreError::Conflict(format!("listing {number} has moved"))
}

/// One case on the table: its rules, its people, its letters.
pub(super) struct Office<'o> {
    pub(super) desk: Desk<'o>,
    pub(super) case: Case,
    pub(super) bases: Vec<BaseFacts>,
    pub(super) unit: Unit,
    pub(super) organisation: String,
    pub(super) letters: Vec<letter::KeptLetter>,
    pub(super) publisher: Publisher<'o>,
    pub(super) head: Head,
    /// Documents that come with the step.
    pub(super) papers: Vec<Evidence>,
    /// The party itself acts, by its own account.
    pub(super) by_party: bool,
    /// What the register knows of what may end the entry.
    pub(super) known: Known,
}

type Made = (Step, Case, Option<LetterKind>);

impl<'o> Office<'o> {
    fn open(writer: &mut Writer, rulebook: &'o Rulebook, clerk: &'o Clerk, head: &Head, case: &Case) -> Result<Self> {
        let today = writer.clock().today();
        let keyring = writer.keyring();
        let mut rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
        let mut bases = Vec::with_capacity(case.bases.len());
        let office = View::office(today);
        for base in &case.bases {
            let identity = kept::identity_of(base)?;
            if let Some(stored) = record::find(writer.connection(), &office, &case.uscc, &identity)? {
                bases.push(facts_of(writer.connection(), &mut rules, &stored)?);
            }
        }
        Ok(Self {
            desk: Desk { rulebook, by: &clerk.name, today },
            case: case.clone(),
            bases,
            unit: unit_of(writer, &case.unit, today)?,
            organisation: organisation_of(writer, &case.uscc, today)?,
            letters: letter::of_case(writer.connection(), (&head.uscc, &head.number))?,
            publisher: Publisher::new(writer, rulebook, case, today)?,
            head: head.clone(),
            papers: Vec::new(),
            by_party: matches!(clerk.view.scope, Scope::Organisation { .. }),
            known: known_of(writer.connection(), &mut rules, (head, case))?,
        })
    }

    fn facts(&self, serial: u32) -> LetterFacts<'_> {
        LetterFacts { unit: &self.unit.name, organisation: &self.organisation, serial }
    }

    fn write(&self, kind: LetterKind, case: &Case, serial: u32) -> std::result::Result<listing::Letter, Refusal> {
        listing::write(&self.desk, kind, case, &self.facts(serial))
    }

    fn number(&self, kind: LetterKind, serial: u32) -> std::result::Result<String, Refusal> {
        listing::number(&self.desk, kind, &self.facts(serial))
    }

    fn letter_of(&self, kind: LetterKind) -> String {
        let found = self.letters.iter().rev().find(|letter| letter.kind == kind.code());
        found.map(|letter| letter.letter.clone()).unwrap_or_default()
    }

    /// The letter that is to be served next.
    fn due_letter(&self) -> String {
        match &self.case.state {
            State::Notified(notified) if notified.hearing.is_some() => self.letter_of(LetterKind::HearingNotice),
            State::Proposed | State::Notified(_) | State::Withdrawn { .. } => self.letter_of(LetterKind::PriorNotice),
            State::Listed(listed) => listed.decided.letter.clone(),
            State::NotListed(dismissed) => dismissed.letter.clone(),
            State::Delisted(ended) => ended.letter.clone(),
        }
    }

    /// Makes the step, with its documents and the number of the letter that goes with it where there is one.
    fn make(&self, doing: &Doing, serial: u32) -> std::result::Result<Made, Refusal> {
        let (step, case, letter) = self.make_bare(doing, serial)?;
        Ok((step.citing(&self.papers)?, case, letter))
    }

    fn make_bare(&self, doing: &Doing, serial: u32) -> std::result::Result<Made, Refusal> {
        let (desk, case) = (&self.desk, &self.case);
        let plain = |event: Event| desk.take_citing(case, event, &self.papers).map(|(step, case)| (step, case, None));
        match doing {
            Doing::Serve { letter, delivery } => {
                let letter = letter.clone().unwrap_or_else(|| self.due_letter());
                let made = match &case.state {
                    State::Notified(notified) if notified.hearing.is_some() => {
                        desk.serve_hearing_notice(case, &letter, delivery)
                    }
                    State::Proposed | State::Notified(_) => {
                        // Only the notice that was written can be served.
                        listing::rule::LETTER_MISSING.demand(letter == self.letter_of(LetterKind::PriorNotice))?;
                        desk.serve_notice(case, &letter, delivery)
                    }
                    _ => desk.serve_decision(case, &letter, delivery),
                };
                made.map(|(step, case)| (step, case, None))
            }
            Doing::State { on, text } => plain(Event::Stated { on: *on, text: text.trim().to_owned() }),
            Doing::Answer { statement, accepted, reason } => {
                plain(Event::Answered { statement: *statement, accepted: *accepted, reason: reason.trim().to_owned() })
            }
            Doing::Waive { on, proof } => {
                plain(Event::Waived { on: *on, proof: proof.trim().to_owned(), by_party: self.by_party })
            }
            Doing::AskHearing { on } => plain(Event::HearingAsked { on: *on }),
            Doing::NotifyHearing { hearing_on, time, place, presided_by } => {
                let letter = self.number(LetterKind::HearingNotice, serial)?;
                let call = Call { letter: &letter, hearing_on: *hearing_on, time: *time, place, presided_by };
                let made = desk.notify_hearing(case, &call);
                made.map(|(step, case)| (step, case, Some(LetterKind::HearingNotice)))
            }
            Doing::HoldHearing { minutes, attended } => {
                desk.hold_hearing(case, minutes, *attended).map(|(step, case)| (step, case, None))
            }
            Doing::List { findings, measures, consent } => {
                let letter = self.number(LetterKind::Decision, serial)?;
                let decision = Decide {
                    letter: &letter,
                    findings: findings.clone(),
                    measures,
                    unit: organ(&self.unit),
                    consent,
                    bases: &self.bases,
                };
                desk.list(case, &decision).map(|(step, case)| (step, case, Some(LetterKind::Decision)))
            }
            Doing::Dismiss { reason } => {
                let letter = self.number(LetterKind::NoListing, serial)?;
                let made = desk.dismiss(case, &letter, reason);
                made.map(|(step, case)| (step, case, Some(LetterKind::NoListing)))
            }
            Doing::Withdraw { reason } => plain(Event::Withdrawn { reason: reason.trim().to_owned() }),
            Doing::FileRemedy { filed } => plain(Event::RemedyFiled { filed: filed.clone() }),
            Doing::Stay { number, on } => plain(Event::Stayed { number: number.clone(), on: *on }),
            Doing::LiftStay { number, on } => plain(Event::StayLifted { number: number.clone(), on: *on }),
            Doing::DecideRemedy { number, on, outcome } => {
                let revoked = *outcome == Outcome::Revoked && matches!(case.state, State::Listed(_));
                let letter = if revoked { self.number(LetterKind::Removal, serial)? } else { String::new() };
                let event = Event::RemedyDecided { number: number.clone(), on: *on, outcome: outcome.clone(), letter };
                let (step, case) = desk.take_citing(case, event, &self.papers)?;
                Ok((step, case, revoked.then_some(LetterKind::Removal)))
            }
            Doing::NotifyTalk { kind, talk_on, place, matter } => {
                let event = Event::TalkNotified {
                    kind: *kind,
                    letter: self.number(LetterKind::TalkNotice, serial)?,
                    talk_on: *talk_on,
                    place: place.trim().to_owned(),
                    matter: matter.trim().to_owned(),
                };
                desk.take(case, event).map(|(step, case)| (step, case, Some(LetterKind::TalkNotice)))
            }
            Doing::HoldTalk { letter, on, minutes, attended, undertaking } => plain(Event::TalkHeld {
                letter: letter.clone(),
                on: *on,
                minutes: minutes.trim().to_owned(),
                attended: *attended,
                undertaking: undertaking.trim().to_owned(),
            }),
            Doing::Remove { cause } => {
                let letter = self.number(LetterKind::Removal, serial)?;
                let made = desk.remove(case, (cause, &letter), &self.known, &self.papers);
                made.map(|(step, case)| (step, case, Some(LetterKind::Removal)))
            }
        }
    }

    pub(super) fn remove(&self, cause: &Cause, serial: u32) -> std::result::Result<Made, Refusal> {
        let event = Event::Removed { cause: cause.clone(), letter: self.number(LetterKind::Removal, serial)? };
        self.desk.take(&self.case, event).map(|(step, case)| (step, case, Some(LetterKind::Removal)))
    }

    /// The row of the record that the case now has, where it has one that this step moves.
    fn row_of(&mut self, next: &Case) -> Result<Option<credence_store::arrival::Incoming>> {
        if !changes_the_record(&self.case, next, self.desk.today) {
            return Ok(None);
        }
        self.publisher.row(next).map(Some)
    }

    /// Writes the step with its letter and what it does to the record, inside the act.
    fn take(
        &mut self,
        change: &mut Change<'_>,
        rules: &mut Rules<'_>,
        (standing, letter): (&Head, Option<LetterKind>),
        doing: &Doing,
    ) -> credence_store::Result<()> {
        let serial = match letter {
            Some(_) => letter::next_serial(change, &self.case.unit, self.desk.today.year())?,
            None => 0,
        };
        let (step, next, letter) = self.make(doing, serial).map_err(|_| moved(&standing.number))?;
        self.put(change, rules, (standing, &step, &next), letter.map(|kind| (kind, serial)))
    }

    /// Writes a step that was made.
    pub(super) fn put(
        &mut self,
        change: &mut Change<'_>,
        rules: &mut Rules<'_>,
        (standing, step, next): (&Head, &Step, &Case),
        letter: Option<(LetterKind, u32)>,
    ) -> credence_store::Result<()> {
        let row = self.row_of(next).map_err(as_store)?;
        let record = row.as_ref().map(|row| row.identity);
        kept::append(change, (&standing.number, standing.steps), step, next, record.as_ref())?;
        if let Some((kind, serial)) = letter {
            let written = self.write(kind, next, serial).map_err(|_| moved(&standing.number))?;
            let at = (self.case.unit.as_str(), serial, self.desk.today);
            letter::keep(change, (&next.uscc, &standing.number), at, &written)?;
        }
        let was_stayed = stayed(&self.case);
        let identity = record.or(self.head.identity);
        if let Some(identity) = identity.filter(|_| was_stayed && !stayed(next)) {
            hide(change, rules, (&next.uscc, &identity), false)?;
        }
        if let Some(row) = &row {
            self.publisher.enter(change, row)?;
        }
        if let Some(identity) = identity.filter(|_| !was_stayed && stayed(next)) {
            hide(change, rules, (&next.uscc, &identity), true)?;
        }
        let rules_of_the_day = (self.desk.rulebook, self.desk.by, self.desk.today);
        // Where the entry has left its list there is nothing left to repair or to shield.
        if let (State::Delisted(ended), Some(identity)) = (&next.state, identity) {
            let (how, day) = (ended.cause.told(), (self.desk.rulebook, self.desk.today));
            let shielded = crate::repair::shield_of(change.connection, (&next.uscc, &identity))?.is_some();
            crate::repair::fallen(change, day, (&next.uscc, &identity, &how))?;
            if shielded {
                hide(change, rules, (&next.uscc, &identity), false)?;
            }
        }
        crate::measure::follow(change, rules_of_the_day, (&standing.number, &self.case, next))?;
        crate::officer::follow(change, rules_of_the_day, (&standing.number, &self.case, next))
    }
}

/// The unit as the rules of listing ask for it.
fn organ(unit: &Unit) -> Organ<'_> {
    Organ { uscc: &unit.uscc, sector: &unit.sector, level: &unit.level }
}

fn stayed(case: &Case) -> bool {
    matches!(&case.state, State::Listed(listed) if listed.is_stayed())
}

/// Whether the record must be entered or corrected: the entry came, was changed or marked, or ended before its term. What has
/// run out stays as it ended, and what is hidden by a stay is told anew when it is shown again.
fn changes_the_record(before: &Case, next: &Case, today: Date) -> bool {
    let stands = before
        .listed()
        .is_none_or(|listed| matches!(before.state, State::Listed(_)) && today <= listed.decided.through_on);
    if !stands || (stayed(before) && stayed(next)) {
        return false;
    }
    let through = |case: &Case| case.listed().map(|listed| listed.decided.through_on);
    let marked = |case: &Case| case.listed().map(mark);
    let ended = |case: &Case| matches!(&case.state, State::Delisted(ended) if ended.cause != Cause::Term);
    let shown_again = stayed(before) && matches!(next.state, State::Listed(_));
    through(before) != through(next) || marked(before) != marked(next) || ended(before) != ended(next) || shown_again
}

pub(super) fn as_store(error: AppError) -> StoreError {
    match error {
        AppError::Store(error) => error,
        other => StoreError::Inconsistent(other.to_string()),
    }
}

fn unit_of(writer: &mut Writer, code: &str, today: Date) -> Result<Unit> {
    let unknown = || AppError::refused("unit_unknown", "unit", format!("单位目录中没有{code}"));
    unit::find(writer.connection(), code, today)?.ok_or_else(unknown)
}

fn organisation_of(writer: &mut Writer, uscc: &str, today: Date) -> Result<String> {
    let office = View::office(today);
    let found = subject::find(writer.connection(), &office, uscc)?.ok_or(AppError::NotFound)?;
    Ok(found.name)
}

fn draft(kind: &'static str, clerk: &Clerk, (number, list): (&str, &str), rulebook: &Rulebook, today: Date) -> Draft {
    case_draft(kind, clerk, ("listing", "十二"), [("listing", number), ("list", list)], rulebook, today)
}

/// The act of a step of a case: what it is for, by which article of the founding document, and what it names.
pub(crate) fn case_draft(
    kind: &'static str,
    clerk: &Clerk,
    (purpose, article): (&'static str, &str),
    named: [(&str, &str); 2],
    rulebook: &Rulebook,
    today: Date,
) -> Draft {
    let details = named.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    Draft {
        kind,
        actor: clerk.name.clone(),
        second: None,
        purpose,
        basis: format!("鲁信用办〔2019〕8号 {article}"),
        reason: String::new(),
        rulebook: rulebook.digest,
        as_of: today,
        batch: None,
        details,
    }
}
