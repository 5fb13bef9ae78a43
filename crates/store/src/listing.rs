//! Cases of listings (列入名单) as they are kept: their steps, each a numbered and committed change of the organisation's file; the
//! documents they rest on; their letters, numbered per unit and year. Which step may follow which is `domain::listing`.

use crate::change::Change;
use crate::connection::{Connection, Row};
use crate::incoming::Incoming;
use crate::revision::RecordKey;
use crate::scope::{Scope, View};
use crate::step::{Committed, Steps, steps};
use crate::{Result, StoreError, values};
use credence_domain::canonical;
use credence_domain::listing::{Base, Case, State, Step};
use credence_domain::record::Identity;
use credence_domain::record::value::{date_of, day_number};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// A case without its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The organisation.
    pub uscc: String,
    /// Its number.
    pub number: String,
    /// Code of the list.
    pub list: String,
    /// The unit that acts.
    pub unit: String,
    /// Code of its state.
    pub state: String,
    /// The record that publishes the entry; none before.
    pub identity: Option<Identity>,
    /// How many steps it has.
    pub steps: i64,
    /// Whether the decision is stayed.
    pub stayed: bool,
    /// Day of the proposal.
    pub opened_on: Date,
    /// Day of the last step.
    pub moved_on: Date,
}

impl Head {
    /// Whether the organisation was listed and nobody has ended that; the term may have.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        self.state == "listed"
    }
}

/// The steps of cases.
const STEPS: Steps = steps!("listing", "listing_step");

