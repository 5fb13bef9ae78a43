//! Repairs (信用修复) as they are kept: each application with its steps, each a numbered and committed change of the organisation's
//! file. Which step may follow which is `domain::repair`; that a record has one open application at a time holds in the database.

use crate::bulk::Found;
use crate::change::Change;
use crate::connection::{Connection, Row};
use crate::incoming::Incoming;
use crate::mark::{self, Mark, Marking};
use crate::revision::RecordKey;
use crate::scope::{Scope, View};
use crate::step::{Committed, Steps, steps};
use crate::{Result, StoreError, values};
use credence_domain::canonical::unhex;
use credence_domain::publicity::Restart;
use credence_domain::record::Identity;
use credence_domain::record::value::{date_of, day_number};
use credence_domain::repair::{Case, Event, Related, State, Step};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};

/// A case without its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The organisation.
    pub uscc: String,
    /// Its number.
    pub number: String,
    /// The record.
    pub identity: Identity,
    /// The unit that decides.
    pub unit: String,
    /// How it came: `account`, `paper`, `national`.
    pub channel: String,
    /// The number under which it is known outside.
    pub reference: String,
    /// Code of where it stands.
    pub state: String,
    /// How many steps it has.
    pub steps: i64,
    /// Last day of the clock that runs; none where nobody has to act.
    pub due_on: Option<Date>,
    /// Day of the application.
    pub opened_on: Date,
    /// Day of the last step.
    pub moved_on: Date,
    /// Whether it shields its record.
    pub shields: bool,
    /// Whether its revocation is proposed, and neither decided nor dropped.
    pub revoking: bool,
    /// Whether the letter of its last decision is still to be served; none for what was decided before services were recorded.
    pub unserved: Option<bool>,
}

/// Kind of the mark beside a record whose repair is open.
pub const MARK: &str = "repair";
/// What it says.
pub const MARKED: &str = "修复办理中";

/// The steps of repairs.
const STEPS: Steps = steps!("repair", "repair_step");

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
            "select uscc, number, identity, unit, channel, reference, state, steps, due_on, opened_on, moved_on, shields, revoking, unserved from repair ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Head> {
    let number = row.string(1)?;
    let impossible = |what: &str| StoreError::Inconsistent(format!("repair {number} {what}"));
    let state = row.string(6)?;
    if !State::CODES.contains(&state.as_str()) {
        return Err(impossible("stands in no state"));
    }
    let day = |at| -> Result<Date> { row.opt_small(at)?.and_then(date_of).ok_or_else(|| impossible("has no day")) };
    Ok(Head {
        uscc: row.string(0)?,
        identity: Identity(row.array(2)?),
        unit: row.string(3)?,
        channel: row.string(4)?,
        reference: row.string(5)?,
        state,
        steps: row.int(7)?,
        due_on: row.opt_small(8)?.and_then(date_of),
        opened_on: day(9)?,
        moved_on: day(10)?,
        shields: row.int(11)? != 0,
        revoking: row.int(12)? != 0,
        unserved: row.opt_int(13)?.map(|flag| flag != 0),
        number,
    })
}

/// What a view sees: the office all; a unit what it decides; an organisation its own; nobody else anything.
fn sees(view: &View, head: &Head) -> bool {
    match &view.scope {
        Scope::Office => true,
        Scope::Unit { uscc, .. } => head.unit == *uscc,
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
        office: concat!(select!(""), "where $1 = ''", behind!("moved_on", "")),
        unit: concat!(select!(""), "where unit = $1", behind!("moved_on", "")),
        organisation: concat!(select!(""), "where uscc = $1", behind!("moved_on", "")),
    };
    crate::page::rows(connection, view, (&LIST, false), asked, read, |head| (head.moved_on, &head.number))
}

/// The open applications with a unit that decides, the revocations that it has to end and the decisions that it has to serve, those that
/// are due first first, at most so many.
///
/// # Errors
/// As [`list`].
pub fn waiting(connection: &mut Connection, unit: &str, limit: u32) -> Result<Vec<Head>> {
    connection.rows(
        select!(
            "where unit = $1 and (state in ('arrived', 'accepted') or revoking = 1 or unserved = 1) order by coalesce(due_on, 2147483647), number limit $2"
        ),
        values![unit, i64::from(limit)],
        read,
    )
}

