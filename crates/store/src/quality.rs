//! What the quality of a department's data is counted from: its batches, its records with their clocks, name conflicts.
//! Counting is `domain::quality`.

use crate::body::Unpacker;
use crate::connection::Connection;
use crate::scope::View;
use crate::{Result, values};
use credence_domain::record::value::day_number;
use jiff::civil::Date;

/// Rows of a department's batches of one item that were received in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The department.
    pub source: String,
    /// Item.
    pub item: String,
    /// Rows read.
    pub read: u64,
    /// Rows refused.
    pub rejected: u64,
    /// Rows taken whose publicity waits.
    pub held: u64,
}

/// Rows received between two days, both included, by department and item.
///
/// # Errors
/// Whatever the database says.
pub fn rows(connection: &mut Connection, first: Date, last: Date) -> Result<Vec<Rows>> {
    connection.rows(
        "select source, item, cast(sum(read) as bigint), cast(sum(rejected) as bigint), cast(sum(held) as bigint)
         from batch where received_on >= $1 and received_on <= $2 group by source, item order by source, item",
        values![day_number(first), day_number(last)],
        |row| {
            Ok(Rows {
                source: row.string(0)?,
                item: row.string(1)?,
                read: row.int(2)?.unsigned_abs(),
                rejected: row.int(3)?.unsigned_abs(),
                held: row.int(4)?.unsigned_abs(),
            })
        },
    )
}

/// The last day, not after this one, on which a batch was received.
///
/// # Errors
/// Whatever the database says.
pub fn latest(connection: &mut Connection, today: Date) -> Result<Option<i32>> {
    let latest = connection.first(
        "select max(received_on) from batch where received_on <= $1",
        values![day_number(today)],
        |row| row.opt_small(0),
    )?;
    Ok(latest.flatten())
}

/// A record with its clocks and notes.
#[derive(Clone, Debug)]
pub struct Clocked {
    /// The department that owns it.
    pub source: String,
    /// Item.
    pub item: String,
    /// Stored state.
    pub state: String,
    /// Earliest deadline.
    pub due_on: Option<i32>,
    /// Legal deadline.
    pub due_by_law_on: Option<i32>,
    /// Beyond the published calendar.
    pub due_provisional: bool,
    /// First day on which it was ever public.
    pub published_on: Option<i32>,
    /// Notes as JSON; empty where there are none, or the content is gone.
    pub notes: String,
}

/// Hands on the records decided between two days, both included. The public counts what has not ended: an ended record
/// leaves no count either.
///
/// # Errors
/// Whatever the database or `look` says.
pub fn each_record(
    connection: &mut Connection,
    view: &View,
    first: Date,
    last: Date,
    mut look: impl FnMut(Clocked) -> Result<()>,
) -> Result<()> {
    let mut unpacker = Unpacker::new()?;
    connection.each(
        concat!(
            "select r.source, r.item, r.state, r.due_on, r.due_by_law_on, r.due_provisional, r.published_on, c.body
             from record r left join record_content c on c.at = r.at and c.uscc = r.uscc
             where r.decided_on >= $1 and r.decided_on <= $2
               and ($3 = 1 or (r.state in ('accepted', 'held') and (r.through_on is null or r.through_on >= $4)) or ",
            theirs!("$3", "$4", "$5", "$6"),
            ")"
        ),
        values![day_number(first), day_number(last), view.kind(), view.day(), view.words(), view.areas()],
        |row| {
            let body = row.opt_blob(7)?.and_then(|packed| unpacker.unpack(packed).ok());
            look(Clocked {
                source: row.string(0)?,
                item: row.string(1)?,
                state: row.string(2)?,
                due_on: row.opt_small(3)?,
                due_by_law_on: row.opt_small(4)?,
                due_provisional: row.int(5)? != 0,
                published_on: row.opt_small(6)?,
                notes: body.map_or_else(String::new, |body| body.notes),
            })
        },
    )
}

/// Open name conflicts by the department that sent the other name.
///
/// # Errors
/// Whatever the database says.
pub fn name_conflicts(connection: &mut Connection) -> Result<Vec<(String, u64)>> {
    connection.rows(
        "select source, count(*) from name_conflict where resolved = '' group by source order by source",
        &[],
        |row| Ok((row.string(0)?, row.int(1)?.unsigned_abs())),
    )
}

/// A record that waits for a person and must be public.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The organisation.
    pub uscc: String,
    /// Public reference.
    pub reference: [u8; 16],
    /// Item.
    pub item: String,
    /// The department that owns it.
    pub source: String,
    /// Why it waits.
    pub hold: String,
    /// Day of decision.
    pub decided_on: i32,
    /// Earliest deadline.
    pub due_on: i32,
    /// Legal deadline.
    pub due_by_law_on: Option<i32>,
    /// Beyond the published calendar.
    pub due_provisional: bool,
}

/// Held records whose earliest deadline is on or before a day, as far as the view may see them, the most urgent first: of
/// one department, or of all.
///
/// # Errors
/// Whatever the database says.
pub fn waiting(connection: &mut Connection, view: &View, source: Option<&str>, due_by: Date) -> Result<Vec<Waiting>> {
    connection.rows(
        concat!(
            "select r.uscc, r.reference, r.item, r.source, r.hold, r.decided_on, r.due_on, r.due_by_law_on,
                    r.due_provisional from record r
             where r.state = 'held' and r.published_on is null and r.due_on <= $1 and ($2 = '' or r.source = $2) and ",
            visible!("$3", "$4", "$5", "$6", "$7"),
            " order by r.due_on, r.uscc, r.identity"
        ),
        values![
            day_number(due_by),
            source.unwrap_or_default(),
            view.kind(),
            view.begun_by(),
            view.lasts_to(),
            view.words(),
            view.areas()
        ],
        |row| {
            Ok(Waiting {
                uscc: row.string(0)?,
                reference: row.array(1)?,
                item: row.string(2)?,
                source: row.string(3)?,
                hold: row.string(4)?,
                decided_on: row.opt_small(5)?.unwrap_or_default(),
                due_on: row.opt_small(6)?.unwrap_or_default(),
                due_by_law_on: row.opt_small(7)?,
                due_provisional: row.int(8)? != 0,
            })
        },
    )
}
