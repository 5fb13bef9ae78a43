//! Responsible persons (责任人员) as they are kept: terms of office, cases of persons and duties to inform, each with its steps as
//! numbered and committed changes of the organisation's file; the persons themselves lie apart ([`person`]). Which step may
//! follow which is `domain::officer`.

pub mod person;

use crate::change::Change;
use crate::connection::{Connection, Row};
use crate::scope::{Scope, View};
use crate::step::{Committed, Steps, steps};
use crate::{Result, StoreError, values};
use credence_domain::officer::{Case, Duty, Standing, State, Term};
use credence_domain::record::value::{date_of, day_number};
use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A term of office.
    Term,
    /// A person held to account for a listing.
    Case,
    /// The duty to inform those above.
    Duty,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Term, Self::Case, Self::Duty];

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Term => "term",
            Self::Case => "case",
            Self::Duty => "duty",
        }
    }

    /// The kind of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Codes of the states in which such a file may stand.
    #[must_use]
    pub const fn states(self) -> &'static [&'static str] {
        match self {
            Self::Term => &Term::CODES,
            Self::Case => &State::CODES,
            Self::Duty => &Standing::CODES,
        }
    }
}

/// A file without its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The organisation.
    pub uscc: String,
    /// Its number.
    pub number: String,
    /// What it is.
    pub kind: Kind,
    /// The unit that acts.
    pub unit: String,
    /// Number of the listing; empty for a term of office.
    pub listing: String,
    /// Number of the term of office; empty for anything but a case.
    pub term: String,
    /// Code of where it stands by its steps.
    pub state: String,
    /// How many steps it has.
    pub steps: i64,
    /// Last day; none while there is none.
    pub through_on: Option<Date>,
    /// Day of the first step.
    pub opened_on: Date,
    /// Day of the last step.
    pub moved_on: Date,
}

/// What a file is and where it stands, as a step has made it.
#[derive(Clone, Copy, Debug)]
pub struct Stand<'s> {
    /// What it is.
    pub kind: Kind,
    /// The organisation.
    pub uscc: &'s str,
    /// The unit that acts.
    pub unit: &'s str,
    /// Number of the listing.
    pub listing: &'s str,
    /// Number of the term of office.
    pub term: &'s str,
    /// Code of the state.
    pub state: &'static str,
    /// Last day.
    pub through_on: Option<Date>,
    /// Day of the last step.
    pub on: Date,
}

impl<'s> From<&'s Term> for Stand<'s> {
    fn from(term: &'s Term) -> Self {
        Self {
            kind: Kind::Term,
            uscc: &term.uscc,
            unit: &term.unit,
            listing: "",
            term: "",
            state: term.code(),
            through_on: term.through_on,
            on: term.last_on,
        }
    }
}

impl<'s> From<&'s Case> for Stand<'s> {
    fn from(case: &'s Case) -> Self {
        Self {
            kind: Kind::Case,
            uscc: &case.proposed.uscc,
            unit: &case.proposed.unit,
            listing: &case.proposed.listing,
            term: &case.proposed.term,
            state: case.state.code(),
            through_on: case.decided().map(|decided| decided.through_on),
            on: case.last_on,
        }
    }
}

impl<'s> From<&'s Duty> for Stand<'s> {
    fn from(duty: &'s Duty) -> Self {
        Self {
            kind: Kind::Duty,
            uscc: &duty.uscc,
            unit: &duty.unit,
            listing: &duty.listing,
            term: "",
            state: duty.standing().code(),
            through_on: None,
            on: duty.last_on,
        }
    }
}

/// The steps of files.
const STEPS: Steps = steps!("officer", "officer_step");

