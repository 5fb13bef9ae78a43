//! Honest counters: what is public on a day, by item, and how many organisations are on file.
//!
//! Kept as differences a day: +1 on the first public day, −1 on the day after the last, so that a counter is right on
//! every day without a job and without a look at `record` (docs/design/0003-counters.md). An act writes what it changed as
//! one row of its own; the sequencer folds these rows into the days. Readers add the days up to theirs and the few rows
//! that are not folded yet. `verify` counts the records again.
//!
//! Whoever changes a record's state or public days calls [`moved`]; there is no other way to change a counter.

use crate::change::Change;
use crate::connection::Connection;
use crate::scope::View;
use crate::{Result, StoreError, audit, bulk, values};
use std::collections::BTreeMap;

/// Differences by what is counted and day number.
pub type Differences = BTreeMap<String, BTreeMap<i32, i64>>;

/// Organisations whose registration has arrived.
pub const REGISTERED: &str = "organisation.registered";
/// Organisations that only a record names so far (未登记).
pub const UNREGISTERED: &str = "organisation.unregistered";
/// Organisations are counted from the first of all days.
const ALWAYS: i32 = 0;
/// Pending rows folded in one transaction.
const AT_ONCE: i64 = 10_000;

/// A record's state and public days as they are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publicity<'a> {
    /// Stored state.
    pub state: &'a str,
    /// First public day.
    pub from_on: Option<i32>,
    /// Last public day.
    pub through_on: Option<i32>,
}

/// A record came, changed its state or its public days, or went: every path that does so calls this, in its transaction.
/// `before` is none for a new record.
pub fn moved(change: &mut Change<'_>, item: &str, before: Option<Publicity<'_>>, after: Publicity<'_>) {
    if before != Some(after) {
        before.into_iter().for_each(|publicity| add_span(&mut change.counts, item, publicity, -1));
        add_span(&mut change.counts, item, after, 1);
    }
}

/// An organisation came onto file, or its registration arrived.
pub(crate) fn entered(change: &mut Change<'_>, was_registered: Option<bool>, registered: bool) {
    let counted = |registered| if registered { REGISTERED } else { UNREGISTERED };
    if was_registered != Some(registered) {
        if let Some(was) = was_registered {
            add(&mut change.counts, counted(was), ALWAYS, -1);
        }
        add(&mut change.counts, counted(registered), ALWAYS, 1);
    }
}

fn add_span(counts: &mut Differences, item: &str, publicity: Publicity<'_>, sign: i64) {
    let Publicity { state: "accepted", from_on: Some(from), through_on } = publicity else { return };
    match through_on {
        // Never public: its end lies before its beginning.
        Some(through) if through < from => {}
        Some(through) => {
            add(counts, item, from, sign);
            add(counts, item, through.saturating_add(1), -sign);
        }
        None => add(counts, item, from, sign),
    }
}

fn add(counts: &mut Differences, counted: &str, day: i32, difference: i64) {
    if !counts.contains_key(counted) {
        counts.insert(counted.to_owned(), BTreeMap::new());
    }
    if let Some(days) = counts.get_mut(counted) {
        *days.entry(day).or_default() += difference;
    }
}

/// What an act leaves of its differences to the sequencer; nothing where it changes no counter.
pub(crate) fn left(mut counts: Differences) -> Result<Option<String>> {
    for days in counts.values_mut() {
        days.retain(|_, difference| *difference != 0);
    }
    counts.retain(|_, days| !days.is_empty());
    if counts.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(&counts).map(Some).map_err(|error| StoreError::Inconsistent(error.to_string()))
}

/// Folds what acts have left into the days: the sequencer's work, inside its transaction.
pub(crate) fn fold(connection: &mut Connection) -> Result<()> {
    let mut counts = Differences::new();
    let left = connection.rows("select id, differences from count_pending limit $1", values![AT_ONCE], |row| {
        add_text(&mut counts, row.text(1)?)?;
        row.array::<16>(0)
    })?;
    let rows: Vec<(&str, i32, i64)> = counts
        .iter()
        .flat_map(|(counted, days)| days.iter().map(move |(day, n)| (counted.as_str(), *day, *n)))
        .filter(|(_, _, difference)| *difference != 0)
        .collect();
    bulk::add_counts(connection, &rows)?;
    if let Connection::Postgres(pg) = connection {
        let acts: Vec<&[u8]> = left.iter().map(<[u8; 16]>::as_slice).collect();
        let delete = pg.statement("delete from count_pending where id = any($1::bytea[])")?;
        pg.client().execute(&delete, &[&acts])?;
        return Ok(());
    }
    for act in &left {
        connection.execute("delete from count_pending where id = $1", values![act])?;
    }
    Ok(())
}

