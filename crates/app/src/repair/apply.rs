//! An application for repair: by the organisation itself, on paper on its behalf, or from the national window.

use super::ground::Subject;
use super::view::{RepairView, show};
use super::{REPAIR, moved};
use crate::evaluation::keep;
use crate::listing::{Clerk, case_draft, refused};
use crate::review::rules::{Rules, reference};
use crate::{AppError, Result, Writer};
use credence_domain::repair::{Ask, Channel, Desk, Paper, rule};
use credence_domain::rulebook::Rulebook;
use credence_store::batch::new_number;
use credence_store::clock::Chance;
use credence_store::record;
use credence_store::repair as kept;
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
    /// How the wrong was put right.
    pub rectified: String,
    /// Papers.
    #[serde(default)]
    pub papers: Vec<Paper>,
    /// Codes of the clauses of the letter that was signed.
    pub clauses: Vec<String>,
    /// The day of its signature.
    pub signed_on: Date,
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
    // What came from the national window, or over the authority's own counter, is with the authority already.
    let there = matches!(channel, Channel::National { .. }) || unit == subject.stored.authority;
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
    for head in kept::about(writer.connection(), &subject.stored.uscc, &subject.stored.identity)? {
        let open = matches!(head.state.as_str(), "applied" | "arrived" | "wanting" | "accepted");
        if open {
            return Err(refused(&rule::RUNNING.because(&head.number)));
        }
    }
    let desk = Desk { rulebook, by: &clerk.name, today };
    let made = subject.with(&mut rules, |ground| {
        let ask = Ask {
            ground: *ground,
            channel: &channel,
            arrived_on,
            rectified: &asked.rectified,
            papers: &asked.papers,
            clauses: &asked.clauses,
            signed_on: asked.signed_on,
        };
        // What the rules say of its periods is told first: with the earliest day.
        desk.eligible(ground)?;
        subject.stands(today)?;
        desk.apply(&ask)
    })?;
    let (step, case) = made.map_err(|refusal| refused(&refusal))?;
    let number = new_number(&mut Chance::default(), today)?;
    let about = [("repair", number.as_str()), ("item", &subject.stored.item)];
    let draft = case_draft("repair_applied", clerk, REPAIR, about, rulebook, today);
    let uscc = subject.stored.uscc.clone();
    writer.change(&draft, |change| {
        let again = kept::about(change.connection, &uscc, &subject.stored.identity)?;
        if again.iter().any(|head| matches!(head.state.as_str(), "applied" | "arrived" | "wanting" | "accepted")) {
            return Err(moved(&number));
        }
        kept::open(change, &number, &step, &case)?;
        keep(change, rulebook, &uscc, today)
    })?;
    show(writer.connection(), &clerk.view, &number)
}
