//! Differences (差异) between a platform's copy and ours: found in an act, settled in another, by a person.

use crate::change::Change;
use crate::connection::{Connection, Row};
use crate::{Result, StoreError, values};
use credence_domain::national::Difference;

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The organisation.
    pub uscc: String,
    /// The platform.
    pub platform: String,
    /// The record's public reference.
    pub reference: [u8; 16],
    /// How the copies differ.
    pub kind: Difference,
    /// Last public day there, where it says one.
    pub theirs_through_on: Option<i32>,
    /// The day on which it was found.
    pub found_on: i32,
    /// The day on which it was settled.
    pub settled_on: Option<i32>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select uscc, platform, reference, kind, theirs_through_on, found_on, settled_on from platform_difference ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Kept> {
    let kind = Difference::from_code(row.text(3)?);
    Ok(Kept {
        uscc: row.string(0)?,
        platform: row.string(1)?,
        reference: row.array(2)?,
        kind: kind.ok_or_else(|| StoreError::Inconsistent("a difference of no known kind".to_owned()))?,
        theirs_through_on: row.opt_small(4)?,
        found_on: row.opt_small(5)?.unwrap_or_default(),
        settled_on: row.opt_small(6)?,
    })
}

/// The open difference of a record with a platform.
///
/// # Errors
/// Whatever the database says.
pub fn open(connection: &mut Connection, platform: &str, reference: &[u8; 16]) -> Result<Option<Kept>> {
    connection.first(
        select!("where platform = $1 and reference = $2 and settled_on is null"),
        values![platform, reference],
        read,
    )
}

/// Whether a record has ended on some platform, and nobody has settled that.
///
/// # Errors
/// Whatever the database says.
pub fn has_ended_there(connection: &mut Connection, uscc: &str, reference: &[u8; 16]) -> Result<bool> {
    let found = connection.first(
        "select 1 from platform_difference where uscc = $1 and reference = $2 and kind = $3 and settled_on is null limit 1",
        values![uscc, reference, Difference::EndedThere.code()],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

/// The open differences with a platform, oldest first.
///
/// # Errors
/// Whatever the database says.
pub fn all_open(connection: &mut Connection, platform: &str, limit: usize) -> Result<Vec<Kept>> {
    connection.rows(
        select!("where platform = $1 and settled_on is null order by found_on, uscc, reference limit $2"),
        values![platform, i64::try_from(limit).unwrap_or(i64::MAX)],
        read,
    )
}

/// A difference with the act that found it and the act that settled it, for audit.
pub type WithActs = (Kept, [u8; 16], Option<[u8; 16]>);

/// Every difference that was ever found.
///
/// # Errors
/// Whatever the database says.
pub fn all(connection: &mut Connection) -> Result<Vec<WithActs>> {
    connection.rows(
        "select uscc, platform, reference, kind, theirs_through_on, found_on, settled_on, act, settled_act
         from platform_difference order by uscc, platform, reference, found_on",
        &[],
        |row| {
            let settled = row.opt_blob(8)?.map(<[u8; 16]>::try_from).transpose();
            let settled =
                settled.map_err(|_| StoreError::Inconsistent("a difference is settled by no act".to_owned()))?;
            Ok((read(row)?, row.array(7)?, settled))
        },
    )
}

/// Notes a difference in the act that finds it.
///
/// # Errors
/// Whatever the database says; a record has one open difference with a platform.
pub fn enter(change: &mut Change<'_>, kept: &Kept) -> Result<()> {
    let act = change.id;
    change.connection.execute(
        "insert into platform_difference(uscc, platform, reference, kind, theirs_through_on, found_on, act)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict(uscc, platform, reference, kind, found_on) do update set settled_on = null, settled_act = null,
           theirs_through_on = excluded.theirs_through_on, act = excluded.act",
        values![
            kept.uscc.as_str(),
            kept.platform.as_str(),
            &kept.reference,
            kept.kind.code(),
            kept.theirs_through_on,
            kept.found_on,
            &act
        ],
    )?;
    Ok(())
}

/// Settles a difference in the act that does so.
///
/// # Errors
/// [`StoreError::Conflict`] where somebody else has settled it meanwhile.
pub fn settle(change: &mut Change<'_>, kept: &Kept, on: i32) -> Result<()> {
    let act = change.id;
    let settled = change.connection.execute(
        "update platform_difference set settled_on = $3, settled_act = $4
         where platform = $1 and reference = $2 and settled_on is null",
        values![kept.platform.as_str(), &kept.reference, on, &act],
    )?;
    if settled == 1 { Ok(()) } else { Err(StoreError::Conflict("the difference is settled".to_owned())) }
}