/// The applications at the window, those that are due first first, at most so many.
///
/// # Errors
/// As [`list`].
pub fn at_the_window(connection: &mut Connection, limit: u32) -> Result<Vec<Head>> {
    connection.rows(
        select!("where state = 'applied' order by coalesce(due_on, 2147483647), number limit $1"),
        values![i64::from(limit)],
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
    Ok(by_number(connection, number)?.filter(|head| sees(view, head)))
}

/// A case by its number, whoever asks: for what everyone may know of it by its number.
///
/// # Errors
/// As [`list`].
pub fn by_number(connection: &mut Connection, number: &str) -> Result<Option<Head>> {
    connection.first(select!("where number = $1"), values![number], read)
}

/// The cases about a record, in the order of their opening; whoever asks.
///
/// # Errors
/// As [`list`].
pub fn about(connection: &mut Connection, uscc: &str, identity: &Identity) -> Result<Vec<Head>> {
    connection.rows(
        select!("where uscc = $1 and identity = $2 order by opened_on, number"),
        values![uscc, &identity.0],
        read,
    )
}

/// The case that shields a record; none where nothing shields it.
///
/// # Errors
/// As [`list`].
pub fn shielding(connection: &mut Connection, uscc: &str, identity: &Identity) -> Result<Option<Head>> {
    connection.first(select!("where uscc = $1 and identity = $2 and shields = 1"), values![uscc, &identity.0], read)
}

/// From when the period of a record counts anew, for a repair of it was revoked; none where none was. The last such day counts.
///
/// # Errors
/// As [`list`].
pub fn restart(connection: &mut Connection, uscc: &str, identity: &Identity) -> Result<Option<Restart>> {
    let found = restarts(connection, (uscc, uscc))?;
    Ok(found.into_iter().rev().find(|((_, of), _)| of == identity).map(|(_, restart)| restart))
}

/// The same of every record of the organisations from one code to another, in order of those days.
///
/// # Errors
/// As [`list`].
pub fn restarts(connection: &mut Connection, (first, last): (&str, &str)) -> Result<Vec<(RecordKey, Restart)>> {
    connection.rows(
        "select uscc, identity, restarted_on, no_early_end, number from repair
         where restarted_on is not null and uscc >= $1 and uscc <= $2
         union all select uscc, identity, restarted_on, no_early_end, number from repair_related
         where restarted_on is not null and uscc >= $1 and uscc <= $2 order by restarted_on, number",
        values![first, last],
        |row| {
            let on = row.opt_small(2)?.and_then(date_of);
            let on = on.ok_or_else(|| StoreError::Inconsistent("a period counts anew from no day".to_owned()))?;
            let restart = Restart { on, no_early_end: row.int(3)? != 0 };
            Ok(((row.string(0)?, Identity(row.array(1)?)), restart))
        },
    )
}

/// Says of each record that was found for a row from when its period counts anew. The rows are sorted by code.
///
/// # Errors
/// As [`list`].
pub(crate) fn count_anew(connection: &mut Connection, rows: &[Incoming], found: &mut [Option<Found>]) -> Result<()> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(()) };
    if found.iter().all(Option::is_none) {
        return Ok(());
    }
    let restarts: HashMap<RecordKey, Restart> =
        restarts(connection, (first.uscc.as_str(), last.uscc.as_str()))?.into_iter().collect();
    if restarts.is_empty() {
        return Ok(());
    }
    for (row, found) in rows.iter().zip(found) {
        if let Some(found) = found {
            found.restart = restarts.get(&(row.uscc.to_string(), row.identity)).copied();
        }
    }
    Ok(())
}

/// The case of a number of the national window.
///
/// # Errors
/// As [`list`].
pub fn national(connection: &mut Connection, reference: &str) -> Result<Option<Head>> {
    connection.first(select!("where channel = 'national' and reference = $1"), values![reference], read)
}

/// The cases with a clock that runs, at most `limit` behind a place (code and number), in order; whoever asks.
///
/// # Errors
/// As [`list`].
pub fn running_after(connection: &mut Connection, (uscc, number): (&str, &str), limit: usize) -> Result<Vec<Head>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection.rows(
        select!("where due_on is not null and (uscc, number) > ($1, $2) order by uscc, number limit $3"),
        values![uscc, number, limit],
        read,
    )
}

