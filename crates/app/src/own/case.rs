//! What the cases of an organisation say to it: what it was told, what it said, what runs against it.

use super::view::{OwnCase, OwnDeadline, OwnLetter, OwnMeasure, OwnStatement};
use credence_domain::calendar::Due;
use credence_domain::canonical::hex;
use credence_domain::listing::{self, Event, State};
use credence_domain::queue::read;
use credence_domain::remedy::{against_listing, against_objection, against_repair};
use credence_domain::rulebook::Rulebook;
use credence_domain::{objection, repair};
use credence_store::connection::Connection;
use credence_store::letter::{self, KeptLetter};
use credence_store::scope::View;
use credence_store::{
    Result, listing as listings, measure as measures, objection as objections, record, repair as repairs, unit,
};
use jiff::civil::Date;
use std::collections::BTreeSet;

pub(super) const LISTING: &str = "listing";
const REPAIR: &str = "repair";
const OBJECTION: &str = "objection";
pub(super) const OFFICER: &str = "officer";

/// What was gathered of the cases.
#[derive(Default)]
pub(super) struct Told {
    pub(super) deadlines: Vec<OwnDeadline>,
    pub(super) cases: Vec<OwnCase>,
    pub(super) statements: Vec<OwnStatement>,
    pub(super) measures: Vec<OwnMeasure>,
    pub(super) letters: Vec<OwnLetter>,
    /// References of records for which nobody may apply today: the papers of another application were false.
    pub(super) barred: BTreeSet<String>,
}

