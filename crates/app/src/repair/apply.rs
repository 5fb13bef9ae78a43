//! An application for repair: by the organisation itself, on paper on its behalf, or from the national window.

use super::ground::Subject;
use super::view::{RepairView, show};
use super::{REPAIR, folded, moved};
use crate::evaluation::keep;
use crate::listing::{Clerk, case_draft, refused};
use crate::review::rules::{Rules, reference};
use crate::{AppError, Result, Writer};
use credence_domain::catalog::Nature;
use credence_domain::paper::files_of_repair;
use credence_domain::repair::{Ask, AskShield, Case, Channel, Desk, Followed, Paper, Plan, Ruling, State, rule};
use credence_domain::rulebook::Rulebook;
use credence_store::batch::new_number;
use credence_store::clock::Chance;
use credence_store::connection::Connection;
use credence_store::paper::{self, Matter};
use credence_store::record;
use credence_store::repair::{self as kept, Head};
use jiff::civil::Date;
use serde::Deserialize;

/// An application as it is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applying {
    /// Public reference of the record.
    pub record: String,
    /// How it came: `account`, `paper` or `national`; by the organisation's own account where it is left out.
    #[serde(default)]
    pub channel: String,
    /// Number of the paper, or of the national window.
    #[serde(default)]
    pub reference: String,
    /// The day on which it was made at the national window.
    #[serde(default)]
    pub window_on: Option<Date>,
    /// The day on which it reached the authority, where that is before today: for what the authority itself enters.
    #[serde(default)]
    pub arrived_on: Option<Date>,
    /// How the wrong was put right; nothing where a shield is applied for.
    #[serde(default)]
    pub rectified: String,
    /// Papers.
    #[serde(default)]
    pub papers: Vec<Paper>,
    /// Codes of the clauses of the letter that was signed.
    #[serde(default)]
    pub clauses: Vec<String>,
    /// The day of its signature; today where it is left out.
    #[serde(default)]
    pub signed_on: Option<Date>,
    /// The plan of a court on which a shield is applied for, in place of a repair.
    #[serde(default)]
    pub plan: Option<Plan>,
    /// The ruling that a plan is carried out: the application goes on from the shield of the record.
    #[serde(default)]
    pub completed: Option<Ruling>,
}

impl Applying {
    fn channel(&self, today: Date) -> Result<Channel> {
        let reference = self.reference.trim().to_owned();
        match self.channel.as_str() {
            "" | "account" => Ok(Channel::Account),
            "paper" => Ok(Channel::Paper { reference }),
            "national" => Ok(Channel::National { reference, window_on: self.window_on.unwrap_or(today) }),
            other => Err(AppError::refused("bad_parameter", "channel", format!("没有渠道{other}"))),
        }
    }
}

/// Applies for a repair; `unit` is the one that enters it, empty for the organisation itself.
///
/// # Errors
/// What the rules refuse, `not_found` for a record that he does not see, or a fault.
pub fn apply(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (clerk, unit): (&Clerk, &str),
    asked: &Applying,
) -> Result<RepairView> {
    let applied = apply_waiting(writer, rulebook, (clerk, unit), asked)?;
    writer.sequence()?;
    Ok(applied)
}