impl Head {
    /// Its place in [`list`].
    #[must_use]
    pub fn place(&self) -> crate::page::Place {
        crate::page::Place { on: self.opened_on, number: self.number.clone() }
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select uscc, number, list, unit, state, identity, steps, stayed, opened_on, moved_on from listing_case ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Head> {
    let number = row.string(1)?;
    let impossible = |what: &str| StoreError::Inconsistent(format!("listing {number} {what}"));
    let state = row.string(4)?;
    if !State::CODES.contains(&state.as_str()) {
        return Err(impossible("stands in no state"));
    }
    let day = |at: usize| Ok::<_, StoreError>(row.opt_small(at)?.and_then(date_of));
    Ok(Head {
        uscc: row.string(0)?,
        list: row.string(2)?,
        unit: row.string(3)?,
        stayed: row.int(7)? != 0 && state == "listed",
        state,
        identity: row.opt_array(5)?.map(Identity),
        steps: row.int(6)?,
        opened_on: day(8)?.ok_or_else(|| impossible("was opened on no day"))?,
        moved_on: day(9)?.ok_or_else(|| impossible("has moved on no day"))?,
        number,
    })
}

/// Whether a view may see a case: the office and its auditors, the unit that acts, the organisation itself.
#[must_use]
pub fn sees(view: &View, head: &Head) -> bool {
    match &view.scope {
        Scope::Office => true,
        Scope::Unit { uscc, .. } => *uscc == head.unit,
        Scope::Organisation { usccs } => usccs.contains(&head.uscc),
        Scope::Public | Scope::Partner { .. } => false,
    }
}

/// A page of the cases that a view may see, newest first.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for an impossible row.
pub fn list(connection: &mut Connection, view: &View, asked: &crate::page::Asked<'_>) -> Result<Vec<Head>> {
    const LIST: crate::page::Statements = crate::page::Statements {
        office: concat!(select!(""), "where $1 = ''", behind!("opened_on", "")),
        unit: concat!(select!(""), "where unit = $1", behind!("opened_on", "")),
        organisation: concat!(select!(""), "where uscc = $1", behind!("opened_on", "")),
    };
    crate::page::rows(connection, view, (&LIST, false), asked, read, |head| (head.opened_on, &head.number))
}

/// The cases of a unit that may ask for something, at most so many of each sort: those without a decision, the longest waiting
/// first, then those with one, the last moved first.
///
/// # Errors
/// As [`list`].
pub fn waiting(connection: &mut Connection, unit: &str, limit: u32) -> Result<Vec<Head>> {
    let mut found = connection.rows(
        select!("where unit = $1 and state in ('proposed', 'notified') order by moved_on, number limit $2"),
        values![unit, i64::from(limit)],
        read,
    )?;
    found.extend(connection.rows(
        select!(
            "where unit = $1 and state in ('listed', 'not_listed', 'delisted') order by moved_on desc, number limit $2"
        ),
        values![unit, i64::from(limit)],
        read,
    )?);
    Ok(found)
}

/// The documents on which a case rests, in order; whoever asks.
///
/// # Errors
/// Whatever the database says.
pub fn bases(connection: &mut Connection, head: &Head) -> Result<Vec<Identity>> {
    connection.rows(
        "select identity from listing_base where uscc = $1 and number = $2 order by identity",
        values![head.uscc.as_str(), head.number.as_str()],
        |row| Ok(Identity(row.array(0)?)),
    )
}

/// The cases about an organisation, the last moved first; whoever asks.
///
/// # Errors
/// As [`list`].
pub fn of_organisation(connection: &mut Connection, uscc: &str) -> Result<Vec<Head>> {
    connection.rows(select!("where uscc = $1 order by moved_on desc, number"), values![uscc], read)
}

/// A case by its number, if the view may see it.
///
/// # Errors
/// As [`list`].
pub fn find(connection: &mut Connection, view: &View, number: &str) -> Result<Option<Head>> {
    let found = connection.first(select!("where number = $1"), values![number], read)?;
    Ok(found.filter(|head| sees(view, head)))
}

/// The cases that rest on a record and have not ended, in order of numbers; whatever unit acts.
///
/// # Errors
/// As [`list`].
pub fn resting_on(connection: &mut Connection, uscc: &str, identity: &Identity) -> Result<Vec<Head>> {
    connection.rows(
        select!(
            "where uscc = $1 and state in ('proposed', 'notified', 'listed') and number in
             (select number from listing_base where uscc = $1 and identity = $2) order by number"
        ),
        values![uscc, &identity.0],
        read,
    )
}

/// Every case that rests on a record or ever did, in order of numbers; whatever unit acts.
///
/// # Errors
/// As [`list`].
pub fn ever_on(connection: &mut Connection, uscc: &str, identity: &Identity) -> Result<Vec<Head>> {
    connection.rows(
        select!(
            "where uscc = $1 and number in
             (select number from listing_base where uscc = $1 and identity = $2) order by number"
        ),
        values![uscc, &identity.0],
        read,
    )
}

/// The case whose entry a record publishes, if it does; whoever asks.
///
/// # Errors
/// As [`list`].
pub fn published_by(connection: &mut Connection, uscc: &str, identity: &Identity) -> Result<Option<Head>> {
    connection.first(select!("where uscc = $1 and identity = $2"), values![uscc, &identity.0], read)
}

/// For each row whether its record publishes the entry of a case; nothing at all where no organisation among them has such a
/// record, which is nearly always. The rows are sorted by code.
///
/// # Errors
/// Whatever the database says.
pub(crate) fn met(connection: &mut Connection, rows: &[&Incoming]) -> Result<Option<Vec<bool>>> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(None) };
    let found: BTreeSet<RecordKey> = connection
        .rows(
            "select uscc, identity from listing_case where identity is not null and uscc >= $1 and uscc <= $2",
            values![first.uscc.as_str(), last.uscc.as_str()],
            |row| Ok((row.string(0)?, Identity(row.array(1)?))),
        )?
        .into_iter()
        .collect();
    if found.is_empty() {
        return Ok(None);
    }
    let met: Vec<bool> = rows.iter().map(|row| found.contains(&(row.uscc.to_string(), row.identity))).collect();
    Ok(met.contains(&true).then_some(met))
}

/// The records that publish entries: they follow their cases, whatever batch the act belongs to that ended them.
///
/// # Errors
/// Whatever the database says.
pub fn published(connection: &mut Connection) -> Result<BTreeSet<RecordKey>> {
    let found = connection.rows("select uscc, identity from listing_case where identity is not null", &[], |row| {
        Ok((row.string(0)?, Identity(row.array(1)?)))
    })?;
    Ok(found.into_iter().collect())
}

