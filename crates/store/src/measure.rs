//! Measures in force (惩戒措施实例) as they are kept: their steps, each a numbered and committed change of the organisation's file,
//! and what each unit has to do. Which step may follow which is `domain::measure`.

use crate::change::Change;
use crate::connection::{Connection, Row};
use crate::scope::{Scope, View};
use crate::step::{Committed, Steps, steps};
use crate::{Result, StoreError, values};
use credence_domain::canonical;
use credence_domain::measure::{Cause, Measure, Standing, Step};
use credence_domain::record::Identity;
use credence_domain::record::value::{date_of, day_number};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// A measure without its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The organisation.
    pub uscc: String,
    /// Its number.
    pub number: String,
    /// Code in the measures list.
    pub measure: String,
    /// First day of the version of the list's item.
    pub edition: Date,
    /// The unit whose decision it is.
    pub unit: String,
    /// Number of the listing, or the record's identity in hex.
    pub cause: String,
    /// Code of where it stands by its steps; its last day ends it besides.
    pub state: String,
    /// How many steps it has.
    pub steps: i64,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub through_on: Date,
    /// Day of the last step.
    pub moved_on: Date,
}

/// The steps of measures.
const STEPS: Steps = steps!("measure", "measure_step");

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
            "select uscc, number, measure, edition, unit, cause, state, steps, from_on, through_on, moved_on from measure ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Head> {
    let number = row.string(1)?;
    let impossible = |what: &str| StoreError::Inconsistent(format!("measure {number} {what}"));
    let state = row.string(6)?;
    if !Standing::CODES.contains(&state.as_str()) {
        return Err(impossible("stands in no state"));
    }
    let day = |at| -> Result<Date> { row.opt_small(at)?.and_then(date_of).ok_or_else(|| impossible("has no day")) };
    Ok(Head {
        uscc: row.string(0)?,
        measure: row.string(2)?,
        edition: day(3)?,
        unit: row.string(4)?,
        cause: row.string(5)?,
        state,
        steps: row.int(7)?,
        from_on: day(8)?,
        through_on: day(9)?,
        moved_on: day(10)?,
        number,
    })
}

/// What a view sees: the office all; a unit what it decided and what it has to do; an organisation its own; nobody else
/// anything.
fn sees(view: &View, head: &Head, tasks: &BTreeSet<String>) -> bool {
    match &view.scope {
        Scope::Office => true,
        Scope::Unit { uscc, .. } => head.unit == *uscc || tasks.contains(&head.number),
        Scope::Organisation { usccs } => usccs.contains(&head.uscc),
        Scope::Public | Scope::Partner { .. } => false,
    }
}

/// Numbers of the measures in which the unit that looks has something to do.
fn tasks_of(connection: &mut Connection, view: &View) -> Result<BTreeSet<String>> {
    let Scope::Unit { uscc, .. } = &view.scope else { return Ok(BTreeSet::new()) };
    let found = connection
        .rows("select number from measure_task where unit = $1", values![uscc.as_str()], |row| row.string(0))?;
    Ok(found.into_iter().collect())
}

/// A page of the measures that a view sees, newest first.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for a row that cannot be.
pub fn list(connection: &mut Connection, view: &View, asked: &crate::page::Asked<'_>) -> Result<Vec<Head>> {
    const LIST: crate::page::Statements = crate::page::Statements {
        office: concat!(select!(""), "where $1 = ''", behind!("moved_on", "")),
        unit: concat!(
            select!(""),
            "where (unit = $1 or number in (select number from measure_task where unit = $1))",
            behind!("moved_on", "")
        ),
        organisation: concat!(select!(""), "where uscc = $1", behind!("moved_on", "")),
    };
    crate::page::rows(connection, view, (&LIST, false), asked, read, |head| (head.moved_on, &head.number))
}

/// The measures that may ask something of a unit on a day, at most so many of each sort: tasks of its own that are not done and
/// not stopped, the longest waiting first, then what it decided itself, the last moved first.
///
/// # Errors
/// As [`list`].
pub fn waiting(connection: &mut Connection, unit: &str, today: Date, limit: u32) -> Result<Vec<Head>> {
    let (today, limit) = (day_number(today), i64::from(limit));
    let mut found = connection.rows(
        select!(
            "where state <> 'ended' and through_on >= $2 and number in
             (select number from measure_task where unit = $1 and state in ('dispatched', 'acknowledged'))
             order by moved_on, number limit $3"
        ),
        values![unit, today, limit],
        read,
    )?;
    found.extend(connection.rows(
        select!(
            "where state = 'ended' and number in
             (select number from measure_task where unit = $1 and state <> 'lifted') order by moved_on, number limit $2"
        ),
        values![unit, limit],
        read,
    )?);
    let own = connection.rows(
        select!("where unit = $1 order by moved_on desc, number limit $2"),
        values![unit, limit],
        read,
    )?;
    let known: BTreeSet<String> = found.iter().map(|head| head.number.clone()).collect();
    found.extend(own.into_iter().filter(|head| !known.contains(&head.number)));
    Ok(found)
}

