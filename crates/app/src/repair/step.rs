//! One step of a repair, written once: the step, its letter, and what follows from it, or nothing.

use super::consequence::{Consequence, grant, revoke};
use super::doing::Whose;
use super::ground::Subject;
use super::related::related;
use super::view::{RepairView, show};
use super::{Doing, REPAIR, folded, moved, shield};
use crate::evaluation::keep;
use crate::listing::{Clerk, case_draft, may_be_repaired, refused};
use crate::review::rules::Rules;
use crate::{AppError, Result, Writer};
use credence_domain::listing::{LetterFacts, Refusal};
use credence_domain::paper::files_of_repair;
use credence_domain::repair::{self, Case, Desk, Event, Granting, Related, State, Stating, Step, Waiving, rule};
use credence_domain::rulebook::Rulebook;
use credence_store::paper::{self, Matter};
use credence_store::repair as kept;
use credence_store::scope::View;
use credence_store::{letter, record};

/// Takes one step of a repair; `unit` is the one that acts, empty for the organisation.
///
/// # Errors
/// What the rules refuse, `forbidden` for a unit that would speak for an organisation which applied by its own account, `not_found`
/// for a case that he does not see, or a fault.
pub fn step(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (clerk, unit): (&Clerk, &str),
    number: &str,
    doing: &Doing,
) -> Result<RepairView> {
    let done = step_waiting(writer, rulebook, (clerk, unit), number, doing)?;
    writer.sequence()?;
    Ok(done)
}

/// The same for a writer of many, who places their acts in the log together.
pub(super) fn step_waiting(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (clerk, unit): (&Clerk, &str),
    number: &str,
    doing: &Doing,
) -> Result<RepairView> {
    let today = writer.clock().today();
    let head = kept::find(writer.connection(), &clerk.view, number)?.ok_or(AppError::NotFound)?;
    let case = folded(writer.connection(), &head)?;
    // What came on paper is entered by the unit that decided; what comes by its own account, by the organisation.
    if doing.whose() == Whose::Authority || (doing.whose() == Whose::Heard && !unit.is_empty()) {
        rule::WRONG_UNIT.demand(unit == head.unit).map_err(|refusal| refused(&refusal))?;
    }
    if doing.whose() == Whose::Party && head.channel == "account" && !unit.is_empty() {
        let text = "由信用主体以本账户提出的申请，只由其补正或者撤回";
        return Err(AppError::refused("forbidden", "act", text));
    }
    let keyring = writer.keyring();
    let mut rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
    let office = View::office(today);
    let stored = record::find(writer.connection(), &office, &head.uscc, &head.identity)?.ok_or(AppError::NotFound)?;
    let subject = Subject::of(writer.connection(), &mut rules, stored)?;
    let desk = Desk { rulebook, by: &clerk.name, today };
    // What would be refused is refused before anything is written: with a number that is given to nobody.
    let with_it = match doing {
        Doing::Grant { .. } => related(writer.connection(), &mut rules, &subject)?,
        _ => Vec::new(),
    };
    let others = kept::about(writer.connection(), &head.uscc, &head.identity)?;
    let alone = !others.iter().any(|one| one.number != number && State::OPEN.contains(&one.state.as_str()));
    let acting = Acting { desk: &desk, own: unit.is_empty(), alone, related: &with_it };
    let trial = make(&acting, &mut rules, (&case, &subject), doing, 0)?.map_err(|refusal| refused(&refusal))?;
    let files = crate::paper::known(writer.connection(), &head.uscc, &files_of_repair(&trial.0.event))?;
    if let Doing::Shield { kept, .. } = doing {
        shield::known(writer.connection(), (&head.uscc, &head.identity), kept)?;
    }
    if matches!(doing, Doing::Grant { .. }) {
        let by = (rulebook, clerk.name.as_str(), today);
        may_be_repaired(writer.connection(), by, (&head.uscc, &head.identity))?;
    }
    let facts = |serial| LetterFacts { unit: &subject.unit_name, organisation: &subject.organisation, serial };
    if let Some(kind) = doing.letter() {
        repair::write(&desk, kind, &trial.1, &facts(0)).map_err(|refusal| refused(&refusal))?;
    }
    let consequence = Consequence::prepare(writer, rulebook, (&subject, number, today), (&trial.0.event, &trial.1))?;
    let about = [("repair", number), ("item", &head_item(&case))];
    let draft = case_draft(doing.kind(), clerk, REPAIR, about, rulebook, today);
    let mut consequence = consequence;
    writer.change(&draft, |change| {
        let standing = kept::lock(change, &head.uscc, number)?.filter(|standing| standing.steps == head.steps);
        let standing = standing.ok_or_else(|| moved(number))?;
        let serial = match doing.letter() {
            Some(_) => letter::next_serial(change, &head.unit, today.year())?,
            None => 0,
        };
        let made = make(&acting, &mut rules, (&case, &subject), doing, serial)?;
        let (step, next) = made.map_err(|_| moved(number))?;
        kept::append(change, (number, standing.steps), &step, &next)?;
        paper::cite(change, &head.uscc, (Matter::Repair, number), &files)?;
        if let Some(kind) = doing.letter() {
            let written = repair::write(&desk, kind, &next, &facts(serial)).map_err(|_| moved(number))?;
            letter::keep(change, (&head.uscc, number), (&head.unit, serial, today), &written)?;
        }
        match &next.state {
            // A letter that was served, or what was filed against it, changes nothing of what it decided.
            _ if step.event.is_about_a_letter() => {}
            State::Granted { .. } if matches!(step.event, Event::Granted { .. }) => {
                grant(change, &mut rules, (&desk, number), &next, &mut consequence)?
            }
            State::Granted { .. } => {}
            State::Revoked { .. } => {
                shield::follow(change, &mut rules, &desk, (&case, &next))?;
                revoke(change, &mut rules, (&desk, number), &next, &mut consequence)?;
            }
            _ => shield::follow(change, &mut rules, &desk, (&case, &next))?,
        }
        keep(change, rulebook, &head.uscc, today)
    })?;
    show(writer.connection(), &clerk.view, number)
}

