//! Objections, complaints and replies (异议、投诉、主体申辩) as they are kept: their steps, each a numbered and committed change of the
//! organisation's file, and the mark beside the record. Which step may follow which is `domain::objection`.

use crate::change::Change;
use crate::connection::{Connection, Row};
use crate::mark::{self, Mark, Marking};
use crate::scope::{Scope, View};
use crate::step::{Committed, Steps, steps};
use crate::{Result, StoreError, values};
use credence_domain::canonical;
use credence_domain::objection::{Case, Matter, Standing, Step};
use credence_domain::record::Identity;
use credence_domain::record::value::{date_of, day_number};
use jiff::civil::Date;

/// What stands beside a record while an objection is open.
pub const MARKED: &str = "异议处理中";

/// A case without its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The organisation.
    pub uscc: String,
    /// Its number.
    pub number: String,
    /// What it is.
    pub matter: Matter,
    /// Identity of the record.
    pub identity: Identity,
    /// The unit whose record it is.
    pub owner: String,
    /// The unit that handles it.
    pub handler: String,
    /// The unit that decides the appeal; empty where none was named.
    pub referred: String,
    /// Code of where it stands by its steps; the last day to appeal ends it besides.
    pub state: String,
    /// How many steps it has.
    pub steps: i64,
    /// The last day to appeal, where it stands decided.
    pub through_on: Option<Date>,
    /// Day of the filing.
    pub filed_on: Date,
    /// Day of the last step.
    pub moved_on: Date,
    /// Whether the letter of its last decision is still to be served; none for what was decided before services were recorded.
    pub unserved: Option<bool>,
}

/// The steps of cases.
const STEPS: Steps = steps!("objection", "objection_step");

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
            "select uscc, number, matter, identity, owner, handler, referred, state, steps, through_on, filed_on, moved_on, unserved
             from objection_case ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Head> {
    let number = row.string(1)?;
    let impossible = |what: &str| StoreError::Inconsistent(format!("objection {number} {what}"));
    let state = row.string(7)?;
    if !Standing::CODES.contains(&state.as_str()) {
        return Err(impossible("stands in no state"));
    }
    let day = |at| -> Result<Date> { row.opt_small(at)?.and_then(date_of).ok_or_else(|| impossible("has no day")) };
    Ok(Head {
        uscc: row.string(0)?,
        matter: Matter::from_code(row.text(2)?).ok_or_else(|| impossible("is of no matter"))?,
        identity: Identity(row.array(3)?),
        owner: row.string(4)?,
        handler: row.string(5)?,
        referred: row.string(6)?,
        state,
        steps: row.int(8)?,
        through_on: row.opt_small(9)?.and_then(date_of),
        filed_on: day(10)?,
        moved_on: day(11)?,
        unserved: row.opt_int(12)?.map(|flag| flag != 0),
        number,
    })
}

/// What a view sees: the office all; a unit what it owns, handles or decides on appeal; an organisation its own; nobody else
/// anything.
fn sees(view: &View, head: &Head) -> bool {
    match &view.scope {
        Scope::Office => true,
        Scope::Unit { uscc, .. } => [&head.owner, &head.handler, &head.referred].contains(&uscc),
        Scope::Organisation { usccs } => usccs.contains(&head.uscc),
        Scope::Public | Scope::Partner { .. } => false,
    }
}

/// A page of the cases that a view sees, newest first.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for a row that cannot be.
pub fn list(connection: &mut Connection, view: &View, asked: &crate::page::Asked<'_>) -> Result<Vec<Head>> {
    const LIST: crate::page::Statements = crate::page::Statements {
        office: concat!(select!(""), "where $1 = ''", behind!("moved_on", " and ($6 = '' or matter = $6)")),
        unit: concat!(
            select!(""),
            "where (owner = $1 or handler = $1 or referred = $1)",
            behind!("moved_on", " and ($6 = '' or matter = $6)")
        ),
        organisation: concat!(select!(""), "where uscc = $1", behind!("moved_on", " and ($6 = '' or matter = $6)")),
    };
    crate::page::rows(connection, view, (&LIST, true), asked, read, |head| (head.moved_on, &head.number))
}

