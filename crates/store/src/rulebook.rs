//! Editions of the rulebook: enacted by an act, their canonical bytes kept by digest for ever.

use crate::act::Draft;
use crate::change::Writer;
use crate::connection::Connection;
use crate::{Result, values};
use credence_domain::canonical::hex;
use jiff::civil::Date;
use serde_json::Map;

/// The edition in force: digest and canonical bytes of the one enacted last.
///
/// # Errors
/// Whatever the database says.
pub fn in_force(connection: &mut Connection) -> Result<Option<([u8; 32], Vec<u8>)>> {
    connection.first("select digest, body from rulebook order by enacted_at desc, digest limit 1", &[], |row| {
        Ok((row.array(0)?, row.blob(1)?.to_vec()))
    })
}

/// The digest of the edition in force.
///
/// # Errors
/// Whatever the database says.
pub fn digest_in_force(connection: &mut Connection) -> Result<Option<[u8; 32]>> {
    connection.first("select digest from rulebook order by enacted_at desc, digest limit 1", &[], |row| row.array(0))
}

/// The canonical bytes of an edition ever enacted.
///
/// # Errors
/// Whatever the database says.
pub fn by_digest(connection: &mut Connection, digest: &[u8; 32]) -> Result<Option<Vec<u8>>> {
    connection.first("select body from rulebook where digest = $1", values![digest], |row| Ok(row.blob(0)?.to_vec()))
}

/// How an edition was enacted: the act and the instant in microseconds; `None` when it never was.
///
/// # Errors
/// Whatever the database says.
pub fn enactment(connection: &mut Connection, digest: &[u8; 32]) -> Result<Option<([u8; 16], i64)>> {
    connection.first("select act, enacted_at from rulebook where digest = $1", values![digest], |row| {
        Ok((row.array(0)?, row.int(1)?))
    })
}

/// Digests of every edition, in the order of their enactment, with the instants.
///
/// # Errors
/// Whatever the database says.
pub fn editions(connection: &mut Connection) -> Result<Vec<([u8; 32], i64)>> {
    connection.rows("select digest, enacted_at from rulebook order by enacted_at, digest", &[], |row| {
        Ok((row.array(0)?, row.int(1)?))
    })
}

/// Enacts an edition. Enacting one that is already kept writes nothing.
///
/// # Errors
/// When the acting unit is not in the directory, or the database fails.
pub fn enact(
    writer: &mut Writer,
    digest: &[u8; 32],
    body: &[u8],
    actor: &str,
    second: Option<&str>,
    reason: &str,
    today: Date,
) -> Result<bool> {
    if by_digest(&mut writer.connection, digest)?.is_some() {
        return Ok(false);
    }
    let mut details = Map::new();
    details.insert("enacted".to_owned(), hex(digest).into());
    let draft = Draft {
        kind: "enactment",
        actor: actor.to_owned(),
        second: second.map(str::to_owned),
        purpose: "rulebook",
        basis: "鲁信用办〔2019〕8号 十七".to_owned(),
        reason: reason.to_owned(),
        rulebook: *digest,
        as_of: today,
        batch: None,
        details,
    };
    writer.change(&draft, |change| {
        change.number_under_unit(actor)?;
        change.connection.execute(
            "insert into rulebook(digest, enacted_at, act, body) values ($1, $2, $3, $4)",
            values![digest, change.now, &change.id, body],
        )?;
        Ok(())
    })?;
    Ok(true)
}
