//! One step of a term, a case or a duty, written once: the step and its letter, or nothing.

use super::view::{OfficerView, show};
use super::{Doing, OFFICER, case_of, duty_of, listing_of, moved, name_of, names_nobody, term_of};
use crate::evaluation::keep;
use crate::listing::{Clerk, case_draft, refused};
use crate::{AppError, Result, Writer};
use credence_domain::listing::{self, Filed, Letter, LetterFacts, Refusal, rule as listed};
use credence_domain::officer::{self as rules, Case, CaseEvent, CaseStep, Desk, DutyEvent, Ending, TermEvent, rule};
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::letter::LetterKind;
use credence_store::change::Change;
use credence_store::letter;
use credence_store::officer::{self as kept, Head, Kind, Stand};
use credence_store::scope::View;
use credence_store::{subject, unit};

/// Takes one step of a term of office, a person's case or a duty to inform.
///
/// # Errors
/// What the rules refuse, `not_found` for a file that he does not see, or a fault.
pub fn step(
    writer: &mut Writer,
    rulebook: &Rulebook,
    clerk: &Clerk,
    number: &str,
    doing: &Doing,
) -> Result<OfficerView> {
    let done = step_waiting(writer, rulebook, clerk, number, doing)?;
    writer.sequence()?;
    Ok(done)
}

/// The same for a writer of many, who places their acts in the log together.
pub(super) fn step_waiting(
    writer: &mut Writer,
    rulebook: &Rulebook,
    clerk: &Clerk,
    number: &str,
    doing: &Doing,
) -> Result<OfficerView> {
    let today = writer.clock().today();
    let head = kept::find(writer.connection(), &clerk.view, number)?.ok_or(AppError::NotFound)?;
    let no = |refusal: Refusal| refused(&refusal);
    rule::STATE_WRONG.demand(doing.is_of(head.kind)).map_err(no)?;
    let of_person = if head.kind == Kind::Term { &head.number } else { &head.term };
    let name = name_of(writer.connection(), &head.uscc, of_person)?;
    names_nobody(&doing.texts(), &name).map_err(no)?;
    let desk = Desk { rulebook, by: &clerk.name, today };
    let named = [("officer", number), ("listing", head.listing.as_str())];
    let draft = case_draft(doing.kind(), clerk, OFFICER, named, rulebook, today);
    match head.kind {
        Kind::Term => {
            let term = term_of(writer.connection(), &head)?;
            may_change(writer, &head, doing)?;
            let (step, next) = desk.take_term(&term, term_event(doing).map_err(no)?).map_err(no)?;
            writer.change(&draft, |change| {
                standing(change, &head)?;
                kept::append(change, (number, head.steps), &step, &Stand::from(&next))?;
                keep(change, rulebook, &head.uscc, today)
            })?;
        }
        Kind::Duty => {
            let duty = duty_of(writer.connection(), &head)?;
            let (step, next) = desk.take_duty(&duty, duty_event(doing).map_err(no)?).map_err(no)?;
            writer.change(&draft, |change| {
                standing(change, &head)?;
                kept::append(change, (number, head.steps), &step, &Stand::from(&next))?;
                keep(change, rulebook, &head.uscc, today)
            })?;
        }
        Kind::Case => {
            let table = Table::open(writer, desk, &head)?;
            // What would be refused is refused before anything is written: with a number that is given to nobody.
            let (_, trial, letter) = table.make(doing, 0).map_err(no)?;
            if let Some(kind) = letter {
                table.write(kind, &trial, 0).map_err(no)?;
            }
            writer.change(&draft, |change| {
                standing(change, &head)?;
                table.put(change, &head, (doing, letter))?;
                keep(change, rulebook, &head.uscc, today)
            })?;
        }
    }
    show(writer.connection(), &clerk.view, number)
}

fn standing(change: &mut Change<'_>, head: &Head) -> credence_store::Result<()> {
    let now = kept::lock(change, &head.uscc, &head.number)?.filter(|now| now.steps == head.steps);
    now.map(drop).ok_or_else(|| moved(&head.number))
}

