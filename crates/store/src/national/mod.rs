//! The national side (国家平台) as it is kept: how far each platform has been given what changed, and where each record stands with
//! it. None of this is an act or a state of the register: it says what is on its way to somebody else, and is worked out anew from
//! what the other side holds. A difference between the copies is another matter ([`difference`]).

pub mod difference;
pub mod package;

use crate::connection::{Connection, Row};
use crate::{Result, StoreError, values};
use credence_domain::national::{Sent, Standing, State, Verb};

/// How far a platform has been given what changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The position read last; -1 before the first.
    pub position: i64,
    /// Ends before this day were read.
    pub told_on: i32,
    /// The items that were public then, between commas.
    pub open_items: String,
}

/// A record and a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformRow {
    /// The organisation; empty for what stands there and was never public here.
    pub uscc: String,
    /// The record's public reference.
    pub reference: [u8; 16],
    /// Item.
    pub item: String,
    /// Where it stands.
    pub standing: Standing,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select uscc, reference, item, wanted, verb, version, package, line, held, tried, answered, code, field
             from platform_row ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<PlatformRow> {
    let sent = match (Verb::from_code(row.text(4)?), row.opt_small(5)?, row.opt_int(6)?, row.opt_int(7)?) {
        (Some(verb), Some(version), Some(package), Some(line)) => Some(Sent { verb, version, package, line }),
        _ => None,
    };
    let code = row.string(11)?;
    let field = row.string(12)?;
    Ok(PlatformRow {
        uscc: row.string(0)?,
        reference: row.array(1)?,
        item: row.string(2)?,
        standing: Standing {
            wanted: row.opt_small(3)?,
            sent,
            held: row.opt_small(8)?,
            tried: row.opt_small(9)?,
            answered: row.opt_small(10)?.unwrap_or_default(),
            refused: (!code.is_empty()).then_some((code, field)),
        },
    })
}

/// How far a platform has been given what changed; none before the first time.
///
/// # Errors
/// Whatever the database says.
pub fn place(connection: &mut Connection, platform: &str) -> Result<Option<Place>> {
    connection.first("select position, told_on, open_items from platform where code = $1", values![platform], |row| {
        Ok(Place { position: row.int(0)?, told_on: row.opt_small(1)?.unwrap_or_default(), open_items: row.string(2)? })
    })
}

/// Moves a platform's place on, from where it stood.
///
/// # Errors
/// [`StoreError::Conflict`] where another process has moved it meanwhile; whatever the database says.
pub fn move_on(connection: &mut Connection, platform: &str, from: Option<&Place>, to: &Place) -> Result<()> {
    let moved = match from {
        None => connection.execute(
            "insert into platform(code, position, told_on, open_items) values ($1, $2, $3, $4) on conflict do nothing",
            values![platform, to.position, to.told_on, to.open_items.as_str()],
        )?,
        Some(from) => connection.execute(
            "update platform set position = $2, told_on = $3, open_items = $4
             where code = $1 and position = $5 and told_on = $6",
            values![platform, to.position, to.told_on, to.open_items.as_str(), from.position, from.told_on],
        )?,
    };
    if moved == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("another process hands over to {platform}"))) }
}

/// Where a record stands with a platform; none where nothing is known of it.
///
/// # Errors
/// Whatever the database says.
pub fn row(connection: &mut Connection, platform: &str, reference: &[u8; 16]) -> Result<Option<PlatformRow>> {
    connection.first(select!("where platform = $1 and reference = $2"), values![platform, reference], read)
}

/// Writes where a record stands; what is over leaves nothing behind.
///
/// # Errors
/// Whatever the database says.
pub fn put(connection: &mut Connection, platform: &str, row: &PlatformRow) -> Result<()> {
    let (uscc, standing) = (row.uscc.as_str(), &row.standing);
    if standing.is_over() {
        connection.execute(
            "delete from platform_row where uscc = $1 and platform = $2 and reference = $3",
            values![uscc, platform, &row.reference],
        )?;
        return Ok(());
    }
    let sent = standing.sent;
    let (code, field) = standing.refused.as_ref().map_or(("", ""), |(code, field)| (code, field));
    connection.execute(
        "insert into platform_row(uscc, platform, reference, item, state, wanted, verb, version, package, line, held, tried,
                                  answered, code, field)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         on conflict(uscc, platform, reference) do update set state = excluded.state, wanted = excluded.wanted,
           verb = excluded.verb, version = excluded.version, package = excluded.package, line = excluded.line,
           held = excluded.held, tried = excluded.tried, answered = excluded.answered, code = excluded.code,
           field = excluded.field",
        values![
            uscc,
            platform,
            &row.reference,
            row.item.as_str(),
            standing.state().code(),
            standing.wanted,
            sent.map_or("", |sent| sent.verb.code()),
            sent.map(|sent| sent.version),
            sent.map(|sent| sent.package),
            sent.map(|sent| sent.line),
            standing.held,
            standing.tried,
            standing.answered,
            code,
            field
        ],
    )?;
    Ok(())
}

