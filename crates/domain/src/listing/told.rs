//! A decision that a repair or an objection tells by its letter: when that reached the party (送达), and what was filed against it (复议,
//! 诉讼). A listing and a person's case have the same in their states. No period runs from a letter that nobody served.

use super::{Delivery, Filed, Refusal, Service, rule};
use crate::rulebook::procedure::Procedure;
use jiff::civil::Date;

/// A decision with its letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Number of the letter.
    pub letter: String,
    /// Its day.
    pub on: Date,
    /// How it reached the party.
    pub served: Option<Service>,
    /// Remedies at law that were filed against it, in order.
    pub filed: Vec<Filed>,
}

impl Told {
    /// A decision that was made.
    #[must_use]
    pub fn new(letter: &str, on: Date) -> Self {
        Self { letter: letter.to_owned(), on, served: None, filed: Vec::new() }
    }
}

/// The one of this letter; the last where none is named.
///
/// # Errors
/// When there is none.
pub(crate) fn named<'t>(told: &'t [Told], letter: Option<&str>) -> Result<&'t Told, Refusal> {
    let found = match letter {
        Some(letter) => told.iter().find(|one| one.letter == letter.trim()),
        None => told.last(),
    };
    found.ok_or_else(|| rule::LETTER_MISSING.refuse())
}

/// The service of a letter as somebody enters it.
///
/// # Errors
/// When there is no such letter, it was served before, or the service does not count or is of a day before the letter.
pub(crate) fn serving(
    told: &[Told],
    procedure: &Procedure,
    (letter, delivery): (Option<&str>, &Delivery),
    today: Date,
) -> Result<Service, Refusal> {
    let one = named(told, letter)?;
    rule::SERVED_ALREADY.demand(one.served.is_none())?;
    rule::DAY_TOO_EARLY.demand(one.on <= delivery.on)?;
    Service::of(procedure, false, &one.letter, delivery, today)
}

/// The filing of a remedy as somebody enters it: the letter, and what was filed.
///
/// # Errors
/// When there is no such letter, the filing is not named as a whole or was entered before, or its day cannot be.
pub(crate) fn filing(
    told: &[Told],
    (letter, filed): (Option<&str>, &Filed),
    today: Date,
) -> Result<(String, Filed), Refusal> {
    let one = named(told, letter)?;
    let (number, body) = (filed.number.trim(), filed.body.trim());
    rule::REMEDY_NUMBER_MISSING.demand(!number.is_empty() && !body.is_empty())?;
    rule::REMEDY_REPEATED.demand(!told.iter().flat_map(|one| &one.filed).any(|before| before.number == number))?;
    rule::DAY_IN_FUTURE.demand(filed.on <= today)?;
    rule::DAY_TOO_EARLY.demand(one.on <= filed.on)?;
    Ok((one.letter.clone(), Filed { number: number.to_owned(), body: body.to_owned(), ..filed.clone() }))
}

/// Takes the service of a letter.
pub(crate) fn serve(told: &mut [Told], service: &Service, today: Date) -> Result<(), Refusal> {
    service.check(today)?;
    let one = told.iter_mut().find(|one| one.letter == service.letter);
    let one = one.ok_or_else(|| rule::LETTER_MISSING.refuse())?;
    rule::SERVED_ALREADY.demand(one.served.is_none())?;
    one.served = Some(service.clone());
    Ok(())
}

/// Takes the filing of a remedy against a letter.
pub(crate) fn file(told: &mut [Told], letter: &str, filed: &Filed) -> Result<(), Refusal> {
    let one = told.iter_mut().find(|one| one.letter == letter);
    one.ok_or_else(|| rule::LETTER_MISSING.refuse())?.filed.push(filed.clone());
    Ok(())
}