/// The open cases that a unit owns, handles or decides on appeal, and those whose answer it may have to serve, the longest waiting first, at
/// most so many.
///
/// # Errors
/// As [`list`].
pub fn waiting(connection: &mut Connection, unit: &str, limit: u32) -> Result<Vec<Head>> {
    connection.rows(
        select!(
            "where (owner = $1 and state = 'pushed') or (handler = $1 and state in ('filed', 'checked', 'appealed'))
             or (referred = $1 and state = 'appealed') or (unserved = 1 and $1 in (handler, referred)) order by moved_on, number limit $2"
        ),
        values![unit, i64::from(limit)],
        read,
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

/// The cases about a record, in order of numbers; whoever asks.
///
/// # Errors
/// As [`list`].
pub fn about(connection: &mut Connection, uscc: &str, identity: &Identity) -> Result<Vec<Head>> {
    connection.rows(select!("where uscc = $1 and identity = $2 order by number"), values![uscc, &identity.0], read)
}

/// The cases in which something is due, or may still be appealed on a day, at most `limit` behind a place (code and number), in order; whoever asks.
///
/// # Errors
/// As [`list`].
pub fn open_after(
    connection: &mut Connection,
    (uscc, number): (&str, &str),
    since: Date,
    limit: usize,
) -> Result<Vec<Head>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection.rows(
        select!(
            "where state in ('filed', 'pushed', 'checked', 'appealed', 'decided') and (state <> 'decided' or through_on >= $3)
             and (uscc, number) > ($1, $2) order by uscc, number limit $4"
        ),
        values![uscc, number, day_number(since), limit],
        read,
    )
}

/// Every case: for whoever verifies or counts.
///
/// # Errors
/// As [`list`].
pub fn all(connection: &mut Connection) -> Result<Vec<Head>> {
    connection.rows(select!("order by uscc, number"), &[], read)
}

/// The steps of a case, in order.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for a step that cannot be read.
pub fn steps(connection: &mut Connection, head: &Head) -> Result<Vec<Step>> {
    STEPS.of(connection, (&head.uscc, &head.number))
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

/// The identity of the record that a case is about.
///
/// # Errors
/// [`StoreError::Inconsistent`] where it names none.
pub fn identity_of(case: &Case) -> Result<Identity> {
    let bytes = canonical::unhex(&case.filed.record).and_then(|bytes| bytes.try_into().ok());
    let none = || StoreError::Inconsistent(format!("a case of {} is about no record", case.filed.uscc));
    bytes.map(Identity).ok_or_else(none)
}

/// Opens a case with its first step, inside the act that files it; an objection's mark stands from here on.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] where the organisation has no file.
pub fn open(change: &mut Change<'_>, number: &str, step: &Step, case: &Case) -> Result<()> {
    let (filed, day, identity) = (&case.filed, day_number(step.on), identity_of(case)?);
    change.connection.execute("update subject set due = 1 where uscc = $1", values![filed.uscc.as_str()])?;
    change.connection.execute(
        "insert into objection_case(uscc, number, matter, identity, owner, handler, state, steps, filed_on, moved_on)
         values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $8)",
        values![
            filed.uscc.as_str(),
            number,
            filed.matter.code(),
            &identity.0,
            filed.owner.as_str(),
            filed.handler.as_str(),
            case.standing.code(),
            day
        ],
    )?;
    append(change, (number, 0), step, case)
}

/// Adds a step to a case that stood at `standing` steps, puts the case where the step leads, and its mark with it.
///
/// # Errors
/// [`StoreError::Conflict`] where somebody else has moved the case meanwhile.
pub fn append(change: &mut Change<'_>, (number, standing): (&str, i64), step: &Step, case: &Case) -> Result<()> {
    let (uscc, through) = (case.filed.uscc.as_str(), case.mark_through());
    let referred = case.appeal.as_ref().and_then(|appeal| appeal.referred.as_ref()).map_or("", |(unit, _)| unit);
    let moved = change.connection.execute(
        "update objection_case set state = $4, steps = steps + 1, referred = $5, through_on = $6, moved_on = $7,
             unserved = $8
         where uscc = $1 and number = $2 and steps = $3",
        values![
            uscc,
            number,
            standing,
            case.standing.code(),
            referred,
            through.map(day_number),
            day_number(step.on),
            i64::from(case.unserved())
        ],
    )?;
    if moved != 1 {
        return Err(StoreError::Conflict(format!("objection {number} has moved")));
    }
    let identity = identity_of(case)?;
    STEPS.keep(change, (uscc, number, standing + 1), step, Some(identity))?;
    set_mark(change, (number, standing + 1), (step, case), identity)
}

/// What a step does to a mark that stands since and through these days, if there is one.
#[must_use]
pub fn marking(standing: Option<(Option<i32>, Option<i32>)>, step: &Step, case: &Case) -> Option<Marking> {
    let through_on = case.mark_through();
    let wanted = case.is_marked().then(|| through_on.map(day_number));
    let over = day_number(step.on) - 1;
    let ended = standing.is_some_and(|(_, through)| through.is_some_and(|last| last <= over));
    let same = match (&standing, wanted) {
        (Some((_, through)), Some(wanted)) => *through == wanted,
        (None, None) => true,
        (Some(_), None) => ended,
        (None, Some(_)) => false,
    };
    if same {
        return None;
    }
    if wanted.is_none() {
        return Some(Marking::End);
    }
    let since_on = standing.and_then(|(since, _)| since).and_then(date_of).unwrap_or(step.on);
    let text = if case.filed.matter == Matter::Reply { &case.filed.statement.ground } else { MARKED };
    Some(Marking::Put { since_on, through_on, text: text.to_owned() })
}

/// Puts the mark where the case stands; the stream tells of it only where that changes something beside the record.
fn set_mark(
    change: &mut Change<'_>,
    (number, step_number): (&str, i64),
    (step, case): (&Step, &Case),
    identity: Identity,
) -> Result<()> {
    let (uscc, kind) = (case.filed.uscc.as_str(), case.filed.matter.code());
    let standing = change.connection.first(
        "select since_on, through_on from record_mark
         where uscc = $1 and identity = $2 and kind = $3 and number = $4",
        values![uscc, &identity.0, kind, number],
        |row| Ok((row.opt_small(0)?, row.opt_small(1)?)),
    )?;
    let Some(marking) = marking(standing, step, case) else { return Ok(()) };
    let at = change.connection.first(
        "select at from objection_step where uscc = $1 and number = $2 and step = $3",
        values![uscc, number, step_number],
        |row| row.int(0),
    )?;
    let at = at.ok_or_else(|| StoreError::Inconsistent(format!("objection {number} has no step")))?;
    let key = (uscc.to_owned(), identity);
    match marking {
        Marking::End => mark::end(change, (&key, at), (kind, number), step.on),
        Marking::Put { since_on, through_on, text } => {
            let mark = Mark { kind: kind.to_owned(), number: number.to_owned(), since_on, through_on, text };
            mark::put(change, (&key, at), &mark)
        }
    }
}