/// Rows of an item in a state, behind a reference, in order of references.
///
/// # Errors
/// Whatever the database says.
pub fn in_state(
    connection: &mut Connection,
    (platform, item, state): (&str, &str, State),
    after: Option<&[u8; 16]>,
    limit: usize,
) -> Result<Vec<PlatformRow>> {
    let after = after.map_or(&[] as &[u8], <[u8; 16]>::as_slice);
    connection.rows(
        select!("where platform = $1 and item = $2 and state = $3 and reference > $4 order by reference limit $5"),
        values![platform, item, state.code(), after, i64::try_from(limit).unwrap_or(i64::MAX)],
        read,
    )
}

/// Rows of an item, behind a reference, in order of references: whatever their state.
///
/// # Errors
/// Whatever the database says.
pub fn of_item(
    connection: &mut Connection,
    (platform, item): (&str, &str),
    after: Option<&[u8; 16]>,
    limit: usize,
) -> Result<Vec<PlatformRow>> {
    let after = after.map_or(&[] as &[u8], <[u8; 16]>::as_slice);
    connection.rows(
        select!("where platform = $1 and item = $2 and reference > $3 order by reference limit $4"),
        values![platform, item, after, i64::try_from(limit).unwrap_or(i64::MAX)],
        read,
    )
}

/// The rows that are on their way in a package.
///
/// # Errors
/// Whatever the database says.
pub fn of_package(
    connection: &mut Connection,
    (platform, item, number): (&str, &str, i64),
) -> Result<Vec<PlatformRow>> {
    connection.rows(
        select!("where platform = $1 and item = $2 and package = $3 order by line"),
        values![platform, item, number],
        read,
    )
}

/// Where the rows of an organisation stand, with every platform.
///
/// # Errors
/// Whatever the database says.
pub fn of_organisation(connection: &mut Connection, uscc: &str) -> Result<Vec<(String, PlatformRow)>> {
    connection.rows(
        "select uscc, reference, item, wanted, verb, version, package, line, held, tried, answered, code, field, platform
         from platform_row where uscc = $1 order by platform, reference",
        values![uscc],
        |row| Ok((row.string(13)?, read(row)?)),
    )
}

/// How many rows of an item stand in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Item.
    pub item: String,
    /// In each state, in the order of [`State::ALL`].
    pub states: [i64; 4],
    /// Known to stand there.
    pub held: i64,
}

/// How the rows of a platform stand, item by item.
///
/// # Errors
/// Whatever the database says; [`StoreError::Inconsistent`] for a row in no known state.
pub fn tallies(connection: &mut Connection, platform: &str) -> Result<Vec<Tally>> {
    let rows = connection.rows(
        "select item, state, count(*), count(held) from platform_row where platform = $1 group by item, state order by item",
        values![platform],
        |row| Ok((row.string(0)?, row.string(1)?, row.int(2)?, row.int(3)?)),
    )?;
    let mut tallies: Vec<Tally> = Vec::new();
    for (item, state, count, held) in rows {
        let at = State::ALL.iter().position(|one| one.code() == state);
        let at = at.ok_or_else(|| StoreError::Inconsistent(format!("a row of {platform} stands in no state")))?;
        if tallies.last().is_none_or(|last| last.item != item) {
            tallies.push(Tally { item, states: [0; 4], held: 0 });
        }
        if let Some(last) = tallies.last_mut() {
            last.held += held;
            if let Some(of) = last.states.get_mut(at) {
                *of = count;
            }
        }
    }
    Ok(tallies)
}

/// A day's count of what a platform holds, beside ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Item.
    pub item: String,
    /// The day.
    pub counted_on: i32,
    /// As the platform says.
    pub theirs: i64,
    /// As is known here.
    pub ours: i64,
}

/// Notes a count; a second one of the day stands in the place of the first.
///
/// # Errors
/// Whatever the database says.
pub fn count(connection: &mut Connection, platform: &str, count: &Count, now: i64) -> Result<()> {
    connection.execute(
        "insert into platform_count(platform, item, counted_on, theirs, ours, told_at) values ($1, $2, $3, $4, $5, $6)
         on conflict(platform, item, counted_on) do update set theirs = excluded.theirs, ours = excluded.ours,
           told_at = excluded.told_at",
        values![platform, count.item.as_str(), count.counted_on, count.theirs, count.ours, now],
    )?;
    Ok(())
}

/// The last count of each item.
///
/// # Errors
/// Whatever the database says.
pub fn counts(connection: &mut Connection, platform: &str) -> Result<Vec<Count>> {
    connection.rows(
        "select c.item, c.counted_on, c.theirs, c.ours from platform_count c where c.platform = $1 and c.counted_on =
           (select max(d.counted_on) from platform_count d where d.platform = c.platform and d.item = c.item)
         order by c.item",
        values![platform],
        |row| {
            Ok(Count {
                item: row.string(0)?,
                counted_on: row.opt_small(1)?.unwrap_or_default(),
                theirs: row.int(2)?,
                ours: row.int(3)?,
            })
        },
    )
}

/// How many records of an item are known to stand with a platform.
///
/// # Errors
/// Whatever the database says.
pub fn held(connection: &mut Connection, platform: &str, item: &str) -> Result<i64> {
    let held = connection.first(
        "select count(held) from platform_row where platform = $1 and item = $2",
        values![platform, item],
        |row| row.int(0),
    )?;
    Ok(held.unwrap_or_default())
}
