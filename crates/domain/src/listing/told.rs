//! A decision that a repair or an objection tells by its letter: when that reached the party (送达), and what was filed against it (复议,
//! 诉讼) and what came of that. A listing and a person's case have the same in their states. No period runs from a letter that nobody
//! served.

use super::{Delivery, Filed, Refusal, Service, rule};
use crate::objection::Evidence;
use crate::rulebook::procedure::Procedure;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

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
    pub filed: Vec<Contested>,
}

/// A remedy at law against a decision, with what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contested {
    /// The filing.
    #[serde(flatten)]
    pub filed: Filed,
    /// Who entered it.
    #[serde(skip)]
    pub filed_by: String,
    /// Its papers.
    #[serde(skip)]
    pub papers: Vec<Evidence>,
    /// What came of it; none while it is pending.
    pub ruled: Option<Ruled>,
    /// Who entered that.
    #[serde(skip)]
    pub ruled_by: String,
}

/// What came of a remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 维持
    Upheld,
    /// 变更: the body decides itself, and its words hold.
    Changed,
    /// 撤销
    Revoked,
    /// 责令重作
    Anew,
    /// 撤回: the party took it back.
    Withdrawn,
}

impl Verdict {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Upheld, Self::Changed, Self::Revoked, Self::Anew, Self::Withdrawn];

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Changed => "changed",
            Self::Revoked => "revoked",
            Self::Anew => "anew",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Upheld => "维持",
            Self::Changed => "变更",
            Self::Revoked => "撤销",
            Self::Anew => "撤销并责令重新作出",
            Self::Withdrawn => "撤回",
        }
    }

    /// Whether the decision fell by it, so that it is to be made again.
    #[must_use]
    pub const fn reopens(self) -> bool {
        matches!(self, Self::Revoked | Self::Anew)
    }
}

/// What a reviewing body or a court ruled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruled {
    /// Number of the remedy's case.
    pub number: String,
    /// What came of it.
    pub verdict: Verdict,
    /// Number of the decision or judgment that says so (决定书、判决书文号).
    pub document: String,
    /// Its day.
    pub on: Date,
    /// What it says, in short; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub gist: String,
    /// Its paper.
    pub papers: Vec<Evidence>,
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

/// How many papers of remedies a case has.
pub(crate) fn papers(told: &[Told]) -> usize {
    let ruled = |one: &Contested| one.ruled.as_ref().map_or(0, |ruled| ruled.papers.len());
    told.iter().flat_map(|one| &one.filed).map(|one| one.papers.len() + ruled(one)).sum()
}

/// The filing of a remedy as somebody enters it: the letter, and what was filed.
///
/// # Errors
/// When there is no such letter, the filing is not named as a whole or was entered before, a paper of it has no name, or its day cannot be.
pub(crate) fn filing(
    told: &[Told],
    (letter, filed, papers): (Option<&str>, &Filed, &[Evidence]),
    today: Date,
) -> Result<(String, Filed), Refusal> {
    let one = named(told, letter)?;
    let (number, body) = (filed.number.trim(), filed.body.trim());
    rule::REMEDY_NUMBER_MISSING.demand(!number.is_empty() && !body.is_empty())?;
    rule::REMEDY_REPEATED
        .demand(!told.iter().flat_map(|one| &one.filed).any(|before| before.filed.number == number))?;
    rule::DAY_IN_FUTURE.demand(filed.on <= today)?;
    rule::DAY_TOO_EARLY.demand(one.on <= filed.on)?;
    proved(papers)?;
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
pub(crate) fn file(
    told: &mut [Told],
    (letter, by): (&str, &str),
    (filed, papers): (&Filed, &[Evidence]),
) -> Result<(), Refusal> {
    let one = told.iter_mut().find(|one| one.letter == letter).ok_or_else(|| rule::LETTER_MISSING.refuse())?;
    let (filed, filed_by, papers) = (filed.clone(), by.to_owned(), papers.to_vec());
    one.filed.push(Contested { filed, filed_by, papers, ruled: None, ruled_by: String::new() });
    Ok(())
}

/// What came of a remedy as somebody enters it, with its paper and not by whoever entered the filing; and the letter that it is about.
///
/// # Errors
/// When no such remedy is pending, the ruling is not named as a whole, nothing proves it, or its day cannot be.
pub(crate) fn ruling(told: &[Told], asked: &Ruled, by: &str, today: Date) -> Result<(String, Ruled), Refusal> {
    let (number, document) = (asked.number.trim(), asked.document.trim());
    let (letter, found) = told
        .iter()
        .find_map(|one| Some((&one.letter, one.filed.iter().find(|contested| contested.filed.number == number)?)))
        .ok_or_else(|| rule::REMEDY_UNKNOWN.because(number))?;
    rule::REMEDY_DECIDED.demand(found.ruled.is_none())?;
    rule::REMEDY_SAME_PERSON.demand(found.filed_by != by)?;
    rule::RULING_NUMBER_MISSING.demand(!document.is_empty())?;
    rule::DAY_IN_FUTURE.demand(asked.on <= today)?;
    rule::DAY_TOO_EARLY.demand(found.filed.on <= asked.on)?;
    proved(&asked.papers)?;
    rule::REMEDY_PAPER_MISSING.demand(!asked.papers.is_empty())?;
    let (number, document, gist) = (number.to_owned(), document.to_owned(), asked.gist.trim().to_owned());
    Ok((letter.clone(), Ruled { number, document, gist, ..asked.clone() }))
}

/// Whether every paper has a name and a digest.
fn proved(papers: &[Evidence]) -> Result<(), Refusal> {
    rule::REMEDY_PAPER_MISSING.demand(papers.iter().all(Evidence::is_sound))
}

/// Takes what came of a remedy; gives the letter that it is about.
pub(crate) fn take_ruling(told: &mut [Told], ruled: &Ruled, by: &str) -> Result<String, Refusal> {
    for one in told {
        if let Some(contested) = one.filed.iter_mut().find(|contested| contested.filed.number == ruled.number) {
            rule::REMEDY_DECIDED.demand(contested.ruled.is_none())?;
            (contested.ruled, contested.ruled_by) = (Some(ruled.clone()), by.to_owned());
            return Ok(one.letter.clone());
        }
    }
    Err(rule::REMEDY_UNKNOWN.because(&ruled.number))
}