impl Head {
    /// Its place in [`list`].
    #[must_use]
    pub fn place(&self) -> crate::page::Place {
        crate::page::Place { on: self.moved_on, number: self.number.clone() }
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select uscc, number, kind, unit, listing, term, state, steps, through_on, opened_on, moved_on from officer ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Head> {
    let number = row.string(1)?;
    let impossible = |what: &str| StoreError::Inconsistent(format!("file {number} of a responsible person {what}"));
    let kind = Kind::from_code(row.text(2)?).ok_or_else(|| impossible("is of no kind"))?;
    let state = row.string(6)?;
    if !kind.states().contains(&state.as_str()) {
        return Err(impossible("stands in no state"));
    }
    let day = |at: usize| Ok::<_, StoreError>(row.opt_small(at)?.and_then(date_of));
    Ok(Head {
        uscc: row.string(0)?,
        kind,
        unit: row.string(3)?,
        listing: row.string(4)?,
        term: row.string(5)?,
        state,
        steps: row.int(7)?,
        through_on: day(8)?,
        opened_on: day(9)?.ok_or_else(|| impossible("was opened on no day"))?,
        moved_on: day(10)?.ok_or_else(|| impossible("has moved on no day"))?,
        number,
    })
}

/// Whether a view may see a file: the office and its auditors, the unit that acts, the organisation itself; nobody in public.
#[must_use]
pub fn sees(view: &View, head: &Head) -> bool {
    match &view.scope {
        Scope::Office => true,
        Scope::Unit { uscc, .. } => *uscc == head.unit,
        Scope::Organisation { usccs } => usccs.contains(&head.uscc),
        Scope::Public | Scope::Partner { .. } => false,
    }
}

/// A page of the files that a view may see, newest first.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for an impossible row.
pub fn list(connection: &mut Connection, view: &View, asked: &crate::page::Asked<'_>) -> Result<Vec<Head>> {
    const LIST: crate::page::Statements = crate::page::Statements {
        office: concat!(select!(""), "where $1 = ''", behind!("moved_on", " and ($6 = '' or kind = $6)")),
        unit: concat!(select!(""), "where unit = $1", behind!("moved_on", " and ($6 = '' or kind = $6)")),
        organisation: concat!(select!(""), "where uscc = $1", behind!("moved_on", " and ($6 = '' or kind = $6)")),
    };
    crate::page::rows(connection, view, (&LIST, true), asked, read, |head| (head.moved_on, &head.number))
}

/// Cases and duties of a unit that may ask for something, at most so many of each sort: those without a decision and open duties,
/// the longest waiting first, then those with one, the last moved first.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for an impossible row.
pub fn waiting(connection: &mut Connection, unit: &str, limit: u32) -> Result<Vec<Head>> {
    let mut found = connection.rows(
        select!(
            "where unit = $1 and kind <> 'term' and state in ('proposed', 'notified', 'open')
             order by moved_on, number limit $2"
        ),
        values![unit, i64::from(limit)],
        read,
    )?;
    found.extend(connection.rows(
        select!(
            "where unit = $1 and kind = 'case' and state in ('decided', 'suspended', 'dismissed', 'ended')
             order by moved_on desc, number limit $2"
        ),
        values![unit, i64::from(limit)],
        read,
    )?);
    Ok(found)
}

/// A file by its number, if the view may see it.
///
/// # Errors
/// As [`list`].
pub fn find(connection: &mut Connection, view: &View, number: &str) -> Result<Option<Head>> {
    let found = connection.first(select!("where number = $1"), values![number], read)?;
    Ok(found.filter(|head| sees(view, head)))
}

/// The files that rest on a listing, in order of numbers; whoever asks.
///
/// # Errors
/// As [`list`].
pub fn resting_on(connection: &mut Connection, uscc: &str, listing: &str) -> Result<Vec<Head>> {
    connection.rows(select!("where uscc = $1 and listing = $2 order by number"), values![uscc, listing], read)
}

/// The cases that name a term of office, in order of numbers; whoever asks.
///
/// # Errors
/// As [`list`].
pub fn of_term(connection: &mut Connection, uscc: &str, term: &str) -> Result<Vec<Head>> {
    connection.rows(select!("where uscc = $1 and term = $2 order by number"), values![uscc, term], read)
}

/// The duties to inform that are owed, at most `limit` behind a place (code and number), in order; whoever asks.
///
/// # Errors
/// As [`list`].
pub fn owed_after(connection: &mut Connection, (uscc, number): (&str, &str), limit: usize) -> Result<Vec<Head>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection.rows(
        select!("where kind = 'duty' and state = 'open' and (uscc, number) > ($1, $2) order by uscc, number limit $3"),
        values![uscc, number, limit],
        read,
    )
}

/// Every file: for whoever verifies.
///
/// # Errors
/// As [`list`].
pub fn all(connection: &mut Connection) -> Result<Vec<Head>> {
    connection.rows(select!("order by uscc, number"), &[], read)
}

/// The steps of a file, in order.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for a step that cannot be read.
pub fn steps<T: DeserializeOwned>(connection: &mut Connection, head: &Head) -> Result<Vec<T>> {
    STEPS.of(connection, (&head.uscc, &head.number))
}

/// Every step with what commits to it, in order of (code, file, step): for whoever verifies.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_step(connection: &mut Connection, look: impl FnMut(Committed) -> Result<()>) -> Result<()> {
    STEPS.each(connection, look)
}

/// The digests of both halves of a step: nothing of it is public.
#[must_use]
pub fn halves(number: &str, step: i64, body: &str) -> ([u8; 32], [u8; 32]) {
    STEPS.halves(number, step, body)
}

/// Locks an organisation's file and gives a file as it stands now, whoever asks.
///
/// # Errors
/// As [`list`].
pub fn lock(change: &mut Change<'_>, uscc: &str, number: &str) -> Result<Option<Head>> {
    change.connection.execute("update subject set due = 1 where uscc = $1", values![uscc])?;
    change.connection.first(select!("where uscc = $1 and number = $2"), values![uscc, number], read)
}

/// Opens a file with its first step, inside the act that makes it.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] where the organisation has no file.
pub fn open(change: &mut Change<'_>, number: &str, step: &impl Serialize, stand: &Stand<'_>) -> Result<()> {
    let day = day_number(stand.on);
    change.connection.execute("update subject set due = 1 where uscc = $1", values![stand.uscc])?;
    change.connection.execute(
        "insert into officer(uscc, number, kind, unit, listing, term, state, steps, through_on, opened_on, moved_on)
         values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $9)",
        values![
            stand.uscc,
            number,
            stand.kind.code(),
            stand.unit,
            stand.listing,
            stand.term,
            stand.state,
            stand.through_on.map(day_number),
            day
        ],
    )?;
    append(change, (number, 0), step, stand)
}

/// Adds a step to a file that stood at `standing` steps, and puts the file where the step leads.
///
/// # Errors
/// [`StoreError::Conflict`] where somebody else has moved the file meanwhile.
pub fn append(
    change: &mut Change<'_>,
    (number, standing): (&str, i64),
    step: &impl Serialize,
    stand: &Stand<'_>,
) -> Result<()> {
    let moved = change.connection.execute(
        "update officer set state = $4, steps = steps + 1, through_on = $5, moved_on = $6
         where uscc = $1 and number = $2 and steps = $3",
        values![stand.uscc, number, standing, stand.state, stand.through_on.map(day_number), day_number(stand.on)],
    )?;
    if moved != 1 {
        return Err(StoreError::Conflict(format!("file {number} of a responsible person has moved")));
    }
    STEPS.keep(change, (stand.uscc, number, standing + 1), step, None)
}
