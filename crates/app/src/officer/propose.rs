//! A person is proposed to be held to account for a listing, with the notice to him; and the unit says that those above are to be
//! informed where neither code nor registered type tells it.

use super::view::{OfficerView, show};
use super::{OFFICER, listing_of, moved, name_of, names_nobody, term_of};
use crate::evaluation::keep;
use crate::listing::{Clerk, case_draft, kinds_of, refused};
use crate::review::rules::Rules;
use crate::{AppError, Result, Writer};
use credence_domain::listing::LetterFacts;
use credence_domain::officer::{self as rules, Because, Desk, Propose, rule};
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::letter::LetterKind;
use credence_store::batch::new_number;
use credence_store::clock::Chance;
use credence_store::letter;
use credence_store::officer::{self as kept, Kind, Stand};
use credence_store::scope::View;
use credence_store::{subject, unit};
use jiff::civil::Date;
use serde::Deserialize;

/// A proposal as it is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposing {
    /// Number of the listing.
    pub listing: String,
    /// Number of the term of office.
    pub term: String,
    /// The unit that acts.
    pub unit: String,
    /// First day of the conduct.
    pub conduct_from_on: Date,
    /// Last day of the conduct.
    pub conduct_through_on: Date,
    /// What the person did or left undone; without his name.
    pub facts: String,
    /// Code of the legal ground.
    pub ground: String,
}

/// That those above are to be informed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Informing {
    /// Number of the listing.
    pub listing: String,
    /// The unit that acts.
    pub unit: String,
    /// `state_enterprise`, `public_body` or `official`.
    pub because: Because,
}

/// Proposes to hold a person to account and writes the notice.
///
/// # Errors
/// What the rules refuse, `not_found` for a listing or a term that he does not see, or a fault.
pub fn propose(writer: &mut Writer, rulebook: &Rulebook, clerk: &Clerk, asked: &Proposing) -> Result<OfficerView> {
    let proposed = propose_waiting(writer, rulebook, clerk, asked)?;
    writer.sequence()?;
    Ok(proposed)
}

/// The same for a writer of many, who places their acts in the log together.
pub(super) fn propose_waiting(
    writer: &mut Writer,
    rulebook: &Rulebook,
    clerk: &Clerk,
    asked: &Proposing,
) -> Result<OfficerView> {
    let today = writer.clock().today();
    let listing = listing_of(writer.connection(), &asked.listing, today)?;
    let head = kept::find(writer.connection(), &clerk.view, &asked.term)?.filter(|head| head.kind == Kind::Term);
    let head = head.ok_or(AppError::NotFound)?;
    let term = term_of(writer.connection(), &head)?;
    let name = name_of(writer.connection(), &head.uscc, &head.number)?;
    names_nobody(&[&asked.facts], &name).map_err(|refusal| refused(&refusal))?;
    let keyring = writer.keyring();
    let mut rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
    let kinds = kinds_of(writer.connection(), &mut rules, &listing)?;
    let desk = Desk { rulebook, by: &clerk.name, today };
    let proposal = Propose {
        listing: (&asked.listing, &listing),
        term: (&asked.term, &term),
        unit: &asked.unit,
        conduct: (asked.conduct_from_on, asked.conduct_through_on),
        facts: &asked.facts,
        ground: &asked.ground,
        kinds: &kinds,
    };
    let (step, case) = desk.propose(&proposal).map_err(|refusal| refused(&refusal))?;
    let same = |writer: &mut credence_store::connection::Connection| repeated(writer, &case, today);
    if same(writer.connection())? {
        return Err(refused(&rule::REPEATED.refuse()));
    }
    let unknown = || AppError::refused("unit_unknown", "unit", format!("单位目录中没有{}", asked.unit));
    let unit = unit::find(writer.connection(), &asked.unit, today)?.ok_or_else(unknown)?;
    let view = View::office(today);
    let organisation = subject::find(writer.connection(), &view, &term.uscc)?.ok_or(AppError::NotFound)?;
    let facts = LetterFacts { unit: &unit.name, organisation: &organisation.name, serial: 1 };
    rules::write(&desk, LetterKind::OfficerNotice, &case, &facts).map_err(|refusal| refused(&refusal))?;
    let number = new_number(&mut Chance::default(), today)?;
    let named = [("officer", number.as_str()), ("listing", asked.listing.as_str())];
    let draft = case_draft("officer_proposed", clerk, OFFICER, named, rulebook, today);
    writer.change(&draft, |change| {
        let standing = kept::lock(change, &head.uscc, &head.number)?.filter(|now| now.steps == head.steps);
        standing.ok_or_else(|| moved(&asked.term))?;
        if same(change.connection)? {
            return Err(moved(&asked.term));
        }
        kept::open(change, &number, &step, &Stand::from(&case))?;
        let serial = letter::next_serial(change, &asked.unit, today.year())?;
        let facts = LetterFacts { serial, ..facts };
        let letter = rules::write(&desk, LetterKind::OfficerNotice, &case, &facts).map_err(|_| moved(&number))?;
        letter::keep(change, (&head.uscc, &number), (&asked.unit, serial, today), &letter)?;
        keep(change, rulebook, &head.uscc, today)
    })?;
    show(writer.connection(), &clerk.view, &number)
}