/// The measures in which a unit has a task that it has not lifted, in order of numbers.
///
/// # Errors
/// As [`list`].
pub fn tasked(connection: &mut Connection, unit: &str) -> Result<Vec<Head>> {
    connection.rows(
        select!(
            "where number in (select number from measure_task where unit = $1 and state <> 'lifted') order by number"
        ),
        values![unit],
        read,
    )
}

/// The measures on an organisation, the last moved first; whoever asks.
///
/// # Errors
/// As [`list`].
pub fn of_organisation(connection: &mut Connection, uscc: &str) -> Result<Vec<Head>> {
    connection.rows(select!("where uscc = $1 order by moved_on desc, number"), values![uscc], read)
}

/// A measure by its number, if the view may see it.
///
/// # Errors
/// As [`list`].
pub fn find(connection: &mut Connection, view: &View, number: &str) -> Result<Option<Head>> {
    let tasks = tasks_of(connection, view)?;
    let found = connection.first(select!("where number = $1"), values![number], read)?;
    Ok(found.filter(|head| sees(view, head, &tasks)))
}

/// The measures that rest on a cause, in order of numbers; whoever asks.
///
/// # Errors
/// As [`list`].
pub fn resting_on(connection: &mut Connection, uscc: &str, cause: &str) -> Result<Vec<Head>> {
    connection.rows(select!("where uscc = $1 and cause = $2 order by number"), values![uscc, cause], read)
}

/// The measures in which a unit has still to do something, at most `limit` behind a place (code and number), in order; whoever asks.
///
/// # Errors
/// As [`list`].
pub fn tasked_after(connection: &mut Connection, (uscc, number): (&str, &str), limit: usize) -> Result<Vec<Head>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection.rows(
        select!(
            "where (uscc, number) > ($1, $2) and exists (select 1 from measure_task t
                 where t.uscc = measure.uscc and t.number = measure.number
                 and case when measure.state = 'ended' then t.state <> 'lifted' else t.state in ('dispatched', 'acknowledged') end)
             order by uscc, number limit $3"
        ),
        values![uscc, number, limit],
        read,
    )
}

/// The steps of measures in which a unit has a task that stand behind one place of the log and not behind another, with their places
/// and the measures' numbers, in order.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for a step that cannot be read.
pub fn tasked_between(
    connection: &mut Connection,
    unit: &str,
    (after, through): (i64, i64),
) -> Result<Vec<(i64, String, Step)>> {
    let found = connection.rows(
        "select l.position, s.number, s.body from measure_task t
         join measure_step s on s.uscc = t.uscc and s.number = t.number
         join chunk c on c.uscc = s.uscc and c.no = s.at / 4096
         join log_leaf l on l.act = c.act
         where t.unit = $1 and l.position > $2 and l.position <= $3
         order by l.position, s.number, s.step",
        values![unit, after, through],
        |row| Ok((row.int(0)?, row.string(1)?, row.string(2)?)),
    )?;
    let damaged = |number: &str| StoreError::Inconsistent(format!("a step of measure {number} is damaged"));
    let step = |(position, number, body): (i64, String, String)| {
        let step = serde_json::from_str(&body).map_err(|_| damaged(&number))?;
        Ok((position, number, step))
    };
    found.into_iter().map(step).collect()
}

/// Every measure: for whoever verifies or counts.
///
/// # Errors
/// As [`list`].
pub fn all(connection: &mut Connection) -> Result<Vec<Head>> {
    connection.rows(select!("order by uscc, number"), &[], read)
}

/// The steps of a measure, in order.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for a step that cannot be read.
pub fn steps(connection: &mut Connection, head: &Head) -> Result<Vec<Step>> {
    STEPS.of(connection, (&head.uscc, &head.number))
}

/// The steps of an organisation's measures that were taken when its file had number `seq`, by number; for whoever may see what was.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for a step that cannot be read.
pub fn known_steps(connection: &mut Connection, uscc: &str, seq: i64) -> Result<BTreeMap<String, Vec<Step>>> {
    STEPS.known(connection, uscc, seq)
}

/// Every step with what commits to it, in order of (code, measure, step): for whoever verifies.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_step(connection: &mut Connection, look: impl FnMut(Committed) -> Result<()>) -> Result<()> {
    STEPS.each(connection, look)
}

