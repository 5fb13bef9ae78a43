//! Claims of commercial secrecy (商业秘密主张) as they are stored. A row becomes a state by one exhaustive match; an impossible
//! row is named. What states follow one another is `domain::record::claim`.

use crate::change::Change;
use crate::connection::{Connection, Row};
use crate::scope::View;
use crate::{Result, StoreError, values};
use credence_domain::calendar::Due;
use credence_domain::record::Identity;
use credence_domain::record::claim::{Claim, Opinion, Outcome};
use credence_domain::record::value::{date_of, day_number};
use jiff::civil::Date;

/// A claim with what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// Its number.
    pub number: String,
    /// The organisation on whose file the record is.
    pub uscc: String,
    /// The record.
    pub identity: Identity,
    /// The fields that are claimed to tell a secret.
    pub fields: Vec<String>,
    /// Who claims.
    pub claimant: String,
    /// Why.
    pub reason: String,
    /// When it was filed.
    pub filed_on: Date,
    /// How it stands.
    pub claim: Claim,
    /// Who was asked for an opinion; empty before.
    pub third_party: String,
    /// What it said, once it has.
    pub opinion: Option<Opinion>,
    /// Why it was decided so; empty before.
    pub decided_reason: String,
}

/// Columns that a state fills.
#[derive(Default)]
struct Columns<'c> {
    third_party: &'c str,
    sought_on: Option<i32>,
    due_on: Option<i32>,
    provisional: bool,
    opinion: &'c str,
    given_on: Option<i32>,
    decided_on: Option<i32>,
}

impl<'c> Columns<'c> {
    fn of(claim: &'c Claim) -> Self {
        match claim {
            Claim::Filed { .. } => Self::default(),
            Claim::OpinionSought { third_party, on, due } => Self {
                third_party,
                sought_on: Some(day_number(*on)),
                due_on: Some(day_number(due.on)),
                provisional: due.provisional,
                ..Self::default()
            },
            Claim::OpinionGiven { third_party, opinion, on } => {
                Self { third_party, opinion: opinion.code(), given_on: Some(day_number(*on)), ..Self::default() }
            }
            Claim::Decided { on, .. } => Self { decided_on: Some(day_number(*on)), ..Self::default() },
        }
    }
}

fn read(row: &Row<'_>) -> Result<Filed> {
    let number = row.string(0)?;
    let impossible = |what: &str| StoreError::Inconsistent(format!("claim {number} {what}"));
    let day = |at: usize| -> Result<Option<Date>> { Ok(row.opt_small(at)?.and_then(date_of)) };
    let filed_on = day(6)?.ok_or_else(|| impossible("was filed on no day"))?;
    let third_party = row.string(8)?;
    let (asked, said) = (third_party.clone(), Opinion::from_code(row.text(12)?));
    let claim = match (row.text(7)?, day(9)?, day(10)?, Opinion::from_code(row.text(12)?), day(13)?, day(14)?) {
        ("filed", None, None, None, None, None) => Claim::Filed { on: filed_on },
        ("opinion_sought", Some(on), Some(due), None, None, None) => {
            Claim::OpinionSought { third_party, on, due: Due { on: due, provisional: row.int(11)? != 0 } }
        }
        ("opinion_given", _, _, Some(opinion), Some(on), None) => Claim::OpinionGiven { third_party, opinion, on },
        ("upheld", .., Some(on)) => Claim::Decided { outcome: Outcome::Upheld, on },
        ("rejected", .., Some(on)) => Claim::Decided { outcome: Outcome::Rejected, on },
        (state, ..) => return Err(impossible(&format!("stands in state {state:?} with other days"))),
    };
    let fields: Vec<String> =
        serde_json::from_str(row.text(3)?).map_err(|_| impossible("names its fields in no list"))?;
    Ok(Filed {
        uscc: row.string(1)?,
        identity: Identity(row.array(2)?),
        fields,
        claimant: row.string(4)?,
        reason: row.string(5)?,
        filed_on,
        claim,
        third_party: asked,
        opinion: said,
        decided_reason: row.string(15)?,
        number,
    })
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select number, uscc, identity, fields, claimant, reason, filed_on, state, third_party, sought_on, due_on, ",
            "provisional, opinion, given_on, decided_on, decided_reason from secrecy_claim ",
            $rest
        )
    };
}