/// A term on which a case rests is neither taken back nor cut below the conduct of that case.
fn may_change(writer: &mut Writer, head: &Head, doing: &Doing) -> Result<()> {
    for one in kept::of_term(writer.connection(), &head.uscc, &head.number)? {
        if matches!(one.state.as_str(), "dismissed" | "withdrawn") {
            continue;
        }
        let case = case_of(writer.connection(), &one)?;
        let fits = match doing {
            Doing::Leave { through_on, .. } => case.proposed.conduct_through_on <= *through_on,
            _ => false,
        };
        rule::TERM_IN_USE.demand(fits).map_err(|refusal| refused(&refusal))?;
    }
    Ok(())
}

fn term_event(doing: &Doing) -> std::result::Result<TermEvent, Refusal> {
    match doing {
        Doing::Leave { through_on, evidence } => {
            Ok(TermEvent::Left { through_on: *through_on, evidence: evidence.trim().to_owned() })
        }
        Doing::Withdraw { reason } => Ok(TermEvent::Withdrawn { reason: reason.trim().to_owned() }),
        _ => Err(rule::STATE_WRONG.refuse()),
    }
}

fn duty_event(doing: &Doing) -> std::result::Result<DutyEvent, Refusal> {
    let Doing::Inform { to, addressee, number, on } = doing else { return Err(rule::STATE_WRONG.refuse()) };
    let (addressee, number) = (addressee.trim().to_owned(), number.trim().to_owned());
    Ok(DutyEvent::Informed { to: *to, addressee, number, on: *on })
}

/// One case on the table: its listing, its unit, its letters.
struct Table<'t> {
    desk: Desk<'t>,
    case: Case,
    listing: listing::Case,
    unit: String,
    organisation: String,
    letters: Vec<(String, String)>,
}

type Made = (CaseStep, Case, Option<LetterKind>);

impl<'t> Table<'t> {
    fn open(writer: &mut Writer, desk: Desk<'t>, head: &Head) -> Result<Self> {
        let today = desk.today;
        let unknown = || AppError::refused("unit_unknown", "unit", format!("单位目录中没有{}", head.unit));
        let letters = letter::of_case(writer.connection(), (&head.uscc, &head.number))?;
        let organisation = subject::find(writer.connection(), &View::office(today), &head.uscc)?;
        Ok(Self {
            desk,
            case: case_of(writer.connection(), head)?,
            listing: listing_of(writer.connection(), &head.listing, today)?,
            unit: unit::find(writer.connection(), &head.unit, today)?.ok_or_else(unknown)?.name,
            organisation: organisation.ok_or(AppError::NotFound)?.name,
            letters: letters.into_iter().map(|letter| (letter.kind, letter.letter)).collect(),
        })
    }

