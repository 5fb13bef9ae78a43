//! Responsible persons (惩戒到人) as a use case: terms of office, cases of persons, duties to inform those above.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十四. Every step is an act on the organisation, numbered and committed; it names no person. A case of a
//! person rests and ends in the act of the listing's own step ([`follow`]). Nothing here is public, searched or graded. Whether
//! a step is lawful is `domain::officer`; who holds which office is [`crate::access`].

mod doing;
mod enter;
mod erase;
mod follow;
mod person;
mod propose;
mod step;
mod view;

pub use credence_store::officer::Kind;
pub use doing::Doing;
pub use enter::{Entering, enter};
pub use erase::{Erasing, erase};
pub use person::{enter_as, inform_as, propose_as, step_as};
pub use propose::{Informing, Proposing, inform, propose};
pub use step::step;
pub use view::{CaseView, DutyView, HeadView, NoticeView, OfficerView, StepView, TermView, list, show};

pub(crate) use follow::follow;

use crate::{AppError, Result};
use credence_domain::listing::{self, Refusal};
use credence_domain::officer::{Case, Duty, Term, rule};
use credence_domain::record::personal::carries_personal_number;
use credence_store::StoreError;
use credence_store::connection::Connection;
use credence_store::listing as kept_listing;
use credence_store::officer::{self as kept, Head};
use credence_store::scope::View;
use jiff::civil::Date;

/// What an act about a responsible person is for, and the article that asks for it.
const OFFICER: (&str, &str) = ("officer", "十四");

fn broken(number: &str, refusal: &Refusal) -> StoreError {
    StoreError::Inconsistent(format!("file {number} of a responsible person: {refusal}"))
}

/// The case of a person that its steps have made.
pub(crate) fn case_of(connection: &mut Connection, head: &Head) -> credence_store::Result<Case> {
    Case::fold(&kept::steps(connection, head)?).map_err(|refusal| broken(&head.number, &refusal))
}

fn term_of(connection: &mut Connection, head: &Head) -> credence_store::Result<Term> {
    Term::fold(&kept::steps(connection, head)?).map_err(|refusal| broken(&head.number, &refusal))
}

/// The duty that its steps have made.
pub(crate) fn duty_of(connection: &mut Connection, head: &Head) -> credence_store::Result<Duty> {
    Duty::fold(&kept::steps(connection, head)?).map_err(|refusal| broken(&head.number, &refusal))
}

/// A listing as it stands, whoever asks.
fn listing_of(connection: &mut Connection, number: &str, today: Date) -> Result<listing::Case> {
    let view = View::office(today);
    let head = kept_listing::find(connection, &view, number)?.ok_or(AppError::NotFound)?;
    let steps = kept_listing::steps(connection, &head)?;
    let broken = |refusal: Refusal| StoreError::Inconsistent(format!("listing {number}: {refusal}"));
    Ok(listing::Case::fold(&steps).map_err(broken)?)
}

/// Texts go into steps that stay: neither a name nor a number of a person may stand in them.
fn names_nobody(texts: &[&str], name: &str) -> std::result::Result<(), Refusal> {
    rule::NUMBER_IN_TEXT.demand(!texts.iter().any(|text| carries_personal_number(text)))?;
    rule::NAMES_PERSON.demand(name.is_empty() || !texts.iter().any(|text| text.contains(name)))
}

/// The name of whoever held an office; empty when erased.
fn name_of(connection: &mut Connection, uscc: &str, term: &str) -> Result<String> {
    let person = kept::person::of_term(connection, uscc, term)?;
    Ok(person.and_then(|person| person.name).unwrap_or_default())
}

fn moved(number: &str) -> StoreError {
    StoreError::Conflict(format!("file {number} of a responsible person has moved"))
}