impl Told {
    fn deadline(
        &mut self,
        (rulebook, today): (&Rulebook, Date),
        case: (&'static str, &str),
        step: (&'static str, &'static str),
        due: Option<Due>,
    ) {
        // What is over can no longer be done, and is no deadline.
        if due.is_some_and(|due| !due.provisional && due.on < today) {
            return;
        }
        let reading = read(&rulebook.calendar, due, today);
        self.deadlines.push(OwnDeadline::of(case, step, due.map(|due| due.on), reading));
    }

    fn letter(&mut self, kind: &'static str, kept: KeptLetter, stands: bool) {
        self.letters.push(OwnLetter {
            kind,
            number: kept.number,
            certificate: stands && kept.kind == "repair_grant",
            letter_kind: kept.kind,
            letter: kept.letter,
            title: kept.title,
            text: kept.body,
            made_on: kept.made_on,
        });
    }

    /// Listings that were told to the organisation.
    pub(super) fn listings(&mut self, connection: &mut Connection, uscc: &str, day: (&Rulebook, Date)) -> Result<()> {
        for head in listings::of_organisation(connection, uscc)? {
            let case = crate::listing::folded(connection, &head)?;
            let steps = listings::steps(connection, &head)?;
            let served: BTreeSet<&str> = steps.iter().filter_map(|step| served(&step.event)).collect();
            let Some(state) = told_state(&case, &served) else { continue };
            let number = head.number.as_str();
            self.cases.push(OwnCase {
                kind: LISTING,
                number: head.number.clone(),
                title: case.list_name.clone(),
                unit_name: name_of(connection, &case.unit, day.1)?,
                state: state.to_owned(),
                opened_on: case.notified().map_or(head.opened_on, |notified| notified.service.served_on),
            });
            for statement in case.notified().iter().flat_map(|notified| &notified.statements) {
                let (on, text) = (statement.on, statement.text.clone());
                self.statements.push(OwnStatement { kind: LISTING, number: head.number.clone(), on, text });
            }
            if let State::Notified(notified) = &case.state {
                self.times_to_answer(number, notified, day);
            }
            let held = case.talks.iter().filter(|talk| talk.held.is_none());
            for talk in held {
                let due = Some(Due { on: talk.talk_on, provisional: false });
                self.deadline(day, (LISTING, number), ("attend_talk", "参加约谈"), due);
            }
            self.remedies(day, (LISTING, number), against_listing(&case));
            self.remedies_of_persons(connection, (uscc, number), day)?;
            let public = case.is_public_on(day.1);
            for kept in letter::of_case(connection, (uscc, number))? {
                let shown = served.contains(kept.letter.as_str())
                    || kept.kind == "talk_notice"
                    || (kept.kind == "decision" && public);
                if shown {
                    self.letter(LISTING, kept, true);
                }
            }
        }
        Ok(())
    }

    fn times_to_answer(&mut self, number: &str, notified: &listing::Notified, day: (&Rulebook, Date)) {
        let due = |on| Some(Due { on, provisional: notified.provisional });
        if !notified.waived {
            let asked = ("answer_notice", "陈述、申辩");
            self.deadline(day, (LISTING, number), asked, due(notified.answer_due_on));
        }
        match (&notified.hearing, notified.hearing_due_on) {
            (None, Some(on)) => self.deadline(day, (LISTING, number), ("ask_hearing", "要求听证"), due(on)),
            (Some(hearing), _) if hearing.held.is_none() => {
                // A hearing whose notice has not arrived is not known yet.
                let called = hearing.notice.as_ref().filter(|notice| notice.served.is_some());
                if let Some(notice) = called {
                    let due = Some(Due { on: notice.hearing_on, provisional: false });
                    self.deadline(day, (LISTING, number), ("attend_hearing", "参加听证"), due);
                }
            }
            _ => {}
        }
    }

    /// Repairs, with what is to be supplemented.
    pub(super) fn repairs(&mut self, connection: &mut Connection, uscc: &str, day: (&Rulebook, Date)) -> Result<()> {
        for head in repairs::of_organisation(connection, uscc)? {
            let case = crate::repair::folded(connection, &head)?;
            if matches!(case.state, repair::State::Wanting) {
                self.deadline(day, (REPAIR, &head.number), ("supplement", "补正材料"), None);
            }
            let answering = case.revoking().filter(|proposed| proposed.waived.is_none());
            if let Some(heard) = answering.and_then(|proposed| proposed.served.as_ref()) {
                let due = Due { on: heard.statement_due_on, provisional: heard.provisional };
                self.deadline(day, (REPAIR, &head.number), ("answer_notice", "陈述、申辩"), Some(due));
            }
            for statement in case.revocation.iter().flat_map(|proposed| &proposed.statements) {
                let (on, text) = (statement.on, statement.text.clone());
                self.statements.push(OwnStatement { kind: REPAIR, number: head.number.clone(), on, text });
            }
            self.remedies(day, (REPAIR, &head.number), against_repair(&case));
            if case.barred_through_on().is_some_and(|last| day.1 <= last) {
                let view = View::office(day.1);
                let record = record::find(connection, &view, uscc, &head.identity)?;
                self.barred.extend(record.map(|record| hex(&record.reference)));
            }
            // What was taken back certifies nothing.
            let stands = matches!(case.state, repair::State::Granted { .. });
            for kept in letter::of_case(connection, (uscc, &head.number))? {
                self.letter(REPAIR, kept, stands);
            }
            self.statements.push(OwnStatement {
                kind: REPAIR,
                number: head.number.clone(),
                on: case.applied_on,
                text: case.applied.told(),
            });
            self.cases.push(OwnCase {
                kind: REPAIR,
                title: case.applied.document.clone(),
                unit_name: name_of(connection, &case.applied.unit, day.1)?,
                state: head.state,
                opened_on: head.opened_on,
                number: head.number,
            });
        }
        Ok(())
    }

    /// Objections, complaints and replies, with the time to appeal.
    pub(super) fn objections(&mut self, connection: &mut Connection, uscc: &str, day: (&Rulebook, Date)) -> Result<()> {
        for head in objections::of_organisation(connection, uscc)? {
            let case = crate::objection::folded(connection, &head)?;
            if case.standing == objection::Standing::Decided {
                // Before its service no day runs; it may be appealed all the same.
                let due = case.mark_through().map(|on| Due { on, provisional: false });
                self.deadline(day, (OBJECTION, &head.number), ("appeal", "申请复核"), due);
            }
            self.remedies(day, (OBJECTION, &head.number), against_objection(&case));
            for kept in letter::of_case(connection, (uscc, &head.number))? {
                self.letter(OBJECTION, kept, true);
            }
            let said = std::iter::once(&case.filed.statement).chain(case.joined.iter().map(|joined| &joined.statement));
            for statement in said {
                self.statements.push(OwnStatement {
                    kind: OBJECTION,
                    number: head.number.clone(),
                    on: statement.received_on,
                    text: statement.ground.clone(),
                });
            }
            self.cases.push(OwnCase {
                kind: OBJECTION,
                title: format!("{}：{}", case.filed.matter.name(), case.filed.title),
                unit_name: case.filed.handler_name.clone(),
                state: case.code_on(day.1).to_owned(),
                opened_on: head.filed_on,
                number: head.number,
            });
        }
        Ok(())
    }

    /// Measures that are in force or at rest.
    pub(super) fn measures(&mut self, connection: &mut Connection, uscc: &str, today: Date) -> Result<()> {
        for head in measures::of_organisation(connection, uscc)? {
            let measure = crate::measure::folded(connection, &head)?;
            let state = measure.code_on(today);
            if state == "ended" {
                continue;
            }
            self.measures.push(OwnMeasure {
                name: measure.begun.name.clone(),
                basis: measure.begun.basis.clone(),
                unit_name: name_of(connection, &measure.begun.unit, today)?,
                state,
                from_on: measure.begun.from_on,
                through_on: measure.through_on,
                number: head.number,
            });
        }
        Ok(())
    }
}

/// The letter whose service a step records.
fn served(event: &Event) -> Option<&str> {
    match event {
        Event::NoticeServed { service, .. } | Event::HearingServed { service } | Event::DecisionServed { service } => {
            Some(&service.letter)
        }
        _ => None,
    }
}

/// Where a case stands as far as the organisation was told; nothing for one that it was not told of. A decision that lists is
/// public from its day; one that does not is told when it is served.
fn told_state(case: &listing::Case, served: &BTreeSet<&str>) -> Option<&'static str> {
    match &case.state {
        State::Proposed => None,
        State::NotListed(dismissed) if !served.contains(dismissed.letter.as_str()) => Some("notified"),
        State::Withdrawn { .. } if served.is_empty() => None,
        state => Some(state.code()),
    }
}

fn name_of(connection: &mut Connection, code: &str, today: Date) -> Result<String> {
    Ok(unit::find(connection, code, today)?.map_or_else(|| code.to_owned(), |unit| unit.name))
}