    fn facts(&self, serial: u32) -> LetterFacts<'_> {
        LetterFacts { unit: &self.unit, organisation: &self.organisation, serial }
    }

    fn write(&self, kind: LetterKind, case: &Case, serial: u32) -> std::result::Result<Letter, Refusal> {
        rules::write(&self.desk, kind, case, &self.facts(serial))
    }

    fn number(&self, kind: LetterKind, serial: u32) -> std::result::Result<String, Refusal> {
        rules::number(&self.desk, kind, &self.facts(serial))
    }

    /// The letter of the case that is due to be served.
    fn due(&self) -> String {
        let of = |kind: &str| self.letters.iter().find(|(one, _)| one == kind).map(|(_, letter)| letter.clone());
        match &self.case.state {
            rules::State::Dismissed(dismissed) => dismissed.letter.clone(),
            rules::State::Decided(decided) => decided.letter.clone(),
            rules::State::Ended(end) => end.decided.letter.clone(),
            _ => of(LetterKind::OfficerNotice.code()).unwrap_or_default(),
        }
    }

    fn make(&self, doing: &Doing, serial: u32) -> std::result::Result<Made, Refusal> {
        let (desk, case) = (&self.desk, &self.case);
        let plain = |event: CaseEvent| desk.take(case, event).map(|(step, case)| (step, case, None));
        let trimmed = |text: &str| text.trim().to_owned();
        match doing {
            Doing::Serve { letter, delivery } => {
                let due = self.due();
                let letter = letter.as_deref().unwrap_or(&due);
                listed::LETTER_MISSING.demand(letter == due)?;
                let made = match &case.state {
                    rules::State::Proposed => desk.serve_notice(case, &self.listing, (letter, delivery)),
                    _ => desk.serve_decision(case, letter, delivery),
                };
                made.map(|(step, case)| (step, case, None))
            }
            Doing::State { on, text } => plain(CaseEvent::Stated { on: *on, text: trimmed(text) }),
            Doing::Answer { statement, accepted, reason } => {
                plain(CaseEvent::Answered { statement: *statement, accepted: *accepted, reason: trimmed(reason) })
            }
            Doing::Waive { on, proof, paper } => {
                plain(CaseEvent::Waived { on: *on, proof: trimmed(proof), paper: paper.clone() })
            }
            Doing::Decide { reason } => {
                let letter = self.number(LetterKind::OfficerDecision, serial)?;
                let made = desk.decide(case, &self.listing, (&letter, reason));
                made.map(|(step, case)| (step, case, Some(LetterKind::OfficerDecision)))
            }
            Doing::Dismiss { reason } => {
                let letter = self.number(LetterKind::OfficerDismissal, serial)?;
                let made = desk.dismiss(case, &letter, reason);
                made.map(|(step, case)| (step, case, Some(LetterKind::OfficerDismissal)))
            }
            Doing::Withdraw { reason } => plain(CaseEvent::Withdrawn { reason: trimmed(reason) }),
            Doing::HandOver { number, on } => plain(CaseEvent::HandedOver { number: trimmed(number), on: *on }),
            Doing::FileRemedy { filed } => plain(CaseEvent::RemedyFiled {
                filed: Filed { number: trimmed(&filed.number), body: trimmed(&filed.body), ..filed.clone() },
            }),
            Doing::Stay { number, on, paper } => {
                plain(CaseEvent::Stayed { number: trimmed(number), on: *on, paper: paper.clone() })
            }
            Doing::LiftStay { number, on, paper } => {
                plain(CaseEvent::StayLifted { number: trimmed(number), on: *on, paper: paper.clone() })
            }
            Doing::DecideRemedy { number, on, outcome, paper } => {
                let revoked = *outcome == rules::Outcome::Revoked;
                plain(CaseEvent::RemedyDecided {
                    number: trimmed(number),
                    on: *on,
                    outcome: outcome.clone(),
                    recall_due_on: desk.recall(case).filter(|_| revoked),
                    paper: paper.clone(),
                })
            }
            Doing::End { document } => plain(desk.end(case, Ending::Own { document: trimmed(document) })),
            Doing::Leave { .. } | Doing::Inform { .. } => Err(rule::STATE_WRONG.refuse()),
        }
    }

    /// Writes the step with its letter, inside the act.
    fn put(
        &self,
        change: &mut Change<'_>,
        head: &Head,
        (doing, letter): (&Doing, Option<LetterKind>),
    ) -> credence_store::Result<()> {
        let today = self.desk.today;
        let serial = match letter {
            Some(_) => letter::next_serial(change, &head.unit, today.year())?,
            None => 0,
        };
        let (step, next, letter) = self.make(doing, serial).map_err(|_| moved(&head.number))?;
        kept::append(change, (&head.number, head.steps), &step, &Stand::from(&next))?;
        if let Some(kind) = letter {
            let written = self.write(kind, &next, serial).map_err(|_| moved(&head.number))?;
            letter::keep(change, (&head.uscc, &head.number), (&head.unit, serial, today), &written)?;
        }
        Ok(())
    }
}