/// Whether there is a case already on the same term, listing and ground that is not over.
fn repeated(
    connection: &mut credence_store::connection::Connection,
    case: &rules::Case,
    today: Date,
) -> credence_store::Result<bool> {
    let about = &case.proposed;
    for head in kept::of_term(connection, &about.uscc, &about.term)? {
        let other = super::case_of(connection, &head)?;
        let alike = other.proposed.listing == about.listing && other.proposed.ground == about.ground;
        if alike && !other.is_over_on(today) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Says that those above an organisation or an official are to be informed of a listing.
///
/// # Errors
/// What the rules refuse, `not_found` for a listing, or a fault.
pub fn inform(writer: &mut Writer, rulebook: &Rulebook, clerk: &Clerk, asked: &Informing) -> Result<OfficerView> {
    let told = inform_waiting(writer, rulebook, clerk, asked)?;
    writer.sequence()?;
    Ok(told)
}

/// The same for a writer of many, who places their acts in the log together.
pub(super) fn inform_waiting(
    writer: &mut Writer,
    rulebook: &Rulebook,
    clerk: &Clerk,
    asked: &Informing,
) -> Result<OfficerView> {
    let today = writer.clock().today();
    let listing = listing_of(writer.connection(), &asked.listing, today)?;
    rule::WRONG_UNIT.demand(listing.unit == asked.unit).map_err(|refusal| refused(&refusal))?;
    let desk = Desk { rulebook, by: &clerk.name, today };
    let (step, duty) = desk.arise((&asked.listing, &listing), asked.because).map_err(|refusal| refused(&refusal))?;
    let same = |connection: &mut credence_store::connection::Connection| -> credence_store::Result<bool> {
        for head in kept::resting_on(connection, &duty.uscc, &asked.listing)? {
            if head.kind == Kind::Duty && alike(super::duty_of(connection, &head)?.because, duty.because) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    if same(writer.connection())? {
        return Err(refused(&rule::DUTY_REPEATED.refuse()));
    }
    let number = new_number(&mut Chance::default(), today)?;
    let named = [("officer", number.as_str()), ("listing", asked.listing.as_str())];
    let draft = case_draft("officer_duty_arose", clerk, OFFICER, named, rulebook, today);
    writer.change(&draft, |change| {
        kept::lock(change, &duty.uscc, &number)?;
        if same(change.connection)? {
            return Err(moved(&number));
        }
        kept::open(change, &number, &step, &Stand::from(&duty))?;
        keep(change, rulebook, &duty.uscc, today)
    })?;
    show(writer.connection(), &clerk.view, &number)
}

/// Whether two reasons ask the same to be informed: an organisation is one thing, an official another.
fn alike(one: Because, other: Because) -> bool {
    (one == Because::Official) == (other == Because::Official)
}