fn add_text(counts: &mut Differences, text: &str) -> Result<()> {
    let found: Differences = serde_json::from_str(text)
        .map_err(|error| StoreError::Inconsistent(format!("pending counters cannot be read: {error}")))?;
    for (counted, days) in found {
        for (day, difference) in days {
            add(counts, &counted, day, difference);
        }
    }
    Ok(())
}

/// Sums up to a day, by what is counted.
fn sums(connection: &mut Connection, day: i32) -> Result<BTreeMap<String, i64>> {
    // One snapshot: what is being folded is neither missed nor counted twice.
    audit::snapshot(connection, |connection| {
        let mut sums: BTreeMap<String, i64> = connection
            .rows(
                "select counted, sum(difference) from count_day where day <= $1 group by counted",
                values![day],
                |row| Ok((row.string(0)?, row.int(1)?)),
            )?
            .into_iter()
            .collect();
        for (counted, days) in pending(connection)? {
            *sums.entry(counted).or_default() += days.range(..=day).map(|(_, difference)| difference).sum::<i64>();
        }
        Ok(sums)
    })
}

fn pending(connection: &mut Connection) -> Result<Differences> {
    let mut counts = Differences::new();
    connection
        .each("select differences from count_pending", &[], |row| add_text(&mut counts, row.text(0)?))
        .map(|()| counts)
}

/// Organisations on file: registered and not.
///
/// # Errors
/// Whatever the database says.
pub fn organisations(connection: &mut Connection) -> Result<(u64, u64)> {
    let sums = sums(connection, ALWAYS)?;
    let count = |counted| sums.get(counted).copied().unwrap_or_default().max(0).unsigned_abs();
    Ok((count(REGISTERED), count(UNREGISTERED)))
}

/// Records public on the view's day, by item, in order of the items' codes.
///
/// # Errors
/// Whatever the database says.
pub fn public_records(connection: &mut Connection, view: &View) -> Result<Vec<(String, u64)>> {
    let sums = sums(connection, view.day())?;
    let items = sums.into_iter().filter(|(counted, count)| !counted.contains('.') && *count > 0);
    Ok(items.map(|(item, count)| (item, count.unsigned_abs())).collect())
}

/// Every difference that the counters hold, folded or not, without zeros: for verification, inside its snapshot.
///
/// # Errors
/// Whatever the database says.
pub fn stored(connection: &mut Connection) -> Result<BTreeMap<(String, i32), i64>> {
    let mut counts = pending(connection)?;
    connection.each("select counted, day, difference from count_day", &[], |row| {
        add(&mut counts, row.text(0)?, row.opt_small(1)?.unwrap_or_default(), row.int(2)?);
        Ok(())
    })?;
    let flat = counts.into_iter().flat_map(|(counted, days)| {
        days.into_iter().map(move |(day, difference)| ((counted.clone(), day), difference))
    });
    Ok(flat.filter(|(_, difference)| *difference != 0).collect())
}

/// The same, counted again from records and organisations.
///
/// # Errors
/// Whatever the database says.
pub fn recounted(connection: &mut Connection) -> Result<BTreeMap<(String, i32), i64>> {
    let found = connection.rows(
        "select counted, day, sum(difference) from (
           select item as counted, from_on as day, 1 as difference from record
           where state = 'accepted' and from_on is not null and (through_on is null or through_on >= from_on)
           union all
           select item, through_on + 1, -1 from record
           where state = 'accepted' and from_on is not null and through_on >= from_on
           union all
           select case registered when 1 then 'organisation.registered' else 'organisation.unregistered' end, 0, 1
           from subject where seq > 0) as found
         group by counted, day having sum(difference) <> 0",
        &[],
        |row| Ok(((row.string(0)?, row.opt_small(1)?.unwrap_or_default()), row.int(2)?)),
    )?;
    Ok(found.into_iter().collect())
}