/// The place of a claim in the list: those that wait first, then by day and number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// It is decided.
    pub decided: bool,
    /// When it was filed.
    pub filed_on: Date,
    /// Its number.
    pub number: String,
}

impl Filed {
    /// Its place in the list.
    #[must_use]
    pub fn place(&self) -> Place {
        let decided = matches!(self.claim, Claim::Decided { .. });
        Place { decided, filed_on: self.filed_on, number: self.number.clone() }
    }
}

/// At most so many claims behind a place, those that wait first, then by day and number. For the office; of one claimant where it is
/// given.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for an impossible row.
pub fn list(connection: &mut Connection, claimant: &str, after: Option<&Place>, limit: u32) -> Result<Vec<Filed>> {
    let (turn, on, number) = match after {
        Some(place) => (i32::from(place.decided), day_number(place.filed_on), place.number.as_str()),
        None => (-1, i32::MIN, ""),
    };
    connection.rows(
        select!(
            "where ($1 = '' or claimant = $1)
             and (case when decided_on is null then 0 else 1 end, filed_on, number) > ($2, $3, $4)
             order by case when decided_on is null then 0 else 1 end, filed_on, number limit $5"
        ),
        values![claimant, turn, on, number, i64::from(limit)],
        read,
    )
}

/// Every claim of an organisation: for whoever files another.
///
/// # Errors
/// As [`list`].
pub fn of_claimant(connection: &mut Connection, claimant: &str) -> Result<Vec<Filed>> {
    connection.rows(select!("where claimant = $1 order by filed_on, number"), values![claimant], read)
}

/// The claims that are not decided, the oldest first, at most so many. For the office.
///
/// # Errors
/// As [`list`].
pub fn open(connection: &mut Connection, _office: &View, limit: u32) -> Result<Vec<Filed>> {
    connection.rows(
        select!("where decided_on is null order by filed_on, number limit $1"),
        values![i64::from(limit)],
        read,
    )
}

/// A claim by its number. For the office.
///
/// # Errors
/// As [`list`].
pub fn find(connection: &mut Connection, _office: &View, number: &str) -> Result<Option<Filed>> {
    connection.first(select!("where number = $1"), values![number], read)
}

/// Keeps a new claim, inside the act that files it.
///
/// # Errors
/// Whatever the database says.
pub fn insert(change: &mut Change<'_>, filed: &Filed) -> Result<()> {
    let fields = serde_json::to_string(&filed.fields).unwrap_or_default();
    change.connection.execute(
        "insert into secrecy_claim(number, uscc, identity, fields, claimant, reason, filed_on, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            filed.number.as_str(),
            filed.uscc.as_str(),
            &filed.identity.0,
            fields.as_str(),
            filed.claimant.as_str(),
            filed.reason.as_str(),
            day_number(filed.filed_on),
            filed.claim.code()
        ],
    )?;
    Ok(())
}

/// Puts a claim into its next state, inside the act that does so. What earlier states said stays beside it.
///
/// # Errors
/// [`StoreError::Conflict`] where somebody else has moved it meanwhile.
pub fn put(change: &mut Change<'_>, before: &Filed, next: &Claim, decided_reason: &str) -> Result<()> {
    let to = Columns::of(next);
    let moved = change.connection.execute(
        "update secrecy_claim set state = $4,
           third_party = case when $5 = '' then third_party else $5 end,
           sought_on = coalesce($6, sought_on), due_on = coalesce($7, due_on),
           provisional = case when $7 is null then provisional else $8 end,
           opinion = case when $9 = '' then opinion else $9 end, given_on = coalesce($10, given_on),
           decided_on = $11, decided_reason = $12
         where uscc = $1 and number = $2 and state = $3",
        values![
            before.uscc.as_str(),
            before.number.as_str(),
            before.claim.code(),
            next.code(),
            to.third_party,
            to.sought_on,
            to.due_on,
            to.provisional,
            to.opinion,
            to.given_on,
            to.decided_on,
            decided_reason
        ],
    )?;
    if moved == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("claim {} has moved", before.number))) }
}
