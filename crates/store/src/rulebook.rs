//! Editions of the rulebook: enacted by an act, their canonical bytes kept by digest for ever. In force is the one enacted last,
//! so an office goes back to an earlier edition by enacting it again.

use crate::act::Draft;
use crate::change::{Change, Writer};
use crate::connection::Connection;
use crate::{Result, StoreError, values};
use credence_domain::canonical::hex;
use jiff::civil::Date;
use serde_json::Map;

/// The edition in force: digest and canonical bytes of the one enacted last.
///
/// # Errors
/// [`StoreError::Inconsistent`] when its bytes are not there.
pub fn in_force(connection: &mut Connection) -> Result<Option<([u8; 32], Vec<u8>)>> {
    connection.first(
        "select e.digest, r.body from rulebook_enactment e left join rulebook r on r.digest = e.digest
         order by e.number desc limit 1",
        &[],
        |row| {
            let digest = row.array(0)?;
            let gone = || StoreError::Inconsistent(format!("edition {} is in force and not kept", hex(&digest)));
            Ok((digest, row.opt_blob(1)?.ok_or_else(gone)?.to_vec()))
        },
    )
}

/// The digest of the edition in force.
///
/// # Errors
/// Whatever the database says.
pub fn digest_in_force(connection: &mut Connection) -> Result<Option<[u8; 32]>> {
    connection.first("select digest from rulebook_enactment order by number desc limit 1", &[], |row| row.array(0))
}

/// One enactment of an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enactment {
    /// Its number among all of them, from 1.
    pub number: i64,
    /// The edition.
    pub digest: [u8; 32],
    /// The instant, in microseconds.
    pub at: i64,
    /// The act.
    pub act: [u8; 16],
}

/// Every enactment in its order. The last one is in force.
///
/// # Errors
/// Whatever the database says.
pub fn enactments(connection: &mut Connection) -> Result<Vec<Enactment>> {
    connection.rows("select number, digest, enacted_at, act from rulebook_enactment order by number", &[], |row| {
        Ok(Enactment { number: row.int(0)?, digest: row.array(1)?, at: row.int(2)?, act: row.array(3)? })
    })
}

/// The canonical bytes of an edition ever enacted.
///
/// # Errors
/// Whatever the database says.
pub fn by_digest(connection: &mut Connection, digest: &[u8; 32]) -> Result<Option<Vec<u8>>> {
    connection.first("select body from rulebook where digest = $1", values![digest], |row| Ok(row.blob(0)?.to_vec()))
}

/// How an edition was enacted last: the act and the instant in microseconds; `None` when it never was.
///
/// # Errors
/// Whatever the database says.
pub fn enactment(connection: &mut Connection, digest: &[u8; 32]) -> Result<Option<([u8; 16], i64)>> {
    connection.first(
        "select act, enacted_at from rulebook_enactment where digest = $1 order by number desc limit 1",
        values![digest],
        |row| Ok((row.array(0)?, row.int(1)?)),
    )
}

/// Digests of every edition, in the order of their first enactment, with the instants.
///
/// # Errors
/// Whatever the database says.
pub fn editions(connection: &mut Connection) -> Result<Vec<([u8; 32], i64)>> {
    connection.rows("select digest, enacted_at from rulebook order by enacted_at, digest", &[], |row| {
        Ok((row.array(0)?, row.int(1)?))
    })
}

/// An edition as it is kept: digest, instant and act of its first enactment.
pub type KeptEdition = ([u8; 32], i64, [u8; 16]);

/// Every edition with the instant and the act of its first enactment, as they are kept with it.
///
/// # Errors
/// Whatever the database says.
pub fn kept(connection: &mut Connection) -> Result<Vec<KeptEdition>> {
    connection.rows("select digest, enacted_at, act from rulebook order by enacted_at, digest", &[], |row| {
        Ok((row.array(0)?, row.int(1)?, row.array(2)?))
    })
}

/// Keeps the bytes of an edition that waits for a second person, under the proposal that names its digest.
///
/// # Errors
/// Whatever the database says.
pub fn keep_proposed(change: &mut Change<'_>, proposal: &str, digest: &[u8; 32], body: &[u8]) -> Result<()> {
    change.connection.execute(
        "insert into rulebook_proposed(digest, proposal, body) values ($1, $2, $3)",
        values![digest, proposal, body],
    )?;
    Ok(())
}

/// Gives up the bytes that waited with a proposal: it was answered.
///
/// # Errors
/// Whatever the database says.
pub fn drop_proposed(change: &mut Change<'_>, proposal: &str) -> Result<()> {
    change.connection.execute("delete from rulebook_proposed where proposal = $1", values![proposal])?;
    Ok(())
}

/// The editions that wait for a second person, in order of digests: digest, number of the proposal.
///
/// # Errors
/// Whatever the database says.
pub fn proposed(connection: &mut Connection) -> Result<Vec<([u8; 32], String)>> {
    connection.rows("select digest, proposal from rulebook_proposed order by digest", &[], |row| {
        Ok((row.array(0)?, row.string(1)?))
    })
}

/// The bytes of an edition that waits.
///
/// # Errors
/// Whatever the database says.
pub fn proposed_body(connection: &mut Connection, digest: &[u8; 32]) -> Result<Option<Vec<u8>>> {
    let sql = "select body from rulebook_proposed where digest = $1";
    connection.first(sql, values![digest], |row| Ok(row.blob(0)?.to_vec()))
}

/// What an enactment did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enacted {
    /// The edition is in force for the first time.
    New,
    /// It had been enacted before and is in force again.
    Again,
    /// It is in force as it was: nothing was written.
    Standing,
}

/// Enacts an edition: it is in force from now on, also where another was enacted since. Enacting the one that is in force
/// writes nothing.
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
) -> Result<Enacted> {
    if digest_in_force(&mut writer.connection)? == Some(*digest) {
        return Ok(Enacted::Standing);
    }
    let done = if by_digest(&mut writer.connection, digest)?.is_some() { Enacted::Again } else { Enacted::New };
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
        if done == Enacted::New {
            change.connection.execute(
                "insert into rulebook(digest, enacted_at, act, body) values ($1, $2, $3, $4)",
                values![digest, change.now, &change.id, body],
            )?;
        }
        // Two that meet take the same number: the second begins again.
        let last = change.connection.first("select max(number) from rulebook_enactment", &[], |row| row.opt_int(0))?;
        let number = last.flatten().unwrap_or_default() + 1;
        change.connection.execute(
            "insert into rulebook_enactment(number, digest, enacted_at, act) values ($1, $2, $3, $4)",
            values![number, digest, change.now, &change.id],
        )?;
        Ok(())
    })?;
    Ok(done)
}