/// Every task of a measure as it is kept: number, unit, state.
///
/// # Errors
/// Whatever the database says.
pub fn tasks(connection: &mut Connection) -> Result<BTreeSet<(String, String, String)>> {
    let sql = "select m.number, t.unit, t.state from measure_task t join measure m on m.uscc = t.uscc and m.number = t.number";
    let found = connection.rows(sql, &[], |row| Ok((row.string(0)?, row.string(1)?, row.string(2)?)))?;
    Ok(found.into_iter().collect())
}

/// Every item of the list that a measure may name: code and first day.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for a day that cannot be.
pub fn listed(connection: &mut Connection) -> Result<BTreeSet<(String, Date)>> {
    let damaged = || StoreError::Inconsistent("an item of the measures list has no day".to_owned());
    let found = connection.rows("select measure, edition from listed_measure", &[], |row| {
        Ok((row.string(0)?, row.opt_small(1)?.and_then(date_of).ok_or_else(damaged)?))
    })?;
    Ok(found.into_iter().collect())
}

/// The digests of both halves of a step: nothing of it is public.
#[must_use]
pub fn halves(number: &str, step: i64, body: &str) -> ([u8; 32], [u8; 32]) {
    STEPS.halves(number, step, body)
}

/// Locks an organisation's file and gives the measure as it stands now, whoever asks.
///
/// # Errors
/// As [`list`].
pub fn lock(change: &mut Change<'_>, uscc: &str, number: &str) -> Result<Option<Head>> {
    change.connection.execute("update subject set due = 1 where uscc = $1", values![uscc])?;
    change.connection.first(select!("where uscc = $1 and number = $2"), values![uscc, number], read)
}

/// What a measure rests on, as it is kept.
#[must_use]
pub fn cause_of(measure: &Measure) -> &str {
    match &measure.begun.cause {
        Cause::Listing { number, .. } => number,
        Cause::Decision { record, .. } => record,
    }
}

/// The identity of the record that a measure rests on, where it rests on one.
#[must_use]
pub fn identity_of(measure: &Measure) -> Option<Identity> {
    match &measure.begun.cause {
        Cause::Listing { .. } => None,
        Cause::Decision { record, .. } => {
            canonical::unhex(record).and_then(|bytes| bytes.try_into().ok()).map(Identity)
        }
    }
}

/// Opens a measure with its first step, inside the act that begins it. The item of the list is entered with it: the database
/// takes no measure without one.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] where the organisation has no file.
pub fn open(change: &mut Change<'_>, number: &str, step: &Step, measure: &Measure) -> Result<()> {
    let (begun, edition) = (&measure.begun, day_number(measure.begun.edition));
    change.connection.execute("update subject set due = 1 where uscc = $1", values![begun.uscc.as_str()])?;
    change.connection.execute(
        "insert into listed_measure(measure, edition) values ($1, $2) on conflict do nothing",
        values![begun.measure.as_str(), edition],
    )?;
    let identity = identity_of(measure);
    change.connection.execute(
        "insert into measure(uscc, number, measure, edition, unit, cause, identity, state, steps, from_on, through_on, moved_on)
         values ($1, $2, $3, $4, $5, $6, $7, 'running', 0, $8, $9, $10)",
        values![
            begun.uscc.as_str(),
            number,
            begun.measure.as_str(),
            edition,
            begun.unit.as_str(),
            cause_of(measure),
            identity.as_ref().map(|identity| &identity.0),
            day_number(begun.from_on),
            day_number(begun.through_on),
            day_number(step.on)
        ],
    )?;
    for task in &measure.tasks {
        change.connection.execute(
            "insert into measure_task(uscc, number, unit, state) values ($1, $2, $3, $4) on conflict do nothing",
            values![begun.uscc.as_str(), number, task.unit.as_str(), task.code()],
        )?;
    }
    append(change, (number, 0), step, measure)
}

/// Adds a step to a measure that stood at `standing` steps, and puts the measure and its tasks where the step leads.
///
/// # Errors
/// [`StoreError::Conflict`] where somebody else has moved the measure meanwhile.
pub fn append(change: &mut Change<'_>, (number, standing): (&str, i64), step: &Step, measure: &Measure) -> Result<()> {
    let uscc = measure.begun.uscc.as_str();
    let moved = change.connection.execute(
        "update measure set state = $4, steps = steps + 1, through_on = $5, moved_on = $6
         where uscc = $1 and number = $2 and steps = $3",
        values![uscc, number, standing, measure.standing.code(), day_number(measure.through_on), day_number(step.on)],
    )?;
    if moved != 1 {
        return Err(StoreError::Conflict(format!("measure {number} has moved")));
    }
    if standing > 0 {
        for task in &measure.tasks {
            change.connection.execute(
                "update measure_task set state = $4 where uscc = $1 and number = $2 and unit = $3 and state <> $4",
                values![uscc, number, task.unit.as_str(), task.code()],
            )?;
        }
    }
    STEPS.keep(change, (uscc, number, standing + 1), step, identity_of(measure))
}