fn head_item(case: &Case) -> String {
    case.applied.item.clone()
}

type Made = std::result::Result<(Step, Case), Refusal>;

/// Who acts: by the organisation's own account or not.
struct Acting<'a> {
    desk: &'a Desk<'a>,
    own: bool,
    /// No other application about the record is open.
    alone: bool,
    /// Penalties that end with the entry, where one is granted.
    related: &'a [Related],
}

fn make(
    acting: &Acting<'_>,
    rules: &mut Rules<'_>,
    (case, subject): (&Case, &Subject),
    doing: &Doing,
    serial: u32,
) -> credence_store::Result<Made> {
    let desk = acting.desk;
    let number = |kind| {
        let facts = LetterFacts { unit: &subject.unit_name, organisation: &subject.organisation, serial };
        repair::number(desk, kind, &facts)
    };
    let letter = match doing.letter().map(number).transpose() {
        Ok(letter) => letter.unwrap_or_default(),
        Err(refusal) => return Ok(Err(refusal)),
    };
    Ok(match doing {
        Doing::Push { opinion } => desk.push(case, opinion),
        Doing::AskPapers { missing } => {
            let missing = missing.iter().map(|one| one.trim().to_owned()).collect();
            desk.take(case, Event::PapersAsked { missing })
        }
        Doing::Supplement { papers } => desk.supplement(case, papers),
        Doing::Accept {} => desk.accept(case),
        Doing::Extend { reason } => desk.extend(case, reason),
        Doing::Grant { findings, conditions } => {
            if let Err(refusal) = subject.stands(desk.today, case.shields()) {
                return Ok(Err(refusal));
            }
            let asked = Granting { letter: &letter, findings, conditions, related: acting.related };
            subject.with(rules, |ground| desk.grant(case, ground, &asked))?
        }
        Doing::Shield { findings, kept } => match subject.stands(desk.today, false) {
            Err(refusal) => Err(refusal),
            Ok(()) => desk.shield(case, &letter, findings, kept),
        },
        Doing::PlanFailed { ruling } => desk.plan_failed(case, &letter, ruling),
        Doing::PlanCompleted { ruling } => desk.plan_completed(case, ruling, None),
        Doing::Refuse { reason } => desk.refuse(case, &letter, reason),
        Doing::Withdraw { reason } => desk.take(case, Event::Withdrawn { reason: reason.trim().to_owned() }),
        Doing::Serve { letter, delivery } => desk.serve_decision(case, letter.as_deref(), delivery),
        Doing::FileRemedy { letter, filed, papers } => desk.file_remedy(case, letter.as_deref(), (filed, papers)),
        Doing::RuleRemedy { ruled } => {
            let stands = acting.alone && subject.stands(desk.today, false).is_ok();
            desk.rule_remedy(case, ruled, stands)
        }
        Doing::ProposeRevocation { fault, facts } => desk.propose_revocation(case, &letter, (*fault, facts)),
        Doing::ServeRevocation { delivery } => desk.serve_revocation(case, delivery),
        Doing::State { on, text, reference, papers } => {
            let on = on.filter(|_| !acting.own).unwrap_or(desk.today);
            let reference = if acting.own { None } else { Some(reference.as_str()) };
            desk.state(case, &Stating { on, text, reference, papers })
        }
        Doing::Waive { on, reference, papers } => {
            let on = on.filter(|_| !acting.own).unwrap_or(desk.today);
            let reference = if acting.own { None } else { Some(reference.as_str()) };
            desk.waive(case, &Waiving { on, reference, papers })
        }
        Doing::Revoke { reason } => desk.revoke(case, &letter, reason, subject.returns),
        Doing::DropRevocation { reason } => desk.drop_revocation(case, &letter, reason),
    })
}
