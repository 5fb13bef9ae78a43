//! Packages (数据包): numbered without gaps for each platform and item, with the digest of what was sent and what came of it.

use crate::connection::{Connection, Row};
use crate::{Result, values};

/// A package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Item.
    pub item: String,
    /// Its number.
    pub number: i64,
    /// SHA-256 of its file.
    pub digest: [u8; 32],
    /// Rows in it.
    pub lines: i64,
    /// First day of its period.
    pub from_on: i32,
    /// Last day of its period.
    pub through_on: i32,
    /// Instant.
    pub made_at: i64,
    /// `sent`, `answered` or `lost`.
    pub state: String,
    /// Instant of the answer.
    pub answered_at: Option<i64>,
    /// Rows that were taken.
    pub taken: i64,
    /// Rows that were refused.
    pub refused: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select item, number, digest, lines, from_on, through_on, made_at, state, answered_at, taken, refused
             from platform_package where platform = $1 ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Package> {
    Ok(Package {
        item: row.string(0)?,
        number: row.int(1)?,
        digest: row.array(2)?,
        lines: row.int(3)?,
        from_on: row.opt_small(4)?.unwrap_or_default(),
        through_on: row.opt_small(5)?.unwrap_or_default(),
        made_at: row.int(6)?,
        state: row.string(7)?,
        answered_at: row.opt_int(8)?,
        taken: row.int(9)?,
        refused: row.int(10)?,
    })
}

/// The last package of an item.
///
/// # Errors
/// Whatever the database says.
pub fn last(connection: &mut Connection, platform: &str, item: &str) -> Result<Option<Package>> {
    connection.first(select!("and item = $2 order by number desc limit 1"), values![platform, item], read)
}

/// One package.
///
/// # Errors
/// Whatever the database says.
pub fn find(connection: &mut Connection, platform: &str, item: &str, number: i64) -> Result<Option<Package>> {
    connection.first(select!("and item = $2 and number = $3"), values![platform, item, number], read)
}

/// Packages that wait for an answer, oldest first.
///
/// # Errors
/// Whatever the database says.
pub fn waiting(connection: &mut Connection, platform: &str) -> Result<Vec<Package>> {
    connection.rows(select!("and state = 'sent' order by made_at, item, number"), values![platform], read)
}

/// The newest packages.
///
/// # Errors
/// Whatever the database says.
pub fn newest(connection: &mut Connection, platform: &str, limit: usize) -> Result<Vec<Package>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection.rows(select!("order by made_at desc, item, number desc limit $2"), values![platform, limit], read)
}

/// Enters a package; its number is free, or the whole is refused by the database.
///
/// # Errors
/// Whatever the database says.
pub fn enter(connection: &mut Connection, platform: &str, package: &Package) -> Result<()> {
    connection.execute(
        "insert into platform_package(platform, item, number, digest, lines, from_on, through_on, made_at, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            platform,
            package.item.as_str(),
            package.number,
            &package.digest,
            package.lines,
            package.from_on,
            package.through_on,
            package.made_at,
            package.state.as_str()
        ],
    )?;
    Ok(())
}

/// Notes what came of a package.
///
/// # Errors
/// Whatever the database says.
pub fn settle(connection: &mut Connection, platform: &str, package: &Package) -> Result<()> {
    connection.execute(
        "update platform_package set state = $4, answered_at = $5, taken = $6, refused = $7
         where platform = $1 and item = $2 and number = $3",
        values![
            platform,
            package.item.as_str(),
            package.number,
            package.state.as_str(),
            package.answered_at,
            package.taken,
            package.refused
        ],
    )?;
    Ok(())
}