/// Every case, in order of code and number: for whoever verifies or counts.
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

/// The steps of an organisation's repairs that were taken when its file had number `seq`, by number; for whoever may see what was.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for a step that cannot be read.
pub fn known_steps(connection: &mut Connection, uscc: &str, seq: i64) -> Result<BTreeMap<String, Vec<Step>>> {
    STEPS.known(connection, uscc, seq)
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

/// Place in the log of the act that took a step, once it has one.
///
/// # Errors
/// Whatever the database says.
pub fn position_of(connection: &mut Connection, head: &Head, step: i64) -> Result<Option<i64>> {
    connection.first(
        "select l.position from repair_step s
         join chunk c on c.uscc = s.uscc and c.no = s.at / 4096
         join log_leaf l on l.act = c.act
         where s.uscc = $1 and s.number = $2 and s.step = $3",
        values![head.uscc.as_str(), head.number.as_str(), step],
        |row| row.int(0),
    )
}

/// Locks an organisation's file and gives the case as it stands now, whoever asks.
///
/// # Errors
/// As [`list`].
pub fn lock(change: &mut Change<'_>, uscc: &str, number: &str) -> Result<Option<Head>> {
    change.connection.execute("update subject set due = 1 where uscc = $1", values![uscc])?;
    change.connection.first(select!("where uscc = $1 and number = $2"), values![uscc, number], read)
}

/// The record of a case.
///
/// # Errors
/// [`StoreError::Inconsistent`] where the case names none.
pub fn identity_of(case: &Case) -> Result<Identity> {
    let bytes = unhex(&case.applied.record).and_then(|bytes| bytes.try_into().ok());
    bytes.map(Identity).ok_or_else(|| StoreError::Inconsistent("a repair names no record".to_owned()))
}

/// Opens a case with its first step, inside the act of the application.
///
/// # Errors
/// Whatever the database says, so where the record has an open application already.
pub fn open(change: &mut Change<'_>, number: &str, step: &Step, case: &Case) -> Result<()> {
    let (applied, identity) = (&case.applied, identity_of(case)?);
    change.connection.execute("update subject set due = 1 where uscc = $1", values![applied.uscc.as_str()])?;
    change.connection.execute(
        "insert into repair(uscc, number, identity, unit, channel, reference, state, steps, due_on, opened_on, moved_on)
         values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $9)",
        values![
            applied.uscc.as_str(),
            number,
            &identity.0,
            applied.unit.as_str(),
            applied.channel.code(),
            applied.channel.reference(),
            case.state.code(),
            case.next_due().map(|due| day_number(due.on)),
            day_number(step.on)
        ],
    )?;
    append(change, (number, 0), step, case)
}

/// Adds a step to a case that stood at `standing` steps, and puts the case where the step leads.
///
/// # Errors
/// [`StoreError::Conflict`] where somebody else has moved the case meanwhile.
pub fn append(change: &mut Change<'_>, (number, standing): (&str, i64), step: &Step, case: &Case) -> Result<()> {
    let uscc = case.applied.uscc.as_str();
    let moved = change.connection.execute(
        "update repair set state = $4, steps = steps + 1, due_on = $5, moved_on = $6, shields = $7, restarted_on = $8, no_early_end = $9, revoking = $10,
             unserved = $11
         where uscc = $1 and number = $2 and steps = $3",
        values![
            uscc,
            number,
            standing,
            case.state.code(),
            case.next_due().map(|due| day_number(due.on)),
            day_number(step.on),
            i64::from(case.shields()),
            case.restart().map(|restart| day_number(restart.on)),
            i64::from(case.restart().is_some_and(|restart| restart.no_early_end)),
            i64::from(case.revoking().is_some()),
            i64::from(case.unserved())
        ],
    )?;
    if moved != 1 {
        return Err(StoreError::Conflict(format!("repair {number} has moved")));
    }
    related(change, number, &step.event, case)?;
    let identity = identity_of(case)?;
    STEPS.keep(change, (uscc, number, standing + 1), step, Some(identity))?;
    mark(change, (&(uscc.to_owned(), identity), number, standing + 1), step, case)
}