/// The steps of a case, in order.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for a step that cannot be read.
pub fn steps(connection: &mut Connection, head: &Head) -> Result<Vec<Step>> {
    STEPS.of(connection, (&head.uscc, &head.number))
}

/// The cases in which the organisation may answer, at most `limit` behind a place (code and number), in order; whoever asks.
///
/// # Errors
/// As [`list`].
pub fn answerable_after(connection: &mut Connection, (uscc, number): (&str, &str), limit: usize) -> Result<Vec<Head>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection.rows(
        select!("where state = 'notified' and (uscc, number) > ($1, $2) order by uscc, number limit $3"),
        values![uscc, number, limit],
        read,
    )
}

/// Every case: for whoever verifies.
///
/// # Errors
/// As [`list`].
pub fn all(connection: &mut Connection) -> Result<Vec<Head>> {
    connection.rows(select!("order by uscc, number"), &[], read)
}

/// Every step with what commits to it, in order of (code, case, step): for whoever verifies.
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

/// Locks an organisation's file and gives the case as it stands now, whoever asks.
///
/// # Errors
/// As [`list`].
pub fn lock(change: &mut Change<'_>, uscc: &str, number: &str) -> Result<Option<Head>> {
    change.connection.execute("update subject set due = 1 where uscc = $1", values![uscc])?;
    change.connection.first(select!("where uscc = $1 and number = $2"), values![uscc, number], read)
}

/// Opens a case with its first step, inside the act that proposes it.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] where the organisation has no file.
pub fn open(change: &mut Change<'_>, number: &str, step: &Step, case: &Case) -> Result<()> {
    let day = day_number(step.on);
    change.connection.execute("update subject set due = 1 where uscc = $1", values![case.uscc.as_str()])?;
    change.connection.execute(
        "insert into listing_case(uscc, number, list, unit, state, steps, opened_on, moved_on)
         values ($1, $2, $3, $4, $5, 0, $6, $6)",
        values![case.uscc.as_str(), number, case.list.as_str(), case.unit.as_str(), case.state.code(), day],
    )?;
    for base in &case.bases {
        let identity = identity_of(base)?;
        change.connection.execute(
            "insert into listing_base(uscc, identity, number) values ($1, $2, $3)",
            values![case.uscc.as_str(), &identity.0, number],
        )?;
    }
    append(change, (number, 0), step, case, None)
}

/// The identity that a base document bears.
///
/// # Errors
/// [`StoreError::Inconsistent`] where it bears none.
pub fn identity_of(base: &Base) -> Result<Identity> {
    let bytes = canonical::unhex(&base.record).and_then(|bytes| bytes.try_into().ok());
    let none = || StoreError::Inconsistent(format!("base document {} has no identity", base.record));
    bytes.map(Identity).ok_or_else(none)
}

/// Adds a step to a case that stood at `standing` steps, and puts the case where the step leads. `record` is the record that
/// publishes the entry, where this step made it.
///
/// # Errors
/// [`StoreError::Conflict`] where somebody else has moved the case meanwhile.
pub fn append(
    change: &mut Change<'_>,
    (number, standing): (&str, i64),
    step: &Step,
    case: &Case,
    record: Option<&Identity>,
) -> Result<()> {
    let uscc = case.uscc.as_str();
    // What has ended is stayed no longer, whatever was pending then.
    let stayed = matches!(&case.state, State::Listed(listed) if listed.is_stayed());
    let moved = change.connection.execute(
        "update listing_case set state = $4, steps = steps + 1, stayed = $5, moved_on = $6, identity = coalesce($7, identity)
         where uscc = $1 and number = $2 and steps = $3",
        values![
            uscc,
            number,
            standing,
            case.state.code(),
            stayed,
            day_number(step.on),
            record.map(|identity| &identity.0)
        ],
    )?;
    if moved != 1 {
        return Err(StoreError::Conflict(format!("listing {number} has moved")));
    }
    let base = case.bases.first().map(identity_of).transpose()?;
    STEPS.keep(change, (uscc, number, standing + 1), step, base)
}