/// The same for a writer of many, who places their acts in the log together.
pub(crate) fn apply_waiting(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (clerk, unit): (&Clerk, &str),
    asked: &Applying,
) -> Result<RepairView> {
    let today = writer.clock().today();
    let channel = asked.channel(today)?;
    let found = record::by_reference(writer.connection(), &clerk.view, &reference(&asked.record)?)?;
    let stored = found.ok_or(AppError::NotFound)?;
    let keyring = writer.keyring();
    let mut rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
    let subject = Subject::of(writer.connection(), &mut rules, stored)?;
    // What came from the national window is with the authority already; so is what was brought to its own counter, where the order lets it
    // take that itself, and an application for a shield, which every order sends to it.
    let desk = Desk { rulebook, by: &clerk.name, today };
    let at_counter = unit == subject.stored.authority
        && (asked.plan.is_some() || subject.with(&mut rules, |ground| desk.is_direct(ground))?);
    let there = matches!(channel, Channel::National { .. }) || at_counter;
    let arrived_on = there.then(|| asked.arrived_on.unwrap_or(today));
    if let Channel::National { reference, .. } = &channel
        && let Some(known) = kept::national(writer.connection(), reference)?
    {
        // A case that is delivered twice is one case.
        return match known.identity == subject.stored.identity && known.uscc == subject.stored.uscc {
            true => show(writer.connection(), &clerk.view, &known.number),
            false => Err(refused(&rule::REFERENCE_MISSING.because(format!("{reference}已用于另一记录")))),
        };
    }
    if asked.plan.is_some() && rules.version(&subject.stored.item)?.nature != Nature::Dishonesty {
        return Err(refused(&rule::NOT_PUBLIC.because("不是失信信息，没有需要屏蔽的内容")));
    }
    let before = going_on(writer.connection(), &subject, asked)?;
    let followed = before.as_ref().zip(asked.completed.as_ref()).map(|((head, case), completed)| Followed {
        number: head.number.clone(),
        completed: completed.clone(),
        kept: case.kept().to_vec(),
    });
    let made = subject.with(&mut rules, |ground| {
        if let Some(plan) = &asked.plan {
            subject.stands(today, false)?;
            let papers = &asked.papers;
            return desk.apply_shield(&AskShield { ground: *ground, channel: &channel, arrived_on, plan, papers });
        }
        let ask = Ask {
            ground: *ground,
            channel: &channel,
            arrived_on,
            rectified: &asked.rectified,
            papers: &asked.papers,
            clauses: &asked.clauses,
            signed_on: asked.signed_on.unwrap_or(today),
            followed: followed.as_ref(),
        };
        // What the rules say of its periods is told first: with the earliest day.
        desk.eligible(ground)?;
        subject.stands(today, followed.is_some())?;
        desk.apply(&ask)
    })?;
    let (step, case) = made.map_err(|refusal| refused(&refusal))?;
    let files = crate::paper::known(writer.connection(), &subject.stored.uscc, &files_of_repair(&step.event))?;
    let number = new_number(&mut Chance::default(), today)?;
    let about = [("repair", number.as_str()), ("item", &subject.stored.item)];
    let draft = case_draft("repair_applied", clerk, REPAIR, about, rulebook, today);
    let uscc = subject.stored.uscc.clone();
    writer.change(&draft, |change| {
        // The shield goes over to the application in this act: the record is not shown in between.
        if let (Some((head, standing)), Some(ruling)) = (&before, &asked.completed) {
            let ended = desk.plan_completed(standing, ruling, Some(&number));
            let (step, next) = ended.map_err(|_| moved(&head.number))?;
            kept::append(change, (&head.number, head.steps), &step, &next)?;
        }
        let again = kept::about(change.connection, &uscc, &subject.stored.identity)?;
        if again.iter().any(is_open) {
            return Err(moved(&number));
        }
        kept::open(change, &number, &step, &case)?;
        paper::cite(change, &uscc, (Matter::Repair, &number), &files)?;
        keep(change, rulebook, &uscc, today)
    })?;
    show(writer.connection(), &clerk.view, &number)
}

fn is_open(head: &Head) -> bool {
    State::OPEN.contains(&head.state.as_str())
}

/// The shield from which an application goes on; none where the record has no open case.
///
/// # Errors
/// What is open already, and what is no shield.
fn going_on(connection: &mut Connection, subject: &Subject, asked: &Applying) -> Result<Option<(Head, Case)>> {
    let about = kept::about(connection, &subject.stored.uscc, &subject.stored.identity)?;
    let Some(head) = about.into_iter().find(is_open) else {
        return match asked.completed {
            Some(_) => Err(refused(&rule::NO_SHIELD.refuse())),
            None => Ok(None),
        };
    };
    let case = folded(connection, &head)?;
    let shielded = matches!(case.state, State::Shielded { .. });
    if shielded && asked.plan.is_none() && asked.completed.is_none() {
        return Err(refused(&rule::PLAN_RUNNING.because(&head.number)));
    }
    if !shielded || asked.plan.is_some() {
        return Err(refused(&rule::RUNNING.because(&head.number)));
    }
    // A shield that is to be revoked goes over to nothing before that is decided.
    rule::REVOCATION_RUNNING.demand(case.revoking().is_none()).map_err(|refusal| refused(&refusal))?;
    Ok(Some((head, case)))
}