/// Keeps which penalties end with a grant, and from when their periods count anew once it is revoked.
fn related(change: &mut Change<'_>, number: &str, event: &Event, case: &Case) -> Result<()> {
    if !matches!(event, Event::Granted { .. } | Event::Revoked { .. }) {
        return Ok(());
    }
    let (uscc, restart) = (case.applied.uscc.as_str(), case.restart());
    for one in case.related() {
        let identity = related_identity(one)?;
        match event {
            Event::Granted { .. } => change.connection.execute(
                "insert into repair_related(uscc, number, identity) values ($1, $2, $3)",
                values![uscc, number, &identity.0],
            )?,
            _ => change.connection.execute(
                "update repair_related set restarted_on = $4, no_early_end = $5 where uscc = $1 and number = $2 and identity = $3",
                values![
                    uscc,
                    number,
                    &identity.0,
                    restart.map(|restart| day_number(restart.on)),
                    i64::from(restart.is_some_and(|restart| restart.no_early_end))
                ],
            )?,
        };
    }
    Ok(())
}

/// The record of a related penalty.
///
/// # Errors
/// [`StoreError::Inconsistent`] where it names none.
pub fn related_identity(one: &Related) -> Result<Identity> {
    let bytes = unhex(&one.record).and_then(|bytes| bytes.try_into().ok());
    bytes.map(Identity).ok_or_else(|| StoreError::Inconsistent("a repair names no related record".to_owned()))
}

/// What stands beside the record of a case.
#[must_use]
pub fn marked(case: &Case) -> String {
    match (&case.state, &case.applied.plan) {
        (State::Shielded { .. }, Some(plan)) => format!("{}执行中", plan.kind.name()),
        _ => MARKED.to_owned(),
    }
}

/// What a step does to the mark: the record is marked while its repair is open (修复办理中; while a plan of a court is carried out,
/// that it is), and no longer.
#[must_use]
pub fn marking(at_step: i64, step: &Step, case: &Case) -> Option<Marking> {
    // Whether it is taken back, or whom its letter has reached, is another question than whether it is open.
    if step.event.is_about_revoking() || step.event.is_about_a_letter() {
        return None;
    }
    let opens = at_step == 1 || matches!(step.event, Event::RemedyRuled { reopens: true, .. });
    let closes = !case.state.is_open() && !matches!(case.state, State::Revoked { was_granted: true, .. });
    let shields = matches!(step.event, Event::Shielded { .. });
    match closes {
        true => Some(Marking::End),
        false => (opens || shields).then(|| Marking::Put { since_on: step.on, through_on: None, text: marked(case) }),
    }
}

/// Puts the mark of a case where its step leads.
fn mark(
    change: &mut Change<'_>,
    (key, number, at_step): (&RecordKey, &str, i64),
    step: &Step,
    case: &Case,
) -> Result<()> {
    let Some(marking) = marking(at_step, step, case) else { return Ok(()) };
    let at = change.connection.first(
        "select at from repair_step where uscc = $1 and number = $2 and step = $3",
        values![key.0.as_str(), number, at_step],
        |row| row.int(0),
    )?;
    let at = at.ok_or_else(|| StoreError::Inconsistent(format!("repair {number} has no step")))?;
    match marking {
        Marking::End => mark::end(change, (key, at), (MARK, number), step.on),
        Marking::Put { since_on, through_on, text } => {
            let mark = Mark { kind: MARK.to_owned(), number: number.to_owned(), since_on, through_on, text };
            mark::put(change, (key, at), &mark)
        }
    }
}

/// Cases of the national window that moved on a day or after: number there, number here, state and day of the last step, in order
/// of their numbers there.
///
/// # Errors
/// Whatever the database says.
pub fn of_national_window(connection: &mut Connection, since: i32) -> Result<Vec<(String, String, String, i32)>> {
    connection.rows(
        "select reference, number, state, moved_on from repair where channel = 'national' and moved_on >= $1 order by reference",
        values![since],
        |row| Ok((row.string(0)?, row.string(1)?, row.string(2)?, row.opt_small(3)?.unwrap_or_default())),
    )
}
